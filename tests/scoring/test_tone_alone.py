"""The tone of an attempt is of the learner's voice alone, and against their own baseline."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from voice_coach.audio.samples import Audio
from voice_coach.conversation import Measured, Span, Timeline, Unmeasured
from voice_coach.scoring.attempt import TAIL_S, Attempt, judge_attempt
from voice_coach.scoring.baseline import Baseline
from voice_coach.scoring.compared import NO_BASELINE

RATE_HZ = 16_000
LINE = Span(start_s=10.0, end_s=12.0)


def hum(pitch_hz: float, duration_s: float) -> Audio:
    times = np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    partials = sum(np.sin(2 * np.pi * pitch_hz * n * times) / n for n in range(1, 6))
    return Audio((0.1 * np.asarray(partials)).astype(np.float32), RATE_HZ)


ATTEMPT = Attempt(
    line="You're late.",
    partner="Maya",
    feels=(),
    needs=(),
    facts=(),
    line_span=LINE,
    words=(),
    activity=Timeline.of([Span(start_s=10.5, end_s=15.0)]),
    # As high as no voice of theirs while the line sounds and rings on, then their own.
    audio=Audio.joined([hum(260.0, 2.0 + TAIL_S), hum(120.0, 2.7)]),
    audio_start_s=LINE.start_s,
)
OWN = Baseline(
    usual={"pitch_median_hz": 100.0, "level_db": -20.0}, device="desk", readings=1, turns=0
)


def test_what_sounded_over_the_line_is_no_part_of_the_tone() -> None:
    card = judge_attempt(ATTEMPT)
    assert card.measures["pitch_median_hz"] == Measured(
        value=pytest.approx(120.0, rel=0.005), unit="Hz"
    )
    assert card.track is not None
    assert card.track.span.start_s == pytest.approx(LINE.end_s + TAIL_S, abs=0.02)
    assert {pitch for pitch in card.track.pitch_hz[1:] if pitch} <= set(range(119, 122))


def test_a_voice_that_sounded_only_over_the_line_says_so() -> None:
    card = judge_attempt(replace(ATTEMPT, activity=Timeline.of([Span(start_s=10.5, end_s=12.1)])))
    reason = "you spoke only while the line sounded"
    assert card.measures["level_db"] == Unmeasured(reason=reason, unit="dB")
    assert card.track is None


def test_a_voice_was_alone_where_the_partner_had_left_off() -> None:
    """She meant to speak from 10 to 19 s and left off at 14.2; they spoke from 13 to 16.6 s."""
    meant = Span(start_s=10.0, end_s=19.0)
    card = judge_attempt(
        replace(
            ATTEMPT,
            line_span=meant,
            line_silent=Timeline.of([Span(start_s=14.2, end_s=19.0)]),
            activity=Timeline.of([Span(start_s=13.0, end_s=16.6)]),
            audio=Audio.joined([hum(260.0, 4.2 + TAIL_S), hum(120.0, 4.5)]),
        )
    )
    assert card.measures["pitch_median_hz"] == Measured(
        value=pytest.approx(120.0, rel=0.005), unit="Hz"
    )


def test_the_tone_is_compared_with_the_persons_own_baseline_only() -> None:
    assert judge_attempt(ATTEMPT).tone.reason == NO_BASELINE
    tone = judge_attempt(replace(ATTEMPT, baseline=OWN)).tone
    assert tone.tone == "tense"
    assert tone.reason.startswith("3.2 semitones above your usual 100 Hz, ")
