"""A text being spoken: rendered ahead in the background, played piece by piece."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable

import numpy as np

from voice_coach.audio.duplex import FADE_S, Duplex, Playback
from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.conversation import Span


class Spoken:
    """One text on its way to the loudspeaker.

    The first piece plays while the rest is still being rendered. ``at_once`` renders everything
    before the first piece, where time is simulated. Call :meth:`pump` with every microphone frame.
    """

    def __init__(self, pieces: Iterable[Audio], duplex: Duplex, *, at_once: bool = False) -> None:
        self._duplex = duplex
        self._playbacks: list[Playback] = []
        self._sounds: list[Audio] = []
        self._rendered: queue.SimpleQueue[Audio | Exception | None] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._held: list[Audio] | None = None
        self.all_queued = False
        if at_once:
            self._render(pieces)
        else:
            # No daemon: Python's end waits for it, and a daemon still inside the voice's library
            # then would abort the program. Once stopped it makes only the piece it is at.
            threading.Thread(target=self._render, args=(pieces,), name="voice-coach-render").start()
        self.pump()

    def pump(self) -> None:
        """Queue what has been rendered since; raises what went wrong while rendering."""
        while not self.all_queued:
            try:
                piece = self._rendered.get_nowait()
            except queue.Empty:
                return
            if isinstance(piece, Exception):
                raise piece
            if piece is None:
                self.all_queued = True
            elif len(piece) and self._held is not None:
                self._held.append(piece)
            elif len(piece):
                self._play(piece)

    def _play(self, piece: Audio) -> None:
        self._sounds.append(piece)
        self._playbacks.append(self._duplex.play(piece))

    @property
    def span(self) -> Span | None:
        """From the first piece's start to the last queued piece's end; None until it sounds.

        Where it was held back and went on, the silence between lies within.
        """
        first = self._playbacks[0].span if self._playbacks else None
        if first is None:
            return None
        last = next(
            (playback.span for playback in reversed(self._playbacks) if playback.span), first
        )
        if last is self._playbacks[-1].span:
            return first.hull(last)
        # Pieces behind the last one that sounds follow it without a gap.
        waiting_s = sum(
            sound.duration_s
            for sound, playback in zip(self._sounds, self._playbacks, strict=True)
            if playback.span is None
        )
        return Span(start_s=first.start_s, end_s=last.end_s + waiting_s)

    @property
    def over(self) -> bool:
        """Whether everything has sounded, or it was stopped."""
        if self._stopped.is_set():
            return True
        if self._held is not None or not self.all_queued:
            return False
        span = self.span
        if span is None:
            return not self._playbacks
        return self._playbacks[-1].span is not None and self._duplex.now_s >= span.end_s

    @property
    def cut_short(self) -> bool:
        """Whether it was stopped before its end."""
        return self._stopped.is_set()

    @property
    def held(self) -> bool:
        """Whether it has fallen silent and may go on."""
        return self._held is not None and not self._stopped.is_set()

    @property
    def unsaid_s(self) -> float:
        """Seconds of sound rendered by now that are held back."""
        return sum(sound.duration_s for sound in self._held or ())

    def hold(self) -> None:
        """Fall silent now; what is unsaid is kept for :meth:`go_on`."""
        self._duplex.stop_playing()
        begun, left = [], []
        for sound, playback in zip(self._sounds, self._playbacks, strict=True):
            if playback.span is None:
                left.append(sound)
                continue
            said = round(playback.span.duration_s * sound.rate_hz)
            if playback.cut_short and said < len(sound):
                left.append(_faded_in(sound, said))
                # Only the said part stays: a second hold must not find the rest of it again.
                sound = Audio(sound.samples[:said], sound.rate_hz)  # noqa: PLW2901
            begun.append((sound, playback))
        self._sounds = [sound for sound, _ in begun]
        self._playbacks = [playback for _, playback in begun]
        self._held = left

    def go_on(self) -> None:
        """Take up what was held back, where it faded."""
        left, self._held = self._held or [], None
        for sound in left:
            self._play(sound)

    def stop(self) -> None:
        """Fall silent now; what was not yet said is dropped."""
        self._stopped.set()
        self._duplex.stop_playing()

    def sound(self, from_s: float, duration_s: float) -> Audio:
        """What the loudspeaker was given from a moment on, at 16 kHz, each piece in its place."""
        mixed = Audio.silence(duration_s).samples
        for sound, playback in zip(self._sounds, self._playbacks, strict=True):
            if playback.span is None:
                continue
            sounded = round(playback.span.duration_s * SPEECH_RATE_HZ)
            samples = sound.at_rate(SPEECH_RATE_HZ).samples[:sounded]
            start = round((playback.span.start_s - from_s) * SPEECH_RATE_HZ)
            cut = samples[max(0, -start) :][: max(0, len(mixed) - max(0, start))]
            mixed[max(0, start) : max(0, start) + len(cut)] += cut
        return Audio(mixed, SPEECH_RATE_HZ)

    def _render(self, pieces: Iterable[Audio]) -> None:
        try:
            for piece in pieces:
                if self._stopped.is_set():
                    break
                self._rendered.put(piece)
        except Exception as error:  # noqa: BLE001 - handed to pump, which raises it in the engine
            self._rendered.put(error)
        else:
            self._rendered.put(None)


def _faded_in(sound: Audio, said: int) -> Audio:
    """What is left of a sound after so many samples, from where it began to fade."""
    fade = min(said, round(FADE_S * sound.rate_hz))
    samples = sound.samples[said - fade :].copy()
    samples[:fade] *= np.linspace(0.0, 1.0, fade, dtype=np.float32)
    return Audio(samples, sound.rate_hz)
