"""CSV that opens in a spreadsheet as what it is: text as text, numbers as numbers.

A cell of text that begins like a formula ("=1+1") would be run by the spreadsheet that opens it; it
gets an apostrophe before it (OWASP, "CSV Injection").
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from voice_coach.conversation import Overlap, Span, Turn, spoken, text_of
from voice_coach.recordings.analysis import Analysis
from voice_coach.recordings.hearing import Heard
from voice_coach.recordings.own import Reply
from voice_coach.scoring.said import printable
from voice_coach.scoring.scorecard import FACETS

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel takes a file of UTF-8 for the system's old alphabet, and “Zoë” for “ZoÃ«”."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
COLUMNS = (
    "turn", "start_s", "end_s", "speaker", "latency_s", "text", "score", "score_reason", "level",
    *FACETS, "moves", "overlaps",
)  # fmt: skip
NOT_TOLD = "not told"
DIGITS = 3


def csv_of(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    """A table with a header; None and what a row lacks are empty cells."""
    text = io.StringIO()
    table = csv.DictWriter(text, columns, lineterminator="\n")
    table.writeheader()
    table.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def as_csv(analysis: Analysis, _heard: Heard | None, _recording: str) -> str:
    """A row for each turn, with what was found in it.

    ``latency_s`` is from the end of the turn before it, negative when early. ``score`` (0 to 100),
    ``level`` and the facets (0 to 1) judge it as an answer to that turn. ``moves`` and ``overlaps``
    hold several, with semicolons between; times in them are seconds. An overlap stands in the row
    of the one who came in, a listening noise, which has none, in the row of who was speaking.
    """
    latencies = {id(each.after): each.offset_s for each in analysis.latencies}
    replies, overlaps = analysis.replies, _overlaps(analysis)
    rows = (
        {
            "turn": number,
            "start_s": round(turn.span.start_s, DIGITS),
            "end_s": round(turn.span.end_s, DIGITS),
            "speaker": turn.speaker,
            "latency_s": _rounded(latencies.get(id(turn))),
            "text": text_of(spoken(turn.words)),
            **_judged(replies.get(number - 1)),
            "overlaps": NOT_TOLD if analysis.overlaps_void else "; ".join(overlaps[number - 1]),
        }
        for number, turn in enumerate(analysis.turns, start=1)
    )
    return BYTE_ORDER_MARK + csv_of(COLUMNS, rows)


def _judged(reply: Reply | None) -> dict[str, object]:
    if reply is None:
        return {}
    judged = reply.judged
    return {
        "score": judged.score,
        "score_reason": judged.reason,
        "level": judged.level,
        **{facet: round(value, DIGITS) for facet, value in judged.facets.items()},
        "moves": "; ".join(
            f"{move.move} “{move.quote}”{_when(move.span)}" for move in judged.moves
        ),
    }


def _overlaps(analysis: Analysis) -> list[list[str]]:
    """What to say of overlaps in each turn; every overlap once."""
    told: list[list[str]] = [[] for _ in analysis.turns]
    for overlap in analysis.overlaps:
        place = max(range(len(told)), key=lambda n: _fits(overlap, analysis.turns[n]), default=None)
        if place is not None:
            told[place].append(
                f"{overlap.kind}: {overlap.by} over {overlap.over}{_when(overlap.span)}"
            )
    return told


def _fits(overlap: Overlap, turn: Turn) -> tuple[bool, bool, float]:
    """The greater, the rather an overlap belongs to a turn."""
    here = turn.span.start_s <= overlap.span.start_s < turn.span.end_s
    away_s = max(turn.span.start_s - overlap.span.start_s, overlap.span.start_s - turn.span.end_s)
    return here and turn.speaker == overlap.by, here and turn.speaker == overlap.over, -away_s


def _when(span: Span | None) -> str:
    return "" if span is None else f" ({span.start_s:.2f} to {span.end_s:.2f})"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return value
    text = printable(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
