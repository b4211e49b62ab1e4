"""An hour's recording of two people on one microphone: how long does its analysis take?

    python benchmarks/hour.py [--minutes 60] [--model base]

The whole analysis, through the command (``voice-coach analyze --speakers 2 --html``), beside plain
faster-whisper's own batched pipeline with the same model, in the same run; each in a process of its
own. The hour is telephone dialogues (SpokenWOZ, for measuring only), one after another, or without
../shared/data the project's own replies. Targets: 1.25 times at most, under 1.5 GB.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import soundfile

from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.home import home_dir
from voice_coach.speech.models import DEFAULT_MODEL, ensure_model

HERE = Path(__file__).resolve().parent
CALLS = HERE.parents[1] / "shared/data/audio/conversation/spokenwoz"
FIXTURES = HERE.parent / "audio_fixtures"
MOST_TIMES, MOST_GB = 1.25, 1.5
PLAINLY = """
import sys
from faster_whisper import BatchedInferencePipeline, WhisperModel
model = WhisperModel(sys.argv[1], device="cpu", compute_type="int8")
options = {"beam_size": 1, "word_timestamps": True} if sys.argv[3:] else {}
parts, _ = BatchedInferencePipeline(model).transcribe(sys.argv[2], language="en", **options)
print(sum(len(part.text.split()) for part in parts), "words")
"""


def one_channel(path: Path) -> np.ndarray:
    """All of a recording as one channel at 16 kHz."""
    samples, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
    return Audio(samples.mean(axis=1), rate_hz).at_rate(SPEECH_RATE_HZ).samples


def recording_of(minutes: float, path: Path) -> str:
    """Write so many minutes of talk; says of what."""
    files, what = sorted(CALLS.glob("*.wav")), "telephone dialogues"
    if not files:
        files, what = sorted(FIXTURES.glob("*/reply.wav")), "the project's own replies"
    gap = np.zeros(SPEECH_RATE_HZ // 2, np.float32)
    pieces: list[np.ndarray] = []
    left = round(60 * minutes * SPEECH_RATE_HZ)
    while left > 0:
        for file in files:
            pieces += [one_channel(file), gap]
            left -= len(pieces[-2]) + len(gap)
            if left <= 0:
                break
    whole = np.concatenate(pieces)[: round(60 * minutes * SPEECH_RATE_HZ)]
    soundfile.write(path, whole, SPEECH_RATE_HZ)
    return what


def measured(command: list[str]) -> tuple[float, float]:
    """Seconds that a command takes, and the most memory it has, in GB."""
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command[:4]} failed")
    return time.monotonic() - began, used.ru_maxrss / 1024**2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--model", default=DEFAULT_MODEL)
    asked = parser.parse_args()
    model = str(ensure_model(asked.model, home_dir()))
    with tempfile.TemporaryDirectory() as scratch:
        recording = str(Path(scratch, "talk.wav"))
        what = recording_of(asked.minutes, Path(recording))
        print(f"{asked.minutes:g} minutes of {what}, model {asked.model}", flush=True)
        plain = [sys.executable, "-c", PLAINLY, model, recording]
        ours = [sys.executable, "-m", "voice_coach", "analyze", recording, "--speakers", "2"]
        ours += ["--model", asked.model, "--html", str(Path(scratch, "report.html"))]
        ways = {"plain": plain, "plain, as we ask it": [*plain, "so"], "the whole analysis": ours}
        found = {}
        for way, command in ways.items():
            found[way] = measured(command)
            print(f"{way:20} {found[way][0]:6.0f} s, {found[way][1]:.2f} GB", flush=True)
    times = found["the whole analysis"][0] / found["plain"][0]
    gigabytes = found["the whole analysis"][1]
    print(f"{times:.2f} times plain (target {MOST_TIMES}); {gigabytes:.2f} GB (target {MOST_GB})")
    if times > MOST_TIMES or gigabytes > MOST_GB:
        raise SystemExit("a target was missed")


if __name__ == "__main__":
    main()
