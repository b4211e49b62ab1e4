"""Finding the moves of a reply: clause by clause, harm before care, form held against the line."""

from __future__ import annotations

import re
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
BLAMES: frozenset[MoveKind] = frozenset({"blaming", "judging"})
"""Harms that a denial before them takes away: "it was never your fault"."""

WITHOUT_STEM = 0.5
"""Content taken up from which words without a reflecting stem count as a reflection. Chosen."""
FITS_FEELING = 0.5
"""Fit of a feeling above which a complaint said back is taken up, not thrown back. Chosen."""
GUESS_WORDS = 2
"""Content words a guess about the partner needs to count as one. Chosen."""
SARCASM_WORDS = 3
"""Words a clause needs before its last one can be sarcasm: "that's great" is praise. Chosen."""

SURE_ENCOURAGER = 0.6
SURE_CHECK_IN = 0.8
SURE_ASKED = 0.85
SURE_ASKED_WITHOUT_MARK = 0.7
SURE_MARK_ALONE = 0.6
SURE_DARK = 0.7
"""Confidence in a move by what shows it; those of the rules stand in rules.txt. Chosen."""
FEELING_FROM, FEELING_BY_FIT = 0.55, 0.4
"""Confidence in a reflected feeling: from a bare one up, by its fit to the line. Chosen."""
CONTENT_FROM, CONTENT_WITHOUT_STEM, CONTENT_BY_TAKE_UP = 0.5, 0.35, 0.45
"""Confidence in reflected content: with a stem, without one, and by what it takes up. Chosen."""
_VIEW = re.compile(r"you (?:feel|think|say|believe)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A move in a clause.

    ``disguised`` where blame wears the clothes of a reflection, ``hollow`` where an apology is for
    the feeling only, ``wish`` where it names, in words the line has not, what the partner wants.
    """

    kind: MoveKind
    confidence: float
    clause: Clause
    taken: TakeUp
    disguised: bool = False
    hollow: bool = False
    wish: bool = False


def moves_in(clauses: Sequence[Clause], ground: Ground) -> tuple[Found, ...]:
    """The moves of a reply in the order they were said."""
    found: list[Found] = []
    for at, clause in enumerate(clauses):
        then = clauses[at + 1].text if at + 1 < len(clauses) else ""
        found.extend(_of_clause(clause, ground, then))
    return tuple(found)


def _of_clause(clause: Clause, ground: Ground, then: str) -> list[Found]:
    text, taken = clause.text, take_up(ground, (clause,))
    seen = rules().others
    base = Found(kind="encourager", confidence=SURE_ENCOURAGER, clause=clause, taken=taken)
    harm = _harm(clause, ground, taken, then)
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
    wish = seen["wish"].search(text)
    base = replace(base, wish=wish is not None and not is_their_words(ground, wish.group()))
    care += _reflections(base, text, validated=any(one.kind == "validation" for one in care))
    if not care and clause.asks:
        care = [replace(base, kind="closed_question", confidence=SURE_MARK_ALONE)]
    return care


def _asked(base: Found, text: str) -> Found | None:
    """The question a clause asks, if it asks one; the mark is a help, not a need."""
    seen = rules().others
    sure = SURE_ASKED if base.clause.asks else SURE_ASKED_WITHOUT_MARK
    if seen["check"].search(text):
        return replace(base, kind="check_in", confidence=SURE_CHECK_IN)
    if seen["open"].search(text):
        return replace(base, kind="open_question", confidence=sure)
    if seen["closed"].search(text):
        return replace(base, kind="closed_question", confidence=sure)
    return None


def _harm(
    clause: Clause, ground: Ground, taken: TakeUp, then: str
) -> tuple[MoveKind, float, bool] | None:
    """The harm a clause does: kind, confidence, and whether it came as a reflection.

    ``then`` is the next clause: it may take back what sounds like blame ("you could have gone to
    bed, and you stayed up for me").
    """
    text, seen = clause.text, rules().others
    stem = seen["stem"].search(text)
    for rule in rules().harm:
        match = next((one for one in rule.pattern.finditer(text) if one.group()), None)
        if match is None or _theirs(ground, match):
            continue
        if rule.kind in BLAMES and _taken_back(text, match, then):
            continue
        under_stem = stem is not None and stem.start() <= match.start()
        plain = seen["dark"].search(text) is None and seen["sarcasm"].search(text) is None
        if under_stem and plain and not _of_them(rule.kind, match) and _fits(taken):
            continue  # "you feel like i never listen": their own complaint, taken up
        if rule.kind == "boundary":
            return "boundary", rule.confidence, False
        return rule.kind, rule.confidence, under_stem
    return _dressed_up(clause, ground, stemmed=stem is not None)


def _dressed_up(
    clause: Clause, ground: Ground, *, stemmed: bool
) -> tuple[MoveKind, float, bool] | None:
    """Blame that only its dark words or its sarcasm gives away."""
    text, seen = clause.text, rules().others
    dark = seen["dark"].search(text) if stemmed else None
    if dark and not (_theirs(ground, dark) or _taken_back(text, dark, "")):
        return "blaming", SURE_DARK, True
    of_you = stemmed or text.startswith(("you ", "so you ", "and you "))
    sarcastic = of_you and not clause.asks and len(clause.words) >= SARCASM_WORDS
    if sarcastic and seen["sarcasm"].search(text):
        return "judging", SURE_DARK, True
    return None


def _of_them(kind: MoveKind, match: re.Match[str]) -> bool:
    """Whether a harm says something about the partner, so that no stem makes it their view."""
    about_them = match.group().startswith("you ") and not _VIEW.match(match.group())
    return kind == "judging" or (kind == "blaming" and about_them)


def _theirs(ground: Ground, match: re.Match[str]) -> bool:
    """Whether the partner said this, or spoke of this person ("your mother", "your boss")."""
    said = match.group()
    about = " ".join(said.split()[:2])
    return is_their_words(ground, said) or (
        about.startswith("my ") and is_their_words(ground, about)
    )


def _taken_back(text: str, match: re.Match[str], then: str) -> bool:
    """Whether blame is denied before it is said, or turned to praise behind it."""
    denied = rules().others["denied"].search(text[: match.start()])
    spared = rules().others["spared"].match(f"{text[match.start() :]} {then} ")
    return denied is not None or spared is not None


def _fits(taken: TakeUp) -> bool:
    return taken.content >= WITHOUT_STEM or taken.feeling > FITS_FEELING


def _reflections(base: Found, text: str, *, validated: bool) -> list[Found]:
    """Reflections of content and feeling in a clause that did no harm."""
    seen, taken = rules().others, base.taken
    stem = seen["stem"].search(text)
    of_you = " you " in f" {text} " or text.startswith("your ")
    named = [word for word, _ in feelings_in(text, own=False)]
    self_told = seen["self"].search(text) is not None and not of_you
    found: list[Found] = []
    if named and not self_told and (stem or of_you or taken.feeling > 0):
        sure = FEELING_FROM + FEELING_BY_FIT * taken.feeling
        found.append(replace(base, kind="reflection_feeling", confidence=round(sure, 2)))
    about = taken.content >= WITHOUT_STEM or (of_you and taken.content > 0)
    starts_you = text.startswith(("you ", "so you ", "and you ", "your "))
    guess = bool(seen["wish"].search(text) or (stem and of_you))
    guess = guess or (starts_you and len(base.clause.content) >= GUESS_WORDS)
    if about or (guess and not named and not validated):
        sure = CONTENT_FROM if stem else CONTENT_WITHOUT_STEM
        sure += CONTENT_BY_TAKE_UP * taken.content
        found.append(replace(base, kind="reflection_content", confidence=round(sure, 2)))
    return found
