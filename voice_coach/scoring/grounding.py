"""What the words themselves show of how far a reply takes up *this* line: facts, feelings, needs.

A reflection counts by what it takes up, not by how it begins. What the scenario's author marked is
used where it is there; elsewhere the line's own content words stand for it, and the feelings that
such words let one guess.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from voice_coach.scoring.lexicon import (
    FAMILY_OF,
    MATTER_OF,
    MATTERS,
    NEAR,
    feelings_in,
    implied_by,
    stem,
)
from voice_coach.scoring.said import content_of, plain, words_of

FULL_CONTENT = 2.0
"""Weight of words taken up from which the content counts as fully taken up. Chosen."""
SAME_MATTER = 0.8
"""Weight of another word for the same matter ("count on" for "trust"). Chosen."""
WEAK_MATTER = 0.4
"""Weight of words that fit many lines ("always", "tonight", "everything"). Chosen."""
GUESSED_FEELING = 0.85
"""Fit of a feeling that the line lets one guess but does not name. Chosen."""
NEAR_FEELING = 0.7
"""Fit of a feeling close to one that the line names or implies. Chosen."""
LOOSE_FEELING = 0.5
"""Fit of "upset", and of any unhappy feeling for a line that gives no hint. Chosen."""
OTHER_FEELING = 0.2
"""Fit of an unhappy feeling that is not the line's: named, but wrong. Chosen."""
OWN_PHRASE = 0.5
"""Weight of three words in a row from the line, turned to the listener's side. Chosen."""
FACT_WEIGHT = 0.5
"""Weight of a marked fact taken up as a whole, above that of its words. Chosen."""
MIRRORED_WORDS = 3
"""Words in a row, not all of them small ones, that make a stretch the line's own. Chosen."""
FACT_SHARE = 0.6
"""Share of a marked fact's words from which the fact counts as taken up. Chosen."""

_OF_FEELING = frozenset(stem(word) for word in FAMILY_OF)
_WEAK = frozenset(
    number
    for number, words in enumerate(MATTERS)
    if words & {"always", "together", "everything", "clock", "important", "gone"}
)
_OTHER_SIDE = MappingProxyType(
    {
        "i": "you",
        "me": "you",
        "my": "your",
        "mine": "yours",
        "myself": "yourself",
        "you": "i",
        "your": "my",
        "yours": "mine",
        "yourself": "myself",
        **dict.fromkeys(("am", "are", "is", "was", "were"), "be"),
    }
)
_BARE = frozenset("i me my you your it that is am are was were be to the a and of in do".split())
_MY_SIDE = MappingProxyType({"me": "i", **dict.fromkeys(("am", "are", "is", "was", "were"), "be")})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What there is in a line to take up.

    ``stems`` are its content words in order, ``feelings`` family → how surely it is meant,
    ``facts`` the content of each marked fact, ``mirrored`` the line as the listener would say it
    ("i never know" → "you never know").
    """

    stems: tuple[str, ...]
    wider: frozenset[str]
    feelings: Mapping[str, float]
    facts: tuple[frozenset[str], ...]
    mirrored: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeUp:
    """What some words took up of a line.

    Both are 0 to 1.
    """

    content: float
    feeling: float


def ground_of(
    line: str, *, feels: Sequence[str] = (), needs: Sequence[str] = (), facts: Sequence[str] = ()
) -> Ground:
    """What the line gives a listener to take up, marked by its author or found in it."""
    text = plain(line)
    marked = " . ".join(plain(part) for part in (*feels, *needs))
    feelings: dict[str, float] = {}
    for family in implied_by(text):
        feelings[family] = GUESSED_FEELING
    for _, family in (*feelings_in(text), *feelings_in(marked)):
        feelings[family] = 1.0
    stems = content_of(line)
    wider = {word for part in (*facts, *needs) for word in content_of(part)}
    return Ground(
        stems=stems,
        wider=frozenset(wider) - frozenset(stems),
        feelings=MappingProxyType(feelings),
        facts=tuple(frozenset(content_of(fact)) for fact in facts),
        mirrored=" ".join(_OTHER_SIDE.get(word, word) for word in text.split()),
    )


def take_up(ground: Ground, text: str) -> TakeUp:
    """How far these words take up the line."""
    said = frozenset(content_of(text))
    weight = _overlap(ground, said)
    if _mirrors(ground, words_of(text)):
        weight += OWN_PHRASE
    facts = sum(
        len(fact & said) >= max(1.0, FACT_SHARE * len(fact)) for fact in ground.facts if fact
    )
    fits = [feeling_fit(ground, family) for _, family in feelings_in(plain(text), own=False)]
    return TakeUp(
        content=min(1.0, (weight + FACT_WEIGHT * facts) / FULL_CONTENT),
        feeling=max(fits, default=0.0),
    )


def feeling_fit(ground: Ground, family: str) -> float:
    """How well a family of feeling fits the line, 0 to 1."""
    sure = ground.feelings.get(family, 0.0)
    if family == "upset":
        return max(sure, LOOSE_FEELING)
    near = max((ground.feelings.get(other, 0.0) for other in NEAR[family]), default=0.0)
    fit = max(sure, NEAR_FEELING * near)
    if fit or family == "glad":
        return fit
    unhappy = any(other not in {"glad", "longing"} for other in ground.feelings)
    return OTHER_FEELING if unhappy or "glad" in ground.feelings else LOOSE_FEELING


def copy_rate(ground: Ground, stems: Sequence[str]) -> float:
    """Share of these content words copied in order from the line, 0 to 1.

    The longest common subsequence over the reply's length (MEASURES: copy rate).
    """
    if not stems:
        return 0.0
    row = [0] * (len(ground.stems) + 1)
    for word in stems:
        before = row[:]
        for column, theirs in enumerate(ground.stems, start=1):
            row[column] = (
                before[column - 1] + 1 if theirs == word else max(before[column], row[column - 1])
            )
    return row[-1] / len(stems)


def is_their_words(ground: Ground, words: str) -> bool:
    """Whether a stretch is the line itself, seen from the listener's side."""
    mine = " ".join(_MY_SIDE.get(word, word) for word in words.split())
    return f" {mine} " in f" {ground.mirrored} "


def _mirrors(ground: Ground, words: Sequence[str]) -> bool:
    return any(
        is_their_words(ground, " ".join(words[at : at + MIRRORED_WORDS]))
        and any(word not in _BARE for word in words[at : at + MIRRORED_WORDS])
        for at in range(len(words) - MIRRORED_WORDS + 1)
    )


def _overlap(ground: Ground, said: frozenset[str]) -> float:
    """The weight of the line's stems or matters that were met."""
    weights: dict[str, float] = {}
    theirs = {MATTER_OF[word] for word in (*ground.stems, *ground.wider) if word in MATTER_OF}
    for word in sorted(said - _OF_FEELING):  # a feeling counts once, as a feeling
        number = MATTER_OF.get(word)
        weak = number in _WEAK
        if word in ground.stems or word in ground.wider:
            key, weight = word, WEAK_MATTER if weak else 1.0
        elif number is not None and number in theirs:
            key, weight = f"#{number}", WEAK_MATTER if weak else SAME_MATTER
        else:
            continue
        weights[key] = max(weights.get(key, 0.0), weight)
    return sum(weights.values())
