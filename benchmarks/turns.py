"""How well interruptions between people are told from other overlaps: ``benchmarks/turns.py``.

Measured on the hand-labelled overlaps of GAP, talks of small groups (Braley & Murray 2018, CC
BY-NC 4.0), which lie outside this project. Nothing is fitted, so the folds, talks kept whole, only
show how much the figure depends on the talks that happen to be there. The rules were written after
reading these overlaps, and other talks may well come out lower.

Beside our rules: words alone, and our rules with a flat half second for terminal overlaps, as over
a scripted line. The labellers did not know that one: they ask whether the floor is taken, however
late.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold

from voice_coach.conversation import Overlap, Span, Turn, spoken, spread, text_of
from voice_coach.scoring.floor import is_continuer
from voice_coach.scoring.overlaps import overlaps_between

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "audio" / "turns" / "gap"
FOLDS = 5
TARGET = 0.95
SAME_S = 0.06
"""Label and utterance times are given to a tenth of a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One labelled overlap with what we make of it; none where we hear no overlap."""

    talk: str
    truth: bool
    turn: Turn
    overlap: Overlap | None
    overlap_flat: Overlap | None
    over_text: str

    @property
    def ours(self) -> bool:
        return self.overlap is not None and self.overlap.kind == "interruption"

    @property
    def flat(self) -> bool:
        """Ours, with any onset in the last half second of the other's talk taken as terminal."""
        return self.overlap_flat is not None and self.overlap_flat.kind == "interruption"

    @property
    def simple(self) -> bool:
        """More than one word, and not continuers only."""
        said = spoken(self.turn.words)
        return len(said) > 1 and not is_continuer(text_of(said))


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def read_talks(folder: Path) -> dict[str, list[Turn]]:
    talks: dict[str, list[Turn]] = {}
    for row in read_rows(folder / "utterances.tsv"):
        span = Span(start_s=float(row["start"]), end_s=float(row["end"]))
        turn = Turn(speaker=row["speaker"], span=span, words=spread(row["text"], span))
        talks.setdefault(row["group"], []).append(turn)
    return talks


def labelled(folder: Path) -> Iterator[Labelled]:
    talks = read_talks(folder)
    overlaps = {name: overlaps_between(turns) for name, turns in talks.items()}
    flat = {name: overlaps_between(turns, last_share=1.0) for name, turns in talks.items()}
    for row in read_rows(folder / "interruption_labels.tsv"):
        name, start_s = row["group"], float(row["start"])
        near = [turn for turn in talks[name] if abs(turn.span.start_s - start_s) < SAME_S]
        # Some labels name no speaker; of two who start at once the first is meant.
        turn = next(turn for turn in near if row["speaker"] in {turn.speaker, ""})
        over = [
            other.text
            for other in talks[name]
            if other.span.meets(turn.span) and other.speaker != turn.speaker
        ]
        yield Labelled(
            talk=name,
            truth=row["label"] == "interruption",
            turn=turn,
            overlap=overlap_at(turn, overlaps[name]),
            overlap_flat=overlap_at(turn, flat[name]),
            over_text=" / ".join(over),
        )


def overlap_at(turn: Turn, overlaps: Sequence[Overlap]) -> Overlap | None:
    return next(
        (
            each
            for each in overlaps
            if each.by == turn.speaker and abs(each.span.start_s - turn.span.start_s) < SAME_S
        ),
        None,
    )


def macro_f1(truth: Sequence[bool], found: Sequence[bool]) -> float:
    return float(f1_score(truth, found, average="macro"))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=DATA)
    folder = options.parse_args().data
    if not folder.is_dir():
        print("skipped: the labelled talks (../shared/data) are not on this machine")
        return 0
    rows = list(labelled(folder))
    truth = [row.truth for row in rows]
    print(f"{len(rows)} labelled overlaps of {len({row.talk for row in rows})} talks, macro-F1")
    ways = {
        "more than one word, not continuers only": [row.simple for row in rows],
        "ours, any onset in the last half second terminal": [row.flat for row in rows],
        "ours": [row.ours for row in rows],
    }
    for name, found in ways.items():
        print(f"  {name:50}{macro_f1(truth, found):.3f}")
    ours = ways["ours"]
    folds = GroupKFold(FOLDS).split(rows, truth, [row.talk for row in rows])
    each = [macro_f1([truth[i] for i in held], [ours[i] for i in held]) for _, held in folds]
    told = ", ".join(f"{one:.3f}" for one in each)
    print(f"  {'ours, five folds':50}{sum(each) / FOLDS:.3f} ({told})")
    for row in rows:
        if row.truth != row.ours:
            kind = row.overlap.kind if row.overlap is not None else "no overlap"
            print(
                f"  wrong: talk {row.talk}, {row.turn.span.start_s:.1f} s, {row.turn.speaker}: "
                f"“{row.turn.text}” over “{row.over_text}” "
                f"{'is' if row.truth else 'is no'} interruption, we say {kind}"
            )
    met = sum(each) / FOLDS >= TARGET
    print(f"  target {TARGET}: {'met' if met else 'missed'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
