"""Listening noises over the partner's line, heard by the whole engine."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.coaching.joe import JoeVoice
from voice_coach.conversation import Timeline, Word
from voice_coach.speech.live import LiveTranscriber

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "backchannels.py"
SOME = ("Mm-hm.", "Yeah.", "Right, right.", "I see.", "Of course.", "Go on.")


@pytest.fixture(scope="module")
def bench() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("backchannels", BENCHMARK)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["backchannels"] = module
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(BENCHMARK.parent)  # it takes its rooms from the one beside it
        spec.loader.exec_module(module)
    yield module
    del sys.modules["backchannels"]


@pytest.mark.model
@pytest.mark.parametrize("voice", ["heart", "joe"])
def test_a_listening_noise_is_never_an_interruption(
    bench: ModuleType, models_home: Path, voice: str
) -> None:
    rows = bench.outcomes(SOME, [voice], models_home / "models" / "base")
    assert [row.phrase for row in rows if row.kind == "interruption"] == []
    assert sum(row.kind == "backchannel" for row in rows) >= len(rows) // 2
    for row in rows:
        assert row.reply == "You waited here for me."


@pytest.mark.model
def test_nor_is_it_one_beside_an_open_loudspeaker(bench: ModuleType, models_home: Path) -> None:
    late_s = np.arange(1600) / SPEECH_RATE_HZ
    response = np.random.default_rng(3).normal(size=1600) * np.exp(-late_s / 0.02)
    place = bench.beside_a_loudspeaker(response / np.sqrt(np.sum(response**2)), -20.0)
    said = ("Yeah.", "Right, right.")
    rows = bench.outcomes(said, ["joe"], models_home / "models" / "base", place=place)
    assert {row.kind for row in rows} <= {"unclear", "not heard"}
    assert any(row.kind == "unclear" for row in rows)
    for row in rows:
        assert row.reply == "You waited here for me."


class HearsNoWords:
    """A recogniser to which everything is a cough."""

    name = "no words"

    def warm_up(self) -> None:
        """Nothing to load."""

    def transcribe(self, audio: Audio, activity: Timeline | None = None) -> tuple[Word, ...]:
        del audio, activity
        return ()

    def glimpse(self, audio: Audio) -> str:
        raise AssertionError(f"no glimpse is asked for in one thread ({audio.duration_s} s)")


def test_a_wordless_sound_that_ends_while_the_line_sounds_is_unclear(bench: ModuleType) -> None:
    voice = JoeVoice()
    live = LiveTranscriber(HearsNoWords, synchronous=True)
    row = bench.outcome(
        "Yeah.", "joe", 0.1, lambda text: voice.render(text).at_rate(SPEECH_RATE_HZ), live
    )
    assert row.reply == ""
    assert row.kind in {"unclear", "not heard"}
