"""Sound as one value: mono samples and their rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

SPEECH_RATE_HZ = 16_000
"""The rate of everything inside the program: what Whisper and Silero were trained on."""

SILENCE_DB = -120.0
"""What the level of exact silence is called, so that levels stay finite numbers. Chosen."""


class Sound(Protocol):
    """Mono sound at some length, of which parts can be had: an Audio, or a channel on disk."""

    @property
    def duration_s(self) -> float:
        """Length in seconds."""

    def between(self, start_s: float, end_s: float) -> Audio:
        """The part from start to end, seconds, clipped to what there is."""


@dataclass(frozen=True, slots=True, eq=False)
class Audio:
    """Mono sound: float32 samples of shape (n,), full scale at ±1, at ``rate_hz``.

    Raises ValueError for other shapes or types and for a rate of zero or less.
    """

    samples: npt.NDArray[np.float32]
    rate_hz: int

    def __post_init__(self) -> None:
        if self.samples.ndim != 1 or self.samples.dtype != np.float32:
            raise ValueError(
                f"samples must be float32 of shape (n,), got {self.samples.dtype} of shape "
                f"{self.samples.shape}"
            )
        if self.rate_hz <= 0:
            raise ValueError(f"a sample rate is more than zero, got {self.rate_hz}")

    @classmethod
    def silence(cls, duration_s: float, rate_hz: int = SPEECH_RATE_HZ) -> Audio:
        """So many seconds of exact zeros."""
        return cls(np.zeros(round(duration_s * rate_hz), np.float32), rate_hz)

    @classmethod
    def joined(cls, pieces: list[Audio]) -> Audio:
        """The pieces one after another; all of one rate. Raises ValueError otherwise."""
        rates = {piece.rate_hz for piece in pieces}
        if len(rates) != 1:
            raise ValueError(f"pieces to join must share one rate, got {sorted(rates)}")
        return cls(np.concatenate([piece.samples for piece in pieces]), rates.pop())

    def __len__(self) -> int:
        """Number of samples."""
        return len(self.samples)

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate_hz

    @property
    def level_db(self) -> float:
        """Root-mean-square level in dB relative to full scale; SILENCE_DB at the least."""
        if not len(self.samples):
            return SILENCE_DB
        power = float(np.mean(np.square(self.samples, dtype=np.float64)))
        return max(SILENCE_DB, 10.0 * float(np.log10(power))) if power > 0 else SILENCE_DB

    def between(self, start_s: float, end_s: float) -> Audio:
        """The part from start to end, seconds, clipped to what there is."""
        start = max(0, round(start_s * self.rate_hz))
        return Audio(self.samples[start : max(start, round(end_s * self.rate_hz))], self.rate_hz)

    def at_rate(self, rate_hz: int) -> Audio:
        """The same sound at another rate (soxr, high quality)."""
        if rate_hz == self.rate_hz:
            return self
        import soxr

        resampled = soxr.resample(self.samples, self.rate_hz, rate_hz)
        return Audio(np.asarray(resampled, np.float32), rate_hz)
