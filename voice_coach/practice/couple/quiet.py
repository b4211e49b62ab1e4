"""Quiet: a shared silence with a few breaths counted in.

::

    what is to come ──► silence, 1 to 5 minutes ──► one word each ──► end

Six breaths a minute, five seconds in and five out, calm most (Lehrer and Gevirtz 2014).
"""

from __future__ import annotations

from voice_coach.practice.couple.steps import Cue, Exercise, Pair, Quiet
from voice_coach.practice.couple.talk import WORD, Judged, Steps, Talk

FEWEST_MINUTES, MOST_MINUTES = 1, 5
FIRST_CUE_S = 3.0
HALF_BREATH_S = 5.0
GUIDED_BREATHS = 3
"""Breaths that are guided at the start; the rest are their own. Chosen."""
REMINDER_S = 60.0
"""How often a few words say that the silence still holds. Chosen."""


def quiet(pair: Pair, judged: Judged, *, minutes: int = 2) -> Exercise:
    """So many minutes of silence. Raises ValueError for fewer than 1 or more than 5."""
    if not FEWEST_MINUTES <= minutes <= MOST_MINUTES:
        raise ValueError(
            f"a silence of {minutes} minutes: choose {FEWEST_MINUTES} to {MOST_MINUTES}"
        )
    talk = Talk(pair, judged)
    return talk.run(_parts(talk, minutes))


def _parts(talk: Talk, minutes: int) -> Steps[None]:
    told = "One minute" if minutes == 1 else f"{minutes} minutes"
    yield from talk.tell("quiet", minutes=told)
    yield Quiet(duration_s=minutes * 60.0, cues=_cues(talk, minutes))
    for who in (talk.pair.one, talk.pair.two):
        word = yield from talk.hear(who, "one_word", WORD)
        yield from talk.keep("word", who, word)
    yield from talk.tell("end")


def _cues(talk: Talk, minutes: int) -> tuple[Cue, ...]:
    breaths = [
        Cue(at_s=FIRST_CUE_S + half * HALF_BREATH_S, text=talk.words(row))
        for half, row in enumerate(("breathe_in", "breathe_out") * GUIDED_BREATHS)
    ]
    reminders = [
        Cue(at_s=minute * REMINDER_S, text=talk.words("still_here")) for minute in range(1, minutes)
    ]
    return (*breaths, *reminders)
