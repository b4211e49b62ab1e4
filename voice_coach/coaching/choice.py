"""What of a scorecard is told: the one thing to keep, and the one to change.

The change is what would do most for the partner: what attacks or dismisses before what explains or
fixes, then what is missing in the listening, then coming in early, then pace. Silence before an
answer is a skill and is praised (Curhan 2022); fillers and quick answers are never mentioned
(Templeton 2022; MEASURES).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from voice_coach.coaching import phrases
from voice_coach.conversation import Measured
from voice_coach.scoring import notes as n
from voice_coach.scoring.lexicon import FAMILY_OF, feelings_in
from voice_coach.scoring.pacing import REFLECTIVE_SILENCE_S
from voice_coach.scoring.said import plain
from voice_coach.scoring.scorecard import Move, MoveKind, Observation, Score, Scorecard

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
class Point:
    """One thing to say: the row of phrases, and the evidence for it."""

    row: str
    move: Move | None = None
    word: str = ""
    seconds: int = 0
    seen: Observation | None = None

    def observation(self) -> Observation | None:
        """The evidence as it is shown."""
        if self.seen is not None:
            return self.seen
        if self.move is None:
            return None
        return Observation(
            text=self.move.move.replace("_", " "), quote=self.move.quote, span=self.move.span
        )


def what_to_keep(card: Scorecard, change: Point) -> Point:
    """The best that the reply did; else the best of how it came; never invented.

    Words that are to change are not praised as well.
    """
    notes = card.judged.notes
    moves = [move for move in card.judged.moves if not _overlaps(move, change.move)]
    if n.PARROT in notes:
        return Point(row="held")
    if any(note.startswith((n.MISNAMED, n.OFF_LINE)) for note in notes):
        good = _best(moves, "apology", "validation", "open_question", "check_in")
        if good is not None:
            return Point(row=_row(good, card), move=good)
        return Point(row="tried" if n.OFF_LINE in notes else "felt_for")
    attacked = _best(moves, *_ATTACK) is not None
    for kind in _KEEPS:
        move = _best(moves, kind, sure=VERY_SURE if attacked else SURE)
        if move is None:
            continue
        row = _row(move, card)
        if row == "sorry" and _best(moves, *_HARMS) is not None:
            continue  # an apology that explains itself is not praised
        return Point(row=row, move=move)
    return _manners_kept(card)


def _overlaps(move: Move, other: Move | None) -> bool:
    return other is not None and move.start < other.end and other.start < move.end


def _manners_kept(card: Scorecard) -> Point:
    """What there is to keep where the words gave nothing."""
    waited = waited_s(card)
    if waited is not None:
        seen = Observation(text="silence before the answer")
        return Point(row="waited", seconds=int(waited), seen=seen)
    if _best(card.judged.moves, "advice") and not _best(card.judged.moves, *_ATTACK, "minimising"):
        return Point(row="useful")
    return Point(row="let_finish" if _heard_out(card) else "stayed")


def _heard_out(card: Scorecard) -> bool:
    """Whether it is sure that the partner was heard to the end, at most with listening noises.

    Not where a soft voice would have been lost in the room's noise.
    """
    return (
        card.interruptions.score is not None
        and card.interruptions.score >= GOOD
        and all(overlap.kind == "backchannel" for overlap in card.overlaps)
        and all(one.sure for one in card.interruptions.observations)
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


def what_to_change(card: Scorecard, feels: Sequence[str]) -> Point:
    """What would do most for the partner; ``feels`` is what they feel in the line."""
    return (
        _harm(card)
        or (None if _helped_otherwise(card) else _missing(card, feels))
        or (Point(row="elsewhere") if (card.listening.score or 0) < HELPS else None)
        or _manner(card)
        or Point(row="next" if _asked(card) else "open_question")
    )


def _harm(card: Scorecard) -> Point | None:
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
        return Point(row=row, move=attack)
    small = _best(moves, "minimising", sure=0)
    if small is not None or n.FALSE_VALIDATION in notes:
        return Point(row="minimising", move=small or _best(moves, "validation"))
    if n.HOLLOW in notes:
        return Point(row="hollow", move=_best(moves, "apology"))
    away = _best(moves, "defending", "hijacking", "advice", sure=0)
    if away is None:
        return None
    return Point(row="turned" if n.TURNED in notes else str(away.move), move=away)


def _missing(card: Scorecard, feels: Sequence[str]) -> Point | None:
    """What the listening still lacks."""
    for note in card.judged.notes:
        if note.startswith(n.MISNAMED):
            word = note.removeprefix(n.MISNAMED).removeprefix(": ")
            return Point(row="misnamed" if word else "misread", word=word)
        for told, row in ((n.PARROT, "parrot"), (n.OFF_LINE, "elsewhere")):
            if note == told:
                return Point(row=row)
    feeling, content = n.FELT in card.judged.notes, n.TAKEN in card.judged.notes
    if not feeling and not content:
        if _began(card):
            return Point(row="nearer")
        sorry = _best(card.judged.moves, "apology")
        thin = sorry is not None and card.judged.facets["understanding"] < UNDERSTOOD
        content = card.judged.level == "empathy" and not thin
    if feeling:
        return None if content else Point(row="content")
    if content:
        said = " ".join(plain(move.quote) for move in card.judged.moves)
        known = {family for _, family in feelings_in(said)}
        fit = (word for word in feels if FAMILY_OF.get(word) not in {None, *known})
        kind = [word for word in fit if word not in _UNOFFERED]
        return Point(row="feeling_word", word=kind[0]) if kind else Point(row="feeling")
    return Point(row=_bare(card))


def _helped_otherwise(card: Scorecard) -> bool:
    """Whether a good reply needed no reflection: it offered, asked, or kept to a limit."""
    told = {n.FELT, n.TAKEN, *n.MISSING} & {note.split(":")[0] for note in card.judged.notes}
    return (card.listening.score or 0) >= GOOD and not told and not _began(card)


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
    " glad happy relieved ashamed jealous weak inadequate unwanted unattractive paranoid".split()
)
"""Feelings that sting when another names them first, or that miss the hurt."""


def _manner(card: Scorecard) -> Point | None:
    """Coming in early, then hurry: a low pacing is never anything else, and never the pauses."""
    if _low(card.interruptions):
        return Point(row="interrupted", seen=_first_cut(card))
    if _low(card.pacing):
        return Point(row="fast", seen=next(iter(card.pacing.observations), None))
    return None


def _first_cut(card: Scorecard) -> Observation | None:
    """What was noticed of the first interruption, other overlaps passed over."""
    cuts = [overlap.span for overlap in card.overlaps if overlap.kind == "interruption"]
    return next((seen for seen in card.interruptions.observations if seen.span in cuts), None)


def what_goes_before(
    card: Scorecard, previous: Scorecard | None, keep: Point
) -> tuple[str, ...] | None:
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
    return phrases.WAITED if keep.row != "waited" and waited_s(card) is not None else None


def _best(moves: Sequence[Move], *kinds: MoveKind, sure: float = SURE) -> Move | None:
    """The surest move of these kinds, the first among equals."""
    fitting = [move for move in moves if move.move in kinds and move.confidence >= sure]
    return max(fitting, key=lambda move: move.confidence, default=None)


def _asked(card: Scorecard) -> bool:
    return _best(card.judged.moves, "open_question", "check_in") is not None


def _low(score: Score) -> bool:
    return score.score is not None and score.score < GOOD


def waited_s(card: Scorecard) -> float | None:
    """Seconds of silence before the answer, where it was long enough to be a skill."""
    latency = card.measures.get("latency_s")
    long = isinstance(latency, Measured) and latency.value >= REFLECTIVE_SILENCE_S
    return latency.value if long and isinstance(latency, Measured) else None
