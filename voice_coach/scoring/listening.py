"""Judging a reply by its words: what it does, how far it takes up the line, and a score.

``judge`` is the one door. A small network (:mod:`voice_coach.scoring.network`) reads line and reply
together; here its probabilities become moves with their quotes, facets, a level and a score, or
the reason why there is none. What the words themselves show (copying, feelings named) is added as
the reason for it, never as a grade of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from voice_coach.conversation import Span, Word
from voice_coach.scoring.grounding import ground_of, take_up
from voice_coach.scoring.lexicon import LIGHT
from voice_coach.scoring.network import Network, Reading, shipped
from voice_coach.scoring.notes import (
    HIDDEN_BLAME,
    INSULTS,
    THREATENS,
    copied_share,
    fooling_kind,
    notes_on,
)
from voice_coach.scoring.safety import Alarm, alarm_in
from voice_coach.scoring.said import with_its_not, words_of
from voice_coach.scoring.scorecard import (
    FACETS,
    HARMFUL,
    PRIMARIES,
    Empathy,
    Facet,
    Level,
    Listening,
    Move,
    Primary,
)
from voice_coach.scoring.stretches import stretches

POINTS = (5.0, 26.0, 50.0, 74.0, 94.0)
"""Points of a reply of quality 0, 1, 2, 3, 4 (training/GUIDELINES.md); between, in line. Chosen."""
MOST_WHERE_FOOLED = 38
"""The most that a reply with the form of listening only can score. The promise is 40."""
MOST_WHERE_ATTACKED = 20
"""The most of a reply whose level is attack. Chosen."""
LEAST_SURE = 0.4
"""Probability a level needs; below, it is unclear. Chosen."""
WIDEST = 1.35
"""Standard deviation of the quality beyond which no score is given: on dev lines 3 in 100, and two
thirds of those are off by more than a step and a half."""
SURE_OF_ATTACK = 0.7
"""Probability that an attack needs: of those less sure on dev lines, one in two was none,
and one in three a good reply."""
MIN_WORDS = 4
"""Below this only a clear move is judged ("calm down", "what happened?"). Chosen."""
CLEAR = 0.8
"""Probability of a move from which it is judged however short. Chosen."""
LEAST_LIGHT, LEAST_KNOWN = 0.25, 0.7
"""Share of small English words ("you", "the", "was"), and of words the network knows whole, below
both of which a text is in another language. Of 13,000 English replies of eight words or more none
is; of ten sentences in eight other languages, one (German, of the smallest words) is not found."""
LANGUAGE_WORDS = 8
"""Fewer words than this do not show their language. Chosen."""
NO_WORDS = "no words were recognised"
UNREAD = "what you said over the line could not be read"
TOO_FEW_WORDS = "too few words to judge"
BEYOND = "this matters more than an exercise"
NOT_ENGLISH = "not in English, as far as the words show"
TOO_UNSURE = "could be heard in more than one way"
"""Why there is no score."""


def judge(
    line: str,
    reply: str,
    *,
    feels: Sequence[str] = (),
    needs: Sequence[str] = (),
    facts: Sequence[str] = (),
    words: Sequence[Word] = (),
) -> Listening:
    """What a reply does as an answer to a line.

    Works on clean text and on recogniser text alike. ``feels``, ``needs``, ``facts`` are what the
    scenario's author marked in the line; ``words`` the reply's words with their times (seconds),
    from which each move gets its span. Moves carry character offsets into ``reply``.
    """
    network = shipped()
    foreign = _foreign(network, reply)
    judged = bool(words_of(reply)) and not foreign
    alarm = alarm_in(reply) if judged else None
    if alarm is not None:
        return _alarmed(alarm, reply, words)
    reading = network.read(line, reply)
    moves = _moves(reply, reading, _times(reply, words)) if judged else ()
    ground = ground_of(line, feels=feels, needs=needs, facts=facts)
    taken, copied = take_up(ground, reply), copied_share(reply, ground)
    fooling = fooling_kind(reading, copied)
    reason = (
        NOT_ENGLISH
        if foreign
        else _too_little(reply, moves) or _too_unsure(reading, moves, fooling)
    )
    level: Level = "unclear" if reason else _level(reading)
    return Listening(
        primary=_primary(reading, level),
        probabilities=MappingProxyType(dict(reading.primaries)),
        moves=moves,
        facets=_facets(reading),
        level=level,
        score=None if reason else _score(reading, level, fooling),
        reason=reason,
        model=network.name,
        notes=() if reason else notes_on(reply, reading, moves, ground, fooling),
        quality=round(reading.expected_quality, 3),
        empathy=_empathy(reading) if level == "empathy" else None,
        copied=round(copied, 3),
        content=round(taken.content, 3),
        feeling=round(taken.feeling, 3),
    )


def _alarmed(alarm: Alarm, reply: str, words: Sequence[Word]) -> Listening:
    """A threat or an insult is the lowest there is; despair and violence are not scored at all."""
    beyond = alarm.kind in {"despair", "violence"}
    span = _span_of(alarm.start, alarm.end, _times(reply, words))
    attack = Move(
        move="blaming",
        quote=reply[alarm.start : alarm.end],
        start=alarm.start,
        end=alarm.end,
        confidence=1.0,
        span=span,
    )
    facets = dict.fromkeys(FACETS, 0.0)
    if not beyond:
        facets |= {"attacking": 1.0, "dismissing": 0.5}
    return Listening(
        primary="other",
        probabilities=MappingProxyType(
            {primary: float(primary == "other") for primary in PRIMARIES}
        ),
        moves=() if beyond else (attack,),
        facets=MappingProxyType(facets),
        level="unclear" if beyond else "attack",
        score=None if beyond else 0,
        reason=BEYOND if beyond else None,
        model=shipped().name,
        notes=() if beyond else (THREATENS if alarm.kind == "threat" else INSULTS,),
        quality=0.0,
    )


def _moves(
    reply: str, reading: Reading, times: Sequence[tuple[int, int, Span]]
) -> tuple[Move, ...]:
    """The moves above their threshold, each stretch of them, in the order they were said."""
    found = []
    for number, (kind, sure) in enumerate(reading.moves.items()):
        if sure < reading.thresholds[kind]:
            continue
        tags = reading.tags[:, number]
        for begins, end, here in stretches(reply, reading.places, tags):
            start = with_its_not(reply, begins)
            found.append(
                Move(
                    move=kind,
                    quote=reply[start:end],
                    start=start,
                    end=end,
                    confidence=round(sure * min(1.0, here / max(float(tags.max()), 1e-6)), 3),
                    span=_span_of(start, end, times),
                )
            )
    return tuple(sorted(found, key=lambda move: (move.start, move.end)))


def _span_of(start: int, end: int, times: Sequence[tuple[int, int, Span]]) -> Span | None:
    """When the characters [start, end) were said, where that is known."""
    inside = [span for begin, stop, span in times if begin < end and start < stop]
    return inside[0].hull(inside[-1]) if inside else None


def _foreign(network: Network, reply: str) -> bool:
    said = [word.lower() for word in words_of(reply)]
    light = sum(word in LIGHT for word in said)
    return (
        len(said) >= LANGUAGE_WORDS
        and light < LEAST_LIGHT * len(said)
        and network.known_share(said) < LEAST_KNOWN
    )


def _too_little(reply: str, moves: Sequence[Move]) -> str | None:
    if not words_of(reply):
        return TOO_FEW_WORDS if any(map(str.isalpha, reply)) else NO_WORDS
    clear = any(move.move != "encourager" and move.confidence >= CLEAR for move in moves)
    spoken = sum(bool(words_of(token)) for token in reply.split())
    return None if clear or spoken >= MIN_WORDS else TOO_FEW_WORDS


def _too_unsure(reading: Reading, moves: Sequence[Move], fooling: str | None) -> str | None:
    blamed = _level(reading) == "attack" or any(move.move in HARMFUL for move in moves)
    if fooling in HIDDEN_BLAME and not blamed:
        return TOO_UNSURE  # blame without a word to show for it is no evidence
    steps = np.arange(len(reading.quality))
    spread = float(np.dot(reading.quality, (steps - reading.expected_quality) ** 2)) ** 0.5
    return TOO_UNSURE if spread > WIDEST else None


def _score(reading: Reading, level: Level, fooling: str | None) -> int:
    """Points of the expected quality, held down where the form fools or the reply attacks."""
    score = float(np.interp(reading.expected_quality, np.arange(len(POINTS)), POINTS))
    if fooling is not None:
        score = min(score, MOST_WHERE_FOOLED)
    if level == "attack":
        score = min(score, MOST_WHERE_ATTACKED)
    return round(score)


def _level(reading: Reading) -> Level:
    likeliest: Level = max(reading.levels, key=lambda level: reading.levels[level])
    least = SURE_OF_ATTACK if likeliest == "attack" else LEAST_SURE
    return likeliest if reading.levels[likeliest] >= least else "unclear"


def _primary(reading: Reading, level: Level) -> Primary:
    """The main behaviour; whatever its form, an attack is none that listening counts."""
    if level == "attack":
        return "other"
    return max(reading.primaries, key=lambda name: reading.primaries[name])


def _empathy(reading: Reading) -> Empathy:
    return max(reading.flavours, key=lambda flavour: reading.flavours[flavour])


def _facets(reading: Reading) -> Mapping[Facet, float]:
    return MappingProxyType({facet: round(reading.facets[facet], 3) for facet in FACETS})


def _times(reply: str, words: Sequence[Word]) -> tuple[tuple[int, int, Span], ...]:
    """Where each timed word stands in the reply: (start, end, span); words not found are left."""
    at, low, found = 0, reply.lower(), []
    for word in words:
        start = low.find(word.text.lower().strip(".,?!"), at)
        if start >= 0:
            at = start + len(word.text.strip(".,?!"))
            found.append((start, at, word.span))
    return tuple(found)
