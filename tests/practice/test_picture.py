"""The picture of an attempt, in characters and as SVG.

``python tests/practice/test_picture.py`` writes the golden files anew; look at them before keeping.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from voice_coach.conversation import Overlap, OverlapKind, Span, Timeline
from voice_coach.practice.events import (
    Event,
    LineSpoken,
    LineStarted,
    Overlapped,
    Scored,
    SittingStarted,
    TurnEnded,
)
from voice_coach.practice.history import attempts_of
from voice_coach.practice.picture import LETTERS, NAMES, Picture, in_words, picture_of, ticks
from voice_coach.practice.picture_svg import LEFT, RIGHT, WIDTH, as_svg
from voice_coach.practice.picture_text import NARROWEST, WIDEST, as_text
from voice_coach.practice.screen import open_console
from voice_coach.practice.terminal import Terminal
from voice_coach.scoring.scorecard import Score
from voice_coach.scoring.track import ToneTrack

GOLDEN = Path(__file__).with_name("pictures")
SVG = "{http://www.w3.org/2000/svg}"


def span(start_s: float, end_s: float) -> Span:
    return Span(start_s=start_s, end_s=end_s)


def overlap(kind: OverlapKind, start_s: float, end_s: float, by: str = "you") -> Overlap:
    over = "Maya" if by == "you" else "you"
    return Overlap(by=by, over=over, span=span(start_s, end_s), kind=kind)


def rising(start_s: float, steps: int) -> ToneTrack:
    """A voice that rises and grows louder, with a silence of half a second in the middle."""
    silent = range(steps // 2 - 2, steps // 2 + 3)
    return ToneTrack(
        start_s=start_s,
        step_s=0.1,
        pitch_hz=tuple(None if n in silent else 100 + n for n in range(steps)),
        level_db=tuple(None if n in silent else -40 + n // 3 for n in range(steps)),
    )


PLAIN = Picture(
    partner="Sam",
    line=span(10.0, 14.0),
    voice=Timeline.of([span(15.5, 18.0), span(18.5, 21.0)]),
)
EVERY_KIND = Picture(
    partner="Maya",
    line=span(40.0, 47.0),
    voice=Timeline.of([span(45.2, 49.0), span(50.4, 52.0), span(52.3, 54.0)]),
    overlaps=(
        overlap("backchannel", 41.0, 41.4),
        overlap("unclear", 42.8, 43.0),
        overlap("interruption", 45.2, 46.4),
        overlap("terminal", 46.6, 47.0),
    ),
    track=rising(45.2, 88),
)
PICTURES = {
    "plain": PLAIN,
    "every-kind": EVERY_KIND,
    "not-told": replace(PLAIN, overlaps_told=False),
    "held": replace(
        EVERY_KIND,
        line=span(40.0, 52.0),
        holds=(span(44.0, 49.0),),
        overlaps=(overlap("backchannel", 43.0, 43.9),),
        scored_pauses=(span(49.1, 50.3), span(52.0, 52.3)),
    ),
    "long": replace(
        PLAIN,
        voice=Timeline.of(span(16.0 + 4 * n, 19.5 + 4 * n) for n in range(40)),
        overlaps=(overlap("interruption", 12.0, 12.3), overlap("backchannel", 12.5, 12.8)),
    ),
}


def characters(picture: Picture) -> str:
    """The picture in all widths and in ASCII, as the golden file has it."""
    drawn = {
        f"{width} columns": as_text(picture, width=width, zero_s=picture.voice.spans[0].start_s)
        for width in (60, 80, 100)
    }
    drawn["80 columns, ASCII"] = as_text(picture, width=80, encoding="ascii")
    return "".join(f"{title}\n{text}\n\n" for title, text in drawn.items()).rstrip("\n") + "\n"


@pytest.mark.parametrize("name", PICTURES)
def test_it_looks_as_it_did(name: str) -> None:
    kept = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    assert characters(PICTURES[name]) == kept
    assert as_svg(PICTURES[name]) == (GOLDEN / f"{name}.svg").read_text(encoding="utf-8")


# Any picture

TICK_S = 1 / 64
"""Times that floats hold exactly, so that a later clock is exactly as far apart."""
moments = st.integers(0, 64 * 12).map(lambda count: count * TICK_S)
lasting = st.integers(1, 64 * 12).map(lambda count: count * TICK_S)
some_spans = st.builds(lambda start_s, more_s: span(start_s, start_s + more_s), moments, lasting)
tracks = st.builds(
    lambda start_s, steps: ToneTrack(
        start_s=start_s,
        step_s=0.125,
        pitch_hz=tuple(pitch for pitch, _ in steps),
        level_db=tuple(level for _, level in steps),
    ),
    moments,
    st.lists(
        st.tuples(st.none() | st.integers(60, 400), st.none() | st.integers(-70, 0)), max_size=60
    ),
)
pictures = st.builds(
    Picture,
    partner=st.text(max_size=30),
    line=some_spans,
    holds=st.lists(some_spans, max_size=2).map(tuple),
    voice=st.lists(some_spans, max_size=5).map(Timeline.of),
    overlaps=st.lists(
        st.builds(
            overlap,
            st.sampled_from(sorted(LETTERS)),
            moments,
            moments.map(lambda later_s: later_s + 12.0),
            st.sampled_from(["you", "Maya"]),
        ),
        max_size=8,
    ).map(tuple),
    overlaps_told=st.booleans(),
    track=st.none() | tracks,
).map(lambda picture: picture if picture.sounded else replace(picture, holds=()))
widths = st.integers(20, 140)


@given(pictures, widths, st.integers(-1000, 64 * 4000))
def test_a_later_clock_changes_the_axis_only(picture: Picture, width: int, later: int) -> None:
    by_s = later * TICK_S
    there = picture.shifted(by_s)
    assert as_text(there, width=width, zero_s=by_s) == as_text(picture, width=width)
    assert as_svg(there, zero_s=by_s) == as_svg(picture)
    shifted = as_text(there, width=width).splitlines()
    for before, after in zip(as_text(picture, width=width).splitlines(), shifted, strict=True):
        assert before == after or "|" in before + after


@given(pictures, widths, st.sampled_from(["utf-8", "ascii", "cp1252", "no-such"]))
def test_every_kind_of_overlap_is_seen_and_named(
    picture: Picture, width: int, encoding: str
) -> None:
    text = as_text(replace(picture, partner="Sam"), width=width, encoding=encoding)
    partner, you, *rest = (line[6:] for line in text.splitlines())
    assert partner.strip()
    assert you.strip() or not picture.voice
    for each in picture.overlaps:
        assert LETTERS[each.kind] in (you if each.by == "you" else partner)
        assert f"{LETTERS[each.kind]} {NAMES[each.kind]}" in "\n".join(rest)
    written = texts_of(fromstring(as_svg(picture)))  # noqa: S314 - our own
    for each in picture.overlaps:
        assert f"{LETTERS[each.kind]} {NAMES[each.kind]}" in written


@given(pictures, widths, st.sampled_from(["utf-8", "ascii", "cp437", "cp1252", "no-such"]))
def test_it_fits_its_columns_and_its_encoding(picture: Picture, width: int, encoding: str) -> None:
    text = as_text(picture, width=width, encoding=encoding)
    assert 4 <= len(text.splitlines()) <= 11
    room = min(WIDEST, max(NARROWEST, width))
    assert all(cell_len(line) <= room for line in text.splitlines())
    text.encode("ascii" if encoding == "no-such" else encoding)
    assert "`" not in text


@given(pictures)
def test_the_drawing_is_xml_inside_its_frame(picture: Picture) -> None:
    root = fromstring(as_svg(picture, name="attempt-7"))  # noqa: S314 - our own
    assert root.tag == f"{SVG}svg"
    names = {named.get("id"): named.text for named in root if named.get("id")}
    first, second = str(root.get("aria-labelledby")).split()
    assert str(names[first]).endswith("and you, over time")
    assert names[second] == in_words(picture)
    height = float(str(root.get("height")))
    for box in root.iter(f"{SVG}rect"):
        x, y = float(str(box.get("x"))), float(str(box.get("y")))
        assert x >= 0
        assert x + float(str(box.get("width"))) <= WIDTH
        assert y + float(str(box.get("height"))) <= height
    for text in root.iter(f"{SVG}text"):
        assert 0 <= float(str(text.get("x"))) <= WIDTH
        assert 0 <= float(str(text.get("y"))) <= height


@given(some_spans, moments, st.integers(1, 20))
def test_an_axis_has_no_more_marks_than_fit(shown: Span, zero_s: float, most: int) -> None:
    marks = ticks(shown, zero_s, most)
    assert len(marks) <= most
    assert all(shown.start_s - 0.01 <= mark <= shown.end_s + 0.01 for mark in marks)


def texts_of(root: Element) -> list[str]:
    return [str(text.text) for text in root.iter(f"{SVG}text")]


# Single things


def row(picture: Picture, name: str, width: int = 80) -> str:
    lines = as_text(picture, width=width).splitlines()
    return next(line for line in lines if line.startswith(name))[len("pitch ") :]


def test_a_pause_is_seen_from_a_quarter_second_on() -> None:
    paused = replace(PLAIN, voice=Timeline.of([span(15.0, 17.0), span(17.25, 19.0)]))
    for width in (60, 80, 100):
        assert "·" in row(paused, "You", width)
    joined = replace(PLAIN, voice=Timeline.of([span(15.0, 17.0), span(17.2, 19.0)]))
    assert "·" not in row(joined, "You")
    assert "pause" not in as_text(joined, width=80)


def test_a_short_word_between_long_pauses_is_seen() -> None:
    voice = Timeline.of([span(15.0, 17.0), span(19.3, 19.4), span(22.0, 24.0)])
    for width in (60, 80, 100):
        paused, *more = row(replace(PLAIN, voice=voice), "You", width).split("█·")[1:]
        assert set(paused) == {"·"}
        assert more[0].strip("·█") == ""


def test_a_pause_within_an_overlap_is_seen() -> None:
    cut_in = replace(
        PLAIN,
        voice=Timeline.of([span(11.0, 12.0), span(13.0, 18.0)]),
        overlaps=(overlap("interruption", 11.0, 14.0),),
    )
    assert "I·" in row(cut_in, "You")
    assert "·I" in row(cut_in, "You")
    root = fromstring(as_svg(cut_in))  # noqa: S314 - our own
    edges = [box for box in root.iter(f"{SVG}rect") if box.get("class") == "vc-edge"]
    assert len(edges) == 2


def test_height_is_level_and_pitch() -> None:
    rises = replace(PLAIN, track=rising(15.5, 55))
    for name in ("You", "pitch"):
        heights = [mark for mark in row(rises, name).strip() if mark not in " ·"]
        assert heights == sorted(heights, key="▁▂▃▄▅▆▇█".index)
        assert heights[-1] == "█"
    assert "pitch 100 to 154 Hz" in as_text(rises, width=80)


def test_an_even_voice_looks_even() -> None:
    even = ToneTrack(start_s=15.5, step_s=0.1, pitch_hz=(120, 122) * 25, level_db=(-20,) * 50)
    assert set(row(replace(PLAIN, track=even), "pitch").strip()) <= set("▄▅ ")


def test_a_wide_name_keeps_the_rows_in_line() -> None:
    wide = as_text(replace(PLAIN, partner="明子"), width=80).splitlines()
    assert wide[0].index("█") == len("明子  ")
    long = as_text(replace(PLAIN, partner="Maximiliane-Charlotte"), width=80)
    assert long.startswith("Maximiliane- █")


def test_the_words_say_what_the_picture_shows() -> None:
    assert in_words(EVERY_KIND, 40.0) == (
        "Maya speaks from 0:00.0 to 0:07.0. You speak from 0:05.2 to 0:14.0. "
        "2 pauses: 0:09.0 to 0:10.4, 0:12.0 to 0:12.3. "
        "You over Maya, listening noise: 0:01.0 to 0:01.4. "
        "You over Maya, unclear overlap: 0:02.8 to 0:03.0. "
        "You over Maya, interruption: 0:05.2 to 0:06.4. "
        "You over Maya, start at the very end: 0:06.6 to 0:07.0."
    )
    assert in_words(replace(PLAIN, overlaps_told=False)).endswith("Overlaps were not measured.")


def test_nothing_has_no_span() -> None:
    with pytest.raises(ValueError, match="at least a line"):
        _ = Picture(partner="Sam", line=None, voice=Timeline()).span


def test_the_drawing_keeps_to_its_margins() -> None:
    root = fromstring(as_svg(EVERY_KIND))  # noqa: S314 - our own
    bars = [box for box in root.iter(f"{SVG}rect") if box.get("class") in {"vc-partner", "vc-you"}]
    assert min(float(str(bar.get("x"))) for bar in bars) == LEFT
    ends = [float(str(bar.get("x"))) + float(str(bar.get("width"))) for bar in bars]
    assert max(ends) == pytest.approx(WIDTH - RIGHT, abs=0.2)


# From events


PAUSE = span(16.55, 17.0)
"""As scored: the level set its start."""


def heard(
    *overlaps: Overlapped,
    spoken: bool = True,
    reason: str | None = None,
    holds: tuple[Span, ...] = (),
    pauses: tuple[Span, ...] = (PAUSE,),
) -> list[Event]:
    score = Score(score=100) if reason is None else Score(score=None, reason=reason)
    line = "You said seven."
    return [
        LineStarted(at_s=10.0, attempt=1, line_id="a", text=line),
        LineSpoken(
            at_s=14.0,
            attempt=1,
            line_id="a",
            partner="Maya",
            text=line,
            span=span(10.0, 14.0),
            holds=holds,
        ),
        TurnEnded(
            at_s=21.0,
            attempt=1,
            text="I let you wait." if spoken else "",
            words=(),
            span=span(15.0, 19.0) if spoken else None,
            activity=(span(15.0, 16.5), span(17.0, 19.0)) if spoken else (),
            ended_by="silence",
        ),
        *overlaps,
        Scored(
            at_s=21.0,
            attempt=1,
            line_id="a",
            listening=score,
            pacing=score,
            interruptions=score,
            primary="other",
            level="unclear",
            facets={},
            moves=(),
            measures={},
            pauses=pauses if spoken else (),
            model="listening@1",
            track=rising(15.0, 40) if spoken else None,
        ),
    ]


def cut(kind: OverlapKind, start_s: float, end_s: float) -> Overlapped:
    return Overlapped(
        at_s=21.0,
        attempt=1,
        by="you",
        over="Maya",
        span=span(start_s, end_s),
        kind=kind,
        confidence=0.9,
    )


def test_an_attempt_becomes_its_picture() -> None:
    (attempt,) = attempts_of(heard(cut("terminal", 13.6, 13.8), cut("backchannel", 11.0, 11.3)))
    assert picture_of(attempt, "Maya") == Picture(
        partner="Maya",
        line=span(10.0, 14.0),
        voice=Timeline.of([span(15.0, 16.5), span(17.0, 19.0)]),
        overlaps=(
            replace(overlap("backchannel", 11.0, 11.3), confidence=0.9),
            replace(overlap("terminal", 13.6, 13.8), confidence=0.9),
        ),
        scored_pauses=(PAUSE,),
        track=rising(15.0, 40),
    )


def test_the_pauses_are_those_that_were_scored() -> None:
    (attempt,) = attempts_of(heard(pauses=()))  # the level found a voice that the detector lost
    picture = picture_of(attempt, "Maya")
    assert picture is not None
    assert picture.pauses == ()
    assert picture.stretches == Timeline.of([span(15.0, 19.0)])
    (unscored,) = attempts_of(heard()[:-1])
    picture = picture_of(unscored, "Maya")
    assert picture is not None
    assert picture.pauses == (span(16.5, 17.0),)


def test_a_partner_who_fell_silent_is_silent_in_the_picture() -> None:
    (attempt,) = attempts_of(heard(holds=(span(11.0, 12.5),)))
    picture = picture_of(attempt, "Maya")
    assert picture is not None
    assert in_words(picture, 10.0).startswith(
        "Maya speaks from 0:00.0 to 0:01.0 and from 0:02.5 to 0:04.0. You speak"
    )
    maya = as_text(picture, width=60).splitlines()[0]
    assert maya.split() == ["Maya", "█" * 6, "█" * 9]
    root = fromstring(as_svg(picture))  # noqa: S314 - our own
    bars = [box for box in root.iter(f"{SVG}rect") if box.get("class") == "vc-partner"]
    assert len(bars) == 2


def test_overlaps_that_were_not_measured_are_no_absence() -> None:
    (attempt,) = attempts_of(heard(reason="echo"))
    picture = picture_of(attempt, "Maya")
    assert picture is not None
    assert "overlaps not measured" in as_text(picture, width=80)


def test_what_was_not_answered_has_no_picture() -> None:
    (attempt,) = attempts_of(heard(spoken=False))
    assert picture_of(attempt, "Maya") is None
    (unreached,) = attempts_of(heard()[:1])
    assert picture_of(unreached, "Maya") is None


def shown(width: int, events: list[Event]) -> str:
    screen = io.StringIO()
    terminal = Terminal(Console(file=screen, width=width), live=False)
    for event in events:
        terminal(event)
    return screen.getvalue()


@pytest.mark.parametrize("width", [60, 80, 100])
def test_the_terminal_shows_it_between_reply_and_scores(width: int) -> None:
    told = shown(width, heard(cut("interruption", 12.0, 13.0)))
    assert told.index("You: ") < told.index("I interruption") < told.index("Listening")
    assert all(cell_len(line) <= width for line in told.splitlines())
    (axis,) = (line for line in told.splitlines() if "|0:00" in line)
    (you,) = (line for line in told.splitlines() if line.startswith("  You "))
    assert you[axis.index("|0:00")] in "▂▃▄▅▆▇█"
    assert you[axis.index("|0:00") - 1] == " "


def test_a_terminal_too_narrow_shows_no_picture() -> None:
    assert "soft to loud" not in shown(NARROWEST + 3, heard())
    assert "soft to loud" in shown(NARROWEST + 4, heard())


def test_each_attempt_is_shown_once() -> None:
    again: list[Event] = [replace(event, attempt=2) for event in heard()]  # type: ignore[type-var, arg-type, call-arg]
    assert shown(80, heard() + again).count("soft to loud") == 2


# A screen with few characters


def ascii_screen(monkeypatch: pytest.MonkeyPatch, show: Callable[[Console], None]) -> str:
    lies = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(lies, encoding="ascii"))
    show(open_console())
    sys.stdout.flush()
    return lies.getvalue().decode("ascii")


def test_a_screen_without_blocks_shows_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def show(console: Console) -> None:
        terminal = Terminal(console, live=False)
        for event in [STARTED, *heard(cut("interruption", 12.0, 13.0))]:
            terminal(event)

    told = ascii_screen(monkeypatch, show)
    assert "-=# voice, soft to loud" in told
    assert 'Maya: "You said seven."' in told
    assert "Zo?e" in told


STARTED = SittingStarted(
    at_s=0.0,
    began="2026-01-02T20:15:00+01:00",
    scenario="a",
    title="Zoëe",
    setting="Here.",
    partner="Maya",
    input_device="",
    output_device="",
    model="base",
    voice="neural",
)


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for each, drawn in PICTURES.items():
        (GOLDEN / f"{each}.txt").write_text(characters(drawn), encoding="utf-8")
        (GOLDEN / f"{each}.svg").write_text(as_svg(drawn), encoding="utf-8")
