"""The floor: the rules that say what it means to speak while somebody else does.

One place for them, whether the other is a scripted line
(:mod:`voice_coach.scoring.interruptions`) or a person (:mod:`voice_coach.scoring.overlaps`)::

    other    [--------------------------)
    one             [mm-hm)                    backchannel: only says "I am listening"
    one                             [I hear…)  terminal: starts where the end is foreseen
    one                [but I never…)          interruption: early, and asks for the floor

Sources: Schegloff 2000 (overlaps that compete for nothing: terminal ones, continuers, choral talk,
completing the other's word search), Jefferson 1984 (acknowledging is not yet speaking; laughter is
no bid), Clancy 1996 (short agreements as listening noises), Goodwin 1986 (so are exclamations and
short assessments: "oh wow", "that's awful"), Jurafsky 1997 (the same "yeah" is an
acknowledgement after a statement and an answer after a question), Jefferson 2002 ("no" acknowledges
what is said in the negative: "you never call" – "no").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from voice_coach.conversation import Span, Word, text_of
from voice_coach.scoring.lexicon import (
    AGREEMENTS,
    ANSWERS,
    ASSESSED,
    CONTINUERS,
    EITHER_WAY,
    EXCLAMATIONS,
    HESITATIONS,
)
from voice_coach.scoring.said import STUTTER, spelled_out, words_of

TERMINAL_S = 0.5
"""An onset this close to the end is a foreseen end, no interruption. MEASURES: last half second."""
UNHEARD_S = 0.12
"""Overlaps shorter than this go unnoticed (Heldner 2011), however short the talk that ends."""
SHORTEST_OVERLAP_S = 0.1
"""Below this, two voices did not really sound together. Chosen."""
BURST_GAP_S = 0.5
"""Silence that parts two bursts of talk over the line. Chosen."""
NEW_START_S = BURST_GAP_S / 2
"""Silence after a continuer that makes what follows a start of its own. Chosen."""
TOGETHER_S = 0.2
"""Nobody reacts faster (Levinson & Torreira 2015): two who start within it start at once."""
UNBROKEN_S = 1.8
"""A voice without a gap for so long is seldom a listening noise. Measured: 20 of 1,058 continuers
of GAP take longer, pauses included (shared/data)."""
LONGEST_LISTENING_S = 3.0
"""More voice than this in one burst, one part of it unbroken, says more than "yeah, right".
Measured: 4 of 1,142 continuers and agreements of GAP take longer, pauses included (of laughter 11
of 209); of the listening noises in benchmarks/backchannels.py, and longer strings of them, said by
three voices, the longest takes 2.6 s."""
FEWEST_WORDS_FOR_FLOOR = 2
"""More than one word bids for the floor: alone macro-F1 0.92 on hand-labelled group talk."""
MOST_WORDS_TO_HELP = 3
"""More than this is no longer the word that the other was looking for. Chosen."""
DOUBTED = 0.5
"""Mean probability of words under which one cannot tell what was said. Chosen, as in
:mod:`voice_coach.speech.invented`."""
DOUBTED_UNLESS_A_BID = 0.85
"""The same for words that do not open as a bid for the floor does: "oh no" is misheard as "I'll
remember", "no, no" as "no number", with up to 0.75 (``benchmarks/backchannels.py``). Chosen."""
MOST_DOUBTED_WORDS = 3
"""More words than this, and somebody was speaking, whatever they said. Chosen."""
SURE, SURE_BY_WORDS, SURE_ONE_WORD, UNSURE = 1.0, 0.9, 0.6, 0.5
"""Confidence in a kind: by time alone, by words, by one word that ran on, by none. Chosen."""
ROUNDING_S = 1e-6
"""Times this close are the same, so that a later clock does not change a kind."""

_TOKEN = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_ASSESSMENT = (
    r"(?:how|(?:that|it|this) (?:is|was)(?: (?:just|so|really|pretty|very))?)"
    rf" (?:{'|'.join(ASSESSED)})"
)
_LAUGHTER = "(?:ha)+h?|heh"
_CONTINUER = rf"(?:(?:{'|'.join(CONTINUERS)}) )"
_SHORT = "|".join((*AGREEMENTS, *EXCLAMATIONS, _ASSESSMENT, _LAUGHTER))
_AGREEMENT = f"(?:(?:{_SHORT}) )"
_CONTINUERS = re.compile(f"{_CONTINUER}+")
_ACKNOWLEDGED = re.compile(f"(?:{_CONTINUER}|{_AGREEMENT})+(?:so )?")
_EITHER_WAY = rf"(?:(?:{'|'.join(EITHER_WAY)}) )"
_MAY_BE_ACKNOWLEDGED = re.compile(f"(?:{_CONTINUER}|{_AGREEMENT}|{_EITHER_WAY})+(?:so )?")
_ANSWER = re.compile(rf"(?:(?:{'|'.join(ANSWERS)}) )+")
_WH = re.compile(r"\b(?:what|which|who|where|when|why|how|or)\b")
_INVERTED = re.compile(
    r"\b(?:do|did|does|are|were|can|could|should|would|will|shall|have)(?:n't)? (?:you|we)\b"
)
_BID = re.compile(
    r"(?:(?:but|wait|hang on|hold on|let me|(?:can|could|may) (?:i|we|you)|excuse me|listen|look"
    r"|stop|hey|well|actually|what about|that is not"
    r"|it (?:is|was) not|you (?:never|always|did|said)"
    r"|i (?:was|did|do|have|had|can|could|never|just|only|said)"
    r"|no (?:wait|but|i|you|that|it|we|look|listen|hang|hold|stop)) )"
)
"""How a bid for the floor opens. Chosen."""
_SEARCHING = re.compile(r"(?:\b(?:uh?m+|uh+|er+|erm)\b|--|…|\.\.\.)[,. ]*$", re.IGNORECASE)


def is_continuer(text: str) -> bool:
    """Whether the words only say "I am listening": "mm-hm", "yeah, right", "oh, I see"."""
    return _CONTINUERS.fullmatch(_spelled(text)) is not None


def acknowledges(text: str) -> bool:
    """Whether they only say that, or that the other is right: "yeah, that makes sense, so"."""
    return _ACKNOWLEDGED.fullmatch(_spelled(text)) is not None


def may_acknowledge(text: str) -> bool:
    """Whether they may only say that: "no" and "I know" agree with some lines and stop others."""
    return _MAY_BE_ACKNOWLEDGED.fullmatch(_spelled(text)) is not None


def doubtful(said: Sequence[Word]) -> bool:
    """Whether so few words were recognised, and so unsurely, that they may be any listening noise.

    A soft "right, right" is read as "rate, rate" and worse.
    """
    if not 0 < len(said) <= MOST_DOUBTED_WORDS:
        return False
    bid = _BID.match(_spelled(text_of(said))) is not None
    sure = sum(word.probability for word in said) / len(said)
    return sure < (DOUBTED if bid else DOUBTED_UNLESS_A_BID)


def may_be_listening(said: Sequence[Word]) -> bool:
    """Whether words, or a voice without any, may be a listening noise, a cough, or "um"."""
    text = text_of(said)
    return may_acknowledge(text) or hesitates(text) or doubtful(said)


def hesitates(text: str) -> bool:
    """Whether there is nothing but "um": somebody may want to speak, and does not."""
    return not _spelled(text)


def answers(text: str, asked: str) -> bool:
    """Whether a "yes" or "okay" answers what is being asked, instead of acknowledging it.

    ``asked`` is the other's sentence. One that asks what, which or why is not answered by a yes.
    """
    return _ANSWER.fullmatch(_spelled(text)) is not None and _asks_for_yes(asked)


@lru_cache(maxsize=64)
def _asks_for_yes(asked: str) -> bool:
    low = asked.lower()
    return bool(_INVERTED.search(low)) or ("?" in low and not _WH.search(low))


def completes(text: str, other_so_far: str) -> bool:
    """Whether a few words hand the other the word that they are looking for ("it was, um…")."""
    count = len(words_of(text))
    return (
        0 < count <= MOST_WORDS_TO_HELP
        and "?" not in text
        and _SEARCHING.search(other_so_far) is not None
    )


def in_chorus(text: str, other: str) -> bool:
    """Whether the words are also the other's, in the same order, and ask nothing."""
    ours, theirs = words_of(text), words_of(other)
    starts = range(len(theirs) - len(ours) + 1)
    return bool(ours) and "?" not in text and any(theirs[at:][: len(ours)] == ours for at in starts)


def is_terminal(onset_s: float, floor: Span, *, last_share: float = 1.0) -> bool:
    """Whether an onset lies in the last half second of the floor, where the end is foreseen.

    ``last_share`` asks besides that it lie in so much of the floor's last part, 0 to 1.
    """
    last_s = min(TERMINAL_S, max(UNHEARD_S, last_share * floor.duration_s))
    return onset_s >= floor.end_s - last_s - ROUNDING_S


def stops(said: Sequence[Word], during: Sequence[Word]) -> bool:
    """Whether what was said during the overlap ends there, or what follows is a new start."""
    after = said[len(during) :]
    if not after or not during:
        return not after
    return after[0].span.start_s - during[-1].span.end_s >= NEW_START_S - ROUNDING_S


def text_before(words: Sequence[Word], time_s: float) -> str:
    """What had been said by then."""
    return text_of(word for word in words if word.span.end_s <= time_s + ROUNDING_S)


def _spelled(text: str) -> str:
    """Spelled-out words, a blank after each; no hesitations, stutters ("yeah-yeah") said once.

    Letters drawn out are doubled: "ohhhh" is "ohh", "mmmmm" is "mm".
    """
    tokens = _TOKEN.findall(STUTTER.sub("", _DRAWN_OUT.sub(r"\1\1", text.lower())))
    spelled = [word for token in tokens for word in spelled_out(token)]
    return "".join(f"{word} " for word in spelled if word not in HESITATIONS)
