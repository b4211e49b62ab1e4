"""Stand-ins for devices: a clock with no sound card, and files in the microphone's place."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Self

import numpy as np
import numpy.typing as npt

from voice_coach.audio.duplex import FRAME, FRAME_S, Duplex, Playback, PlayQueue
from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio


class Timepiece:
    """A duplex without a device: the microphone is silent, playing only takes its time.

    Spans are exact to the sample. ``fast`` runs as fast as frames are read; otherwise a frame
    takes 32 ms, and a reader that was late catches up.
    """

    def __init__(
        self,
        *,
        fast: bool = False,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``clock`` and ``sleep`` are in seconds and are used only when not ``fast``."""
        self._fast = fast
        self._clock = clock
        self._sleep = sleep
        self._began_s: float | None = None
        self._frames = 0
        self._queue = PlayQueue(SPEECH_RATE_HZ, lambda: self.now_s)
        self._played = np.zeros(FRAME, np.float32)

    @property
    def now_s(self) -> float:
        """Seconds read so far."""
        return self._frames * FRAME_S

    @property
    def lost_frames(self) -> int:
        """Nothing can be lost."""
        return 0

    def read(self, timeout_s: float = 1.0) -> Audio:  # noqa: ARG002 - it never waits for sound
        """One frame of silence, 32 ms after the last one unless ``fast``."""
        if not self._fast:
            if self._began_s is None:
                self._began_s = self._clock()
            ahead_s = self._began_s + self.now_s + FRAME_S - self._clock()
            if ahead_s > 0:
                self._sleep(ahead_s)
        self._queue.fill(self._played, self.now_s)
        self._frames += 1
        return Audio(np.zeros(FRAME, np.float32), SPEECH_RATE_HZ)

    def play(self, audio: Audio) -> Playback:
        """Queue a sound; it begins with the next frame that is read."""
        return self._queue.add(audio)

    def sounded(self, start_s: float, count: int) -> npt.NDArray[np.float32]:
        """What would have sounded from a moment on, at 16 kHz."""
        return self._queue.sounded(start_s, count)

    def stop_playing(self) -> None:
        """Fall silent and drop the queue."""
        self._queue.stop()

    def expect_reply(self, line_end_s: float) -> None:
        """Nobody is there to reply."""

    def close(self) -> None:
        """Drop what is queued."""
        self._queue.stop()

    def __enter__(self) -> Self:
        """Nothing to open."""
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class ReplyFiles:
    """Recorded replies in the microphone's place; playing and the clock are the inner duplex's.

    ::

        line       [-----------)
        reply                    [--------)    first sample at line_end_s + come_in_s
        or              [--------)             come_in_s negative: comes in early

    Outside of the replies the microphone is silent, whatever the inner one hears.
    """

    def __init__(self, inner: Duplex, replies: Sequence[Audio], come_in_s: Sequence[float]) -> None:
        """``come_in_s`` holds one delay in seconds for each reply, in the same order."""
        if len(replies) != len(come_in_s):
            raise ValueError(f"{len(replies)} replies need as many delays, got {len(come_in_s)}")
        self._inner = inner
        self._replies = [reply.at_rate(SPEECH_RATE_HZ).samples for reply in replies]
        self._come_in_s = list(come_in_s)
        self._placed: list[int] = []

    @property
    def now_s(self) -> float:
        """The inner duplex's clock."""
        return self._inner.now_s

    @property
    def lost_frames(self) -> int:
        """Nothing of a file can be lost."""
        return 0

    @property
    def replies_left(self) -> int:
        """Replies not asked for yet."""
        return len(self._replies) - len(self._placed)

    def expect_reply(self, line_end_s: float) -> None:
        """Begin the next reply by the end of the line, never before now or in another reply.

        Asked again before that reply began, it is moved: the line's end is known better now.
        Where no reply is left nothing happens.
        """
        now = self._position
        if self._placed and now < self._placed[-1]:
            self._placed.pop()
        if not self.replies_left:
            return
        wanted_s = line_end_s + self._come_in_s[len(self._placed)]
        self._placed.append(max(now, self._end, round(wanted_s * SPEECH_RATE_HZ)))

    def read(self, timeout_s: float = 1.0) -> Audio:
        """The next frame of the reply, or of silence; paced by the inner duplex."""
        first = self._position
        self._inner.read(timeout_s)
        frame = np.zeros(FRAME, np.float32)
        for at, reply in list(zip(self._placed, self._replies, strict=False))[-2:]:
            start, end = max(first, at), min(first + FRAME, at + len(reply))
            if start < end:
                frame[start - first : end - first] = reply[start - at : end - at]
        return Audio(frame, SPEECH_RATE_HZ)

    def play(self, audio: Audio) -> Playback:
        """Play on the inner duplex."""
        return self._inner.play(audio)

    def sounded(self, start_s: float, count: int) -> npt.NDArray[np.float32]:
        """What the inner duplex was given to sound from a moment on, at 16 kHz."""
        return self._inner.sounded(start_s, count)

    def stop_playing(self) -> None:
        """Stop the inner duplex's sound."""
        self._inner.stop_playing()

    def close(self) -> None:
        """Close the inner duplex."""
        self._inner.close()

    def __enter__(self) -> Self:
        """The inner duplex is open already."""
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def _position(self) -> int:
        """The sample the next frame begins with."""
        return round(self._inner.now_s * SPEECH_RATE_HZ)

    @property
    def _end(self) -> int:
        """The sample after the end of the reply placed last; 0 where none is."""
        if not self._placed:
            return 0
        return self._placed[-1] + len(self._replies[len(self._placed) - 1])
