"""A whole sitting on a real sound path: PortAudio, the software microphone and loudspeaker."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from soundserver import SoftwareMicrophone

from voice_coach.audio.calibration import Calibration
from voice_coach.audio.files import read_recording
from voice_coach.audio.samples import Audio
from voice_coach.conversation import text_of
from voice_coach.speech.transcriber import Transcriber

FIXTURES = Path(__file__).resolve().parents[2] / "audio_fixtures"

pytestmark = [pytest.mark.sound, pytest.mark.model]


class Practising:
    """voice-coach practice, running."""

    def __init__(self, microphone: SoftwareMicrophone, home: Path, events: Path) -> None:
        self.events_path = events
        self.process = subprocess.Popen(
            [sys.executable, "-m", "voice_coach", "practice", "--no-setting", "--events", events],
            env={**microphone.env, "VOICE_COACH_HOME": str(home)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def events(self) -> list[dict[str, Any]]:
        if not self.events_path.exists():
            return []
        lines = self.events_path.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def wait_for(self, name: str, count: int = 1, timeout_s: float = 90.0) -> dict[str, Any]:
        give_up_s = time.monotonic() + timeout_s
        while time.monotonic() < give_up_s:
            found = [event for event in self.events() if event["event"] == name]
            if len(found) >= count:
                return found[count - 1]
            if self.process.poll() is not None:
                raise AssertionError(f"it ended early: {self.process.communicate()}")
            time.sleep(0.02)
        raise AssertionError(f"no {name} within {timeout_s} s: {self.events()[-3:]}")


@contextmanager
def practising(microphone: SoftwareMicrophone, home: Path, tmp_path: Path) -> Iterator[Practising]:
    running = Practising(microphone, home, tmp_path / "events.jsonl")
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.process.kill()
        running.process.communicate()


def content_words(text: str) -> set[str]:
    words = (word.strip(".,:?!“”…'\"").lower().replace("’", "'") for word in text.split())
    return {word for word in words if len(word) > 3}


def pieces_of(audio: Audio) -> Iterator[Audio]:
    """What the loudspeaker said, piece by piece, cut where it was silent for more than a second.

    Whisper reads thirty seconds at a time, and loses words at its seams.
    """
    said_s = np.flatnonzero(np.abs(audio.samples) > 1e-3) / audio.rate_hz
    for piece_s in np.split(said_s, np.flatnonzero(np.diff(said_s) > 1.0) + 1):
        yield audio.between(piece_s[0] - 0.2, piece_s[-1] + 0.2)


def test_a_spoken_reply_is_heard_scored_and_answered_aloud(
    software_microphone: SoftwareMicrophone, home: Path, models_home: Path, tmp_path: Path
) -> None:
    with (
        software_microphone.quiet_room(),
        software_microphone.record_speaker(tmp_path / "said.wav") as said,
        practising(software_microphone, home, tmp_path) as sitting,
    ):
        sitting.wait_for("LineSpoken")
        time.sleep(0.8)
        software_microphone.speak(FIXTURES / "reflects" / "reply.wav").wait()
        told = sitting.wait_for("FeedbackSpoken")
        time.sleep(0.5)
        sitting.process.send_signal(signal.SIGINT)
        sitting.process.wait(timeout=20)
    events = sitting.events()
    turn = next(event for event in events if event["event"] == "TurnEnded")
    truth = json.loads((FIXTURES / "reflects" / "truth.json").read_text(encoding="utf-8"))
    said_words = content_words(truth["text"])
    assert len(said_words & content_words(turn["text"])) >= 0.8 * len(said_words)
    scored = next(event for event in events if event["event"] == "Scored")
    assert scored["listening"]["score"] >= 60
    assert scored["interruptions"]["score"] == 100
    assert 0.3 <= scored["measures"]["latency_s"]["value"] <= 2.5

    transcriber = Transcriber(models_home / "models" / "base")
    line_end_s = next(event for event in events if event["event"] == "LineSpoken")
    whole = read_recording(said).audio
    texts = [text_of(transcriber.transcribe(piece)) for piece in pieces_of(whole)]
    heard = content_words(" ".join(texts))
    for text in (line_end_s["text"], told["keep"], told["change"], told["say_instead"]):
        expected = content_words(text)
        assert len(expected & heard) >= 0.7 * len(expected), (text, heard)
    assert told["end_s"] - told["start_s"] <= 15.5
    assert events[-1]["event"] == "SittingEnded"
    assert events[-1]["reason"] == "stopped"
    assert events[-1]["lost_s"] == 0.0


def test_coming_in_early_is_noticed_and_a_listening_noise_is_not_blamed(
    software_microphone: SoftwareMicrophone, home: Path, tmp_path: Path
) -> None:
    with (
        software_microphone.quiet_room(),
        practising(software_microphone, home, tmp_path) as sitting,
    ):
        sitting.wait_for("LineStarted")
        time.sleep(3.0)
        software_microphone.speak(FIXTURES / "interrupts" / "reply.wav")
        scored = sitting.wait_for("Scored")
    assert scored["interruptions"]["score"] < 100
    assert "before Maya had finished" in scored["interruptions"]["observations"][0]["text"]


def test_an_open_loudspeaker_is_noticed_and_nothing_is_blamed_on_its_echo(
    software_microphone: SoftwareMicrophone, home: Path, tmp_path: Path
) -> None:
    # The air between loudspeaker and microphone is a loopback of the sound server, which skips
    # where the machine is busy; an echo that jumps in time is rightly not scored. So a sitting may
    # say so, with nothing blamed, and one of three has to be scored.
    for number in range(3):
        folder = tmp_path / str(number)
        folder.mkdir()
        with (
            software_microphone.quiet_room(),
            software_microphone.acoustic_path(),
            practising(software_microphone, home, folder) as sitting,
        ):
            sitting.wait_for("LineSpoken")
            time.sleep(0.8)
            software_microphone.speak(FIXTURES / "reflects" / "reply.wav")
            scored = sitting.wait_for("Scored")
            events = sitting.events()
        (turn,) = (event for event in events if event["event"] == "TurnEnded")
        assert "seven" not in turn["text"].lower()
        assert not [event for event in events if event["event"] == "Overlapped"]
        (kept,) = json.loads((home / "config.json").read_text(encoding="utf-8"))["echo"].values()
        if scored["interruptions"]["score"] is not None:
            break
        assert scored["interruptions"]["reason"].startswith("echo not cancelled")
    assert scored["interruptions"]["score"] == 100, scored["interruptions"]
    assert Calibration.from_kept(kept).cancelled


def test_a_closed_terminal_ends_the_sitting_and_keeps_the_reply_begun(
    software_microphone: SoftwareMicrophone, home: Path, tmp_path: Path
) -> None:
    with (
        software_microphone.quiet_room(),
        practising(software_microphone, home, tmp_path) as sitting,
    ):
        sitting.wait_for("LineSpoken")
        time.sleep(0.5)
        software_microphone.speak(FIXTURES / "reflects" / "reply.wav")
        time.sleep(6.0)
        sitting.process.send_signal(signal.SIGTERM)
        sitting.process.wait(timeout=20)
    events = sitting.events()
    assert events[-1]["reason"] == "stopped"
    (turn,) = [event for event in events if event["event"] == "TurnEnded"]
    assert turn["ended_by"] == "stopped"
    assert "waited" in turn["text"]


def test_a_microphone_pulled_out_is_one_clear_line_and_everything_is_kept(
    software_microphone: SoftwareMicrophone, home: Path, tmp_path: Path
) -> None:
    with (
        software_microphone.quiet_room(),
        practising(software_microphone, home, tmp_path) as sitting,
    ):
        sitting.wait_for("LineSpoken")
        try:
            software_microphone.unplug()
            _, err = sitting.process.communicate(timeout=30)
        finally:
            software_microphone.plug()
    assert sitting.process.returncode == 2
    assert err.count("\n") == 1
    assert "microphone" in err
    events = sitting.events()
    assert events[-1]["event"] == "SittingEnded"
    assert "stopped sending sound" in events[-1]["reason"]


def test_killed_at_any_moment_a_sitting_keeps_what_was_said(
    software_microphone: SoftwareMicrophone, home: Path, tmp_path: Path
) -> None:
    with (
        software_microphone.quiet_room(),
        practising(software_microphone, home, tmp_path) as sitting,
    ):
        sitting.wait_for("LineSpoken")
        time.sleep(0.5)
        software_microphone.speak(FIXTURES / "reflects" / "reply.wav").wait()
        sitting.wait_for("FeedbackStarted")
        os.kill(sitting.process.pid, signal.SIGKILL)
        sitting.process.wait()
    shown = subprocess.run(
        [sys.executable, "-m", "voice_coach", "show", "1", "--json"],
        env={**os.environ, "VOICE_COACH_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    kept = [event["event"] for event in json.loads(shown.stdout)["events"]]
    assert kept == [event["event"] for event in sitting.events()]
    assert "Scored" in kept


Run = Callable[..., subprocess.CompletedProcess[str]]


def test_devices_and_doctor_name_what_is_there(
    software_microphone: SoftwareMicrophone, run: Run
) -> None:
    env = software_microphone.env
    listed = json.loads(run("devices", "--json", env=env).stdout)["devices"]
    assert {device["direction"] for device in listed} == {"input", "output"}
    chosen = run("devices", "--input", SoftwareMicrophone.DEVICE, "--json", env=env)
    assert chosen.returncode == 0, chosen.stderr
    with software_microphone.quiet_room():
        checked = run("doctor", "--json", env=env)
    kinds = {found["kind"] for found in json.loads(checked.stdout)["findings"]}
    assert "fail" not in kinds, checked.stdout
