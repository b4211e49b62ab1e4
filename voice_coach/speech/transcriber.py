"""Speech to words, with faster-whisper on the CPU, from a folder of weights; never online.

The model is asked only where a voice was heard, gets no prompt and no text from before, and
what it most likely made up is dropped. It reads windows of at most MAX_WINDOW_S; silences longer
than twice PAD_S are shortened before it sees them, and word times are put back afterwards.
"""

from __future__ import annotations

import functools
import itertools
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio, Sound
from voice_coach.conversation import Span, Timeline, Word
from voice_coach.errors import UserError
from voice_coach.speech.activity import activity_of
from voice_coach.speech.invented import POOR_LOGPROB, REPETITIVE, Doubts, only_said
from voice_coach.speech.models import NEEDED
from voice_coach.speech.windows import MAX_WINDOW_S, source_time_s, windows_of
from voice_coach.speech.word_times import snapped

if TYPE_CHECKING:
    import numpy.typing as npt

BEAM = 1
"""Greedy: a beam of 5 took a quarter longer for 0.2 points fewer word errors (43 files)."""

FRAMES_PER_S = 100
"""Whisper's spectrum: one frame each 10 ms."""

GLIMPSE_WINDOWS = (1000, 2000, 3000)
"""Encoder windows for a glimpse, in frames; 3000 is the full one. Measured on base: 1000 takes a
third of the time for 0.8 points more word errors."""

GLIMPSE_PADDING_S = 4.0
"""Silence after the speech in a glimpse's window: without it the text loops. Chosen."""

MIN_TOKENS = 24
TOKENS_PER_S = 8
"""More text than this is a loop, and need not be read to its end: talk has about four tokens a
second, and a few mark time and punctuation. Chosen."""

AT_ONCE_S = 30.0
"""Whisper reads so much at once; a longer sound in steps, and tokens are counted for each step."""

LOOP_WORDS_PER_S = 5.0
"""Text that repeats itself is read again where it also holds more words than this for a second of
voice; a person who says the same thing slowly means it. Chosen."""

TOGETHER = 8
"""Windows of a long sound that are read at once, as faster-whisper's own batched pipeline does by
default."""

MAX_THREADS = 4
"""More give nothing on models this small, and the sound needs a core. Chosen."""


class Transcriber:
    """Reads speech with the weights in ``model_dir``; they load at the first use or warm_up.

    ``language`` is an ISO 639-1 code, never guessed. Calls come from one thread at a time (see
    ``live``). The first call raises UserError where the folder holds no usable model, or one that
    does not know the language.
    """

    def __init__(self, model_dir: Path, *, language: str = "en", threads: int = 0) -> None:
        self._model_dir = model_dir
        self._language = language
        self._threads = threads or min(MAX_THREADS, os.cpu_count() or 1)

    @property
    def name(self) -> str:
        """The model's name, which is that of its folder."""
        return self._model_dir.name

    @functools.cached_property
    def model(self) -> Any:
        """The library's own model, for benchmarks that compare with it."""
        from faster_whisper import WhisperModel

        missing = [name for name in NEEDED if not (self._model_dir / name).is_file()]
        if missing:
            raise UserError(
                f"There is no whole speech model in {self._model_dir} ({missing[0]} is missing). "
                f"Set one up with `voice-coach models use {self.name}`."
            )
        try:
            model = WhisperModel(
                str(self._model_dir),
                device="cpu",
                compute_type="int8",
                cpu_threads=self._threads,
                local_files_only=True,
            )
        except Exception as error:
            # The tokenizer's library raises bare Exception for a file it cannot read.
            raise UserError(
                f"The speech model {self.name} cannot be loaded. "
                f"Set it up anew with `voice-coach models use {self.name}`."
            ) from error
        if self._language not in model.supported_languages:
            raise UserError(
                f"The model {self.name} does not know the language {self._language!r}. "
                "Use the model base, which knows ninety-nine."
            )
        return model

    @functools.cached_property
    def _tokenizer(self) -> Any:
        from faster_whisper.tokenizer import Tokenizer

        return Tokenizer(
            self.model.hf_tokenizer,
            self.model.model.is_multilingual,
            task="transcribe",
            language=self._language,
        )

    def warm_up(self) -> None:
        """Do the slow first run now, on silence: later ones are quick."""
        self._read_short(np.zeros(SPEECH_RATE_HZ, np.float32), GLIMPSE_WINDOWS[-1])

    def transcribe(
        self,
        sound: Sound,
        activity: Timeline | None = None,
        told: Callable[[float], None] = lambda _: None,
    ) -> tuple[Word, ...]:
        """The words said, times in seconds from the start of this sound.

        ``activity`` says when a voice was heard in it (measured here where not given); where
        none was, the model is not even asked. ``told`` is called with the seconds done.
        """
        if isinstance(sound, Audio):
            sound = sound.at_rate(SPEECH_RATE_HZ)
        heard = activity_of(sound) if activity is None else activity
        words: list[Word] = []
        windows = windows_of(heard, sound.duration_s)
        for first in range(0, len(windows), TOGETHER):
            group = windows[first : first + TOGETHER]
            joined = [_joined(sound, pieces) for pieces in group]
            for pieces, samples, read in zip(group, joined, self._read_all(joined), strict=True):
                words.extend(self._said(sound, pieces, heard, samples, read))
            told(group[-1][-1].end_s)
        return tuple(words)

    def glimpse(self, audio: Audio) -> str:
        """A quick, unsettled reading for the screen; no times, a point or so more word errors.

        Only the last MAX_WINDOW_S of the audio are read.
        """
        sound = audio.at_rate(SPEECH_RATE_HZ)
        samples = sound.samples[-int(MAX_WINDOW_S * SPEECH_RATE_HZ) :]
        needed = (len(samples) / SPEECH_RATE_HZ + GLIMPSE_PADDING_S) * FRAMES_PER_S
        window = next((size for size in GLIMPSE_WINDOWS if size >= needed), GLIMPSE_WINDOWS[-1])
        text, poor = self._read_short(samples, window)
        if poor and window != GLIMPSE_WINDOWS[-1]:
            text, poor = self._read_short(samples, GLIMPSE_WINDOWS[-1])
        return "" if poor else text

    def _said(
        self,
        sound: Sound,
        pieces: Sequence[Span],
        heard: Timeline,
        samples: npt.NDArray[np.float32],
        read: Sequence[Any],
    ) -> tuple[Word, ...]:
        """The words of one window, which is the pieces of the sound one after another."""
        here = Timeline.of(span & piece for span in heard for piece in pieces if span.meets(piece))
        if _loops(read, here):
            read = self._read(samples, no_repeat_ngram_size=4)
        level_db = _level_db(sound, here)
        said: list[Word] = []
        # Parts that were decoded together share one set of doubts, so they are judged together.
        for _, together in itertools.groupby(read, key=lambda part: part.seek):
            parts = list(together)
            words = [
                _word(word, pieces)
                for part in parts
                for word in part.words or ()
                if word.word.strip()
            ]
            doubts = Doubts(
                no_speech_prob=parts[0].no_speech_prob,
                avg_logprob=parts[0].avg_logprob,
                compression_ratio=parts[0].compression_ratio,
                level_db=level_db,
            )
            said.extend(only_said(words, here, doubts))
        return snapped(said, here)

    def _read_all(self, windows: Sequence[npt.NDArray[np.float32]]) -> list[list[Any]]:
        """What is read in each window, times from its own start.

        A window alone is read by itself, and so are all where one is longer than can be read at
        once: the batched pipeline would drop what is over.
        """
        lengths = [len(window) for window in windows]
        if len(windows) < 2 or max(lengths) > AT_ONCE_S * SPEECH_RATE_HZ:
            return [self._read(window) for window in windows]
        from faster_whisper import BatchedInferencePipeline

        edges = [0, *itertools.accumulate(lengths)]
        parts, _ = BatchedInferencePipeline(self.model).transcribe(
            np.concatenate(windows),
            # Half a sample more, since the library rounds down.
            clip_timestamps=[
                {"start": (start + 0.5) / SPEECH_RATE_HZ, "end": (end + 0.5) / SPEECH_RATE_HZ}
                for start, end in itertools.pairwise(edges)
            ],
            batch_size=len(windows),
            **self._options(max(lengths) / SPEECH_RATE_HZ),
        )
        starts_s = [start / SPEECH_RATE_HZ for start in edges[:-1]]
        by_seek = {int(start_s * FRAMES_PER_S): at for at, start_s in enumerate(starts_s)}
        read: list[list[Any]] = [[] for _ in windows]
        for part in parts:
            at = by_seek[part.seek]
            read[at].append(_earlier(part, starts_s[at]))
        return read

    def _read(self, samples: npt.NDArray[np.float32], **options: Any) -> list[Any]:
        parts, _ = self.model.transcribe(
            samples, **self._options(len(samples) / SPEECH_RATE_HZ), **options
        )
        return list(parts)

    def _options(self, longest_s: float) -> dict[str, Any]:
        """How the library is asked to read up to so many seconds."""
        return {
            "language": self._language,
            "beam_size": BEAM,
            "temperature": 0.0,
            "condition_on_previous_text": False,
            "word_timestamps": True,
            "max_new_tokens": _most_tokens(longest_s),
        }

    def _read_short(self, samples: npt.NDArray[np.float32], frames: int) -> tuple[str, bool]:
        """Text read in a window of so many frames, and whether it is not to be trusted."""
        from faster_whisper.transcribe import get_compression_ratio

        features = self.model.feature_extractor(samples)[:, :frames]
        padded = np.pad(features, ((0, 0), (0, frames - features.shape[1])))
        seconds = len(samples) / SPEECH_RATE_HZ
        prompt = [*self._tokenizer.sot_sequence, self._tokenizer.no_timestamps]
        limit = _most_tokens(seconds)
        result = self.model.model.generate(
            self.model.encode(padded),
            [prompt],
            beam_size=1,
            max_length=len(prompt) + limit,
            return_scores=True,
        )[0]
        tokens = result.sequences_ids[0]
        text = self._tokenizer.decode(tokens).strip()
        logprob = result.scores[0] * len(tokens) / (len(tokens) + 1)
        poor = (
            logprob < POOR_LOGPROB
            or len(tokens) >= limit
            or (bool(text) and get_compression_ratio(text) > REPETITIVE)
        )
        return text, poor


def _most_tokens(duration_s: float) -> int:
    """Tokens to read at most in a step; never near the 448 that Whisper takes with its prompt."""
    return MIN_TOKENS + round(TOKENS_PER_S * min(duration_s, AT_ONCE_S))


def _joined(sound: Sound, pieces: Sequence[Span]) -> npt.NDArray[np.float32]:
    return np.concatenate([sound.between(piece.start_s, piece.end_s).samples for piece in pieces])


def _earlier(part: Any, by_s: float) -> Any:
    """One of the library's parts with its words so much earlier."""
    words = [
        replace(word, start=word.start - by_s, end=word.end - by_s) for word in part.words or ()
    ]
    return replace(part, words=words)


def _word(word: Any, pieces: Sequence[Span]) -> Word:
    """The library's word as ours, its times put back from the joined pieces to the sound."""
    start_s = source_time_s(pieces, float(word.start))
    end_s = source_time_s(pieces, float(word.end))
    return Word(
        text=word.word.strip(),
        span=Span(start_s=start_s, end_s=max(start_s, end_s)),
        probability=min(1.0, max(0.0, float(word.probability))),
    )


def _loops(read: Sequence[Any], heard: Timeline) -> bool:
    """Whether the text repeats itself, and faster than a person would."""
    count = sum(len(part.words or ()) for part in read)
    return (
        any(part.compression_ratio > REPETITIVE for part in read)
        and count > LOOP_WORDS_PER_S * heard.duration_s
    )


def _level_db(sound: Sound, heard: Timeline) -> float:
    """Level of the voice only: the silence around it says nothing of how loud it was."""
    voiced = [sound.between(span.start_s, span.end_s) for span in heard]
    return Audio.joined(voiced).level_db if voiced else Audio.silence(0).level_db
