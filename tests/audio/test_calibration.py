from __future__ import annotations

import numpy as np
import pytest

from voice_coach.audio.calibration import (
    CHIME_DB,
    EARLIEST_S,
    LATEST_S,
    NOT_HEARD,
    Calibration,
    calibrate,
    chime,
)
from voice_coach.audio.samples import Audio

RATE_HZ = 16_000


def session(delay_s: float, gain_db: float, noise_db: float = -65.0) -> tuple[Audio, Audio]:
    """The short sound between silences, and a microphone that hears it so late and so loudly."""
    played = Audio.joined([Audio.silence(0.5), chime(), Audio.silence(1.0)]).samples
    random = np.random.default_rng(3)
    late_s = np.arange(1600) / RATE_HZ
    response = random.normal(size=1600) * np.exp(-late_s / 0.02)
    heard = np.convolve(played, response / np.sqrt(np.sum(response**2)))[: len(played)]
    heard = np.roll(heard, round(delay_s * RATE_HZ)) * 10 ** (gain_db / 20)
    heard += random.normal(scale=10 ** (noise_db / 20), size=len(heard))
    return Audio(played, RATE_HZ), Audio(heard.astype(np.float32), RATE_HZ)


def test_the_short_sound_is_short_soft_and_clean() -> None:
    sound = chime()
    assert sound.duration_s <= 3.0
    assert sound.level_db == pytest.approx(CHIME_DB, abs=0.1)
    assert np.abs(sound.samples).max() < 0.5
    assert np.abs(sound.samples[[0, -1]]).max() < 0.01
    np.testing.assert_array_equal(sound.samples, chime().samples)


@pytest.mark.parametrize("delay_s", [EARLIEST_S + 0.05, -0.05, 0.0, 0.08, LATEST_S - 0.05])
def test_the_way_is_measured_wherever_the_devices_say_it_is(delay_s: float) -> None:
    found, _ = calibrate(*session(delay_s, -20.0))
    assert found.heard
    assert found.delay_s == pytest.approx(delay_s, abs=0.005)
    assert found.level_db == pytest.approx(CHIME_DB - 20.0, abs=1.5)
    assert found.erle_db > 10
    assert found.cancelled
    assert found.softer_heard
    assert found.room_db == pytest.approx(-65.0, abs=1.0)


def test_an_echo_just_over_the_room_counts_as_cancelled_when_nothing_is_left_of_it() -> None:
    found, _ = calibrate(*session(0.05, -32.0))
    assert found.heard
    assert found.left_db < 3
    assert found.cancelled
    assert not found.softer_heard


def test_headphones_are_known_by_their_silence() -> None:
    played, heard = session(0.05, -100.0)
    found, _ = calibrate(played, heard)
    assert found == NOT_HEARD
    assert not found.cancelled


def test_a_loudspeaker_that_distorts_is_not_trusted() -> None:
    played, heard = session(0.05, -10.0)
    broken = np.abs(heard.samples) ** 0.3 * np.sign(heard.samples) * 0.1
    found, _ = calibrate(played, Audio(broken.astype(np.float32), RATE_HZ))
    assert found.heard
    assert not found.cancelled


def test_it_is_kept_as_numbers() -> None:
    found, _ = calibrate(*session(0.02, -20.0))
    again = Calibration.from_kept(found.kept())
    assert again is not None
    assert again.cancelled == found.cancelled
    assert again.delay_s == pytest.approx(found.delay_s, abs=1e-4)
    assert Calibration.from_kept(NOT_HEARD.kept()) == NOT_HEARD
    assert Calibration.from_kept({}) is None
    assert Calibration.from_kept({"heard": 1.0}) is None
