"""Words that end an exercise: the phrases that `danger_net.py` learns from.

`danger/building*.tsv` hold phrases with their kind, one a row.
"""

import csv
import hashlib
import re
from dataclasses import dataclass

from corpus import HERE
from examples import bare

DANGERS = ("none", "threat", "violence", "coercion", "self_harm")
DARK = re.compile(
    r"\b(?:kill|hit|hurt|harm|slap|punch|smash|break|broke|throw|threw|beat|choke|die|dead|suicide"
    r"|regret|pay for|police|court|kids|children|keys|lock|knife|gun|burn|destroy|ruin|or else"
    r"|leave you|live|living|point|end it|go on|done|over)",
    re.IGNORECASE,
)
"""The corpus is not labelled for danger. A reply without any of these words holds none; of one
with them it is not known."""
LISTS = HERE / "danger"
HELD_OUT = 12
"""Of a hundred phrases, so many choose the threshold and are not learnt."""


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
