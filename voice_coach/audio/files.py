"""Recordings in: any rate, any channels, checked, as 16 kHz mono."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.errors import UserError

CLIPPED = 0.999
"""Samples at least this far from zero count as clipped. Chosen: under 16-bit full scale."""

MIN_RATE_HZ, MAX_RATE_HZ = 4_000, 768_000
"""Rates that a sound file may have. Chosen: below, speech cannot be told; above, none is made."""

MAX_REPLY_S = 180.0
"""The longest reply that is heard, from a file or at the microphone. Chosen: nobody listens for
longer."""

_KINDS = "WAV, FLAC, OGG or MP3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A sound file as read: mono at 16 kHz, and what it was.

    ``clipped_share`` is the share, 0 to 1, of the file's samples at full scale.
    """

    audio: Audio
    source_rate_hz: int
    channels: int
    clipped_share: float


def read_recording(path: Path, max_s: float = MAX_REPLY_S) -> Recording:
    """Read a sound file; its channels are mixed into one.

    Raises UserError, one line, for a file that is missing, a folder, empty, no sound, damaged,
    or longer than ``max_s`` seconds.
    """
    import soundfile

    _check_file(path)
    try:
        with soundfile.SoundFile(path) as sound:
            _check_length(path, sound, max_s)
            samples = sound.read(dtype="float32", always_2d=True)
            rate_hz, channels = sound.samplerate, sound.channels
    except (soundfile.LibsndfileError, OSError) as error:
        raise UserError(
            f"'{path}' is not a sound file that can be read. Save it again as {_KINDS}."
        ) from error
    if not len(samples):
        raise UserError(f"'{path}' holds no sound: it is 0 seconds long. Record it again.")
    if not np.isfinite(samples).all():
        raise UserError(f"'{path}' is damaged: part of it is no sound. Save it again as {_KINDS}.")
    clipped_share = float(np.mean(np.abs(samples) >= CLIPPED))
    mono = Audio(np.ascontiguousarray(samples.mean(axis=1, dtype=np.float32)), rate_hz)
    return Recording(
        audio=mono.at_rate(SPEECH_RATE_HZ),
        source_rate_hz=rate_hz,
        channels=channels,
        clipped_share=clipped_share,
    )


def _check_file(path: Path) -> None:
    """Raise UserError for what is no readable file with something in it."""
    try:
        if path.is_dir():
            raise UserError(f"'{path}' is a folder. Name one recording in it.")
        if not path.exists():
            raise UserError(f"There is no file '{path}'. Check the name and the folder.")
        if not path.is_file():
            raise UserError(f"'{path}' is not a file. Name a recording ({_KINDS}).")
        with path.open("rb") as file:
            if not file.read(1):
                raise UserError(f"'{path}' is empty. Record it again.")
    except OSError as error:
        raise UserError(
            f"'{path}' cannot be read ({error.strerror}). Check that you may open it."
        ) from error


def _check_length(path: Path, sound: Any, max_s: float) -> None:
    """Raise UserError by the header, before anything long is read."""
    if not MIN_RATE_HZ <= sound.samplerate <= MAX_RATE_HZ:
        raise UserError(
            f"'{path}' says it has {sound.samplerate} samples a second, which no recording has. "
            f"Save it again as {_KINDS}."
        )
    duration_s = sound.frames / sound.samplerate
    if duration_s > max_s:
        raise UserError(
            f"'{path}' is {_minutes(duration_s)} long; a reply may last {_minutes(max_s)}. "
            "Cut out the part you want to practise with."
        )


def _minutes(duration_s: float) -> str:
    """A length in words, rounded up so that what is too long says so."""
    minutes, seconds = divmod(math.ceil(duration_s), 60)
    parts = [f"{minutes} min"] if minutes else []
    return " ".join([*parts, f"{seconds} s"] if seconds or not minutes else parts)
