"""What is usual for this person: learnt from a calm reading, refined by later calm turns.

::

    reading   o─────────────────o        counts as READING_TURNS turns
    turns         . .  .   . .           each draws the usual a little towards itself, at most so
    usual     ────────────────────       far; what is far off is mostly no calm turn

Everything is of one person: nothing here is compared with, or learnt from, anybody else.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from voice_coach.conversation import Measure, Measured

READING_TURNS = 10
"""A reading weighs as much as so many turns. Chosen: a turn has some 15 words, the passage 120,
and it is known to be calm."""
MOST_TURNS = 40
"""The usual is that of so many turns: older ones fade. Chosen: about ten sittings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """How a measure is averaged: ``to`` and ``back`` lead to a scale of equal steps.

    One turn counts as lying ``most`` from the usual at the most (Huber 1964), on that scale.
    """

    most: float
    to: Callable[[float], float] = float
    back: Callable[[float], float] = float


KINDS: Mapping[str, _Kind] = MappingProxyType(
    {
        "pitch_median_hz": _Kind(most=1.5 / 12, to=math.log2, back=math.exp2),
        "pitch_range_semitones": _Kind(most=3.0),
        "articulation_rate_syllables_per_s": _Kind(most=0.1, to=math.log, back=math.exp),
        "pause_share": _Kind(most=0.1),
        "level_db": _Kind(most=3.0),
    }
)
"""What is learnt. The most is half of what is called a difference (``compared``): 1.5 semitones,
3 dB, a tenth. Chosen."""
ON_ONE_DEVICE = frozenset({"level_db"})
"""Measures that say as much of the microphone as of the voice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalmSpeech:
    """One calm reading or turn: its measures by name, and the microphone it was heard with."""

    measures: Mapping[str, float]
    device: str
    is_reading: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The person's usual measures, by name; the level as ``device`` hears it.

    A measure that is not known is absent: the level of a device that no reading was made with.
    ``readings`` and ``turns`` are how many it was learnt from.
    """

    usual: Mapping[str, float]
    device: str
    readings: int
    turns: int


def baseline_of(speech: Iterable[CalmSpeech], device: str) -> Baseline | None:
    """The baseline for a device, from calm speech in order of time; None before any reading."""
    kept: list[CalmSpeech] = []
    for each in speech:
        if kept or each.is_reading:
            kept.append(each)
    if not kept:
        return None
    learnt = {name: _usual(kept, name, device) for name in KINDS}
    return Baseline(
        usual={name: value for name, value in learnt.items() if value is not None},
        device=device,
        readings=sum(each.is_reading for each in kept),
        turns=sum(not each.is_reading for each in kept),
    )


def learnable(measures: Mapping[str, Measure]) -> dict[str, float]:
    """Of these measures, those that a baseline holds and that were measured."""
    return {
        name: measure.value
        for name, measure in measures.items()
        if name in KINDS and isinstance(measure, Measured)
    }


def _usual(speech: Sequence[CalmSpeech], name: str, device: str) -> float | None:
    """A running mean in which no one turn counts for more than its kind's most.

    A reading that differs (by twice that, as in ``compared``) is where it begins again.
    """
    kind = KINDS[name]
    usual, weight = 0.0, 0
    for each in speech:
        value = each.measures.get(name)
        if value is None or (name in ON_ONE_DEVICE and each.device != device):
            continue
        counts = READING_TURNS if each.is_reading else 1
        if not weight:
            # A turn alone is no baseline: on each device it begins with a reading.
            usual, weight = (kind.to(value), counts) if each.is_reading else (0.0, 0)
            continue
        off = kind.to(value) - usual
        if each.is_reading and abs(off) > 2 * kind.most:
            # Whoever reads anew says that this is how they talk: it begins again from here.
            usual, weight = kind.to(value), counts
            continue
        off = max(-kind.most, min(kind.most, off))
        usual += off * counts / (weight + counts)
        weight = min(MOST_TURNS, weight + counts)
    return kind.back(usual) if weight else None
