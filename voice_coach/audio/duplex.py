"""What a microphone and a loudspeaker on one clock can do, and the queue of what is played.

The clock of a sitting is the microphone's own samples: ``now_s`` is how much sound has been read,
in seconds. Everything played is placed on the same clock::

    microphone  |----|----|----|----|----|----|      frames of 32 ms
    played               [==========)                Playback.span, known when its first sample
                                                     is handed to the device
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
import numpy.typing as npt

from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.conversation import Span
from voice_coach.errors import UserError

FRAME = 512
"""Samples in one microphone frame at 16 kHz (32 ms): the step Silero's voice activity takes."""

FRAME_S = FRAME / SPEECH_RATE_HZ
"""Seconds in one microphone frame."""

FADE_S = 0.010
"""Seconds over which stopped sound fades, so that it does not click. Chosen."""


KEPT_S = 5.0
"""How long the queue remembers what has sounded. Chosen: longer than any way through the devices
and back."""


class DeviceLost(UserError):  # noqa: N818 - it names what happened, as the person sees it
    """Sound stopped arriving in the middle of a sitting."""


class Duplex(Protocol):
    """A microphone and a loudspeaker on one clock."""

    @property
    def now_s(self) -> float:
        """Seconds of microphone read so far: the sitting's clock, from 0."""

    @property
    def lost_frames(self) -> int:
        """Microphone samples (at 16 kHz) missing against the clock on the wall."""

    def read(self, timeout_s: float = 1.0) -> Audio:
        """The next microphone frame: exactly FRAME samples at 16 kHz.

        Raises DeviceLost where no sound arrived for ``timeout_s``.
        """

    def play(self, audio: Audio) -> Playback:
        """Queue a sound, at any rate, after what is queued already."""

    def sounded(self, start_s: float, count: int) -> npt.NDArray[np.float32]:
        """The ``count`` samples at 16 kHz that the loudspeaker was given to sound from a moment on.

        Silence where nothing sounded, and where it was more than KEPT_S ago.
        """

    def stop_playing(self) -> None:
        """Fall silent within FADE_S of what was handed to the device; drop the queue."""

    def expect_reply(self, line_end_s: float) -> None:
        """Say when the partner's line ends: files standing in begin their reply by it."""

    def close(self) -> None:
        """Let go of the devices. Closing twice does nothing."""

    def __enter__(self) -> Self:
        """Use as a context manager: closed at its end."""

    def __exit__(self, *_: object) -> None: ...


class Playback:
    """One sound that was asked for, and when it sounds on the sitting's clock."""

    def __init__(self, duration_s: float, now: Callable[[], float]) -> None:
        """A sound of so many seconds, not yet begun; ``now`` reads the sitting's clock."""
        self.duration_s = duration_s
        self.cut_short = False
        self._now = now
        self._span: Span | None = None

    @property
    def span(self) -> Span | None:
        """When it sounds; None until its first sample was handed to the device.

        Where it was stopped early, the span ends where it fell silent.
        """
        return self._span

    @property
    def started(self) -> bool:
        """Whether its first sample was handed to the device, so that its span is known."""
        return self._span is not None

    @property
    def done(self) -> bool:
        """Whether it has sounded to its end by now, or will never sound."""
        if self._span is None:
            return self.cut_short
        return self._now() >= self._span.end_s

    def begin(self, start_s: float) -> None:
        """Its first sample sounds at ``start_s``. For the queue."""
        self._span = Span(start_s=start_s, end_s=start_s + self.duration_s)

    def cut(self, played_s: float) -> None:
        """It was stopped after so many seconds of sound. For the queue."""
        self.cut_short = True
        if self._span is not None:
            start_s = self._span.start_s
            self._span = Span(start_s=start_s, end_s=start_s + played_s)


@dataclass(slots=True)
class _Queued:
    """A sound in the queue, and the index of its sample that is to be played next.

    ``samples`` are at the device's rate, ``spoken`` is the same sound at 16 kHz.
    """

    samples: npt.NDArray[np.float32]
    playback: Playback
    spoken: npt.NDArray[np.float32]
    next: int = 0


def _long_over(playback: Playback, now_s: float) -> bool:
    """Whether a sound ended so long ago, or will never sound, that nobody asks for it again."""
    span = playback.span
    return playback.cut_short if span is None else span.end_s < now_s - KEPT_S


class PlayQueue:
    """Sounds waiting for the loudspeaker, at the device's rate, one after another.

    ``fill`` is called from the device's callback and only copies; the lock is held for the copy
    of one block, no longer.
    """

    def __init__(self, rate_hz: int, now: Callable[[], float]) -> None:
        """An empty queue; ``now`` reads the sitting's clock in seconds."""
        self.rate_hz = rate_hz
        self._now = now
        self._lock = threading.Lock()
        self._queue: deque[_Queued] = deque()
        self._kept: deque[_Queued] = deque()

    def __len__(self) -> int:
        """Sounds that are not handed to the device to their end."""
        return len(self._queue)

    def add(self, audio: Audio) -> Playback:
        """Queue a sound of any rate; it is resampled here, before the callback sees it."""
        samples = audio.at_rate(self.rate_hz).samples
        playback = Playback(len(samples) / self.rate_hz, self._now)
        queued = _Queued(samples, playback, audio.at_rate(SPEECH_RATE_HZ).samples)
        while self._kept and _long_over(self._kept[0].playback, self._now()):
            self._kept.popleft()
        self._kept.append(queued)
        with self._lock:
            self._queue.append(queued)
        return playback

    def sounded(self, start_s: float, count: int) -> npt.NDArray[np.float32]:
        """What was given to sound from a moment on, as :meth:`Duplex.sounded` says.

        The fade of a stopped sound is left out: it ends at once, FADE_S later.
        """
        out = np.zeros(count, np.float32)
        for kept in self._kept:
            span = kept.playback.span
            if span is None:
                continue
            first = round((span.start_s - start_s) * SPEECH_RATE_HZ)
            length = min(len(kept.spoken), round(span.duration_s * SPEECH_RATE_HZ))
            low, high = max(0, first), min(count, first + length)
            if low < high:
                out[low:high] += kept.spoken[low - first : high - first]
        return out

    def fill(self, out: npt.NDArray[np.float32], at_s: float) -> None:
        """Write the next ``len(out)`` samples, silence where nothing is queued.

        ``at_s`` is when the first of them sounds on the sitting's clock.
        """
        filled = 0
        with self._lock:
            while self._queue and filled < len(out):
                head = self._queue[0]
                if not head.playback.started:
                    head.playback.begin(at_s + filled / self.rate_hz)
                count = min(len(out) - filled, len(head.samples) - head.next)
                out[filled : filled + count] = head.samples[head.next : head.next + count]
                head.next += count
                filled += count
                if head.next == len(head.samples):
                    self._queue.popleft()
        out[filled:] = 0.0

    def stop(self, fade_s: float = FADE_S) -> None:
        """Fade what is sounding and drop the rest."""
        with self._lock:
            sounding = next((item for item in self._queue if item.playback.started), None)
            for item in self._queue:
                if item is not sounding:
                    item.playback.cut(0.0)
            self._queue.clear()
            if sounding is None:
                return
            end = sounding.next + round(fade_s * self.rate_hz)
            if end < len(sounding.samples):
                faded = sounding.samples[:end].copy()
                faded[sounding.next :] *= np.linspace(1.0, 0.0, end - sounding.next, dtype="f4")
                sounding.samples = faded
                sounding.playback.cut(end / self.rate_hz)
            self._queue.append(sounding)
