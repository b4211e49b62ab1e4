"""How well listening is judged, and how fast: ``python benchmarks/listening.py``.

AnnoMI (five folds grouped by session) where ``../shared/data`` is there; the model replies of our
own scenarios against their own line and against another scenario's; time for one reply.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import yaml

from voice_coach.scoring.listening import judge
from voice_coach.scoring.moves.said import unpunctuated

ROOT = Path(__file__).resolve().parents[1]
ANNOMI = ROOT.parent / "shared" / "data" / "listening" / "annomi_train.jsonl"
SEED = 1
ROUNDS = 200


def scored(line: dict[str, Any], reply: str) -> int:
    judged = judge(
        line["says"], reply, feels=line["feels"], needs=line["needs"], facts=line["facts"]
    )
    return judged.score or 0


def main() -> int:
    if ANNOMI.exists():
        subprocess.run([sys.executable, ROOT / "training" / "primary.py", "--folds"], check=True)
    else:
        print("AnnoMI: not measured, ../shared/data is not beside this checkout")
    lines: list[tuple[str, dict[str, Any]]] = []
    for path in sorted((ROOT / "scenarios").glob("*.yaml")):
        scenario = yaml.safe_load(path.read_text(encoding="utf-8"))
        lines += [(scenario["id"], line) for line in scenario["lines"]]
    choose = random.Random(SEED)  # noqa: S311 - picks the other line, nothing secret
    own, bare, wins = [], [], 0
    for scenario, line in lines:
        others = [other for name, other in lines if name != scenario]
        for reply in line["replies"]:
            own.append(scored(line, reply))
            bare.append(scored(line, unpunctuated(reply)))
            wins += own[-1] > scored(choose.choice(others), reply)
    print(
        f"Model replies of {len(lines)} lines ({len(own)}): mean {statistics.mean(own):.1f}, "
        f"without punctuation {statistics.mean(bare):.1f} "
        f"(Pearson {statistics.correlation(own, bare):.2f}); "
        f"own line above another's {wins / len(own):.3f}"
    )
    reply = "you waited two hours and you felt let down because i did not call at all " * 4
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        judge("You said seven and I sat here waiting.", reply)
        times.append(time.perf_counter() - began)
    print(f"One reply of 60 words: median {1000 * statistics.median(times):.1f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
