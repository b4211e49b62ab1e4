"""Articulation rate and syllables against hand-checked phones: ``benchmarks/articulation.py``.

Measured on read sentences of TIMIT (Garofolo et al. 1993, CC BY-NC-SA here, for measuring only).
Their vowels and syllabic consonants, as heard and marked by hand, are the syllables; the time from
the first phone to the last, less marked pauses of 250 ms and more, is the phonation. Ours are the
syllables of the written words, and phonation from our own voice activity on the sound.

Bias is the mean over files of ours ÷ hand − 1.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import soundfile

from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.scoring.pacing import FEWEST_WORDS, PAUSE_S, phonation_s
from voice_coach.scoring.syllables import count_syllables, syllables_of
from voice_coach.speech.activity import activity_of

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "audio" / "words" / "timit_nltk"
NUCLEI = frozenset(
    "iy ih eh ey ae aa aw ay ah ao oy ow uh uw ux er ax ix axr ax-h em en eng el".split()
)
SILENT = frozenset({"h#", "pau", "epi"})
TARGET_PEARSON = 0.90
TARGET_BIAS = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One read sentence, by hand and by us."""

    words: tuple[str, ...]
    hand_syllables: int
    hand_s: float
    our_s: float

    @property
    def our_syllables(self) -> int:
        return sum(count_syllables(word) for word in self.words)

    @property
    def spelt_syllables(self) -> int:
        """By the spelling rules alone, without the table."""
        return sum(syllables_of(word.lower(), {}) for word in self.words)


def marks(path: Path) -> list[tuple[float, float, str]]:
    """Start and end in seconds, and label, of a TIMIT file of phones or words."""
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        (int(start) / SPEECH_RATE_HZ, int(end) / SPEECH_RATE_HZ, label)
        for start, end, label in rows
    ]


def hand_phonation_s(phones: Sequence[tuple[float, float, str]]) -> float:
    """From the first sound to the last, less silences of at least PAUSE_S."""
    sounds = [(start_s, end_s) for start_s, end_s, label in phones if label not in SILENT]
    gaps_s = [after[0] - before[1] for before, after in pairwise(sounds)]
    return sounds[-1][1] - sounds[0][0] - sum(gap_s for gap_s in gaps_s if gap_s >= PAUSE_S)


def read(path: Path) -> Sentence:
    phones = marks(path)
    samples, rate_hz = soundfile.read(path.with_suffix(".wav"), dtype="float32")
    return Sentence(
        words=tuple(label for _, _, label in marks(path.with_suffix(".wrd"))),
        hand_syllables=sum(label in NUCLEI for _, _, label in phones),
        hand_s=hand_phonation_s(phones),
        our_s=phonation_s(activity_of(Audio(samples, rate_hz))),
    )


def compared(name: str, hand: Sequence[float], ours: Sequence[float]) -> tuple[float, float]:
    """Print how far ours agree with the hand's; give Pearson's r and the bias."""
    truth, found = np.array(hand, float), np.array(ours, float)
    pearson = float(np.corrcoef(truth, found)[0, 1])
    off = found / truth - 1
    print(
        f"  {name:44}Pearson {pearson:.3f}, bias {100 * off.mean():+.1f} %, "
        f"mean error {100 * np.abs(off).mean():.1f} %"
    )
    return pearson, float(off.mean())


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=DATA)
    folder = options.parse_args().data
    paths = sorted(folder.glob("**/*.phn"))
    if not paths:
        print(f"skipped: no sentences with hand-checked phones (.phn) under {folder.name}")
        return 0
    rows = [read(path) for path in paths]
    by_hand = [row.hand_syllables for row in rows]
    exact = sum(row.our_syllables == row.hand_syllables for row in rows)
    print(
        f"{len(rows)} sentences, {sum(by_hand)} syllables by hand, "
        f"{sum(row.our_syllables for row in rows)} ours; {exact} sentences exactly"
    )
    compared("syllables", by_hand, [row.our_syllables for row in rows])
    compared("syllables by spelling alone", by_hand, [row.spelt_syllables for row in rows])
    compared("seconds of phonation", [row.hand_s for row in rows], [row.our_s for row in rows])
    for name, some in {
        f"articulation rate, {FEWEST_WORDS} words and more": [
            row for row in rows if len(row.words) >= FEWEST_WORDS
        ],
        "articulation rate": rows,
    }.items():
        pearson, bias = compared(
            name,
            [row.hand_syllables / row.hand_s for row in some],
            [row.our_syllables / row.our_s for row in some],
        )
    met = pearson >= TARGET_PEARSON and abs(bias) <= TARGET_BIAS
    print(f"  target Pearson {TARGET_PEARSON}, bias within {100 * TARGET_BIAS:.0f} %: ", end="")
    print("met" if met else "missed")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
