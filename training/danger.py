"""Words that end an exercise: the phrases, and what the network learns from them.

`danger/building*.tsv` hold phrases with their kind, one a row. A phrase is learnt alone, as an
answer to some line, and inside a longer turn, for people say such things in passing.
"""

import csv
import hashlib
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from corpus import HERE, Line, Reply
from examples import BEHAVIOURS, DANGERS, Example, bare

from voice_coach.scoring.tokens import Tokens

LISTS = HERE / "danger"
HELD_OUT = 12
"""Of a hundred phrases, so many choose the threshold and are not learnt."""
ALONE, INSIDE, AS_HEARD = 0.5, 0.35, 0.35
"""How often a phrase is told to no line, inside a longer turn, without its punctuation. Chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Something said, and whether it is of danger: one of DANGERS, of which "none" is the first."""

    kind: str
    text: str


def read_phrases() -> list[Phrase]:
    """The phrases to learn from, of all lists called ``building``."""
    found = []
    for file in sorted(LISTS.glob("building*.tsv")):
        with file.open(encoding="utf-8", newline="") as rows:
            found += [
                Phrase(**row)
                for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE)
            ]
    unknown = {phrase.kind for phrase in found} - set(DANGERS)
    if unknown:
        raise SystemExit(f"error: {LISTS}: no kind {unknown}")
    return found


def held_out(phrase: Phrase) -> bool:
    """Whether a phrase chooses the threshold instead of being learnt; its like goes with it."""
    said = re.sub(r"[^a-z ]", "", bare(phrase.text).lower())
    return int(hashlib.sha256(said.encode()).hexdigest()[:8], 16) % 100 < HELD_OUT


def from_phrase(tokens: Tokens, phrase: Phrase, line: str = "") -> Example:
    """A phrase as an answer to a line, or to nothing: only its danger is known."""
    window = next(tokens.windows(line, phrase.text))
    return Example(
        group="",
        reply=phrase.text,
        ids=window.ids,
        segments=window.segments,
        first=window.first,
        behaviours=np.ones(len(BEHAVIOURS), dtype=bool),
        danger=DANGERS.index(phrase.kind),
    )


def of_danger(
    tokens: Tokens,
    phrases: Sequence[Phrase],
    lines: Sequence[Line],
    beside: Sequence[Reply],
    rng: random.Random,
) -> list[Example]:
    """Phrases for one batch, in one of the ways in which such things are said."""
    told = []
    for phrase in phrases:
        text = bare(phrase.text) if rng.random() < AS_HEARD else phrase.text
        if rng.random() < INSIDE:
            other = rng.choice(beside).text
            text = f"{text} {other}" if rng.random() < 0.5 else f"{other} {text}"
        line = "" if rng.random() < ALONE else rng.choice(lines).text
        told.append(from_phrase(tokens, Phrase(kind=phrase.kind, text=text), line))
    return told
