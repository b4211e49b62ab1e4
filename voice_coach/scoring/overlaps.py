"""Overlaps between people, from their words and times: two or more, nobody's line scripted.

Each stretch of talk that starts while somebody else holds the floor is one overlap, over the one
who holds it longest from there on. Its kind follows :mod:`voice_coach.scoring.floor`. Between
people more is known than over a scripted line: what the other was saying, and that every word was
heard by somebody who wrote it down. So, in this order:

1. Over a mere "yeah" or laughter nobody's floor is taken; nor by two who start at once.
2. terminal: starts in the last half second *and* the last tenth of what the other says, and the
   other comes to an end there; or so late that nobody notices. Half of a short sentence is no
   foreseen end: of the late onsets that GAP's labellers judged, all 19 with words of their own are
   interruptions to them. (They judged one late onset in eight, and one early onset in three: most
   late ones seem to have struck nobody. Hence the tenth, and not less.)
3. unclear: a few words that were hardly recognised, which may be any "mm-hm".
4. backchannel: continuers, short agreements, laughter, the other's own words in chorus, the word
   that the other was looking for.
5. interruption: anything else, also the "yes" that answers a question before it is asked.

Words alone do not tell tone: a supportive interjection of three words counts as an interruption.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from voice_coach.conversation import Overlap, OverlapKind, Span, Turn, Word, spoken, text_of
from voice_coach.scoring.floor import (
    FEWEST_WORDS_FOR_FLOOR,
    NEW_START_S,
    ROUNDING_S,
    SHORTEST_OVERLAP_S,
    SURE,
    SURE_BY_WORDS,
    SURE_ONE_WORD,
    TOGETHER_S,
    UNBROKEN_S,
    UNSURE,
    acknowledges,
    answers,
    completes,
    doubtful,
    hesitates,
    in_chorus,
    is_continuer,
    is_terminal,
    text_before,
)

LAST_SHARE = 0.1
"""The last part of what somebody says, in which its end is foreseen. Chosen on GAP's labels."""
STRAIGHT_ON_S = 0.1
"""Silence up to which an utterance carries on the one before: times are given to a tenth. Chosen"""
CHORUS_S = 1.0
"""How far apart the same words may be in chorus, evenly spread as their times are. Chosen."""
SEARCHED_WORDS = 20
"""So many last words show whether somebody is searching for the next. Chosen: generous."""
LAUGHTER = ("laugh", "lachen", "chuckl", "giggl", "haha", "$")
"""What marks laughter in transcripts, in small letters."""
BROKEN_OFF = ("--", "-", "…", "...")
"""How transcripts mark that somebody did not come to an end."""


@dataclass(frozen=True, kw_only=True)
class _Talk:
    """Utterances of one speaker that carry one another on. ``passing`` asks for no floor."""

    turn: Turn
    passing: bool

    @property
    def span(self) -> Span:
        return self.turn.span

    @cached_property
    def said(self) -> tuple[Word, ...]:
        return spoken(self.turn.words)

    @cached_property
    def text(self) -> str:
        return text_of(self.said)

    @cached_property
    def broken_off(self) -> bool:
        return text_of(self.turn.words).endswith(BROKEN_OFF)

    @cached_property
    def sentences(self) -> list[_Sentence]:
        """Those that came to their end, in order."""
        found: list[_Sentence] = []
        first, until_s = 0, -math.inf
        for at, word in enumerate(self.turn.words, start=1):
            if word.text.endswith((".", "?", "!")):
                until_s = max(until_s, word.span.end_s)
                found.append(_Sentence(first, at, until_s))
                first = at
        return found

    @cached_property
    def unended(self) -> str:
        """What was said after the last sentence that came to its end."""
        return text_of(self.turn.words[self.sentences[-1].last if self.sentences else 0 :])

    def sentence_at(self, time_s: float) -> str:
        """The sentence that was not over by then."""
        at = bisect_right(self.sentences, time_s, key=lambda each: each.until_s)
        if at == len(self.sentences):
            return self.unended
        first, last, _ = self.sentences[at]
        return text_of(self.turn.words[first:last])

    def until(self, time_s: float) -> str:
        """The end of what was said by then."""
        words = self.turn.words
        if not self.in_order:
            return text_before(words, time_s)
        last = bisect_right(words, time_s + ROUNDING_S, key=lambda word: word.span.end_s)
        return text_of(words[max(0, last - SEARCHED_WORDS) : last])

    def said_within(self, window: Span) -> Iterator[Word]:
        """The words said in that time, or partly."""
        said = self.said
        if self.in_order:
            first = bisect_right(said, window.start_s, key=lambda word: word.span.end_s)
            last = bisect_left(said, window.end_s, key=lambda word: word.span.start_s)
            said = said[first:last]
        return (word for word in said if word.span.meets(window))

    @cached_property
    def in_order(self) -> bool:
        """Whether each word starts and ends no sooner than the one before."""
        return all(
            one.span.start_s <= next_.span.start_s and one.span.end_s <= next_.span.end_s
            for one, next_ in pairwise(self.turn.words)
        )


class _Sentence(NamedTuple):
    """The words from ``first`` up to ``last``, which is none of it; over by ``until_s``."""

    first: int
    last: int
    until_s: float


def is_laughter(words: Iterable[Word]) -> bool:
    """Whether the marks among the words speak of laughter."""
    return any(mark in word.text.lower() for word in words for mark in LAUGHTER)


def in_passing(turn: Turn) -> bool:
    """Whether an utterance only acknowledges, hesitates, laughs or is a sound: it takes no floor.

    An utterance without words, as in RTTM, is talk: one cannot tell.
    """
    if not turn.words:
        return False
    said = text_of(spoken(turn.words))
    return hesitates(said) or acknowledges(said) or _may_be_hummed(turn)


def _may_be_hummed(turn: Turn) -> bool:
    """Whether an utterance is so short and so unsurely recognised that it may be any "mm-hm"."""
    return turn.span.duration_s < UNBROKEN_S and doubtful(spoken(turn.words))


def overlaps_between(
    utterances: Sequence[Turn], *, last_share: float = LAST_SHARE
) -> tuple[Overlap, ...]:
    """Every overlap in a conversation, in order of time, each with its kind.

    ``by`` came in over ``over``.

    Args:
        utterances: what was said, in any order, by two people or more; one is a stretch that the
            transcriber or recogniser kept together.
        last_share: the last part of what somebody says, 0 to 1, in which an onset may be terminal;
            1 leaves the last half second alone to decide.
    """
    found = []
    heard = _Heard()
    for talk in _talks(utterances):
        floor = heard.floor_over(talk)
        heard.add(talk)
        if floor is None:
            continue
        kind, confidence = _kind_of(talk, floor, last_share)
        found.append(
            Overlap(
                by=talk.turn.speaker,
                over=floor.turn.speaker,
                span=talk.span & floor.span,
                kind=kind,
                confidence=confidence,
            )
        )
    return tuple(found)


def _talks(utterances: Sequence[Turn]) -> list[_Talk]:
    """In order of start, pieces of the same talk joined."""
    talks: list[_Pieces] = []
    ordered = sorted(utterances, key=lambda turn: turn.span.start_s)
    last_of: dict[str, _Pieces] = {}
    for turn, after in zip(ordered, _next_of_each(ordered), strict=True):
        passing = in_passing(turn) and not _leads_on(turn, after)
        before = last_of.get(turn.speaker)
        if before is not None and not passing and before.carried_on_by(turn):
            before.turns.append(turn)
            before.end_s = max(before.end_s, turn.span.end_s)
            continue
        last_of[turn.speaker] = _Pieces(turns=[turn], end_s=turn.span.end_s, passing=passing)
        talks.append(last_of[turn.speaker])
    return [pieces.joined() for pieces in talks]


@dataclass(kw_only=True)
class _Pieces:
    """Utterances of one talk as they are gathered."""

    turns: list[Turn]
    end_s: float
    passing: bool

    def carried_on_by(self, turn: Turn) -> bool:
        silence_s = turn.span.start_s - self.end_s
        return not self.passing and silence_s < STRAIGHT_ON_S - ROUNDING_S

    def joined(self) -> _Talk:
        first = self.turns[0]
        span = Span(start_s=first.span.start_s, end_s=self.end_s)
        words = tuple(word for turn in self.turns for word in turn.words)
        return _Talk(turn=replace(first, span=span, words=words), passing=self.passing)


def _next_of_each(ordered: Sequence[Turn]) -> list[Turn | None]:
    """What the same speaker says next after each utterance."""
    after: list[Turn | None] = []
    next_of: dict[str, Turn] = {}
    for turn in reversed(ordered):
        after.append(next_of.get(turn.speaker))
        next_of[turn.speaker] = turn
    return after[::-1]


def _leads_on(turn: Turn, after: Turn | None) -> bool:
    """Whether an agreement is the start of more ("That's true. You don't always…").

    A bare continuer never is: "mm-hm" and then talk are two things.
    """
    said = text_of(spoken(turn.words))
    if hesitates(said) or is_continuer(said):
        return False
    return (
        after is not None
        and after.span.start_s - turn.span.end_s < NEW_START_S - ROUNDING_S
        and not in_passing(after)
    )


class _Heard:
    """The talks so far, in order of start: of each speaker the one that goes on longest."""

    def __init__(self) -> None:
        self._longest: dict[tuple[str, bool], tuple[int, _Talk]] = {}
        self._count = 0

    def add(self, talk: _Talk) -> None:
        key = (talk.turn.speaker, talk.passing)
        before = self._longest.get(key)
        if before is None or talk.span.end_s > before[1].span.end_s:
            self._longest[key] = (self._count, talk)
        self._count += 1

    def floor_over(self, talk: _Talk) -> _Talk | None:
        """Whose talk sounds when this one starts: talk before mere passing, the longest first."""
        sounding = [
            (not other.passing, other.span.end_s, -number, other)
            for number, other in self._longest.values()
            if other.turn.speaker != talk.turn.speaker
            and (other.span & talk.span).duration_s >= SHORTEST_OVERLAP_S - ROUNDING_S
        ]
        return max(sounding, default=(None,), key=lambda each: each[:3])[-1]


def _kind_of(talk: _Talk, floor: _Talk, last_share: float) -> tuple[OverlapKind, float]:
    onset_s = talk.span.start_s
    if floor.passing:
        return ("terminal" if is_terminal(onset_s, floor.span) else "unclear"), UNSURE
    if is_terminal(onset_s, floor.span, last_share=last_share) and not floor.broken_off:
        return "terminal", SURE
    if hesitates(talk.text):
        laughed = is_laughter(talk.turn.words)
        return ("backchannel", SURE_BY_WORDS) if laughed else ("unclear", UNSURE)
    return _kind_by_words(talk, floor)


def _kind_by_words(talk: _Talk, floor: _Talk) -> tuple[OverlapKind, float]:
    onset_s = talk.span.start_s
    if talk.passing:
        if not acknowledges(talk.text):
            return "unclear", UNSURE
        early = answers(talk.text, floor.sentence_at(onset_s))
        return ("interruption", SURE_ONE_WORD) if early else ("backchannel", SURE_BY_WORDS)
    if onset_s - floor.span.start_s < TOGETHER_S - ROUNDING_S:
        return "unclear", UNSURE
    if _helps(talk, floor):
        return "backchannel", SURE_ONE_WORD
    many = len(talk.said) >= FEWEST_WORDS_FOR_FLOOR
    return "interruption", SURE_BY_WORDS if many else SURE_ONE_WORD


def _helps(talk: _Talk, floor: _Talk) -> bool:
    """Whether the words are the other's: said along with them, or found for them."""
    window = Span(start_s=talk.span.start_s - CHORUS_S, end_s=talk.span.end_s + CHORUS_S)
    along = text_of(floor.said_within(window))
    return in_chorus(talk.text, along) or completes(talk.text, floor.until(talk.span.start_s))
