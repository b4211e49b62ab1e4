"""A reply against the person's own baseline: how it sounded, how quick it was.

It says how the voice sounds, never what the person feels, and never compares people:

=======  =========================================================================================
raised   6 dB louder than usual or more, which is where a raised voice begins (ANSI S3.5-1997:
         normal 62, raised 68 dB), and higher by 1.5 semitones or more: half of what that loudness
         brings with it (Gramming et al. 1988: half a semitone a dB). A voice that is only louder
         may have come nearer to the microphone.
tense    3 semitones higher than usual or more, and not raised: smaller steps of pitch play no part
         in talk ('t Hart 1981).
calm     neither.
none     where the loudness was not compared and the voice was 1.5 semitones higher or more: it may
         have been raised; and where it was 8 semitones or more from the usual and not louder: it
         may be another person's.
=======  =========================================================================================
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from voice_coach.conversation import Measure, Measured, Unmeasured
from voice_coach.scoring.baseline import Baseline
from voice_coach.scoring.track import semitones

ToneKind = Literal["calm", "tense", "raised"]
PaceKind = Literal["slower", "as usual", "quicker"]

TENSE_SEMITONES = 3.0
"""'t Hart 1981, JASA 69:811."""
RAISED_DB = 6.0
"""ANSI S3.5-1997, from normal to raised vocal effort."""
RAISED_SEMITONES = 1.5
"""Half of the 3 semitones that go with RAISED_DB (Gramming et al. 1988, J. Voice 2:118)."""
LEAST_VOICED_S = 1.0
"""Voiced sound from which a reply's tone is held against the usual: some two seconds of talk. Of
calm readers' first second 13 in 100 would be called tense or raised; of their first two and three
seconds, and of whole sentences, with so much voice 4 to 6 (``benchmarks/tone.py``). Chosen."""
ANOTHER_SEMITONES = 8.0
"""Distance that one's own talk, not raised, hardly goes: the usual pitch of women and of men lies
9 to 10 apart. Chosen."""
OTHER_PACE = 0.2
"""Share of the own rate from which a reply is quicker or slower. Chosen: a listener notices 0.05
(Quené 2007), but one person's turns differ by more than that from each other."""

NO_BASELINE = "not compared: no baseline yet (voice-coach baseline)"
TOO_SHORT = f"not compared: under {LEAST_VOICED_S:.0f} s of voice, and a short rise is no tone"
OTHER_DEVICE = "your baseline was not read with this microphone"
MAY_BE_ANOTHER = "; so far apart that it may be another person's voice, and nothing is made of it"
MAY_BE_RAISED = "; so it cannot be told whether your voice was raised"
UNHEARD = 0.05
"""A difference that rounds to nothing, in semitones, and ten times that in dB. Chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToneCompared:
    """How the voice sounded against the person's own; None where it could not be compared.

    ``reason`` says why, in numbers: "4 semitones above your usual 118 Hz, 6 dB louder".
    """

    tone: ToneKind | None
    reason: str
    pitch_rise_semitones: Measure
    level_rise_db: Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceCompared:
    """How quick a reply was against the person's own; None where it could not be compared.

    ``rate_rise`` is the share of the own articulation rate that it was quicker by.
    """

    pace: PaceKind | None
    reason: str
    rate_rise: Measure


def compare_tone(
    measures: Mapping[str, Measure],
    baseline: Baseline | None,
    otherwise: str = NO_BASELINE,
    *,
    voiced_s: float = math.inf,
) -> ToneCompared:
    """Calm, tense or raised, by the reply's ``pitch_median_hz`` and ``level_db``.

    ``otherwise`` is the reason where there is no baseline; ``voiced_s`` how much voiced sound the
    measures were taken from.
    """
    pitch_hz = measures.get("pitch_median_hz")
    usual_hz = baseline.usual.get("pitch_median_hz") if baseline else None
    if not isinstance(pitch_hz, Measured) or usual_hz is None or voiced_s < LEAST_VOICED_S:
        why = f"not compared: {pitch_hz.reason}" if isinstance(pitch_hz, Unmeasured) else otherwise
        if isinstance(pitch_hz, Measured) and usual_hz is not None:
            why = TOO_SHORT
        why = why if baseline else otherwise
        return ToneCompared(
            tone=None,
            reason=why,
            pitch_rise_semitones=Unmeasured(reason=why, unit="semitones"),
            level_rise_db=Unmeasured(reason=why, unit="dB"),
        )
    higher = semitones(pitch_hz.value, usual_hz)
    level_rise = _level_rise(measures, baseline)
    tone = _tone(higher, level_rise)
    told = f"{_pitch_in_words(higher, usual_hz)}, {_level_in_words(level_rise)}"
    if tone is None:
        told += MAY_BE_ANOTHER if _may_be_another(higher, level_rise) else ""
        if isinstance(level_rise, Unmeasured) and higher > 0:
            told += MAY_BE_RAISED
    elif tone == "calm" and _much_louder(level_rise):
        told += " (but no higher, as when one comes nearer to the microphone)"
    return ToneCompared(
        tone=tone,
        reason=told,
        pitch_rise_semitones=Measured(value=higher, unit="semitones"),
        level_rise_db=level_rise,
    )


def compare_pace(
    measures: Mapping[str, Measure], baseline: Baseline | None, otherwise: str = NO_BASELINE
) -> PaceCompared:
    """Slower, as usual or quicker, by ``articulation_rate_syllables_per_s``; pauses are told.

    ``otherwise`` is the reason where there is no baseline.
    """
    rate = measures.get("articulation_rate_syllables_per_s")
    own = baseline.usual.get("articulation_rate_syllables_per_s") if baseline else None
    if not isinstance(rate, Measured) or own is None:
        why = f"not compared: {rate.reason}" if isinstance(rate, Unmeasured) else otherwise
        why = why if baseline else otherwise
        return PaceCompared(
            pace=None, reason=why, rate_rise=Unmeasured(reason=why, unit="share of your own")
        )
    rise = rate.value / own - 1
    pace: PaceKind = (
        "quicker" if rise >= OTHER_PACE else "slower" if rise <= -OTHER_PACE else "as usual"
    )
    told = f"{rate.value:.1f} syllables a second, your own is {own:.1f}"
    if pace != "as usual":
        told = f"{abs(rise):.0%} {pace} than your own: {told}"
    return PaceCompared(
        pace=pace,
        reason=told + _pauses_in_words(measures, baseline),
        rate_rise=Measured(value=rise, unit="share of your own"),
    )


def _may_be_another(higher: float, level_rise: Measure) -> bool:
    return abs(higher) >= ANOTHER_SEMITONES and not _much_louder(level_rise)


def _tone(higher: float, level_rise: Measure) -> ToneKind | None:
    if _may_be_another(higher, level_rise):
        return None
    if higher < RAISED_SEMITONES:
        return "calm"
    if isinstance(level_rise, Unmeasured):
        return None
    if _much_louder(level_rise):
        return "raised"
    return "tense" if higher >= TENSE_SEMITONES else "calm"


def _much_louder(level_rise: Measure) -> bool:
    return isinstance(level_rise, Measured) and level_rise.value >= RAISED_DB


def _level_rise(measures: Mapping[str, Measure], baseline: Baseline | None) -> Measure:
    level_db = measures.get("level_db")
    usual_db = baseline.usual.get("level_db") if baseline else None
    if isinstance(level_db, Measured) and usual_db is not None:
        return Measured(value=level_db.value - usual_db, unit="dB")
    reason = level_db.reason if isinstance(level_db, Unmeasured) else OTHER_DEVICE
    return Unmeasured(reason=reason, unit="dB")


def _pitch_in_words(higher: float, usual_hz: float) -> str:
    if abs(higher) < UNHEARD:
        return f"at your usual {usual_hz:.0f} Hz"
    count = f"{abs(higher):.1f}".removesuffix(".0")
    steps = "semitone" if count == "1" else "semitones"
    return f"{count} {steps} {'above' if higher > 0 else 'below'} your usual {usual_hz:.0f} Hz"


def _level_in_words(rise: Measure) -> str:
    if isinstance(rise, Unmeasured):
        return f"loudness not compared: {rise.reason}"
    if abs(rise.value) < 10 * UNHEARD:
        return "as loud as usual"
    return f"{abs(rise.value):.0f} dB {'louder' if rise.value > 0 else 'quieter'}"


def _pauses_in_words(measures: Mapping[str, Measure], baseline: Baseline | None) -> str:
    share = measures.get("pause_share")
    own = baseline.usual.get("pause_share") if baseline else None
    if not isinstance(share, Measured) or own is None:
        return ""
    return f"; pauses {share.value:.0%} of the time, your own {own:.0%}"
