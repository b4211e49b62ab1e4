from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.conversation import Measured, Overlap, Span, Timeline, Word
from voice_coach.scoring.floor import is_continuer
from voice_coach.scoring.interruptions import (
    early_latency,
    overlaps_with_line,
    score_interruptions,
)
from voice_coach.scoring.scorecard import Score

LINE = Span(start_s=2.0, end_s=10.0)


def burst(text: str, start_s: float, word_s: float = 0.3) -> tuple[Word, ...]:
    return tuple(
        Word(text=word, span=Span(start_s=start_s + n * word_s, end_s=start_s + (n + 1) * word_s))
        for n, word in enumerate(text.split())
    )


def found(*bursts: tuple[Word, ...]) -> tuple[Overlap, ...]:
    words = tuple(word for said in bursts for word in said)
    activity = Timeline.of(word.span for word in words)
    return overlaps_with_line(activity, words, LINE, by="you", over="Maya")


@pytest.mark.parametrize(
    "text", ["mm-hm", "Yeah.", "yeah, right", "Oh, I see", "Mm. Okay.", "Uh huh", "Yep, ok"]
)
def test_listening_noises_are_backchannels(text: str) -> None:
    assert is_continuer(text)
    (overlap,) = found(burst(text, 5.0))
    assert overlap.kind == "backchannel"


def test_words_that_take_the_floor_early_are_an_interruption() -> None:
    (overlap,) = found(burst("but I never said that at all", 8.6))
    assert overlap.kind == "interruption"
    assert overlap.span == Span(start_s=8.6, end_s=10.0)


def test_a_bid_for_the_floor_that_is_given_up_is_an_interruption_too() -> None:
    (overlap,) = found(burst("but wait", 5.0))
    assert overlap.kind == "interruption"


@pytest.mark.parametrize("text", ["I... I...", "I, I", "see see", "I yeah", "да yeah"])
def test_a_bid_for_the_floor_is_no_listening_noise(text: str) -> None:
    assert not is_continuer(text)
    (overlap,) = found(burst(text, 5.0))
    assert overlap.kind == "interruption"


@pytest.mark.parametrize("text", ["go on", "Oh no.", "I understand.", "Oh my God"])
def test_agreeing_or_asking_for_more_is_no_interruption(text: str) -> None:
    (overlap,) = found(burst(text, 5.0))
    assert overlap.kind == "backchannel"


@pytest.mark.parametrize("text", ["no", "No, no.", "no, no, okay", "I know, I know", "um, er"])
def test_what_agrees_or_contradicts_or_neither_is_unclear(text: str) -> None:
    (overlap,) = found(burst(text, 5.0))
    assert overlap.kind == "unclear"


def test_a_few_words_hardly_recognised_are_unclear() -> None:
    words = tuple(replace(word, probability=0.3) for word in burst("rate rate", 5.0))
    (overlap,) = found(words)
    assert overlap.kind == "unclear"
    many = tuple(replace(word, probability=0.3) for word in burst("but I never said it", 5.0))
    (overlap,) = found(many)
    assert overlap.kind == "interruption"


def test_the_words_shown_are_those_of_the_overlap() -> None:
    words = (*burst("but wait", 5.0), *burst("you waited for me", 10.6))
    score = score_interruptions(found(words), words, LINE, not_scored=None)
    assert [seen.quote for seen in score.observations] == ["but wait"]


def test_coming_in_during_the_last_half_second_is_terminal() -> None:
    (overlap,) = found(burst("I hear how tired you are", 9.6))
    assert overlap.kind == "terminal"


def test_one_stray_word_or_none_is_unclear() -> None:
    (overlap,) = found(burst("what", 5.0))
    assert overlap.kind == "unclear"
    activity = Timeline.of([Span(start_s=5.0, end_s=5.4)])
    (cough,) = overlaps_with_line(activity, (), LINE, by="you", over="Maya")
    assert cough.kind == "unclear"


def test_a_backchannel_then_a_reply_after_the_line_is_no_interruption() -> None:
    overlaps = found(burst("mm-hm", 6.0), burst("I hear you", 10.7))
    assert [overlap.kind for overlap in overlaps] == ["backchannel"]


def test_a_continuer_that_runs_on_into_the_floor_is_an_interruption() -> None:
    (overlap,) = found(burst("yeah but I never promised that to you", 8.0))
    assert overlap.kind == "interruption"


def test_nothing_said_over_the_line_scores_full() -> None:
    words = burst("I hear you", 10.4)
    score = score_interruptions(found(words), words, LINE, not_scored=None)
    assert score.score == 100
    assert score.observations[0].text == "You let the line finish"


def test_an_interruption_costs_and_shows_its_words_and_moment() -> None:
    words = burst("but I never said that at all", 8.6)
    score = score_interruptions(found(words), words, LINE, not_scored=None)
    assert score.score is not None
    assert 50 <= score.score < 61
    (seen,) = score.observations
    assert seen.text == "You came in 1.4 s before Maya had finished"
    assert seen.quote == "but I never said that at"


@pytest.mark.parametrize("text", ["mm-hm", "yeah"])
def test_backchannels_and_terminal_overlaps_cost_nothing(text: str) -> None:
    words = (*burst(text, 4.0), *burst("I hear how tired you are", 9.7))
    score = score_interruptions(found(words), words, LINE, not_scored=None)
    assert score.score == 100


def left_off(silent: Timeline) -> tuple[tuple[Overlap, ...], Score]:
    words = burst("But I never said that at all", 6.0)
    activity = Timeline.of(word.span for word in words)
    overlaps = overlaps_with_line(activity, words, LINE, by="you", over="Maya", silent=silent)
    return overlaps, score_interruptions(overlaps, words, LINE, not_scored=None, silent=silent)


def test_where_the_partner_left_off_nothing_overlaps_and_the_rest_is_told() -> None:
    (overlap,), score = left_off(Timeline.of([Span(start_s=7.0, end_s=LINE.end_s)]))
    assert overlap.kind == "interruption"
    assert overlap.span.end_s == pytest.approx(7.0)
    came_in, unsaid = score.observations
    assert "4.0 s before Maya had finished" in came_in.text
    assert "last 3.0 s" in unsaid.text
    assert score.score == 50  # one interruption, and half of the line covered or never said


def test_the_time_the_partner_waited_is_no_part_of_the_line() -> None:
    waited = Timeline.of([Span(start_s=8.5, end_s=9.5)])
    _, whole = left_off(Timeline())
    _, score = left_off(waited)
    assert "4.0 s before" in whole.observations[0].text
    assert "3.0 s before" in score.observations[0].text


def test_what_cannot_be_trusted_is_not_scored() -> None:
    score = score_interruptions((), (), LINE, not_scored="echo not cancelled")
    assert score.score is None
    assert score.reason == "echo not cancelled"


starts = st.floats(min_value=0.0, max_value=12.0, allow_nan=False)
texts = st.sampled_from(["mm-hm", "yeah", "but I never", "what", "I hear you", "no no wait"])


@given(st.lists(st.tuples(starts, texts), max_size=4), st.floats(min_value=0, max_value=500))
def test_shifting_time_shifts_the_overlaps(bursts: list[tuple[float, str]], by_s: float) -> None:
    words = tuple(
        sorted(
            (word for start_s, text in bursts for word in burst(text, start_s)),
            key=lambda word: word.span,
        )
    )
    activity = Timeline.of(word.span for word in words)
    here = overlaps_with_line(activity, words, LINE, by="you", over="Maya")
    there = overlaps_with_line(
        activity.shifted(by_s),
        tuple(word.shifted(by_s) for word in words),
        LINE.shifted(by_s),
        by="you",
        over="Maya",
    )
    assert len(here) == len(there)
    for one, other in zip(here, there, strict=True):
        assert other.span.start_s == pytest.approx(one.span.start_s + by_s, abs=1e-6)


@given(st.lists(st.tuples(starts, texts), max_size=4))
def test_silence_appended_changes_nothing(bursts: list[tuple[float, str]]) -> None:
    words = tuple(word for start_s, text in bursts for word in burst(text, start_s))
    activity = Timeline.of(word.span for word in words)
    here = overlaps_with_line(activity, words, LINE, by="you", over="Maya")
    longer = activity | Timeline()
    assert overlaps_with_line(longer, words, LINE, by="you", over="Maya") == here


def by_time(start_s: float, end_s: float) -> Overlap:
    voice = Timeline.of([Span(start_s=start_s, end_s=end_s)])
    (overlap,) = overlaps_with_line(voice, (), LINE, by="you", over="Maya", worded=False)
    return overlap


def test_a_voice_of_unknown_words_counts_by_when_it_was_heard() -> None:
    assert by_time(9.6, 12.0).kind == "terminal"
    assert by_time(8.0, 12.0).kind == "interruption"
    assert by_time(5.0, 6.5).kind == "interruption"
    assert by_time(5.0, 5.6).kind == "unclear"


def test_a_voice_of_unknown_words_is_not_quoted() -> None:
    overlap = by_time(8.0, 12.0)
    score = score_interruptions(
        (overlap,), burst("so you were there", 10.2), LINE, not_scored=None, worded=False
    )
    assert score.score is not None
    assert score.score < 100
    assert score.observations[0].quote == ""


def test_a_reply_that_began_over_the_line_was_early() -> None:
    late = Measured(value=0.3, unit="s")
    voice = Timeline.of([Span(start_s=8.0, end_s=9.9), Span(start_s=10.3, end_s=14.0)])
    assert early_latency(late, voice, 10.0) == Measured(value=-2.0, unit="s")
    apart = Timeline.of([Span(start_s=5.0, end_s=6.0), Span(start_s=10.3, end_s=14.0)])
    assert early_latency(late, apart, 10.0) == late
