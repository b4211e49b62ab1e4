"""Boundaries: I feel, when, I need; and one agreement, if there is one.

::

    one: I feel, when, I need ──► said back until it lands ──► two: (the same)
           ▲          │ a part is missing                              │
           └── asked ─┘                                                ▼
    end ◄── kept ◄──both yes── read back ◄── one says it in a sentence, else two does
    end ◄── no agreement, and that is fine ◄── neither, or a no ────────┘
"""

from __future__ import annotations

import re

from voice_coach.practice.couple.reflecting import reflected
from voice_coach.practice.couple.steps import Exercise, Pair
from voice_coach.practice.couple.talk import PIECE, SENTENCE, Judged, Steps, Talk
from voice_coach.scoring.said import plain

_PARTS = {
    "part_feel": re.compile(r"\b(?:feel|feels|feeling|felt|i am|hurts|makes me)\b"),
    "part_when": re.compile(r"\b(?:when|whenever|if|every time|each time|after|while)\b"),
    "part_need": re.compile(r"\b(?:need|needs|want|would like|wish|please)\b"),
}
"""What is asked for, where none of these words was said. Chosen."""


def boundaries(pair: Pair, judged: Judged) -> Exercise:
    """Each says where their boundary lies and is heard; then both look for one agreement."""
    talk = Talk(pair, judged)
    return talk.run(_parts(talk))


def _parts(talk: Talk) -> Steps[None]:
    yield from talk.tell("boundaries")
    anything = False
    for speaker in (talk.pair.one, talk.pair.two):
        yield from talk.floor(speaker, "speaker")
        text = yield from _boundary(talk, speaker)
        if text is not None:
            yield from reflected(talk, speaker, text)
            anything = True
    if anything:
        yield from _agreement(talk)
    else:
        yield from talk.tell("end")


def _agreement(talk: Talk) -> Steps[None]:
    """Words both say yes to, kept; else none, and that is fine."""
    for proposer in (talk.pair.one, talk.pair.two):
        words = yield from _proposal(talk, proposer)
        other = talk.pair.other(proposer)
        if words and (yield from talk.yes(other, "their_words", words=words)):
            yield from talk.keep("agreement", None, words)
            yield from talk.tell("agreed", words=words)
            return
    yield from talk.tell("not_agreed")


def _boundary(talk: Talk, speaker: str) -> Steps[str | None]:
    """All three parts, the missing ones asked for once; None where the speaker passes."""
    text = yield from talk.hear(speaker, "boundary", PIECE)
    if text is None:
        return None
    for part, words in _PARTS.items():
        if words.search(plain(text)):
            continue
        more = yield from talk.hear(speaker, part, SENTENCE)
        text = f"{text} {more}" if more else text
    return text


def _proposal(talk: Talk, proposer: str) -> Steps[str | None]:
    """A sentence its proposer says yes to once it was read back, in case it was misheard."""
    for row in ("propose", "propose_again"):
        words = yield from talk.hear(proposer, row)
        if words is None:
            return None
        mine = yield from talk.yes(proposer, "your_words", words=words)
        if mine is not False:
            return words if mine else None
    return None
