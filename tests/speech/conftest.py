from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from voice_coach.audio.duplex import FRAME, FRAME_S
from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.coaching.neural import HeartVoice
from voice_coach.speech.listener import Happening, ReplyListener
from voice_coach.speech.models import ensure_model
from voice_coach.speech.transcriber import Transcriber


@pytest.fixture(scope="session")
def model_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def transcriber(model_home: Path) -> Transcriber:
    ready = Transcriber(ensure_model("tiny.en", model_home))
    ready.warm_up()
    return ready


@pytest.fixture(scope="session")
def say() -> Callable[[str], Audio]:
    """A sentence in the neural voice that comes with the program, at 16 kHz."""
    voice = HeartVoice()

    def render(text: str) -> Audio:
        return voice.render(text).at_rate(SPEECH_RATE_HZ)

    return render


@pytest.fixture(scope="session")
def sentences() -> list[str]:
    """Half a minute of talk, no sentence like another."""
    return [
        "I was late because the meeting ran over and I did not call.",
        "You cooked for us and waited with the children at the table.",
        "I think you felt that the evening did not matter to me.",
        "My sister told me about the train that never came on Sunday.",
        "We could plan the weekend together if you would like that.",
        "The garden needs water and the kitchen window is still open.",
        "It sounds as if you carried the whole week on your own.",
        "There are seven letters on the desk beside the old lamp.",
        "I would rather hear that now than find it out in winter.",
        "Somebody has to bring the bread before the shop is closed.",
    ]


def _frames(audio: Audio) -> Iterator[Audio]:
    samples = np.pad(audio.samples, (0, -len(audio) % FRAME))
    for at in range(0, len(samples), FRAME):
        yield Audio(samples[at : at + FRAME], SPEECH_RATE_HZ)


@pytest.fixture(scope="session")
def feed_all() -> Callable[..., list[Happening]]:
    """Feed a whole sound to a listener; all that happened, in order."""

    def feed(listener: ReplyListener, audio: Audio, start_s: float = 0.0) -> list[Happening]:
        happened: list[Happening] = []
        for at, frame in enumerate(_frames(audio)):
            happened.extend(listener.feed(frame, start_s + at * FRAME_S))
        return happened

    return feed
