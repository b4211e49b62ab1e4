"""From a scorecard to what is said: one thing to keep, one to change, a sentence to try.

Which things these are is chosen in :mod:`voice_coach.coaching.choice`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from voice_coach.coaching import phrases
from voice_coach.coaching.choice import (
    Point,
    waited_s,
    what_goes_before,
    what_to_change,
    what_to_keep,
)
from voice_coach.coaching.sentences import fluent, quoted, says_something, sentence_to_try
from voice_coach.coaching.voices import spoken_duration_s
from voice_coach.scoring.lexicon import feelings_in
from voice_coach.scoring.listening import (
    BEYOND,
    NO_WORDS,
    NOT_ENGLISH,
    TOO_FEW_WORDS,
    UNREAD,
)
from voice_coach.scoring.said import plain
from voice_coach.scoring.scorecard import Observation, Scorecard

SAY_INSTEAD_INTRO = "You could say:"
MAX_SPOKEN_S = 13.4
"""Fifteen seconds, less the ninth by which spoken_duration_s may be short."""
MAX_WORDS = 38
FEWER_WORDS = 3
LEAST_WORDS = 14
"""Words to begin with (15 s at about 165 a minute), and how they shrink where those are long
ones. Chosen."""
QUOTE_WORDS = (8, 6, 5, 4, 0)
"""Longest quote, tried in turn until everything fits. Chosen."""
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What the learner is told. ``enough`` is False where the reply could not be judged.

    ``show_help``: words were said that are more than an exercise; places to find help go with it.
    """

    keep: str
    change: str
    say_instead: str
    evidence: tuple[Observation, ...] = ()
    enough: bool = True
    show_help: bool = False

    @property
    def words(self) -> int:
        """How many words are spoken."""
        return sum(len(part.split()) for part in (self.keep, self.change, self.say_instead))

    @property
    def spoken(self) -> str:
        """All of it, as it is said aloud."""
        parts = [self.keep, self.change]
        if self.say_instead:
            parts.append(f"{SAY_INSTEAD_INTRO} {self.say_instead}")
        return " ".join(part for part in parts if part)


def choose_feedback(
    card: Scorecard,
    *,
    line: str,
    model_replies: Sequence[str],
    partner: str,
    feels: Sequence[str] = (),
    previous: Scorecard | None = None,
    variant: int = 0,
) -> Feedback:
    """One thing to keep, one to change and a sentence to try, said in MAX_SPOKEN_S at most.

    ``line`` is what the partner said, ``model_replies`` good answers to it, ``feels`` what the
    partner feels in it, ``previous`` the last attempt at the same line. ``variant`` picks the
    wording; the same values give the same words.
    """

    def within(words: int) -> Feedback:
        if card.listening.score is None:
            return _gently(card, line, model_replies, partner, variant, words)
        return _judged(card, line, model_replies, partner, feels, previous, variant, words)

    told = within(MAX_WORDS)
    for words in range(MAX_WORDS - FEWER_WORDS, LEAST_WORDS, -FEWER_WORDS):
        if spoken_duration_s(told.spoken) <= MAX_SPOKEN_S:
            break
        told = within(words)
    return told


def _judged(
    card: Scorecard,
    line: str,
    model_replies: Sequence[str],
    partner: str,
    feels: Sequence[str],
    previous: Scorecard | None,
    variant: int,
    most_words: int,
) -> Feedback:
    """What is told of a reply that could be judged, in so many words."""
    change = what_to_change(card, feels)
    keep = Point(row="pause") if change.row == "threat" else what_to_keep(card, change)
    lead = None if change.row == "threat" else what_goes_before(card, previous, keep)
    said = [move.quote for move in card.judged.moves]
    for limit in QUOTE_WORDS:
        kept = _told(phrases.KEEPS[keep.row], keep, partner, limit, variant)
        if lead:
            kept = f"{_pick(lead, variant).format(partner=partner)} You {kept}"
        kept = f"You {kept}"
        mend = _capital(_told(phrases.CHANGES[change.row], change, partner, limit, variant))
        left = most_words - len(kept.split()) - len(mend.split())
        say = sentence_to_try(
            model_replies,
            line=line,
            said=said,
            left=left,
            variant=variant,
            last=limit == 0,
        )
        if say is not None:
            break
    if change.row == "threat":
        say = None  # this is no moment for a phrase
    seen = (keep.observation(), change.observation())
    return Feedback(
        keep=kept,
        change=mend,
        say_instead=say or "",
        evidence=tuple(o for o in seen if o),
        show_help=change.row == "threat",
    )


def _gently(
    card: Scorecard,
    line: str,
    model_replies: Sequence[str],
    partner: str,
    variant: int,
    most_words: int,
) -> Feedback:
    """No score: said without judging, with the sentence to try all the same."""
    reason = card.listening.reason or ""
    told = {
        NO_WORDS: phrases.NOT_HEARD,
        UNREAD: phrases.ONLY_OVER_LINE,
        TOO_FEW_WORDS: phrases.TOO_SHORT,
        BEYOND: phrases.BEYOND,
        NOT_ENGLISH: phrases.NOT_ENGLISH,
    }
    keep, change = _pick(told.get(reason, phrases.UNSURE), variant)
    if reason == TOO_FEW_WORDS and waited_s(card) is not None:
        keep = _pick(phrases.WAITED_ALONE, variant)
    change = change.format(partner=partner)
    if reason == BEYOND:  # no sentence to try: this is no exercise any more
        return Feedback(keep=keep, change=change, say_instead="", enough=False, show_help=True)
    left = most_words - len(keep.split()) - len(change.split())
    said = [move.quote for move in card.judged.moves]
    say = sentence_to_try(
        model_replies, line=line, said=said, left=left, variant=variant, last=True
    )
    return Feedback(keep=keep, change=change, say_instead=say or "", enough=False)


def _told(
    pairs: Sequence[phrases.Pair], point: Point, partner: str, limit: int, variant: int
) -> str:
    """The phrase filled in; without the quote where none is to be had or none fits."""
    full, plain = _pick(pairs, variant)
    quote = ""
    if point.move is not None and limit:
        said = fluent(point.move.quote)
        quote = quoted(said, limit, telling=_telling(point.row, said.split()))
        if point.row == "disguised" and not says_something(quote, said):
            quote = ""
    text = full if limit and (quote or "{quote}" not in full) else plain
    return text.format(partner=partner, quote=quote, word=point.word, seconds=point.seconds)


def _telling(row: str, words: Sequence[str]) -> int | None:
    """Which word of the quote it is all about, if one is: the feeling, or the sting at the end."""
    if row == "disguised":
        return len(words) - 1
    if row == "reflection_feeling":
        for index in range(len(words)):
            if feelings_in(plain(" ".join(words[: index + 1]))):
                return index
    return None


def _pick(options: Sequence[_T], variant: int) -> _T:
    return options[variant % len(options)]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
