from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from threading import Event
from typing import Any

import numpy as np
import pytest

from voice_coach.audio.duplex import FRAME, FRAME_S
from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.conversation import Timeline, Word, text_of
from voice_coach.speech.activity import ActivityDetector, activity_of
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
        self.given: list[Audio] = []
        self.go = Event()
        if not held:
            self.go.set()

    def warm_up(self) -> None:
        self._real.warm_up()

    def transcribe(self, audio: Audio, activity: Timeline | None = None) -> tuple[Word, ...]:
        self.go.wait(60)
        self.given_s.append(audio.duration_s)
        self.given.append(audio)
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
    ended = ended_in(feed_all(listener, Audio.silence(2.0), next_s(listener)))
    assert (ended.words, ended.activity) == provisional
    assert listener.provisional is None
    assert len(watched.given_s) == 1


def next_s(listener: ReplyListener) -> float:
    assert listener._next_s is not None
    return listener._next_s


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
    watched: Watched, say: Say, feed_all: Feed, sentences: list[str]
) -> None:
    sound = Audio.joined([*[close_cut(say(text)) for text in sentences], Audio.silence(3.0)])
    assert sound.duration_s > 30.0
    happened = feed_all(at_once(watched), sound)
    assert [type(each) for each in happened].count(Paused) == 1
    assert len(watched.given_s) == 2
    assert 12.0 <= watched.given_s[0] <= 25.5
    got = set(plain(text_of(ended_in(happened).words)).split())
    wanted = {word for text in sentences for word in plain(text).split()}
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


def with_own_noise(sound: Audio) -> Audio:
    """The same with soft noise, so that no two frames of it are alike, silent ones too."""
    noise = np.random.default_rng(4).normal(scale=1e-4, size=len(sound)).astype(np.float32)
    return Audio(sound.samples + noise, SPEECH_RATE_HZ)


def frames_of(sounds: list[Audio]) -> set[bytes]:
    return {
        sound.samples[at : at + FRAME].tobytes()
        for sound in sounds
        for at in range(0, len(sound), FRAME)
    }


def turns_of(
    listener: ReplyListener, watched: Watched, sound: Audio, key_s: float | None = None
) -> list[tuple[Ended, set[bytes]]]:
    """Each turn with the frames that were read for it, the key pressed at ``key_s``."""
    turns: list[tuple[Ended, set[bytes]]] = []
    for at in range(0, len(sound) - FRAME + 1, FRAME):
        start_s = at / SPEECH_RATE_HZ
        happened = listener.feed(Audio(sound.samples[at : at + FRAME], SPEECH_RATE_HZ), start_s)
        ended = [each for each in happened if isinstance(each, Ended)]
        if key_s is not None and start_s >= key_s:
            asked = listener.finish(start_s + FRAME_S)
            ended += [asked] if asked else []
            key_s = None
        for each in ended:
            turns.append((each, frames_of(watched.given)))
            watched.given.clear()
    return turns


@pytest.mark.parametrize(
    ("options", "pause_s", "key_s", "reasons"),
    [
        ({"patience_s": 0.4}, 0.6, None, ["silence", "silence"]),
        ({"patience_s": 1.0}, 1.2, None, ["silence", "silence"]),
        ({"max_turn_s": 1.5}, 0.0, None, ["limit", "limit", "limit"]),
        ({}, 0.0, 1.2, ["asked", "silence"]),
    ],
)
def test_two_turns_share_no_sound_and_no_word(
    watched: Watched,
    say: Say,
    options: dict[str, float],
    pause_s: float,
    key_s: float | None,
    reasons: list[str],
) -> None:
    first, second = close_cut(say(LINE)), close_cut(say(MORE))
    sound = Audio.joined([first, Audio.silence(pause_s), second, Audio.silence(3.0)])
    turns = turns_of(at_once(watched, **options), watched, with_own_noise(sound), key_s)
    assert [ended.reason for ended, _ in turns][: len(reasons)] == reasons
    for (before, read), (after, read_later) in itertools.pairwise(turns):
        assert read
        assert read_later
        assert not read & read_later
        assert before.span.end_s <= after.span.start_s
        assert (
            not before.words
            or not after.words
            or (before.words[-1].span.end_s <= after.words[0].span.start_s)
        )


def test_a_key_in_the_middle_of_a_reply_doubles_no_word(watched: Watched, say: Say) -> None:
    first, second = close_cut(say(LINE)), close_cut(say(MORE))
    sound = Audio.joined([first, Audio.silence(0.15), second, Audio.silence(3.0)])
    turns = turns_of(at_once(watched), watched, sound, key_s=first.duration_s + 0.05)
    heard = [plain(text_of(ended.words)) for ended, _ in turns]
    assert [ended.reason for ended, _ in turns] == ["asked", "silence"]
    assert "hard week for you" in heard[0]
    assert heard[1].startswith("what would help")
    assert "week" not in heard[1]


def test_what_follows_the_limit_is_the_next_turn_though_nothing_was_read_yet(
    transcriber: Transcriber, say: Say, feed_all: Feed
) -> None:
    first, second = close_cut(say(LINE)), close_cut(say(MORE))
    held = Watched(transcriber, held=True)
    with LiveTranscriber(lambda: held) as live:
        listener = ReplyListener(
            ActivityDetector(), live, max_turn_s=first.duration_s + 0.2, patience_s=1.0
        )
        pieces = [first, Audio.silence(0.3), second, Audio.silence(3.0)]
        happened = feed_all(listener, Audio.joined(pieces))
        assert [type(each) for each in happened] == [SpeechStarted]
        held.go.set()
        happened = feed_until_ended(listener)
        limited = ended_in(happened)
        assert limited.reason == "limit"
        follows = [each for each in happened if not isinstance(each, Ended)]
        assert isinstance(follows[0], SpeechStarted)
        assert follows[0].at_s >= limited.span.end_s
        after = ended_in(feed_until_ended(listener))
    assert "hard week" in plain(text_of(limited.words))
    assert "help" not in plain(text_of(limited.words))
    assert plain(text_of(after.words)).startswith("what would help")
    assert after.reason == "silence"


def test_deaf_frames_start_no_turn_but_are_kept(watched: Watched, say: Say, feed_all: Feed) -> None:
    listener = at_once(watched)
    sound = close_cut(say("Tell me more about that."))
    deaf = round(0.3 / FRAME_S)
    happened: list[Happening] = []
    for at in range(deaf):
        frame = Audio(sound.samples[at * FRAME : (at + 1) * FRAME], SPEECH_RATE_HZ)
        happened += listener.feed(frame, at * FRAME_S, deaf=True)
    assert happened == []
    rest = Audio(sound.samples[deaf * FRAME :], SPEECH_RATE_HZ)
    happened = feed_all(listener, Audio.joined([rest, Audio.silence(3.0)]), next_s(listener))
    ended = ended_in(happened)
    assert ended.span.start_s == pytest.approx(0.3, abs=0.1)
    assert plain(text_of(ended.words)) == "tell me more about that"

    alone = at_once(watched)
    for at in range(len(sound) // FRAME):
        frame = Audio(sound.samples[at * FRAME : (at + 1) * FRAME], SPEECH_RATE_HZ)
        assert alone.feed(frame, at * FRAME_S, deaf=True) == ()
    assert feed_all(alone, Audio.silence(3.0), next_s(alone)) == []


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
        happened += listener.feed(SILENT, next_s(listener))
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
        for at in range(0, len(samples) - FRAME, FRAME):
            frame = Audio(samples[at : at + FRAME], SPEECH_RATE_HZ)
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
