from __future__ import annotations

import pytest

from voice_coach.conversation import Measure, Measured, Span, Timeline, Unmeasured, Word
from voice_coach.scoring.pacing import pacing_measures, pauses_of, score_pacing
from voice_coach.scoring.scorecard import Score
from voice_coach.scoring.syllables import count_syllables

LINE_END_S = 10.0


def said(
    words_per_min: float, count: int = 20, start_s: float = 11.0, first: int = 0
) -> tuple[Word, ...]:
    step_s = 60.0 / words_per_min
    return tuple(
        Word(
            text=("tired", "fired")[(n + first) % 2],  # a word said twice in a row counts once
            span=Span(start_s=start_s + n * step_s, end_s=start_s + (n + 1) * step_s),
        )
        for n in range(count)
    )


def judged(
    words: tuple[Word, ...], activity: Timeline | None = None, void: str | None = None
) -> tuple[dict[str, Measure], Score]:
    heard = activity or Timeline.of(word.span for word in words)
    measures = pacing_measures(words, heard, line_end_s=LINE_END_S, latency_void=void)
    return measures, score_pacing(measures, words, pauses_of(heard))


def test_a_comfortable_pace_scores_full() -> None:
    measures, score = judged(said(140))
    assert measures["words_per_min"] == Measured(value=pytest.approx(140), unit="words/min")
    assert score.score == 100
    assert "140 words a minute" in score.observations[0].text


def test_a_hurried_reply_scores_less_and_shows_where() -> None:
    _, score = judged(said(300))
    assert score.score is not None
    assert 20 < score.score < 70
    assert any(seen.text == "The quickest stretch" and seen.quote for seen in score.observations)


@pytest.mark.parametrize("pace", [20, 45, 70, 99])
def test_a_slow_voice_costs_nothing(pace: float) -> None:
    _, score = judged(said(pace))
    assert score.score == 100
    assert score.observations[0].text == f"{pace} words a minute: unhurried"


@pytest.mark.parametrize("pause_s", [0.0, 3.0, 6.0, 12.0])
def test_thinking_inside_a_reply_costs_nothing(pause_s: float) -> None:
    words = (*said(140, count=7), *said(140, count=7, start_s=14.0 + pause_s, first=1))
    measures, score = judged(words)
    assert score.score == 100
    pace = measures["words_per_min"]
    assert isinstance(pace, Measured)
    assert pace.value == pytest.approx(14 / ((6.0 + pause_s) / 60))


def test_speech_between_pauses_can_be_hurried() -> None:
    words = (*said(300, count=10), *said(300, count=10, start_s=20.0))
    measures, score = judged(words)
    assert isinstance(measures["words_per_min"], Measured)
    assert measures["words_per_min"].value < 165
    assert score.score == judged(said(300))[1].score
    assert score.observations[0].text.startswith("300 words a minute between the pauses: hard")
    assert score.observations[1].text == "The quickest stretch"


@pytest.mark.parametrize("pace", [190, 217, 223])
def test_a_sentence_at_the_pace_at_which_people_read_calmly_is_no_hurry(pace: float) -> None:
    _, score = judged(said(pace, count=12))
    assert score.score == 100
    assert "easy to follow" in score.observations[0].text


def test_a_long_reply_is_held_against_the_norm_of_minutes() -> None:
    short, long = (judged(said(215, count=count))[1].score for count in (20, 60))
    assert (short, long) == (100, 74)


def test_few_words_between_long_pauses_hurry_nobody() -> None:
    words = tuple(word for at in range(5) for word in said(230, count=5, start_s=11.0 + 4.0 * at))
    assert judged(words)[1].score == 100


def test_a_stammer_is_time_and_no_speed() -> None:
    step_s = 0.2
    stammered = tuple(
        Word(text=text, span=Span(start_s=11.0 + n * step_s, end_s=11.0 + (n + 1) * step_s))
        for n, text in enumerate(
            "I I I I was was was w-w-was late and I'm I'm I'm so so sorry about it".split()
        )
    )
    measures, score = judged(stammered)
    assert measures["words_per_min"] == Measured(
        value=pytest.approx(9 / (len(stammered) * step_s / 60)), unit="words/min"
    )
    assert score.score == 100


def test_pace_is_not_given_for_a_few_words() -> None:
    measures, score = judged(said(140, count=7))
    assert measures["words_per_min"] == Unmeasured(reason="under 8 words", unit="words/min")
    assert score.score is None
    assert score.reason == "under 8 words"


def test_silence_before_a_reply_is_credited_and_never_costs() -> None:
    quick = judged(said(175, start_s=10.2))[1]
    thoughtful = judged(said(175, start_s=13.6))[1]
    assert quick.score is not None
    assert thoughtful.score is not None
    assert thoughtful.score == min(100, quick.score + 10)
    assert any("waited 3.6 s" in seen.text for seen in thoughtful.observations)


def test_silence_is_praised_even_where_the_pace_cannot_be_judged() -> None:
    _, score = judged(said(140, count=5, start_s=14.0))
    assert score.score is None
    assert any("waited 4.0 s" in seen.text for seen in score.observations)


def test_latency_is_negative_for_a_reply_that_came_in_early() -> None:
    measures, _ = judged(said(140, start_s=9.2))
    assert measures["latency_s"] == Measured(value=pytest.approx(-0.8), unit="s")


def test_latency_is_void_where_the_device_delays() -> None:
    measures, score = judged(said(140, start_s=14.0), void="Bluetooth")
    assert measures["latency_s"] == Unmeasured(reason="Bluetooth", unit="s")
    assert not any("waited" in seen.text for seen in score.observations)


def test_pauses_are_silences_of_a_quarter_second_within_the_turn() -> None:
    activity = Timeline.of(
        [
            Span(start_s=0.0, end_s=1.0),
            Span(start_s=1.2, end_s=2.0),
            Span(start_s=2.25, end_s=3.0),
            Span(start_s=4.5, end_s=5.0),
        ]
    )
    assert pauses_of(activity) == (Span(start_s=2.0, end_s=2.25), Span(start_s=3.0, end_s=4.5))


def test_a_long_pause_is_shown_with_the_words_before_it() -> None:
    words = (*said(140, count=10), *said(140, count=10, start_s=17.0))
    _, score = judged(words)
    pause = next(seen for seen in score.observations if "left room" in seen.text)
    assert pause.quote == "fired tired fired"
    assert pause.span is not None
    assert pause.span.end_s == pytest.approx(17.0)


def test_shifting_time_shifts_nothing_but_time() -> None:
    words = said(180)
    later = tuple(word.shifted(100.0) for word in words)
    here = judged(words)[1]
    heard = Timeline.of(word.span for word in later)
    measures = pacing_measures(later, heard, line_end_s=LINE_END_S + 100.0, latency_void=None)
    there = score_pacing(measures, later, pauses_of(heard))
    assert there.score == here.score
    assert [seen.quote for seen in there.observations] == [seen.quote for seen in here.observations]


def test_articulation_rate_leaves_out_pauses_and_no_shorter_silence() -> None:
    activity = Timeline.of(
        [
            Span(start_s=11.0, end_s=13.0),
            Span(start_s=13.2, end_s=14.0),  # a closure before it: part of the speech
            Span(start_s=15.0, end_s=17.0),  # a pause before it
        ]
    )
    measures, _ = judged(said(140, count=10), activity)
    rate = measures["articulation_rate_syllables_per_s"]
    assert rate == Measured(
        value=pytest.approx(10 * count_syllables("tired") / 5.0), unit="syllables/s"
    )


def test_runs_are_the_speech_between_pauses() -> None:
    words = (*said(140, count=8), *said(140, count=4, start_s=16.0))
    measures, _ = judged(words)
    spoken_s = [8 * 60 / 140, 4 * 60 / 140]
    assert measures["runs"] == Measured(value=2, unit="runs")
    assert measures["run_length_s"] == Measured(value=pytest.approx(sum(spoken_s) / 2), unit="s")
    syllables = 12 * count_syllables("tired")
    assert measures["run_length_syllables"] == Measured(value=syllables / 2, unit="syllables")


def test_runs_of_what_was_not_heard_say_so() -> None:
    few, _ = judged(said(140, count=7))
    assert few["run_length_syllables"] == Unmeasured(reason="under 8 words", unit="syllables")
    silent = pacing_measures(said(140), Timeline(), line_end_s=None, latency_void=None)
    for name, unit in (("runs", "runs"), ("run_length_s", "s"), ("speed_up", "share")):
        assert silent[name] == Unmeasured(reason="no voice was found in the sound", unit=unit)


def quickening(last_words_per_min: float) -> tuple[Word, ...]:
    """Two thirds at 120 words a minute, a pause, and a last third at another pace."""
    return (*said(120, count=20), *said(last_words_per_min, count=10, start_s=22.0))


@pytest.mark.parametrize(("pace", "told"), [(120, False), (140, False), (156, True)])
def test_a_reply_that_grows_quicker_is_told_so_and_costs_nothing_by_that(
    pace: float, told: bool
) -> None:
    measures, score = judged(quickening(pace))
    assert measures["speed_up"] == Measured(value=pytest.approx(pace / 120 - 1), unit="share")
    seen = [each for each in score.observations if "quicker" in each.text]
    assert score.score == 100
    assert bool(seen) == told
    if told:
        assert seen[0].text == "You grew 30% quicker from the first third to the last, from here on"
        assert seen[0].quote == "tired fired tired"
        assert seen[0].span is not None
        assert seen[0].span.start_s == 22.0


def test_a_short_reply_has_no_thirds() -> None:
    measures, _ = judged(said(140, count=23))
    assert measures["speed_up"] == Unmeasured(reason="under 24 words", unit="share")
