"""What no block size, no clock, no silence and no gain may change in what a listener hears."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voice_coach.audio.capture import Framer, Ring
from voice_coach.audio.duplex import FRAME_S
from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.conversation import Timeline, Word
from voice_coach.speech.activity import ActivityDetector
from voice_coach.speech.endpoint import Paused, Resumed, SpeechStarted
from voice_coach.speech.listener import Ended, Happening, ReplyListener
from voice_coach.speech.live import LiveTranscriber

few = settings(
    deadline=None, max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
GAIN_WITHIN_S = 0.1
"""A soft beginning or end is heard a frame or three sooner or later. Chosen."""


class OneWordAVoice:
    """A recogniser that gives a word for each stretch of voice, whatever was said."""

    name = "one word a voice"

    def warm_up(self) -> None:
        """Nothing to load."""

    def transcribe(self, audio: Audio, activity: Timeline | None = None) -> tuple[Word, ...]:
        assert activity is not None
        assert activity.hull is None or activity.hull.end_s <= audio.duration_s + FRAME_S
        return tuple(Word(text="word", span=span) for span in activity)

    def glimpse(self, audio: Audio) -> str:
        raise AssertionError(f"no glimpse is asked for in one thread ({audio.duration_s} s)")


@pytest.fixture(scope="module")
def sound(say: Callable[[str], Audio]) -> Audio:
    """Two sentences with a pause between, and room to end, over a microphone's hiss."""
    spoken = Audio.joined(
        [
            Audio.silence(0.7),
            say("I can hear that this week was hard."),
            Audio.silence(0.9),
            say("What would help you now?"),
            Audio.silence(2.5),
        ]
    )
    hiss = np.random.default_rng(5).normal(scale=1e-4, size=len(spoken)).astype(np.float32)
    return Audio(spoken.samples + hiss, SPEECH_RATE_HZ)


def heard(frames: Iterator[Audio], start_s: float = 0.0) -> list[Happening]:
    live = LiveTranscriber(OneWordAVoice, synchronous=True)
    listener = ReplyListener(ActivityDetector(), live)
    happened: list[Happening] = []
    for at, frame in enumerate(frames):
        happened.extend(listener.feed(frame, start_s + at * FRAME_S))
    return happened


def framed(sound: Audio, blocks: list[int]) -> Iterator[Audio]:
    """The sound as it comes from a device, in blocks of these sizes over and over."""
    ring, framer = Ring(1 << 15), Framer(SPEECH_RATE_HZ)
    at = turn = 0
    while at < len(sound):
        size = blocks[turn % len(blocks)]
        ring.write(sound.samples[at : at + size])
        framer.feed(ring.take())
        yield from framer.frames()
        at, turn = at + size, turn + 1


def times(happening: Happening) -> list[float]:
    match happening:
        case SpeechStarted(at_s=at_s) | Paused(at_s=at_s) | Resumed(at_s=at_s):
            return [at_s]
        case Ended(span=span, activity=activity, words=words):
            spans = (span, *activity, *(word.span for word in words))
            return [time_s for one in spans for time_s in (one.start_s, one.end_s)]
        case _:
            return []


def assert_alike(one: list[Happening], other: list[Happening], by_s: float, within_s: float) -> Any:
    assert [type(each) for each in one] == [type(each) for each in other]
    for mine, theirs in zip(one, other, strict=True):
        expected = [time_s + by_s for time_s in times(mine)]
        assert times(theirs) == pytest.approx(expected, abs=within_s)


@few
@given(st.lists(st.integers(1, 4096), min_size=1, max_size=6))
def test_any_block_size_gives_the_same_events(sound: Audio, blocks: list[int]) -> None:
    assert heard(framed(sound, blocks)) == heard(framed(sound, [512]))


@few
@given(st.floats(0.0, 7200.0))
def test_a_later_clock_shifts_the_events_and_nothing_else(sound: Audio, start_s: float) -> None:
    here, there = heard(framed(sound, [512])), heard(framed(sound, [512]), start_s)
    assert_alike(here, there, start_s, 1e-6)


@few
@given(st.floats(0.0, 20.0))
def test_silence_after_the_end_changes_nothing(sound: Audio, silence_s: float) -> None:
    longer = Audio.joined([sound, Audio.silence(silence_s)])
    assert heard(framed(longer, [512])) == heard(framed(sound, [512]))


@few
@given(st.floats(-12.0, 12.0))
def test_a_louder_or_softer_voice_is_heard_alike(sound: Audio, gain_db: float) -> None:
    other = Audio(sound.samples * np.float32(10 ** (gain_db / 20)), SPEECH_RATE_HZ)
    here, there = heard(framed(sound, [512])), heard(framed(other, [512]))
    assert_alike(here, there, 0.0, GAIN_WITHIN_S)
