"""A reply as it is spoken: frames in, what happens to the turn out.

::

    speech    [-----)  [-------------)      [----)
    pauses          ^1               ^2          ^3             patience runs out: Ended
    open      |<-- read at 1 --->
              |<-- read again at 2, whole --->|                 2 was long enough to close on
                                              |<- read at 3 ->|

Words are read in the background while a pause goes on, so that little is left to do when the
turn is over. A stretch is closed for good only at a longer pause, and when it holds enough speech
for the recogniser to do its best; before that, speech that goes on is read again as a whole.
Sound that one turn has read is dropped at its end, so that no word is said twice.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Literal, TypeAlias

from voice_coach.audio.duplex import FRAME, FRAME_S
from voice_coach.audio.files import MAX_REPLY_S
from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.conversation import Span, Timeline, Word
from voice_coach.speech.activity import ActivityDetector
from voice_coach.speech.endpoint import (
    PATIENCE_S,
    Change,
    Endpoint,
    Paused,
    Resumed,
    SpeechStarted,
    TurnEnded,
)
from voice_coach.speech.live import LiveTranscriber
from voice_coach.speech.stretch import Frame, Stretch
from voice_coach.speech.windows import MAX_WINDOW_S

PRE_ROLL_S = 1.0
"""Sound kept from before a voice is noticed, so that no first syllable is lost. Chosen."""

CLOSE_AFTER_S = 6.0
"""A stretch shorter than this is not closed: Whisper reads short ones worse. Chosen; measured
with benchmarks/words.py."""

CLOSE_PAUSE_S = 0.5
"""A pause shorter than this is no place to close: sentences go on over it. Chosen."""

GLIMPSE_EVERY_S = 1.2
"""Time between glimpses while somebody speaks without a pause. Chosen."""

GLIMPSE_SHARE = 2.5
"""A glimpse that took t is followed by the next after this many t, to leave the processor to the
sound. Chosen."""

MAX_TURN_S = MAX_REPLY_S
"""A turn is ended after this, so that a radio in the room cannot hold it for ever."""

_CLOCK_SLACK_S = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialText:
    """Words so far: ``settled`` no longer change, ``text`` follows them and still may."""

    text: str
    settled: tuple[Word, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The turn is over, and all of it has been read.

    ``words`` may be empty: a voice was heard, but no words. ``reason``: the patience ran out,
    somebody asked for the end (a key, the end of a file), or the turn grew too long.
    """

    span: Span
    activity: Timeline
    words: tuple[Word, ...]
    reason: Literal["silence", "asked", "limit"]


Happening: TypeAlias = SpeechStarted | PartialText | Paused | Resumed | Ended


class ReplyListener:
    """Follows one turn after another through frames of 512 samples at 16 kHz.

    ``feed`` never waits for words unless ``live`` is synchronous. ``max_turn_s`` counts from the
    first speech of a turn.
    """

    def __init__(
        self,
        detector: ActivityDetector,
        live: LiveTranscriber,
        *,
        patience_s: float = PATIENCE_S,
        max_turn_s: float = MAX_TURN_S,
    ) -> None:
        self._detector = detector
        self._live = live
        self._max_turn_s = max_turn_s
        self.patience_s = patience_s
        self._endpoint = Endpoint(patience_s)
        self.reset()

    def reset(self) -> None:
        """Forget everything heard; the next frame may come from another moment."""
        self._detector.reset()
        self._endpoint.reset()
        self._sound = Stretch()
        self._waiting: deque[Frame] = deque()
        self._next_s: float | None = None
        self._forget_turn()

    def _forget_turn(self) -> None:
        self._began_s: float | None = None
        self._paused_s: float | None = None
        self._earlier = Timeline()
        self._closed: list[Future[tuple[Word, ...]]] = []
        self._open: Future[tuple[Word, ...]] | None = None
        self._open_shown = False
        self._read_to_s = 0.0
        self._glimpse: Future[str] | None = None
        self._glimpsed_s = 0.0
        self._glimpse_every_s = GLIMPSE_EVERY_S
        self._ending: Literal["silence", "asked", "limit"] | None = None

    @property
    def open(self) -> bool:
        """Whether a turn has begun that is not over."""
        return self._began_s is not None

    @property
    def model(self) -> str:
        """Name of the model that reads the words."""
        return self._live.model

    def sounding(self, bridged_s: float = 0.0) -> Span | None:
        """The stretch of voice that sounds now, gaps so long within it bridged; None in silence."""
        if not self._endpoint.speaking:
            return None
        return self._activity().bridged(bridged_s).spans[-1]

    @property
    def provisional(self) -> tuple[tuple[Word, ...], Timeline] | None:
        """Words and activity of the whole turn so far, when in a pause and all of it is read."""
        if self._open is None or not self._all_read():
            return None
        return self._words(), self._activity()

    def feed(self, frame: Audio, start_s: float, *, deaf: bool = False) -> tuple[Happening, ...]:
        """Take in the next frame, which began at ``start_s``; what happened by it.

        ``deaf``: it is kept as sound but counts as no voice, for the loudspeaker's last echo: a
        reply that begins in it keeps its first syllable, and the echo begins none.

        Raises ValueError for a frame of another size or rate, and within a turn for one that does
        not follow the frame before.
        """
        if len(frame) != FRAME or frame.rate_hz != SPEECH_RATE_HZ:
            raise ValueError(
                f"a frame is {FRAME} samples at {SPEECH_RATE_HZ} Hz, "
                f"got {len(frame)} at {frame.rate_hz}"
            )
        self._check_order(start_s)
        probability = self._detector.process(frame.samples)
        self._waiting.append(Frame(start_s, frame.samples, 0.0 if deaf else probability))
        happened: list[Happening] = []
        if self._ending == "limit" and self._all_read():
            happened.append(self._end())
        # A turn ended by the limit stays ended: what follows waits for the next, until it is read.
        while self._waiting and self._ending != "limit":
            happened.extend(self._go_on(self._waiting.popleft()))
        return tuple(happened)

    def _go_on(self, frame: Frame) -> Iterator[Happening]:
        self._sound.append(frame)
        now_s = frame.end_s
        for change in self._endpoint.process(frame.probability, frame.start_s, now_s):
            yield from self._take(change)
        if self._began_s is None:
            self._sound.drop_before(now_s - PRE_ROLL_S)
            return
        self._keep_limits(now_s)
        yield from self._shown(now_s)
        if self._ending and self._all_read():
            yield self._end()

    def finish(self, now_s: float) -> Ended | None:
        """End the turn at once and wait for its words; None where no speech was heard.

        ``now_s`` is when the end was asked for: nothing after it is counted.
        """
        if self._began_s is None:
            self._endpoint.reset()
            return None
        if self._ending is None:
            self._close_turn("asked", max(now_s, self._sound.span.start_s + FRAME_S))
        return self._end(until_s=now_s)

    def _check_order(self, start_s: float) -> None:
        expected_s, self._next_s = self._next_s, start_s + FRAME_S
        if expected_s is None or abs(start_s - expected_s) <= _CLOCK_SLACK_S:
            return
        if self._began_s is not None:
            self._next_s = expected_s
            raise ValueError(f"a frame at {expected_s:.3f} s was expected, got {start_s:.3f} s")
        self._detector.reset()
        self._endpoint.reset()
        self._sound.clear()
        self._waiting.clear()

    def _take(self, change: Change) -> Iterator[Happening]:
        match change:
            case SpeechStarted(at_s=at_s):
                self._glimpsed_s = at_s
                if self._began_s is None:
                    self._began_s = at_s
                    yield change
                else:  # the patience had run out, but not all was read: the turn goes on
                    self._ending = None
                    self._resume(at_s)
                    yield Resumed(at_s=at_s)
            case Paused(at_s=at_s):
                self._paused_s = at_s
                self._glimpse = None  # whatever it shows now comes too late
                self._read_open(self._sound.span.end_s)
                yield change
            case Resumed(at_s=at_s):
                self._resume(at_s)
                self._glimpsed_s = at_s
                yield change
            case TurnEnded(activity=activity):
                # The endpoint has begun anew; what it knew of this turn is kept here.
                self._earlier = self._earlier | activity
                self._ending = "silence"

    def _resume(self, at_s: float) -> None:
        """Speech came back: close what was read if the pause allows it, else read it again."""
        if self._open is None:
            return
        # Without a pause there is no place to close: all of it is read again.
        paused_s = at_s if self._paused_s is None else self._paused_s
        pause_s = at_s - paused_s
        if paused_s - self._sound.span.start_s >= CLOSE_AFTER_S and pause_s >= CLOSE_PAUSE_S:
            self._closed.append(self._open)
            self._sound.drop_before(max(at_s - pause_s / 2, at_s - PRE_ROLL_S))
        else:
            self._open.cancel()
        self._open = None
        self._paused_s = None

    def _keep_limits(self, now_s: float) -> None:
        """Close a stretch that grows too long to be read at once, and a turn that does."""
        if self._ending or self._began_s is None:
            return
        if now_s - self._began_s >= self._max_turn_s:
            self._close_turn("limit", now_s)
        elif self._open is None and now_s - self._sound.span.start_s >= MAX_WINDOW_S:
            cut_s = self._sound.best_cut_s(self._activity())
            self._closed.append(self._read(until_s=cut_s))
            self._sound.drop_before(cut_s)

    def _close_turn(self, reason: Literal["asked", "limit"], until_s: float) -> None:
        for change in self._endpoint.finish():
            if isinstance(change, TurnEnded):
                self._earlier = self._earlier | change.activity
        self._ending = reason
        if self._open is None:
            self._read_open(until_s)

    def _read_open(self, until_s: float) -> None:
        self._open = self._read(until_s)
        self._open_shown = False
        self._read_to_s = until_s

    def _read(self, until_s: float) -> Future[tuple[Word, ...]]:
        start_s = self._sound.span.start_s
        audio = self._sound.audio(until_s)
        stretch = Span(start_s=start_s, end_s=start_s + audio.duration_s)
        heard = self._activity().within(stretch).shifted(-start_s)
        return self._live.settle(audio, heard, start_s)

    def _activity(self) -> Timeline:
        return self._earlier | self._endpoint.activity

    def _all_read(self) -> bool:
        return self._open is not None and all(job.done() for job in (*self._closed, self._open))

    def _words(self) -> tuple[Word, ...]:
        jobs = [*self._closed, *([self._open] if self._open else [])]
        return tuple(word for job in jobs for word in job.result())

    def _shown(self, now_s: float) -> Iterator[PartialText]:
        """What the screen may show anew: words read in a pause, or a glimpse."""
        if self._open is not None:
            if not self._open_shown and self._all_read():
                self._open_shown = True
                text = " ".join(word.text for word in self._open.result())
                yield PartialText(text=text, settled=self._settled())
            return
        if self._glimpse is not None and self._glimpse.done():
            took_s = now_s - self._glimpsed_s
            self._glimpse_every_s = max(GLIMPSE_EVERY_S, GLIMPSE_SHARE * took_s)
            text, self._glimpse = self._glimpse.result(), None
            if text:
                yield PartialText(text=text, settled=self._settled())
        if self._glimpse is None and now_s - self._glimpsed_s >= self._glimpse_every_s:
            self._glimpse = self._live.glimpse(self._sound.audio(now_s))
            self._glimpsed_s = now_s

    def _settled(self) -> tuple[Word, ...]:
        """Words of the closed stretches, up to the first that is not read yet."""
        words: list[Word] = []
        for job in self._closed:
            if not job.done():
                break
            words.extend(job.result())
        return tuple(words)

    def _end(self, until_s: float | None = None) -> Ended:
        activity = self._activity()
        if until_s is not None and activity.hull and until_s > activity.hull.start_s:
            activity = activity.within(Span(start_s=activity.hull.start_s, end_s=until_s))
        hull, reason = activity.hull, self._ending
        if hull is None or reason is None:
            raise RuntimeError("a turn that began has activity, and a reason to end")
        ended = Ended(span=hull, activity=activity, words=self._words(), reason=reason)
        self._sound.drop_before(self._read_to_s)
        self._forget_turn()
        return ended
