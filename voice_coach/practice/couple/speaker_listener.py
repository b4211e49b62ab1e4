"""Speaker and listener: the floor passes only once it has landed.

::

    one has the floor                                  two has the floor      each: one thing
      │                                                  │                    to take along
      ▼                                                  ▼                          │
    a piece ──► said back until it lands ──► more? ──no─► (the same) ──no─────────► end
      ▲                                       │ yes, three pieces at most
      └───────────────────────────────────────┘

After the speaker-listener technique (Markman, Stanley and Blumberg, Fighting for Your Marriage),
with Rapoport's rule that the speaker says when they feel understood.
"""

from __future__ import annotations

from voice_coach.practice.couple.reflecting import reflected
from voice_coach.practice.couple.steps import Exercise, Pair
from voice_coach.practice.couple.talk import PIECE, Judged, Steps, Talk

MOST_PIECES = 3
"""Pieces in one turn at the floor: what the other still wants to hear. Chosen."""


def speaker_listener(pair: Pair, judged: Judged) -> Exercise:
    """Each has the floor in turn, while the other says back what they hear."""
    talk = Talk(pair, judged)
    return talk.run(_parts(talk))


def _parts(talk: Talk) -> Steps[None]:
    yield from talk.tell("speaker_listener")
    for speaker in (talk.pair.one, talk.pair.two):
        yield from talk.floor(speaker, "speaker")
        yield from _turn(talk, speaker)
    for who in (talk.pair.one, talk.pair.two):
        takes = yield from talk.hear(who, "takeaway")
        yield from talk.keep("takeaway", who, takes)
    yield from talk.tell("end")


def _turn(talk: Talk, speaker: str) -> Steps[None]:
    for number in range(1, MOST_PIECES + 1):
        row = "piece" if number == 1 else "next_piece"
        text = yield from talk.hear(speaker, row, PIECE)
        if text is None:
            return
        yield from reflected(talk, speaker, text)
        if number == MOST_PIECES or not (yield from talk.yes(speaker, "more")):
            return
