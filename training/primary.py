# ruff: noqa: INP001 - a script, no package
"""Learns the small linear model of the main behaviour: ``python training/primary.py``.

Reads AnnoMI beside the checkout (``../shared/data/listening/annomi_train.jsonl``), each turn once
as written and once as a recogniser without punctuation would give it, and writes
``voice_coach/scoring/primary.json.gz``. With ``--folds`` it prints the figures of five folds
grouped by session instead. scikit-learn comes with librosa.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold

from voice_coach.scoring.listening import primary_inputs
from voice_coach.scoring.primary import primaries
from voice_coach.scoring.scorecard import PRIMARIES

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data" / "listening" / "annomi_train.jsonl"
WEIGHTS = ROOT / "voice_coach" / "scoring" / "primary.json.gz"
STRENGTH = 0.05
"""Inverse of the regularisation, chosen on the folds printed here."""
LEAST_SEEN = 3
"""Turns a feature must occur in."""


def bare(text: str) -> str:
    """The text as a recogniser without punctuation gives it."""
    return re.sub(r"[^\w\s'-]+", " ", text).lower()


def weights_of(turns: list[dict[str, Any]]) -> dict[str, list[float]]:
    """Feature name → one weight per behaviour, for features seen often enough; and "bias"."""
    both = [
        (primary_inputs(form(turn["line"]), form(turn["reply"]))[0], turn["primary"])
        for form in (str, bare)
        for turn in turns
    ]
    vectors = DictVectorizer()
    table = vectors.fit_transform([features for features, _ in both])
    often = np.flatnonzero(np.asarray((table > 0).sum(axis=0)).ravel() >= 2 * LEAST_SEEN)
    model = LogisticRegression(C=STRENGTH, max_iter=2000, class_weight="balanced")
    model.fit(table[:, often], [PRIMARIES.index(label) for _, label in both])
    names = vectors.get_feature_names_out()[often]
    weights = {
        str(name): [round(float(weight), 3) for weight in row]
        for name, row in zip(names, model.coef_.T, strict=True)
    }
    weights["bias"] = [round(float(bias), 3) for bias in model.intercept_]
    return weights


def folds(turns: list[dict[str, Any]]) -> None:
    """Prints the figures of five folds grouped by session, for both forms of the text."""
    sessions = [turn["id"].split("-")[1] for turn in turns]
    truth = np.array([PRIMARIES.index(turn["primary"]) for turn in turns])
    guesses = {form: np.zeros_like(truth) for form in (str, bare)}
    for train, test in GroupKFold(5).split(turns, groups=sessions):
        weights = weights_of([turns[i] for i in train])
        for form, guess in guesses.items():
            for i in test:
                inputs = primary_inputs(form(turns[i]["line"]), form(turns[i]["reply"]))
                shares = primaries(*inputs, weights)
                guess[i] = PRIMARIES.index(max(shares, key=lambda name: shares[name]))
    for form, guess in guesses.items():
        poor = np.array([turn["quality"] == "low" for turn in turns]) & (guess == 0)
        print(  # noqa: T201 - a script's figures
            f"AnnoMI, {'as written' if form is str else 'no punctuation'}: "
            f"reflection F1 {f1_score(truth == 0, guess == 0):.3f}, "
            f"four-way macro-F1 {f1_score(truth, guess, average='macro'):.3f}, reflection "
            f"precision on poor sessions {np.mean(truth[poor] == 0):.2f} ({poor.sum()} calls)"
        )


def main() -> int:
    """Writes the weights from all turns; with ``--folds`` prints the figures instead."""
    turns = [json.loads(row) for row in DATA.read_text(encoding="utf-8").splitlines()]
    if "--folds" in sys.argv[1:]:
        folds(turns)
        return 0
    packed = json.dumps(weights_of(turns), separators=(",", ":"), sort_keys=True).encode()
    WEIGHTS.write_bytes(gzip.compress(packed, 9, mtime=0))
    return 0


if __name__ == "__main__":
    sys.exit(main())
