"""The eight exercises by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from voice_coach.practice.couple.boundaries import boundaries
from voice_coach.practice.couple.check_in import check_in
from voice_coach.practice.couple.mirror import mirror
from voice_coach.practice.couple.quiet import quiet
from voice_coach.practice.couple.replay import replay
from voice_coach.practice.couple.role_reversal import role_reversal
from voice_coach.practice.couple.speaker_listener import speaker_listener
from voice_coach.practice.couple.steps import Exercise, Pair
from voice_coach.practice.couple.talk import Judged
from voice_coach.practice.couple.yes_and import yes_and


class Begin(Protocol):
    """Begins a run of an exercise."""

    def __call__(self, pair: Pair, judged: Judged) -> Exercise:
        """A fresh generator, at its first step."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An exercise as it is offered: its title, what it is for, about how long, and how to begin."""

    title: str
    purpose: str
    minutes: int
    begin: Begin


EXERCISES: Mapping[str, Offer] = MappingProxyType(
    {
        "speaker-listener": Offer(
            title="Speaker and listener",
            purpose="One speaks, the other says it back, until it has landed.",
            minutes=15,
            begin=speaker_listener,
        ),
        "mirror": Offer(
            title="The mirror",
            purpose="Say it back, say how it makes sense, say how it may feel.",
            minutes=15,
            begin=mirror,
        ),
        "role-reversal": Offer(
            title="Changing places",
            purpose="Each speaks for the other, as if it were their own view.",
            minutes=10,
            begin=role_reversal,
        ),
        "replay": Offer(
            title="Replay as the other",
            purpose="Answer a quarrel in the other's part.",
            minutes=8,
            begin=replay,
        ),
        "yes-and": Offer(
            title="Yes, and",
            purpose="Build on each other's feelings, without a but.",
            minutes=5,
            begin=yes_and,
        ),
        "quiet": Offer(
            title="Quiet together",
            purpose="A shared silence with a few breaths counted in.",
            minutes=3,
            begin=quiet,
        ),
        "check-in": Offer(
            title="Weekly check-in",
            purpose="A thank you, one hurt, one wish, and how the listening was.",
            minutes=12,
            begin=check_in,
        ),
        "boundaries": Offer(
            title="Boundaries",
            purpose="I feel, when, I need; and one agreement, if there is one.",
            minutes=12,
            begin=boundaries,
        ),
    }
)
"""The exercises, by the name they are chosen by. Minutes are about how long they take. Chosen."""
