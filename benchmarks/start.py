"""How soon the program is there: its help, and the partner's first word.

    python benchmarks/start.py [--runs 5]

Targets: `voice-coach --help` <= 0.4 s; from the command to the partner's first word <= 3 s with the
models in place. Measured on the software microphone, by the sound that left the loudspeaker: once
with --no-setting (the partner speaks first), once as it comes (the setting is read out first; then
the figure is the first word of the setting).
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from soundserver import SoftwareMicrophone

RATE_HZ = 16_000
AUDIBLE = 0.01


def help_s() -> float:
    began_s = time.perf_counter()
    subprocess.run([sys.executable, "-m", "voice_coach", "--help"], check=True, capture_output=True)
    return time.perf_counter() - began_s


def first_word_s(server: SoftwareMicrophone, home: Path, *options: str) -> float:
    """Seconds from starting the command to the first audible sample at the loudspeaker."""
    env = {**os.environ, **server.env, "VOICE_COACH_HOME": str(home)}
    recorder = subprocess.Popen(
        ["parec", "-d", "speaker.monitor", "--raw", "--format=s16le", "--channels=1",
         f"--rate={RATE_HZ}", "--latency-msec=10"],
        stdout=subprocess.PIPE, env=env,
    )  # fmt: skip
    assert recorder.stdout is not None  # noqa: S101
    recorder.stdout.read(RATE_HZ // 5)
    began_s = time.perf_counter()
    program = subprocess.Popen(
        [sys.executable, "-m", "voice_coach", "practice", *options],
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        while time.perf_counter() - began_s < 30:
            heard = np.frombuffer(recorder.stdout.read(RATE_HZ // 50 * 2), "<i2") / 32768
            if np.abs(heard).max() > AUDIBLE:
                return time.perf_counter() - began_s
    finally:
        program.terminate()
        program.wait()
        recorder.terminate()
        recorder.wait()
    raise RuntimeError("nothing was heard within 30 s")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    helps = [help_s() for _ in range(runs + 1)][1:]
    print(f"voice-coach --help: median {statistics.median(helps):.2f} s (target 0.40)")
    with tempfile.TemporaryDirectory() as folder, SoftwareMicrophone() as server:
        home = Path(folder) / "home"
        for title, options in (("partner's line", ["--no-setting"]), ("setting", [])):
            first = first_word_s(server, home, *options)
            again = [first_word_s(server, home, *options) for _ in range(runs)]
            print(
                f"command to the first word of the {title}: "
                f"median {statistics.median(again):.2f} s, worst {max(again):.2f} s (target 3.00); "
                f"the very first time {first:.2f} s"
            )


if __name__ == "__main__":
    main()
