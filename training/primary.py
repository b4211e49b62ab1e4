"""Learns the small linear model of the main behaviour: ``python training/primary.py``.

Reads AnnoMI beside the checkout (``../shared/data/listening/annomi_train.jsonl``), each turn once
as written and once as a recogniser without punctuation would give it, and writes
``voice_coach/scoring/primary.json.gz``; nothing in it is drawn by chance, so the same data gives
the same bytes. With ``--folds`` it prints the figures of five folds grouped by session instead.
scikit-learn comes with librosa. What is learnt and what it is good for: ``README.md`` beside this.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold

from voice_coach.scoring.listening import primary_inputs
from voice_coach.scoring.moves.said import clauses_of, unpunctuated
from voice_coach.scoring.primary import primaries
from voice_coach.scoring.scorecard import PRIMARIES

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data" / "listening" / "annomi_train.jsonl"
WEIGHTS = ROOT / "voice_coach" / "scoring" / "primary.json.gz"
STRENGTH = 0.05
"""Inverse of the regularisation, chosen on the folds printed here."""
LEAST_SEEN = 3
"""Turns a feature must occur in. Chosen."""
LEAST_SESSIONS = 5
"""Sessions a feature must occur in: what only few people say tells of them, not of listening."""
NAME_SHARE = 0.5
"""Share of a word's places inside a sentence, written with a capital, that makes it a name. Chosen.
"""
FOLDS = 5
ROUNDS = 2000
"""Steps the fit may take; it ends far sooner."""
SEED = 1
"""Given to the fit, which does not use chance with this solver."""

Turn = dict[str, Any]
FORMS: tuple[Callable[[str], str], ...] = (str, unpunctuated)
_MID_SENTENCE = re.compile(r"(?<=[a-z,] )[A-Za-z][A-Za-z'’]*")
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Doctor)\b[. ]+([A-Z][a-z]+)")


def session_of(turn: Turn) -> str:
    """The conversation a turn belongs to: "annomi-12-34" → "12"."""
    return str(turn["id"]).split("-")[1]


def names_in(turns: Sequence[Turn]) -> frozenset[str]:
    """Words of these turns that are written as names: people, places, makers."""
    seen: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for turn in turns:
        for word in _MID_SENTENCE.findall(f"{turn['line']}\n{turn['reply']}"):
            seen[word.lower()] += 1
            capital[word.lower()] += word[0].isupper() and not word.startswith(("I'", "I’"))
    for turn in turns:
        for word in _TITLED.findall(f"{turn['line']}\n{turn['reply']}"):
            seen[word.lower()] = capital[word.lower()] = 1
    named = {word for word, count in seen.items() if capital[word] > NAME_SHARE * count} - {"i"}
    return frozenset(part for word in named for part in _spelled(word))


def weights_of(turns: Sequence[Turn]) -> dict[str, list[float]]:
    """Feature name → one weight per behaviour, and "bias".

    Kept are features that occur in enough turns and enough sessions and hold no name.
    """
    both = [
        (primary_inputs(form(turn["line"]), form(turn["reply"]))[0], turn["primary"])
        for form in FORMS
        for turn in turns
    ]
    vectors = DictVectorizer()
    table = vectors.fit_transform([features for features, _ in both])
    names = vectors.get_feature_names_out()
    kept = _kept(turns, table > 0, names)
    model = LogisticRegression(
        C=STRENGTH, max_iter=ROUNDS, class_weight="balanced", random_state=SEED
    )
    model.fit(table[:, kept], [PRIMARIES.index(label) for _, label in both])
    weights = {
        str(name): [round(float(weight), 3) for weight in row]
        for name, row in zip(names[kept], model.coef_.T, strict=True)
    }
    weights["bias"] = [round(float(bias), 3) for bias in model.intercept_]
    return weights


def _kept(turns: Sequence[Turn], there: Any, names: Any) -> Any:
    """Columns of the features worth keeping."""
    rows = [session_of(turn) for _ in FORMS for turn in turns]
    places = {session: at for at, session in enumerate(dict.fromkeys(rows))}
    columns = there.tocoo()
    of_session = {
        (places[rows[row]], column) for row, column in zip(columns.row, columns.col, strict=True)
    }
    sessions = np.bincount([column for _, column in of_session], minlength=there.shape[1])
    turns_in = np.asarray(there.sum(axis=0)).ravel()
    people = names_in(turns)
    plain = np.array([people.isdisjoint(name.split()[1:]) for name in names])
    often = (turns_in >= len(FORMS) * LEAST_SEEN) & (sessions >= LEAST_SESSIONS)
    return np.flatnonzero(often & plain)


def _spelled(word: str) -> list[str]:
    return [said.word for clause in clauses_of(word) for said in clause.words]


def folds(turns: Sequence[Turn]) -> None:
    """Prints the figures of five folds grouped by session, for both forms of the text."""
    truth = np.array([PRIMARIES.index(turn["primary"]) for turn in turns])
    guesses = {form: np.zeros_like(truth) for form in FORMS}
    sessions = [session_of(turn) for turn in turns]
    for train, test in GroupKFold(FOLDS).split(turns, groups=sessions):
        weights = weights_of([turns[i] for i in train])
        for form, guess in guesses.items():
            for i in test:
                inputs = primary_inputs(form(turns[i]["line"]), form(turns[i]["reply"]))
                shares = primaries(*inputs, weights)
                guess[i] = PRIMARIES.index(max(shares, key=lambda name: shares[name]))
    low = np.array([turn["quality"] == "low" for turn in turns])
    for form, guess in guesses.items():
        poor = low & (guess == 0)
        print(
            f"AnnoMI, {'as written' if form is str else 'no punctuation'}: "
            f"reflection F1 {f1_score(truth == 0, guess == 0):.3f}, "
            f"four-way macro-F1 {f1_score(truth, guess, average='macro'):.3f}, reflection "
            f"precision on poor sessions {np.mean(truth[poor] == 0):.2f} ({poor.sum()} calls)"
        )


def main() -> int:
    """Writes the weights from all turns; with ``--folds`` prints the figures instead."""
    turns: list[Turn] = [json.loads(row) for row in DATA.read_text(encoding="utf-8").splitlines()]
    if "--folds" in sys.argv[1:]:
        folds(turns)
        return 0
    packed = json.dumps(weights_of(turns), separators=(",", ":"), sort_keys=True).encode()
    WEIGHTS.write_bytes(gzip.compress(packed, 9, mtime=0))
    return 0


if __name__ == "__main__":
    sys.exit(main())
