"""Who talks while the loudspeaker does: a voice in the microphone's sound less its echo.

::

    played   [~~~~~~~~~~~~~~~~ the partner's line ~~~~~~~~~~~~~~~~)
    heard    [~~~~~~~~~~~ its echo ~~~[#### a voice ####)~~~~~~~~~)
    cleaned                           [#### a voice ####)             voices: when, never what

Only *when* a voice was there is taken from cleaned sound. Its words, pitch and level are not: what
the canceller takes away with the echo is missing from them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from voice_coach.audio.calibration import Calibration, way_back
from voice_coach.audio.canceller import EchoCanceller
from voice_coach.audio.duplex import FRAME
from voice_coach.audio.echo import MIN_S
from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.conversation import Span, Timeline
from voice_coach.speech.activity import ActivityDetector, SpeechGate

VOICE_DB = -30.0
"""The level that a voice as loud as the echo is brought to. Chosen: as people at a laptop sound."""

MOST_GAIN_DB = 20.0
"""And by how much at most: more would make voices of the room's noise. Chosen."""

FAINT_DB = 16.0
"""What is so far under the echo's usual level is left over from it, whatever it sounds like.
Chosen: somebody 10 dB quieter than the echo stays over it in all but the softest sounds."""

ROOM_DB = 3.5
"""What is not so much louder than the room alone is the room. Measured: with 0 dB, 33 minutes of
lines in eight rooms held 3 false interruptions, with 1 dB none; 3.5 dB costs 1 % of those who talk
10 dB quieter than the echo (benchmarks/echo.py)."""

ROOM_RISE = 1.001
"""How fast the room's power is taken to rise, a frame; it is the least power heard, which falls at
once. Chosen: 8 dB a minute, so that no line raises it by more than a dB or two."""

START_FRAMES = 5
"""A voice that was found began up to so many frames, 0.16 s, earlier: where the detector already
heard one, though too faint to tell by itself. Measured: somebody 10 dB quieter than the echo is
found within 150 ms of the true start in 85 % of lines, without this in 77 % (as above)."""

START_DB = 24.0
"""Its first sounds may be so much softer than its loud ones. Chosen: "f" and "th" are."""

START_PROBABILITY = 0.35
"""What the detector must say of them: as where speech stops, activity.OFFSET."""

LOUD_SHARE = 75
"""The percentile of a voice's frames that stands for its loud ones. Chosen."""

CLOSURE_FRAMES = 5
"""So many faint frames in a row, 0.16 s, do not end a voice: the closure of a "t" or "k" is faint
too. Chosen: closures in TIMIT seldom last longer."""

LOUD_FRAMES = 60
"""Frames of echo over which its usual level is taken, 2 s. Chosen."""

UNSOUNDED = 0.001
"""A frame with less than this share of the echo's usual power is a pause in it. Chosen: 30 dB."""

LEAST_TAKEN_DB = 6.0
"""Where less than this is taken out of an echo, it came through. Chosen: in eight rooms 11 dB and
more where the echo was cancelled, also with somebody talking all through the line, and under 1.5
where the delay of the devices had changed."""

SHORTEST_VOICE_S = 0.2
"""A shorter voice over the line is none. Chosen: the shortest "yes" in TIMIT is about 0.2 s."""


def gain_for(level_db: float) -> float:
    """What the sound is multiplied by before voices are looked for in it.

    The detector was made for voices near a microphone; one as loud as the echo may be far quieter.
    """
    gain_db = min(MOST_GAIN_DB, max(0.0, VOICE_DB - level_db))
    return float(10 ** (gain_db / 20))


class OverLine:
    """Follows the microphone and what is played, frame by frame; notes voices when asked to.

    ``canceller`` has nothing on its way through. ``began_s`` is when the first frame begins.
    """

    def __init__(
        self,
        detector: ActivityDetector,
        canceller: EchoCanceller,
        *,
        calibration: Calibration,
        began_s: float,
    ) -> None:
        self.calibration = calibration
        self._detector = detector
        self._canceller = canceller
        self._gain = self._loud = self._room = 0.0
        self.go_by(calibration)
        self._faint_frames = 0
        self._listening = False
        self._forgotten_before = canceller.forgotten
        self._frames: list[_Frame] = []
        self._cleaned: list[npt.NDArray[np.float32]] = []
        self._heard: list[npt.NDArray[np.float32]] = []
        self._rest = np.zeros((3, 0), np.float32)
        self._began_s = began_s
        self._taken = 0
        self._gate = SpeechGate()

    def feed(self, near: npt.NDArray[np.float32], far: npt.NDArray[np.float32]) -> None:
        """Take in what was heard and what was played in the same moments: float32, 16 kHz, (n,)."""
        if self._listening:
            self._heard.append(near)
        cleaned = self._canceller.feed(near, far)
        self._rest = np.hstack(
            [self._rest, np.stack([cleaned.voice, cleaned.echo, cleaned.linear])]
        )
        while self._rest.shape[1] >= FRAME:
            (voice, echo, linear), self._rest = self._rest[:, :FRAME], self._rest[:, FRAME:]
            start_s = self._began_s + self._taken / SPEECH_RATE_HZ
            self._taken += FRAME
            power = _power(voice)
            faint = self._is_faint(power, _power(echo), _power(linear))
            if self._listening:
                self._cleaned.append(linear)
                probability = self._detector.process(np.clip(voice * self._gain, -1.0, 1.0))
                end_s = self._began_s + self._taken / SPEECH_RATE_HZ
                self._frames.append(_Frame(start_s, probability, power))
                self._faint_frames = self._faint_frames + 1 if faint else 0
                closure = self._gate.speaking and self._faint_frames <= CLOSURE_FRAMES
                self._gate.process(0.0 if faint and not closure else probability, start_s, end_s)

    def _is_faint(self, voice: float, echo: float, linear: float) -> bool:
        """Whether this frame is too near the echo's remains, or the room, to be somebody.

        The powers of its cleaned sound, of the echo expected in it, and of what is heard less that.
        """
        if echo > UNSOUNDED * self._loud:
            self._loud += (echo - self._loud) / LOUD_FRAMES
        if linear > 0.0:  # a muted microphone tells nothing of the room
            self._room = min(self._room * ROOM_RISE, linear)
        return voice < max(self._loud / 10 ** (FAINT_DB / 10), self._room * 10 ** (ROOM_DB / 10))

    def listen(self) -> None:
        """Look for voices from here on; forget those found before."""
        self._detector.reset()
        self._gate = SpeechGate()
        self._listening = True
        self._forgotten_before = self._canceller.forgotten
        self._faint_frames = 0
        self._frames, self._cleaned, self._heard = [], [], []

    def rest(self) -> None:
        """Look for no more voices; those that were found stay. The canceller learns on."""
        self._listening = False

    def go_by(self, calibration: Calibration) -> None:
        """Take over new figures of the same way; the delay is left to the canceller."""
        self.calibration = replace(calibration, delay_s=self.calibration.delay_s)
        self._gain = gain_for(calibration.level_db)
        self._loud = float(10 ** (calibration.level_db / 10))
        self._room = float(10 ** (calibration.room_db / 10))

    def came_through(self, played: Callable[[float, float], Audio]) -> bool:
        """Whether what was played since :meth:`listen` is still in the cleaned sound.

        Asked of what was played itself, so that somebody who talks through all of it is not taken
        for it. ``played`` gives what sounded from when on (s) and for how long (s), at 16 kHz.
        """
        if self._canceller.forgotten > self._forgotten_before:
            return True  # the way became another
        duration_s = FRAME * len(self._frames) / SPEECH_RATE_HZ
        if duration_s < MIN_S:
            return False
        sounded = played(self._frames[0].start_s, duration_s)
        left = way_back(sounded, Audio(np.concatenate(self._cleaned), SPEECH_RATE_HZ))
        if not left.audible:
            return False
        heard = way_back(sounded, Audio(np.concatenate(self._heard), SPEECH_RATE_HZ))
        return heard.gain_db - left.gain_db < LEAST_TAKEN_DB

    @property
    def voices(self) -> Timeline:
        """When a voice was heard since :meth:`listen`."""
        return Timeline.of(
            self._begun_softly(span)
            for span in self._gate.timeline
            if span.duration_s >= SHORTEST_VOICE_S
        )

    def _begun_softly(self, voice: Span) -> Span:
        """The voice with its soft first sounds, which are too faint to tell by themselves."""
        first = bisect_left(self._frames, voice.start_s, key=lambda frame: frame.start_s)
        last = bisect_left(self._frames, voice.end_s, key=lambda frame: frame.start_s)
        powers = [frame.power for frame in self._frames[first : max(last, first + 1)]]
        least = np.percentile(powers, LOUD_SHARE) / 10 ** (START_DB / 10)
        start_s, missing = voice.start_s, 0
        for frame in reversed(self._frames[max(0, first - START_FRAMES) : first]):
            if frame.probability >= START_PROBABILITY and frame.power >= least:
                start_s, missing = frame.start_s, 0
            elif missing:
                break
            else:
                missing = 1
        return Span(start_s=start_s, end_s=voice.end_s)


class _Frame(NamedTuple):
    """What was found in a frame while a voice was looked for."""

    start_s: float
    probability: float
    power: float


def _power(samples: npt.NDArray[np.float32]) -> float:
    return float(np.mean(np.square(samples, dtype=np.float64)))
