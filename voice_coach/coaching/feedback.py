"""From a scorecard to what is said: one thing to keep, one to change, a sentence to try.

The change is what would do most for the partner: what attacks or dismisses before what explains or
fixes, then what is missing in the listening, then coming in early, then pace. Silence before an
answer is a skill and is praised (Curhan 2022); fillers and quick answers are never mentioned
(Templeton 2022; MEASURES).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from voice_coach.coaching import phrases
from voice_coach.coaching.sentences import fluent, quoted, says_something, sentence_to_try
from voice_coach.coaching.voices import spoken_duration_s
from voice_coach.conversation import Measured
from voice_coach.scoring import notes as n
from voice_coach.scoring.interruptions import SOFTER_LOST
from voice_coach.scoring.lexicon import FAMILY_OF, feelings_in
from voice_coach.scoring.listening import (
    DESPAIR,
    NO_WORDS,
    NOT_ENGLISH,
    TOO_FEW_WORDS,
    UNREAD,
)
from voice_coach.scoring.pacing import REFLECTIVE_SILENCE_S
from voice_coach.scoring.said import plain
from voice_coach.scoring.scorecard import Move, MoveKind, Observation, Score, Scorecard

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
HELPS = 50
"""Listening below which something is missing, whatever moves were found: quality 2. Chosen."""
GOOD = 70
"""A part of the scorecard from which nothing in it needs to change. Chosen."""
SURE = 0.6
"""Confidence from which a move is praised. Chosen."""
UNDERSTOOD = 0.4
"""Understanding from which an apology shows that it knows what for. Chosen."""
VERY_SURE = 0.85
"""Confidence a move needs to be praised beside an attack, lest the praise ring false. Chosen."""
BETTER_BY = 10
"""Points of listening from which a retake is called better. Chosen."""
_T = TypeVar("_T")
_ATTACK: tuple[MoveKind, ...] = ("blaming", "judging")
_HARMS: tuple[MoveKind, ...] = (*_ATTACK, "minimising", "defending", "hijacking", "advice")
_KEEPS: tuple[MoveKind, ...] = (
    "reflection_feeling",
    "apology",
    "validation",
    "reflection_content",
    "boundary",
    "open_question",
    "check_in",
    "support",
    "sympathy",
    "closed_question",
    "encourager",
)


_ASKS = frozenset({"open_question", "check_in"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What the learner is told. ``enough`` is False where the reply could not be judged."""

    keep: str
    change: str
    say_instead: str
    evidence: tuple[Observation, ...] = ()
    enough: bool = True

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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    """One thing to say: the row of phrases, and the evidence for it."""

    row: str
    move: Move | None = None
    word: str = ""
    seconds: int = 0
    seen: Observation | None = None

    def observation(self) -> Observation | None:
        if self.seen is not None:
            return self.seen
        if self.move is None:
            return None
        return Observation(
            text=self.move.move.replace("_", " "), quote=self.move.quote, span=self.move.span
        )


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
    change = _change(card, feels)
    keep = _Point(row="pause") if change.row == "threat" else _keep(card, change)
    lead = _lead(card, previous, keep)
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
    seen = (keep.observation(), change.observation())
    return Feedback(
        keep=kept, change=mend, say_instead=say or "", evidence=tuple(o for o in seen if o)
    )


def _keep(card: Scorecard, change: _Point) -> _Point:
    """The best that the reply did; else the best of how it came; never invented.

    Words that are to change are not praised as well.
    """
    notes = card.judged.notes
    moves = [move for move in card.judged.moves if not _overlaps(move, change.move)]
    if n.PARROT in notes:
        return _Point(row="held")
    if any(note.startswith((n.MISNAMED, n.OFF_LINE)) for note in notes):
        good = _best(moves, "apology", "validation", "open_question", "check_in")
        if good is not None:
            return _Point(row=_row(good, card), move=good)
        return _Point(row="tried" if n.OFF_LINE in notes else "felt_for")
    attacked = _best(moves, *_ATTACK) is not None
    for kind in _KEEPS:
        move = _best(moves, kind, sure=VERY_SURE if attacked else SURE)
        if move is None:
            continue
        row = _row(move, card)
        if row == "sorry" and _best(moves, *_HARMS) is not None:
            continue  # an apology that explains itself is not praised
        return _Point(row=row, move=move)
    return _manners_kept(card)


def _overlaps(move: Move, other: Move | None) -> bool:
    return other is not None and move.start < other.end and other.start < move.end


def _manners_kept(card: Scorecard) -> _Point:
    """What there is to keep where the words gave nothing."""
    waited = _waited_s(card)
    if waited is not None:
        seen = Observation(text="silence before the answer")
        return _Point(row="waited", seconds=int(waited), seen=seen)
    if _best(card.judged.moves, "advice") and not _best(card.judged.moves, *_ATTACK, "minimising"):
        return _Point(row="useful")
    return _Point(row="let_finish" if _heard_out(card) else "stayed")


def _heard_out(card: Scorecard) -> bool:
    """Whether it is sure that the partner was heard to the end, at most with listening noises.

    Not where a soft voice would have been lost in the room's noise.
    """
    seen = card.interruptions.observations
    return (
        card.interruptions.score is not None
        and card.interruptions.score >= GOOD
        and all(overlap.kind == "backchannel" for overlap in card.overlaps)
        and not any(one.text.endswith(SOFTER_LOST) for one in seen)
    )


def _row(move: Move, card: Scorecard) -> str:
    """The row of phrases that fits a good move in this reply."""
    if move.move == "reflection_feeling":
        owned = {other.start for other in card.judged.moves if other.move == "apology"}
        if move.start in owned:
            return "apology"
        return "reflection_feeling"
    if move.move == "apology" and card.judged.facets["understanding"] < UNDERSTOOD:
        return "sorry" if re.search(r"sorry|apolog", move.quote.lower()) else "apology"
    return "asked" if move.move in _ASKS else str(move.move)


def _change(card: Scorecard, feels: Sequence[str]) -> _Point:
    return (
        _harm(card)
        or _missing(card, feels)
        or (_Point(row="elsewhere") if (card.listening.score or 0) < HELPS else None)
        or _manner(card)
        or _Point(row="next" if _asked(card) else "open_question")
    )


def _harm(card: Scorecard) -> _Point | None:
    """What hurts or closes the door, worst first."""
    moves, notes = card.judged.moves, card.judged.notes
    attack = _best(moves, *_ATTACK, sure=0 if card.judged.level == "attack" else SURE)
    if attack is not None or card.judged.level == "attack":
        row = str(attack.move) if attack else "blaming"
        if n.THREATENS in notes:
            row = "threat"
        elif n.DISGUISED in notes:
            row = "disguised"  # the sting is at the end
            stings = [move for move in moves if move.move in _ATTACK]
            attack = max(stings, key=lambda move: move.end, default=None)
        elif n.ACCUSES in notes:
            row = "accusing"
        return _Point(row=row, move=attack)
    small = _best(moves, "minimising", sure=0)
    if small is not None or n.FALSE_VALIDATION in notes:
        return _Point(row="minimising", move=small or _best(moves, "validation"))
    if n.HOLLOW in notes:
        return _Point(row="hollow", move=_best(moves, "apology"))
    away = _best(moves, "defending", "hijacking", "advice", sure=0)
    if away is None:
        return None
    return _Point(row="turned" if n.TURNED in notes else str(away.move), move=away)


def _missing(card: Scorecard, feels: Sequence[str]) -> _Point | None:
    """What the listening still lacks."""
    for note in card.judged.notes:
        if note.startswith(n.MISNAMED):
            word = note.removeprefix(n.MISNAMED).removeprefix(": ")
            return _Point(row="misnamed" if word else "misread", word=word)
        for told, row in ((n.PARROT, "parrot"), (n.OFF_LINE, "elsewhere")):
            if note == told:
                return _Point(row=row)
    feeling, content = n.FELT in card.judged.notes, n.TAKEN in card.judged.notes
    if not feeling and not content:
        if _began(card):
            return _Point(row="nearer")
        sorry = _best(card.judged.moves, "apology")
        thin = sorry is not None and card.judged.facets["understanding"] < UNDERSTOOD
        content = card.judged.level == "empathy" and not thin
    if feeling:
        return None if content else _Point(row="content")
    if content:
        said = " ".join(plain(move.quote) for move in card.judged.moves)
        known = {family for _, family in feelings_in(said)}
        fit = (word for word in feels if FAMILY_OF.get(word) not in {None, *known})
        kind = [word for word in fit if word not in _UNOFFERED]
        return _Point(row="feeling_word", word=kind[0]) if kind else _Point(row="feeling")
    return _Point(row=_bare(card))


def _began(card: Scorecard) -> bool:
    """Whether something was taken up, though not enough to be told as a note."""
    return _best(card.judged.moves, "reflection_feeling", "reflection_content") is not None


def _bare(card: Scorecard) -> str:
    """What to ask of a reply that took up neither the feeling nor what happened."""
    rows: tuple[tuple[MoveKind, str], ...] = (
        ("boundary", "heard"),
        ("apology", "sorry_for"),
        ("sympathy", "sympathy"),
    )
    for kind, row in rows:
        if _best(card.judged.moves, kind):
            return row
    return "ask_after" if _asked(card) else "heard"


_UNOFFERED = frozenset(
    "idiot stupid fool used worn small insecure foolish bitter mocked suspicious guilty hopeful"
    " glad happy relieved".split()
)
"""Feelings that sting when another names them first, or that miss the hurt."""


def _manner(card: Scorecard) -> _Point | None:
    """Coming in early, then hurry: a low pacing is never anything else, and never the pauses."""
    if _low(card.interruptions):
        return _Point(row="interrupted", seen=_first_cut(card))
    if _low(card.pacing):
        return _Point(row="fast", seen=next(iter(card.pacing.observations), None))
    return None


def _first_cut(card: Scorecard) -> Observation | None:
    """What was noticed of the first interruption, other overlaps passed over."""
    cuts = [overlap.span for overlap in card.overlaps if overlap.kind == "interruption"]
    return next((seen for seen in card.interruptions.observations if seen.span in cuts), None)


def _lead(card: Scorecard, previous: Scorecard | None, keep: _Point) -> tuple[str, ...] | None:
    """What goes before the thing to keep: what got better, or the quiet moment taken."""
    if previous is not None and previous.listening.score is not None:
        now, before = card.judged.moves, previous.judged.moves
        gone = [k for k in _HARMS if _best(before, k, sure=0) and not _best(now, k, sure=0)]
        rose = (card.listening.score or 0) - previous.listening.score
        if gone and rose > 0:
            name = {"blaming": "attack", "judging": "attack", "minimising": "dismiss"}
            return phrases.BETTER[name.get(gone[0], gone[0])]
        if rose >= BETTER_BY:
            return phrases.BETTER["score"]
    return phrases.WAITED if keep.row != "waited" and _waited_s(card) is not None else None


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
        DESPAIR: phrases.DESPAIR,
        NOT_ENGLISH: phrases.NOT_ENGLISH,
    }
    keep, change = _pick(told.get(reason, phrases.UNSURE), variant)
    if reason == TOO_FEW_WORDS and _waited_s(card) is not None:
        keep = _pick(phrases.WAITED_ALONE, variant)
    change = change.format(partner=partner)
    if reason == DESPAIR:  # no sentence to try: this is no exercise any more
        return Feedback(keep=keep, change=change, say_instead="", enough=False)
    left = most_words - len(keep.split()) - len(change.split())
    said = [move.quote for move in card.judged.moves]
    say = sentence_to_try(
        model_replies, line=line, said=said, left=left, variant=variant, last=True
    )
    return Feedback(keep=keep, change=change, say_instead=say or "", enough=False)


def _told(
    pairs: Sequence[phrases.Pair], point: _Point, partner: str, limit: int, variant: int
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


def _best(moves: Sequence[Move], *kinds: MoveKind, sure: float = SURE) -> Move | None:
    """The surest move of these kinds, the first among equals."""
    fitting = [move for move in moves if move.move in kinds and move.confidence >= sure]
    return max(fitting, key=lambda move: move.confidence, default=None)


def _asked(card: Scorecard) -> bool:
    return _best(card.judged.moves, "open_question", "check_in") is not None


def _low(score: Score) -> bool:
    return score.score is not None and score.score < GOOD


def _waited_s(card: Scorecard) -> float | None:
    """Seconds of silence before the answer, where it was long enough to be a skill."""
    latency = card.measures.get("latency_s")
    long = isinstance(latency, Measured) and latency.value >= REFLECTIVE_SILENCE_S
    return latency.value if long and isinstance(latency, Measured) else None


def _pick(options: Sequence[_T], variant: int) -> _T:
    return options[variant % len(options)]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
