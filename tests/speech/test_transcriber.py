from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from voice_coach.audio.samples import Audio
from voice_coach.conversation import Span, Timeline, Word, text_of
from voice_coach.errors import UserError
from voice_coach.speech.activity import activity_of
from voice_coach.speech.invented import plain
from voice_coach.speech.live import LiveTranscriber
from voice_coach.speech.models import ensure_model
from voice_coach.speech.transcriber import Transcriber

pytestmark = pytest.mark.model

LINE = "I can hear that this has been a very hard week for you."


def test_words_are_read_inside_the_voice(
    transcriber: Transcriber, say: Callable[[str], Audio]
) -> None:
    sound = Audio.joined([Audio.silence(1.0), say(LINE), Audio.silence(1.0)])
    heard = activity_of(sound)
    words = transcriber.transcribe(sound)
    assert "hard week" in plain(text_of(words))
    assert heard.hull is not None
    assert words[0].span.start_s == pytest.approx(heard.hull.start_s, abs=0.05)
    assert words[-1].span.end_s == pytest.approx(heard.hull.end_s, abs=0.05)


def test_a_long_pause_moves_no_word_into_it(
    transcriber: Transcriber, say: Callable[[str], Audio]
) -> None:
    first, second = say("You were waiting for me."), say("Tell me more about that.")
    sound = Audio.joined([first, Audio.silence(6.0), second])
    words = transcriber.transcribe(sound)
    later = [word for word in words if word.span.start_s > first.duration_s]
    assert plain(text_of(later)).startswith("tell me")
    assert all(word.span.start_s >= first.duration_s + 5.9 for word in later)


def test_another_rate_reads_the_same(transcriber: Transcriber, say: Callable[[str], Audio]) -> None:
    there = transcriber.transcribe(say(LINE).at_rate(48_000))
    assert "hard week" in plain(text_of(there))


def test_no_voice_no_words(transcriber: Transcriber) -> None:
    assert transcriber.transcribe(Audio.silence(4.0)) == ()
    assert transcriber.transcribe(Audio.silence(0.0)) == ()
    rng = np.random.default_rng(2)
    noise = Audio(rng.standard_normal(64_000).astype(np.float32) * 0.05, 16_000)
    assert transcriber.transcribe(noise, Timeline()) == ()


def test_a_glimpse_reads_about_the_same(
    transcriber: Transcriber, say: Callable[[str], Audio]
) -> None:
    assert "hard week" in plain(transcriber.glimpse(say(LINE)))


def test_a_glimpse_of_nothing_is_short_or_empty(transcriber: Transcriber) -> None:
    assert len(transcriber.glimpse(Audio.silence(0.2)).split()) <= 2


def test_a_folder_without_a_model_names_the_mend(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="voice-coach models use"):
        Transcriber(tmp_path / "base").warm_up()


def test_a_damaged_model_names_the_mend(tmp_path: Path) -> None:
    folder = tmp_path / "base"
    folder.mkdir()
    for name in ("model.bin", "tokenizer.json", "config.json"):
        (folder / name).write_bytes(b"not a model")
    with pytest.raises(UserError, match="voice-coach models use base"):
        Transcriber(folder).warm_up()


@pytest.mark.parametrize("name", ["model.bin", "tokenizer.json", "config.json"])
def test_a_model_that_is_not_whole_names_what_is_missing(
    model_home: Path, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "tiny.en"
    folder.mkdir()
    for path in ensure_model("tiny.en", model_home).iterdir():
        if path.name != name:
            (folder / path.name).symlink_to(path)
    with pytest.raises(UserError, match=rf"{name} is missing.*voice-coach models use tiny\.en"):
        Transcriber(folder).warm_up()


def test_a_minute_without_a_pause_is_read(
    transcriber: Transcriber, say: Callable[[str], Audio], sentences: list[str]
) -> None:
    sound = Audio.joined([say(text) for text in sentences * 3]).between(0.0, 60.0)
    words = transcriber.transcribe(sound, Timeline.of([Span(start_s=0.0, end_s=60.0)]))
    assert plain(text_of(words)).count("train that never came") == 2
    assert words[-1].span.end_s > 50.0


def test_windows_read_together_keep_their_words_and_times(
    transcriber: Transcriber, say: Callable[[str], Audio], sentences: list[str]
) -> None:
    said = [say(text) for text in sentences * 3]
    pieces = [piece for sound in said for piece in (sound, Audio.silence(1.5))]
    told: list[float] = []
    words = transcriber.transcribe(Audio.joined(pieces), told=told.append)
    assert len(told) == 1, "more than one window, all read at once"
    start_s = 0.0
    for text, sound in zip(sentences * 3, said, strict=True):
        here = [word for word in words if start_s <= word.span.start_s < start_s + sound.duration_s]
        alone = transcriber.transcribe(sound)
        assert plain(text_of(here)) == plain(text_of(alone)), text
        for word, by_itself in zip(here, alone, strict=True):
            expected_s = start_s + by_itself.span.start_s
            assert word.span.start_s == pytest.approx(expected_s, abs=0.4), word
        start_s += sound.duration_s + 1.5
    assert len(words) == sum(len(transcriber.transcribe(sound)) for sound in said)


def test_a_language_the_model_does_not_know_is_refused(model_home: Path) -> None:
    german = Transcriber(ensure_model("tiny.en", model_home), language="de")
    with pytest.raises(UserError, match="'de'"):
        german.warm_up()


def test_live_gives_words_on_the_clock_of_the_sitting(
    transcriber: Transcriber, say: Callable[[str], Audio]
) -> None:
    sound = say(LINE)
    with LiveTranscriber(lambda: transcriber) as live:
        words = live.settle(sound, activity_of(sound), 100.0).result(timeout=60)
    assert words == tuple(word.shifted(100.0) for word in transcriber.transcribe(sound))


class _Slow:
    """Stands for the model where order and not text is at stake: it reads when it is told to."""

    name = "slow"

    def __init__(self) -> None:
        self.go = Event()
        self.read: list[str] = []

    def warm_up(self) -> None:
        pass

    def transcribe(self, audio: Audio, activity: Timeline | None = None) -> tuple[Word, ...]:
        assert activity is not None
        self.go.wait(10)
        self.read.append(f"settle {len(audio)}")
        return ()

    def glimpse(self, audio: Audio) -> str:
        self.go.wait(10)
        self.read.append(f"glimpse {len(audio)}")
        return ""


def test_a_glimpse_is_refused_while_something_is_read() -> None:
    slow = _Slow()
    with LiveTranscriber(lambda: slow) as live:
        first = live.glimpse(Audio.silence(1.0))
        assert first is not None
        assert live.glimpse(Audio.silence(1.0)) is None
        settling: Future[tuple[Word, ...]] = live.settle(Audio.silence(2.0), Timeline(), 0.0)
        assert live.glimpse(Audio.silence(1.0)) is None
        slow.go.set()
        assert settling.result(timeout=10) == ()
        assert not live.busy
    assert slow.read == ["glimpse 16000", "settle 32000"]


def test_what_is_cancelled_before_it_began_is_not_read() -> None:
    slow = _Slow()
    with LiveTranscriber(lambda: slow) as live:
        live.settle(Audio.silence(1.0), Timeline(), 0.0)
        stale = live.settle(Audio.silence(2.0), Timeline(), 0.0)
        fresh = live.settle(Audio.silence(3.0), Timeline(), 0.0)
        assert stale.cancel()
        slow.go.set()
        fresh.result(timeout=10)
    assert slow.read == ["settle 16000", "settle 48000"]


def test_a_model_that_cannot_load_is_told_by_the_first_result(tmp_path: Path) -> None:
    with LiveTranscriber(lambda: Transcriber(tmp_path / "base")) as live:
        sound = Audio.silence(1.0)
        failed = live.settle(sound, Timeline.of([]), 0.0)
        assert failed.result(timeout=30) == ()  # nothing was said, so no model is needed
        glimpse = live.glimpse(sound)
        assert glimpse is not None
        with pytest.raises(UserError, match="models use"):
            glimpse.result(timeout=30)


def test_at_once_means_at_once(transcriber: Transcriber, say: Callable[[str], Audio]) -> None:
    live = LiveTranscriber(lambda: transcriber, synchronous=True)
    sound = say(LINE)
    assert live.settle(sound, activity_of(sound), 0.0).done()
    assert live.glimpse(sound) is None
    live.close()
