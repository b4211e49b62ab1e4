r"""Fillers heard in the sound: what Whisper hears of an "um" before it decides not to write it.

::

    sound      I was   uuhm   late
    encoder    ........#####......      one vector of what is heard each 20 ms
    classes    ........#####......      none, uh, um or hum: a linear classifier on the vector
    fillers            [um)             runs that are likely enough and long enough

Whisper's decoder leaves fillers out because subtitles do; its encoder hears them like any sound.
So the encoder of the smallest model reads the reply once more, and a linear classifier, learnt from
speech made with the program's own voices (training/hesitations.py), tells what each moment is.
Voices and rooms differ little in the encoder's terms, which is why a few synthetic voices suffice.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.conversation import Filler, Span, Timeline
from voice_coach.speech.transcriber import FRAMES_PER_S, Transcriber

if TYPE_CHECKING:
    import numpy.typing as npt

MODEL = "tiny.en"
"""Whose encoder the classifier was learnt on; it comes with the program."""

THREADS = 1
"""It works beside the recogniser, which needs the other core. Chosen."""

STEP_S = 0.02
"""Between two vectors of Whisper's encoder."""
WINDOW = 1000
"""Frames of the spectrum read at once, 10 s: the encoder's work grows faster than its window."""
MARGIN = 100
"""Frames read on either side of what is used, so that each moment is heard in context. Chosen."""
BESIDE_S = 0.1
"""A filler so near to the reply belongs to it: the times of both err by about so much. Chosen."""
SMOOTHING = 5
"""Steps over which the probabilities are averaged, 0.1 s. Chosen."""
STILL_LIKELY = 0.3
"""Probability under which a filler has not begun, or is over. Chosen."""
SURE = 0.65
"""Mean probability from its begin to its end that makes a filler: the best F1 on speech in our own
voices, in folds (training/hesitations.py)."""
SHORTEST_S = 0.12
"""Anything shorter is a syllable of a word. Chosen."""
LEARNT = Path(__file__).with_name("hesitations.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Classifier:
    """A linear classifier of moments.

    ``names`` are the classes, the first "" for what is no filler; ``weights`` has shape
    (classes, dim), ``bias`` (classes,).
    """

    names: tuple[str, ...]
    weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]

    def probabilities(self, heard: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Vectors of shape (n, dim) to the probability of each class, shape (n, classes)."""
        scores = heard @ self.weights.T + self.bias
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)


@cache
def shipped() -> Classifier:
    """The classifier that comes with the program."""
    held = json.loads(LEARNT.read_text(encoding="utf-8"))
    return Classifier(
        names=tuple(held["names"]),
        weights=np.array(held["weights"], np.float32),
        bias=np.array(held["bias"], np.float32),
    )


class HesitationEar:
    """Hears fillers with the encoder of MODEL.

    ``model_dir`` gives the folder of its weights; it is asked, and they load, at the first use,
    which raises UserError where they cannot.
    """

    def __init__(self, model_dir: Callable[[], Path]) -> None:
        self._model_dir = model_dir

    @cached_property
    def _model(self) -> Any:
        return Transcriber(self._model_dir(), threads=THREADS).model

    def warm_up(self) -> None:
        """Load now, and do the slow first run."""
        encoded(self._model, np.zeros(SPEECH_RATE_HZ, np.float32))

    def fillers(self, audio: Audio, activity: Timeline) -> tuple[Filler, ...]:
        """The fillers in a reply, in order, times from the start of the audio.

        ``activity`` is when a voice was heard in it; nothing before its first and after its last
        moment counts, give or take BESIDE_S.
        """
        hull = activity.hull
        if hull is None:
            return ()
        reach_s = MARGIN / FRAMES_PER_S
        start_s = max(0.0, hull.start_s - reach_s)
        sound = audio.between(start_s, hull.end_s + reach_s).at_rate(SPEECH_RATE_HZ)
        if not len(sound):
            return ()
        heard = encoded(self._model, sound.samples)
        reply = Span(start_s=hull.start_s - BESIDE_S, end_s=hull.end_s + BESIDE_S)
        found = (each.shifted(start_s) for each in runs(shipped(), heard))
        return tuple(each for each in found if each.span.meets(reply))


def encoded(model: Any, samples: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """What Whisper's encoder hears: samples (n,) at 16 kHz to vectors (n ÷ 320, dim)."""
    from faster_whisper.audio import pad_or_trim

    spectrum = model.feature_extractor(samples)
    count = len(samples) * FRAMES_PER_S // SPEECH_RATE_HZ
    parts: list[npt.NDArray[np.float32]] = []
    at = 0
    while at < count:
        first = max(0, at - MARGIN)
        last = first + WINDOW
        window = pad_or_trim(spectrum[:, first : min(last, count)], WINDOW)
        vectors = np.asarray(model.encode(window), np.float32)[0]
        until = count if last >= count else last - MARGIN
        parts.append(vectors[(at - first) // 2 : (until - first) // 2])
        at = until
    return np.concatenate(parts) if parts else np.zeros((0, 1), np.float32)


def runs(
    classifier: Classifier, heard: npt.NDArray[np.float32], *, sure: float = SURE
) -> tuple[Filler, ...]:
    """The fillers in vectors of shape (n, dim), STEP_S apart, times from the first."""
    if len(heard) < SMOOTHING:
        return ()
    probabilities = classifier.probabilities(heard)
    kernel = np.ones(SMOOTHING) / SMOOTHING
    filler = np.convolve(1.0 - probabilities[:, 0], kernel, mode="same")
    found: list[Filler] = []
    for start, end in _stretches(filler):
        if (end - start) * STEP_S < SHORTEST_S or filler[start:end].mean() < sure:
            continue
        kind = int(probabilities[start:end, 1:].mean(axis=0).argmax())
        span = Span(start_s=start * STEP_S, end_s=end * STEP_S)
        found.append(Filler(text=classifier.names[kind + 1], span=span, found="sound"))
    return tuple(found)


def _stretches(likely: npt.NDArray[np.float64]) -> list[tuple[int, int]]:
    """Steps [start, end) that stay over STILL_LIKELY."""
    over = np.concatenate([[False], likely >= STILL_LIKELY, [False]])
    edges = np.flatnonzero(np.diff(over.astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
