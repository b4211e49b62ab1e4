"""From blocks of any size at the device's rate to frames of 512 samples at 16 kHz.

::

    callback ──► Ring ──► Framer ──► frames          the callback only copies into the ring
           └──► FrameCount ──► samples lost          overflow flags are unreliable: count instead
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from voice_coach.audio.duplex import FRAME
from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio

if TYPE_CHECKING:
    from collections.abc import Iterator

JITTER_S = 0.030
"""A rise of the delay below this is late delivery, not loss. Chosen: one period of a busy host."""

DRIFT = 200e-6
"""How much slower a device's clock may run than the wall's. Chosen: crystals keep to ±100 ppm."""

BUCKET_S = 2.0
"""The delay of the promptest block in so many seconds counts. Chosen."""


class Ring:
    """A preallocated buffer between one writer (the callback) and one reader.

    ``write`` and ``take`` need no lock: each moves its own counter only, after the copy. A full
    ring refuses whole blocks and counts them, so that what is in it stays in order.
    """

    def __init__(self, capacity: int) -> None:
        """Room for so many samples."""
        self._samples: npt.NDArray[np.float32] = np.zeros(capacity, np.float32)
        self.written = 0
        self.taken = 0
        self.refused = 0

    def __len__(self) -> int:
        """Samples waiting to be taken."""
        return self.written - self.taken

    def write(self, block: npt.NDArray[np.float32]) -> None:
        """Copy a block of shape (n,) in."""
        count, capacity = len(block), len(self._samples)
        if count > capacity - len(self):
            self.refused += count
            return
        start = self.written % capacity
        first = min(count, capacity - start)
        self._samples[start : start + first] = block[:first]
        self._samples[: count - first] = block[first:]
        self.written += count

    def take(self) -> npt.NDArray[np.float32]:
        """Everything waiting, as a copy of shape (n,)."""
        count, capacity = len(self), len(self._samples)
        start = self.taken % capacity
        first = min(count, capacity - start)
        out = np.concatenate([self._samples[start : start + first], self._samples[: count - first]])
        self.taken += count
        return out


class Framer:
    """Resamples a stream and cuts it into frames; the block sizes leave no trace in the result."""

    def __init__(self, rate_hz: int) -> None:
        """A stream of blocks at ``rate_hz``."""
        self._resample: Any = None
        if rate_hz != SPEECH_RATE_HZ:
            import soxr

            self._resample = soxr.ResampleStream(rate_hz, SPEECH_RATE_HZ, 1, dtype="float32")
        self._rest: npt.NDArray[np.float32] = np.zeros(0, np.float32)

    def __len__(self) -> int:
        """Whole frames ready."""
        return len(self._rest) // FRAME

    def feed(self, block: npt.NDArray[np.float32]) -> None:
        """Take in a block of shape (n,) at the device's rate."""
        if self._resample is not None:
            block = self._resample.resample_chunk(block)
        self._rest = np.concatenate([self._rest, block])

    def frames(self) -> Iterator[Audio]:
        """Take out the frames that are whole."""
        while len(self):
            frame, self._rest = self._rest[:FRAME], self._rest[FRAME:]
            yield Audio(frame, SPEECH_RATE_HZ)


class FrameCount:
    """Counts samples against the clock on the wall, allowing for jitter and a slow crystal.

    The delay of a block is the time since the count began less the sound delivered since. Sound
    that is late raises it for a moment; sound that is lost raises it for good::

        delay     ____    ____|¯¯¯¯    usual + JITTER_S is passed: booked as lost
        usual     ________|            follows it down at once, up by DRIFT only

    So the promptest block of every BUCKET_S is compared with the usual delay; small losses add up
    until they pass the jitter. The first BUCKET_S is not judged: hosts stall and catch up while
    their buffers settle.
    """

    def __init__(self, rate_hz: int) -> None:
        """Count samples at ``rate_hz``."""
        self.lost = 0
        self._rate_hz = rate_hz
        self._began_s: float | None = None
        self._delivered = 0
        self._bucket = 0
        self._promptest_s = np.inf
        self._usual_s = np.inf

    def note(self, now_s: float, samples: int) -> None:
        """A block of so many samples arrived at ``now_s`` on a steady clock."""
        if self._began_s is None:
            self._began_s = now_s
            return
        self._delivered += samples
        elapsed_s = now_s - self._began_s
        bucket = int(elapsed_s / BUCKET_S)
        if bucket != self._bucket:
            self._settle(bucket - self._bucket)
            self._bucket = bucket
        delay_s = elapsed_s - self._delivered / self._rate_hz
        self._promptest_s = min(self._promptest_s, delay_s)

    def _settle(self, buckets: int) -> None:
        """Close a bucket: book what was lost in it, or take back what only came late."""
        promptest_s, self._promptest_s = self._promptest_s, np.inf
        if not np.isfinite(self._usual_s):
            if self._bucket > 0:
                self._usual_s = promptest_s
            return
        drift_s = DRIFT * BUCKET_S * buckets
        moved_s = promptest_s - self._usual_s
        if moved_s > JITTER_S + drift_s or moved_s < -drift_s:
            self.lost = max(0, self.lost + round(moved_s * self._rate_hz))
            self._usual_s = promptest_s
        else:
            self._usual_s = min(promptest_s, self._usual_s + drift_s)
