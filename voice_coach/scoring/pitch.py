r"""Pitch of a voice frame by frame: normalised autocorrelation and the best path (Boersma 1993).

::

    candidates    .    .  o  o  .        in each frame the strongest lags, as frequencies,
                  o  o .  .  .  o        and "unvoiced"
    path          \__/‾‾‾‾‾‾‾‾‾‾‾\_      the way through them that leaps least: a single frame an
                                         octave off costs two leaps, so it is not taken

All frames are computed at once. Reference: P. Boersma, "Accurate short-term analysis of the
fundamental frequency and the harmonics-to-noise ratio of a sampled sound", IFA Proceedings 17
(1993) 97-110; its costs are taken over. Measured against Praat: ``benchmarks/pitch.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from voice_coach.audio.samples import SILENCE_DB, Audio
from voice_coach.conversation import Timeline

if TYPE_CHECKING:
    import numpy.typing as npt

LOWEST_HZ = 65.0
HIGHEST_HZ = 600.0
"""Where a speaking voice is looked for. Chosen: C2, a deep voice's bottom, and Praat's ceiling."""
HOP_S = 0.01
"""From frame to frame, as in Praat."""
WINDOW_S = 3 / LOWEST_HZ
"""Three periods of the lowest voice (Boersma 1993)."""

SILENCE = 0.03
"""A frame whose peak, in its middle third, is under this share of the loudest frame's is silence
(Boersma 1993; the third as in Praat)."""
VOICING = 0.45
"""The strength, 0 to 1, from which a frame is voiced (Boersma 1993)."""
OCTAVE_COST = 0.01
"""Taken off a candidate for each octave that it lies under the highest (Boersma 1993)."""
LEAP_COST = 0.35
"""For each octave leapt between frames 10 ms apart (Praat's own value)."""
SWITCH_COST = 0.14
"""For each change between voiced and unvoiced at that distance (Praat's own value)."""
CANDIDATES = 6
"""Kept of each frame. Chosen: 5 to 8 gave the same."""
LEAST_STRENGTH = 0.2
"""A weaker candidate is none. Chosen: far under VOICING."""
HAIR_S = 1e-6
"""Under a sample, over what a clock of hours rounds. Chosen."""
BATCH = 1000
"""Frames transformed at once: 4 MB. Chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PitchFrames:
    """A voice in frames of HOP_S, all arrays of shape (n,).

    ``times_s`` are the frames' middles on the sound's own clock; ``pitch_hz`` is 0 where nothing
    was voiced; ``level_db`` is re full scale, SILENCE_DB at the least.
    """

    times_s: npt.NDArray[np.float64]
    pitch_hz: npt.NDArray[np.float64]
    level_db: npt.NDArray[np.float64]

    @property
    def voiced(self) -> npt.NDArray[np.bool_]:
        """Which frames have a pitch."""
        return self.pitch_hz > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidates:
    """What each frame may be.

    ``pitch_hz`` (n, k), 0 where there are fewer; ``strength`` (n, k); ``unvoiced`` (n,) is the
    strength of there being no pitch; ``follows`` (n,) is False where time was left out before.
    """

    pitch_hz: npt.NDArray[np.float64]
    strength: npt.NDArray[np.float64]
    unvoiced: npt.NDArray[np.float64]
    follows: npt.NDArray[np.bool_]


def pitch_of(sound: Audio, within: Timeline) -> PitchFrames:
    """Pitch and level of the frames whose middle lies within these times.

    Args:
        sound: of any rate; second 0 is its first sample.
        within: where to look, on that clock.
    """
    hop = round(HOP_S * sound.rate_hz)
    indices = np.arange(0, len(sound), hop)
    times_s = indices / sound.rate_hz
    looked_at = np.zeros(len(indices), bool)
    for span in within:
        # A hair earlier, since a frame on the border must not fall by how a late clock rounds.
        looked_at |= (times_s >= span.start_s - HAIR_S) & (times_s < span.end_s - HAIR_S)
    indices = indices[looked_at]
    if not len(indices):
        none = np.empty(0)
        return PitchFrames(times_s=none, pitch_hz=none, level_db=none)
    found, level_db = _candidates(sound, indices, follows=np.diff(indices, prepend=-hop) == hop)
    return PitchFrames(times_s=times_s[looked_at], pitch_hz=_best_path(found), level_db=level_db)


def _candidates(
    sound: Audio, indices: npt.NDArray[np.int64], *, follows: npt.NDArray[np.bool_]
) -> tuple[_Candidates, npt.NDArray[np.float64]]:
    """The candidates of the frames around these samples, and the frames' levels in dB."""
    rate_hz = sound.rate_hz
    size = round(WINDOW_S * rate_hz)
    shortest, longest = int(rate_hz / HIGHEST_HZ), int(np.ceil(rate_hz / LOWEST_HZ))
    pitches, strengths, peaks, powers = [], [], [], []
    for frames, correlation in _correlated(sound, indices, size=size, longest=longest):
        pitch_hz, strength = _peaks(correlation[:, shortest - 1 :], shortest, rate_hz)
        pitches.append(pitch_hz)
        strengths.append(strength)
        peaks.append(np.abs(frames[:, size // 3 : -size // 3]).max(axis=1))
        powers.append(np.mean(np.square(frames, dtype=np.float64), axis=1))
    pitch_hz, strength = np.concatenate(pitches), np.concatenate(strengths)
    peak = np.concatenate(peaks).astype(np.float64)
    loudness = peak / max(float(peak.max()), np.finfo(float).tiny)
    octaves = np.log2(HIGHEST_HZ / np.where(pitch_hz > 0, pitch_hz, HIGHEST_HZ))
    found = _Candidates(
        pitch_hz=pitch_hz,
        strength=np.where(pitch_hz > 0, strength - OCTAVE_COST * octaves, -np.inf),
        unvoiced=VOICING + np.maximum(0.0, 2.0 - loudness / SILENCE * (1.0 + VOICING)),
        follows=follows,
    )
    power = np.maximum(np.concatenate(powers), 10 ** (SILENCE_DB / 10))
    return found, 10 * np.log10(power)


def _correlated(
    sound: Audio, indices: npt.NDArray[np.int64], *, size: int, longest: int
) -> Iterator[tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]]:
    """Frames (m, size) without their mean, and their normalised autocorrelation (m, longest + 2).

    Divided by that of the window, so that a steady tone has 1 at each of its periods.
    """
    from scipy.fft import irfft, next_fast_len, rfft

    padded = np.pad(sound.samples, (size // 2, size))
    windows = np.lib.stride_tricks.sliding_window_view(padded, size)
    window = np.hanning(size + 2)[1:-1].astype(np.float32)
    count = next_fast_len(size + longest + 2, real=True)
    of_window = irfft(np.abs(rfft(window, count)) ** 2, count)[: longest + 2]
    for first in range(0, len(indices), BATCH):
        frames = windows[indices[first : first + BATCH]]
        frames = frames - frames.mean(axis=1, keepdims=True)
        spectrum = rfft(frames * window, count, axis=1)
        power = spectrum.real**2 + spectrum.imag**2
        correlation = irfft(power, count, axis=1)[:, : longest + 2]
        energy = np.maximum(correlation[:, :1], np.finfo(np.float32).tiny)
        yield frames, correlation / energy * (of_window[0] / of_window)


def _peaks(
    correlation: npt.NDArray[np.float32], first_lag: int, rate_hz: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The CANDIDATES best peaks of each row: frequency and height, both (m, CANDIDATES).

    The column after the first is of ``first_lag``. A parabola through each peak and its neighbours
    gives what lies between the samples.
    """
    middle = correlation[:, 1:-1]
    is_peak = (middle > correlation[:, :-2]) & (middle >= correlation[:, 2:])
    is_peak &= middle > LEAST_STRENGTH
    lags = first_lag + np.arange(middle.shape[1])
    worth = np.where(is_peak, middle - OCTAVE_COST * np.log2(lags), -np.inf)
    best = np.argpartition(-worth, CANDIDATES - 1, axis=1)[:, :CANDIDATES]
    rows = np.arange(len(best))[:, np.newaxis]
    before, at, after = (correlation[rows, best + step].astype(np.float64) for step in range(3))
    there = np.isfinite(worth[rows, best])
    bend = np.where(there, before - 2 * at + after, -1.0)
    shift = np.where(there, 0.5 * (before - after) / bend, 0.0)
    height = at - 0.25 * (before - after) * shift
    height = np.where(height > 1, 1 / np.maximum(height, 1.0), height)  # as Praat has it
    return np.where(there, rate_hz / (lags[best] + shift), 0.0), height


def _best_path(found: _Candidates) -> npt.NDArray[np.float64]:
    """The pitch of each frame (n,), 0 where unvoiced: the strongest way with the fewest leaps."""
    per_step = 0.01 / HOP_S
    count = len(found.pitch_hz)
    pitch_hz = np.hstack([np.zeros((count, 1)), found.pitch_hz])
    strength = np.hstack([found.unvoiced[:, np.newaxis], found.strength])
    octave = np.log2(np.where(pitch_hz > 0, pitch_hz, 1.0))
    cost = LEAP_COST * per_step * np.abs(octave[1:, np.newaxis, :] - octave[:-1, :, np.newaxis])
    cost[:, 0, :] = cost[:, :, 0] = SWITCH_COST * per_step
    cost[:, 0, 0] = 0.0
    cost[~found.follows[1:]] = 0.0
    came_from = np.zeros(pitch_hz.shape, np.int64)
    columns = np.arange(pitch_hz.shape[1])
    total = strength[0]
    for frame in range(1, count):
        ways = total[:, np.newaxis] - cost[frame - 1]
        came_from[frame] = ways.argmax(axis=0)
        total = ways[came_from[frame], columns] + strength[frame]
    at = int(total.argmax())
    path = np.empty(count, np.int64)
    for frame in range(count - 1, -1, -1):
        path[frame] = at
        at = came_from[frame, at]
    return np.asarray(pitch_hz[np.arange(count), path], np.float64)
