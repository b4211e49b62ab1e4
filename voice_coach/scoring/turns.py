"""Turns between people: who held the floor, and how long it took to change hands.

::

    A  [----) [---)            [-----)
    B      [mhm)      [-----)              one turn of A, one of B, one of A; "mhm" is none
             A turn   B turn    A turn
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from voice_coach.conversation import Turn, spoken, text_of
from voice_coach.scoring.floor import answers, hesitates
from voice_coach.scoring.overlaps import in_passing

SILENCE_S = 5.0
"""Silence after which the same speaker begins a new turn: longer than one thinks. Chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """The floor going from one to another."""

    before: Turn
    after: Turn

    @property
    def offset_s(self) -> float:
        """Seconds from the one's end to the other's start, negative when early (Stivers 2009)."""
        return self.after.span.start_s - self.before.span.end_s


def turns_of(utterances: Sequence[Turn]) -> tuple[tuple[Turn, ...], tuple[Turn, ...]]:
    """The turns in order of start, and the listening noises that are part of none.

    Utterances of one speaker belong together until another takes the floor, or nobody has it for
    SILENCE_S. "Mm-hm", laughter and
    the like take it only where they answer a question, or where nobody else goes on.
    """
    ordered = sorted(utterances, key=lambda turn: turn.span.start_s)
    turns: list[Turn] = []
    passing: list[Turn] = []
    for at, turn in enumerate(ordered):
        if in_passing(turn) and _is_listening(turn, turns, ordered[at + 1 :]):
            passing.append(turn)
        elif turns and _goes_on(turns[-1], turn):
            turns[-1] = _joined(turns[-1], turn)
        else:
            turns.append(turn)
    return tuple(turns), tuple(passing)


def _goes_on(before: Turn, turn: Turn) -> bool:
    silence_s = turn.span.start_s - before.span.end_s
    return before.speaker == turn.speaker and silence_s < SILENCE_S


def latencies_of(turns: Sequence[Turn]) -> tuple[Latency, ...]:
    """One for each change of the floor. A turn inside another's changes nothing."""
    found: list[Latency] = []
    holder: Turn | None = None
    for turn in turns:
        if holder is not None and turn.span.end_s <= holder.span.end_s:
            continue
        if holder is not None and holder.speaker != turn.speaker:
            found.append(Latency(before=holder, after=turn))
        holder = turn
    return tuple(found)


def _is_listening(turn: Turn, turns: Sequence[Turn], later: Sequence[Turn]) -> bool:
    """Whether it leaves the floor with the one who has it."""
    if hesitates(text_of(spoken(turn.words))):
        return True
    if not turns or turns[-1].speaker == turn.speaker:
        return False
    holder = turns[-1]
    if holder.span.end_s > turn.span.start_s:
        return True
    after = next((each for each in later if not in_passing(each)), None)
    goes_on = after is not None and after.speaker == holder.speaker
    asked = holder.text.rstrip().endswith("?")
    answered = asked and answers(text_of(spoken(turn.words)), holder.text)
    return goes_on and not answered


def _joined(turn: Turn, more: Turn) -> Turn:
    return replace(turn, span=turn.span.hull(more.span), words=(*turn.words, *more.words))
