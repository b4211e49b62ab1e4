"""An attempt as an SVG drawing, for pages and reports.

It reads without colour: each kind of overlap has its pattern and is named beside it, and everything
written is text. It paints its own background and follows the reader's choice of light or dark, so
that it is legible on any page. Nothing in it is fetched from elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from voice_coach.conversation import Overlap, Span
from voice_coach.practice.picture import (
    LETTERS,
    NAMES,
    YOU,
    Picture,
    clock,
    in_words,
    on_one_line,
    ticks,
)
from voice_coach.scoring.pacing import PAUSE_S
from voice_coach.scoring.track import ToneTrack, semitones

WIDTH = 860
LEFT, RIGHT = 92, 20
"""Margins of the time axis: names stand in the left one. All lengths are SVG user units."""
TOP = 14
BAR = 22
LANE = 17
"""Height of one row of overlap names, between the two bars."""
CURVE = 46
GAP = 16
LETTER = 6.8
"""About the width of a letter in 12-unit type, to keep names from covering each other."""
MOST_TICKS = 16
LEVEL_RANGE_DB = 30.0
"""The level's scale, downwards from the loudest: what lies further down is hardly heard. Chosen."""
PITCH_RANGE = 6.0
"""Semitones that the pitch's scale covers at least, so that an even voice looks even. Chosen."""
MOST_LETTERS = 10
"""Letters of the partner's name that the left margin has room for."""
NARROWEST = 2.0
"""What lasts next to no time is still drawn this wide."""

STYLE = """
.vc-bg { fill: #ffffff; stroke: #c3c9d4; }
.vc-text { fill: #1d2330; font: 12px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }
.vc-small { font-size: 10.5px; }
.vc-partner { fill: #8792a6; }
.vc-you { fill: #2a6a9e; }
.vc-paper { fill: #ffffff; }
.vc-edge { fill: none; stroke: #1d2330; stroke-width: 1.4; }
.vc-ink { fill: #1d2330; }
.vc-line { fill: none; stroke: #1d2330; stroke-width: 1.6; stroke-linecap: round;
  stroke-linejoin: round; }
.vc-thin { fill: none; stroke: #5d6675; stroke-width: 1; }
.vc-grid { stroke: #dde1e8; stroke-width: 1; }
.vc-dots { stroke-dasharray: 1 5; stroke-width: 2; stroke-linecap: round; }
.vc-dashed { stroke-dasharray: 4 3; }
@media (prefers-color-scheme: dark) {
  .vc-bg { fill: #171b22; stroke: #3b4352; }
  .vc-text, .vc-ink { fill: #e8ebf1; }
  .vc-partner { fill: #77839a; }
  .vc-you { fill: #5fa3d9; }
  .vc-paper { fill: #171b22; }
  .vc-edge, .vc-line { stroke: #e8ebf1; }
  .vc-thin { stroke: #a5aebd; }
  .vc-grid { stroke: #2b323e; }
}
"""


def as_svg(picture: Picture, *, name: str = "attempt", zero_s: float = 0.0) -> str:
    """The picture as one ``<svg>`` element.

    Args:
        picture: what to show.
        name: begins every id in it; must differ between drawings on one page.
        zero_s: the moment that the axis calls 0:00, on the picture's clock.
    """
    scale = _Scale(span=picture.span)
    rows = _lanes([scale.room_of(overlap) for overlap in picture.overlaps])
    curves = _curves(picture)
    you_y = TOP + BAR + 6 + LANE * (max(rows, default=-1) + 1)
    axis_y = you_y + BAR + GAP / 2 + (GAP + CURVE) * len(curves)
    height = axis_y + 24
    root = Element("svg", {
        "xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {WIDTH} {_number(height)}",
        "width": str(WIDTH), "height": _number(height), "role": "img",
        "aria-labelledby": f"{name}-title {name}-desc",
    })  # fmt: skip
    partner = on_one_line(picture.partner)
    _add(root, "title", text=f"{partner} and you, over time", id=f"{name}-title")
    _add(root, "desc", text=in_words(picture, zero_s), id=f"{name}-desc")
    _add(root, "style", text=STYLE)
    _patterns(root, name)
    _box(root, "vc-bg", 0.5, 0.5, WIDTH - 1, height - 1, rx="6")
    _axis(root, scale, axis_y, zero_s)
    _label(root, partner, TOP)
    for stretch in picture.sounded:
        _bar(root, "vc-partner", scale, stretch, TOP)
    _label(root, "You", you_y)
    _voice(root, scale, picture, you_y)
    for overlap, row in zip(picture.overlaps, rows, strict=True):
        _overlap(
            root,
            scale,
            overlap,
            picture.sounding(overlap),
            pattern=f"{name}-{overlap.kind}",
            y=you_y if overlap.by == YOU else TOP,
            text_y=TOP + BAR + 14 + LANE * row,
        )
    for number, curve in enumerate(curves):
        curve.draw(root, scale, you_y + BAR + GAP + (GAP + CURVE) * number)
    return tostring(root, encoding="unicode") + "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """Time on the drawing, from LEFT to WIDTH - RIGHT."""

    span: Span

    def x(self, time_s: float) -> float:
        share = (time_s - self.span.start_s) / max(self.span.duration_s, PAUSE_S)
        return LEFT + round(share, 6) * (WIDTH - LEFT - RIGHT)

    def room_of(self, overlap: Overlap) -> tuple[float, float]:
        """From where to where an overlap and its name reach."""
        start = self.x(overlap.span.start_s)
        width = LETTER * len(_name_of(overlap))
        start = min(start, WIDTH - RIGHT - width)
        return start, max(start + width, self.x(overlap.span.end_s)) + 2 * LETTER


def _lanes(rooms: Sequence[tuple[float, float]]) -> list[int]:
    """For each stretch, in order of time, the first row in which it covers no other."""
    ends: list[float] = []
    rows = []
    for start, end in rooms:
        row = next((row for row, taken in enumerate(ends) if taken <= start), len(ends))
        ends[row : row + 1] = [end]
        rows.append(row)
    return rows


def _axis(root: Element, scale: _Scale, y: float, zero_s: float) -> None:
    for time_s in ticks(scale.span, zero_s, MOST_TICKS):
        x = scale.x(time_s)
        _line(root, "vc-grid", x, TOP - 4, x, y)
        _text(root, clock(time_s - zero_s), x, y + 14, "vc-small", anchor="middle")


def _voice(root: Element, scale: _Scale, picture: Picture, y: float) -> None:
    """The reply as bars; a pause is the dotted line between two, with its length where it fits."""
    for stretch in picture.stretches:
        _bar(root, "vc-you", scale, stretch, y)
    for pause in picture.pauses:
        start, end = scale.x(pause.start_s), scale.x(pause.end_s)
        middle = (start + end) / 2
        _line(root, "vc-thin vc-dots", start + 2, y + BAR / 2, end - 2, y + BAR / 2)
        told = f"{pause.duration_s:.1f} s"
        width = LETTER * len(told)
        if width + 3 * LETTER < end - start:
            _box(root, "vc-paper", middle - width / 2, y + 3, width, BAR - 6)
            _text(root, told, middle, y + BAR / 2 + 4, "vc-small", anchor="middle")


def _overlap(
    root: Element,
    scale: _Scale,
    overlap: Overlap,
    parts: Sequence[Span],
    *,
    pattern: str,
    y: float,
    text_y: float,
) -> None:
    """Its time in its pattern on the bar of who came in, and its name with a line to it."""
    dashed = " vc-dashed" if overlap.kind == "unclear" else ""
    for part in parts:
        start = scale.x(part.start_s)
        width = max(scale.x(part.end_s) - start, NARROWEST)
        _box(root, "vc-paper", start, y, width, BAR)
        _box(root, "", start, y, width, BAR, fill=f"url(#{pattern})")
        _box(root, f"vc-edge{dashed}", start, y, width, BAR)
    x = scale.x(overlap.span.start_s)
    _line(root, "vc-thin", x, *((y + BAR, x, text_y) if y < text_y else (text_y - 10, x, y)))
    _text(root, _name_of(overlap), scale.room_of(overlap)[0] + 4, text_y)


def _name_of(overlap: Overlap) -> str:
    return f"{LETTERS[overlap.kind]} {NAMES[overlap.kind]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Curve:
    """A value over time, drawn as lines that break where there is none.

    ``points`` are (moment in seconds, height from 0 to 1); ``top`` and ``bottom`` name the ends of
    the scale.
    """

    name: str
    points: tuple[tuple[float, float] | None, ...]
    top: str
    bottom: str

    def draw(self, root: Element, scale: _Scale, y: float) -> None:
        _text(root, self.name, LEFT - 10, y + CURVE / 2 + 4, anchor="end")
        _text(root, self.top, LEFT - 10, y + 8, "vc-small", anchor="end")
        _text(root, self.bottom, LEFT - 10, y + CURVE + 1, "vc-small", anchor="end")
        for edge in (y, y + CURVE):
            _line(root, "vc-grid", LEFT, edge, WIDTH - RIGHT, edge)
        path = ""
        for before, point in zip((None, *self.points), self.points, strict=False):
            if point is not None:
                x, height = scale.x(point[0]), min(1.0, max(0.0, point[1]))
                place = f"{_number(x)} {_number(y + CURVE * (1 - height))}"
                # A lone value is a line of no length: its round ends make it a dot.
                path += f"L{place}" if before else f"M{place}h0"
        _add(root, "path", "vc-line", d=path)


def _curves(picture: Picture) -> tuple[_Curve, ...]:
    track = picture.track
    if track is None:
        return ()
    pitches = [pitch for pitch in track.pitch_hz if pitch is not None]
    levels = [level for level in track.level_db if level is not None]
    curves = []
    if pitches:
        low, high = min(pitches), max(pitches)
        slack = max(0.0, PITCH_RANGE - semitones(high, low)) / 2
        whole = semitones(high, low) + 2 * slack
        points = _points(track, track.pitch_hz, lambda hz: (semitones(hz, low) + slack) / whole)
        step = 2 ** (slack / 12)
        curves.append(
            _Curve(
                name="pitch",
                points=points,
                top=f"{high * step:.0f} Hz",
                bottom=f"{low / step:.0f} Hz",
            )
        )
    if levels:
        top = max(levels)
        points = _points(track, track.level_db, lambda db: 1 - (top - db) / LEVEL_RANGE_DB)
        curves.append(
            _Curve(
                name="level",
                points=points,
                top=f"{top} dB",
                bottom=f"{top - LEVEL_RANGE_DB:.0f} dB",
            )
        )
    return tuple(curves)


def _points(
    track: ToneTrack, values: Sequence[int | None], height: Callable[[int], float]
) -> tuple[tuple[float, float] | None, ...]:
    return tuple(
        None if value is None else (track.middle_s(step), height(value))
        for step, value in enumerate(values)
    )


def _patterns(root: Element, name: str) -> None:
    """One for each kind of overlap; that of an unclear one is empty, its edge is dashed."""
    tiles = {kind: _add(root, "pattern", id=f"{name}-{kind}", width="6", height="6",
                        patternUnits="userSpaceOnUse") for kind in NAMES}  # fmt: skip
    _add(tiles["backchannel"], "circle", "vc-ink", cx="3", cy="3", r="1.5")
    _box(tiles["terminal"], "vc-ink", 0, 0, 1.8, 6)
    _add(tiles["interruption"], "path", "vc-edge", d="M-1.5 1.5L1.5 -1.5M0 6L6 0M4.5 7.5L7.5 4.5")


def _bar(root: Element, kind: str, scale: _Scale, span: Span, y: float) -> None:
    x = scale.x(span.start_s)
    _box(root, kind, x, y, max(scale.x(span.end_s) - x, NARROWEST), BAR, rx="3")


def _label(root: Element, text: str, y: float) -> None:
    _text(root, text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1] + "…",
          LEFT - 10, y + BAR / 2 + 4, anchor="end")  # fmt: skip


def _text(
    root: Element, text: str, x: float, y: float, kind: str = "", *, anchor: str = "start"
) -> None:
    kind = f"vc-text {kind}".rstrip()
    _add(root, "text", kind, text, x=_number(x), y=_number(y), text_anchor=anchor)


def _box(
    root: Element, kind: str, x: float, y: float, width: float, height: float, **given: str
) -> None:
    sides = {"x": x, "y": y, "width": width, "height": height}
    _add(root, "rect", kind, **{side: _number(length) for side, length in sides.items()}, **given)


def _line(root: Element, kind: str, x: float, y: float, to_x: float, to_y: float) -> None:
    _add(root, "path", kind, d=f"M{_number(x)} {_number(y)}L{_number(to_x)} {_number(to_y)}")


def _add(root: Element, tag: str, kind: str = "", text: str | None = None, **given: str) -> Element:
    """A new element within; ``text_anchor`` stands for ``text-anchor``."""
    named = {key.replace("_", "-"): value for key, value in given.items()}
    added = SubElement(root, tag, {"class": kind, **named} if kind else named)
    added.text = text
    return added


def _number(value: float) -> str:
    """A length to a tenth of a unit, as short as can be."""
    return f"{value:.1f}".removesuffix(".0")
