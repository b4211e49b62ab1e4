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
3. backchannel: continuers, short agreements, laughter, the other's own words in chorus, the word
   that the other was looking for.
4. interruption: anything else, also the "yes" that answers a question before it is asked.

Words alone do not tell tone: a supportive interjection of three words counts as an interruption.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from voice_coach.conversation import Overlap, OverlapKind, Span, Turn, Word, spoken, text_of
from voice_coach.scoring.floor import (
    FEWEST_WORDS_FOR_FLOOR,
    NEW_START_S,
    ROUNDING_S,
    SHORTEST_OVERLAP_S,
    SURE,
    SURE_BY_WORDS,
    SURE_ONE_WORD,
    UNSURE,
    acknowledges,
    answers,
    completes,
    hesitates,
    in_chorus,
    is_continuer,
    is_terminal,
    text_before,
)

LAST_SHARE = 0.1
"""The last part of what somebody says, in which its end is foreseen. Chosen on GAP's labels."""
TOGETHER_S = 0.2
"""Nobody reacts faster (Levinson & Torreira 2015): two who start within it start at once."""
STRAIGHT_ON_S = 0.1
"""Silence up to which an utterance carries on the one before: times are given to a tenth. Chosen"""
CHORUS_S = 1.0
"""How far apart the same words may be in chorus, evenly spread as their times are. Chosen."""
LAUGHTER = ("laugh", "lachen", "chuckl", "giggl", "haha", "$")
"""What marks laughter in transcripts, in small letters."""
BROKEN_OFF = ("--", "-", "…", "...")
"""How transcripts mark that somebody did not come to an end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Talk:
    """Utterances of one speaker that carry one another on. ``passing`` asks for no floor."""

    turn: Turn
    passing: bool
    said: tuple[Word, ...]

    @property
    def span(self) -> Span:
        return self.turn.span

    @property
    def text(self) -> str:
        return text_of(self.said)


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
    return hesitates(said) or acknowledges(said)


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
    talks = _talks(utterances)
    found = []
    for at, talk in enumerate(talks):
        floor = _floor_at(talks, at)
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
    talks: list[_Talk] = []
    ordered = sorted(utterances, key=lambda turn: turn.span.start_s)
    last_of: dict[str, int] = {}
    for at, turn in enumerate(ordered):
        passing = in_passing(turn) and not _leads_on(turn, ordered[at + 1 :])
        before = last_of.get(turn.speaker)
        if before is not None and not passing and _carries_on(talks[before], turn):
            talks[before] = _joined(talks[before], turn)
            continue
        last_of[turn.speaker] = len(talks)
        talks.append(_Talk(turn=turn, passing=passing, said=spoken(turn.words)))
    return talks


def _leads_on(turn: Turn, later: Iterable[Turn]) -> bool:
    """Whether an agreement is the start of more ("That's true. You don't always…").

    A bare continuer never is: "mm-hm" and then talk are two things.
    """
    said = text_of(spoken(turn.words))
    if hesitates(said) or is_continuer(said):
        return False
    after = next((each for each in later if each.speaker == turn.speaker), None)
    return (
        after is not None
        and after.span.start_s - turn.span.end_s < NEW_START_S - ROUNDING_S
        and not in_passing(after)
    )


def _carries_on(talk: _Talk, turn: Turn) -> bool:
    silence_s = turn.span.start_s - talk.span.end_s
    return not talk.passing and silence_s < STRAIGHT_ON_S - ROUNDING_S


def _joined(talk: _Talk, turn: Turn) -> _Talk:
    words = (*talk.turn.words, *turn.words)
    whole = replace(talk.turn, span=talk.span.hull(turn.span), words=words)
    return _Talk(turn=whole, passing=False, said=spoken(words))


def _floor_at(talks: Sequence[_Talk], at: int) -> _Talk | None:
    """Whose talk sounded when this one started: talk before mere passing, the longest first."""
    talk = talks[at]
    sounding = [
        other
        for other in talks[:at]
        if other.turn.speaker != talk.turn.speaker
        and (other.span & talk.span).duration_s >= SHORTEST_OVERLAP_S - ROUNDING_S
    ]
    return max(sounding, key=lambda other: (not other.passing, other.span.end_s), default=None)


def _kind_of(talk: _Talk, floor: _Talk, last_share: float) -> tuple[OverlapKind, float]:
    onset_s = talk.span.start_s
    if floor.passing:
        return ("terminal" if is_terminal(onset_s, floor.span) else "unclear"), UNSURE
    if is_terminal(onset_s, floor.span, last_share=last_share) and not _broken_off(floor):
        return "terminal", SURE
    if hesitates(talk.text):
        laughed = is_laughter(talk.turn.words)
        return ("backchannel", SURE_BY_WORDS) if laughed else ("unclear", UNSURE)
    return _kind_by_words(talk, floor)


def _kind_by_words(talk: _Talk, floor: _Talk) -> tuple[OverlapKind, float]:
    onset_s = talk.span.start_s
    if talk.passing:
        early = answers(talk.text, _asked(floor, onset_s))
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
    along = text_of(word for word in floor.said if word.span.meets(window))
    so_far = text_before(floor.turn.words, talk.span.start_s)
    return in_chorus(talk.text, along) or completes(talk.text, so_far)


def _broken_off(floor: _Talk) -> bool:
    return text_of(floor.turn.words).endswith(BROKEN_OFF)


def _asked(floor: _Talk, time_s: float) -> str:
    """The sentence that the other was in the middle of."""
    sentence: list[Word] = []
    for word in floor.turn.words:
        sentence.append(word)
        if word.text.endswith((".", "?", "!")):
            if word.span.end_s > time_s:
                break
            sentence = []
    return text_of(sentence)
