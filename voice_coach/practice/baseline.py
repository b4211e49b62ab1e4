"""The person's baseline as it is kept: readings, and the calm turns of the sittings since.

Replies from recordings may be anybody's. They are compared with readings that were recordings, and
what is learnt from them stays among recordings. A recorded reading counts at a microphone, too:
whoever gives one says that it is of themselves.
"""

from __future__ import annotations

from voice_coach.practice.events import RECORDED
from voice_coach.practice.history import nobody_sitting
from voice_coach.practice.store import KeptMeasures, Store
from voice_coach.scoring.baseline import KINDS, Baseline, CalmSpeech, baseline_of
from voice_coach.scoring.compared import NO_BASELINE

MOST_TURNS_READ = 200
"""Turns looked at for a baseline: with more, the older ones have long faded. Chosen."""
NOT_OF_RECORDINGS = (
    "not compared: your baseline is not of recordings (voice-coach baseline --reply FILE)"
)


def baseline_for(store: Store, microphone: str) -> Baseline | None:
    """What is usual for the person, the level as this microphone hears it.

    None before any reading, and where ``microphone`` is empty: the voices are not the person's.
    RECORDED stands for all recordings. Nothing but the history is read, so that an erased sitting
    is out of the baseline too.
    """
    recorded = microphone == RECORDED
    readings = [each for each in store.readings() if not recorded or each.device == RECORDED]
    if not readings or not microphone:
        return None
    turns = store.calm_turns(readings[0].after, MOST_TURNS_READ, recorded=recorded)
    speech = [(each.after, 0, _calm(each, is_reading=False)) for each in turns]
    speech += [(each.after, 1, _calm(each, is_reading=True)) for each in readings]
    speech.sort(key=lambda row: row[:2])
    return baseline_of([each for *_, each in speech], microphone)


def why_no_baseline(store: Store, microphone: str) -> str:
    """Why :func:`baseline_for` has none for a microphone."""
    return NOT_OF_RECORDINGS if microphone == RECORDED and store.readings() else NO_BASELINE


def forget_baseline(store: Store) -> bool:
    """Forget all readings for good; False where there were none.

    Without a reading the sittings since are no baseline. Raises UserError while a sitting runs.
    """
    with nobody_sitting(store):
        had = bool(store.readings())
        if had:
            store.settle()
            store.forget_readings()
        return had


def _calm(kept: KeptMeasures, *, is_reading: bool) -> CalmSpeech:
    return CalmSpeech(
        measures={name: value for name, value in kept.measures.items() if name in KINDS},
        device=kept.device,
        is_reading=is_reading,
    )
