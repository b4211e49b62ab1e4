r"""Pauses put right by the sound: a pause begins and ends where the level falls and rises.

::

    activity   [---------)           [-------)      in frames of 32 ms, by a detector
    level      ~~~~~~~\_______________/~~~~~~~      every 5 ms
    given back [-------)              [-------)

The detector of voices knows a voice from a noise, but its frames are coarse and it lets go late;
the level is exact and knows no voice. So a gap must have been heard by the detector, and the level
moves its edges. A gap that is mostly loud is none: low rumble (wind, a knock on the table) makes
the detector lose a voice that goes on.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from voice_coach.audio.samples import Audio
from voice_coach.conversation import Span, Timeline

if TYPE_CHECKING:
    import numpy.typing as npt

STEP_S = 0.005
"""Between levels. Chosen."""
WINDOW_S = 0.03
"""Each level's reach: two periods of the lowest voice. Chosen."""
LOWEST_HZ = 100.0
"""What lies below is rumble and no part of the level. Chosen: speech is heard well without it."""
UNDER_VOICE_DB = 20.0
"""Quiet is this far under the voice's median. The faintest consonant lies 28 dB under the strongest
vowel (Fletcher 1953), and that some 8 dB over the median, which is chosen."""
OVER_NOISE = 0.2
"""In a noisy room quiet reaches this share of the way from the noise up to the voice. Chosen."""
NOISE_PERCENTILE = 20
"""Of the levels in gaps, this one is the noise: low, for some hold breath. Chosen."""
OUTWARD_S = 0.15
INWARD_S = 0.1
"""How far an edge moves at most, to lengthen a gap or to shorten it. Chosen: three to five frames
of the detector."""
SILENCE_DB = -100.0
"""The level of no sound at all. Chosen: under the noise of any microphone."""
MOSTLY = 0.5
"""Share of a gap that must be quiet. Chosen."""


def edged_by_level(activity: Timeline, sound: Audio) -> Timeline:
    """The activity with its inner gaps put right; its first start and last end stay.

    Args:
        activity: when a voice was heard; second 0 is the sound's first sample.
        sound: the recording, of any rate.
    """
    hull = activity.hull
    if hull is None or len(activity) < 2:
        return activity
    levels_db = _levels_db(sound)
    voice_db, noise_db = _median(_of(levels_db, activity)), _noise(_of(levels_db, activity.gaps()))
    gaps: list[Span] = []
    for before, after in pairwise(activity):
        # To the middle of the voices beside it: where both ends of one are quiet, it was none.
        at = [before.middle_s, before.end_s, after.start_s, after.middle_s]
        least, start, end, most = (min(_step(time_s), len(levels_db)) for time_s in at)
        # A gap noisier than the others (a lorry, a cough) is judged by its own noise.
        here_db = max(noise_db, _noise(levels_db[start:end]))
        quiet = levels_db < _threshold_db(voice_db, here_db)
        first = _edge(quiet, least, start, end)
        count = len(quiet)
        last = count - _edge(quiet[::-1], count - most, count - end, count - start)
        if first < last and quiet[first:last].mean() >= MOSTLY:
            gaps.append(Span(start_s=first * STEP_S, end_s=last * STEP_S))
    inner = Span(start_s=activity.spans[0].middle_s, end_s=activity.spans[-1].middle_s)
    return Timeline.of([hull]) - Timeline.of(gap & inner for gap in gaps)


def _step(time_s: float) -> int:
    return max(0, round(time_s / STEP_S))


def _levels_db(sound: Audio) -> npt.NDArray[np.float64]:
    """Level without rumble, every STEP_S, over WINDOW_S around it."""
    from scipy.signal import butter, sosfilt

    high_pass = butter(2, LOWEST_HZ, "high", fs=sound.rate_hz, output="sos")
    power = np.asarray(sosfilt(high_pass, sound.samples), np.float64) ** 2
    summed = np.concatenate([[0.0], np.cumsum(power)])
    centres = np.arange(0.0, sound.duration_s, STEP_S) * sound.rate_hz
    reach = WINDOW_S / 2 * sound.rate_hz
    starts = np.clip(centres - reach, 0, len(sound)).astype(int)
    ends = np.clip(centres + reach, 0, len(sound)).astype(int)
    means = (summed[ends] - summed[starts]) / np.maximum(1, ends - starts)
    return np.asarray(10 * np.log10(np.maximum(means, 0.0) + 10 ** (SILENCE_DB / 10)), np.float64)


def _threshold_db(voice_db: float, noise_db: float) -> float:
    """What is quiet lies under it, against this voice in this room."""
    over_noise_db = noise_db + OVER_NOISE * max(0.0, voice_db - noise_db)
    return max(min(over_noise_db, voice_db), voice_db - UNDER_VOICE_DB)


def _median(levels_db: npt.NDArray[np.float64]) -> float:
    return float(np.median(levels_db)) if len(levels_db) else SILENCE_DB


def _noise(levels_db: npt.NDArray[np.float64]) -> float:
    return float(np.percentile(levels_db, NOISE_PERCENTILE)) if len(levels_db) else SILENCE_DB


def _of(levels_db: npt.NDArray[np.float64], times: Timeline) -> npt.NDArray[np.float64]:
    parts = [levels_db[_step(span.start_s) : _step(span.end_s)] for span in times]
    return np.concatenate([np.empty(0), *parts])


def _edge(quiet: npt.NDArray[np.bool_], least: int, start: int, end: int) -> int:
    """Where the gap from start to end really begins: back over quiet, or forward over voice."""
    at = start
    if start < len(quiet) and quiet[start]:
        while at > max(least, start - _step(OUTWARD_S)) and quiet[at - 1]:
            at -= 1
    else:
        while at < min((start + end) // 2, start + _step(INWARD_S)) and not quiet[at]:
            at += 1
    return at
