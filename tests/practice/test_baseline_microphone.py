"""Readings at a real sound path: PortAudio and the software microphone."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from soundserver import SoftwareMicrophone

from voice_coach.audio.files import read_recording
from voice_coach.audio.samples import Audio

FIXTURES = Path(__file__).resolve().parents[2] / "audio_fixtures"

READ = ("reflects", "defends", "hijacks")

pytestmark = [pytest.mark.sound, pytest.mark.model]


def test_a_voice_is_enrolled_at_the_microphone(
    software_microphone: SoftwareMicrophone, home: Path
) -> None:
    env = {**software_microphone.env, "VOICE_COACH_HOME": str(home)}
    command = [sys.executable, "-m", "voice_coach", "enrol"]
    with (
        software_microphone.quiet_room(),
        subprocess.Popen(
            [*command, "Leo"],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as enrolling,
    ):
        assert enrolling.stdout is not None
        for line in enrolling.stdout:
            if "waves." in line:
                break
        read = [read_recording(FIXTURES / each / "reply.wav").audio for each in READ]
        software_microphone.speak(Audio.joined(read)).wait()
        told, _ = enrolling.communicate(timeout=120)
    assert enrolling.returncode == 0, told
    assert "Leo's voice is known now" in told
    listed = subprocess.run([*command, "--json"], env=env, capture_output=True, check=True)
    assert [each["name"] for each in json.loads(listed.stdout)["enrolled"]] == ["Leo"]


def test_a_reading_at_the_microphone_ends_by_itself_and_is_kept(
    software_microphone: SoftwareMicrophone, home: Path
) -> None:
    with (
        software_microphone.quiet_room(),
        subprocess.Popen(
            [sys.executable, "-m", "voice_coach", "baseline", "--json"],
            env={**software_microphone.env, "VOICE_COACH_HOME": str(home)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as reading,
    ):
        assert reading.stderr is not None
        for line in reading.stderr:  # the passage is shown, then the microphone is heard
            if "week." in line:
                break
        software_microphone.speak(FIXTURES / "reflects" / "reply.wav").wait()
        told, wrong = reading.communicate(timeout=120)
    assert reading.returncode == 0, wrong
    kept = json.loads(told)
    assert kept["words"] >= 8
    assert kept["baseline"]["readings"] == 1
    assert 60 < kept["baseline"]["usual"]["pitch_median_hz"] < 400
    assert "level_db" in kept["baseline"]["usual"]
