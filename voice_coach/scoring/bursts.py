"""Bursts of talk: what is said in one go, with the listening noises before it set apart.

::

    voice    [mm-hm)    [I hear …………)   [mm-hm)            [so …)
    bursts   [    1)    [                2    )            [  3 )
                 under 0.5 s                   0.5 s and more

A noise that is parted from what follows by a gap of its own, however short, is one thing, and what
follows begins where it begins: "mm-hm", and then a prompt reply. So is a cough. A first word that
asks for the floor ("wait … I never said that") is the start of what follows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import NamedTuple

from voice_coach.conversation import Span, Timeline, Word
from voice_coach.scoring.floor import (
    BURST_GAP_S,
    LONGEST_LISTENING_S,
    NEW_START_S,
    ROUNDING_S,
    UNBROKEN_S,
    may_be_listening,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """One burst of talk: its voice, gaps under NEW_START_S filled in, and the words said in it.

    ``listens``: whether it may be nothing but listening noises.
    """

    voices: tuple[Span, ...]
    said: tuple[Word, ...]
    listens: bool

    @property
    def span(self) -> Span:
        """From its first sound to its last."""
        return self.voices[0].hull(self.voices[-1])


def bursts_of(activity: Timeline, words: Sequence[Word]) -> Iterator[Burst]:
    """The bursts in order, by what was said in them: a voice without words may be a cough."""
    for parts in _parts(activity, words):
        lead, rest = _split(parts, lambda part: may_be_listening(part.said))
        if lead:
            yield _burst(lead, listens=True)
        if rest:
            said = [word for part in rest for word in part.said]
            yield _burst(rest, listens=may_be_listening(said))


def bursts_by_time(activity: Timeline, words: Sequence[Word], line_end_s: float) -> Iterator[Burst]:
    """The same where words are known from the end of the line on only.

    What stopped before that and was short may be a listening noise, by itself.
    """

    def listens(part: _Part) -> bool:
        over = part.voice.end_s <= line_end_s + ROUNDING_S
        return over and part.voice.duration_s < UNBROKEN_S

    for parts in _parts(activity, words):
        whole = talks_on([part.voice for part in parts], line_end_s)
        lead, rest = ([], parts) if whole else _split(parts, listens)
        if lead:
            yield _burst(lead, listens=True)
        if rest:
            yield _burst(rest, listens=False)


def talks_on(voices: Sequence[Span], line_end_s: float) -> bool:
    """Whether a burst of voice over the line is more than any listening noise, by its times."""
    over_s = [max(0.0, min(voice.end_s, line_end_s) - voice.start_s) for voice in voices]
    return sum(over_s) > LONGEST_LISTENING_S and max(over_s) >= UNBROKEN_S


class _Part(NamedTuple):
    """A voice without a gap and what was said in it."""

    voice: Span
    said: tuple[Word, ...]


def _parts(activity: Timeline, words: Sequence[Word]) -> Iterator[list[_Part]]:
    """The parts of each burst. A word that lies between two belongs to the nearer."""
    for span in activity.bridged(BURST_GAP_S + ROUNDING_S):
        voices = activity.within(span).bridged(NEW_START_S - ROUNDING_S).spans
        inner = [(before.end_s + after.start_s) / 2 for before, after in pairwise(voices)]
        edges = [span.start_s, *inner, span.end_s + ROUNDING_S]
        yield [
            _Part(voice, tuple(word for word in words if start_s <= word.span.middle_s < end_s))
            for voice, (start_s, end_s) in zip(voices, pairwise(edges), strict=True)
        ]


def _split(parts: list[_Part], listens: Callable[[_Part], bool]) -> tuple[list[_Part], list[_Part]]:
    """The first parts that may be listening noises, and the rest."""
    lead = list(takewhile(listens, parts))
    return lead, parts[len(lead) :]


def _burst(parts: Sequence[_Part], *, listens: bool) -> Burst:
    return Burst(
        voices=tuple(part.voice for part in parts),
        said=tuple(word for part in parts for word in part.said),
        listens=listens,
    )
