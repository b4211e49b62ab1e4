"""Which words are kept, when they were said, and how sound is cut for the recogniser."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.conversation import Span, Timeline, Word
from voice_coach.speech.invented import Doubts, only_said, without_loops
from voice_coach.speech.windows import MAX_WINDOW_S, source_time_s, windows_of
from voice_coach.speech.word_times import snapped

SURE = Doubts(no_speech_prob=0.05, avg_logprob=-0.2, compression_ratio=1.2, level_db=-25.0)


def words(text: str, probability: float = 0.9, start_s: float = 0.0) -> tuple[Word, ...]:
    return tuple(
        Word(
            text=word,
            span=Span(start_s=start_s + at * 0.3, end_s=start_s + at * 0.3 + 0.3),
            probability=probability,
        )
        for at, word in enumerate(text.split())
    )


def heard(*bounds: tuple[float, float]) -> Timeline:
    return Timeline.of(Span(start_s=start_s, end_s=end_s) for start_s, end_s in bounds)


def test_a_thank_you_that_was_said_stays() -> None:
    said = words("Thank you.")
    assert only_said(said, heard((0.0, 0.6)), SURE) == said


@pytest.mark.parametrize(
    ("text", "probability", "doubts"),
    [
        ("Thank you for watching!", 0.3, SURE),
        ("Thank you.", 0.9, replace(SURE, level_db=-75.0)),
        ("some words here", 0.3, replace(SURE, no_speech_prob=0.9, avg_logprob=-1.4)),
        (". . . .", 0.99, SURE),
        ("beep beep beep", 0.8, replace(SURE, no_speech_prob=0.7, compression_ratio=29.0)),
        ("not sure if I can", 0.2, replace(SURE, no_speech_prob=0.84)),
        ("BAH!", 0.23, replace(SURE, avg_logprob=-1.23)),
        ("a a a a a a", 0.3, replace(SURE, compression_ratio=5.0)),
        ("far more words than anyone says in so short a time", 0.3, SURE),
    ],
)
def test_what_was_made_up_goes(text: str, probability: float, doubts: Doubts) -> None:
    assert only_said(words(text, probability), heard((0.0, 0.4)), doubts) == ()


def test_nothing_without_a_voice() -> None:
    assert only_said(words("hello there"), Timeline(), SURE) == ()


def test_unsure_words_far_from_any_voice_go_and_sure_ones_stay() -> None:
    near, far = words("really"), words("bye", 0.2, start_s=9.0)
    assert only_said((*near, *far), heard((0.0, 0.3)), SURE) == near
    sure = words("bye", 0.9, start_s=9.0)
    assert only_said((*near, *sure), heard((0.0, 0.3)), SURE) == (*near, *sure)


def test_loops_are_cut_and_emphasis_is_not() -> None:
    assert len(without_loops(words("no no no I mean it"))) == 6
    assert len(without_loops(words("you know " * 20))) == 8


def test_a_word_that_leans_into_a_pause_goes_back_to_its_voice() -> None:
    leaning = (
        Word(text="I", span=Span(start_s=0.2, end_s=0.5)),
        Word(text="see.", span=Span(start_s=0.5, end_s=1.6)),
        Word(text="Go", span=Span(start_s=1.6, end_s=3.2)),
        Word(text="on.", span=Span(start_s=3.2, end_s=3.4)),
    )
    put = snapped(leaning, heard((0.1, 1.0), (3.0, 3.6)))
    assert [round(word.span.start_s, 3) for word in put] == [0.1, 0.5, 3.0, 3.2]
    assert [round(word.span.end_s, 3) for word in put] == [0.5, 1.0, 3.2, 3.6]


@st.composite
def spoken(draw: st.DrawFn) -> tuple[tuple[Word, ...], Timeline]:
    starts = sorted(draw(st.lists(st.floats(0, 30), min_size=1, max_size=12)))
    said = tuple(
        Word(text="w", span=Span(start_s=at, end_s=at + draw(st.floats(0.02, 2.0))))
        for at in starts
    )
    edges = sorted(draw(st.lists(st.floats(0, 33), min_size=2, max_size=10)))
    voices = Timeline.of(
        Span(start_s=a, end_s=b) for a, b in zip(edges[::2], edges[1::2], strict=False)
    )
    return said, voices


@given(spoken())
def test_snapped_words_stay_in_order_inside_voices(
    case: tuple[tuple[Word, ...], Timeline],
) -> None:
    said, voices = case
    put = snapped(said, voices)
    assert len(put) == len(said)
    for before, after in pairwise(put):
        assert before.span.end_s <= after.span.start_s or not voices
    if voices:
        home = voices.bridged(0.2)
        for word in put:
            assert any(
                voice.start_s - 1e-9 <= word.span.start_s <= word.span.end_s <= voice.end_s + 1e-9
                for voice in home
            )


def test_long_sound_is_cut_at_the_longest_silence() -> None:
    activity = heard((0, 10), (10.3, 15), (16.5, 20), (20.3, 30))
    windows = windows_of(activity, 31.0)
    assert len(windows) == 2
    assert windows[0][-1].end_s == pytest.approx(15.75)
    assert windows[1][0].start_s == pytest.approx(15.75)


def test_long_silence_is_left_out_and_times_are_put_back() -> None:
    (pieces,) = windows_of(heard((1, 2), (100, 102)), 103.0)
    assert [(piece.start_s, piece.end_s) for piece in pieces] == [(0, 3), (99, 103)]
    assert source_time_s(pieces, 1.5) == 1.5
    assert source_time_s(pieces, 4.5) == pytest.approx(100.5)
    assert source_time_s(pieces, 99.0) == 103.0


@given(st.lists(st.tuples(st.floats(0.1, 8.0), st.floats(0.12, 12.0)), max_size=40))
def test_windows_hold_all_speech_once_and_are_not_too_long(
    runs: list[tuple[float, float]],
) -> None:
    at_s = 0.0
    spans = []
    for voice_s, silence_s in runs:
        spans.append(Span(start_s=at_s, end_s=at_s + voice_s))
        at_s += voice_s + silence_s
    activity = Timeline.of(spans)
    windows = windows_of(activity, at_s)
    pieces = [piece for window in windows for piece in window]
    for before, after in pairwise(pieces):
        assert before.end_s <= after.start_s + 1e-9
    covered = Timeline.of(pieces)
    assert (activity - covered).duration_s == pytest.approx(0.0, abs=1e-9)
    for window in windows:
        assert sum(piece.duration_s for piece in window) <= MAX_WINDOW_S + 2.0 + 1e-6
