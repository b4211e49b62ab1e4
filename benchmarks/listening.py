"""How well listening is judged, and at what cost: ``python benchmarks/listening.py``.

All but AnnoMI is measured through ``voice_coach.scoring.listening.judge`` with the weights in the
package, on lines of our own corpus that they were not fitted to. AnnoMI needs fits of its own, five
of them: ``make model ARGS=--folds`` makes them and writes training/folds.json, printed here.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr
from sklearn.metrics import f1_score

from voice_coach.scoring.listening import POINTS, judge
from voice_coach.scoring.network import Reading, shipped
from voice_coach.scoring.notes import FOOLING
from voice_coach.scoring.scorecard import FACETS, MOVE_KINDS, Listening

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "training"))
from corpus import Reply, read_all, split_of

FOLDS = Path(__file__).resolve().parents[1] / "training" / "folds.json"
SEED = 1
ROUNDS = 200
BINS = 10
LOW, GOOD = 40, 3
"""The score that a fooling reply may not pass; the quality from which a reply is good."""
LONG_REPLY = "you waited two hours and you felt let down because i did not call you " * 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """A reply of the corpus, what the network reads in it, and the judgement."""

    reply: Reply
    reading: Reading
    judged: Listening

    @property
    def score(self) -> float:
        return points(self.judged)


def points(judged: Listening) -> float:
    """The score; the expected quality's where none is given, so that it can be ordered."""
    if judged.score is not None:
        return judged.score
    return float(np.interp(judged.quality, range(len(POINTS)), POINTS))


def rated(reply: Reply) -> Rated:
    """As ``voice-coach rate`` judges it: without the feelings that the corpus marks."""
    return Rated(
        reply=reply,
        reading=shipped().read(reply.line.text, reply.text),
        judged=judge(reply.line.text, reply.text),
    )


def order(found: Sequence[Rated]) -> float:
    """Share of pairs of replies to one line, of unlike quality, that are in the right order."""
    by_line: dict[str, list[Rated]] = defaultdict(list)
    for one in found:
        by_line[one.reply.line.name].append(one)
    right = [
        (a.score - b.score) * (a.reply.quality - b.reply.quality) > 0
        for of_line in by_line.values()
        for a, b in combinations(of_line, 2)
        if a.reply.quality != b.reply.quality
    ]
    return float(np.mean(right))


def moves_f1(found: Sequence[Rated]) -> dict[str, float]:
    """F1 of each move: is it in the reply."""
    return {
        kind: float(
            f1_score(
                [any(move == kind for move, _, _ in one.reply.moves) for one in found],
                [any(move.move == kind for move in one.judged.moves) for one in found],
            )
        )
        for kind in MOVE_KINDS
    }


def spans_f1(found: Sequence[Rated]) -> float:
    """F1 of the characters that are marked with each move."""
    both = either = 0
    for one in found:
        truth = {(move, at) for move, start, end in one.reply.moves for at in range(start, end)}
        told = {(move.move, at) for move in one.judged.moves for at in range(move.start, move.end)}
        both += len(truth & told)
        either += len(truth) + len(told)
    return 2 * both / either


def calibration_error(found: Sequence[Rated]) -> float:
    """Expected calibration error of the move probabilities above one in twenty, ten bins."""
    pairs = [
        (share, any(move == kind for move, _, _ in one.reply.moves))
        for one in found
        for kind, share in one.reading.moves.items()
        if share >= 0.05  # the many sure noes would hide the rest
    ]
    shares, truth = (np.array(side, dtype=float) for side in zip(*pairs, strict=True))
    bins = np.minimum((shares * BINS).astype(int), BINS - 1)
    return float(
        sum(
            np.mean(bins == at) * abs(shares[bins == at].mean() - truth[bins == at].mean())
            for at in set(bins)
        )
    )


def right_line_wins(found: Sequence[Rated]) -> float:
    """How often a true reflection scores higher for its own line than for another's."""
    choose = random.Random(SEED)  # noqa: S311 - picks the other line, nothing secret
    lines = sorted({one.reply.line.text for one in found})
    wins = []
    for one in found:
        if one.reply.quality < GOOD or not any(
            move.startswith("reflection") for move, _, _ in one.reply.moves
        ):
            continue
        other = choose.choice([line for line in lines if line != one.reply.line.text])
        wins.append(one.score > points(judge(other, one.reply.text)))
    return float(np.mean(wins))


def quality_rows(found: Sequence[Rated]) -> Iterator[tuple[str, str, str]]:
    """(promise, target, measured) of everything that is measured on the corpus."""
    fooling = [one.score for one in found if one.reply.kind in FOOLING]
    good = [one.score for one in found if one.reply.quality >= GOOD]
    moves = moves_f1(found)
    yield "quality ranking within a line, pairs in order", "≥ 0.92", f"{order(found):.3f}"
    yield "macro-F1 over the moves", "≥ 0.80", f"{statistics.mean(moves.values()):.3f}"
    worst = sorted(moves, key=lambda kind: moves[kind])[:4]
    yield "… the weakest", "–", ", ".join(f"{kind} {moves[kind]:.2f}" for kind in worst)
    yield "… characters of the quotes, F1", "–", f"{spans_f1(found):.3f}"
    yield "right line above a wrong one", "≥ 0.95", f"{right_line_wins(found):.3f}"
    held = np.mean([score <= LOW for score in fooling])
    yield f"parroting, disguise, off target at most {LOW}", "≥ 95 %", f"{held:.1%}"
    for kind in FOOLING:
        these = [one.score <= LOW for one in found if one.reply.kind == kind]
        yield f"… {kind.replace('_', ' ')} ({len(these)})", "–", f"{np.mean(these):.1%}"
    yield f"good replies above {LOW}", "–", f"{np.mean([score > LOW for score in good]):.1%}"
    yield "calibration error of the moves", "≤ 0.05", f"{calibration_error(found):.3f}"
    same = np.mean([one.judged.level == one.reply.level for one in found])
    yield "level as labelled", "–", f"{same:.1%}"
    same = np.mean([one.judged.primary == one.reply.primary for one in found])
    yield "primary behaviour as labelled", "–", f"{same:.1%}"
    for facet in FACETS:
        told = spearmanr(
            [one.reply.facets[facet] for one in found], [one.judged.facets[facet] for one in found]
        ).statistic
        yield f"{facet}, Spearman", "–", f"{told:.2f}"
    unscored = np.mean([one.judged.score is None for one in found])
    yield "not scored, with the reason", "–", f"{unscored:.1%}"


def fold_rows() -> Iterator[tuple[str, str, str]]:
    """AnnoMI as last measured by ``make model ARGS=--folds``."""
    told = json.loads(FOLDS.read_text(encoding="utf-8"))["all"] if FOLDS.exists() else None
    for name, target, key in (
        ("AnnoMI, fits in folds: reflection or not, F1", "≥ 0.80", "reflection_f1"),
        ("AnnoMI, fits in folds: four-way macro-F1", "≥ 0.80", "macro_f1"),
        (
            "AnnoMI, fits in folds: precision of reflection, poor sessions",
            "≥ 0.75",
            "poor_precision",
        ),
    ):
        yield name, target, f"{told[key]:.3f}" if told else "not measured"


def cost_rows() -> Iterator[tuple[str, str, str]]:
    """Time and memory of one reply of 60 words, in a process of its own on one core."""
    told = subprocess.run(
        [sys.executable, __file__, "--cost"], check=True, capture_output=True, text=True
    ).stdout.split()
    yield "one reply of 60 words on one core, median", "≤ 30 ms", f"{float(told[0]):.1f} ms"
    yield "more memory", "≤ 150 MB", f"{float(told[1]):.0f} MB"


def show_cost() -> None:
    """Prints milliseconds a reply and the megabytes that judging added."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {0})
    before = _memory_mb()
    line = "You said seven and I sat here waiting."
    judge(line, LONG_REPLY)
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        judge(line, LONG_REPLY)
        times.append(1000 * (time.perf_counter() - began))
    print(statistics.median(times), _memory_mb() - before)


def _memory_mb() -> float:
    """Resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--split", choices=("dev", "test"), default="test")
    options.add_argument("--cost", action="store_true", help="only time and memory, as numbers")
    chosen = options.parse_args()
    if chosen.cost:
        show_cost()
        return 0
    found = [rated(reply) for reply in read_all() if split_of(reply.line) == chosen.split]
    lines = len({one.reply.line.name for one in found})
    print(f"{shipped().name} on {len(found)} replies to {lines} {chosen.split} lines\n")
    print("| Promise | Target | Measured |\n|---|---|---|")
    for row in (*fold_rows(), *quality_rows(found), *cost_rows()):
        print(f"| {' | '.join(row)} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
