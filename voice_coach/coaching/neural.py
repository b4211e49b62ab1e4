"""The female neural voice: hibari's bundled one, and hibari's reading of text as phonemes.

The engine ships its model and its dictionaries inside its package; nothing is ever fetched. The
sound depends on the text, the pitch and the pace alone: the noise in it has a fixed seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.metadata import version as package_version
from threading import Lock
from typing import TYPE_CHECKING, Any

from voice_coach.coaching.sound import SOUND_VERSION, finished, with_breaths
from voice_coach.errors import UserError

if TYPE_CHECKING:
    from voice_coach.audio.samples import Audio

BUNDLED_VOICE = "heart"
"""The only voice inside hibari's package; any other name would make hibari download."""

NOISE_SEED = 7
"""Fixed so that a text always sounds the same. Chosen; any number serves."""

ENGINE_THREADS = 1
"""Measured: about 100 times real time on one core, and recognition needs the other."""

BASE_SPEED = 0.88
"""Chosen: at the engine's own pace this voice says 225 words a minute between its pauses."""

_loading = Lock()
_reading = Lock()


def load_faults() -> tuple[type[Exception], ...]:
    """What loading a network raises where its file is missing or damaged."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    return (
        OSError,
        ValueError,
        RuntimeError,
        state.Fail,
        state.InvalidArgument,
        state.InvalidGraph,
        state.InvalidProtobuf,
        state.NoSuchFile,
    )


@cache
def _loaded() -> Any:
    """The engine, loaded on first use (about 0.5 s)."""
    try:
        from hibari import Hibari
    except ImportError as error:
        raise UserError(
            f"The neural voice cannot be loaded ({error}). Install hibari-tts and onnxruntime "
            "again, or choose --voice pyttsx3."
        ) from error
    try:
        return Hibari(voice=BUNDLED_VOICE, threads=ENGINE_THREADS)
    except load_faults() as error:
        raise UserError(
            "The neural voice is damaged. Install hibari-tts again, or choose --voice pyttsx3."
        ) from error


def engine() -> Any:
    """The one hibari engine of this process, loaded at most once, whatever thread asks.

    Raises UserError where the package is missing or damaged.
    """
    with _loading:
        return _loaded()


def phonemes(text: str) -> list[str]:
    """The text as phoneme strings in misaki's alphabet, one for each sentence.

    None where no letter or digit is in it: a network made to read "…" would sigh at random.
    """
    if not any(letter.isalnum() for letter in text):
        return []
    loaded = engine()
    with _reading:  # the reader keeps state while it looks words up
        return list(loaded.phonemize(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartVoice:
    """A woman's voice. ``pitch`` and ``pace`` are factors: 1.06 is six per cent higher, faster."""

    pitch: float = 1.0
    pace: float = 1.0

    @property
    def name(self) -> str:
        """What tells this voice from every other."""
        return f"neural-heart pitch {self.pitch:.3f} pace {self.pace:.3f}"

    @property
    def version(self) -> str:
        """Changes whenever the same text would sound different."""
        return f"hibari {package_version('hibari-tts')} sound {SOUND_VERSION}"

    def render(self, text: str) -> Audio:
        """The text spoken, float32 mono at VOICE_RATE_HZ; empty where there is nothing to say."""
        loaded = engine()
        speed = BASE_SPEED * self.pace / self.pitch
        pieces = [
            loaded.from_phonemes(sentence, speed=speed, seed=NOISE_SEED)
            for sentence in phonemes(text)
        ]
        rate_hz = int(loaded.sample_rate)
        return finished(with_breaths(pieces, rate_hz), rate_hz, pitch=self.pitch)
