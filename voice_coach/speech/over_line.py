"""Who talks while the loudspeaker does: a voice in the microphone's sound less its echo.

::

    played   [~~~~~~~~~~~~~~~~ the partner's line ~~~~~~~~~~~~~~~~)
    heard    [~~~~~~~~~~~ its echo ~~~[#### a voice ####)~~~~~~~~~)
    cleaned                           [#### a voice ####)             voices: when, never what

Only *when* a voice was there is taken from cleaned sound. Its words, pitch and level are not: what
the canceller takes away with the echo is missing from them.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from voice_coach.audio.calibration import Calibration
from voice_coach.audio.canceller import EchoCanceller
from voice_coach.audio.duplex import FRAME
from voice_coach.audio.samples import SPEECH_RATE_HZ
from voice_coach.conversation import Timeline
from voice_coach.speech.activity import ActivityDetector, SpeechGate

VOICE_DB = -30.0
"""The level that a voice as loud as the echo is brought to. Chosen: as people at a laptop sound."""

MOST_GAIN_DB = 20.0
"""And by how much at most: more would make voices of the room's noise. Chosen."""

FAINT_DB = 16.0
"""What is so far under the echo's usual level is left over from it, whatever it sounds like.
Chosen: somebody 10 dB quieter than the echo stays over it in all but the softest sounds."""

CLOSURE_FRAMES = 5
"""So many faint frames in a row, 0.16 s, do not end a voice: the closure of a "t" or "k" is faint
too. Chosen: closures in TIMIT seldom last longer."""

LOUD_FRAMES = 60
"""Frames of echo over which its usual level is taken, 2 s. Chosen."""

UNSOUNDED = 0.001
"""A frame with less than this share of the echo's usual power is a pause in it. Chosen: 30 dB."""

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
        self._gain = gain_for(calibration.level_db)
        self._canceller = canceller
        self._loud = float(10 ** (calibration.level_db / 10))
        self._faint_frames = 0
        self._rest = np.zeros((2, 0), np.float32)
        self._began_s = began_s
        self._taken = 0
        self._gate: SpeechGate | None = None

    def feed(self, near: npt.NDArray[np.float32], far: npt.NDArray[np.float32]) -> None:
        """Take in what was heard and what was played in the same moments: float32, 16 kHz, (n,)."""
        cleaned = self._canceller.feed(near, far)
        self._rest = np.hstack([self._rest, np.stack([cleaned.voice, cleaned.echo])])
        while self._rest.shape[1] >= FRAME:
            (voice, echo), self._rest = self._rest[:, :FRAME], self._rest[:, FRAME:]
            start_s = self._began_s + self._taken / SPEECH_RATE_HZ
            self._taken += FRAME
            faint = self._is_faint(voice, echo)
            if self._gate is not None:
                probability = self._detector.process(np.clip(voice * self._gain, -1.0, 1.0))
                end_s = self._began_s + self._taken / SPEECH_RATE_HZ
                self._faint_frames = self._faint_frames + 1 if faint else 0
                closure = self._gate.speaking and self._faint_frames <= CLOSURE_FRAMES
                self._gate.process(0.0 if faint and not closure else probability, start_s, end_s)

    def _is_faint(self, voice: npt.NDArray[np.float32], echo: npt.NDArray[np.float32]) -> bool:
        """Whether this frame is too far under the echo's usual level to be somebody."""
        echoed = float(np.mean(np.square(echo, dtype=np.float64)))
        if echoed > UNSOUNDED * self._loud:
            self._loud += (echoed - self._loud) / LOUD_FRAMES
        return float(np.mean(np.square(voice, dtype=np.float64))) < self._loud / 10 ** (
            FAINT_DB / 10
        )

    def listen(self) -> None:
        """Look for voices from here on; forget those found before."""
        self._detector.reset()
        self._gate = SpeechGate()

    @property
    def voices(self) -> Timeline:
        """When a voice was heard since :meth:`listen`."""
        if self._gate is None:
            return Timeline()
        spans = self._gate.timeline
        return Timeline.of(span for span in spans if span.duration_s >= SHORTEST_VOICE_S)
