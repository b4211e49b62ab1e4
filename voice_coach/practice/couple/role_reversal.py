"""Role reversal: each speaks for the other's view, and its owner says how near that came.

::

    both views ──► one speaks as two ──► two rates ──► two speaks as one ──► … ──► end
                          ▲                  │ below 9
                          │           what was missing?
                          └─── once more ────┘ below 6, once

After Rapoport's and Rogers' condition that one may answer a view only when one has stated it to its
owner's satisfaction. What is said in another's place is not judged: it is no answer to them.
"""

from __future__ import annotations

from dataclasses import replace

from voice_coach.practice.couple.reflecting import landed, rating_of
from voice_coach.practice.couple.steps import Exercise, Pair, Piece
from voice_coach.practice.couple.talk import PIECE, Judged, Steps, Talk

WHOLE = 9
"""Rating from which nothing of weight is missing. Chosen."""
MOST_TRIES = 2
"""How often one speaks in the other's place. Chosen."""


def role_reversal(pair: Pair, judged: Judged) -> Exercise:
    """Each says their view, then speaks for the other's."""
    talk = Talk(pair, judged)
    return talk.run(_parts(talk))


def _parts(talk: Talk) -> Steps[None]:
    yield from talk.tell("role_reversal")
    views: dict[str, str] = {}
    for owner in (talk.pair.one, talk.pair.two):
        yield from talk.floor(owner, "speaker")
        views[owner] = (yield from talk.hear(owner, "own_view", PIECE)) or ""
    for stand_in in (talk.pair.one, talk.pair.two):
        yield from talk.floor(stand_in, "in the other's place")
        owner = talk.pair.other(stand_in)
        yield from _in_their_place(talk, owner, views[owner])
    yield from talk.tell("end")


def _in_their_place(talk: Talk, owner: str, view: str) -> Steps[None]:
    stand_in = talk.pair.other(owner)
    piece = Piece(speaker=owner, listener=stand_in, text=view)
    for tries in range(1, MOST_TRIES + 1):
        row = "in_their_place" if tries == 1 else "in_their_place_again"
        argued = yield from talk.hear(stand_in, row, PIECE)
        if argued is None:
            break
        said = yield from talk.ask(owner, "how_like_you", "0 to 10")
        rating = rating_of(said)
        piece = replace(piece, reflection=argued, tries=tries, landed=landed(said), rating=rating)
        if said is None or said is True or (rating is not None and rating >= WHOLE):
            break
        missing = yield from talk.hear(owner, "what_was_missing")
        if missing is None:
            break
        piece = replace(piece, text=f"{piece.text} {missing}".strip())
        if piece.landed:
            break
    if piece.reflection:
        yield from talk.exchanged(piece)
    yield from talk.keep("rating", owner, value=piece.rating, about=owner)
