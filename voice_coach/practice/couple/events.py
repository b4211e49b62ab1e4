"""What happens while two rehearse, as typed, frozen events; the screen and ``--events`` read them.

``at_s`` is seconds since the microphone opened, as all times here, counted by its samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from voice_coach.conversation import Span, Word
from voice_coach.practice.couple.steps import HabitKind, Role
from voice_coach.practice.events import Noted


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalStarted:
    """Two began an exercise. ``began`` is the wall clock as ISO 8601 with its zone.

    ``resumed``: how many steps of it were done before, when it was broken off.
    """

    at_s: float
    began: str
    exercise: str
    title: str
    one: str
    two: str
    topic: str
    input_device: str
    output_device: str
    model: str
    voice: str
    resumed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TellStarted:
    """The program begins to say something, to one of them or (``to`` empty) to both."""

    at_s: float
    to: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorPassed:
    """The floor went to somebody, who has it in this role."""

    at_s: float
    to: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenStarted:
    """The program has fallen silent and listens to somebody."""

    at_s: float
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnHeard:
    """Somebody who had the floor is done; ``text`` is empty where they said nothing or passed.

    ``ended_by``: silence, a key, the limit, passed, or nothing said.
    """

    at_s: float
    who: str
    text: str
    words: tuple[Word, ...]
    span: Span | None
    ended_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerHeard:
    """A question was answered; ``text`` as heard, ``answer`` as it was understood."""

    at_s: float
    who: str
    text: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HabitNamed:
    """A habit of listening was named to somebody, with their words."""

    at_s: float
    who: str
    kind: HabitKind
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """A soft sound said that a turn has become long, or that a "but" was heard."""

    at_s: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalEnded:
    """The exercise is over. ``reason``: finished, stopped, silence, unsafe or what went wrong.

    ``lost_s`` is how much of the microphone's sound is missing against the clock.
    """

    at_s: float
    reason: str
    lost_s: float = 0.0


CoupleEvent: TypeAlias = (
    RehearsalStarted
    | TellStarted
    | FloorPassed
    | ListenStarted
    | TurnHeard
    | AnswerHeard
    | HabitNamed
    | Reminded
    | Noted
    | RehearsalEnded
)
