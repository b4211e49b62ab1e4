"""How this microphone hears this loudspeaker: found out by a short sound, kept for the pair.

::

    played  [chime)                  heard, and how late: the way between the two
    heard       [chime)              not heard: headphones
                [·····)              what the canceller leaves of it: can it be taken out?

Any sound will do; a line that was spoken serves as well as the chime.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace

import numpy as np

from voice_coach.audio.canceller import EchoCanceller, Samples
from voice_coach.audio.echo import EchoPath, echo_path
from voice_coach.audio.samples import SILENCE_DB, SPEECH_RATE_HZ, Audio

ENOUGH_ERLE_DB = 17.0
"""Echo return loss enhancement from which the canceller is trusted. With 8 dB, 60 minutes of lines
held 4 false interruptions, all in rooms under 17 dB (benchmarks/echo.py): a false interruption
hurts more than one that is not scored."""

LEAST_ERLE_DB = 8.0
"""Where nothing audible is left of an echo this is enough. Chosen, by the same measurement."""

ROOM_DB = 3.0
"""What is left of an echo is inaudible where it adds no more than this to the room. Chosen."""

SOFTER_DB = 10.0
"""How much softer than the echo somebody may speak and still be found; MEASURES' promise."""

OUT_OF_ROOM_DB = 3.0
"""By so much at least such a voice has to be over the room's own level. Chosen: where it is less,
half of them are found (benchmarks/echo.py)."""

EARLIEST_S = -0.25
LATEST_S = 0.6
"""How far the devices' own account of their delays may be wrong. Chosen: PortAudio's latencies are
up to a few tenths of a second off; a Bluetooth loudspeaker is later than it says."""

LEAD_S = 0.030
"""What is played is shown to the canceller so much before its echo, for the delay wavers from sound
to sound. Chosen."""

MOST_S = 6.0
"""No more of a sound is used: the canceller needs a tenth of its length to go through it. Chosen"""

CHIME_RATE_HZ = 16_000
CHIME_NOTES_HZ = (392.0, 493.9, 587.3, 784.0)
"""G, B, D, G: a broken major chord. Chosen, as everything about the sound: it must be pleasant, and
have some of every pitch, which a wave upon a beach under the chord gives it."""
CHIME_STEP_S = 0.35
CHIME_S = 3.0
CHIME_DB = -27.0
"""Its level, under that of a spoken line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The way from a loudspeaker to a microphone.

    ``heard``: whether the microphone hears the loudspeaker; if not, the rest means nothing.
    ``delay_s``: how much later than the devices say; may be negative. ``level_db``: of the echo.
    ``erle_db``: by how much the canceller makes it quieter (echo return loss enhancement, the
    room's noise taken off both). ``left_db``: what is left of it over the room's own level.
    ``way_db``: the echo's level less that of what was played. ``room_db``: the room's own level.
    """

    heard: bool
    delay_s: float = 0.0
    level_db: float = SILENCE_DB
    erle_db: float = 0.0
    left_db: float = 0.0
    way_db: float = 0.0
    room_db: float = SILENCE_DB

    @property
    def cancelled(self) -> bool:
        """Whether the echo can be taken out well enough to hear who talks over it."""
        silent = self.left_db <= ROOM_DB and self.erle_db >= LEAST_ERLE_DB
        return self.heard and (silent or self.erle_db >= ENOUGH_ERLE_DB)

    @property
    def softer_heard(self) -> bool:
        """Whether a voice SOFTER_DB below the echo would still stand out of the room."""
        return self.level_db - SOFTER_DB >= self.room_db + OUT_OF_ROOM_DB

    @property
    def shift_s(self) -> float:
        """How much later than the devices say the canceller is to be shown what is played."""
        return self.delay_s - LEAD_S

    def kept(self) -> dict[str, float]:
        """As numbers, to be kept in the settings."""
        return {name: round(float(value), 4) for name, value in asdict(self).items()}

    @classmethod
    def from_kept(cls, kept: Mapping[str, float]) -> Calibration | None:
        """The same from the settings; None where they were kept by another version."""
        if set(kept) != {field.name for field in fields(cls)}:
            return None
        return cls(
            heard=bool(kept["heard"]),
            delay_s=kept["delay_s"],
            level_db=kept["level_db"],
            erle_db=kept["erle_db"],
            left_db=kept["left_db"],
            way_db=kept["way_db"],
            room_db=kept["room_db"],
        )


NOT_HEARD = Calibration(heard=False)
"""Headphones, or a loudspeaker that is far or silent."""


def chime(rate_hz: int = CHIME_RATE_HZ) -> Audio:
    """The short sound: four soft notes, one after another, over a wave that comes and goes."""
    time_s = np.arange(round(CHIME_S * rate_hz)) / rate_hz
    notes = np.zeros_like(time_s)
    for step, pitch_hz in enumerate(CHIME_NOTES_HZ):
        since_s = np.maximum(0.0, time_s - step * CHIME_STEP_S)
        ring = (1 - np.exp(-since_s / 0.01)) * np.exp(-since_s / 0.5)
        notes += ring * sum(
            np.sin(2 * np.pi * pitch_hz * harmonic * since_s) / harmonic**2
            for harmonic in range(1, 6)
        )
    spectrum = np.fft.rfft(np.random.default_rng(1).standard_normal(len(time_s)))
    pink = np.fft.irfft(spectrum / np.sqrt(np.maximum(1, np.arange(len(spectrum)))), len(time_s))
    wave = pink / np.std(pink) * np.sin(np.pi * time_s / CHIME_S) ** 2
    whole = notes / np.std(notes) + wave
    whole *= np.minimum(1.0, (CHIME_S - time_s) / 0.2)
    scaled = Audio((whole / np.max(np.abs(whole))).astype(np.float32), rate_hz)
    return Audio(scaled.samples * np.float32(10 ** ((CHIME_DB - scaled.level_db) / 20)), rate_hz)


def way_back(played: Audio, heard: Audio) -> EchoPath:
    """Look for what was played in what was heard from the same moment on, at 16 kHz.

    Its delay counts from what the devices say, and may be negative. Raises ValueError for less than
    a second.
    """
    lead = round(-EARLIEST_S * SPEECH_RATE_HZ)
    late = Audio(np.concatenate([np.zeros(lead, np.float32), heard.samples]), heard.rate_hz)
    path = echo_path(played, late, LATEST_S - EARLIEST_S)
    return replace(path, delay_s=path.delay_s + EARLIEST_S)


def calibrate(played: Audio, heard: Audio) -> tuple[Calibration, EchoCanceller]:
    """Measure the way from what was played to what was heard from the same moment on.

    Both at 16 kHz, a second or more, with a little of the room alone before the sound. Only the
    last MOST_S count. Gives also a canceller that has learnt the way. Raises ValueError for less
    than a second.
    """
    path = way_back(played, heard)
    if not path.audible:
        return NOT_HEARD, EchoCanceller()
    near, far = _in_step(played.samples, heard.samples, path.delay_s - LEAD_S)
    sounding, room = _sounding(far), _least_power(heard.samples)
    echo = max(_power(near[sounding]) - room, 1e-12)
    way_db = float(10 * np.log10(echo / max(_power(far[sounding]), 1e-12)))
    canceller = EchoCanceller(way_db=way_db)
    canceller.feed(near, far)  # it learns; what it leaves is measured on a second hearing
    canceller.begin_anew()
    rest = canceller.feed(near, far).linear
    near, far = near[: len(rest)], far[: len(rest)]
    sounding = _sounding(far)
    echo = max(_power(near[sounding]) - room, 1e-12)
    left = max(_power(rest[sounding]) - room, 1e-12)
    canceller.begin_anew()
    found = Calibration(
        heard=True,
        delay_s=path.delay_s,
        level_db=max(SILENCE_DB, float(10 * np.log10(echo))),
        erle_db=float(np.clip(10 * np.log10(echo / left), 0.0, 60.0)),
        left_db=float(np.clip(10 * np.log10((left + room) / max(room, 1e-12)), 0.0, 60.0)),
        way_db=way_db,
        room_db=max(SILENCE_DB, float(10 * np.log10(max(room, 1e-12)))),
    )
    return found, canceller


def _in_step(played: Samples, heard: Samples, shift_s: float) -> tuple[Samples, Samples]:
    """The last MOST_S of both, what was played moved later by ``shift_s``."""
    shift = round(shift_s * SPEECH_RATE_HZ)
    count = min(len(played), len(heard))
    moved = np.zeros(count, np.float32)
    if shift >= 0:
        moved[shift:] = played[: count - shift]
    else:
        moved[: count + shift] = played[-shift:count]
    most = round(MOST_S * SPEECH_RATE_HZ)
    return heard[:count][-most:], moved[-most:]


def _sounding(far: Samples) -> slice:
    """From the first to the last moment at which something was played."""
    sounding = np.flatnonzero(np.abs(far) > 0.0)
    return slice(int(sounding[0]), int(sounding[-1]) + 1) if len(sounding) else slice(0, 0)


def _power(samples: Samples) -> float:
    return float(np.mean(np.square(samples, dtype=np.float64))) if len(samples) else 0.0


def _least_power(samples: Samples) -> float:
    """The room's own power: the quietest tenth of a second."""
    step = SPEECH_RATE_HZ // 10
    pieces = samples[: len(samples) // step * step].reshape(-1, step).astype(np.float64)
    return float(np.min(np.mean(pieces**2, axis=1)))
