"""Learn what an "um" sounds like to Whisper's encoder, from speech this project makes itself.

    python training/hesitations.py

makes speech that hesitates (below), reads it with the encoder of the smallest model, fits a linear
classifier to the moments and writes voice_coach/speech/hesitations.json. It prints how well fillers
are found in sentences that took no part. About five minutes on one core; scikit-learn is needed
here only. Nothing recorded from a person is in it.

The speech: a sentence of the corpus is cut between words, and a filler, spoken on its own, is put
into the cut, with silence about it or none. So it is known to the sample when it was said. There
are two voices; pitch and formants moved together make them twelve, and level, noise and echo vary.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.coaching.joe import JoeVoice
from voice_coach.coaching.neural import HeartVoice
from voice_coach.conversation import Filler, Span
from voice_coach.speech.hesitations import LEARNT, MODEL, STEP_S, Classifier, encoded, runs
from voice_coach.speech.models import ensure_model
from voice_coach.speech.transcriber import Transcriber

sys.path.insert(0, str(Path(__file__).parent))
from corpus import read_all, split_of

if TYPE_CHECKING:
    import numpy.typing as npt

    Samples = npt.NDArray[np.float32]

FILLERS = {"um": "um", "erm": "um", "uh": "uh", "er": "uh", "hmm": "hmm", "mm": "hmm"}
"""What is said, and the class that it is learnt as."""
OFTEN = ("um", "um", "um", "uh", "uh", "uh", "er", "erm", "hmm", "mm")
"""Um and uh far above the rest, as people say them."""
LOOKALIKES = (
    *"uh-huh mm-hm a the I'm her am and so oh of up but".split(),
    *"all well mine on no in mum long none".split(),
    "ha ha ha",
    "ha ha",
    "ah ha ha ha",
)
"""Said alone and drawn out they sound nearly like a filler, and are none; nor is laughter."""
NAMES = ("", "uh", "um", "hmm")
VOICES = ("heart", "joe")
PITCHES = (0.82, 0.9, 0.97, 1.03, 1.1, 1.2)
PACES = (0.85, 1.0, 1.15)
DRAWN_OUT = (0.4, 0.5, 0.6, 0.75, 0.9)
"""Pace of a filler: at 0.4 an "um" lasts about 0.8 s."""
WORDS = range(4, 17)
SHARE_FILLED, SHARE_LOOKALIKE, SHARE_ECHO = 0.75, 0.5, 0.5
TRIM_DB = 35.0
TRIM_FRAME = 80
FADE = 160
BORDER = 2
"""Moments this near a filler's edge are not learnt from: both sounds are in them."""
TRAIN = 300
FOLDS = 3
THIN = 3
"""Of the moments without a filler one in so many is learnt from: they are alike and far more."""
PENALTY = 0.003
"""scikit-learn's C. Chosen, and not tuned."""
ITERATIONS = 60
"""More change no figure, only the size of the weights. Chosen."""
SURES = (0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8)
"""Thresholds that are tried for hesitations.SURE."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hesitant:
    """A sound at 16 kHz with its fillers, times in seconds from its start."""

    sound: Audio
    fillers: tuple[Filler, ...]


@cache
def said(voice: str, text: str, pace: float, pitch: float) -> Samples:
    """The text in a voice, 16 kHz, without the silence at its edges."""
    speaker: HeartVoice | JoeVoice
    speaker = (
        HeartVoice(pace=pace, pitch=pitch) if voice == "heart" else JoeVoice(pace=pace, pitch=pitch)
    )
    samples: Samples = speaker.render(text).at_rate(SPEECH_RATE_HZ).samples
    frames = samples[: len(samples) // TRIM_FRAME * TRIM_FRAME].reshape(-1, TRIM_FRAME)
    levels = 10 * np.log10(np.mean(frames.astype(np.float64) ** 2, axis=1) + 1e-12)
    loud = np.flatnonzero(levels > levels.max(initial=-120.0) - TRIM_DB)
    return samples[loud[0] * TRIM_FRAME : (loud[-1] + 1) * TRIM_FRAME] if len(loud) else samples[:0]


def faded(samples: Samples, gain_db: float = 0.0) -> Samples:
    """Louder by so much, with edges that do not click."""
    size = min(FADE, len(samples) // 2)
    ramp = np.linspace(0.0, 1.0, size, dtype=np.float32)
    out = samples * np.float32(10 ** (gain_db / 20))
    out[:size] *= ramp
    out[len(out) - size :] *= ramp[::-1]
    return out


def silence(seconds: float) -> Samples:
    """Exact zeros."""
    return np.zeros(round(seconds * SPEECH_RATE_HZ), np.float32)


def beside_s(draw: random.Random) -> float:
    """The silence beside a filler, seconds: often none."""
    return draw.choice((0.0, 0.0, draw.uniform(0.02, 0.15), draw.uniform(0.15, 0.9)))


class Tape:
    """Sounds put one after another, and the fillers among them."""

    def __init__(self) -> None:
        self.pieces: list[Samples] = []
        self.fillers: list[Filler] = []
        self.length = 0

    def add(self, piece: Samples) -> None:
        """Put a sound at the end."""
        self.pieces.append(piece)
        self.length += len(piece)

    def hesitate(self, voice: str, pitch: float, draw: random.Random, *, twice: float) -> None:
        """A filler with its silences, now and then two in a row."""
        self.add(silence(beside_s(draw)))
        for _ in range(1 + (draw.random() < twice)):
            word = draw.choice(OFTEN)
            if voice == "joe" and word == "mm":  # this network cannot hum
                word = "hmm"
            piece = said(voice, word, draw.choice(DRAWN_OUT), pitch)
            start_s = self.length / SPEECH_RATE_HZ
            self.add(faded(piece, draw.uniform(-10.0, 0.0)))
            span = Span(start_s=start_s, end_s=self.length / SPEECH_RATE_HZ)
            self.fillers.append(Filler(text=FILLERS[word], span=span, found="sound"))
            self.add(silence(beside_s(draw)))


def hesitant(sentence: str, voice: str, draw: random.Random) -> Hesitant:
    """The sentence in that voice, with up to three places to hesitate, in a room of chance."""
    words = sentence.split()
    pitch, pace = draw.choice(PITCHES), draw.choice(PACES)
    count = draw.choice((1, 1, 2, 3)) if draw.random() < SHARE_FILLED else 0
    cuts = [(cut, True) for cut in draw.sample(range(len(words)), count)]
    if draw.random() < SHARE_LOOKALIKE:
        cuts.append((draw.randrange(len(words) + 1), False))
    tape = Tape()
    tape.add(silence(draw.uniform(0.2, 0.8)))
    at = 0
    for cut, filler in [*sorted(cuts), (len(words), None)]:
        if cut > at:
            tape.add(faded(said(voice, " ".join(words[at:cut]), pace, pitch)))
            at = cut
        if filler:
            tape.hesitate(voice, pitch, draw, twice=0.2)
        elif filler is False:
            tape.add(silence(beside_s(draw)))
            tape.add(faded(said(voice, draw.choice(LOOKALIKES), draw.choice(DRAWN_OUT), pitch)))
            tape.add(silence(beside_s(draw)))
    tape.add(silence(draw.uniform(0.2, 0.6)))
    samples = in_a_room(np.concatenate(tape.pieces), draw)
    return Hesitant(sound=Audio(samples, SPEECH_RATE_HZ), fillers=tuple(tape.fillers))


def in_a_room(samples: Samples, draw: random.Random) -> Samples:
    """At a level of chance, over noise, and one time in two with an echo that dies away."""
    dice = np.random.default_rng(draw.randrange(1 << 30))
    out: npt.NDArray[np.float64] = samples.astype(np.float64)
    if draw.random() < SHARE_ECHO:
        decay_s = draw.uniform(0.05, 0.25)
        times_s = np.arange(round(2 * decay_s * SPEECH_RATE_HZ)) / SPEECH_RATE_HZ
        tail = dice.standard_normal(len(times_s)) * np.exp(-3 * times_s / decay_s)
        tail *= draw.uniform(0.1, 0.5) / np.sqrt(np.sum(tail**2))
        tail[0] = 1.0
        out = np.convolve(out, tail)[: len(out)]
    level = np.sqrt(np.mean(out**2)) + 1e-9
    out += pink(len(out), dice) * level * 10 ** (-draw.uniform(15, 45) / 20)
    out = np.clip(out / level * 10 ** (draw.uniform(-38, -18) / 20), -1, 1)
    return np.asarray(out, np.float32)


def pink(count: int, dice: np.random.Generator) -> npt.NDArray[np.float64]:
    """Noise of equal power in each octave, deviation 1."""
    spectrum = np.fft.rfft(dice.standard_normal(count))
    noise = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 20.0)), count)
    return np.asarray(noise / np.std(noise), np.float64)


def sentences(split: str) -> list[str]:
    """Replies of the corpus that are short enough to be said in one breath."""
    return [
        reply.text
        for reply in read_all()
        if reply.style == "clean"
        and split_of(reply.line) == split
        and len(reply.text.split()) in WORDS
    ]


def many(
    texts: Sequence[str], count: int, seed: int, voices: Sequence[str] = VOICES
) -> list[Hesitant]:
    """So many hesitant sentences, the voices in turn; the same for the same seed."""
    draw = random.Random(seed)
    return [hesitant(draw.choice(texts), voices[at % len(voices)], draw) for at in range(count)]


def labels(each: Hesitant, count: int) -> npt.NDArray[np.int64]:
    """The class of each of so many moments; -1 where it is on a border."""
    out = np.zeros(count, np.int64)
    for filler in each.fillers:
        start, end = (round(s / STEP_S) for s in (filler.span.start_s, filler.span.end_s))
        out[max(0, start - BORDER) : end + BORDER] = -1
        out[start + BORDER : max(start + BORDER, end - BORDER)] = NAMES.index(filler.text)
    return out


def fit(heard: Sequence[npt.NDArray[np.float32]], speech: Sequence[Hesitant]) -> Classifier:
    """The classifier of the moments of this speech, as the encoder hears them."""
    from sklearn.linear_model import LogisticRegression

    truth = np.concatenate(
        [labels(each, len(vectors)) for each, vectors in zip(speech, heard, strict=True)]
    )
    known = (truth > 0) | ((truth == 0) & (np.arange(len(truth)) % THIN == 0))
    model = LogisticRegression(C=PENALTY, max_iter=ITERATIONS)
    model.fit(np.concatenate(heard)[known], truth[known])
    return Classifier(
        names=NAMES,
        weights=model.coef_.astype(np.float32).round(4),
        bias=model.intercept_.astype(np.float32).round(4),
    )


def matched(truth: Sequence[Filler], found: Sequence[Filler]) -> int:
    """How many found ones touch one that was said, each used once."""
    left = list(truth)
    for each in found:
        twin = next((other for other in left if other.span.meets(each.span)), None)
        if twin is not None:
            left.remove(twin)
    return len(truth) - len(left)


def show(name: str, truth: Sequence[Sequence[Filler]], found: Sequence[Sequence[Filler]]) -> None:
    """Print how well the fillers of some sounds were found."""
    hits = sum(matched(said_, ours) for said_, ours in zip(truth, found, strict=True))
    said_count, ours_count = sum(map(len, truth)), sum(map(len, found))
    precision, recall = hits / max(1, ours_count), hits / max(1, said_count)
    f1 = 2 * hits / max(1, said_count + ours_count)
    print(
        f"  {name:28}{said_count:4} said: precision {precision:.3f} recall {recall:.3f} F1 {f1:.3f}"
    )


def encoder() -> Any:
    """The model whose encoder is used."""
    with tempfile.TemporaryDirectory() as folder:
        return Transcriber(ensure_model(MODEL, Path(folder)), threads=1).model


def main() -> None:
    """Make, listen, fit, measure, write."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--train", type=int, default=TRAIN)
    options.add_argument("--dry", action="store_true", help="measure only, write nothing")
    asked = options.parse_args()
    model = encoder()
    speech = many(sentences("train"), asked.train, seed=1)
    measure_and_write(speech, [encoded(model, each.sound.samples) for each in speech], asked.dry)


def measure_and_write(
    speech: Sequence[Hesitant], heard: Sequence[npt.NDArray[np.float32]], dry: bool
) -> None:
    """Print F1 in folds and for a voice that was not learnt from; then fit to all of it."""
    folds = {f"fold {n}": [at % FOLDS == n for at in range(len(speech))] for n in range(FOLDS)}
    voices = {
        f"{voice} not learnt from": [at % len(VOICES) == n for at in range(len(speech))]
        for n, voice in enumerate(VOICES)
    }
    apart = {
        name: fit(
            [each for each, out in zip(heard, held, strict=True) if not out],
            [each for each, out in zip(speech, held, strict=True) if not out],
        )
        for name, held in (folds | voices).items()
    }
    for sure in SURES:
        print(f"sure {sure}")
        for kind, sets in (("in folds", folds), *((name, {name: voices[name]}) for name in voices)):
            truth, found = [], []
            for name, held in sets.items():
                for each, vectors, out in zip(speech, heard, held, strict=True):
                    if out:
                        truth.append(each.fillers)
                        found.append(runs(apart[name], vectors, sure=sure))
            show(kind, truth, found)
    classifier = fit(heard, speech)
    if not dry:
        told = {
            "model": MODEL,
            "names": classifier.names,
            "bias": [round(float(each), 4) for each in classifier.bias],
            "weights": [[round(float(w), 4) for w in row] for row in classifier.weights],
        }
        LEARNT.write_text(json.dumps(told, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
