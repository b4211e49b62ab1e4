"""What no clock, no silence and no gain may change in a scorecard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_coach.audio.samples import Audio
from voice_coach.conversation import Measured, Span, Timeline, Word
from voice_coach.scoring.attempt import Attempt, judge_attempt
from voice_coach.scoring.scorecard import Scorecard
from voice_coach.scoring.track import ToneTrack

RATE_HZ = 16000
LINE = Span(start_s=1.0, end_s=6.0)
AUDIO_S = 16.0
WORD_S = 0.3
TEXTS = (
    "mm-hm",
    "yeah right",
    "no no",
    "but I never said that",
    "what",
    "I hear how tired you are",
    "you waited here for me and the dinner went cold",
)

burst = st.tuples(st.integers(5, 60).map(lambda tenth: tenth / 5), st.sampled_from(TEXTS))
bursts = st.lists(burst, min_size=1, max_size=4)
few = settings(deadline=None, max_examples=12)


def attempt(said: list[tuple[float, str]]) -> Attempt:
    """Bursts one after another, later ones put off until the one before is over, with their sound:
    a tone of the voice's pitch over soft noise."""
    words: list[Word] = []
    free_s = 0.0
    for wanted_s, text in sorted(said):
        start_s = max(wanted_s, free_s)
        for word in text.split():
            words.append(Word(text=word, span=Span(start_s=start_s, end_s=start_s + WORD_S)))
            start_s += WORD_S
        free_s = round(start_s + 0.2, 1)
    words = [word for word in words if word.span.end_s < AUDIO_S - 0.5]
    activity = Timeline.of(word.span for word in words)
    time_s = np.arange(round(AUDIO_S * RATE_HZ)) / RATE_HZ
    samples = np.random.default_rng(1).standard_normal(len(time_s)) * 3e-4
    for span in activity:
        inside = (time_s >= span.start_s) & (time_s < span.end_s)
        samples += inside * np.sin(2 * np.pi * 180 * time_s) * 0.1
    return Attempt(
        line="You said seven. It's nearly nine, and the dinner is cold.",
        partner="Maya",
        feels=(),
        needs=(),
        facts=(),
        line_span=LINE,
        words=tuple(words),
        activity=activity,
        audio=Audio(samples.astype(np.float32), RATE_HZ),
    )


def later(given_attempt: Attempt, by_s: float) -> Attempt:
    assert given_attempt.line_span is not None
    return replace(
        given_attempt,
        line_span=given_attempt.line_span.shifted(by_s),
        words=tuple(word.shifted(by_s) for word in given_attempt.words),
        activity=given_attempt.activity.shifted(by_s),
        audio_start_s=given_attempt.audio_start_s + by_s,
    )


def assert_alike(one: Any, other: Any, by_s: float = 0.0, where: str = "card") -> None:
    """The same value, its times later by so many seconds."""
    if isinstance(one, Span):
        assert other.start_s == pytest.approx(one.start_s + by_s, abs=1e-6, rel=1e-6), where
        assert other.end_s == pytest.approx(one.end_s + by_s, abs=1e-6, rel=1e-6), where
    elif isinstance(one, ToneTrack):
        assert other.start_s == pytest.approx(one.start_s + by_s, abs=1e-6, rel=1e-6), where
        assert replace(other, start_s=one.start_s) == one, where
    elif is_dataclass(one):
        assert type(one) is type(other), where
        for field in fields(one):
            name = field.name
            assert_alike(getattr(one, name), getattr(other, name), by_s, f"{where}.{name}")
    elif isinstance(one, Mapping):
        assert one.keys() == other.keys(), where
        for key in one:
            assert_alike(one[key], other[key], by_s, f"{where}[{key}]")
    elif isinstance(one, tuple):
        assert len(one) == len(other), where
        for at, (mine, theirs) in enumerate(zip(one, other, strict=True)):
            assert_alike(mine, theirs, by_s, f"{where}[{at}]")
    elif isinstance(one, float):
        assert other == pytest.approx(one, abs=1e-6, rel=1e-6), where
    else:
        assert one == other, where


@few
@given(bursts, st.floats(0.0, 7200.0))
def test_a_later_clock_shifts_the_times_and_nothing_else(
    said: list[tuple[float, str]], by_s: float
) -> None:
    here = attempt(said)
    assert_alike(judge_attempt(here), judge_attempt(later(here, by_s)), by_s)


@few
@given(bursts, st.floats(0.0, 30.0))
def test_silence_after_the_reply_changes_nothing(
    said: list[tuple[float, str]], silence_s: float
) -> None:
    here = attempt(said)
    assert here.audio is not None
    longer = Audio.joined([here.audio, Audio.silence(silence_s, RATE_HZ)])
    assert judge_attempt(replace(here, audio=longer)) == judge_attempt(here)


def kinds_and_times(card: Scorecard) -> tuple[Any, ...]:
    timed = (
        "words_per_min",
        "articulation_rate_syllables_per_s",
        "pause_share",
        "runs",
        "run_length_s",
        "run_length_syllables",
        "speed_up",
        "latency_s",
    )
    return (
        card.overlaps,
        card.pauses,
        card.interruptions,
        card.pacing,
        card.listening,
        tuple(card.measures[name] for name in timed),
    )


@few
@given(bursts, st.floats(-12.0, 12.0))
def test_a_louder_or_softer_voice_is_judged_alike(
    said: list[tuple[float, str]], gain_db: float
) -> None:
    here = attempt(said)
    assert here.audio is not None
    samples = here.audio.samples * np.float32(10 ** (gain_db / 20))
    card, other = judge_attempt(here), judge_attempt(replace(here, audio=Audio(samples, RATE_HZ)))
    assert_alike(kinds_and_times(card), kinds_and_times(other))
    level, louder = card.measures["level_db"], other.measures["level_db"]
    if isinstance(level, Measured) and isinstance(louder, Measured):
        assert louder.value - level.value == pytest.approx(gain_db, abs=0.1)
