"""Every figure the README quotes, one benchmark after another.

make bench
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BENCHMARKS = (
    "start.py",
    "answer.py",
    "words.py",
    "listening.py",
    "turns.py",
    "articulation.py",
    "fillers.py",
    "pitch.py",
    "tone.py",
    "steady.py",
)


def main() -> None:
    here = Path(__file__).resolve().parent
    failed = []
    for name in BENCHMARKS:
        print(f"\n== {name}", flush=True)
        if subprocess.run([sys.executable, str(here / name)], check=False).returncode:
            failed.append(name)
    if failed:
        raise SystemExit(f"did not run through, or missed its target: {', '.join(failed)}")


if __name__ == "__main__":
    main()
