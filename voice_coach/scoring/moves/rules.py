"""The rules of ``rules.txt``, read: which words, in spelled-out form, do what.

In one clause the first rule of harm that matches stands, and keeps the clause from counting as
care. A rule is plain text so that anyone can read it, doubt it and mend it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from voice_coach.scoring.lexicon import CONTINUERS
from voice_coach.scoring.scorecard import MOVE_KINDS, MoveKind

_ADVERBS = (
    "really so just pretty very kind|of a|bit a|little totally completely quite too such all still"
    " even also actually probably honestly truly deeply terribly incredibly always a|lot absolutely"
    " only like ever clearly definitely maybe more pretty|much sort|of being"
)
_HARD = (
    "hard tough rough heavy difficult a|lot awful terrible painful horrible unbearable lousy"
    " stressful exhausting draining scary brutal miserable unfair not|easy tiring"
)
_TRAIT = (
    "dramatic ridiculous crazy selfish sensitive childish needy lazy paranoid controlling"
    " unreasonable irrational immature impossible insecure hysterical pathetic unfair ungrateful"
    " silly emotional clingy negative nagging moody jealous insane a|nag a|child a|baby mean"
    " difficult stupid spoiled bossy petty passive|aggressive manipulative cruel a|drama|queen"
)


def _any_of(listed: str) -> str:
    return "(?:" + "|".join(word.replace("|", " ") for word in listed.split()) + ")"


_MACROS = (
    ("~", f"(?:{_any_of(_ADVERBS)} )*"),
    ("{hard}", _any_of(_HARD)),
    ("{trait}", _any_of(_TRAIT)),
    ("{continuer}", _any_of(" ".join(one.replace(" ", "|") for one in CONTINUERS))),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One move and the pattern that shows it; ``confidence`` is 0 to 1."""

    kind: MoveKind
    confidence: float
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """All rules: harm in order of precedence, care, and the patterns that are no move alone."""

    harm: tuple[Rule, ...]
    care: tuple[Rule, ...]
    others: Mapping[str, re.Pattern[str]]


@lru_cache(maxsize=1)
def rules() -> Rules:
    """The rules that come with the package."""
    text = files("voice_coach.scoring.moves").joinpath("rules.txt").read_text(encoding="utf-8")
    moves: dict[str, list[Rule]] = {"harm": [], "care": []}
    others: dict[str, re.Pattern[str]] = {}
    for head, pattern in _sections(text):
        group, *rest = head.split()
        if not rest:
            others[group] = pattern
            continue
        kind, confidence = rest
        if kind not in MOVE_KINDS:
            raise ValueError(f"rules.txt names a move that there is not: {kind}")
        moves[group].append(Rule(kind=kind, confidence=float(confidence), pattern=pattern))
    return Rules(
        harm=tuple(moves["harm"]), care=tuple(moves["care"]), others=MappingProxyType(others)
    )


def _sections(text: str) -> list[tuple[str, re.Pattern[str]]]:
    """(heading, the section's lines as one pattern), in the order of the file."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("[") and line.endswith("]"):
            found.append((line[1:-1], []))
        else:
            found[-1][1].append(line)
    return [(head, _compiled("|".join(lines))) for head, lines in found]


def _compiled(source: str) -> re.Pattern[str]:
    for macro, meaning in _MACROS:
        source = source.replace(macro, meaning)
    return re.compile(rf"(?:(?<=\s)|^)(?:{source})")
