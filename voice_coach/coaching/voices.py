"""Who speaks: a voice of their own for each partner, one for the coach, and speaking by sentences.

Importing this is cheap; a voice's engine loads when it first renders.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, get_args

import numpy as np

from voice_coach.audio.samples import Audio
from voice_coach.coaching.sound import BREATH_S, VOICE_RATE_HZ
from voice_coach.errors import UserError

if TYPE_CHECKING:
    from voice_coach.coaching.voice_cache import VoiceCache

Sex = Literal["female", "male"]
Engine = Literal["neural", "pyttsx3", "silent"]
ENGINES: tuple[Engine, ...] = get_args(Engine)

FEMALE_PITCHES = (0.97, 1.0, 1.03, 1.06)
MALE_PITCHES = (0.94, 0.97, 1.0, 1.03, 1.06)
PACES = (0.96, 1.0, 1.04)
"""What tells two partners of one sex apart. Chosen: beyond 6 % a voice sounds treated; the lowest
woman's voice stays 15 % above the coach."""

COACH_PITCH = 0.84
COACH_PACE = 0.97
"""The coach is the woman's voice, clearly lower and a little slower: apart from every partner of
either sex, and no second engine to load for a woman's scenario. Chosen."""

LETTER_S = 0.076
REST_S = 0.25
DIGIT_LETTERS = 4
"""A line lasts LETTER_S for each letter and REST_S for each mark at which a speaker rests; a digit
is read like four letters. Fitted to the coach's neural voice, the slowest."""

MAX_SENTENCE_CHARS = 220
"""Longer sentences are cut at a comma, so that speaking starts soon. Chosen."""

ABBREVIATIONS = frozenset(
    "mr. mrs. ms. dr. prof. st. jr. sr. vs. etc. e.g. i.e. a.m. p.m. no. approx.".split()
)

_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)\]]*$")


class Voice(Protocol):
    """Somebody who can speak a text."""

    @property
    def name(self) -> str:
        """What tells this voice from every other."""

    @property
    def version(self) -> str:
        """Changes whenever the same text would sound different."""

    def render(self, text: str) -> Audio:
        """The text spoken: float32 mono at VOICE_RATE_HZ, speech near -20 dBFS, edges trimmed.

        Empty where there is nothing to say. Raises UserError where the engine cannot speak.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentVoice:
    """Says nothing, for as long as saying it would take, so that the timing stays true."""

    name: str = "silent"
    version: str = "1"

    def render(self, text: str) -> Audio:
        """Exact silence of spoken_duration_s(text), at VOICE_RATE_HZ."""
        return Audio.silence(spoken_duration_s(text), VOICE_RATE_HZ)


def voice_for(partner: str, sex: Sex, engine: Engine, *, scratch: Path | None = None) -> Voice:
    """The partner's voice: by sex, with small differences that their name always gives again.

    ``scratch`` is a private folder for the sound files that pyttsx3 makes on the way; by default
    the system's. Raises UserError for an engine that does not exist. Loads nothing yet.
    """
    drawn = hashlib.sha256(partner.strip().casefold().encode()).digest()
    pitches = FEMALE_PITCHES if sex == "female" else MALE_PITCHES
    pitch, pace = pitches[drawn[0] % len(pitches)], PACES[drawn[1] % len(PACES)]
    if _checked(engine) == "silent":
        return SilentVoice()
    if engine == "pyttsx3":
        from voice_coach.coaching.platform_voice import PlatformVoice

        return PlatformVoice(speaker=sex, pitch=pitch, pace=pace, scratch=scratch)
    if sex == "male":
        from voice_coach.coaching.joe import JoeVoice

        return JoeVoice(pitch=pitch, pace=pace)
    from voice_coach.coaching.neural import HeartVoice

    return HeartVoice(pitch=pitch, pace=pace)


def coach_voice(engine: Engine, *, scratch: Path | None = None) -> Voice:
    """The voice that reads settings and gives feedback, unlike any partner's.

    Raises UserError for an engine that does not exist. Loads nothing yet.
    """
    if _checked(engine) == "silent":
        return SilentVoice()
    if engine == "pyttsx3":
        from voice_coach.coaching.platform_voice import PlatformVoice

        return PlatformVoice(speaker="coach", scratch=scratch)
    from voice_coach.coaching.neural import HeartVoice

    return HeartVoice(pitch=COACH_PITCH, pace=COACH_PACE)


def _checked(engine: Engine) -> Engine:
    if engine not in ENGINES:
        raise UserError(f"There is no voice {engine!r}. Choose one of: {', '.join(ENGINES)}.")
    return engine


def sentences(text: str) -> tuple[str, ...]:
    """The text's sentences in order, blanks joined; very long ones cut at commas.

    Joined by single blanks they are the text again.
    """
    found: list[list[str]] = [[]]
    words = text.split()
    for word, following in zip_longest(words, words[1:], fillvalue=""):
        found[-1].append(word)
        if _ends_sentence(word, following):
            found.append([])
    return tuple(piece for sentence in found if sentence for piece in _cut(" ".join(sentence)))


def _ends_sentence(word: str, following: str) -> bool:
    if not _SENTENCE_END.search(word) or following[:1].islower():
        return False
    bare = word.lstrip("\"'“‘([")
    lone_initial = len(bare) == 2 and bare[0].isupper() and bare[0] != "I" and bare[1] == "."
    return bare.lower() not in ABBREVIATIONS and not lone_initial


def _cut(sentence: str) -> Iterator[str]:
    """The sentence, cut after the last comma that keeps each piece short enough."""
    while len(sentence) > MAX_SENTENCE_CHARS:
        at = max(sentence.rfind(mark, 0, MAX_SENTENCE_CHARS) for mark in (", ", "; ", ": ", "— "))
        if at <= 0:
            break
        yield sentence[: at + 1]
        sentence = sentence[at + 2 :]
    yield sentence


def speak(voice: Voice, cache: VoiceCache | None, text: str) -> Iterator[Audio]:
    """The text sentence by sentence, each given as soon as it is rendered.

    Every piece but the last ends with BREATH_S of silence, so that the pieces joined are the whole
    line. Raises UserError where the voice cannot speak.
    """
    spoken = sentences(text)
    for number, sentence in enumerate(spoken, start=1):
        audio = _rendered(voice, cache, sentence)
        if not len(audio):
            continue
        if number < len(spoken):
            audio = Audio.joined([audio, Audio.silence(BREATH_S, audio.rate_hz)])
        yield audio


def spoken(voice: Voice, cache: VoiceCache | None, text: str) -> Audio:
    """The whole text as one sound; empty where there is nothing to say."""
    pieces = list(speak(voice, cache, text))
    return Audio.joined(pieces) if pieces else Audio(np.zeros(0, np.float32), VOICE_RATE_HZ)


def _rendered(voice: Voice, cache: VoiceCache | None, sentence: str) -> Audio:
    return voice.render(sentence) if cache is None else cache.render(voice, sentence)


def spoken_duration_s(text: str) -> float:
    """About how long saying the text takes, in seconds; 0 where there is nothing to say.

    An estimate from the letters, good to about a tenth for lines of more than a few words.
    """
    letters = sum(letter.isalpha() for letter in text)
    letters += DIGIT_LETTERS * sum(letter.isdigit() for letter in text)
    if not letters:
        return 0.0
    rests = len(re.findall(r"[.!?…;:,—]+(?=\s|$)", text.rstrip(" .!?…,;:—")))
    return letters * LETTER_S + rests * REST_S
