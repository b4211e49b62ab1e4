"""Does the microphone hear the loudspeaker? How late, and how loudly?

The played and the heard sound are cross-correlated with their spectra partly whitened
(generalised cross-correlation, Knapp & Carter 1976, with the weight of the cross-spectrum raised
to a power below one), so that a voice's strong low tones do not drown the sharp peak of an echo::

    ....:..|..:......:...      a peak far above everything else: an echo
           ^ delay
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from voice_coach.audio.samples import SILENCE_DB, SPEECH_RATE_HZ, Audio

AUDIBLE_SALIENCE = 21.5
"""From here on a peak is an echo. Measured on read speech, see tests/audio/test_echo.py: on 5 s of
sound 1 of 600 people talking over the line was taken for an echo, and no echo of 300 was missed."""

WHITENING = 0.7
"""Power to which the cross-spectrum is divided by itself: 1 keeps the phase only. Measured: of 0.7
and 1 on read speech through room responses, 0.7 keeps echo and unrelated talk further apart."""

BAND_HZ = (200.0, 6000.0)
"""Where small loudspeakers and voices both have sound. Chosen."""

MIN_S = 1.0
"""Less sound than this cannot tell an echo from chance. Chosen."""

_GUARD_S = 0.25
"""Reverberation after the longest delay that is not counted as background. Chosen."""

_BLOCK = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class EchoPath:
    """The way from loudspeaker to microphone.

    ``delay_s``: how much later it is heard. ``gain_db``: how much louder (quieter where negative)
    it is heard than played. ``salience``: the peak over the background's root mean square; the
    other figures mean something only where the path is ``audible``.
    """

    delay_s: float
    gain_db: float
    salience: float

    @property
    def audible(self) -> bool:
        """Whether the microphone hears the loudspeaker."""
        return self.salience >= AUDIBLE_SALIENCE


NO_PATH = EchoPath(delay_s=0.0, gain_db=SILENCE_DB, salience=0.0)
"""Nothing was played or nothing was heard."""


def echo_path(played: Audio, heard: Audio, max_delay_s: float = 0.5) -> EchoPath:
    """Look for ``played`` in ``heard``, which began at the same moment, up to a delay.

    Any rates. Raises ValueError where either lasts less than MIN_S.
    """
    if min(played.duration_s, heard.duration_s) < MIN_S:
        raise ValueError(f"an echo is looked for in at least {MIN_S:g} s of sound")
    out, ear = (sound.at_rate(SPEECH_RATE_HZ).samples for sound in (played, heard))
    if not out.any() or not ear.any():
        return NO_PATH
    correlogram = _correlogram(out, ear)
    longest = round(max_delay_s * SPEECH_RATE_HZ)
    guard = round(_GUARD_S * SPEECH_RATE_HZ)
    # Lags below zero lie at the end: what is heard before it is played is no echo.
    background = np.concatenate(
        [correlogram[longest + guard : len(ear)], correlogram[-len(out) + 1 : -guard // 4]]
    )
    spread = float(np.sqrt(np.mean(np.square(background))))
    delay = int(np.argmax(np.abs(correlogram[: longest + 1])))
    salience = float(abs(correlogram[delay])) / spread if spread > 0 else 0.0
    return EchoPath(
        delay_s=delay / SPEECH_RATE_HZ,
        gain_db=_gain_db(out, ear[delay:]),
        salience=salience,
    )


def _correlogram(
    out: npt.NDArray[np.float32], ear: npt.NDArray[np.float32]
) -> npt.NDArray[np.float64]:
    """The whitened cross-correlation by lag in samples; negative lags count from the end."""
    size = 1 << (len(out) + len(ear) - 1).bit_length()
    cross = np.fft.rfft(ear, size) * np.conj(np.fft.rfft(out, size))
    hz = np.fft.rfftfreq(size, 1 / SPEECH_RATE_HZ)
    cross[(hz < BAND_HZ[0]) | (hz > BAND_HZ[1])] = 0.0
    weight = np.abs(cross) ** WHITENING
    whitened = np.divide(cross, weight, out=np.zeros_like(cross), where=weight > 0)
    return np.fft.irfft(whitened, size)


def _gain_db(out: npt.NDArray[np.float32], ear: npt.NDArray[np.float32]) -> float:
    """Gain in dB of what ``ear`` holds of ``out``, the two in step.

    By block-averaged spectra (Welch 1967): the power of ``ear`` that ``out`` explains is
    |Pxy|² / Pxx. The part that chance explains with so few blocks is taken off.
    """
    count = min(len(out), len(ear)) // _BLOCK
    if count < 2:
        return SILENCE_DB
    window = np.hanning(_BLOCK)
    spectra = [
        np.fft.rfft(sound[: count * _BLOCK].reshape(count, _BLOCK) * window) for sound in (out, ear)
    ]
    played, heard = (np.mean(np.abs(one) ** 2, axis=0) for one in spectra)
    cross = np.abs(np.mean(spectra[1] * np.conj(spectra[0]), axis=0)) ** 2
    explained = np.divide(cross, played, out=np.zeros_like(cross), where=played > 0)
    by_chance = heard / count
    power = float(np.sum(np.maximum(0.0, explained - by_chance)))
    if power <= 0.0:
        return SILENCE_DB
    gain_db = 10 * np.log10(power / float(np.sum(played)))
    return max(SILENCE_DB, float(gain_db))
