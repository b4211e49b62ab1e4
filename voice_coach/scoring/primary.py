"""The main behaviour of a reply, in the sense of motivational interviewing: a small linear model.

Words and word pairs of the reply, what the rules found, and how much of the line is taken up, in
one multinomial logistic regression. Learnt from AnnoMI (counsellor turns, released as public
domain in March 2023) by ``training/primary.py``; the weights ship as ``primary.json.gz``.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from math import exp

from voice_coach.scoring.moves.find import Found
from voice_coach.scoring.moves.said import Clause
from voice_coach.scoring.scorecard import PRIMARIES, Primary

WEIGHTS = "primary.json.gz"
RULES_SAY = 1.0
"""Power of what the rules found beside the learnt model. Chosen: more costs F1 on AnnoMI."""
START = 0.25
"""What each behaviour has before anything is found. Chosen."""
QUESTION_PART, OTHER_PART = 1.5, 0.5
"""How a question weighs: it is seldom another thing; and how support, sorry, encouragers do: they
come beside anything. Chosen.
"""
LENGTHS, LINE_LENGTHS = (2, 4, 8, 16, 32, 64), (1, 3, 8, 20)
"""Words from which a reply, a line, counts as that long. Chosen."""
HARM_KEEPS = 0.1
"""Share of "reflection" that each harm leaves: blame may come dressed as one. Chosen."""


def features_of(
    clauses: Sequence[Clause], found: Sequence[Found], *, taken: float, line_words: int
) -> dict[str, float]:
    """Feature name → value: words, pairs, the reply's ends, moves, take-up of the line (0-1)."""
    words = [said.word for clause in clauses for said in clause.words]
    named: list[str] = [f"w {word}" for word in words]
    named += [f"p {a} {b}" for a, b in pairwise(words)]
    named += [f"c {' '.join(said.word for said in c.words[:2])}" for c in clauses]
    named += [f"f {' '.join(words[:n])}" for n in (1, 2, 3)]
    named += [f"l {' '.join(said.word for said in c.words[:3])}" for c in clauses[-1:]]
    values: dict[str, float] = dict.fromkeys(named, 1.0)
    values["asks"] = float(any(clause.asks for clause in clauses))
    values["asks last"] = float(bool(clauses) and clauses[-1].asks)
    for one in found:
        values[f"m {one.kind}"] = max(values.get(f"m {one.kind}", 0.0), one.confidence)
    if found:
        values[f"last {found[-1].kind}"] = 1.0
    values["taken"] = taken
    length = len(words)
    values |= {f"length {n}": 1.0 for n in LENGTHS if length >= n}
    values |= {f"line {n}": 1.0 for n in LINE_LENGTHS if line_words >= n}
    return values


def primaries(
    features: Mapping[str, float],
    found: Sequence[Found],
    weights: Mapping[str, Iterable[float]],
) -> dict[Primary, float]:
    """Probability of each behaviour; they sum to 1.

    The model has read counsellors, who neither attack nor explain themselves; so what the rules
    found weighs in, as a factor.
    """
    totals = list(weights["bias"])
    for name, value in features.items():
        for index, weight in enumerate(weights.get(name, ())):
            totals[index] += value * weight
    shares = _by_rule(found)
    raised = [
        exp(total - max(totals)) * shares[name] ** RULES_SAY
        for name, total in zip(PRIMARIES, totals, strict=True)
    ]
    return {name: share / sum(raised) for name, share in zip(PRIMARIES, raised, strict=True)}


def _by_rule(found: Sequence[Found]) -> dict[Primary, float]:
    """How much each behaviour has of what the rules found."""
    shares: dict[Primary, float] = dict.fromkeys(PRIMARIES, START)
    for one in found:
        if one.kind in {"blaming", "judging", "minimising"}:
            shares["reflection"] *= HARM_KEEPS
            shares["other"] += one.confidence
        elif one.kind.startswith("reflection"):
            shares["reflection"] += one.confidence
        elif one.kind in {"open_question", "closed_question", "check_in"}:
            shares["question"] += QUESTION_PART * one.confidence
        elif one.kind in {"advice", "defending", "hijacking"}:
            shares["input"] += one.confidence
        else:
            shares["other"] += OTHER_PART * one.confidence
    return shares


@lru_cache(maxsize=1)
def shipped_weights() -> dict[str, list[float]]:
    """The weights that come with the package: feature name → one weight per behaviour."""
    packed = files("voice_coach.scoring").joinpath(WEIGHTS).read_bytes()
    loaded: dict[str, list[float]] = json.loads(gzip.decompress(packed))
    return loaded
