"""The echo detector on read speech, real rooms and real noises.

Measured at the threshold of 21.5 (LibriSpeech test-other at -26 dB, room noise at -60 dB, eight
rooms' responses, delays up to 0.44 s; a talker is as loud as the line, or 6 dB up or down); so
many were called audible::

                                        3 s          5 s
    room noise                        0 / 200      0 / 200
    household noises at -40 dB        0 / 200      0 / 200
    another person talking            3 / 600      1 / 600
    echo at -20 dB                  100 / 100    100 / 100
    echo at -30 dB                  299 / 300    300 / 300
    echo at -36 dB                   84 / 100     97 / 100
    echo at -10 dB under a talker    60 / 100     74 / 100
    echo at -20 dB under a talker    19 / 100     21 / 100

The threshold was set on other draws of the same recordings. The tests run a small part of it.
"""

from __future__ import annotations

from itertools import cycle, islice, pairwise
from pathlib import Path

import numpy as np
import pytest

from voice_coach.audio.echo import NO_PATH, echo_path
from voice_coach.audio.files import read_recording
from voice_coach.audio.samples import Audio

LENGTH_S = 5.0
PAIRS = 12


def voice(seed: int, duration_s: float = LENGTH_S) -> Audio:
    """Noise that comes and goes, as unlike itself later as speech is."""
    random = np.random.default_rng(seed)
    count = round(duration_s * 16_000)
    loudness = np.repeat(random.uniform(0, 1, count // 1600 + 1), 1600)[:count]
    return Audio((random.normal(scale=0.05, size=count) * loudness).astype(np.float32), 16_000)


def levelled(audio: Audio, level_db: float) -> np.ndarray:
    sound = np.resize(audio.samples, round(LENGTH_S * 16_000))
    return sound * 10 ** ((level_db - Audio(sound, 16_000).level_db) / 20)


def room(seed: int, level_db: float = -60.0) -> np.ndarray:
    random = np.random.default_rng(seed).normal(size=round(LENGTH_S * 16_000))
    return random * 10 ** (level_db / 20)


def as_audio(samples: np.ndarray) -> Audio:
    return Audio(np.asarray(samples, np.float32), 16_000)


@pytest.mark.parametrize("delay_s", [0.0, 0.05, 0.2, 0.5])
@pytest.mark.parametrize("gain_db", [-6.0, -30.0])
def test_delay_and_gain_are_found(delay_s: float, gain_db: float) -> None:
    played = voice(1)
    delay = round(delay_s * 16_000)
    heard = np.concatenate([np.zeros(delay), played.samples])[: len(played)]
    path = echo_path(played, as_audio(heard * 10 ** (gain_db / 20) + room(2, -80.0)))
    assert path.audible
    assert path.delay_s == pytest.approx(delay_s, abs=1 / 16_000)
    assert path.gain_db == pytest.approx(gain_db, abs=1.0)


def test_silence_has_no_path() -> None:
    assert echo_path(voice(1), Audio.silence(LENGTH_S)) is NO_PATH
    assert echo_path(Audio.silence(LENGTH_S), voice(1)) is NO_PATH
    assert not NO_PATH.audible


def test_unrelated_sound_has_none() -> None:
    assert not any(echo_path(voice(k), voice(100 + k)).audible for k in range(20))
    assert not any(echo_path(voice(k), as_audio(room(200 + k))).audible for k in range(20))


def test_what_is_heard_before_it_is_played_is_no_echo() -> None:
    played = voice(1)
    assert not echo_path(played, as_audio(np.roll(played.samples, -4_000))).audible


def test_too_little_sound_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1 s"):
        echo_path(voice(1, 0.5), voice(1))


@pytest.fixture(scope="module")
def voices(shared_data: Path) -> list[Audio]:
    folder = shared_data / "audio" / "words" / "librispeech_test_other"
    return [read_recording(path).audio for path in sorted(folder.glob("*.flac"))[:: 50 // PAIRS]]


@pytest.fixture(scope="module")
def rooms(shared_data: Path) -> list[np.ndarray]:
    responses = []
    for path in sorted((shared_data / "audio" / "noise" / "rir").glob("*.wav")):
        response = read_recording(path).audio.samples
        response = response[max(0, int(np.argmax(np.abs(response))) - 20) :][:8_000]
        responses.append(response / np.sqrt(np.sum(response**2)))
    return responses


def test_leaked_speech_at_minus_30_db_is_found_in_real_rooms(
    voices: list[Audio], rooms: list[np.ndarray]
) -> None:
    from scipy.signal import fftconvolve

    for k, (played, response) in enumerate(zip(voices, cycle(rooms), strict=False)):
        out = levelled(played, -26.0)
        leaked = np.concatenate([np.zeros(800 * (k % 8)), fftconvolve(out, response)])
        path = echo_path(as_audio(out), as_audio(leaked[: len(out)] * 10 ** (-30 / 20) + room(k)))
        assert path.audible, k


def test_a_person_talking_over_the_line_with_headphones_on_is_no_echo(
    voices: list[Audio],
) -> None:
    for k, (played, talker) in enumerate(pairwise([*voices, voices[0]])):
        heard = levelled(talker, -20.0) + room(k)
        assert not echo_path(as_audio(levelled(played, -26.0)), as_audio(heard)).audible, k


def test_real_noises_are_no_echo(shared_data: Path, voices: list[Audio]) -> None:
    noises = sorted((shared_data / "audio" / "noise" / "esc50").glob("*.wav"))
    for played, path in islice(zip(voices, cycle(noises), strict=False), PAIRS):
        heard = levelled(read_recording(path).audio, -40.0)
        assert not echo_path(as_audio(levelled(played, -26.0)), as_audio(heard)).audible, path.name
