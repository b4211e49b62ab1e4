"""Who speaks when, on one microphone: diarisation error on real talks.

    python benchmarks/who.py

Telephone dialogues of two (spokenwoz), their channels mixed to one, against the voice activity of
the separate channels; once with 15 s of each voice enrolled, once without. And pyannote's sample,
which nobody is enrolled for. Error: share of the speech missed, invented or given to the wrong
speaker, a quarter of a second around each change left out, overlaps counted (Bredin 2017). With
voices enrolled, only what comes after the stretches that they were enrolled from is measured.
Targets: 8 % enrolled, 15 % not. Needs ../shared/data.
"""

from __future__ import annotations

import time
from itertools import permutations
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.conversation import Span, Timeline
from voice_coach.recordings.transcripts import read_transcript
from voice_coach.speech.activity import activity_of
from voice_coach.speech.diarisation import diarise, recognise
from voice_coach.speech.embedding import voiceprint

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "audio" / "conversation"
ENROLLED_S, COLLAR_S, STEPS_PER_S = 15.0, 0.25, 100
SAMPLE = "pyannote's sample, not enrolled"
TARGETS = {"enrolled": 0.08, "not enrolled": 0.15, SAMPLE: 0.15}
Bools = npt.NDArray[np.bool_]


def channels_of(path: Path) -> list[Audio]:
    samples, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
    return [
        Audio(np.ascontiguousarray(samples[:, n]), rate_hz).at_rate(SPEECH_RATE_HZ)
        for n in range(samples.shape[1])
    ]


def truth_of(path: Path) -> dict[str, Timeline]:
    turns = read_transcript(path).utterances
    return {
        name: Timeline.of(turn.span for turn in turns if turn.speaker == name)
        for name in sorted({turn.speaker for turn in turns})
    }


def first_s(line: Timeline, seconds: float) -> Timeline:
    """The first so many seconds of a timeline."""
    kept: list[Span] = []
    for span in line:
        left_s = seconds - sum(each.duration_s for each in kept)
        if left_s <= 0:
            break
        kept.append(span & Span(start_s=span.start_s, end_s=span.start_s + left_s))
    return Timeline.of(kept)


def on_grid(line: Timeline, steps: int) -> Bools:
    grid = np.zeros(steps, bool)
    for span in line:
        grid[round(span.start_s * STEPS_PER_S) : round(span.end_s * STEPS_PER_S)] = True
    return grid


def errors_s(
    true: dict[str, Timeline],
    found: dict[str, Timeline] | tuple[Timeline, ...],
    duration_s: float,
    left_out: Timeline | None = None,
) -> tuple[float, float]:
    """Seconds missed, invented or given to the wrong speaker, and seconds of speech that count.

    Voices found by name must bear the right one; others are matched as they fit best. Collars, and
    what is ``left_out``, count for nothing.
    """
    steps = round(duration_s * STEPS_PER_S) + 1
    counted = ~on_grid(left_out or Timeline(), steps)
    for line in true.values():
        for edge_s in (edge for span in line for edge in (span.start_s, span.end_s)):
            around = [max(0, round((edge_s + by) * STEPS_PER_S)) for by in (-COLLAR_S, COLLAR_S)]
            counted[around[0] : around[1]] = False
    real = np.stack([on_grid(line, steps) for line in true.values()])[:, counted]
    orders = (
        [[found[name] for name in true]]
        if isinstance(found, dict)
        else [list(order) for order in permutations(found)]
    )
    best = np.inf
    for order in orders:
        told = np.stack([on_grid(line, steps) for line in order])[:, counted]
        right = np.sum(real & told, axis=0)
        best = min(best, float(np.sum(np.maximum(real.sum(0), told.sum(0)) - right)))
    return best / STEPS_PER_S, float(real.sum()) / STEPS_PER_S


def main() -> None:
    if not DATA.is_dir():
        raise SystemExit("the shared recordings (../shared/data) are not on this machine")
    wrong, whole = dict.fromkeys(TARGETS, 0.0), dict.fromkeys(TARGETS, 0.0)
    took = sounded = 0.0
    for path in sorted((DATA / "spokenwoz").glob("*.wav")):
        both = channels_of(path)
        true = truth_of(path.with_suffix(".channels.rttm"))
        sound = Audio(np.sum([each.samples for each in both], axis=0), SPEECH_RATE_HZ)
        read = {name: first_s(line, ENROLLED_S) for name, line in true.items()}
        prints = {
            name: voiceprint(channel, read[name]) for channel, name in zip(both, true, strict=True)
        }
        activity = activity_of(sound)
        began = time.perf_counter()
        parted = diarise(sound, activity, speakers=2)
        took, sounded = took + time.perf_counter() - began, sounded + sound.duration_s
        known, _ = recognise(sound, activity, prints)
        last_s = max(line.spans[-1].end_s for line in read.values())
        used = Timeline.of([Span(start_s=0.0, end_s=last_s)])
        here = {
            "enrolled": errors_s(true, known, sound.duration_s, used),
            "not enrolled": errors_s(true, parted.timelines, sound.duration_s),
        }
        print(path.stem, {name: f"{error / speech:.1%}" for name, (error, speech) in here.items()})
        for name, (error, speech) in here.items():
            wrong[name] += error
            whole[name] += speech
    (sound,) = channels_of(DATA / "pyannote_sample" / "sample.wav")
    true = truth_of(DATA / "pyannote_sample" / "sample.rttm")
    parted = diarise(sound, activity_of(sound), speakers=2)
    wrong[SAMPLE], whole[SAMPLE] = errors_s(true, parted.timelines, sound.duration_s)
    missed = False
    for name, target in TARGETS.items():
        error = wrong[name] / whole[name]
        missed = missed or error > target
        print(f"{name}: {error:.1%} of {whole[name]:.0f} s of speech (target {target:.0%})")
    print(f"telling apart took {took / sounded:.3f} of the sound's length")
    if missed:
        raise SystemExit("a target was missed")


if __name__ == "__main__":
    main()
