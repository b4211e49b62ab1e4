"""The calm reading at a real sound path: PortAudio and the software microphone."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from soundserver import SoftwareMicrophone

FIXTURES = Path(__file__).resolve().parents[2] / "audio_fixtures"

pytestmark = [pytest.mark.sound, pytest.mark.model]


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
