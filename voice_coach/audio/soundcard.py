"""A real microphone and loudspeaker through PortAudio, on the microphone's clock."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from voice_coach.audio import portaudio
from voice_coach.audio.capture import FrameCount, Framer, Ring
from voice_coach.audio.devices import Device, choose
from voice_coach.audio.duplex import FRAME_S, DeviceLost, Playback, PlayQueue
from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.errors import UserError

LATENCY_S = 0.2
"""Sound the device holds on either side; the spans account for it. Measured with two busy threads
on two loaded cores: callbacks came up to 0.23 s late; 0.1 lost sound, 0.2 lost none."""

RING_S = 62.0
"""Sound kept for a late reader: a minute, and the pre-roll before the first read. Chosen."""

START_S = 5.0
"""Sound may stall so long after opening before the device is called lost. Chosen: Bluetooth
microphones are silent or halting for their first seconds."""

STALL_S = 5.0
"""A loudspeaker that takes nothing for so long, while something is queued, is lost. Chosen."""

MAX_ROUND_TRIP_S = 2.0
"""A longer or negative way from microphone to loudspeaker is a host's bad clock. Chosen."""

AHEAD_BLOCKS = 40
"""Over so many blocks the host's account of its delays is taken, 2 s at ALSA's usual. Chosen."""

AHEAD_MOVED_S = 0.050
"""So far this account has to move before it is believed. Chosen: PulseAudio's is 20 ms off in its
first seconds and wavers by 10 ms later, while nothing moves."""


class SoundCard:
    """A stream each way at the devices' own rates, or one for both where the host is better at it.

    One stream over ALSA is bad after an underrun: PortAudio drops the sound that piled up at the
    microphone, or, where ALSA leads to PulseAudio, tries in vain to and polls without a pause
    from then on. So there it is two streams, elsewhere one; the other way where that is refused.

    The callback only copies: microphone into a ring, loudspeaker from the play queue. Resampling
    happens in ``read`` and ``play``. Where a sound is heard on the clock: see :class:`Ahead`.

    Without an input the microphone is silence on the loudspeaker's clock; without an output
    ``play`` keeps the time and nothing sounds.
    """

    def __init__(
        self,
        input: Device | str | None,  # noqa: A002 - as the attribute, and as --input
        output: Device | str | None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open and start these devices, given as listed or by name.

        ``clock`` is steady, in seconds. Two devices may bear one name; only as listed are they
        told apart.

        Raises UserError where a name is unknown, a device is busy or refuses every rate, or
        PortAudio is missing; ValueError where both are None.
        """
        if input is None and output is None:
            raise ValueError("a sound card needs an input or an output; use a Timepiece")
        self.input = choose("input", asked_name=input) if isinstance(input, str) else input
        self.output = choose("output", asked_name=output) if isinstance(output, str) else output
        self._clock = clock
        self._woken = threading.Event()
        self._read_frames = 0
        self._closed = False
        self._opened_s = clock()
        self._gives = 0
        self._gave: tuple[int, float, float] = (0, 0.0, self._opened_s)
        self._streams: list[Any] = []
        self._frames: Iterator[Audio] = iter(())
        for plan in self._plans():
            if self._opened(plan):
                break
        else:
            raise UserError(_refused(self.input, self.output))
        portaudio.hold()

    @property
    def now_s(self) -> float:
        """Seconds of microphone read so far."""
        return self._read_frames * FRAME_S

    @property
    def lost_frames(self) -> int:
        """Samples at 16 kHz missing: against the clock, and refused by a full ring."""
        lost = self._count.lost + self._ring.refused
        return round(lost * SPEECH_RATE_HZ / self._rate_hz)

    @property
    def rate_hz(self) -> int:
        """The rate the microphone's side of the device runs at."""
        return self._rate_hz

    def read(self, timeout_s: float = 1.0) -> Audio:
        """The next microphone frame; waits for it, at most ``timeout_s`` without any sound.

        Raises DeviceLost where none came; a device just opened is given START_S. So it does where
        the loudspeaker took nothing of what is queued for STALL_S.
        """
        give_up_s = max(self._clock() + timeout_s, self._opened_s + START_S)
        while True:
            for frame in self._frames:
                self._read_frames += 1
                self._check_mouth()
                return frame
            self._woken.clear()
            if len(self._ring):
                self._framer.feed(self._ring.take())
                self._frames = self._framer.frames()
                give_up_s = max(self._clock() + timeout_s, self._opened_s + START_S)
            elif self._clock() >= give_up_s or not all(s.active for s in self._streams):
                raise DeviceLost(self._lost_message())
            else:
                self._woken.wait(min(timeout_s, 0.1))

    def _check_mouth(self) -> None:
        """Raise DeviceLost where a stream that calls itself active takes no sound.

        Both clocks must agree: a late reader catches up on the microphone's within moments, and
        the wall's runs on while the machine sleeps.
        """
        gives, heard_s, clock_s = self._gave
        if gives != self._gives or not len(self._queue):
            self._gave = (self._gives, self.now_s, self._clock())
        elif self.now_s - heard_s >= STALL_S and self._clock() - clock_s >= STALL_S:
            raise DeviceLost(_mouth_lost(self.output))

    def play(self, audio: Audio) -> Playback:
        """Queue a sound, at any rate, after what is queued already."""
        return self._queue.add(audio)

    def sounded(self, start_s: float, count: int) -> npt.NDArray[np.float32]:
        """What the loudspeaker was given to sound from a moment on, at 16 kHz."""
        return self._queue.sounded(start_s, count)

    def stop_playing(self) -> None:
        """Fade what sounds and drop the queue."""
        self._queue.stop()

    def expect_reply(self, line_end_s: float) -> None:
        """A person replies when they do."""

    def close(self) -> None:
        """Stop and let go of the devices."""
        if self._closed:
            return
        self._closed = True
        self._queue.stop(fade_s=0.0)
        self._let_go()
        portaudio.release()

    def __enter__(self) -> Self:
        """Open already."""
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Opening

    def _plans(self) -> Iterator[tuple[bool, int, int, int]]:
        """Ways to open the devices, the best first: (one stream?, rates in and out, channels).

        Each device is asked for its own rate; one stream has one rate, so with two devices the
        other may refuse, and each then gets a stream of its own.
        """
        sides = [device for device in (self.input, self.output) if device is not None]
        rates = list(dict.fromkeys([device.rate_hz for device in sides] + [48_000, 44_100]))
        alsa = any(device.host == "ALSA" for device in sides)
        for channels in (1, 2):
            if self.input is not None and channels > self.input.channels:
                continue
            together = [(True, rate_hz, rate_hz, channels) for rate_hz in rates]
            apart = [(False, sides[0].rate_hz, sides[-1].rate_hz, channels)]
            if len(sides) == 1:
                yield from together
            else:
                yield from [*apart, *together] if alsa else [*together, *apart]

    def _opened(self, plan: tuple[bool, int, int, int]) -> bool:
        """Try one way to open and start; False where PortAudio refuses it."""
        together, self._rate_hz, output_rate_hz, channels = plan
        sounddevice = portaudio.load()
        # Made anew for each plan: a refused stream may have run its callback already.
        self._ring = Ring(round(RING_S * self._rate_hz))
        self._framer = Framer(self._rate_hz)
        self._count = FrameCount(self._rate_hz)
        self._queue = PlayQueue(output_rate_hz, lambda: self.now_s)
        self._mark = (0, 0.0)
        self._given = 0
        self._ahead = Ahead()
        shared = {"dtype": "float32", "latency": LATENCY_S}
        ear = {"device": self.input.index, "channels": channels} if self.input else {}
        mouth = (
            {"device": self.output.index, "channels": min(2, self.output.channels)}
            if self.output
            else {}
        )
        try:
            with portaudio.quiet():
                if ear and mouth and together:
                    both = {key: (ear[key], mouth[key]) for key in ear}
                    self._add(sounddevice.Stream, self._both_callback, self._rate_hz, shared, both)
                else:
                    if ear:
                        callback = self._ear_callback
                        self._add(sounddevice.InputStream, callback, self._rate_hz, shared, ear)
                    if mouth:
                        talk = self._mouth_callback
                        self._add(sounddevice.OutputStream, talk, output_rate_hz, shared, mouth)
        except sounddevice.PortAudioError:
            self._let_go()
            return False
        return True

    def _add(self, kind: Any, callback: Any, rate_hz: int, *settings: dict[str, Any]) -> None:
        """Open one stream and start it."""
        stream = kind(
            samplerate=rate_hz,
            callback=callback,
            finished_callback=self._woken.set,
            **{key: value for part in settings for key, value in part.items()},
        )
        self._streams.append(stream)
        self._round_trip_s = float(np.sum([np.sum(s.latency) for s in self._streams]))
        stream.start()

    def _let_go(self) -> None:
        """Abort and close every stream; a device that is gone cannot refuse."""
        for stream in self._streams:
            with contextlib.suppress(portaudio.load().PortAudioError):
                stream.abort()
            with contextlib.suppress(portaudio.load().PortAudioError):
                stream.close()
        self._streams.clear()

    # In the callback: copying, nothing else

    def _both_callback(
        self, heard: npt.NDArray[Any], out: npt.NDArray[Any], count: int, time: Any, status: Any
    ) -> None:
        self._take(heard[:, 0], count, time.inputBufferAdcTime, status)
        self._give(out, time.outputBufferDacTime, status)

    def _ear_callback(self, heard: npt.NDArray[Any], count: int, time: Any, status: Any) -> None:
        self._take(heard[:, 0], count, time.inputBufferAdcTime, status)
        if self.output is None:
            self._give(np.empty((count, 1), np.float32), time.inputBufferAdcTime, None)

    def _mouth_callback(self, out: npt.NDArray[Any], count: int, time: Any, status: Any) -> None:
        if self.input is None:
            self._take(np.zeros(count, np.float32), count, time.outputBufferDacTime, None)
        self._give(out, time.outputBufferDacTime, status)

    def _take(self, heard: npt.NDArray[np.float32], count: int, adc_s: float, status: Any) -> None:
        if status and status.input_underflow and not heard.any():
            return  # The microphone gave nothing; PortAudio put zeros in its place.
        if status and status.input_overflow:
            self._ahead.begin_anew()
        self._mark = (self._ring.written, adc_s)
        self._ring.write(heard)
        self._count.note(self._clock(), count)
        self._woken.set()

    def _give(self, out: npt.NDArray[np.float32], dac_s: float, status: Any) -> None:
        self._gives += 1
        if status and status.output_underflow:
            self._ahead.begin_anew()
        if not self._ring.written:
            out.fill(0.0)  # Nothing heard yet, so when this sounds on its clock cannot be told.
            return
        position, adc_s = self._mark
        heard_s = position / self._rate_hz + round_trip_s(adc_s, dac_s, self._round_trip_s)
        given_s = self._given / self._queue.rate_hz
        self._given += len(out)
        self._ahead.note(heard_s - given_s)
        self._queue.fill(out[:, 0], given_s + self._ahead.of(len(self._queue) > 0))
        out[:, 1:] = out[:, :1]

    def _lost_message(self) -> str:
        # Of two streams the first is the microphone's; with one for both there is no telling.
        only_mouth = [stream.active for stream in self._streams] == [True, False]
        if self.input is not None and not only_mouth:
            return (
                f"The microphone '{self.input.name}' stopped sending sound. Plug it in again and "
                "start once more; everything said so far is kept."
            )
        return _mouth_lost(self.output)


class Ahead:
    """How far the loudspeaker's count of seconds is behind the microphone's: when a sample sounds.

    ::

        microphone's block at its ADC time ──► position + (output DAC time - input ADC time)
                                               less the seconds given to the loudspeaker before

    The host's account of both times wavers from block to block, while two devices that run on one
    clock keep one difference until sound is lost. So what was found for the first sound holds for
    those after it, however the account wavers: an echo then comes back as late as the last one.
    """

    def __init__(self) -> None:
        self._recent: deque[float] = deque(maxlen=AHEAD_BLOCKS)
        self._held_s: float | None = None

    def begin_anew(self) -> None:
        """Sound was lost: what was found no longer holds."""
        self._recent.clear()
        self._held_s = None

    def note(self, difference_s: float) -> None:
        """The host's account at one block."""
        self._recent.append(difference_s)

    def of(self, hold: bool) -> float:
        """The difference in seconds; held from now on where something is about to sound.

        Raises statistics.StatisticsError before the first :meth:`note`.
        """
        usual_s = median(self._recent)
        if self._held_s is not None and abs(usual_s - self._held_s) <= AHEAD_MOVED_S:
            return self._held_s
        self._held_s = usual_s if hold else None
        return usual_s


def round_trip_s(adc_s: float, dac_s: float, reported_s: float) -> float:
    """Seconds from a block's first sample at the microphone to its first at the loudspeaker.

    By the host's times of both; where these cannot be true (some hosts leave them zero), the
    latency that the streams report.
    """
    measured_s = dac_s - adc_s
    if adc_s <= 0.0 or dac_s <= 0.0 or not 0.0 <= measured_s <= MAX_ROUND_TRIP_S:
        return reported_s
    return measured_s


def _mouth_lost(mouth: Device | None) -> str:
    name = mouth.name if mouth else ""
    return (
        f"The loudspeaker '{name}' stopped taking sound. Plug it in again and start once more; "
        "everything said so far is kept."
    )


def _refused(ear: Device | None, mouth: Device | None) -> str:
    """What to say where no way to open the devices worked."""
    names = [f"the microphone '{ear.name}'"] if ear else []
    names += [f"the loudspeaker '{mouth.name}'"] if mouth else []
    named = " and ".join(names)
    return (
        f"{named[0].upper()}{named[1:]} could not be opened. Close other programs that use "
        "sound, or choose another with --input or --output (voice-coach devices lists them)."
    )
