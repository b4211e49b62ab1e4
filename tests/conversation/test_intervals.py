"""The interval algebra, checked against the same sets counted moment by moment.

Times are whole multiples of an eighth of a second, which floats hold exactly, so that equality is
meant literally. One test uses arbitrary floats.
"""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from voice_coach.conversation import Span, Timeline, Word, text_of

TICK_S = 0.125
TICKS = st.integers(-40, 120)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    low, high = sorted((draw(TICKS), draw(TICKS)))
    return Span(start_s=low * TICK_S, end_s=high * TICK_S)


timelines = st.lists(spans(), max_size=8).map(Timeline.of)
shifts = st.integers(-80, 80).map(lambda ticks: ticks * TICK_S)


def moments(*covered: Span) -> set[int]:
    """The ticks that the spans cover, by brute force."""
    return {
        tick
        for span in covered
        for tick in range(round(span.start_s / TICK_S), round(span.end_s / TICK_S))
    }


# Span


@given(spans(), spans())
def test_what_two_spans_share(a: Span, b: Span) -> None:
    assert moments(a & b) == moments(a) & moments(b)
    assert a & b == b & a
    assert a.meets(b) == bool(moments(a) & moments(b))


@given(spans(), spans())
def test_hull_is_the_shortest_cover(a: Span, b: Span) -> None:
    hull = a.hull(b)
    assert hull == b.hull(a)
    assert moments(a) | moments(b) <= moments(hull)
    assert {hull.start_s, hull.end_s} <= {a.start_s, a.end_s, b.start_s, b.end_s}


@given(spans(), spans())
def test_gap_is_what_the_hull_adds(a: Span, b: Span) -> None:
    assert a.gap_s(b) == b.gap_s(a)
    assume(a)
    assume(b)
    uncovered = moments(a.hull(b)) - moments(a) - moments(b)
    assert a.gap_s(b) == len(uncovered) * TICK_S


@given(spans(), TICKS)
def test_a_moment_lies_inside_up_to_the_end(a: Span, tick: int) -> None:
    assert (tick * TICK_S in a) == (tick in moments(a))


@given(spans(), shifts)
def test_a_shifted_span_keeps_its_length(a: Span, by_s: float) -> None:
    there = a.shifted(by_s)
    assert there.duration_s == a.duration_s
    assert there.middle_s == a.middle_s + by_s
    assert there.shifted(-by_s) == a


@given(spans())
def test_an_empty_span_is_false(a: Span) -> None:
    assert bool(a) == (a.duration_s > 0)


@pytest.mark.parametrize(
    ("start_s", "end_s"), [(1.0, 0.5), (math.nan, 1.0), (0.0, math.nan), (0.0, math.inf)]
)
def test_no_span_ends_before_it_starts_or_never(start_s: float, end_s: float) -> None:
    with pytest.raises(ValueError, match="span"):
        Span(start_s=start_s, end_s=end_s)


# Timeline


@given(st.lists(spans(), max_size=8))
def test_a_timeline_covers_what_its_spans_cover(given_spans: list[Span]) -> None:
    line = Timeline.of(given_spans)
    assert moments(*line) == moments(*given_spans)
    assert line.duration_s == len(moments(*given_spans)) * TICK_S
    assert Timeline.of(reversed(given_spans)) == line
    assert Timeline(line.spans) == line  # in order, none empty, none touching


@given(timelines, timelines)
def test_union_meeting_and_difference(a: Timeline, b: Timeline) -> None:
    assert moments(*(a | b)) == moments(*a) | moments(*b)
    assert moments(*(a & b)) == moments(*a) & moments(*b)
    assert moments(*(a - b)) == moments(*a) - moments(*b)


@given(timelines, timelines)
def test_the_laws_of_sets(a: Timeline, b: Timeline) -> None:
    assert a | b == b | a
    assert a & b == b & a
    assert (a - b) | (a & b) == a
    assert not (a - b) & b
    assert a | a == a & a == a
    assert a - a == Timeline()


@given(timelines, timelines, timelines)
def test_cutting_twice_is_cutting_both(a: Timeline, b: Timeline, c: Timeline) -> None:
    assert a - b - c == a - (b | c)
    assert a & (b | c) == (a & b) | (a & c)


@given(timelines)
def test_gaps_and_spans_fill_the_hull(a: Timeline) -> None:
    filled = a | a.gaps()
    assert filled.spans == (() if a.hull is None else (a.hull,))
    assert not a & a.gaps()


@given(timelines, st.integers(0, 40))
def test_bridging_fills_short_silences_only(a: Timeline, ticks: int) -> None:
    longest_s = ticks * TICK_S
    bridged = a.bridged(longest_s)
    filled = [gap for gap in a.gaps() if gap.duration_s <= longest_s]
    assert bridged == a | Timeline.of(filled)
    assert bridged.bridged(longest_s) == bridged
    assert all(gap.duration_s > longest_s for gap in bridged.gaps())


@pytest.mark.parametrize("gap_s", [-0.1, math.nan])
def test_a_gap_to_bridge_is_a_length(gap_s: float) -> None:
    with pytest.raises(ValueError, match="negative"):
        Timeline().bridged(gap_s)


@given(timelines, spans())
def test_within_is_the_meeting_with_a_window(a: Timeline, window: Span) -> None:
    assert a.within(window) == a & Timeline.of([window])


@given(timelines, TICKS)
def test_a_moment_is_covered(a: Timeline, tick: int) -> None:
    assert (tick * TICK_S in a) == (tick in moments(*a))


@given(timelines, timelines, shifts)
def test_shifting_time_shifts_results(a: Timeline, b: Timeline, by_s: float) -> None:
    moved, other = a.shifted(by_s), b.shifted(by_s)
    assert moved & other == (a & b).shifted(by_s)
    assert moved | other == (a | b).shifted(by_s)
    assert moved - other == (a - b).shifted(by_s)
    assert moved.gaps() == a.gaps().shifted(by_s)


seconds = st.floats(-1e6, 1e6)
any_timelines = st.lists(
    st.tuples(seconds, seconds).map(lambda ends: Span(start_s=min(ends), end_s=max(ends))),
    max_size=6,
).map(Timeline.of)


@given(any_timelines, any_timelines, seconds)
def test_any_floats_make_sound_timelines(a: Timeline, b: Timeline, by_s: float) -> None:
    for made in (a | b, a & b, a - b, a.gaps(), a.bridged(abs(by_s)), a.shifted(by_s)):
        assert Timeline(made.spans) == made
    assert (a - b) | (a & b) == a


@pytest.mark.parametrize(
    "wrong",
    [
        (Span(start_s=1.0, end_s=1.0),),
        (Span(start_s=2.0, end_s=3.0), Span(start_s=0.0, end_s=1.0)),
        (Span(start_s=0.0, end_s=1.0), Span(start_s=1.0, end_s=2.0)),
    ],
    ids=["empty", "out of order", "touching"],
)
def test_a_timeline_is_never_unsound(wrong: tuple[Span, ...]) -> None:
    with pytest.raises(ValueError, match="timeline"):
        Timeline(wrong)


# Word


@pytest.mark.parametrize("text", ["", " ", " hello", "hello\n"])
def test_a_word_has_no_blanks_around_it(text: str) -> None:
    with pytest.raises(ValueError, match="blanks"):
        Word(text=text, span=Span(start_s=0.0, end_s=1.0))


@pytest.mark.parametrize("probability", [-0.1, 1.1, math.nan])
def test_a_probability_is_a_share(probability: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Word(text="hello", span=Span(start_s=0.0, end_s=1.0), probability=probability)


@given(spans(), shifts)
def test_a_word_moves_with_its_span(span: Span, by_s: float) -> None:
    word = Word(text="Hello,", span=span, probability=0.5)
    assert word.shifted(by_s).span == span.shifted(by_s)
    assert word.shifted(by_s).shifted(-by_s) == word
    assert text_of((word, word)) == "Hello, Hello,"
