"""Finding the moves of a reply: clause by clause, harm before care, form held against the line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from voice_coach.scoring.grounding import Ground, TakeUp, is_their_words, take_up
from voice_coach.scoring.lexicon import feelings_in
from voice_coach.scoring.moves.rules import rules
from voice_coach.scoring.moves.said import Clause
from voice_coach.scoring.scorecard import MoveKind

HARMFUL: frozenset[MoveKind] = frozenset(
    {"advice", "minimising", "hijacking", "defending", "blaming", "judging"}
)
WITHOUT_STEM = 0.5
"""Content taken up from which words without a reflecting stem count as a reflection. Chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A move in a clause. ``disguised`` where blame wears the clothes of a reflection."""

    kind: MoveKind
    confidence: float
    clause: Clause
    taken: TakeUp
    disguised: bool = False
    hollow: bool = False


def moves_in(clauses: Sequence[Clause], ground: Ground) -> tuple[Found, ...]:
    """The moves of a reply in the order they were said."""
    found: list[Found] = []
    for clause in clauses:
        found.extend(_of_clause(clause, ground))
    return tuple(found)


def _of_clause(clause: Clause, ground: Ground) -> list[Found]:
    text, taken = clause.text, take_up(ground, (clause,))
    seen = rules().others
    base = Found(kind="encourager", confidence=0.6, clause=clause, taken=taken)
    harm = _harm(clause, ground, taken)
    if harm is not None:
        kind, confidence, disguised = harm
        hollow = bool(seen["hollow"].search(text))
        return [replace(base, kind=kind, confidence=confidence, disguised=disguised, hollow=hollow)]
    if seen["encourage"].search(text):
        return [base]
    care = [
        replace(base, kind=rule.kind, confidence=rule.confidence)
        for rule in rules().care
        if rule.pattern.search(text)
    ]
    asked = _asked(base, text)
    if asked is not None:
        return [asked, *(one for one in care if one.kind == "support")]
    if any(one.kind == "sympathy" for one in care):
        care = [one for one in care if one.kind != "validation"]
    care += _reflections(base, text, validated=any(one.kind == "validation" for one in care))
    if not care and clause.asks:
        care = [replace(base, kind="closed_question", confidence=0.6)]
    return care


def _asked(base: Found, text: str) -> Found | None:
    """The question a clause asks, if it asks one; the mark is a help, not a need."""
    seen, sure = rules().others, 0.85 if base.clause.asks else 0.7
    if seen["check"].search(text):
        return replace(base, kind="check_in", confidence=0.8)
    if seen["open"].search(text):
        return replace(base, kind="open_question", confidence=sure)
    if seen["closed"].search(text):
        return replace(base, kind="closed_question", confidence=sure)
    return None


def _harm(clause: Clause, ground: Ground, taken: TakeUp) -> tuple[MoveKind, float, bool] | None:
    """The harm a clause does: kind, confidence, and whether it came as a reflection."""
    text, seen = clause.text, rules().others
    stem = seen["stem"].search(text)
    for rule in rules().harm:
        match = rule.pattern.search(text)
        if match is None or is_their_words(ground, match.group()):
            continue
        under_stem = stem is not None and stem.start() <= match.start()
        plain = seen["dark"].search(text) is None and seen["sarcasm"].search(text) is None
        if under_stem and plain and rule.kind != "judging" and _fits(taken):
            continue  # "you feel like i never listen": their own complaint, taken up
        if rule.kind == "boundary":
            return "boundary", rule.confidence, False
        return rule.kind, rule.confidence, under_stem
    if stem is None and not text.startswith(("you ", "so you ", "and you ")):
        return None
    dark = seen["dark"].search(text)
    if dark and not is_their_words(ground, dark.group()) and not taken.feeling:
        return "blaming", 0.7, True
    if seen["sarcasm"].search(text) and not clause.asks and len(clause.words) > 2:
        return "judging", 0.7, True
    return None


def _fits(taken: TakeUp) -> bool:
    return taken.content >= WITHOUT_STEM or taken.feeling > WITHOUT_STEM


def _reflections(base: Found, text: str, *, validated: bool) -> list[Found]:
    """Reflections of content and feeling in a clause that did no harm."""
    seen, taken = rules().others, base.taken
    stem = seen["stem"].search(text)
    of_you = " you " in f" {text} " or text.startswith("your ")
    named = [word for word, _ in feelings_in(text, own=False)]
    self_told = seen["self"].search(text) is not None and not of_you
    found: list[Found] = []
    if named and not self_told and (stem or of_you or taken.feeling > 0):
        sure = 0.55 + 0.4 * taken.feeling
        found.append(replace(base, kind="reflection_feeling", confidence=round(sure, 2)))
    about = taken.content >= WITHOUT_STEM or (of_you and taken.content > 0)
    starts_you = text.startswith(("you ", "so you ", "and you ", "your "))
    guess = bool(stem and of_you) or (starts_you and len(base.clause.content) > 1)
    if about or (guess and not named and not validated):
        sure = (0.5 if stem else 0.35) + 0.45 * taken.content
        found.append(replace(base, kind="reflection_content", confidence=round(sure, 2)))
    return found
