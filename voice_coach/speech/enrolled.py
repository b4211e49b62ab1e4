"""Voices that are known by name, kept in one private file under HOME until they are forgotten.

What is kept of a voice is its voiceprint (256 numbers) and the day, no sound. A print tells one
voice from another; what was said cannot be got from it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from voice_coach.audio.samples import Sound
from voice_coach.errors import UserError
from voice_coach.home import write_private
from voice_coach.speech.activity import activity_of
from voice_coach.speech.diarisation import ALIKE, diarise
from voice_coach.speech.embedding import SIZE, voiceprint

if TYPE_CHECKING:
    import numpy.typing as npt

FILE = "voices.json"
ENOUGH_S = 8.0
"""Seconds of voice that a print needs: fifteen seconds of reading hold about twelve. Chosen."""
LONGEST_NAME = 40
UNKNOWN = "unknown"
"""Who speaks where nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """What was kept of: seconds of voice, and what to know of it."""

    voice_s: float
    notes: tuple[str, ...]


def enrol(name: str, sound: Sound, home: Path) -> Enrolled:
    """Keep a voice under a name, in place of one kept under it before.

    Raises UserError for a name that is none, too little voice, or a file that cannot be written.
    """
    name = checked(name)
    activity = activity_of(sound)
    if activity.duration_s < ENOUGH_S:
        raise UserError(
            f"Only {activity.duration_s:.0f} s of voice were heard, and {ENOUGH_S:.0f} are needed. "
            "Read for about fifteen seconds, not too softly."
        )
    print_ = voiceprint(sound, activity)
    kept = _read(home)
    notes = []
    if not diarise(sound, activity, speakers=2).alike:
        notes.append("More than one voice seems to be in it: enrol a person alone.")
    for other, each in kept.items():
        near = float(np.array(each["print"], np.float32) @ print_)
        if other == name:
            notes.append(f"It takes the place of the voice kept as {name} before.")
        elif near > ALIKE:
            notes.append(f"It sounds like {other}'s: the two are easily mistaken for one another.")
    day = datetime.now().astimezone().date().isoformat()
    kept[name] = {"enrolled": day, "print": [round(float(x), 5) for x in print_]}
    _write(kept, home)
    return Enrolled(voice_s=activity.duration_s, notes=tuple(notes))


def enrolled(home: Path) -> dict[str, str]:
    """The names that are kept, each with the day it was enrolled."""
    return {name: str(each["enrolled"]) for name, each in _read(home).items()}


def forget(name: str, home: Path) -> bool:
    """Delete a voice for good; False where there was none of that name."""
    name = " ".join(name.split())
    kept = _read(home)
    if name not in kept:
        return False
    del kept[name]
    _write(kept, home)
    return True


def forget_all(home: Path) -> None:
    """Delete every voice for good, whatever the file holds."""
    _write({}, home)


def prints_of(names: Sequence[str], home: Path) -> dict[str, npt.NDArray[np.float32]]:
    """The voiceprints of these names. Raises UserError for one that is not enrolled."""
    kept = _read(home)
    for name in names:
        if name not in kept:
            known = ", ".join(kept) or "nobody yet"
            raise UserError(
                f"{name} is not enrolled (enrolled: {known}). Type: voice-coach enrol {name}"
            )
    return {name: np.array(kept[name]["print"], np.float32) for name in names}


def checked(name: str) -> str:
    """The name with single blanks. Raises UserError for one that cannot be used."""
    name = " ".join(name.split())
    if name == UNKNOWN:
        raise UserError(f"“{UNKNOWN}” is what voices without a name are called: choose another.")
    if not name or len(name) > LONGEST_NAME or not name.isprintable() or "," in name:
        raise UserError(
            f"A name has 1 to {LONGEST_NAME} letters and no comma: voice-coach enrol Maya"
        )
    return name


def _read(home: Path) -> dict[str, dict[str, object]]:
    path = home / FILE
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        whole = all(np.array(each["print"], np.float32).shape == (SIZE,) for each in kept.values())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, KeyError, TypeError):
        whole = False
    if not whole:
        raise UserError(
            f"The enrolled voices in {path} cannot be read. Delete that file and enrol them again."
        )
    return kept  # type: ignore[no-any-return]


def _write(kept: dict[str, dict[str, object]], home: Path) -> None:
    """The file goes with its last voice."""
    path = home / FILE
    try:
        if kept:
            write_private(path, json.dumps(kept))
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise UserError(
            f"The voices in {path} cannot be changed ({error.strerror}). Make room there, or set "
            "VOICE_COACH_HOME to another folder."
        ) from error
