from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.coaching.joe import JoeVoice
from voice_coach.coaching.neural import HeartVoice
from voice_coach.conversation import Span, Timeline

SAID = (
    ("Maya", "You said you would be home at seven, and I sat here with the food until nine."),
    ("Leo", "You waited two hours with the dinner going cold, and you felt forgotten."),
    ("Maya", "Yes, I felt like I was not worth a phone call."),
    ("Leo", "I am sorry. What would have helped you while you waited?"),
    ("Maya", "A message, just one word, so that I could have stopped looking at the door."),
    ("Leo", "One word from me, and you could have eaten in peace. That makes sense."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A scripted talk of two voices: the sound of each, as long as the other, and when it is."""

    sounds: dict[str, Audio]
    spans: tuple[tuple[str, Span], ...]

    @property
    def mixed(self) -> Audio:
        """Both on one microphone."""
        return Audio(
            np.sum([sound.samples for sound in self.sounds.values()], axis=0), SPEECH_RATE_HZ
        )

    def of(self, name: str) -> Timeline:
        """When one of them speaks."""
        return Timeline.of(span for each, span in self.spans if each == name)


def talk_of(said: tuple[tuple[str, str], ...], gap_s: float = 0.6) -> Talk:
    voices = {"Maya": HeartVoice(), "Leo": JoeVoice()}
    at_s, spans, pieces = 0.5, [], []
    for name, text in said:
        sound = voices[name].render(text).at_rate(SPEECH_RATE_HZ)
        spans.append((name, Span(start_s=at_s, end_s=at_s + sound.duration_s)))
        pieces.append((name, at_s, sound))
        at_s += sound.duration_s + gap_s
    sounds = {name: np.zeros(round((at_s + 0.5) * SPEECH_RATE_HZ), np.float32) for name in voices}
    for name, start_s, sound in pieces:
        start = round(start_s * SPEECH_RATE_HZ)
        sounds[name][start : start + len(sound)] += sound.samples
    return Talk(
        sounds={name: Audio(samples, SPEECH_RATE_HZ) for name, samples in sounds.items()},
        spans=tuple(spans),
    )


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """No test here reads or writes the home folder of the person who runs it."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VOICE_COACH_HOME", str(home))
        yield home


@pytest.fixture(scope="session")
def talk() -> Talk:
    return talk_of(SAID)
