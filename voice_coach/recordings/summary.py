"""The table for a whole folder: a row for each speaker, one for a recording that failed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from voice_coach.errors import UserError
from voice_coach.recordings.spreadsheet import csv_of
from voice_coach.recordings.writing import write
from voice_coach.scoring.scorecard import FACETS

SUMMARY_FILE = "summary.csv"
PARQUET_FILE = "summary.parquet"
TEXTS = ("recording", "error", "notes", "speaker")
COUNTS = ("turns", "interruptions", "replies")
COLUMNS = (
    "recording", "error", "notes", "duration_s", "turns", "speaker", "share", "speech_s",
    "words_per_min", "articulation_rate_syllables_per_s", "fillers_per_min", "pitch_median_hz",
    "interruptions", "replies", *FACETS,
)  # fmt: skip
"""Texts and counts as named above; the others are numbers, shares and facets from 0 to 1."""

Row = Mapping[str, Any]
"""By column; what is missing or None is not known."""


def write_summary(results: Sequence[Path], out: Path, *, parquet: bool) -> None:
    """Write the table to the folder ``out`` that holds the results. Raises UserError.

    Without ``parquet`` an earlier Parquet file is removed: it would tell of the folder as it was.
    """
    rows = [
        row
        for path in results
        if path.is_file()
        for row in _rows(
            str(path.relative_to(out))[: -len(".json")],
            json.loads(path.read_text(encoding="utf-8")),
        )
    ]
    write(out / SUMMARY_FILE, csv_of(COLUMNS, rows))
    if parquet:
        write(out / PARQUET_FILE, _parquet(rows))
    else:
        (out / PARQUET_FILE).unlink(missing_ok=True)


def need_pyarrow() -> None:
    """Raise UserError where Parquet cannot be written."""
    try:
        import pyarrow as pa  # noqa: F401 - only whether it is there
    except ImportError as error:
        raise UserError(
            "--parquet needs pyarrow. Install it with: pip install 'voice-coach[parquet]'"
        ) from error


def _parquet(rows: Sequence[Row]) -> bytes:
    """The table as a Parquet file, every column typed even where it is empty."""
    import pyarrow as pa
    from pyarrow import parquet

    kinds = {**dict.fromkeys(TEXTS, pa.string()), **dict.fromkeys(COUNTS, pa.int64())}
    types = {name: kinds.get(name, pa.float64()) for name in COLUMNS}
    whole = [{name: row.get(name) for name in COLUMNS} for row in rows]
    table = pa.Table.from_pylist(whole, schema=pa.schema(types))
    written = pa.BufferOutputStream()
    parquet.write_table(table, written)
    return bytes(written.getvalue())


def _rows(name: str, told: dict[str, Any]) -> Iterator[Row]:
    if "error" in told:
        yield {"recording": name, "error": told["error"]}
        return
    whole = {
        "recording": name,
        "notes": " ".join(told["notes"]),
        "duration_s": told["duration_s"],
        "turns": len(told["turns"]),
    }
    if not told["speakers"]:
        yield whole
    cuts = None if told["overlaps_reason"] else told["overlaps"]
    for speaker in told["speakers"]:
        measures = {
            column: speaker["pacing"][column]["value"]
            for column in COLUMNS
            if isinstance(speaker["pacing"].get(column), dict)
        }
        yield {
            **whole,
            **measures,
            **(speaker["listening"]["facets"] or {}),
            "speaker": speaker["name"],
            "share": speaker["share"],
            "speech_s": speaker["speech_s"],
            "replies": speaker["listening"]["replies"],
            "interruptions": None
            if cuts is None
            else sum(
                cut["by"] == speaker["name"] and cut["kind"] == "interruption" for cut in cuts
            ),
        }
