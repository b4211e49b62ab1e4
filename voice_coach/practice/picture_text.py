"""An attempt as a picture of characters, for the terminal and for Markdown.

::

    Maya  ██████████████████████████████████████
    You                            IIIIIIIIIIIII▃▅▄▄▄▄▅▃··▇▇▆▅▄▂
    pitch                          ▅▄▅▃▄▃   ▆▄▅▃▆▅ ▂▂▁▁   █▇▄▄
    time      |-0:04    |-0:02    |0:00      |0:02     |0:04
          ▂▅█ voice, soft to loud  · 2 pauses  I interruption
          pitch 72 to 114 Hz

A column is a stretch of time, so short things must not vanish in it: every overlap has a column of
its own at least, and a pause has one as soon as it covers a quarter of one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low

from rich.cells import cell_len, set_cell_size

from voice_coach.conversation import Span
from voice_coach.practice.picture import (
    LETTERS,
    NAMES,
    YOU,
    Picture,
    clock,
    counted,
    on_one_line,
    ticks,
)
from voice_coach.scoring.track import ToneTrack, semitones

NARROWEST = 40
"""Fewer columns make no picture; it is then drawn this wide all the same. Chosen."""
WIDEST = 100
"""More columns do not make it clearer. Chosen."""
LONGEST_NAME = 12
"""Columns of the partner's name that are shown. Chosen."""
COLUMNS_PER_S = 10
"""A short reply is not stretched further: pitch and level are no finer. Chosen."""
COLUMNS_PER_TICK = 9
"""Room for the longest label of the axis ("|-12:05") and blanks."""
SHOWN_SHARE = 0.25
"""The part of a column that a pause or a sound must cover to be drawn. Chosen."""
LEVEL_RANGE_DB = 24.0
"""From the lowest to the highest block; what lies further down is hardly heard. Chosen."""
PITCH_RANGE = 6.0
"""Semitones from the lowest to the highest block at least: an even voice looks even. Chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Characters:
    """What to draw with; ``levels`` and ``pitches`` go from low to high."""

    spoken: str
    levels: str
    pitches: str
    pause: str

    @property
    def some_levels(self) -> str:
        """The lowest, the middle and the highest level, to explain them by."""
        return self.levels[0] + self.levels[len(self.levels) // 2] + self.levels[-1]

    def fit(self, encoding: str) -> bool:
        """Whether an encoding has all of them; one that is not known has none."""
        try:
            (self.spoken + self.levels + self.pitches + self.pause).encode(encoding)
        except (UnicodeEncodeError, LookupError):
            return False
        return True


BLOCKS = Characters(spoken="█", levels="▂▃▄▅▆▇█", pitches="▁▂▃▄▅▆▇█", pause="·")
ASCII = Characters(spoken="#", levels="-=#", pitches="123456789", pause=".")
"""For terminals without block characters."""


def as_text(picture: Picture, *, width: int, zero_s: float = 0.0, encoding: str = "utf-8") -> str:
    """The picture in lines of ``width`` columns at most.

    Args:
        picture: what to show.
        width: columns there are; taken as NARROWEST to WIDEST.
        zero_s: the moment that the axis calls 0:00, on the picture's clock.
        encoding: what the reader can show; where it has no blocks, ASCII characters are drawn.
    """
    marks = BLOCKS if BLOCKS.fit(encoding) else ASCII
    partner = _name(picture.partner, encoding)
    margin = max(map(cell_len, (partner, "pitch"))) + 1
    room = min(WIDEST, max(NARROWEST, width)) - margin
    grid = _Grid.over(picture.span, room)
    track = picture.track
    pitches = _per_column(track.pitch_hz, track, grid) if track else {}
    levels = _per_column(track.level_db, track, grid) if track else {}
    rows = [
        (partner, _partner(picture, grid, marks)),
        ("You", _you(picture, levels, grid, marks)),
        *([("pitch", _pitch(pitches, marks))] if pitches else []),
        ("time", _axis(picture.span, grid, zero_s, room)),
        *(("", line) for line in _wrapped(_legend(picture, marks, levels, pitches), room)),
    ]
    return "\n".join((set_cell_size(name, margin) + row).rstrip() for name, row in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grid:
    """Columns over time: the first begins at ``start_s``, each lasts ``column_s``."""

    start_s: float
    column_s: float
    columns: int

    @classmethod
    def over(cls, span: Span, room: int) -> _Grid:
        lasts_s = max(round(span.duration_s, 6), 1 / COLUMNS_PER_S)
        columns = min(room, math.ceil(round(lasts_s * COLUMNS_PER_S, 6)))
        return cls(start_s=span.start_s, column_s=lasts_s / columns, columns=columns)

    def place(self, time_s: float) -> float:
        """Where a moment lies, in columns. Rounded, so that a later clock draws the same."""
        return round((time_s - self.start_s) / self.column_s, 6)

    def at(self, time_s: float) -> int:
        """The column of a moment."""
        return min(self.columns - 1, max(0, math.floor(self.place(time_s))))

    def edge(self, time_s: float) -> int:
        """The column that begins nearest to a moment."""
        return math.floor(self.place(time_s) + 0.5)

    def within(self, span: Span) -> range:
        """The columns whose middles a span covers; none where it is short."""
        return range(max(0, self.edge(span.start_s)), min(self.columns, self.edge(span.end_s)))

    def short(self, span: Span) -> range:
        """The column for a span that covers no middle, but enough of one to be drawn."""
        at = self.at(span.middle_s)
        shown = round(span.duration_s / self.column_s, 6) >= SHOWN_SHARE
        return range(at, at + (shown and not self.within(span)))


def _partner(picture: Picture, grid: _Grid, marks: Characters) -> str:
    row = [" "] * grid.columns
    for stretch in picture.sounded:
        row[grid.at(stretch.middle_s)] = marks.spoken
        for column in grid.within(stretch):
            row[column] = marks.spoken
    return _with_overlaps(row, picture, grid, you=False)


def _you(picture: Picture, levels_db: Mapping[int, float], grid: _Grid, marks: Characters) -> str:
    row = [" "] * grid.columns
    for stretch in picture.stretches:
        row[grid.at(stretch.middle_s)] = marks.spoken
    parts = [(marks.spoken, span) for span in picture.stretches]
    parts += [(marks.pause, span) for span in picture.pauses]
    for columns in (grid.within, grid.short):  # what is short comes last: it is not drawn over
        for mark, span in parts:
            for column in columns(span):
                row[column] = mark
    loudest_db = max(levels_db.values(), default=0.0)
    for column, level_db in levels_db.items():
        if row[column] == marks.spoken:
            row[column] = _step(1 - (loudest_db - level_db) / LEVEL_RANGE_DB, marks.levels)
    return _with_overlaps(row, picture, grid, you=True)


def _with_overlaps(row: list[str], picture: Picture, grid: _Grid, *, you: bool) -> str:
    """The row with each overlap's letter over its time, and in one column of its own at least."""
    overlaps = [each for each in picture.overlaps if (each.by == YOU) == you]
    own: dict[int, str] = {}
    for overlap in overlaps:
        longest = max(picture.sounding(overlap), key=lambda part: part.duration_s)
        middle = grid.at(longest.middle_s)
        free = [column for column in range(grid.columns) if column not in own]
        if free:  # the nearest, to the right if there are two, since they come in order of time
            nearest = min(free, key=lambda column: (abs(column - middle), -column))
            own[nearest] = LETTERS[overlap.kind]
    for overlap in overlaps:
        for part in picture.sounding(overlap):
            for column in grid.within(part):
                own.setdefault(column, LETTERS[overlap.kind])
    return "".join(own.get(column, mark) for column, mark in enumerate(row))


def _pitch(pitches_hz: Mapping[int, float], marks: Characters) -> str:
    lowest_hz = min(pitches_hz.values())
    heights = {column: semitones(hz, lowest_hz) for column, hz in pitches_hz.items()}
    spread = max(heights.values())
    least = min(0.0, (spread - PITCH_RANGE) / 2)
    shown = max(spread, PITCH_RANGE)
    return "".join(
        _step((heights[column] - least) / shown, marks.pitches) if column in heights else " "
        for column in range(max(heights) + 1)
    )


def _per_column(values: Sequence[int | None], track: ToneTrack, grid: _Grid) -> Mapping[int, float]:
    """The middle one of the values that fall into each column, where there are any."""
    found: dict[int, list[int]] = {}
    for step, value in enumerate(values):
        if value is not None and 0 <= grid.place(track.middle_s(step)) < grid.columns:
            found.setdefault(grid.at(track.middle_s(step)), []).append(value)
    return {column: median_low(each) for column, each in found.items()}


def _step(height: float, marks: str) -> str:
    """The character for a height from 0 to 1; what lies beyond is cut off."""
    return marks[min(len(marks) - 1, max(0, math.floor(round(height * len(marks), 6))))]


def _axis(span: Span, grid: _Grid, zero_s: float, room: int) -> str:
    row = ""
    for time_s in ticks(span, zero_s, max(1, grid.columns // COLUMNS_PER_TICK)):
        label = f"|{clock(time_s - zero_s)}"
        column = grid.edge(time_s)
        if (not row or len(row) < column) and column + len(label) <= room:
            row = row.ljust(column) + label
    return row


def _legend(
    picture: Picture,
    marks: Characters,
    levels_db: Mapping[int, float],
    pitches_hz: Mapping[int, float],
) -> Iterator[str]:
    if levels_db:
        yield f"{marks.some_levels} voice, soft to loud"
    else:
        yield f"{marks.spoken} voice"
    if picture.pauses:
        yield f"{marks.pause} {counted(len(picture.pauses), 'pause')}"
    for kind in picture.kinds:
        many = sum(overlap.kind == kind for overlap in picture.overlaps)
        yield f"{LETTERS[kind]} {NAMES[kind]}" + (f" ({many})" if many > 1 else "")
    if not picture.overlaps_told:
        yield "overlaps not measured"
    if pitches_hz:
        yield f"pitch {min(pitches_hz.values()):.0f} to {max(pitches_hz.values()):.0f} Hz"


def _wrapped(parts: Iterator[str], room: int) -> Iterator[str]:
    """The parts side by side, on a new line where the room ends."""
    line = ""
    for part in parts:
        if line and len(line) + 2 + len(part) > room:
            yield line
            line = part
        else:
            line = f"{line}  {part}" if line else part
    yield line


def _name(name: str, encoding: str) -> str:
    """A name on one line, short, in what the encoding has; nothing that ends a block of code."""
    plain = on_one_line(name).replace("`", "'")
    try:
        plain = plain.encode(encoding, "replace").decode(encoding)
    except LookupError:
        plain = plain.encode("ascii", "replace").decode("ascii")
    return plain if cell_len(plain) <= LONGEST_NAME else set_cell_size(plain, LONGEST_NAME).rstrip()
