"""Habits of listening that shut a door, found in a reply that has been judged, and every "but".

A habit is named to the listener so that they can try again. It is only named where the judge was
reasonably sure, and never where it could not judge at all: to be told off without cause, in front
of the other, would cost more than a habit that slips by.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from voice_coach.practice.couple.steps import HabitKind
from voice_coach.scoring.notes import TURNED
from voice_coach.scoring.scorecard import HARMFUL, Listening, Move, MoveKind

SURE = 0.6
"""Confidence from which a habit is named; the same from which feedback praises. Chosen."""

_HABITS: tuple[tuple[HabitKind, frozenset[MoveKind]], ...] = (
    ("rebutting", frozenset({"blaming"})),
    ("persuading", frozenset({"defending", "judging"})),
    ("minimising", frozenset({"minimising"})),
    ("hijacking", frozenset({"hijacking"})),
    ("solving", frozenset({"advice"})),
)
"""The moves that make a habit; the one that hurts most first. Chosen."""

_REFLECTIONS: frozenset[MoveKind] = frozenset(
    {"reflection_content", "reflection_feeling", "validation"}
)
_OWN_SIDE = re.compile(
    r"but,? (?:(?:then|still|well|look|actually|honestly),? )?"
    r"(?:i (?:was|had to|have to|need|only|just|also|never|did|do|thought|told|said|could|can|am)\b"
    r"|i['’](?:m|ve|d)\b|my\b|me\b|what about me|you (?:could|should|might)\b"
    r"|(?:it|that)(?:['’]s not| is not| was not| wasn['’]t| isn['’]t) (?:my|true|fair))",
    re.IGNORECASE,
)
"""A "but" that goes on with one's own side, or with what the other ought to have done. Chosen."""

_BUT = re.compile(r"(?<!\w)but(?:[\s,.–-]+but)*(?![\w'’-])", re.IGNORECASE)
"""A "but"; a stuttered one is one."""
_EXCEPT = re.compile(
    r"(?:\b(?:nothing|anything|everything|everyone|everybody|nobody|none|no one|all|any"
    r"|no choice|not help|cannot|a|the)|n['’]t help) $",
    re.IGNORECASE,
)
"""After these a "but" means except, or is the word itself: "nothing but", "there was a but"."""
_NOT_ONLY = re.compile(r"\bnot (?:only|just|merely)\b[^.?!]*$", re.IGNORECASE)
"""After this a "but" adds: "not only tired but sad"."""
_CLAUSE = re.compile(
    r" (?:i|i['’]\w+|we|they|he|she|it|it['’]s|that['’]s"
    r"|you (?:are|were|do|don['’]t|did|didn['’]t|have|haven['’]t|never|always|just|still)"
    r"|you['’]\w+)(?!\w)",
    re.IGNORECASE,
)
"""Before these it turns whatever stood before: "I do everything but you never notice"."""
_NO_TURN_BEFORE = re.compile(r",? not least\b| for (?!me\b|us\b|once\b|now\b|a\b)", re.IGNORECASE)
"""Before these it does not: "last but not least", "but for you I would"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """A habit found in a reply, and the words that show it."""

    kind: HabitKind
    quote: str


def habit_in(judged: Listening, reply: str) -> Habit | None:
    """The habit to be named in a listener's reply, the one that hurts most; None for none.

    ::

        "It's not my fault, the traffic was bad"           persuading
        "You should just call her"                         solving
        "You felt alone, but you could have said so"       rebutting
    """
    if judged.reason is not None:
        return None
    sure = [move for move in judged.moves if move.confidence >= SURE]
    turned = _turned(judged, sure, reply)
    if turned is not None:
        return Habit(kind="rebutting", quote=turned)
    for kind, moves in _HABITS:
        found = [move for move in sure if move.move in moves]
        if found:
            return Habit(kind=kind, quote=max(found, key=lambda move: move.confidence).quote)
    return None


def buts_in(text: str) -> tuple[tuple[int, int], ...]:
    """Where each "but" that turns against what went before stands: characters [start, end).

    ::

        "I see that, but I was tired"       one
        "nothing but love", "but for you"   none
    """
    return tuple(
        found.span()
        for found in _BUT.finditer(text)
        if _turns(text[: found.start()], text[found.end() :])
    )


def _turns(before: str, after: str) -> bool:
    """Whether a "but" between these turns."""
    if _NOT_ONLY.search(before) or _NO_TURN_BEFORE.match(after):
        return False
    return bool(_CLAUSE.match(after)) or not _EXCEPT.search(before)


def _turned(judged: Listening, sure: list[Move], reply: str) -> str | None:
    """The words from the "but" on, where listening comes first and a rebuttal follows."""
    heard = [move for move in sure if move.move in _REFLECTIONS]
    harm_from = max((move.end for move in sure if move.move in HARMFUL), default=0)
    for start, _ in buts_in(reply):
        after_listening = any(move.start < start for move in heard)
        harmful = TURNED in judged.notes and harm_from > start
        if after_listening and (harmful or _OWN_SIDE.match(reply, start)):
            return reply[start:].strip()
    return None
