"""What is kept of an exercise, and what of it is shown the next time."""

from __future__ import annotations

from dataclasses import asdict

from voice_coach.practice.couple.journal import Begun
from voice_coach.practice.couple.steps import Outcome, Pair
from voice_coach.practice.store import KeptRehearsal


def kept_of(begun: Begun, outcome: Outcome) -> KeptRehearsal:
    """Numbers always; words where the outcome still holds them."""
    return KeptRehearsal(
        began=begun.began,
        exercise=begun.exercise,
        one=begun.one,
        two=begun.two,
        ended=outcome.ended,
        numbers={
            "answers": [
                {
                    "speaker": piece.speaker,
                    "listener": piece.listener,
                    "tries": piece.tries,
                    "landed": piece.landed,
                    "rating": piece.rating,
                    "score": piece.score,
                }
                for piece in outcome.pieces
            ],
            "ratings": [
                {"by": keep.by, "about": keep.about, "value": keep.value}
                for keep in outcome.kept
                if keep.value is not None
            ],
        },
        words=[asdict(keep) for keep in outcome.kept if keep.text],
    )


def last_words(pair: Pair, kept: tuple[KeptRehearsal, ...]) -> tuple[tuple[str, str], ...]:
    """What these two kept the last time that they kept words: kind and text."""
    names = {pair.one.casefold(), pair.two.casefold()}
    for rehearsal in reversed(kept):
        if {rehearsal.one.casefold(), rehearsal.two.casefold()} == names and rehearsal.words:
            return tuple(
                (f"{each['kind']} ({each['by']})" if each["by"] else each["kind"], each["text"])
                for each in rehearsal.words
            )
    return ()
