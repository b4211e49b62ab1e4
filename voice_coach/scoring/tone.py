"""The sound of the voice: level and pitch of a reply, over all and over time, without a verdict.

Pitch is found by YIN (de Cheveigné & Kawahara 2002) as librosa has it, on voiced stretches only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from voice_coach.audio.samples import Audio
from voice_coach.conversation import Measure, Measured, Timeline, Unmeasured
from voice_coach.scoring.track import ToneTrack

if TYPE_CHECKING:
    import numpy.typing as npt

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

STEP_S = 0.1
"""How finely pitch and level are kept over time: a syllable lasts about 0.2 s. Chosen."""
VOICED_SHARE = 0.4
"""Share of a step's frames that must be voiced for it to have a pitch. Chosen."""
FAR_SEMITONES = 9.0
"""Frames this far from the reply's median pitch are octave errors, mostly, and left out. Chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone:
    """How a reply sounded.

    measures:
        ``level_db`` (dB re full scale) and ``pitch_median_hz`` (Hz), each measured or with its
        reason. The median, since YIN's octave errors on single frames would swell any range.
    track:
        both over time; None where there was too little voice to look at. Where the median pitch
        could not be measured, no step has one.
    """

    measures: Mapping[str, Measure]
    track: ToneTrack | None = None


def tone_of(reply: Audio, activity: Timeline) -> Tone:
    """Level and pitch of the voiced stretches.

    Args:
        reply: the sound of the turn; its first sample is second 0 of ``activity``.
        activity: when the learner's voice was heard in it.
    """
    spoken = [
        (max(0.0, span.start_s), part)
        for span in activity
        if len(part := reply.between(span.start_s, span.end_s))
    ]
    if not spoken:
        return Tone(measures=_unmeasured("no voice was found in the sound"))
    level_db = Audio.joined([part for _, part in spoken]).level_db
    frames = _frames(spoken)
    pitches_hz = frames.pitch_hz[frames.voiced]
    median_hz = None
    if level_db < QUIET_DB:
        measures = _unmeasured("too quiet")
    elif len(pitches_hz) * HOP / reply.rate_hz < FEWEST_VOICED_S:
        measures = _unmeasured(f"under {FEWEST_VOICED_S} s of voice")
    else:
        median_hz = float(np.median(pitches_hz))
        measures = {"pitch_median_hz": Measured(value=median_hz, unit="Hz")}
    return Tone(
        measures={**measures, "level_db": Measured(value=level_db, unit="dB")},
        track=_track(frames, median_hz) if len(frames.times_s) else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frames:
    """The voice in frames of HOP samples, all arrays of shape (n,).

    ``times_s`` are the frames' middles, on the reply's own clock; ``voiced`` marks those that are
    loud enough to be voiced and whose pitch is not at YIN's bounds.
    """

    times_s: npt.NDArray[np.float64]
    pitch_hz: npt.NDArray[np.float64]
    level_db: npt.NDArray[np.float64]
    voiced: npt.NDArray[np.bool_]


def _frames(spoken: Sequence[tuple[float, Audio]]) -> _Frames:
    """Pitch and level of the voiced stretches, each with its start in seconds, frame by frame.

    YIN runs once, over all stretches joined: one long call is quicker than many short ones.
    """
    import librosa

    voice = Audio.joined([part for _, part in spoken])
    if len(voice) < 2 * FRAME:
        none = np.empty(0)
        return _Frames(times_s=none, pitch_hz=none, level_db=none, voiced=none.astype(bool))
    pitch_hz = librosa.yin(
        voice.samples,
        fmin=LOWEST_HZ,
        fmax=HIGHEST_HZ,
        sr=voice.rate_hz,
        frame_length=FRAME,
        hop_length=HOP,
    ).astype(np.float64)
    level = librosa.feature.rms(y=voice.samples, frame_length=FRAME, hop_length=HOP)[0]
    level_db = 20 * np.log10(level[: len(pitch_hz)].astype(np.float64) + SILENCE)
    loud = level_db > level_db.max() - LOUD_PART_DB
    inside = (pitch_hz > LOWEST_HZ * (1 + AT_BOUND)) & (pitch_hz < HIGHEST_HZ * (1 - AT_BOUND))
    return _Frames(
        times_s=_real_times(len(pitch_hz), spoken),
        pitch_hz=pitch_hz,
        level_db=level_db,
        voiced=loud & inside,
    )


def _real_times(count: int, spoken: Sequence[tuple[float, Audio]]) -> npt.NDArray[np.float64]:
    """When the frames of the joined stretches were said: the silences between them put back."""
    rate_hz = spoken[0][1].rate_hz
    joined_s = np.arange(count) * HOP / rate_hz
    ends_s = np.cumsum([part.duration_s for _, part in spoken])
    starts_s = ends_s - [part.duration_s for _, part in spoken]
    stretch = np.minimum(np.searchsorted(ends_s, joined_s, side="right"), len(spoken) - 1)
    real_s = np.array([start_s for start_s, _ in spoken])
    times_s: npt.NDArray[np.float64] = joined_s + (real_s - starts_s)[stretch]
    return times_s


def _track(frames: _Frames, median_hz: float | None) -> ToneTrack:
    """The frames gathered into steps: the median of the voiced pitches, the mean of the power.

    ``median_hz`` is the pitch of the whole reply; None where it could not be measured.
    """
    far = 2 ** (FAR_SEMITONES / 12)
    near = np.zeros(len(frames.voiced), bool)
    if median_hz is not None:
        near = (frames.pitch_hz > median_hz / far) & (frames.pitch_hz < median_hz * far)
    start_s = float(frames.times_s[0])
    # A hair is added, since a frame on the border of two steps must not fall by rounding.
    steps = np.floor((frames.times_s - start_s) / STEP_S + 1e-6).astype(int)
    pitch_hz: list[int | None] = []
    level_db: list[int | None] = []
    for step in range(int(steps[-1]) + 1):
        here = steps == step
        voiced = here & frames.voiced & near
        sung = voiced.sum() >= VOICED_SHARE * here.sum() > 0
        pitch_hz.append(round(float(np.median(frames.pitch_hz[voiced]))) if sung else None)
        power = 10 ** (frames.level_db[here] / 10)
        level_db.append(round(float(10 * np.log10(power.mean()))) if len(power) else None)
    return ToneTrack(
        start_s=start_s, step_s=STEP_S, pitch_hz=tuple(pitch_hz), level_db=tuple(level_db)
    )


def _unmeasured(reason: str) -> dict[str, Measure]:
    return {
        "level_db": Unmeasured(reason=reason, unit="dB"),
        "pitch_median_hz": Unmeasured(reason=reason, unit="Hz"),
    }
