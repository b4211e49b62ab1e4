"""Pitch frame by frame, on sounds whose pitch is known, and against Praat on real speech."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_coach.audio.samples import Audio
from voice_coach.conversation import Span, Timeline
from voice_coach.scoring.pitch import HOP_S, PitchFrames, pitch_of
from voice_coach.scoring.tone import tone_of

RATE_HZ = 16_000


def glide(from_hz: float, to_hz: float, duration_s: float, rate_hz: int = RATE_HZ) -> Audio:
    """A voice of eight partials whose pitch glides in even musical steps."""
    times = np.arange(round(duration_s * rate_hz)) / rate_hz
    pitch_hz = from_hz * (to_hz / from_hz) ** (times / duration_s)
    phase = 2 * np.pi * np.cumsum(pitch_hz) / rate_hz
    voice = sum(np.sin(n * phase) / n for n in range(1, 9))
    return Audio((0.1 * np.asarray(voice)).astype(np.float32), rate_hz)


def all_of(sound: Audio) -> Timeline:
    return Timeline.of([Span(start_s=0.0, end_s=sound.duration_s)])


def found_in(sound: Audio) -> PitchFrames:
    return pitch_of(sound, all_of(sound))


def noise(duration_s: float, level: float) -> Audio:
    random = np.random.default_rng(5)
    samples = level * random.standard_normal(round(duration_s * RATE_HZ))
    return Audio(samples.astype(np.float32), RATE_HZ)


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 44_100])
@pytest.mark.parametrize(("from_hz", "to_hz"), [(80.0, 120.0), (130.0, 260.0), (300.0, 500.0)])
def test_a_glide_is_followed_to_a_tenth_of_a_semitone(
    from_hz: float, to_hz: float, rate_hz: int
) -> None:
    frames = found_in(glide(from_hz, to_hz, 1.0, rate_hz))
    inner = (frames.times_s > 0.05) & (frames.times_s < 0.95)
    assert frames.voiced[inner].all()
    true_hz = from_hz * (to_hz / from_hz) ** frames.times_s
    off = 12 * np.log2(frames.pitch_hz[inner] / true_hz[inner])
    assert np.abs(off).max() < 0.1


def test_noise_and_silence_have_no_pitch() -> None:
    assert found_in(noise(1.0, 0.1)).voiced.mean() < 0.05
    assert not found_in(Audio.silence(1.0)).voiced.any()


def test_a_voice_with_every_second_period_weaker_is_not_an_octave_lower() -> None:
    voice = glide(200.0, 200.0, 1.0)
    halves = 1.0 + 0.1 * np.sin(2 * np.pi * 100.0 * np.arange(len(voice)) / RATE_HZ)
    frames = found_in(Audio((voice.samples * halves).astype(np.float32), RATE_HZ))
    assert np.median(frames.pitch_hz[frames.voiced]) == pytest.approx(200.0, rel=0.005)


def test_only_what_is_asked_for_is_looked_at() -> None:
    voice = Audio.joined([glide(100.0, 100.0, 1.0), glide(200.0, 200.0, 1.0)])
    frames = pitch_of(voice, Timeline.of([Span(start_s=1.2, end_s=1.8)]))
    assert len(frames.times_s) == pytest.approx(0.6 / HOP_S, abs=1)
    assert frames.pitch_hz == pytest.approx(200.0, rel=0.005)
    assert not len(pitch_of(voice, Timeline()).times_s)


@settings(max_examples=10, deadline=None)
@given(gain_db=st.floats(-12, 12))
def test_a_gain_changes_nothing_of_the_pitch(gain_db: float) -> None:
    voice = Audio.joined([glide(110.0, 160.0, 0.5), noise(0.2, 0.003), glide(140.0, 90.0, 0.5)])
    louder = Audio((voice.samples * 10 ** (gain_db / 20)).astype(np.float32), RATE_HZ)
    before, after = found_in(voice), found_in(louder)
    assert after.pitch_hz == pytest.approx(before.pitch_hz, rel=1e-3)
    assert after.level_db == pytest.approx(before.level_db + gain_db, abs=0.01)


@settings(max_examples=10, deadline=None)
@given(silence_s=st.floats(0, 3))
def test_silence_appended_changes_nothing(silence_s: float) -> None:
    voice = Audio.joined([glide(110.0, 160.0, 0.6), Audio.silence(0.2), glide(140.0, 90.0, 0.6)])
    longer = Audio.joined([voice, Audio.silence(silence_s)])
    before, after = tone_of(voice, all_of(voice)), tone_of(longer, all_of(longer))
    for name, measure in before.measures.items():
        assert after.measures[name].value == pytest.approx(measure.value, rel=1e-4), name


def test_real_speech_has_the_pitch_that_praat_hears(shared_data: Path) -> None:
    if find_spec("parselmouth") is None:
        pytest.skip("Praat is not here (pip install praat-parselmouth)")
    from parselmouth import Sound

    errors = []
    for path in sorted(shared_data.glob("audio/words/timit_nltk/**/*.wav"))[::16]:
        samples, rate_hz = soundfile.read(path, dtype="float32")
        praat = Sound(samples.astype(np.float64), rate_hz).to_pitch_ac(time_step=HOP_S)
        theirs = np.asarray(praat.selected_array["frequency"])
        frames = found_in(Audio(samples, rate_hz))
        at = np.clip(
            np.round(np.asarray(praat.xs()) / HOP_S).astype(int), 0, len(frames.times_s) - 1
        )
        both = (theirs > 0) & frames.voiced[at]
        assert both.sum() > 0.8 * (theirs > 0).sum()
        errors.append(12 * np.log2(frames.pitch_hz[at][both] / theirs[both]))
    assert errors
    assert np.median(np.abs(np.concatenate(errors))) < 0.3
