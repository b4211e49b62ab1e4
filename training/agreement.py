"""How well two labellers agree on the test lines, the second blind to the first.

`python training/agreement.py sheet FROM TO` prints, of the test lines that have no second labels
yet, those FROM to TO with their replies and nothing else: what a second labeller gets. The labelled
rows go to training/second/*.txt, in the corpus format. `python training/agreement.py` prints the
agreement.
"""

import argparse
import sys
from collections.abc import Callable

import numpy as np
from corpus import FACETS, HERE, MOVES, Fault, Reply, read_all, split_of
from scipy.stats import spearmanr
from sklearn.metrics import cohen_kappa_score

SECOND = HERE / "second"


def show_sheet(first: int, last: int) -> None:
    """Lines and bare replies, in an order that tells nothing of their labels."""
    by_line: dict[str, list[Reply]] = {}
    done = {second.line.name for second in read_all(sorted(SECOND.glob("*.txt")))}
    for reply in read_all():
        if split_of(reply.line) == "test" and reply.line.name not in done:
            by_line.setdefault(reply.line.name, []).append(reply)
    for name in sorted(by_line)[first:last]:
        line = by_line[name][0].line
        print(f"== {name} | {line.text}")
        for held, parts in (("feels", line.feels), ("needs", line.needs), ("facts", line.facts)):
            print(f"{held}: {'; '.join(parts)}")
        print()
        for reply in sorted(by_line[name], key=lambda one: one.text[::-1]):
            print(f"{reply.style} | {reply.text}")
        print()


def pairs() -> list[tuple[Reply, Reply]]:
    """(first, second) labels of every reply that was labelled twice.

    Raises:
        Fault: a second label for words that the corpus does not hold.
    """
    known = {(reply.line.name, reply.text): reply for reply in read_all()}
    twice = []
    for second in read_all(sorted(SECOND.glob("*.txt"))):
        first = known.get((second.line.name, second.text))
        if first is None:
            raise Fault(f"{second.line.name}: not in the corpus: {second.text[:60]!r}")
        twice.append((first, second))
    return twice


def covered(reply: Reply, move: str) -> set[int]:
    """Characters of a reply that do this move."""
    return {at for kind, start, end in reply.moves if kind == move for at in range(start, end)}


def overlap(first: Reply, second: Reply, move: str) -> float:
    """F1 of the characters that two labellers give to one move."""
    a, b = covered(first, move), covered(second, move)
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 1.0


def show_agreement(twice: list[tuple[Reply, Reply]]) -> None:
    """Prints kappa for each move and label, and how far quality and its order agree."""

    def kappa(what: Callable[[Reply], object]) -> float:
        return float(
            cohen_kappa_score([str(what(a)) for a, _ in twice], [str(what(b)) for _, b in twice])
        )

    print(f"{len(twice)} replies labelled twice\n")
    print("| Move | kappa | first, second | span F1 where both |\n|---|---|---|---|")
    for move in MOVES.values():
        counts = [
            sum(any(m == move for m, _, _ in reply.moves) for reply in side)
            for side in zip(*twice, strict=True)
        ]
        both = [overlap(a, b, move) for a, b in twice if covered(a, move) and covered(b, move)]
        value = kappa(lambda reply, move=move: bool(covered(reply, move)))
        span = f"{np.mean(both):.2f}" if both else "–"
        print(f"| {move} | {value:.2f} | {counts[0]}, {counts[1]} | {span} |")
    quality = np.array([(a.quality, b.quality) for a, b in twice])
    weighted = cohen_kappa_score(quality[:, 0], quality[:, 1], weights="quadratic")
    print("\n| Label | Agreement |\n|---|---|")
    for name in ("primary", "level", "kind"):
        print(f"| {name} | kappa {kappa(lambda reply, name=name: getattr(reply, name)):.2f} |")
    near = np.mean(abs(quality[:, 0] - quality[:, 1]) <= 1)
    print(f"| quality | weighted kappa {weighted:.2f}, within one step {near:.2f} |")
    for facet in FACETS.values():
        values = np.array([(a.facets[facet], b.facets[facet]) for a, b in twice])
        print(f"| {facet} | Spearman {spearmanr(values[:, 0], values[:, 1]).statistic:.2f} |")
    right = wrong = 0
    for i, (a, b) in enumerate(twice):
        for c, d in twice[i + 1 :]:
            if a.line.name == c.line.name and a.quality != c.quality and b.quality != d.quality:
                same = (a.quality > c.quality) == (b.quality > d.quality)
                right, wrong = right + same, wrong + (not same)
    print(f"| order within a line | {right / (right + wrong):.3f} of {right + wrong} pairs |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sheet", nargs="*", help="sheet FROM TO")
    asked = parser.parse_args().sheet
    try:
        if asked:
            show_sheet(int(asked[1]), int(asked[2]))
        else:
            show_agreement(pairs())
    except Fault as fault:
        sys.exit(f"error: {fault}")
