"""How often calm speech is called calm against one's own baseline: ``benchmarks/tone.py``.

Measured on read speech, TIMIT (CC BY-NC-SA here, for measuring only) and LibriSpeech test-other
(CC BY 4.0): nobody is upset there, so whatever is called tense or raised is a false alarm. For each
recording the baseline is learnt from the same reader's other recordings, taken together as one
passage.
A person is compared with themselves only; for contrast each is also compared with the baseline of
the next reader, which the program never does.

A short reply is a part of a sentence, with its rise or its fall. So the first second and the first
two and three seconds of each recording are held against the baseline too: what is told of them is
mostly that they are too short.

It does not tell how often a raised voice is found: there is no recording of one here.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import soundfile

from voice_coach.audio.samples import Audio
from voice_coach.conversation import Measured, Span
from voice_coach.scoring.baseline import CalmSpeech, baseline_of, learnable
from voice_coach.scoring.compared import compare_tone
from voice_coach.scoring.tone import Tone, tone_of
from voice_coach.speech.activity import activity_of

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "audio" / "words"
DEVICE = "read speech"
FIRST_S = (1.0, 2.0, 3.0, 4.0)
TARGET_CALM = 0.95
"""Chosen: one false alarm in twenty replies."""


def reader_of(path: Path) -> str:
    """TIMIT has a folder a reader; LibriSpeech's files begin with the reader's number."""
    return path.parent.name if path.suffix == ".wav" else path.name.split("-")[0]


def measured(path: Path, first_s: float = 3600.0) -> Tone:
    """The tone of a recording, or of its first seconds of voice."""
    samples, rate_hz = soundfile.read(path, dtype="float32")
    sound = Audio(samples, rate_hz)
    activity = activity_of(sound)
    begin_s = activity.hull.start_s if activity.hull else 0.0
    return tone_of(sound, activity.within(Span(start_s=begin_s, end_s=begin_s + first_s)))


def compared(own: Sequence[Tone], reply: Tone) -> tuple[str, float]:
    """What the reply is called against these readings, and by how many semitones it is off."""
    held = [learnable(each.measures) for each in own]
    passage = {
        name: statistics.median(each[name] for each in held if name in each) for name in held[0]
    }
    baseline = baseline_of(
        [CalmSpeech(measures=passage, device=DEVICE, is_reading=True)],
        DEVICE,
    )
    tone = compare_tone(reply.measures, baseline, voiced_s=reply.voiced_s)
    rise = tone.pitch_rise_semitones
    return tone.tone or "not compared", rise.value if isinstance(rise, Measured) else float("nan")


def shown(name: str, rows: Sequence[tuple[str, float]]) -> float:
    """Print the counts; give the share that is called calm, of those compared."""
    counts = Counter(tone for tone, _ in rows)
    rises = sorted(abs(rise) for tone, rise in rows if tone != "not compared")
    calm = counts["calm"] / max(1, len(rises))
    told = ", ".join(f"{count} {tone}" for tone, count in counts.most_common())
    if not rises:
        print(f"  {name:28}{told}")
        return calm
    middle, high = rises[len(rises) // 2], rises[int(0.95 * len(rises))]
    print(
        f"  {name:28}{100 * calm:5.1f} % calm ({told}); "
        f"semitones from it: median {middle:.1f}, p95 {high:.1f}"
    )
    return calm


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=DATA)
    folder = options.parse_args().data
    readers: dict[str, list[Tone]] = defaultdict(list)
    paths: dict[str, list[Path]] = defaultdict(list)
    for path in sorted((*folder.glob("**/*.wav"), *folder.glob("**/*.flac"))):
        readers[reader_of(path)].append(measured(path))
        paths[reader_of(path)].append(path)
    if not readers:
        print("skipped: the read speech (../shared/data) is not on this machine")
        return 0
    names = sorted(readers)
    print(
        f"{sum(map(len, readers.values()))} recordings of {len(names)} readers, none of them upset"
    )
    own, others = [], []
    for at, name in enumerate(names):
        for left_out, reply in enumerate(readers[name]):
            rest = [each for n, each in enumerate(readers[name]) if n != left_out]
            own.append(compared(rest, reply))
            others.append(compared(readers[names[(at + 1) % len(names)]], reply))
    calm = shown("against their own baseline", own)
    shown("against the next reader's", others)
    for first_s in FIRST_S:
        rows = [
            compared(
                [each for n, each in enumerate(readers[name]) if n != left_out],
                measured(path, first_s),
            )
            for name in names
            for left_out, path in enumerate(paths[name])
        ]
        shown(f"own, first {first_s:.0f} s of talk", rows)
    met = calm >= TARGET_CALM
    print(f"  target {100 * TARGET_CALM:.0f} % calm: {'met' if met else 'missed'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
