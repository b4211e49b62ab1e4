from __future__ import annotations

import numpy as np
import pytest

from voice_coach.audio.samples import Audio
from voice_coach.conversation import Measured, Span, Timeline, Unmeasured
from voice_coach.scoring.tone import tone_measures

RATE_HZ = 16_000


def hum(pitch_hz: float, duration_s: float, level: float = 0.1) -> Audio:
    times = np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    partials = sum(np.sin(2 * np.pi * pitch_hz * n * times) / n for n in range(1, 6))
    return Audio((level * partials).astype(np.float32), RATE_HZ)


@pytest.mark.parametrize("pitch_hz", [90.0, 140.0, 210.0, 320.0])
def test_the_pitch_of_a_hum_is_found(pitch_hz: float) -> None:
    voice = hum(pitch_hz, 2.0)
    measures = tone_measures(voice, Timeline.of([Span(start_s=0.0, end_s=2.0)]))
    pitch = measures["pitch_median_hz"]
    assert isinstance(pitch, Measured)
    assert pitch.value == pytest.approx(pitch_hz, rel=0.02)


def test_level_is_that_of_the_voiced_part_only() -> None:
    voice = Audio.joined([Audio.silence(3.0), hum(140.0, 1.0)])
    measures = tone_measures(voice, Timeline.of([Span(start_s=3.0, end_s=4.0)]))
    assert measures["level_db"] == Measured(
        value=pytest.approx(hum(140.0, 1.0).level_db, abs=0.1), unit="dB"
    )


def test_a_quiet_reply_says_why_it_has_no_pitch() -> None:
    measures = tone_measures(hum(140.0, 2.0, level=0.0005), Timeline.of([Span(start_s=0, end_s=2)]))
    assert measures["pitch_median_hz"] == Unmeasured(reason="too quiet", unit="Hz")
    assert isinstance(measures["level_db"], Measured)


def test_no_voice_says_so() -> None:
    measures = tone_measures(Audio.silence(2.0), Timeline())
    assert measures["pitch_median_hz"] == Unmeasured(
        reason="no voice was found in the sound", unit="Hz"
    )


def test_too_little_voice_says_so() -> None:
    measures = tone_measures(hum(140.0, 0.2), Timeline.of([Span(start_s=0.0, end_s=0.2)]))
    assert isinstance(measures["pitch_median_hz"], Unmeasured)
