"""What stands around every exercise: a yes from each before it, a word to each after it.

::

    hello ──► one: may I listen? ──► two: may I listen? ──► the exercise ──► a keep and a wish
                 │ no                   │ no                                 for each
                 └──────────────────────┴──► over                              │
                                                      keep your words? ◄───────┘ both yes: kept
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from voice_coach.practice.couple.afterwards import told_to
from voice_coach.practice.couple.steps import (
    Answered,
    Ask,
    Exercise,
    Happening,
    Keep,
    Outcome,
    Pair,
    Passed,
    Step,
    Tell,
)
from voice_coach.practice.couple.talk import Judged

HELLO = (
    "{one} and {two}, I listen to both of you and keep the floor, not the truth. Nothing leaves "
    "this machine. To end at once, say: {stop}."
)
MAY_I = (
    "{who}, is it all right with you that I listen? Yes or no.",
    "{who}, I did not catch that. May I listen? Yes or no.",
)
NOT_BEGUN = "Then we leave it for today. Nothing was kept."
KEEP_WORDS = (
    "{who}, shall I keep your own words from today for next time? Yes or no.",
    "{who}, shall I keep it? Yes or no.",
)
KEPT, NOT_KEPT = "It is kept for next time.", "It is not kept."
WRITTEN_DOWN = frozenset(
    {"agreement", "topic", "wish", "takeaway", "gratitude", "feedback", "word"}
)
"""What of an exercise is words of theirs."""


def whole(pair: Pair, exercise: Exercise, judged: Judged, *, stop_word: str) -> Exercise:
    """The exercise with what stands around it; its outcome keeps words only if both want that."""
    yield Tell(text=HELLO.format(one=pair.one, two=pair.two, stop=stop_word))
    if not (yield from _both(pair, MAY_I)):
        exercise.close()
        yield Tell(text=NOT_BEGUN)
        return Outcome(ended="stopped")
    outcome: Outcome = yield from exercise
    for told in told_to(pair, outcome, judged):
        if told.text:
            yield Tell(text=f"{told.who}. {told.text}", to=told.who)
    if any(keep.text for keep in outcome.kept):
        wanted = outcome.ended == "finished" and (yield from _both(pair, KEEP_WORDS))
        yield Tell(text=KEPT if wanted else NOT_KEPT)
        if not wanted:
            outcome = replace(outcome, kept=tuple(map(_wordless, outcome.kept)))
    return outcome


def _both(pair: Pair, ways: tuple[str, ...]) -> Generator[Step, Happening, bool]:
    """Whether both say yes; the other is not asked where the first one does not."""
    for who in (pair.one, pair.two):
        if not (yield from _yes(who, ways)):
            return False
    return True


def _yes(who: str, ways: tuple[str, ...]) -> Generator[Step, Happening, bool]:
    for question in ways:
        came = yield Ask(who=who, question=question.format(who=who), answer="yes/no")
        if isinstance(came, Answered | Passed):
            return came == Answered(value=True)
    return False


def _wordless(keep: Keep) -> Keep:
    return replace(keep, text="")
