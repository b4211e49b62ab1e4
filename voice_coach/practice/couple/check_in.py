"""The weekly check-in.

::

    gratitude: one, two ──► hurt: two, one, each said back until it lands ──► wish: one, two
                                                                                │
                     end ◄── how heard, 0 to 10, and what helps: two, one ◄─────┘

Who begins changes from part to part. Anything can be passed.
"""

from __future__ import annotations

from voice_coach.practice.couple.reflecting import reflected
from voice_coach.practice.couple.steps import Exercise, Pair
from voice_coach.practice.couple.talk import PIECE, Judged, Steps, Talk


def check_in(pair: Pair, judged: Judged) -> Exercise:
    """Gratitude, a hurt, a wish, and how the listening was."""
    talk = Talk(pair, judged)
    return talk.run(_parts(talk))


def _parts(talk: Talk) -> Steps[None]:
    one, two = talk.pair.one, talk.pair.two
    yield from talk.tell("check_in")
    for who in (one, two):
        thanks = yield from talk.hear(who, "gratitude")
        yield from talk.keep("gratitude", who, thanks)
    for who in (two, one):
        yield from talk.floor(who, "speaker")
        hurt = yield from talk.hear(who, "hurt", PIECE)
        if hurt is not None:
            yield from reflected(talk, who, hurt)
    for who in (one, two):
        wish = yield from talk.hear(who, "wish")
        yield from talk.keep("wish", who, wish)
    for who in (two, one):
        other = talk.pair.other(who)
        heard = yield from talk.ask(who, "listened", "0 to 10")
        yield from talk.keep("rating", who, value=heard, about=other)
        helps = yield from talk.hear(who, "what_helped")
        yield from talk.keep("feedback", who, helps, about=other)
    yield from talk.tell("check_in_end")
