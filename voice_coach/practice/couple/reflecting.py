"""Saying back what was heard, until it lands.

::

    listener says it back ◄──────────────────────────────┐
      │        ▲                                         │
      │        └── a habit is named (twice at most)      │
      ▼                                                  │
    speaker: did it land? ──no, or below 6──► what is missing? (twice at most)
      │ yes, 6 or more, or no answer
      ▼
    through
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from voice_coach.practice.couple.habits import habit_in
from voice_coach.practice.couple.steps import AnswerKind, Name, Piece
from voice_coach.practice.couple.talk import REFLECTION, SENTENCE, Steps, Talk
from voice_coach.scoring.scorecard import Listening

LANDED = 6
"""Rating from which a reflection has landed. Chosen."""
MOST_TRIES = 3
"""How often a piece is said back: once, and twice more where something is missing. Chosen."""
MOST_NAMED = 2
"""How often a habit is named in one piece: more would be nagging. Chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a listener said in the end, as it was judged, and how many habits were named before."""

    text: str
    judged: Listening
    named: int


def landed(answer: bool | int | None) -> bool | None:
    """Whether a yes, a no or a rating (0 to 10) says that it landed; None for no answer."""
    if answer is None or isinstance(answer, bool):
        return answer
    return answer >= LANDED


def rating_of(answer: bool | int | None) -> int | None:
    """The number in an answer, if it was one."""
    return None if isinstance(answer, bool) else answer


def reflected(
    talk: Talk,
    speaker: str,
    text: str,
    *,
    row: str = "reflect",
    question: str = "landed",
    answer: AnswerKind = "0 to 10",
) -> Steps[Piece]:
    """Has the other say back ``text`` until it lands, or they have tried enough.

    ``row`` is how the listener is asked, ``question`` how the speaker is, for this kind of answer.
    """
    listener = talk.pair.other(speaker)
    piece = Piece(speaker=speaker, listener=listener, text=text)
    nameable = MOST_NAMED
    for tries in range(1, MOST_TRIES + 1):
        task = row if tries == 1 else "reflect_again"
        reply = yield from _answered(talk, listener, piece.text, task, most_named=nameable)
        if reply is None:
            break
        nameable -= reply.named
        said = yield from talk.ask(speaker, question, answer)
        piece = replace(
            piece,
            reflection=reply.text,
            tries=tries,
            landed=landed(said),
            rating=rating_of(said),
            score=reply.judged.score,
        )
        if piece.landed is not False or tries == MOST_TRIES:
            break
        missing = yield from talk.hear(speaker, "missed", SENTENCE)
        if missing is None:
            break
        piece = replace(piece, text=f"{piece.text} {missing}")
    yield from talk.exchanged(piece)
    if piece.landed is False or not piece.reflection:
        yield from talk.tell("not_all_the_way", speaker)
        yield from talk.keep("topic", speaker, piece.text)
    return piece


def _answered(
    talk: Talk, listener: str, text: str, row: str, *, most_named: int
) -> Steps[Reply | None]:
    """What the listener answers to ``text`` in the end; None where they pass."""
    named = 0
    while True:
        heard = yield from talk.hear(listener, "after_habit" if named else row, REFLECTION)
        if heard is None:
            return None
        judged = talk.judged(text, heard)
        habit = habit_in(judged, heard)
        if habit is None or named >= most_named:
            return Reply(text=heard, judged=judged, named=named)
        named += 1
        words = talk.words(f"habit_{habit.kind}", listener)
        yield Name(who=listener, kind=habit.kind, text=words, quote=habit.quote)
