"""The sound of the voice: level and pitch of a reply, over all and over time, without a verdict.

Only what is voiced counts, so that pauses, breath and the room's noise change nothing. What the
figures mean for this person is told by :mod:`voice_coach.scoring.compared`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from voice_coach.audio.samples import Audio
from voice_coach.conversation import Measure, Measured, Timeline, Unmeasured
from voice_coach.scoring.pitch import HOP_S, PitchFrames, pitch_of
from voice_coach.scoring.track import ToneTrack, semitones

if TYPE_CHECKING:
    import numpy.typing as npt

FEWEST_VOICED_S = 0.5
"""Less voice than this gives no pitch worth a number. Chosen."""
QUIET_DB = -55.0
"""A reply below this level lies in the noise of a laptop's microphone. Chosen."""
RANGE_PERCENTILES = (5, 95)
"""The range of pitch lies between these: the few frames beyond are creak and squeaks."""
FAR_SEMITONES = 9.0
"""Frames this far from the reply's median pitch are octave errors, mostly, and left out. Chosen:
a speaker's range in a talk is about an octave (De Looze & Hirst 2014)."""

STEP_S = 0.1
"""How finely pitch and level are kept over time: a syllable lasts about 0.2 s. Chosen."""
VOICED_SHARE = 0.4
"""Share of a step's frames that must be voiced for it to have a pitch. Chosen."""

UNITS: Mapping[str, str] = {
    "pitch_median_hz": "Hz",
    "pitch_range_semitones": "semitones",
    "level_db": "dB",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone:
    """How a reply sounded.

    measures:
        ``pitch_median_hz`` (Hz), ``pitch_range_semitones`` (between RANGE_PERCENTILES) and
        ``level_db`` (dB re full scale), each of the voiced frames, each measured or with its
        reason.
    track:
        pitch and level over time; None where there was less than a step of voice. Where the median
        pitch could not be measured, no step has one.
    voiced_s:
        seconds of voiced sound that the pitch was taken from.
    """

    measures: Mapping[str, Measure]
    track: ToneTrack | None = None
    voiced_s: float = 0.0


def tone_of(reply: Audio, activity: Timeline) -> Tone:
    """Level and pitch of the voiced stretches.

    Args:
        reply: the sound of the turn; its first sample is second 0 of ``activity``.
        activity: when the learner's voice, and nothing else, was heard in it.
    """
    if not len(reply):
        return Tone(measures=unmeasured("no voice was found in the sound"))
    frames = pitch_of(reply, activity)
    if len(frames.times_s) * HOP_S < STEP_S:
        return Tone(measures=unmeasured("no voice was found in the sound"))
    near = _near(frames)
    if near.sum() * HOP_S < FEWEST_VOICED_S:
        return Tone(
            measures=unmeasured(f"under {FEWEST_VOICED_S} s of voiced sound"),
            track=_track(frames, np.zeros(len(near), bool)),
        )
    level_db = float(10 * np.log10(np.mean(10 ** (frames.level_db[near] / 10))))
    level = Measured(value=level_db, unit=UNITS["level_db"])
    if level_db < QUIET_DB:
        return Tone(
            measures={**unmeasured("too quiet"), "level_db": level},
            track=_track(frames, np.zeros(len(near), bool)),
        )
    low, median, high = np.percentile(
        frames.pitch_hz[near], (RANGE_PERCENTILES[0], 50, RANGE_PERCENTILES[1])
    )
    found = {"pitch_median_hz": float(median), "pitch_range_semitones": semitones(high, low)}
    return Tone(
        voiced_s=float(near.sum() * HOP_S),
        measures={
            **{name: Measured(value=value, unit=UNITS[name]) for name, value in found.items()},
            "level_db": level,
        },
        track=_track(frames, near),
    )


def _near(frames: PitchFrames) -> npt.NDArray[np.bool_]:
    """The voiced frames whose pitch is no octave error: within FAR_SEMITONES of the median."""
    voiced = frames.voiced
    if not voiced.any():
        return voiced
    median_hz = np.median(frames.pitch_hz[voiced])
    far = 2 ** (FAR_SEMITONES / 12)
    within = (frames.pitch_hz > median_hz / far) & (frames.pitch_hz < median_hz * far)
    return voiced & within


def _track(frames: PitchFrames, near: npt.NDArray[np.bool_]) -> ToneTrack:
    """The frames gathered into steps: the median of the pitches that are ``near``, mean power."""
    start_s = float(frames.times_s[0])
    # A hair is added, since a frame on the border of two steps must not fall by rounding.
    steps = np.floor((frames.times_s - start_s) / STEP_S + 1e-6).astype(int)
    pitch_hz: list[int | None] = []
    level_db: list[int | None] = []
    for step in range(int(steps[-1]) + 1):
        here = slice(*np.searchsorted(steps, (step, step + 1)))
        pitches = frames.pitch_hz[here][near[here]]
        count = len(near[here])
        sung = len(pitches) >= VOICED_SHARE * count > 0
        pitch_hz.append(round(float(np.median(pitches))) if sung else None)
        power = 10 ** (frames.level_db[here] / 10)
        level_db.append(round(float(10 * np.log10(power.mean()))) if count else None)
    return ToneTrack(
        start_s=start_s, step_s=STEP_S, pitch_hz=tuple(pitch_hz), level_db=tuple(level_db)
    )


def unmeasured(reason: str) -> dict[str, Measure]:
    """All measures of the tone, none of them taken, for this reason."""
    return {name: Unmeasured(reason=reason, unit=unit) for name, unit in UNITS.items()}
