"""What an exercise wants done, and what came of it.

::

    exercise ──step──► engine            the engine speaks, listens, waits, shows, stores
             ◄─happening─

An exercise is a generator: it yields one step at a time, is sent the one happening that came of
it, and returns its outcome. It has no clock, no randomness and no memory beyond itself, so that
the same happenings, sent again to a fresh one after a crash, lead to the same step. (Replies are
judged again then: by the same judge, with the same result.)

Times are seconds. Names are both who somebody is and how they are addressed aloud.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from voice_coach.conversation import Span, Word

AnswerKind = Literal["yes/no", "0 to 10"]
Role = Literal["speaker", "listener", "in the other's place"]
HabitKind = Literal["rebutting", "persuading", "minimising", "hijacking", "solving"]
KeepKind = Literal[
    "agreement", "topic", "gratitude", "wish", "takeaway", "rating", "feedback", "word"
]
Ended = Literal["finished", "stopped", "silence"]

MOST = 10
"""The top of the scale that people rate on, from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The two who practise, by name. Raises ValueError where the names are not two."""

    one: str
    two: str

    def __post_init__(self) -> None:
        one, two = self.one.strip(), self.two.strip()
        if not one or not two or one.casefold() == two.casefold():
            raise ValueError(f"two different names are needed, not {self.one!r} and {self.two!r}")

    def other(self, name: str) -> str:
        """The one who is not ``name``. Raises ValueError for a stranger."""
        if name not in (self.one, self.two):
            raise ValueError(f"{name!r} is neither {self.one!r} nor {self.two!r}")
        return self.two if name == self.one else self.one

    def swapped(self) -> Pair:
        """The same two, the other one first."""
        return Pair(one=self.two, two=self.one)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """Say this aloud, to one of them or (``to`` None) to both. Brings Done."""

    text: str
    to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listen:
    """Say the task aloud to ``who`` and hear them until they are done. Brings Said, Silent, Passed.

    With fewer words than ``least_words`` they have not begun yet, unless they pass ("pass" is one
    word). After ``soft_limit_s`` a gentle sign is due; at ``hard_limit_s`` the turn is over, and
    what was said until then is what they Said.
    """

    who: str
    task: str
    least_words: int
    soft_limit_s: float
    hard_limit_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Ask ``who`` this aloud and hear the answer. Brings Answered, Unanswered, Passed.

    :func:`voice_coach.practice.couple.answers.answer_in` reads the answer. It may be a plain yes
    or no where a number was asked.
    """

    who: str
    question: str
    answer: AnswerKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """Words to say softly, so many seconds after a silence began."""

    at_s: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Be silent together, with words to breathe by. Brings Done."""

    duration_s: float
    cues: tuple[Cue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chime:
    """One soft sound for what was heard so many times in the turn just over. Brings Done."""

    reason: Literal["but"]
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """The floor goes to somebody, who has it in this role: for the screen and the store.

    Brings Done.
    """

    to: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """Say this aloud to ``who``: a habit of listening, named gently. ``quote`` is their words.

    Brings Done.
    """

    who: str
    kind: HabitKind
    text: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """Speak this in the part of ``part``, in a voice that is neither of theirs. Brings Done."""

    part: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Keep this for next time; nothing is said. ``by`` is None where it is both's.

    A rating has a ``value``, 0 to 10. ``about`` is whose listening, view or part it is about.
    Brings Done.
    """

    kind: KeepKind
    by: str | None
    text: str = ""
    value: int | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What one said and the other gave back, the last time they tried.

    ``text`` holds what the speaker added along the way. ``reflection`` is empty where the listener
    passed. ``landed`` and ``rating`` (0 to 10) are what the speaker said of it, None where they did
    not say; ``score`` (0 to 100) what the judge gave the reflection, None where it gave none.
    """

    speaker: str
    listener: str
    text: str
    reflection: str = ""
    tries: int = 0
    landed: bool | None = None
    rating: int | None = None
    score: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchanged:
    """A piece is through: for the store; nothing is said. Brings Done."""

    piece: Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Somebody spoke. ``span`` and the words' times are on the sitting's clock."""

    who: str
    text: str
    span: Span | None = None
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """Somebody who had the floor said nothing."""

    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """Whoever was asked or had the floor would rather pass: by word or by key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A question was answered: yes or no as bool, a rating as int from 0 to 10."""

    value: bool | int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """No answer came, or none that could be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What was wanted is done."""


Step: TypeAlias = Tell | Listen | Ask | Quiet | Chime | Pass | Name | Play | Keep | Exchanged
Happening: TypeAlias = Said | Silent | Passed | Answered | Unanswered | Done


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How an exercise ended, and all that its Exchanged and Keep steps held, in order."""

    ended: Ended
    pieces: tuple[Piece, ...] = ()
    kept: tuple[Keep, ...] = ()

    def of(self, kind: KeepKind) -> tuple[Keep, ...]:
        """What was kept of one kind."""
        return tuple(keep for keep in self.kept if keep.kind == kind)


Exercise: TypeAlias = Generator[Step, Happening, Outcome]
