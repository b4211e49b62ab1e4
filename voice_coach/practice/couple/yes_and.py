"""Yes, and: building on the other's feelings for five minutes.

::

    one ──► two ──► one ──► two ──► …  five minutes, or ten turns each ──► each rates ──► end
     └─ a "but" ─► soft sound, and on         or both pass in one round ─────┘

Nothing is named and nothing is corrected: the sound is all. Time is that of the spoken turns.
"""

from __future__ import annotations

from voice_coach.conversation import Span
from voice_coach.practice.couple.habits import buts_in
from voice_coach.practice.couple.steps import Chime, Exercise, Pair
from voice_coach.practice.couple.talk import REFLECTION, Judged, Steps, Talk

LASTS_S = 300.0
"""Seconds from the first word to the end of a round. Chosen."""
MOST_ROUNDS = 10
"""Turns of each, also where times are unknown. Chosen."""


def yes_and(pair: Pair, judged: Judged) -> Exercise:
    """The two in turn, each building on what the other feels."""
    talk = Talk(pair, judged)
    return talk.run(_parts(talk))


def _parts(talk: Talk) -> Steps[None]:
    yield from talk.tell("yes_and")
    heard: Span | None = None
    for number in range(MOST_ROUNDS):
        passes = 0
        for who in (talk.pair.one, talk.pair.two):
            first = number == 0 and who == talk.pair.one
            yield from talk.floor(who, "speaker")
            said = yield from talk.listen(who, "first_feeling" if first else "and", REFLECTION)
            if said is None:
                passes += 1
                continue
            buts = buts_in(said.text)
            if buts:
                yield Chime(reason="but", times=len(buts))
            if said.span is not None:
                heard = said.span if heard is None else heard.hull(said.span)
        if passes == 2 or (heard is not None and heard.duration_s >= LASTS_S):
            break
    for who in (talk.pair.one, talk.pair.two):
        met = yield from talk.ask(who, "how_met", "0 to 10")
        yield from talk.keep("rating", who, value=met)
    yield from talk.tell("end")
