"""`voice-coach analyze RECORDING`, put together: models, sound, progress, what is written."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from voice_coach.conversation import Turn
from voice_coach.errors import UserError
from voice_coach.home import home_dir, read_config
from voice_coach.recordings.analysis import Analysis, analyse
from voice_coach.recordings.batch import Asked, Done, heard_as, run
from voice_coach.recordings.captions import as_vtt
from voice_coach.recordings.hearing import Heard
from voice_coach.recordings.markdown import as_markdown
from voice_coach.recordings.report import as_html
from voice_coach.recordings.rttm import as_rttm
from voice_coach.recordings.showing import as_json as shown_as_json
from voice_coach.recordings.showing import as_text
from voice_coach.recordings.spreadsheet import as_csv
from voice_coach.recordings.summary import PARQUET_FILE, SUMMARY_FILE, need_pyarrow
from voice_coach.recordings.textgrid import as_textgrid
from voice_coach.recordings.transcripts import read_transcript
from voice_coach.recordings.writing import check_outputs, write
from voice_coach.speech.hesitations import MODEL
from voice_coach.speech.models import DEFAULT_MODEL, ensure_model

WRITERS: dict[str, Callable[[Analysis, Heard | None, str], str]] = {
    "rttm": as_rttm,
    "vtt": as_vtt,
    "textgrid": as_textgrid,
    "csv": as_csv,
    "markdown": as_markdown,
}
"""By the name of its option; what needs no sound, so all but ``html``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Who is to be found, and with which speech model. ``names`` and ``voices``: commas between."""

    channels: bool = False
    speakers: int | None = None
    names: str | None = None
    voices: str | None = None
    model: str | None = None

    def asked(self, home: Path) -> Asked:
        """The same, checked and completed. Raises UserError for wishes that exclude each other."""
        if self.channels and self.speakers is not None:
            raise UserError("Give --channels or --speakers N, not both.")
        if self.voices and (self.names or self.channels or self.speakers is not None):
            raise UserError(
                "--voices says who speaks: leave --names, --channels and --speakers out."
            )
        names = _listed(self.names)
        return Asked(
            home=str(home),
            model=self.model or read_config(home).model or DEFAULT_MODEL,
            channels=self.channels,
            speakers=self.speakers,
            names=names,
            voices=_listed(self.voices),
        )


def analyse_recording(
    path: Path, who: Who, *, as_json: bool, line: str | None, **outputs: Path | None
) -> tuple[str, list[str]]:
    """What to print, JSON or text, and what could not be written. Writes the outputs asked for.

    ``outputs``: files by kind, ``html`` or a key of WRITERS. Raises UserError for anything that the
    person can mend, for a wrong output before the work.
    """
    wanted = _wanted(outputs, path)
    asked = who.asked(home_dir())
    if asked.speakers is None and line and not asked.channels:
        asked = replace(asked, speakers=1)
    with _progress() as told, heard_as(path, asked, told=told) as found:
        analysis = analyse(found.utterances, found, line=line)
        faults = _write_all(wanted, analysis, found, path.name)
    if as_json:
        shown = json.dumps(shown_as_json(analysis, path.name, found), ensure_ascii=False, indent=2)
        return shown, faults
    return as_text(analysis, path.name, found), faults


def analyse_transcript(
    path: Path, *, as_json: bool, line: str | None, **outputs: Path | None
) -> tuple[str, list[str]]:
    """The same from words and times alone, less what needs sound."""
    wanted = _wanted(outputs, path)
    if "html" in wanted:
        raise UserError("--html needs the sound of a RECORDING; --markdown does not.")
    transcript = read_transcript(path)
    analysis = analyse(transcript.utterances, line=line, overlaps_void=transcript.overlaps_void)
    faults = _write_all(wanted, analysis, None, path.name)
    if as_json:
        return json.dumps(shown_as_json(analysis, path.name), ensure_ascii=False), faults
    return as_text(analysis, path.name), faults


def check_wanted(**outputs: Path | None) -> None:
    """Raise UserError for outputs that could not be written, before the work."""
    _wanted(outputs, None)


def write_talk(
    turns: Sequence[Turn], name: str, *, overlaps_void: str, **outputs: Path | None
) -> list[str]:
    """Write the outputs of a talk that was heard elsewhere; what could not be written.

    ``outputs``: files by kind, keys of WRITERS. ``overlaps_void``: why it is not told who spoke
    over whom.
    """
    wanted = _wanted(outputs, None)
    if not wanted:
        return []
    return _write_all(wanted, analyse(turns, overlaps_void=overlaps_void), None, name)


def _wanted(outputs: Mapping[str, Path | None], source: Path | None) -> dict[str, Path]:
    wanted = {kind: out for kind, out in outputs.items() if out is not None}
    check_outputs(list(wanted.values()), source)
    return wanted


def _write_all(
    wanted: Mapping[str, Path], analysis: Analysis, heard: Heard | None, name: str
) -> list[str]:
    """What went wrong; one file that cannot be written costs no other."""
    faults = []
    for kind, out in wanted.items():
        try:
            if kind in WRITERS:
                write(out, WRITERS[kind](analysis, heard, name))
            elif heard is not None:
                write(out, as_html(analysis, heard, name))
        except UserError as error:
            faults.append(str(error))
    return faults


def _listed(names: str | None) -> tuple[str, ...]:
    return tuple(each.strip() for each in (names or "").split(",") if each.strip())


def analyse_folder(
    folder: Path,
    out: Path | None,
    who: Who,
    *,
    as_json: bool,
    workers: int | None,
    scheduler: str | None,
    parquet: bool,
) -> tuple[str, bool]:
    """Analyse every recording of a folder into ``out``.

    What to print, and whether none failed. Raises UserError.
    """
    if not folder.is_dir():
        wrong = "is one file: --out goes with a folder" if folder.exists() else "is not there"
        raise UserError(f"'{folder}' {wrong}. Check its name.")
    if out is None:
        raise UserError(f"{folder} is a folder: give --out DIR for what is found in it.")
    if parquet:
        need_pyarrow()
    folder, out, home = folder.resolve(), out.resolve(), home_dir()
    asked = who.asked(home)
    if scheduler is not None:
        asked = replace(asked, home="")
    ensure_model(asked.model, home)  # once, not by every worker at the same time
    ensure_model(MODEL, home)
    console = Console(stderr=True)

    def told(done: Done, number: int, count: int) -> None:
        name = Path(done.recording).relative_to(folder)
        console.print(
            f"{number}/{count}  {name}{f': {done.error}' if done.error else ''}",
            markup=False,
            highlight=False,
        )

    done, count = run(
        folder,
        out,
        asked,
        workers=workers or os.cpu_count() or 2,
        scheduler=scheduler,
        parquet=parquet,
        told=told,
    )
    failed = [each for each in done if each.error]
    if as_json:
        told_all = json.dumps(
            {
                "recordings": count,
                "analysed": len(done) - len(failed),
                "ready_before": count - len(done),
                "failed": [{"recording": each.recording, "error": each.error} for each in failed],
                "summary": str(out / SUMMARY_FILE),
                "parquet": str(out / PARQUET_FILE) if parquet else None,
            },
            ensure_ascii=False,
        )
    else:
        told_all = (
            f"{len(done) - len(failed)} analysed, {len(failed)} failed, {count - len(done)} were "
            f"ready before. Summary: {out / SUMMARY_FILE}"
            f"{f' and {PARQUET_FILE}' if parquet else ''}"
        )
    return told_all, not failed


@contextmanager
def _progress() -> Iterator[Callable[[str, float], None]]:
    """A bar with the time left, on standard error, where a person looks at it."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        tasks: dict[str, TaskID] = {}

        def told(step: str, share: float) -> None:
            if step not in tasks:
                for task in tasks.values():
                    bar.update(task, visible=False)
                tasks[step] = bar.add_task(step.capitalize(), total=1.0)
            bar.update(tasks[step], completed=share)

        yield told
