"""The windows of a conversation as a table: its rows, and the table for a terminal.

What was not measured is a dash, with a letter for the reason, told under the table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from rich.cells import cell_len, set_cell_size

from voice_coach.conversation import Measure, Unmeasured
from voice_coach.recordings.moments import stretch
from voice_coach.recordings.windows import Part, Window
from voice_coach.scoring.said import printable

COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "Talk": "share of everybody's speech",
        "Turns": "that start here",
        "Cut in": "interruptions that start here",
        "Words/min": "in turns of eight words or more",
        "Moves": "all kinds together",
        "Pitch": "semitones above the speaker's own over the whole recording",
        "Level": "dB above the speaker's own over the whole recording",
    }
)
"""What stands in a row, and what it means."""
MEANT = f"{'; '.join(f'{name}: {meaning}' for name, meaning in COLUMNS.items())}."
NAME_CELLS = 12
DASH = "–"


def cells_of(part: Part) -> tuple[str | Unmeasured, ...]:
    """One speaker's figures in a window, in the order of COLUMNS; unmeasured ones as they are."""
    return (
        _shown(part.share, "{:.0%}"),
        str(part.turns),
        _shown(part.interruptions, "{:.0f}"),
        _shown(part.words_per_min, "{:.0f}"),
        _shown(part.moves, "{:.0f}"),
        _shown(part.pitch_rise_semitones, "{:+.1f}"),
        _shown(part.level_rise_db, "{:+.0f}"),
    )


def reasons_of(windows: Sequence[Window]) -> dict[str, str]:
    """A letter for every reason why something was not measured, in order of appearance."""
    reasons = (
        cell.reason
        for window in windows
        for part in window.parts
        for cell in cells_of(part)
        if isinstance(cell, Unmeasured)
    )
    return {reason: _letter(number) for number, reason in enumerate(dict.fromkeys(reasons))}


def missing_text(windows: Sequence[Window]) -> str:
    """The letters and their reasons in one sentence; empty where nothing is missing."""
    told = "; ".join(f"{DASH}{letter} {reason}" for reason, letter in reasons_of(windows).items())
    return f"Not measured: {told}." if told else ""


def rows_of(windows: Sequence[Window]) -> Iterator[tuple[Window, Part, list[str]]]:
    """Each speaker's part in each window, with the texts of its cells in the order of COLUMNS."""
    letters = reasons_of(windows)
    for window in windows:
        for part in window.parts:
            yield (
                window,
                part,
                [
                    cell if isinstance(cell, str) else DASH + letters[cell.reason]
                    for cell in cells_of(part)
                ],
            )


def as_table(windows: Sequence[Window]) -> list[str]:
    """Its lines: a row for each speaker in each window, then the reasons."""
    names = [printable(part.name) for window in windows for part in window.parts]
    name_cells = min(NAME_CELLS, max(map(cell_len, names), default=0))
    width = max((len(stretch(each.span)) for each in windows), default=0)
    head = "  ".join(name.rjust(max(len(name), 5)) for name in COLUMNS)
    lines = [f"{'':{width}}  {'':{name_cells}}  {head}"]
    for window, part, texts in rows_of(windows):
        time = stretch(window.span) if part is window.parts[0] else ""
        cells = "  ".join(
            text.rjust(max(len(name), 5)) for name, text in zip(COLUMNS, texts, strict=True)
        )
        name = set_cell_size(printable(part.name), name_cells)
        lines.append(f"{time:{width}}  {name}  {cells}")
    return [
        *lines,
        *(f"{DASH}{letter}: {printable(why)}" for why, letter in reasons_of(windows).items()),
    ]


def _shown(measure: Measure, form: str) -> str | Unmeasured:
    if isinstance(measure, Unmeasured):
        return measure
    told = form.format(measure.value)
    return told.replace("-", "−") if float(told.strip("%")) else told.lstrip("-+")


def _letter(number: int) -> str:
    return chr(ord("a") + number % 26)
