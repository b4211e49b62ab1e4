r"""When a voice is heard: a probability for each frame of 32 ms, and the spans they make.

::

    probability   __/~~~\_/~~~~\______/~~~\__      Silero, one number a frame
    gate             [---------)      [---)        hysteresis: on at ONSET, off under OFFSET
    spans           [--------)       [--)          edges moved by what the detector lags behind

Conventions: frames follow each other without a gap; all times in seconds.
Reference for the detector: Silero VAD v6, MIT, as it ships with faster-whisper.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from voice_coach.audio.duplex import FRAME, FRAME_S
from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio, Sound
from voice_coach.conversation import Span, Timeline
from voice_coach.speech.packaged import packaged_session

if TYPE_CHECKING:
    import numpy.typing as npt

ONSET = 0.5
"""Probability at which speech begins. Silero's own default."""

OFFSET = 0.35
"""Probability under which speech stops. Silero's own default, ONSET - 0.15."""

MIN_SPEECH_S = 0.1
"""Shorter bursts are clicks and breaths. Chosen: the shortest "yes" in TIMIT is about 0.2 s."""

MIN_SILENCE_S = 0.1
"""Shorter dips are closures inside words. Chosen: stop closures last under 0.1 s."""

ONSET_LAG_S = 0.03
"""Taken off the gate's onset, which comes later than the hand-set one: by 0.028 s, median of 80
TIMIT sentences in a row (benchmarks/ends.py). Silero's own padding before speech is as long."""

OFFSET_LAG_S = 0.06
"""Taken off the gate's offset, which comes later than the hand-set one: by 0.059 s, median of 80
TIMIT files."""

_CONTEXT_SAMPLES = 64
_STATE_SHAPE = (1, 1, 128)
_BATCH_FRAMES = 1000


@functools.cache
def _session() -> Any:
    """The network, loaded once; it holds no state, so threads may share it."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = 1
    options.intra_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    return packaged_session(
        "faster_whisper",
        "assets",
        "silero_vad_v6.onnx",
        missing="The speech detector that comes with faster-whisper is missing. "
        "Install it anew: pip install --force-reinstall faster-whisper",
        options=options,
    )


class ActivityDetector:
    """The probability that a voice is heard, frame by frame; remembers the frames before."""

    def __init__(self) -> None:
        self._session = _session()
        self.reset()

    def reset(self) -> None:
        """Forget the frames before: the next one begins another recording."""
        self._hidden = np.zeros(_STATE_SHAPE, np.float32)
        self._cell = np.zeros(_STATE_SHAPE, np.float32)
        self._context = np.zeros(_CONTEXT_SAMPLES, np.float32)

    def process(self, frame: npt.NDArray[np.float32]) -> float:
        """Probability of speech, 0 to 1, in the next frame: float32 of shape (512,), 16 kHz.

        Raises ValueError for another shape.
        """
        if frame.shape != (FRAME,):
            raise ValueError(f"a frame has shape ({FRAME},), got {frame.shape}")
        return float(self.process_all(frame[np.newaxis])[0])

    def process_all(self, frames: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """The same for the next n frames at once: shape (n, 512) in, shape (n,) out."""
        if frames.ndim != 2 or frames.shape[1] != FRAME:
            raise ValueError(f"frames have shape (n, {FRAME}), got {frames.shape}")
        if not len(frames):
            return np.zeros(0, np.float32)
        # The network sees the last 64 samples of the frame before in front of each frame.
        tails = np.vstack([self._context, frames[:-1, -_CONTEXT_SAMPLES:]])
        probabilities, self._hidden, self._cell = self._session.run(
            None,
            {"input": np.hstack([tails, frames]), "h": self._hidden, "c": self._cell},
        )
        self._context = frames[-1, -_CONTEXT_SAMPLES:].copy()
        return np.clip(np.asarray(probabilities, np.float32).reshape(-1), 0.0, 1.0)


class SpeechGate:
    """Frame probabilities to spans of speech, one frame at a time. Reads no clock."""

    def __init__(self) -> None:
        self._closed: list[Span] = []
        self._burst: Span | None = None
        self._dipped = False

    @property
    def speaking(self) -> bool:
        """Whether the latest burst is long enough to be speech and has not died away."""
        return self._burst is not None and _is_speech(self._burst)

    @property
    def undecided(self) -> bool:
        """Whether a burst has begun that may yet turn out to be a click."""
        return self._burst is not None and not _is_speech(self._burst)

    @property
    def timeline(self) -> Timeline:
        """All speech so far, the running burst included, edges corrected for lag."""
        bursts = [*self._closed]
        if self._burst is not None and _is_speech(self._burst):
            bursts.append(self._burst)
        return Timeline.of(_without_lag(burst) for burst in bursts)

    @property
    def last_speech(self) -> Span | None:
        """The latest span of speech, edges corrected for lag."""
        if self._burst is not None and _is_speech(self._burst):
            return _without_lag(self._burst)
        return _without_lag(self._closed[-1]) if self._closed else None

    def process(self, probability: float, start_s: float, end_s: float) -> None:
        """Take in the next frame."""
        if self._burst is None:
            if probability >= ONSET:
                self._burst = Span(start_s=start_s, end_s=end_s)
                self._dipped = False
        elif probability >= (ONSET if self._dipped else OFFSET):
            self._burst = Span(start_s=self._burst.start_s, end_s=end_s)
            self._dipped = False
        else:
            self._dipped = True
            if end_s - self._burst.end_s >= MIN_SILENCE_S:
                if _is_speech(self._burst):
                    self._closed.append(self._burst)
                self._burst = None


def _is_speech(burst: Span) -> bool:
    return burst.duration_s >= MIN_SPEECH_S


def _without_lag(burst: Span) -> Span:
    return Span(start_s=burst.start_s - ONSET_LAG_S, end_s=burst.end_s - OFFSET_LAG_S)


def spans_of(
    probabilities: Iterable[float], *, frame_s: float = FRAME_S, start_s: float = 0.0
) -> Timeline:
    """The spans of speech in a row of frame probabilities; the first frame begins at start_s."""
    gate = SpeechGate()
    for index, probability in enumerate(probabilities):
        gate.process(probability, start_s + index * frame_s, start_s + (index + 1) * frame_s)
    spoken = gate.timeline
    if not spoken.hull:
        return spoken
    return spoken.within(Span(start_s=start_s, end_s=spoken.hull.end_s))


def activity_of(sound: Sound) -> Timeline:
    """When a voice is heard in this sound, of any rate; times from its start."""
    detector = ActivityDetector()
    probabilities: list[npt.NDArray[np.float32]] = []
    if isinstance(sound, Audio):
        sound = sound.at_rate(SPEECH_RATE_HZ)
    step_s = _BATCH_FRAMES * FRAME_S
    for step in range(math.ceil(sound.duration_s / step_s)):
        part = sound.between(step * step_s, (step + 1) * step_s).samples
        padded = np.pad(part, (0, -len(part) % FRAME))
        probabilities.append(detector.process_all(padded.reshape(-1, FRAME)))
    row = np.concatenate(probabilities) if probabilities else np.zeros(0, np.float32)
    return spans_of(row.tolist()).within(Span(start_s=0.0, end_s=sound.duration_s))
