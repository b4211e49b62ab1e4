from __future__ import annotations

import shutil
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from voice_coach.coaching.platform_voice import PlatformVoice
from voice_coach.errors import UserError

HAS_ESPEAK = shutil.which("espeak-ng") is not None
needs_espeak = pytest.mark.skipif(not HAS_ESPEAK, reason="espeak-ng is not installed")


@needs_espeak
def test_the_three_speakers_sound_different() -> None:
    sounds = [
        PlatformVoice(speaker=speaker, driver="espeak").render("I sat here with the dinner.")
        for speaker in ("female", "male", "coach")
    ]
    assert all(1.0 < sound.duration_s < 4.0 for sound in sounds)
    lengths = {len(sound) for sound in sounds}
    assert len(lengths) == 3


@needs_espeak
def test_text_is_never_a_command_nor_an_argument() -> None:
    voice = PlatformVoice(speaker="male", driver="espeak")
    audio = voice.render('$(touch owned); --version "quotes" \n and it\'s fine, naïve')
    assert audio.duration_s > 2.0


@needs_espeak
def test_a_busy_machine_loses_no_line() -> None:
    voice = PlatformVoice(speaker="female", driver="espeak", timeout_s=60.0)
    with ThreadPoolExecutor(8) as pool:
        sounds = list(pool.map(lambda _: voice.render("I sat here and waited."), range(16)))
    assert len({len(sound) for sound in sounds}) == 1


def test_a_child_that_takes_too_long_is_stopped() -> None:
    # a real child, stopped while Python is still starting: the same as one that hangs
    started = time.monotonic()
    with pytest.raises(UserError, match=r"did not answer within 0\.02 s"):
        PlatformVoice(speaker="male", timeout_s=0.02).render("Hello.")
    assert time.monotonic() - started < 5.0


def test_without_a_speech_engine_one_line_names_the_package(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(UserError, match="sudo apt-get install espeak-ng") as fault:
        PlatformVoice(speaker="male", driver="nowhere").render("Hello.")
    assert "\n" not in str(fault.value)


def test_a_driver_that_writes_nothing_is_one_plain_line() -> None:
    with pytest.raises(UserError, match=r"choose --voice neural|Choose --voice neural"):
        PlatformVoice(speaker="male", driver="dummy").render("Hello.")


def test_nothing_to_say_starts_no_child() -> None:
    audio = PlatformVoice(speaker="male", driver="nowhere").render(" … ")
    assert np.array_equal(audio.samples, np.zeros(0, np.float32))
