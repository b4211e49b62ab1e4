"""Replay as the other: a quarrel, with the parts changed.

::

    your own side's line is spoken ──► you answer in the other's part ──► … three lines at most
                                                                              │
    the same, the other way round ◄── what is it really like? ◄── the other rates how true it was

A scripted quarrel gives both the same lines; one of their own gives each their own words back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from voice_coach.practice.couple.reflecting import landed, rating_of
from voice_coach.practice.couple.steps import Exercise, Pair, Piece, Play
from voice_coach.practice.couple.talk import REFLECTION, Judged, Steps, Talk
from voice_coach.scenarios.model import Line, Scenario

MOST_LINES = 3
"""Lines to answer in the other's part. Chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarrel:
    """The lines that each of the two hears, in order, as many for one as for the other.

    Raises ValueError where there are none, or more for one of them.
    """

    to_one: tuple[str, ...]
    to_two: tuple[str, ...]
    setting: str = ""

    def __post_init__(self) -> None:
        if not self.to_one or len(self.to_one) != len(self.to_two):
            raise ValueError(
                f"each needs as many lines as the other, and at least one: "
                f"{len(self.to_one)} and {len(self.to_two)} were given"
            )

    @classmethod
    def scripted(cls, scenario: Scenario) -> Self:
        """The partner's lines as they would soften; the same for both."""
        lines: list[str] = []
        line: Line | None = scenario.line(scenario.start)
        while line is not None and len(lines) < MOST_LINES:
            lines.append(line.says)
            line = scenario.next(line.id, "softens")
        return cls(to_one=tuple(lines), to_two=tuple(lines), setting=scenario.setting)

    @classmethod
    def given(cls, pair: Pair, lines: Sequence[tuple[str, str]]) -> Self:
        """The lines of a quarrel of their own, as (who, text): each hears what they said."""
        ones, twos = ([text for by, text in lines if by == who] for who in (pair.one, pair.two))
        count = min(len(ones), len(twos), MOST_LINES)
        return cls(to_one=tuple(ones[:count]), to_two=tuple(twos[:count]))


SCRIPT = (
    "You said you would be home by seven. I waited, and then I ate alone.",
    "It is not about the food. I stopped believing it when you say a time.",
    "I just want to feel that I come first now and then.",
)
COLD_DINNER = Quarrel(to_one=SCRIPT, to_two=SCRIPT)
"""What is played where nothing else was chosen."""


def replay(pair: Pair, judged: Judged, *, quarrel: Quarrel = COLD_DINNER) -> Exercise:
    """Each answers a side of a quarrel in the other's part."""
    talk = Talk(pair, judged)
    return talk.run(_parts(talk, quarrel))


def _parts(talk: Talk, quarrel: Quarrel) -> Steps[None]:
    yield from talk.tell("replay", setting=quarrel.setting)
    for player, lines in ((talk.pair.one, quarrel.to_one), (talk.pair.two, quarrel.to_two)):
        yield from _in_the_other_part(talk, player, lines)
    yield from talk.tell("end")


def _in_the_other_part(talk: Talk, player: str, lines: Sequence[str]) -> Steps[None]:
    owner = talk.pair.other(player)
    yield from talk.floor(player, "in the other's place")
    yield from talk.tell("begin_part", player)
    played: list[tuple[str, str]] = []
    for line in lines:
        yield Play(part=player, text=line)
        reply = yield from talk.hear(player, "answer_as", REFLECTION)
        if reply is None:
            break
        played.append((line, reply))
    if not played:
        return
    said = yield from talk.ask(owner, "how_true", "0 to 10")
    for line, reply in played:
        yield from talk.exchanged(
            Piece(
                speaker=owner,
                listener=player,
                text=line,
                reflection=reply,
                tries=1,
                landed=landed(said),
                rating=rating_of(said),
            )
        )
    yield from talk.keep("rating", owner, value=said, about=owner)
    yield from talk.hear(owner, "really_like")
