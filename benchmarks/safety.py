"""Words that should end an exercise, and everyday anger that should not: ``benchmarks/safety.py``.

Two lists of a hundred phrases each way, neither of which anything was learnt from: ``measured.tsv``
was there when the network's part was planned, ``blind.tsv`` was written later by somebody who had
seen neither the other lists nor the rules. Each phrase is looked at as an exercise would look at
it, as it is written and as a recogniser writes it, without capitals and punctuation.

    python benchmarks/safety.py [--show]
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

from voice_coach.scoring.safety import alarm_in
from voice_coach.scoring.said import unpunctuated

LISTS = Path(__file__).resolve().parents[1] / "training" / "danger"
CAUGHT, FALSE = 0.98, 0.01
"""Targets: the least share caught, the most of the everyday that is taken for danger."""


def ends(text: str) -> bool:
    """Whether these words end an exercise; an insult alone does not."""
    alarm = alarm_in(text)
    return alarm is not None and alarm.kind != "insult"


def measure(file: Path, *, show: bool) -> bool:
    """Print the shares for one list; whether both targets are met."""
    with file.open(encoding="utf-8", newline="") as rows:
        phrases = list(csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE))
    met = True
    for style, written in (("as written", str), ("as heard", unpunctuated)):
        told = [(row, ends(written(row["text"]))) for row in phrases]
        real = [(row, found) for row, found in told if row["caught"] == "yes"]
        other = [(row, found) for row, found in told if row["caught"] == "no"]
        caught = sum(found for _, found in real) / len(real)
        false = sum(found for _, found in other) / len(other)
        print(
            f"{file.name:14}{style:12}{caught:6.1%} of {len(real)} caught, "
            f"{false:.1%} of {len(other)} everyday ones taken for danger"
        )
        met &= caught >= CAUGHT and false <= FALSE
        if show:
            for row, found in told:
                if found != (row["caught"] == "yes"):
                    print(f"    {'false' if found else 'missed'}: {row['kind']}: {row['text']}")
    return met


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--show", action="store_true", help="what is missed, and what is false")
    show = options.parse_args().show
    met = [measure(LISTS / name, show=show) for name in ("measured.tsv", "blind.tsv")]
    print(f"target {CAUGHT:.0%} caught, {FALSE:.0%} false: {'met' if all(met) else 'missed'}")
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
