"""Ten thousand recordings: does the folder's run stay flat, and is it taken up again in seconds?

    python benchmarks/ten_thousand.py [--files 10000]

Simulated: each recording is a tiny file, and a worker writes one stored result, that of a real talk
of some minutes, instead of analysing. All else is as in ``voice-coach analyze FOLDER``: the process
pool, what is handed out ahead, the results one by one, the summary. Then once more with a hundredth
of the results missing, as after a run broken off. Targets: memory flat, taken up in seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from pathlib import Path

from hour import recording_of
from memory import resident_mb

from voice_coach.recordings import batch
from voice_coach.recordings.batch import Asked, Done, analysed, run
from voice_coach.recordings.writing import write
from voice_coach.speech.models import DEFAULT_MODEL

TALK_MINUTES = 3.0
A_FOLDER = 500
"""Recordings in each folder."""
MOST_GROWTH_MB, MOST_RESUME_S = 30.0, 30.0
STORED = "VOICE_COACH_STORED_RESULT"
"""Environment: the stored result's path, for the workers."""


def from_store(path: str, out: str, asked: Asked, threads: int) -> Done:  # noqa: ARG001
    """What a worker does here instead of :func:`batch.analyse_one`."""
    Path(out).parent.mkdir(parents=True, exist_ok=True)
    write(Path(out), Path(os.environ[STORED]).read_text(encoding="utf-8"))
    return Done(recording=path)


def stored_result(path: Path, folder: Path) -> None:
    """The result of a real talk of TALK_MINUTES."""
    talk = folder / "talk.wav"
    recording_of(TALK_MINUTES, talk)
    told = analysed(talk, Asked(home="", model=DEFAULT_MODEL, speakers=2), 0)
    path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=10_000)
    files = parser.parse_args().files
    batch.analyse_one = from_store
    with tempfile.TemporaryDirectory() as scratch:
        os.environ[STORED] = str(Path(scratch, "stored.json"))
        stored_result(Path(os.environ[STORED]), Path(scratch))
        talks, out = Path(scratch, "talks"), Path(scratch, "found")
        for n in range(files):
            talk = talks / f"{n // A_FOLDER:03d}" / f"{n:05d}.wav"
            talk.parent.mkdir(parents=True, exist_ok=True)
            talk.write_bytes(b"RIFF")
        size_kb = Path(os.environ[STORED]).stat().st_size / 1024
        print(f"{files} recordings, each result {size_kb:.0f} kB", flush=True)
        memory: list[float] = []

        def told(_: Done, number: int, count: int) -> None:
            if number % max(1, count // 20) == 0:
                memory.append(resident_mb())

        asked = Asked(home="", model=DEFAULT_MODEL)
        times = []
        for missing in (files, files // 100, 0):
            if missing < files:
                for result in sorted(out.glob("*/*.json"))[:missing]:
                    result.unlink()
            began = time.monotonic()
            done, _ = run(talks, out, asked, workers=2, told=told)
            times.append(time.monotonic() - began)
            print(f"{len(done)} of {files} missing: {times[-1]:.1f} s", flush=True)
            if len(done) != missing:
                raise SystemExit(f"{len(done)} were done, {missing} were missing")
            if missing == files:
                growth_mb = max(memory[10:]) - max(memory[2:10])
                print(f"memory {memory[2]:.0f} MB early, {memory[-1]:.0f} MB at the end")
    if growth_mb > MOST_GROWTH_MB or times[1] > MOST_RESUME_S:
        raise SystemExit("a target was missed")


if __name__ == "__main__":
    main()
