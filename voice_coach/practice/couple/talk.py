"""One run of an exercise: what was said so far, and how every exercise speaks, hears and asks.

Nobody is trapped::

    Listen ──Said──────────────► the words
      │ └──Passed──────────────► nothing, and on
      │ Silent
    Listen, without hurry ─────► (the same)
      │ Silent
    Ask "go on without this?" ──yes──► nothing, and on
      │ no                │ no answer
    stopped             silence

A question without a clear answer is put once more, then left. A happening that does not answer the
step it was sent for counts as silence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from voice_coach.practice.couple.answers import wants_to_pass
from voice_coach.practice.couple.steps import (
    MOST,
    Answered,
    AnswerKind,
    Ask,
    Ended,
    Exchanged,
    Exercise,
    Happening,
    Keep,
    KeepKind,
    Listen,
    Outcome,
    Pair,
    Pass,
    Passed,
    Piece,
    Role,
    Said,
    Step,
    Tell,
)
from voice_coach.practice.couple.wording import SAID
from voice_coach.scoring.scorecard import Listening

T = TypeVar("T")
Steps: TypeAlias = Generator[Step, Happening, T]
"""A part of an exercise, which comes to a T."""
Judged: TypeAlias = Callable[[str, str], Listening]
"""Judges a reply (second) to what was said (first): voice_coach.scoring.listening.judge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much room a turn has: fewest words, and seconds to the soft and to the hard limit."""

    least_words: int
    soft_limit_s: float
    hard_limit_s: float


PIECE = Room(least_words=3, soft_limit_s=45, hard_limit_s=90)
"""A piece short enough to be said back whole. Chosen."""
REFLECTION = Room(least_words=2, soft_limit_s=30, hard_limit_s=60)
SENTENCE = Room(least_words=2, soft_limit_s=20, hard_limit_s=40)
WORD = Room(least_words=1, soft_limit_s=8, hard_limit_s=15)
"""What fits each. Chosen."""


class LeftOff(Exception):  # noqa: N818 - not a fault: the two stop here, or nobody answers
    """The exercise ends before its end."""

    def __init__(self, ended: Ended) -> None:
        super().__init__(ended)
        self.ended = ended


class Talk:
    """What one run of an exercise holds. Not to be used for a second run."""

    def __init__(self, pair: Pair, judged: Judged) -> None:
        self.pair = pair
        self.judged = judged
        self._times_said: Counter[tuple[str, str | None]] = Counter()
        self._pieces: list[Piece] = []
        self._kept: list[Keep] = []

    def run(self, parts: Steps[None]) -> Exercise:
        """The exercise made of these parts, to whichever end it comes."""
        ended: Ended = "finished"
        try:
            yield from parts
        except LeftOff as left:
            ended = left.ended
            yield from self.tell(ended)
        return Outcome(ended=ended, pieces=tuple(self._pieces), kept=tuple(self._kept))

    def words(self, row: str, who: str | None = None, **named: str) -> str:
        """The next way to say a row to somebody, or to both."""
        ways = SAID[row]
        way = ways[self._times_said[row, who] % len(ways)]
        self._times_said[row, who] += 1
        if who is not None:
            named |= {"who": who, "other": self.pair.other(who)}
        return way.format(**named).strip()

    def tell(self, row: str, who: str | None = None, **named: str) -> Steps[None]:
        """Says a row."""
        yield Tell(text=self.words(row, who, **named), to=who)

    def floor(self, to: str, role: Role) -> Steps[None]:
        """Passes the floor."""
        yield Pass(to=to, role=role)

    def hear(self, who: str, row: str, room: Room = SENTENCE, **named: str) -> Steps[str | None]:
        """What somebody says to a task; None where they pass. Raises LeftOff where they stop."""
        said = yield from self.listen(who, row, room, **named)
        return None if said is None else said.text.strip()

    def listen(self, who: str, row: str, room: Room, **named: str) -> Steps[Said | None]:
        """The same as :meth:`hear`, with when it was said."""
        for task in (row, "no_hurry"):
            came = yield Listen(
                who=who,
                task=self.words(task, who, **named),
                least_words=room.least_words,
                soft_limit_s=room.soft_limit_s,
                hard_limit_s=room.hard_limit_s,
            )
            spoken = came if isinstance(came, Said) and came.who == who else None
            if isinstance(came, Passed) or (spoken and wants_to_pass(spoken.text)):
                yield from self.tell("passed", who)
                return None
            if spoken and spoken.text.strip():
                return spoken
        came = yield Ask(who=who, question=self.words("go_on_without", who), answer="yes/no")
        if isinstance(came, Passed) or came == Answered(value=True):
            return None
        raise LeftOff("stopped" if came == Answered(value=False) else "silence")

    def yes(self, who: str, row: str, **named: str) -> Steps[bool | None]:
        """Yes or no; None where they pass or it stays unclear."""
        answer = yield from self.ask(who, row, "yes/no", **named)
        return None if answer is None else bool(answer)

    def ask(self, who: str, row: str, answer: AnswerKind, **named: str) -> Steps[bool | int | None]:
        """A yes or no, or a number (or else a yes or no); None where there is none."""
        question = ""
        for put in (row, f"again_{answer}"):
            question = self.words(put, who, question=question, **named)
            came = yield Ask(who=who, question=question, answer=answer)
            if isinstance(came, Passed):
                return None
            if isinstance(came, Answered) and _fits(came.value, answer):
                return came.value
        return None

    def keep(
        self,
        kind: KeepKind,
        by: str | None,
        text: str | None = "",
        *,
        value: bool | int | None = None,
        about: str | None = None,
    ) -> Steps[None]:
        """Keeps what was said or rated for next time, where there is anything to keep."""
        number = None if isinstance(value, bool) else value
        if text or number is not None:
            keep = Keep(kind=kind, by=by, text=text or "", value=number, about=about)
            self._kept.append(keep)
            yield keep

    def exchanged(self, piece: Piece) -> Steps[None]:
        """A piece is through."""
        self._pieces.append(piece)
        yield Exchanged(piece=piece)


def _fits(value: bool | int, answer: AnswerKind) -> bool:
    return isinstance(value, bool) or (answer == "0 to 10" and 0 <= value <= MOST)
