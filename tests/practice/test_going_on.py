"""Replies that go on: after a false start, and before the feedback begins."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import soundfile

from voice_coach.audio.files import read_recording
from voice_coach.audio.samples import Audio
from voice_coach.audio.standin import ReplyFiles, Timepiece
from voice_coach.coaching.voices import coach_voice, speak
from voice_coach.practice.booth import Booth, Key, Phase, Settings
from voice_coach.practice.events import Choice, Event, FeedbackStarted, TurnEnded
from voice_coach.practice.sitting import Sitting, Voices
from voice_coach.scenarios.library import find_scenario
from voice_coach.speech.activity import ActivityDetector
from voice_coach.speech.listener import ReplyListener
from voice_coach.speech.live import LiveTranscriber
from voice_coach.speech.transcriber import Transcriber

FIXTURES = Path(__file__).resolve().parents[2] / "audio_fixtures"

pytestmark = pytest.mark.model


def reply_of(case: str) -> Audio:
    return read_recording(FIXTURES / case / "reply.wav").audio


def test_a_false_start_is_not_taken_for_the_reply(
    run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    path = tmp_path / "reply.wav"
    sound = Audio.joined([reply_of("short"), Audio.silence(2.2), reply_of("reflects")])
    soundfile.write(path, sound.samples, sound.rate_hz)
    out = tmp_path / "events.jsonl"
    done = run("practice", "--replies", path, "--fast", "--events", out)
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    (turn,) = [event for event in events if event["event"] == "TurnEnded"]
    assert turn["text"].lower().startswith("ok")
    assert len(turn["words"]) > 15


class OneLine:
    """A learner who stops after one line, and a screen that shows nothing."""

    def tick(self, *, phase: Phase, level_db: float, elapsed_s: float) -> None:
        """Nothing to see."""

    def key(self) -> Key | None:
        return None

    def choice(self, offered: Sequence[Choice]) -> Choice | None:
        return "stop" if "stop" in offered else None

    def stays(self) -> bool:
        return False


def test_speaking_again_before_the_feedback_extends_the_reply(models_home: Path) -> None:
    silent = coach_voice("silent")

    def slow_coach(text: str) -> Iterator[Audio]:
        time.sleep(3.5)  # a machine that takes its time: the answer is late
        yield from speak(silent, None, text)

    def at_once(text: str) -> Iterator[Audio]:
        return speak(silent, None, text)

    reply = Audio.joined([reply_of("reflects"), Audio.silence(2.3), reply_of("reflects-2")])
    events: list[Event] = []
    one = OneLine()
    with LiveTranscriber(lambda: Transcriber(models_home / "models" / "base")) as live:
        Sitting(
            scenario=find_scenario("late-home"),
            booth=Booth(
                duplex=ReplyFiles(Timepiece(), [reply], [0.3]),
                learner=one,
                screen=one,
                readers=[events.append],
                settings=Settings(read_setting=False),
            ),
            listener=ReplyListener(ActivityDetector(), live),
            voices=Voices(narrator=at_once, partner=at_once, coach=slow_coach, name="silent"),
        ).run()
    (turn,) = [event for event in events if isinstance(event, TurnEnded)]
    assert "sitting here" in turn.text
    assert "hope" in turn.text
    (told,) = [event for event in events if isinstance(event, FeedbackStarted)]
    assert told.at_s >= turn.at_s
    times = [word.span.start_s for word in turn.words]
    assert times == sorted(times)
