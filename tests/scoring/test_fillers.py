from __future__ import annotations

import pytest

from voice_coach.conversation import Filler, Measured, Span, Timeline, Unmeasured, Word
from voice_coach.scoring.attempt import Attempt, judge_attempt
from voice_coach.scoring.fillers import fillers_of, fillers_per_min, written

LONG = "I know um that you were waiting for me all evening".split()


def said(*texts: str, start_s: float = 0.0) -> tuple[Word, ...]:
    return tuple(
        Word(text=text, span=Span(start_s=start_s + at, end_s=start_s + at + 0.5))
        for at, text in enumerate(texts)
    )


def heard(start_s: float, end_s: float, text: str = "um") -> Filler:
    return Filler(text=text, span=Span(start_s=start_s, end_s=end_s), found="sound")


def attempt(words: tuple[Word, ...], fillers: tuple[Filler, ...] | None = None) -> Attempt:
    return Attempt(
        line="You said seven.",
        partner="Maya",
        feels=(),
        needs=(),
        facts=(),
        line_span=None,
        words=words,
        activity=Timeline.of(word.span for word in words),
        fillers=fillers,
    )


def test_written_fillers_are_found_with_their_times() -> None:
    found = written(said("I", "Um,", "was", "late,", "hmm."))
    assert [(each.text, each.span.start_s, each.found) for each in found] == [
        ("um", 1.0, "words"),
        ("hmm", 4.0, "words"),
    ]


@pytest.mark.parametrize("text", ["mm hm", "Hmm.", "mm-hm yeah"])
def test_listening_noises_are_no_fillers(text: str) -> None:
    assert written(said(*text.split())) == ()


def test_one_found_both_ways_is_counted_once_with_the_times_of_the_sound() -> None:
    found = fillers_of(said("I", "um", "was"), [heard(1.1, 1.4, "uh"), heard(2.6, 2.9)])
    assert found == (
        Filler(text="um", span=Span(start_s=1.1, end_s=1.4), found="words"),
        heard(2.6, 2.9),
    )


def test_two_written_in_a_row_need_two_in_the_sound() -> None:
    words = (
        Word(text="um", span=Span(start_s=0.0, end_s=0.3)),
        Word(text="uh", span=Span(start_s=0.4, end_s=0.7)),
    )
    found = fillers_of((*words, *said("late", start_s=1.0)), [heard(0.05, 0.3)])
    assert [(each.text, each.span.start_s) for each in found] == [("um", 0.05), ("uh", 0.4)]


def test_a_rate_needs_the_sound_and_enough_words() -> None:
    words = said(*LONG)
    activity = Timeline.of([Span(start_s=0.0, end_s=30.0)])
    found = fillers_of(words, [heard(12.0, 12.4)])
    rate = fillers_per_min(found, words, activity, unheard=None)
    assert rate == Measured(value=4.0, unit="fillers/min")
    reason = fillers_per_min(found, words, activity, unheard="no microphone")
    assert reason == Unmeasured(reason="no microphone", unit="fillers/min")
    few = fillers_per_min(found, words[:4], activity, unheard=None)
    assert few == Unmeasured(reason="under 8 words", unit="fillers/min")
    none = fillers_per_min(found, words, Timeline(), unheard=None)
    assert isinstance(none, Unmeasured)


def test_the_scorecard_has_them_and_their_rate() -> None:
    card = judge_attempt(attempt(said(*LONG), (heard(5.6, 5.9),)))
    assert [each.found for each in card.fillers] == ["words", "sound"]
    assert isinstance(card.measures["fillers_per_min"], Measured)


def test_without_sound_the_scorecard_says_why_there_is_no_rate() -> None:
    card = judge_attempt(attempt(said(*LONG)))
    assert [each.text for each in card.fillers] == ["um"]
    rate = card.measures["fillers_per_min"]
    assert isinstance(rate, Unmeasured)
    assert "not listened for" in rate.reason
