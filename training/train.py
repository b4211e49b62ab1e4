"""Makes the listening model: `python training/train.py`.

Fits the network to the train lines of the corpus and to the AnnoMI turns, writes int8 weights,
calibrates their probabilities on the dev lines and puts all of it into training/model.
`--folds` instead measures AnnoMI in five folds grouped by session, each fitted anew to the other
folds and to our own counselling talks, and writes the figures to training/folds.json. The corpus
takes no part there: it made no difference on one fold, and five times the time.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from calibration import calibrate
from corpus import HERE, read_all, split_of
from counselling import read_counselling
from examples import ANNOMI, PRIMARIES, from_annomi, read_annomi, session_of
from export import export
from fit import Settings, ask, fit, primaries
from net import start_folder
from onward import shipped_state
from sklearn.metrics import f1_score, precision_score

from voice_coach.scoring.tokens import Tokens

NAME, VERSION = "listening", 3
SHIPPED = HERE.parent / "voice_coach" / "scoring" / "learnt"
ONWARD = {
    "passes": 2, "rate": 1.7e-4, "head_rate": 5e-4, "thrice": ("refusing", "honest", "answering"),
}  # fmt: skip
"""How weights that have learnt already learn on. One pass at 7e-5 learnt too little. Chosen."""
FOLDS = 5
SAVED = "fit.pt"
"""A fit broken off, in the model's folder; the same command takes it up again."""


def make(settings: Settings, folder: Path, *, onward: bool = False) -> None:
    """Fits, exports, calibrates, writes the card."""
    tokens = Tokens(start_folder() / "tokenizer.json")
    corpus, turns = read_all(), read_annomi()
    if not turns:
        sys.exit(f"error: {ANNOMI} is not there, and the model learns from it too")
    learnt = [reply for reply in corpus if split_of(reply.line) == "train"]
    folder.mkdir(parents=True, exist_ok=True)
    net = fit(
        tokens,
        learnt,
        turns + read_counselling(),
        settings,
        start=shipped_state(SHIPPED) if onward else None,
        saved=folder / SAVED,
    )
    export(net, folder)
    card = {"name": NAME, "version": VERSION, "bytes": (folder / "judge.onnx").stat().st_size}
    card |= {"settings": asdict(settings)}
    card |= calibrate(
        folder,
        tokens,
        [reply for reply in corpus if split_of(reply.line) == "dev"],
    )
    if onward:
        card["begun_with"] = json.loads((SHIPPED / "card.json").read_text(encoding="utf-8"))[
            "version"
        ]
    (folder / "card.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    (folder / SAVED).unlink(missing_ok=True)
    print(f"written: {folder}")


def folds_of(turns: Sequence[dict]) -> Iterator[np.ndarray]:
    """Which turns are held out, five times; no conversation is in both halves."""
    sessions = sorted({session_of(turn) for turn in turns}, key=int)
    random.Random(0).shuffle(sessions)
    for number in range(FOLDS):
        out = set(sessions[number::FOLDS])
        yield np.array([session_of(turn) in out for turn in turns])


def measure_folds(settings: Settings) -> None:
    """AnnoMI in five folds."""
    tokens = Tokens(start_folder() / "tokenizer.json")
    turns, ours = read_annomi(), read_counselling()
    told = np.zeros((len(turns), len(PRIMARIES)))
    right = np.array([PRIMARIES.index(turn["primary"]) for turn in turns])
    poor = np.array([turn["quality"] == "low" for turn in turns])
    each = []
    for number, at in enumerate(folds_of(turns), 1):
        began = time.time()
        learnt = [turn for turn, held in zip(turns, at, strict=True) if not held]
        net = fit(tokens, [], learnt + ours, settings, tell=False)
        tested = [from_annomi(tokens, turn) for turn, held in zip(turns, at, strict=True) if held]
        told[at] = primaries(ask(net, tested)["behaviours"])
        each.append(_figures(told[at], right[at], poor[at]))
        print(f"fold {number}: {each[-1]} ({time.time() - began:.0f} s)", flush=True)
    figures = {"settings": asdict(settings), "all": _figures(told, right, poor), "folds": each}
    (HERE / "folds.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(figures["all"])


def _figures(told: np.ndarray, right: np.ndarray, poor: np.ndarray) -> dict[str, float | None]:
    said = told.argmax(-1)
    return {
        "reflection_f1": round(float(f1_score(right == 0, said == 0)), 4),
        "macro_f1": round(float(f1_score(right, said, average="macro")), 4),
        "poor_precision": round(
            float(precision_score(right[poor] == 0, said[poor] == 0, zero_division=0)), 4
        )
        if (said[poor] == 0).any()
        else None,
        "poor_calls": int((said[poor] == 0).sum()),
        "poor_reflections": int((right[poor] == 0).sum()),
        "turns": len(right),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folds", action="store_true", help="measure AnnoMI in five folds instead")
    parser.add_argument("--onward", action="store_true", help="begin with the shipped weights")
    parser.add_argument("--seed", type=int, default=Settings().seed)
    parser.add_argument("--to", type=Path, default=HERE / "model", help="where the model goes")
    asked = parser.parse_args()
    if asked.folds:
        measure_folds(Settings(seed=asked.seed, passes=3, rate=2.5e-4, turns_a_batch=48))
    elif asked.onward:
        make(Settings(seed=asked.seed, **ONWARD), asked.to, onward=True)
    else:
        make(Settings(seed=asked.seed), asked.to)
