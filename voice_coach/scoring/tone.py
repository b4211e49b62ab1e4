"""The sound of the voice: level and pitch of a reply, as numbers without a verdict.

Pitch is found by YIN (de Cheveigné & Kawahara 2002) as librosa has it, on voiced stretches only.
"""

from __future__ import annotations

import numpy as np

from voice_coach.audio.samples import Audio
from voice_coach.conversation import Measure, Measured, Timeline, Unmeasured

LOWEST_HZ = 65.0
HIGHEST_HZ = 450.0
"""Where YIN looks for a speaking voice: C2, librosa's own lower bound, and above the about 400 Hz
that lively voices reach. Chosen.
"""
AT_BOUND = 0.02
"""Share of a bound within which a pitch is the bound's, not the voice's. Chosen."""
FRAME = 1024
HOP = 320
"""YIN frame and hop in samples at 16 kHz: 64 ms for two periods of the lowest voice, each 20 ms."""

FEWEST_VOICED_S = 0.5
"""Less voice than this gives no pitch worth a number. Chosen."""

QUIET_DB = -55.0
"""A reply below this level lies in the noise of a laptop's microphone. Chosen."""
SILENCE = 1e-9
"""Level, as amplitude, that stands for none at all, so that it has a logarithm. Chosen."""
LOUD_PART_DB = 12.0
"""Frames this far under the loudest are breath and consonants, not voiced. Chosen."""


def tone_measures(reply: Audio, activity: Timeline) -> dict[str, Measure]:
    """Level and median pitch of the voiced stretches.

    Args:
        reply: the sound of the turn; its first sample is second 0 of ``activity``.
        activity: when the learner's voice was heard in it.

    Returns:
        ``level_db`` (dB re full scale) and ``pitch_median_hz`` (Hz), each measured or with its
        reason. The median, since YIN's octave errors on single frames would swell any range.
    """
    spoken = [reply.between(span.start_s, span.end_s) for span in activity]
    spoken = [part for part in spoken if len(part)]
    if not spoken:
        return _all_unmeasured("no voice was found in the sound")
    voice = Audio.joined(spoken)
    level_db = voice.level_db
    level = Measured(value=level_db, unit="dB")
    if level_db < QUIET_DB:
        return {**_all_unmeasured("too quiet"), "level_db": level}
    pitches_hz = _voiced_pitches(voice)
    if len(pitches_hz) * HOP / voice.rate_hz < FEWEST_VOICED_S:
        return {**_all_unmeasured(f"under {FEWEST_VOICED_S} s of voice"), "level_db": level}
    return {
        "level_db": level,
        "pitch_median_hz": Measured(value=float(np.median(pitches_hz)), unit="Hz"),
    }


def _all_unmeasured(reason: str) -> dict[str, Measure]:
    return {
        "level_db": Unmeasured(reason=reason, unit="dB"),
        "pitch_median_hz": Unmeasured(reason=reason, unit="Hz"),
    }


def _voiced_pitches(voice: Audio) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Pitch in Hz of the frames that are loud enough to be voiced and not at YIN's bounds."""
    import librosa

    if len(voice) < 2 * FRAME:
        return np.empty(0)
    pitch_hz = librosa.yin(
        voice.samples,
        fmin=LOWEST_HZ,
        fmax=HIGHEST_HZ,
        sr=voice.rate_hz,
        frame_length=FRAME,
        hop_length=HOP,
    )
    level_db = 20 * np.log10(
        librosa.feature.rms(y=voice.samples, frame_length=FRAME, hop_length=HOP)[0] + SILENCE
    )
    loud = level_db[: len(pitch_hz)] > level_db.max() - LOUD_PART_DB
    inside = (pitch_hz > LOWEST_HZ * (1 + AT_BOUND)) & (pitch_hz < HIGHEST_HZ * (1 - AT_BOUND))
    return np.asarray(pitch_hz[loud & inside], np.float64)
