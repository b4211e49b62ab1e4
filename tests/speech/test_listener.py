from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event
from typing import Any

import numpy as np
import pytest

from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.conversation import Timeline, Word, text_of
from voice_coach.speech.activity import FRAME_S, FRAME_SAMPLES, ActivityDetector, activity_of
from voice_coach.speech.endpoint import Paused, Resumed, SpeechStarted
from voice_coach.speech.invented import plain
from voice_coach.speech.listener import Ended, Happening, PartialText, ReplyListener
from voice_coach.speech.live import LiveTranscriber
from voice_coach.speech.transcriber import Transcriber

pytestmark = pytest.mark.model

Feed = Callable[..., list[Happening]]
Say = Callable[[str], Audio]

LINE = "I can hear that this has been a very hard week for you."
MORE = "What would help you most right now?"
SILENT = Audio.silence(FRAME_S)


class Watched:
    """The real transcriber, remembering how much it was given; waits for ``go`` where held."""

    def __init__(self, real: Transcriber, *, held: bool = False) -> None:
        self._real = real
        self.name = real.name
        self.given_s: list[float] = []
        self.go = Event()
        if not held:
            self.go.set()

    def warm_up(self) -> None:
        self._real.warm_up()

    def transcribe(self, audio: Audio, activity: Timeline | None = None) -> tuple[Word, ...]:
        self.go.wait(60)
        self.given_s.append(audio.duration_s)
        return self._real.transcribe(audio, activity)

    def glimpse(self, audio: Audio) -> str:
        return self._real.glimpse(audio)


@pytest.fixture
def watched(transcriber: Transcriber) -> Watched:
    return Watched(transcriber)


def at_once(watched: Watched, **options: Any) -> ReplyListener:
    live = LiveTranscriber(lambda: watched, synchronous=True)
    return ReplyListener(ActivityDetector(), live, **options)


def ended_in(happened: list[Happening]) -> Ended:
    (ended,) = [each for each in happened if isinstance(each, Ended)]
    return ended


def test_a_reply_from_start_to_end(watched: Watched, say: Say, feed_all: Feed) -> None:
    spoken = say(LINE)
    listener = at_once(watched)
    happened = feed_all(listener, Audio.joined([Audio.silence(1.0), spoken, Audio.silence(3.0)]))
    kinds = [type(each) for each in happened]
    assert kinds[0] is SpeechStarted
    assert kinds[-1] is Ended
    ended = ended_in(happened)
    assert ended.reason == "silence"
    assert "hard week" in plain(text_of(ended.words))
    assert ended.span == ended.activity.hull
    assert ended.span.start_s == pytest.approx(1.0, abs=0.2)
    assert ended.span.end_s == pytest.approx(1.0 + spoken.duration_s, abs=0.3)
    assert not listener.open
    assert listener.model == "tiny.en"


def test_words_are_there_before_the_patience_runs_out(
    watched: Watched, say: Say, feed_all: Feed
) -> None:
    listener = at_once(watched)
    happened = feed_all(listener, Audio.joined([say(LINE), Audio.silence(1.0)]))
    assert [type(each) for each in happened[-2:]] == [Paused, PartialText]
    provisional = listener.provisional
    assert provisional is not None
    ended = ended_in(feed_all(listener, Audio.silence(2.0), happened_until(happened, listener)))
    assert (ended.words, ended.activity) == provisional
    assert listener.provisional is None
    assert len(watched.given_s) == 1


def happened_until(happened: list[Happening], listener: ReplyListener) -> float:
    assert happened
    return listener._frames[-1].start_s + FRAME_S


def test_a_short_reply_that_pauses_is_read_again_whole(
    watched: Watched, say: Say, feed_all: Feed
) -> None:
    sound = Audio.joined([say(LINE), Audio.silence(1.0), say(MORE), Audio.silence(3.0)])
    happened = feed_all(at_once(watched), sound)
    assert [type(each) for each in happened].count(Resumed) == 1
    text = plain(text_of(ended_in(happened).words))
    assert "hard week" in text
    assert "help you" in text
    assert watched.given_s[-1] > sound.duration_s - 3.0


def test_a_long_stretch_is_closed_and_not_read_again(
    watched: Watched, say: Say, feed_all: Feed
) -> None:
    first = Audio.joined([say(LINE), Audio.silence(0.2), say(LINE), Audio.silence(0.2), say(LINE)])
    assert first.duration_s > 7.0
    sound = Audio.joined([first, Audio.silence(1.0), say(MORE), Audio.silence(3.0)])
    happened = feed_all(at_once(watched), sound)
    ended = ended_in(happened)
    assert watched.given_s[-1] < 5.0
    assert plain(text_of(ended.words)).count("hard week") == 3
    assert "help you" in plain(text_of(ended.words))
    partial = [each for each in happened if isinstance(each, PartialText)][-1]
    assert plain(text_of(partial.settled)).count("hard week") == 3
    assert "help you" in plain(partial.text)
    starts = [word.span.start_s for word in ended.words]
    assert starts == sorted(starts)


def close_cut(spoken: Audio) -> Audio:
    """The sound without its silences, before, after and within."""
    heard = activity_of(spoken)
    return Audio.joined([spoken.between(one.start_s - 0.05, one.end_s + 0.05) for one in heard])


def test_speech_without_a_pause_is_closed_before_it_grows_too_long(
    watched: Watched, say: Say, feed_all: Feed
) -> None:
    said = [
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
    sound = Audio.joined([*[close_cut(say(text)) for text in said], Audio.silence(3.0)])
    assert sound.duration_s > 30.0
    happened = feed_all(at_once(watched), sound)
    assert [type(each) for each in happened].count(Paused) == 1
    assert len(watched.given_s) == 2
    assert 12.0 <= watched.given_s[0] <= 25.5
    got = set(plain(text_of(ended_in(happened).words)).split())
    wanted = {word for text in said for word in plain(text).split()}
    assert len(wanted & got) >= 0.9 * len(wanted)


def test_the_end_can_be_asked_for(watched: Watched, say: Say, feed_all: Feed) -> None:
    listener = at_once(watched)
    assert listener.finish(0.0) is None
    spoken = say(LINE)
    feed_all(listener, spoken)
    ended = listener.finish(spoken.duration_s)
    assert ended is not None
    assert ended.reason == "asked"
    assert "hard week" in plain(text_of(ended.words))
    assert listener.finish(9.0) is None


def test_a_turn_that_never_stops_is_ended(watched: Watched, say: Say, feed_all: Feed) -> None:
    sound = Audio.joined([say(LINE)] * 3)
    happened = feed_all(at_once(watched, max_turn_s=5.0), sound)
    first = next(each for each in happened if isinstance(each, Ended))
    assert first.reason == "limit"
    assert first.span.duration_s == pytest.approx(5.0, abs=0.3)


def test_nothing_said_is_no_turn(watched: Watched, feed_all: Feed) -> None:
    listener = at_once(watched)
    assert feed_all(listener, Audio.silence(6.0)) == []
    assert listener.finish(6.0) is None
    assert watched.given_s == []


def test_one_turn_after_another(watched: Watched, say: Say, feed_all: Feed) -> None:
    sound = Audio.joined([say(LINE), Audio.silence(3.0), say(MORE), Audio.silence(3.0)])
    happened = feed_all(at_once(watched), sound)
    first, second = [each for each in happened if isinstance(each, Ended)]
    assert "hard week" in plain(text_of(first.words))
    assert "help you" in plain(text_of(second.words))
    assert "hard" not in plain(text_of(second.words))


def test_another_clock_gives_the_same_later(watched: Watched, say: Say, feed_all: Feed) -> None:
    sound = Audio.joined([say(MORE), Audio.silence(3.0)])
    here = ended_in(feed_all(at_once(watched), sound))
    there = ended_in(feed_all(at_once(watched), sound, 640.0))
    assert text_of(there.words) == text_of(here.words)
    assert there.span.start_s == pytest.approx(here.span.start_s + 640.0)
    for moved, word in zip(there.words, here.words, strict=True):
        assert moved.span.start_s == pytest.approx(word.span.start_s + 640.0)


def test_feeding_never_waits_and_late_speech_extends(
    transcriber: Transcriber, say: Say, feed_all: Feed
) -> None:
    held = Watched(transcriber, held=True)
    with LiveTranscriber(lambda: held) as live:
        listener = ReplyListener(ActivityDetector(), live)
        sound = Audio.joined([say(LINE), Audio.silence(3.0), say(MORE), Audio.silence(3.0)])
        happened = feed_all(listener, sound)
        # Not a word was read yet, so the turn could not end, and what came late belongs to it.
        kinds = [type(each) for each in happened]
        assert kinds == [SpeechStarted, Paused, Resumed, Paused]
        assert listener.provisional is None
        held.go.set()
        ended = ended_in(feed_until_ended(listener))
    text = plain(text_of(ended.words))
    assert "hard week" in text
    assert "help you" in text
    assert len(ended.activity) >= 2


def feed_until_ended(listener: ReplyListener, patience_s: float = 60.0) -> list[Happening]:
    happened: list[Happening] = []
    stop_s = time.monotonic() + patience_s
    while not any(isinstance(each, Ended) for each in happened):
        assert time.monotonic() < stop_s
        happened += listener.feed(SILENT, listener._frames[-1].start_s + FRAME_S)
        time.sleep(0.01)
    return happened


def test_in_the_background_the_words_are_the_same(
    transcriber: Transcriber, watched: Watched, say: Say, feed_all: Feed
) -> None:
    sound = Audio.joined([say(LINE), Audio.silence(1.5)])
    with LiveTranscriber(lambda: transcriber) as live:
        listener = ReplyListener(ActivityDetector(), live)
        ended = ended_in(feed_all(listener, sound) + feed_until_ended(listener))
    with_more = Audio.joined([sound, Audio.silence(3.0)])
    assert ended.words == ended_in(feed_all(at_once(watched), with_more)).words


def test_while_speech_goes_on_there_are_glimpses(transcriber: Transcriber, say: Say) -> None:
    samples = Audio.joined([say(LINE), say(LINE), say(LINE)]).samples
    shown: list[str] = []
    with LiveTranscriber(lambda: transcriber) as live:
        listener = ReplyListener(ActivityDetector(), live)
        for at in range(0, len(samples) - FRAME_SAMPLES, FRAME_SAMPLES):
            frame = Audio(samples[at : at + FRAME_SAMPLES], SPEECH_RATE_HZ)
            happened = listener.feed(frame, at / SPEECH_RATE_HZ)
            shown += [each.text for each in happened if isinstance(each, PartialText)]
            time.sleep(0.01)  # three times real time: room for a reading now and then
    assert any("hear" in plain(text) for text in shown)


def test_frames_that_do_not_fit_are_refused(watched: Watched, say: Say, feed_all: Feed) -> None:
    listener = at_once(watched)
    with pytest.raises(ValueError, match="512"):
        listener.feed(Audio(np.zeros(480, np.float32), SPEECH_RATE_HZ), 0.0)
    with pytest.raises(ValueError, match="16000"):
        listener.feed(Audio(np.zeros(512, np.float32), 48_000), 0.0)
    feed_all(listener, say(LINE))
    with pytest.raises(ValueError, match="expected"):
        listener.feed(SILENT, 99.0)
    listener.reset()
    assert listener.feed(SILENT, 99.0) == ()
    assert listener.feed(SILENT, 120.0) == ()  # between turns the clock may jump
