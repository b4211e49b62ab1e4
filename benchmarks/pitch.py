"""Pitch against Praat on read speech: ``benchmarks/pitch.py``.

Measured on TIMIT (CC BY-NC-SA here, for measuring only) and LibriSpeech test-other (CC BY 4.0).
The truth is Praat itself, through parselmouth: GPL, for measuring only and no part of the program
(``pip install praat-parselmouth``). Praat's pitch is Boersma's autocorrelation, as ours is, so
that this tells whether ours is right, not whether the way is.

- "frame": at Praat's own frames, where both hear a voice, the difference in semitones; gross errors
  are those of more than a semitone, octave errors of more than six; "voicing" is the share of
  frames that one calls voiced and the other not.
- "median" and "range": of a whole recording, ours as the scorecard gives them. For the range
  Praat's second pass is the truth, with bounds from its first (De Looze & Hirst 2008: three
  quarters of the lower quartile to one and a half times the upper), for its first pass has octave
  errors of its own.
- Pink noise is added at so many dB under the voice; the truth is Praat on the clean sound.
- Cost: processor seconds for a second of sound.

librosa's YIN (what was used before) and pYIN stand beside it with ``--others``; pYIN is slow.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import soundfile

from voice_coach.audio.samples import Audio
from voice_coach.conversation import Measured, Span, Timeline
from voice_coach.scoring.pitch import HOP_S, pitch_of
from voice_coach.scoring.tone import RANGE_PERCENTILES, tone_of

if TYPE_CHECKING:
    import numpy.typing as npt

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "audio" / "words"
TARGET_SEMITONES = 0.3
TARGET_COST = 0.01
PRAAT_BOUNDS_HZ = (75.0, 600.0)
"""Praat's defaults."""
NOISE_DB = (20.0, 10.0)
"""How far the noise is under the voice."""

Pitches = tuple["npt.NDArray[np.float64]", "npt.NDArray[np.float64]"]
"""Times in seconds and pitches in Hz, 0 where unvoiced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One recording: our errors against Praat, in semitones, and the cost in seconds."""

    frames: npt.NDArray[np.float64]
    voicing: float
    median: float
    range: float
    cpu_s: float
    duration_s: float


def everywhere(sound: Audio) -> Timeline:
    return Timeline.of([Span(start_s=0.0, end_s=sound.duration_s)])


def praat(sound: Audio, bounds_hz: tuple[float, float] = PRAAT_BOUNDS_HZ) -> Pitches:
    from parselmouth import Sound

    pitch = Sound(sound.samples.astype(np.float64), sound.rate_hz).to_pitch_ac(
        time_step=HOP_S, pitch_floor=bounds_hz[0], pitch_ceiling=bounds_hz[1]
    )
    return np.asarray(pitch.xs()), np.asarray(pitch.selected_array["frequency"])


def praat_twice(sound: Audio, first: Pitches) -> Pitches:
    low, high = np.percentile(first[1][first[1] > 0], (25, 75))
    return praat(sound, (0.75 * float(low), 1.5 * float(high)))


def ours(sound: Audio) -> Pitches:
    found = pitch_of(sound, everywhere(sound))
    return found.times_s, found.pitch_hz


def yin(sound: Audio) -> Pitches:
    """As it was here before: frames within 12 dB of the loudest and not at YIN's bounds."""
    import librosa

    low_hz, high_hz, frame, hop = 65.0, 450.0, 1024, 320
    pitch_hz = librosa.yin(
        sound.samples,
        fmin=low_hz,
        fmax=high_hz,
        sr=sound.rate_hz,
        frame_length=frame,
        hop_length=hop,
    )
    level = librosa.feature.rms(y=sound.samples, frame_length=frame, hop_length=hop)[0]
    level_db = 20 * np.log10(level[: len(pitch_hz)] + 1e-9)
    voiced = (level_db > level_db.max() - 12) & (pitch_hz > 1.02 * low_hz)
    voiced &= pitch_hz < 0.98 * high_hz
    return np.arange(len(pitch_hz)) * hop / sound.rate_hz, np.where(voiced, pitch_hz, 0.0)


def pyin(sound: Audio) -> Pitches:
    import librosa

    hop = round(HOP_S * sound.rate_hz)
    pitch_hz, voiced, _ = librosa.pyin(
        sound.samples, fmin=65.0, fmax=600.0, sr=sound.rate_hz, frame_length=1024, hop_length=hop
    )
    return np.arange(len(pitch_hz)) * hop / sound.rate_hz, np.where(voiced, pitch_hz, 0.0)


def span_semitones(pitch_hz: npt.NDArray[np.float64]) -> float:
    low, high = np.percentile(pitch_hz[pitch_hz > 0], RANGE_PERCENTILES)
    return float(12 * np.log2(high / low))


def compared(
    sound: Audio, noisy: Audio, truth: tuple[Pitches, Pitches], way: Callable[[Audio], Pitches]
) -> Compared:
    (times_s, true_hz), (_, twice_hz) = truth
    began_s = time.process_time()
    our_times_s, pitch_hz = way(noisy)
    cpu_s = time.process_time() - began_s
    step_s = our_times_s[1] - our_times_s[0]
    nearest = np.clip(np.round(times_s / step_s).astype(int), 0, len(pitch_hz) - 1)
    there = pitch_hz[nearest]
    both = (there > 0) & (true_hz > 0)
    median_hz, range_semitones = np.nan, np.nan
    if way is ours:  # as the scorecard gives them
        found = tone_of(noisy, everywhere(noisy)).measures
        median, width = found["pitch_median_hz"], found["pitch_range_semitones"]
        if isinstance(median, Measured) and isinstance(width, Measured):
            median_hz, range_semitones = median.value, width.value
    elif (pitch_hz > 0).any():
        median_hz = float(np.median(pitch_hz[pitch_hz > 0]))
        range_semitones = span_semitones(pitch_hz)
    return Compared(
        frames=12 * np.log2(there[both] / true_hz[both]),
        voicing=float(((there > 0) != (true_hz > 0)).mean()),
        median=float(12 * np.log2(median_hz / np.median(true_hz[true_hz > 0]))),
        range=range_semitones - span_semitones(twice_hz),
        cpu_s=cpu_s,
        duration_s=sound.duration_s,
    )


def with_noise(sound: Audio, under_db: float, random: np.random.Generator) -> Audio:
    """Pink noise added, so many dB under the whole recording."""
    count = len(sound)
    spectrum = np.fft.rfft(random.standard_normal(count))
    spectrum /= np.sqrt(np.maximum(1, np.arange(len(spectrum))))
    noise = Audio(np.fft.irfft(spectrum, count).astype(np.float32), sound.rate_hz)
    gain = 10 ** ((sound.level_db - under_db - noise.level_db) / 20)
    return Audio((sound.samples + gain * noise.samples).astype(np.float32), sound.rate_hz)


def shown(name: str, rows: Sequence[Compared]) -> tuple[float, float]:
    """Print one way's row; give its median error of single frames and its cost."""
    frames = np.abs(np.concatenate([row.frames for row in rows]))
    medians, ranges = (np.abs([getattr(row, key) for row in rows]) for key in ("median", "range"))
    cost = sum(row.cpu_s for row in rows) / sum(row.duration_s for row in rows)
    print(
        f"  {name:28}{np.median(frames):6.3f}{100 * (frames > 1).mean():8.1f} %"
        f"{100 * (frames > 6).mean():8.1f} %{100 * np.mean([row.voicing for row in rows]):9.1f} %"
        f"{np.nanmedian(medians):9.3f} ({np.nanpercentile(medians, 95):.2f})"
        f"{np.nanmedian(ranges):8.2f} ({np.nanpercentile(ranges, 95):.2f}){100 * cost:8.2f} %",
        flush=True,
    )
    return float(np.median(frames)), cost


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=DATA)
    options.add_argument("--every", type=int, default=1, help="take every n-th recording only")
    options.add_argument("--others", action="store_true", help="also librosa's YIN and pYIN")
    chosen = options.parse_args()
    folder: Path = chosen.data
    paths = sorted((*folder.glob("**/*.wav"), *folder.glob("**/*.flac")))[:: chosen.every]
    if not paths:
        print("skipped: the read speech (../shared/data) is not on this machine")
        return 0
    if find_spec("parselmouth") is None:
        print("skipped: Praat is not here (pip install praat-parselmouth)")
        return 0
    sounds = [Audio(*soundfile.read(path, dtype="float32")) for path in paths]
    first = [praat(sound) for sound in sounds]
    truth = [(once, praat_twice(sound, once)) for sound, once in zip(sounds, first, strict=True)]
    ours(sounds[0])  # so that loading is not counted
    print(f"{len(sounds)} recordings, {sum(sound.duration_s for sound in sounds) / 60:.1f} minutes")
    print(
        f"  {'errors in semitones':28}{'frame':>6}{'gross':>10}{'octave':>10}{'voicing':>11}"
        f"{'median (p95)':>16}{'range (p95)':>15}{'cost':>10}"
    )

    def run(
        name: str, noisy: Sequence[Audio], way: Callable[[Audio], Pitches]
    ) -> tuple[float, float]:
        return shown(
            name,
            [compared(*each, way) for each in zip(sounds, noisy, truth, strict=True)],
        )

    error, cost = run("ours", sounds, ours)
    for under_db in NOISE_DB:
        random = np.random.default_rng(1)
        noisy = [with_noise(sound, under_db, random) for sound in sounds]
        run(f"ours, noise {under_db:.0f} dB under", noisy, ours)
    if chosen.others:
        yin(sounds[0])
        run("librosa.yin, as before", sounds, yin)
        pyin(sounds[0])
        run("librosa.pyin", sounds, pyin)
    met = error <= TARGET_SEMITONES and cost <= TARGET_COST
    print(
        f"  target: frame {TARGET_SEMITONES} semitones, cost {100 * TARGET_COST:.0f} %: "
        f"{'met' if met else 'missed'}"
    )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
