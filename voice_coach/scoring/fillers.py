r"""Fillers of a reply: those the recogniser wrote and those it left out, each counted once.

::

    words       I  was           late   um        sorry
    from sound         [um)             [um)
    fillers            um               um               two: the second was found both ways

Whisper leaves most of them out (faster-whisper#901), so words alone count far too few.
"""

from __future__ import annotations

from collections.abc import Sequence

from voice_coach.conversation import Filler, Measure, Measured, Timeline, Unmeasured, Word
from voice_coach.scoring import lexicon
from voice_coach.scoring.floor import is_continuer
from voice_coach.scoring.pacing import FEWEST_WORDS

HESITATIONS = lexicon.HESITATIONS
HUMS = frozenset({"hm", "hmm", "mm", "mmm"})
"""The same with closed lips; said as a whole turn it is listening."""
SAME_S = 0.25
"""A written and a heard filler this near each other are one: Whisper's word times err by about
so much after pauses. Chosen."""
UNIT = "fillers/min"


def bare(text: str) -> str:
    """A word as the sets above have it."""
    return text.lower().strip(".,?!…-–—\"'“”")


def written(words: Sequence[Word]) -> tuple[Filler, ...]:
    """The fillers that the recogniser wrote in one person's reply.

    None where the reply is nothing but listening noises: there a "hmm" hesitates over nothing.
    """
    if not words or is_continuer(" ".join(word.text for word in words)):
        return ()
    return tuple(
        Filler(text=bare(word.text), span=word.span, found="words")
        for word in words
        if bare(word.text) in HESITATIONS | HUMS
    )


def fillers_of(words: Sequence[Word], heard: Sequence[Filler]) -> tuple[Filler, ...]:
    """All fillers of a reply in order of time.

    Args:
        words: as recognised, in order of time.
        heard: those found in the sound; each stands for one written filler near it at most, and
            lends it its times, which are the more exact.
    """
    left = list(heard)
    found: list[Filler] = []
    for each in written(words):
        near = [other for other in left if each.span.gap_s(other.span) <= SAME_S]
        if not near:
            found.append(each)
            continue
        twin = min(near, key=lambda other: abs(other.span.middle_s - each.span.middle_s))
        left.remove(twin)
        found.append(Filler(text=each.text, span=twin.span, found="words"))
    return tuple(sorted((*found, *left), key=lambda each: each.span))


def fillers_per_min(
    fillers: Sequence[Filler], words: Sequence[Word], activity: Timeline, *, unheard: str | None
) -> Measure:
    """How many fillers a minute of the turn, first voice to last.

    Args:
        fillers: of this turn.
        words: of this turn; under FEWEST_WORDS there is no rate, as there is no pace.
        activity: when the voice was heard in it.
        unheard: why they were not listened for in the sound, or None. Then the rate is not given:
            what was written is too few.
    """
    hull = activity.hull
    if unheard is not None:
        return Unmeasured(reason=unheard, unit=UNIT)
    if len(words) < FEWEST_WORDS:
        return Unmeasured(reason=f"under {FEWEST_WORDS} words", unit=UNIT)
    if hull is None:
        return Unmeasured(reason="no voice was found in the sound", unit=UNIT)
    return Measured(value=len(fillers) / (hull.duration_s / 60.0), unit=UNIT)
