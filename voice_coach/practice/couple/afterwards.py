"""After an exercise: one thing to keep and one to wish for, to each, from their own words.

Of each one's answers the best gives the keep and the weakest the wish; neither is compared with
anybody's. What the speaker said of an answer stands beside the program's own score, so that it can
be seen where the program was wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from voice_coach.coaching.feedback import Feedback, choose_feedback
from voice_coach.practice.couple.steps import Outcome, Pair, Piece
from voice_coach.practice.couple.talk import Judged
from voice_coach.scoring.scorecard import Score, Scorecard

FAR = 30
"""Points between the program and whoever was answered from which it says that it may be wrong.
Chosen."""
NOT_HERE = "not asked for here"
ASK_MORE = "Next time, ask what you may have missed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one of the two is told; empty where they answered nothing.

    Where none of their answers could be judged, the keep is what the other gave them.
    """

    who: str
    keep: str = ""
    wish: str = ""

    @property
    def text(self) -> str:
        """Both, as they are said aloud."""
        return " ".join(part for part in (self.keep, self.wish) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """An answer as the one who was answered felt it (to 10), and as the program scored it (to 100).

    ``far``: so far apart that the program may well be wrong.
    """

    speaker: str
    listener: str
    rating: int
    score: int
    far: bool


def told_to(pair: Pair, outcome: Outcome, judged: Judged) -> tuple[Told, Told]:
    """A keep and a wish for each, in the pair's order."""
    one, two = (_told(who, outcome.pieces, judged) for who in (pair.one, pair.two))
    return one, two


def beside(outcome: Outcome) -> tuple[Beside, ...]:
    """Every answer that was rated and scored, in order."""
    return tuple(
        Beside(
            speaker=piece.speaker,
            listener=piece.listener,
            rating=piece.rating,
            score=piece.score,
            far=abs(10 * piece.rating - piece.score) >= FAR,
        )
        for piece in outcome.pieces
        if piece.rating is not None and piece.score is not None
    )


def _told(who: str, pieces: Sequence[Piece], judged: Judged) -> Told:
    own = [piece for piece in pieces if piece.listener == who and piece.reflection]
    scored = [(piece.score, piece) for piece in own if piece.score is not None]
    if scored:
        _, best = max(scored, key=lambda each: each[0])
        _, weakest = min(scored, key=lambda each: each[0])
        return Told(
            who=who, keep=_feedback(best, judged).keep, wish=_feedback(weakest, judged).change
        )
    if not own:
        return Told(who=who)
    rated = [(piece.rating, piece.speaker) for piece in own if piece.rating is not None]
    if not rated:
        return Told(who=who, keep=f"You stayed with what {own[0].speaker} said. Keep that.")
    rating, speaker = max(rated)
    return Told(who=who, keep=f"{speaker} gave your answer {rating} of ten.", wish=ASK_MORE)


def _feedback(piece: Piece, judged: Judged) -> Feedback:
    listening = judged(piece.text, piece.reflection)
    elsewhere = Score(score=None, reason=NOT_HERE)
    card = Scorecard(
        listening=Score(score=listening.score, reason=listening.reason),
        pacing=elsewhere,
        interruptions=elsewhere,
        judged=listening,
    )
    return choose_feedback(card, line=piece.text, model_replies=(), partner=piece.speaker)
