"""The mirror: say it back, say how it makes sense, say how it may feel.

::

    one sends ──► mirrored until it lands ──► more? ──no─► makes sense ──► I imagine you feel
      ▲                                        │                              │
      └──────── yes, three times at most ──────┘              is that how it feels? ──no─► which?
                                                                              │
    do both want to change places? ──yes──► (the same, two sends) ──► end ◄───┘
      └──no──► two's turn is kept for another day ──► end

After the couples dialogue of Imago therapy (Hendrix, Getting the Love You Want). Habits are named
while it is said back; in the two steps after it, which are harder, the listener is let be.
"""

from __future__ import annotations

from voice_coach.practice.couple.reflecting import reflected
from voice_coach.practice.couple.steps import Exercise, Pair, Piece
from voice_coach.practice.couple.talk import PIECE, REFLECTION, WORD, Judged, Steps, Talk

MOST_SENT = 4
"""What is sent at once and whenever there is more, three times at most. Chosen."""


def mirror(pair: Pair, judged: Judged) -> Exercise:
    """One sends, the other mirrors, validates and empathises; then, if both want, the reverse."""
    talk = Talk(pair, judged)
    return talk.run(_parts(talk))


def _parts(talk: Talk) -> Steps[None]:
    first, second = talk.pair.one, talk.pair.two
    yield from talk.tell("mirror")
    yield from _mirrored(talk, first)
    wants = yield from talk.yes(second, "want_to_speak")
    ready = wants and (yield from talk.yes(first, "want_to_mirror"))
    if ready:
        yield from _mirrored(talk, second)
    elif wants:
        yield from talk.tell("another_day", speaker=second)
        yield from talk.keep("topic", second, "a turn to be mirrored")
    yield from talk.tell("end")


def _mirrored(talk: Talk, speaker: str) -> Steps[None]:
    yield from talk.floor(speaker, "speaker")
    sent = yield from _sent(talk, speaker)
    if not sent:
        return
    listener = talk.pair.other(speaker)
    yield from talk.floor(listener, "listener")
    yield from talk.hear(listener, "validate", REFLECTION)
    felt = yield from talk.hear(listener, "empathise", REFLECTION)
    if felt is None:
        return
    feels_so = yield from talk.yes(speaker, "feels_so")
    yield from talk.exchanged(
        Piece(
            speaker=speaker,
            listener=listener,
            text=sent,
            reflection=felt,
            tries=1,
            landed=feels_so,
            score=talk.judged(sent, felt).score,
        )
    )
    if feels_so is False:
        yield from talk.hear(speaker, "which_feeling", WORD)


def _sent(talk: Talk, speaker: str) -> Steps[str]:
    """All that was sent and mirrored; empty where the sender passed."""
    sent: list[str] = []
    for number in range(1, MOST_SENT + 1):
        text = yield from talk.hear(speaker, "send" if number == 1 else "send_more", PIECE)
        if text is None:
            break
        piece = yield from reflected(
            talk, speaker, text, row="mirror_back", question="landed_yes_no", answer="yes/no"
        )
        sent.append(piece.text)
        if number == MOST_SENT or not (yield from talk.yes(speaker, "more")):
            break
    return " ".join(sent)
