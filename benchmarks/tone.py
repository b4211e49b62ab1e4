"""How often calm speech is called calm against one's own baseline: ``benchmarks/tone.py``.

Measured on read speech, TIMIT (CC BY-NC-SA here, for measuring only) and LibriSpeech test-other
(CC BY 4.0): nobody is upset there, so whatever is called tense or raised is a false alarm. For each
recording the baseline is learnt from the same reader's other recordings, as from calm readings.
A person is compared with themselves only; for contrast each is also compared with the baseline of
the next reader, which the program never does.

It does not tell how often a raised voice is found: there is no recording of one here.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import soundfile

from voice_coach.audio.samples import Audio
from voice_coach.conversation import Measure, Measured
from voice_coach.scoring.baseline import CalmSpeech, baseline_of, learnable
from voice_coach.scoring.compared import compare_tone
from voice_coach.scoring.tone import tone_of
from voice_coach.speech.activity import activity_of

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "audio" / "words"
DEVICE = "read speech"
TARGET_CALM = 0.95
"""Chosen: one false alarm in twenty replies."""


def reader_of(path: Path) -> str:
    """TIMIT has a folder a reader; LibriSpeech's files begin with the reader's number."""
    return path.parent.name if path.suffix == ".wav" else path.name.split("-")[0]


def measured(path: Path) -> Mapping[str, Measure]:
    samples, rate_hz = soundfile.read(path, dtype="float32")
    sound = Audio(samples, rate_hz)
    return tone_of(sound, activity_of(sound)).measures


def compared(
    own: Sequence[Mapping[str, Measure]], reply: Mapping[str, Measure]
) -> tuple[str, float]:
    """What the reply is called against these readings, and by how many semitones it is off."""
    baseline = baseline_of(
        [CalmSpeech(measures=learnable(each), device=DEVICE, is_reading=True) for each in own],
        DEVICE,
    )
    tone = compare_tone(reply, baseline)
    rise = tone.pitch_rise_semitones
    return tone.tone or "not compared", rise.value if isinstance(rise, Measured) else float("nan")


def shown(name: str, rows: Sequence[tuple[str, float]]) -> float:
    """Print the counts; give the share that is called calm, of those compared."""
    counts = Counter(tone for tone, _ in rows)
    rises = sorted(abs(rise) for tone, rise in rows if tone != "not compared")
    calm = counts["calm"] / max(1, len(rises))
    told = ", ".join(f"{count} {tone}" for tone, count in counts.most_common())
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
    readers: dict[str, list[Mapping[str, Measure]]] = defaultdict(list)
    for path in sorted((*folder.glob("**/*.wav"), *folder.glob("**/*.flac"))):
        readers[reader_of(path)].append(measured(path))
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
    met = calm >= TARGET_CALM
    print(f"  target {100 * TARGET_CALM:.0f} % calm: {'met' if met else 'missed'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
