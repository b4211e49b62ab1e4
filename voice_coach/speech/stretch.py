"""The sound kept for reading: frames in order, read up to a time, dropped up to a time.

::

    frames   |----|----|----|----|----|----|
    cut                       ^                 what is read and what is kept share no frame:
    read     |----|----|----|                   one that the cut goes through is kept
    kept                    |----|----|----|
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from voice_coach.audio.duplex import FRAME_S
from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.conversation import Span, Timeline

if TYPE_CHECKING:
    import numpy.typing as npt


_ROUNDING_S = 1e-6


@dataclass(frozen=True, slots=True)
class Frame:
    """32 ms of sound, when it began, and how likely a voice is heard in it (0 to 1)."""

    start_s: float
    samples: npt.NDArray[np.float32]
    probability: float

    @property
    def end_s(self) -> float:
        """When it ended."""
        return self.start_s + FRAME_S

    def before(self, time_s: float) -> bool:
        """Whether all of it lies before a time."""
        return self.end_s <= time_s + _ROUNDING_S


class Stretch:
    """Frames that follow each other. Its times may be asked for only while it holds any."""

    def __init__(self) -> None:
        self._frames: deque[Frame] = deque()

    @property
    def span(self) -> Span:
        """From the first frame's start to the last one's end."""
        return Span(start_s=self._frames[0].start_s, end_s=self._frames[-1].end_s)

    def append(self, frame: Frame) -> None:
        """Add the next frame."""
        self._frames.append(frame)

    def clear(self) -> None:
        """Drop everything."""
        self._frames.clear()

    def audio(self, until_s: float) -> Audio:
        """The sound up to a time after the first frame."""
        kept = [frame.samples for frame in self._frames if frame.before(until_s)]
        return Audio(np.concatenate(kept), SPEECH_RATE_HZ)

    def drop_before(self, time_s: float) -> None:
        """Drop the frames up to a time."""
        while self._frames and self._frames[0].before(time_s):
            self._frames.popleft()

    def best_cut_s(self, activity: Timeline) -> float:
        """The middle of the longest silence in the later half, else its least speechlike frame."""
        whole = self.span
        silences = activity.within(whole).gaps()
        if late := [gap for gap in silences if gap.start_s >= whole.middle_s]:
            return max(late, key=lambda gap: gap.duration_s).middle_s
        later = [frame for frame in self._frames if frame.start_s >= whole.middle_s]
        return min(later, key=lambda frame: frame.probability).start_s
