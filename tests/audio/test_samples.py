from __future__ import annotations

import numpy as np
import pytest

from voice_coach.audio.samples import SILENCE_DB, Audio


def test_only_mono_float32_at_a_rate() -> None:
    with pytest.raises(ValueError, match="float64"):
        Audio(np.zeros(4), 16_000)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"\(4, 2\)"):
        Audio(np.zeros((4, 2), np.float32), 16_000)
    with pytest.raises(ValueError, match="more than zero"):
        Audio(np.zeros(4, np.float32), 0)


def test_level_of_a_full_scale_sine_is_3_db_down() -> None:
    sine = np.sin(2 * np.pi * 1000 * np.arange(16_000) / 16_000).astype(np.float32)
    assert Audio(sine, 16_000).level_db == pytest.approx(-3.01, abs=0.01)
    assert Audio.silence(1.0).level_db == SILENCE_DB
    assert Audio.silence(0.0).level_db == SILENCE_DB


def test_between_is_clipped_to_what_there_is() -> None:
    audio = Audio(np.arange(16_000, dtype=np.float32), 16_000)
    assert len(audio.between(0.5, 9.0)) == 8_000
    assert len(audio.between(-1.0, 0.25)) == 4_000
    assert len(audio.between(0.5, 0.25)) == 0


def test_joined_needs_one_rate() -> None:
    assert len(Audio.joined([Audio.silence(1.0), Audio.silence(0.5)])) == 24_000
    with pytest.raises(ValueError, match="one rate"):
        Audio.joined([Audio.silence(1.0), Audio.silence(1.0, 8_000)])


def test_resampling_keeps_length_and_pitch() -> None:
    sine = np.sin(2 * np.pi * 440 * np.arange(48_000) / 48_000).astype(np.float32)
    audio = Audio(sine, 48_000).at_rate(16_000)
    assert (len(audio), audio.rate_hz) == (16_000, 16_000)
    assert int(np.argmax(np.abs(np.fft.rfft(audio.samples)))) == 440
