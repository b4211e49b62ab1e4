"""Transcription beside the live sound: one background thread, never two readings at once.

Words that are to be kept (``settle``) go before glimpses: a glimpse is refused while anything
is being read, so none ever waits in front of a settling, and the wait for a running one is short.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol, Self

from voice_coach.audio.samples import Audio
from voice_coach.conversation import Timeline, Word


class Reads(Protocol):
    """What a live transcriber needs of a transcriber."""

    @property
    def name(self) -> str:
        """The model's name."""

    def warm_up(self) -> None:
        """Load, and do the slow first run."""

    def transcribe(self, audio: Audio, activity: Timeline | None = None) -> tuple[Word, ...]:
        """Words with times from the start of the audio."""

    def glimpse(self, audio: Audio) -> str:
        """Quick, unsettled text."""


class LiveTranscriber:
    """Hands sound to a transcriber and gives back futures; a context that closes itself.

    ``make`` gives the transcriber; its weights load in the background from then on. What goes
    wrong there is raised by the first result that is asked for. With ``synchronous`` all work is
    done at once in the calling thread, and there are no glimpses: for files read as fast as
    possible.
    """

    def __init__(self, make: Callable[[], Reads], *, synchronous: bool = False) -> None:
        self._transcriber = make()
        self._worker = (
            None if synchronous else ThreadPoolExecutor(max_workers=1, thread_name_prefix="words")
        )
        self._under_way: list[Future[tuple[Word, ...]] | Future[str]] = []
        if self._worker is not None:
            self._worker.submit(self._transcriber.warm_up)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def model(self) -> str:
        """Name of the model that reads."""
        return self._transcriber.name

    @property
    def busy(self) -> bool:
        """Whether something is being read or waits to be."""
        self._under_way = [future for future in self._under_way if not future.done()]
        return bool(self._under_way)

    def settle(self, audio: Audio, activity: Timeline, start_s: float) -> Future[tuple[Word, ...]]:
        """Read the words to keep; their times are shifted by ``start_s`` to the sitting's clock.

        ``activity`` has its times from the start of the audio. Cancel the future when it is no
        longer wanted: it then costs nothing unless it already began.
        """
        future: Future[tuple[Word, ...]]
        if self._worker is None:
            future = Future()
            future.set_result(self._settle(audio, activity, start_s))
            return future
        future = self._worker.submit(self._settle, audio, activity, start_s)
        self._under_way.append(future)
        return future

    def glimpse(self, audio: Audio) -> Future[str] | None:
        """Unsettled text for the screen, or None while busy (and always when synchronous)."""
        if self._worker is None or self.busy:
            return None
        future = self._worker.submit(self._transcriber.glimpse, audio)
        self._under_way.append(future)
        return future

    def close(self) -> None:
        """Drop what waits, let what runs finish, end the thread."""
        if self._worker is not None:
            self._worker.shutdown(wait=True, cancel_futures=True)

    def _settle(self, audio: Audio, activity: Timeline, start_s: float) -> tuple[Word, ...]:
        words = self._transcriber.transcribe(audio, activity)
        return tuple(word.shifted(start_s) for word in words)
