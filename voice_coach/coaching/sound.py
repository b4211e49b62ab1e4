"""Making rendered speech fit to be played: one rate, one loudness, short edges, no clipping."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voice_coach.audio.samples import Audio

if TYPE_CHECKING:
    import numpy.typing as npt

VOICE_RATE_HZ = 24_000
"""Every voice renders at this rate, so that pieces of any voice can be joined: hibari's."""

SOUND_VERSION = 1
"""Raised whenever this module would make another sound of the same samples: kept lines renew."""

SPEECH_LEVEL_DB = -20.0
"""Root-mean-square level of the speech, pauses left out. Chosen: loud enough for a laptop."""

PEAK_CEILING = 0.95
"""No sample lies above this. Chosen: leaves half a decibel for the resampling that follows."""

PEAK_KNEE = 0.7
"""Up to here samples are left alone; above, they are bent softly towards the ceiling. Chosen."""

FRAME_S = 0.02
SPEECH_RANGE_DB = 25.0
"""Frames this far under the loud ones still count as speech for the level. Chosen."""

EDGE_RANGE_DB = 45.0
"""Frames this far under the loud ones are silence at the edges. Chosen."""

LEAD_S = 0.03
TAIL_S = 0.08
FADE_S = 0.005

BREATH_S = 0.35
"""Silence between two spoken sentences. Chosen."""


def frame_levels_db(samples: npt.NDArray[np.float32], rate_hz: int) -> npt.NDArray[np.float64]:
    """Level of each whole 20 ms frame in dB relative to full scale, shape (frames,)."""
    size = round(FRAME_S * rate_hz)
    frames = samples[: len(samples) // size * size].reshape(-1, size).astype(np.float64)
    levels: npt.NDArray[np.float64] = 10.0 * np.log10(np.mean(frames * frames, axis=1) + 1e-12)
    return levels


def finished(samples: npt.NDArray[np.float32], rate_hz: int, *, pitch: float = 1.0) -> Audio:
    """Rendered samples of shape (n,) as a line ready to play, at VOICE_RATE_HZ.

    ``pitch`` above 1 raises pitch and formants by resampling, which also shortens the sound by the
    same factor: whoever renders speaks that much slower. Samples are rounded to 16 bits, so that a
    line read back from the cache is the same line, sample for sample. Nothing but silence, or no
    samples, gives an empty Audio.
    """
    import soxr

    if not len(samples):
        return Audio(np.zeros(0, np.float32), VOICE_RATE_HZ)
    at_rate = np.asarray(soxr.resample(samples, rate_hz * pitch, VOICE_RATE_HZ), np.float32)
    at_rate = trimmed(at_rate, VOICE_RATE_HZ)
    if not len(at_rate):
        return Audio(np.zeros(0, np.float32), VOICE_RATE_HZ)
    return Audio(_sixteen_bit(_limited(at_rate * _gain(at_rate))), VOICE_RATE_HZ)


def with_breaths(pieces: list[npt.NDArray[np.float32]], rate_hz: int) -> npt.NDArray[np.float32]:
    """Sentences trimmed and put one after another, BREATH_S apart; shape (n,)."""
    joined: list[npt.NDArray[np.float32]] = []
    for piece in pieces:
        if joined:
            joined.append(np.zeros(round(BREATH_S * rate_hz), np.float32))
        joined.append(trimmed(piece, rate_hz))
    return np.concatenate(joined) if joined else np.zeros(0, np.float32)


def trimmed(samples: npt.NDArray[np.float32], rate_hz: int) -> npt.NDArray[np.float32]:
    """Short silences left at both edges, faded so that no click is heard; shape (n,)."""
    levels = frame_levels_db(samples, rate_hz)
    if not len(levels) or levels.max() < -80.0:
        return samples[:0]
    heard = np.flatnonzero(levels > np.percentile(levels, 95) - EDGE_RANGE_DB)
    size = round(FRAME_S * rate_hz)
    start = max(0, heard[0] * size - round(LEAD_S * rate_hz))
    end = (heard[-1] + 1) * size + round(TAIL_S * rate_hz)
    kept = samples[start:end].copy()
    fade = min(round(FADE_S * rate_hz), len(kept) // 2)
    ramp = np.linspace(0.0, 1.0, fade, dtype=np.float32)
    kept[:fade] *= ramp
    kept[len(kept) - fade :] *= ramp[::-1]
    return kept


def _gain(samples: npt.NDArray[np.float32]) -> np.float32:
    """The factor that brings the speech, without its pauses, to SPEECH_LEVEL_DB."""
    levels = frame_levels_db(samples, VOICE_RATE_HZ)
    if not len(levels):
        return np.float32(1.0)
    speech = levels[levels > np.percentile(levels, 95) - SPEECH_RANGE_DB]
    power = float(np.mean(10.0 ** (speech / 10.0)))
    return np.float32(10.0 ** (SPEECH_LEVEL_DB / 20.0) / np.sqrt(power))


def _limited(samples: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Peaks above the knee bent under the ceiling; everything else untouched."""
    room = PEAK_CEILING - PEAK_KNEE
    size = np.abs(samples)
    bent = PEAK_KNEE + room * np.tanh((size - PEAK_KNEE) / room)
    return np.where(size > PEAK_KNEE, np.sign(samples) * bent, samples).astype(np.float32)


def _sixteen_bit(samples: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Rounded to the steps of 16-bit files."""
    return (np.round(samples * 32768.0) / 32768.0).astype(np.float32)
