from __future__ import annotations

import pytest

from voice_coach.conversation import Measured, Span, Timeline, Word
from voice_coach.scoring.attempt import Attempt, judge_attempt

LINE = Span(start_s=0.0, end_s=6.0)


def said(text: str, start_s: float, step_s: float = 0.3) -> tuple[Word, ...]:
    return tuple(
        Word(text=word, span=Span(start_s=start_s + n * step_s, end_s=start_s + (n + 1) * step_s))
        for n, word in enumerate(text.split())
    )


def attempt(words: tuple[Word, ...], line_silent: Timeline | None = None) -> Attempt:
    return Attempt(
        line="You said seven, and I sat here with the dinner going cold.",
        partner="Maya",
        feels=(),
        needs=(),
        facts=(),
        line_span=LINE,
        words=words,
        activity=Timeline.of(word.span for word in words),
        line_silent=line_silent or Timeline(),
    )


CUT_IN = said("But I never", 2.0, 0.2)
ANSWER = said("you sat here with a cold dinner and I was late again", 6.6)


def test_the_partners_own_speech_is_no_pause_of_the_learner() -> None:
    card = judge_attempt(attempt((*CUT_IN, *ANSWER)))
    alone = judge_attempt(attempt(ANSWER))
    assert card.overlaps
    assert not any("left room" in seen.text for seen in card.pacing.observations)
    assert card.pauses == ()
    for name in ("words_per_min", "pause_share", "articulation_rate_syllables_per_s", "runs"):
        assert card.measures[name] == alone.measures[name], name
    assert card.measures["latency_s"] == Measured(value=pytest.approx(-4.0), unit="s")


def test_silence_while_the_partner_had_left_off_is_a_pause() -> None:
    silent = Timeline.of([Span(start_s=2.7, end_s=6.0)])
    card = judge_attempt(attempt((*CUT_IN, *ANSWER), silent))
    (pause,) = card.pauses
    assert (pause.start_s, pause.end_s) == pytest.approx((2.6, 6.6))


def test_a_breath_in_talk_over_the_line_does_not_cut_the_reply() -> None:
    over = said("you never let me say one thing and I am so tired of all this you", 1.0, 0.3)
    rest = said("never listened to me", over[-1].span.end_s + 0.3)
    card = judge_attempt(attempt((*over, *rest)))
    assert card.pacing.score is not None
