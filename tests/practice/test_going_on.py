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
from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.audio.standin import ReplyFiles, Timepiece
from voice_coach.coaching.joe import JoeVoice
from voice_coach.coaching.voices import coach_voice, speak
from voice_coach.practice.booth import Booth, Key, Phase, Settings
from voice_coach.practice.events import Choice, Event, FeedbackStarted, LineSpoken, TurnEnded
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


def test_a_word_thrown_in_early_does_not_end_the_reply_with_the_line(
    run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    thrown_in = JoeVoice().render("I was late.").at_rate(SPEECH_RATE_HZ)
    path = tmp_path / "reply.wav"
    sound = Audio.joined([thrown_in, Audio.silence(6.0), reply_of("reflects")])
    soundfile.write(path, sound.samples, sound.rate_hz)
    out = tmp_path / "events.jsonl"
    done = run("practice", "--replies", path, "--fast", "--come-in", "-7", "--events", out)
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    (turn,) = [event for event in events if event["event"] == "TurnEnded"]
    assert "late" in turn["text"]
    assert "sitting here" in turn["text"]
    assert [event["kind"] for event in events if event["event"] == "Overlapped"] == ["interruption"]


class OneLine:
    """A learner who stops after one line, and a screen that shows nothing.

    ``done_s``: press "done" so long after the reply was asked for.
    """

    def __init__(self, done_s: float | None = None) -> None:
        self._done_s = done_s
        self._reply_s = 0.0

    def tick(self, *, phase: Phase, level_db: float, elapsed_s: float) -> None:
        assert level_db <= 0.0
        self._reply_s = elapsed_s if phase == "reply" else 0.0

    def key(self) -> Key | None:
        return "go" if self._done_s is not None and self._reply_s > self._done_s else None

    def choice(self, offered: Sequence[Choice]) -> Choice | None:
        return "stop" if "stop" in offered else None

    def stays(self) -> bool:
        return False


def sit(model: Path, reply: Audio, learner: OneLine, *, coach_s: float) -> list[Event]:
    """One line in real time; the coach's voice takes so long to render."""
    silent = coach_voice("silent")

    def slow_coach(text: str) -> Iterator[Audio]:
        time.sleep(coach_s)
        yield from speak(silent, None, text)

    def at_once(text: str) -> Iterator[Audio]:
        return speak(silent, None, text)

    events: list[Event] = []
    with LiveTranscriber(lambda: Transcriber(model)) as live:
        Sitting(
            scenario=find_scenario("late-home"),
            booth=Booth(
                duplex=ReplyFiles(Timepiece(), [reply], [0.3]),
                learner=learner,
                screen=learner,
                readers=[events.append],
                settings=Settings(read_setting=False),
            ),
            listener=ReplyListener(ActivityDetector(), live),
            voices=Voices(narrator=at_once, partner=at_once, coach=slow_coach, name="silent"),
        ).run()
    return events


def test_speaking_again_before_the_feedback_extends_the_reply(models_home: Path) -> None:
    reply = Audio.joined([reply_of("reflects"), Audio.silence(2.3), reply_of("reflects-2")])
    events = sit(models_home / "models" / "base", reply, OneLine(), coach_s=3.5)
    (turn,) = [event for event in events if isinstance(event, TurnEnded)]
    assert "sitting here" in turn.text
    assert "hope" in turn.text
    (told,) = [event for event in events if isinstance(event, FeedbackStarted)]
    assert told.at_s >= turn.at_s
    times = [word.span.start_s for word in turn.words]
    assert times == sorted(times)


def test_the_key_ends_the_reply_whatever_goes_on_sounding(models_home: Path) -> None:
    reply = Audio.joined([reply_of("reflects"), reply_of("reflects-2"), reply_of("reflects-3")])
    events = sit(models_home / "models" / "base", reply, OneLine(done_s=6.0), coach_s=1.0)
    (turn,) = [event for event in events if isinstance(event, TurnEnded)]
    (line,) = [event for event in events if isinstance(event, LineSpoken)]
    assert turn.ended_by == "key"
    assert turn.at_s - line.at_s < 10.0
    assert turn.span is not None
    assert turn.span.end_s - line.at_s < 6.6
    said = turn.text.lower()
    assert said.count("dinner") == 1
