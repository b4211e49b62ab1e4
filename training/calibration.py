"""Making the probabilities mean what they say, on lines that the network did not learn from."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from corpus import Reply
from examples import MOVE_NAMES, PRIMARY_OF, Example, from_reply
from export import OUTPUTS
from scipy.optimize import minimize, minimize_scalar
from sklearn.metrics import f1_score

from voice_coach.scoring.tokens import Tokens

LEAST_SHOWN = 0.4
"""No move less likely than this is claimed, whatever F1 would gain: a wrong "this blames" hurts."""
RARE = 15
"""Fewer examples of a move than this choose no threshold of their own."""


def calibrate(folder: Path, tokens: Tokens, replies: Sequence[Reply]) -> dict:
    """Temperatures of the soft-maxed heads, slope and shift of each move, its threshold."""
    examples = [from_reply(tokens, reply) for reply in replies]
    logits = raw(folder, examples)
    wanted = np.stack([one.moves for one in examples])
    slopes, shifts, thresholds = [], [], {}
    for number, name in enumerate(MOVE_NAMES):
        slope, shift = _platt(logits["moves"][:, number], wanted[:, number])
        slopes.append(round(slope, 4))
        shifts.append(round(shift, 4))
        sure = 1 / (1 + np.exp(-(logits["moves"][:, number] * slope + shift)))
        thresholds[name] = _threshold(sure, wanted[:, number])
    heat = {
        "quality": _temperature(logits["quality"], [int(one.rank) for one in examples]),
        "level": _temperature(logits["level"], [one.level for one in examples]),
        "kind": _temperature(logits["kind"], [one.kind for one in examples]),
        "behaviours": _temperature_of_sets(logits["behaviours"], examples),
    }
    felt = [n for n, one in enumerate(examples) if one.flavour is not None]
    heat["flavour"] = _temperature(logits["flavour"][felt], [examples[n].flavour for n in felt])
    return {
        "outputs": {name: list(values) for name, values in OUTPUTS.items()},
        "temperatures": heat,
        "move_slopes": slopes,
        "move_shifts": shifts,
        "thresholds": thresholds,
    }


def raw(folder: Path, examples: Sequence[Example]) -> dict[str, np.ndarray]:
    """The shipped weights' logits for every head but the tags."""
    session = onnxruntime.InferenceSession(
        str(folder / "judge.onnx"), providers=["CPUExecutionProvider"]
    )
    names = [output.name for output in session.get_outputs()]
    rows = []
    for one in examples:
        feed = {
            "ids": np.array([one.ids]),
            "segments": np.array([one.segments]),
            "mask": np.ones((1, len(one.ids)), dtype=np.int64),
        }
        rows.append(dict(zip(names, session.run(None, feed), strict=True)))
    return {name: np.concatenate([row[name] for row in rows]) for name in names if name != "tags"}


def _platt(logits: np.ndarray, wanted: np.ndarray) -> tuple[float, float]:
    """Slope and shift of a logistic curve through the logits, drawn towards 1 and 0."""

    def loss(at: np.ndarray) -> float:
        z = logits * at[0] + at[1]
        spread = np.logaddexp(0, z) - wanted * z
        return float(spread.sum() + 2 * (at[0] - 1) ** 2 + 0.5 * at[1] ** 2)

    found = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return float(found[0]), float(found[1])


def _threshold(sure: np.ndarray, wanted: np.ndarray) -> float:
    """The probability with the best F1; a half for a rare move, or where nothing is gained."""
    if wanted.sum() < RARE:
        return 0.5
    tried = np.arange(LEAST_SHOWN, 0.71, 0.05)
    scores = [f1_score(wanted, sure >= least, zero_division=0) for least in tried]
    near = [
        least for least, score in zip(tried, scores, strict=True) if score >= max(scores) - 0.005
    ]
    return round(float(min(near, key=lambda least: abs(least - 0.5))), 2)


def _temperature(logits: np.ndarray, wanted: Sequence[int]) -> float:
    def loss(heat: float) -> float:
        z = logits / heat
        z = z - z.max(-1, keepdims=True)
        logs = z - np.log(np.exp(z).sum(-1, keepdims=True))
        return float(-logs[np.arange(len(wanted)), list(wanted)].mean())

    return round(float(minimize_scalar(loss, bounds=(0.3, 3.0), method="bounded").x), 3)


def _temperature_of_sets(logits: np.ndarray, examples: Sequence[Example]) -> float:
    """As above, where what is right is one of several behaviours of the same main kind."""
    right = np.stack([np.isin(PRIMARY_OF, PRIMARY_OF[one.behaviours]) for one in examples])

    def loss(heat: float) -> float:
        z = np.exp((logits - logits.max(-1, keepdims=True)) / heat)
        return float(-np.log((z * right).sum(-1) / z.sum(-1)).mean())

    return round(float(minimize_scalar(loss, bounds=(0.3, 3.0), method="bounded").x), 3)
