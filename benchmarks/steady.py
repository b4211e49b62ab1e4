"""Ten minutes of practice on the software microphone, the recogniser busy: is anything lost?

    python benchmarks/steady.py [--minutes 10]

A sitting with a scenario of many lines runs as a person would start it, while replies are played
into the microphone. Targets: no frame lost, memory under 900 MB and flat.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from memory import resident_mb

from voice_coach.speech.endpoint import PATIENCE_S

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from soundserver import SoftwareMicrophone

FIXTURES = Path(__file__).resolve().parent.parent / "audio_fixtures"
REPLIES = ("reflects", "long-pause", "apologises", "defends", "reflects-2", "hijacks")
MOST_MB = 900


def long_scenario(path: Path, lines: int) -> Path:
    """A scenario whose lines follow one another whatever is replied."""
    said = "I waited for you again, and I felt like a fool for believing you. Line {}."
    asked = {
        "id": "long-talk", "title": "A long talk", "about": "couple", "heat": "calm",
        "setting": "An evening at home.",
        "partner": {"name": "Maya", "voice": "female", "relation": "your wife"},
        "start": "line-1",
        "lines": [
            {
                "id": f"line-{n}", "says": said.format(n), "feels": ["hurt"],
                "needs": ["to rely on you"], "facts": ["waited"],
                "replies": ["You waited for me and it hurt.", "You felt foolish, waiting alone."],
                "branches": dict.fromkeys(
                    ("softens", "repeats", "escalates"), f"line-{n + 1}" if n < lines else None
                ),
            }
            for n in range(1, lines + 1)
        ],
    }  # fmt: skip
    path.write_text(yaml.safe_dump(asked), encoding="utf-8")
    return path


def count(events: Path, name: str) -> int:
    text = events.read_text(encoding="utf-8") if events.exists() else ""
    return sum(json.loads(line)["event"] == name for line in text.splitlines())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=10.0)
    minutes = parser.parse_args().minutes
    with tempfile.TemporaryDirectory() as folder, SoftwareMicrophone() as microphone:
        events = Path(folder) / "events.jsonl"
        scenario = long_scenario(Path(folder) / "long-talk.yaml", lines=60)
        env = {**os.environ, **microphone.env, "VOICE_COACH_HOME": str(Path(folder) / "home")}
        with microphone.quiet_room():
            program = subprocess.Popen(
                [sys.executable, "-m", "voice_coach", "practice", str(scenario),
                 "--events", str(events)],
                env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            )  # fmt: skip
            memory = follow(program, microphone, events, minutes)
            program.send_signal(signal.SIGINT)
            program.wait(timeout=30)
        told: list[dict[str, Any]] = [json.loads(line) for line in events.read_text().splitlines()]
    median, p95 = np.percentile(waits_s(told), (50, 95))
    print(
        f"end of the turn to the first sample of feedback, sound device included: "
        f"median {median:.2f} s, 95th percentile {p95:.2f} s (target 0.40, 0.80)"
    )
    half = len(memory) // 2
    print(
        f"{count_of(told, 'Scored')} replies in {told[-1]['at_s'] / 60:.1f} minutes; "
        f"lost {told[-1].get('lost_s', float('nan')):.3f} s of sound (target 0)"
    )
    print(
        f"memory: {np.median(memory[half // 2 : half]):.0f} MB in the second quarter, "
        f"{np.median(memory[-half // 2 :]):.0f} MB in the last, {max(memory):.0f} MB at most "
        f"(target {MOST_MB}, flat)"
    )


def waits_s(told: list[dict[str, Any]]) -> list[float]:
    """From each turn's end by silence to the first sample of its feedback, devices included."""
    ended = {event["attempt"]: event for event in told if event["event"] == "TurnEnded"}
    return [
        event["start_s"] - ended[event["attempt"]]["end_s"] - PATIENCE_S
        for event in told
        if event["event"] == "FeedbackSpoken"
        and event["start_s"] is not None
        and ended[event["attempt"]]["ended_by"] == "silence"
    ]


def count_of(told: list[dict[str, Any]], name: str) -> int:
    return sum(event["event"] == name for event in told)


def follow(
    program: subprocess.Popen[bytes], microphone: SoftwareMicrophone, events: Path, minutes: float
) -> list[float]:
    """Answer each line with a recording until the time is over; the memory every second, MB."""
    memory: list[float] = []
    answered = 0
    until_s = time.monotonic() + 60 * minutes
    while time.monotonic() < until_s and program.poll() is None:
        time.sleep(1.0)
        if program.poll() is None:
            memory.append(resident_mb(program.pid))
        if count(events, "LineSpoken") > answered:
            microphone.speak(FIXTURES / REPLIES[answered % len(REPLIES)] / "reply.wav")
            answered += 1
    return memory


if __name__ == "__main__":
    main()
