"""The keys, in a real terminal: skip, done, again, stop."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from soundserver import SoftwareMicrophone

if sys.platform == "win32":
    pytest.skip("a pseudo-terminal needs a Unix", allow_module_level=True)

import pty
import threading

FIXTURES = Path(__file__).resolve().parents[2] / "audio_fixtures"

pytestmark = [pytest.mark.sound, pytest.mark.model]


class AtTheKeys:
    """voice-coach practice in a pseudo-terminal, and fingers for it."""

    def __init__(self, environ: dict[str, str], events: Path) -> None:
        self.events_path = events
        self.shown = b""
        self.process, self._terminal = pty.fork()
        if self.process == 0:
            os.execve(
                sys.executable,
                [sys.executable, "-m", "voice_coach", "practice", "--events", str(events)],
                environ,
            )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._terminal, 65536)
            except OSError:
                return
            if not data:
                return
            self.shown += data

    def press(self, key: str) -> None:
        os.write(self._terminal, key.encode())

    def wait_for(self, name: str, count: int = 1, timeout_s: float = 90.0) -> dict[str, Any]:
        give_up_s = time.monotonic() + timeout_s
        while time.monotonic() < give_up_s:
            if self.events_path.exists():
                lines = self.events_path.read_text(encoding="utf-8").splitlines()
                found = [event for event in map(json.loads, lines) if event["event"] == name]
                if len(found) >= count:
                    return found[count - 1]
            time.sleep(0.02)
        raise AssertionError(f"no {name} within {timeout_s} s: {self.shown[-2000:]!r}")

    def exit_code(self) -> int:
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])


def test_a_sitting_by_the_keys(
    software_microphone: SoftwareMicrophone, home: Path, tmp_path: Path
) -> None:
    environ = {**software_microphone.env, "VOICE_COACH_HOME": str(home), "TERM": "xterm-256color"}
    with software_microphone.quiet_room():
        sitting = AtTheKeys(environ, tmp_path / "events.jsonl")
        sitting.wait_for("SittingStarted")
        time.sleep(0.5)
        sitting.press("\r")  # skip the setting, while the short sound plays
        setting = sitting.wait_for("SettingSpoken", timeout_s=5.0)
        assert setting["at_s"] < 6.0

        sitting.wait_for("LineSpoken")
        time.sleep(0.5)
        software_microphone.speak(FIXTURES / "defends" / "reply.wav").wait()
        sitting.press(" ")  # done
        pressed_s = time.monotonic()
        sitting.wait_for("FeedbackStarted")
        waited_s = time.monotonic() - pressed_s
        turn = sitting.wait_for("TurnEnded")
        assert turn["ended_by"] == "key"
        assert "fault" in turn["text"]
        assert waited_s < 4.0
        time.sleep(0.5)  # nobody presses within milliseconds of hearing it begin
        sitting.press("\r")  # skip the feedback
        assert sitting.wait_for("FeedbackSpoken", timeout_s=5.0)["cut_short"]

        sitting.press("r")  # again
        assert sitting.wait_for("Chosen")["choice"] == "again"
        assert sitting.wait_for("LineStarted", 2)["line_id"] == "arrival"
        sitting.wait_for("LineSpoken", 2)
        time.sleep(0.5)
        software_microphone.speak(FIXTURES / "reflects" / "reply.wav")
        scored = sitting.wait_for("Scored", 2)
        assert any(change.startswith("Listening") for change in scored["changes"])
        assert b"Since last time" in sitting.shown or sitting.wait_for("FeedbackStarted", 2)
        sitting.wait_for("FeedbackStarted", 2)
        sitting.press("q")  # stop
        assert sitting.wait_for("SittingEnded", timeout_s=10.0)["reason"] == "stopped"
        assert sitting.exit_code() == 0, sitting.shown[-2000:]
    assert "▕".encode() in sitting.shown
