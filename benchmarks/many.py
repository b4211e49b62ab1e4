"""A folder of recordings: how much quicker are two workers than one?

    python benchmarks/many.py [--files 20]

Recordings made of the project's own replies, base model. Target: 1.7 times on two cores.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import soundfile

from voice_coach.audio.files import read_recording
from voice_coach.audio.samples import SPEECH_RATE_HZ

FIXTURES = Path(__file__).resolve().parent.parent / "audio_fixtures"
REPLIES = ("reflects", "defends", "hijacks", "apologises", "reflects-2", "reflects-3")
LEAST = 1.7


def took_s(folder: Path, out: Path, workers: int) -> float:
    began = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "voice_coach", "analyze", str(folder), "--out", str(out),
         "--speakers", "2", "--workers", str(workers)],
        check=True, capture_output=True,
    )  # fmt: skip
    return time.monotonic() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=20)
    files = parser.parse_args().files
    sounds = [read_recording(FIXTURES / name / "reply.wav").audio.samples for name in REPLIES]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "talks")
        folder.mkdir()
        for n in range(files):
            order = [sounds[(n + k) % len(sounds)] for k in range(3)]
            soundfile.write(folder / f"{n:02d}.wav", np.concatenate(order), SPEECH_RATE_HZ)
        times = {n: took_s(folder, Path(scratch, f"found-{n}"), n) for n in (1, 2)}
    ratio = times[1] / times[2]
    print(
        f"{files} recordings: one worker {times[1]:.0f} s, two {times[2]:.0f} s: {ratio:.2f} times"
    )
    if ratio < LEAST:
        raise SystemExit(f"the target of {LEAST} was missed")


if __name__ == "__main__":
    main()
