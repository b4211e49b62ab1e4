"""The learnt part of the listening judge: a small network that reads line and reply together.

What it was learnt from, and how well it does, stands in ``training/README.md``. It runs in
onnxruntime on one core; its weights (int8) come with the package.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from voice_coach.errors import UserError
from voice_coach.scoring.scorecard import PRIMARIES, Empathy, Facet, Level, MoveKind, Primary
from voice_coach.scoring.tokens import Encoded, Tokens

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the network makes of a reply, as probabilities.

    ``moves`` name → does the reply make this move; ``thresholds`` name → from where that is taken
    for a yes. ``quality`` of 0, 1, 2, 3, 4 (training/GUIDELINES.md), ``kinds``, ``levels`` and
    ``flavours`` (of empathy) each sum to one, ``primaries`` too; ``facets`` are 0 to 1 each.
    ``tags`` (tokens, moves) is 0 to 1, ``places`` the characters (start, end) of each token.
    """

    moves: Mapping[MoveKind, float]
    thresholds: Mapping[MoveKind, float]
    quality: tuple[float, ...]
    facets: Mapping[Facet, float]
    primaries: Mapping[Primary, float]
    kinds: Mapping[str, float]
    levels: Mapping[Level, float]
    flavours: Mapping[Empathy, float]
    tags: Values
    places: tuple[tuple[int, int], ...]

    @property
    def expected_quality(self) -> float:
        """The mean of the quality, 0 to 4."""
        return float(np.dot(self.quality, np.arange(len(self.quality))))


class Network:
    """The weights in a folder: ``judge.onnx``, ``tokenizer.json``, ``card.json``.

    Raises UserError where one of them is not there.
    """

    def __init__(self, folder: Path) -> None:
        for name in ("judge.onnx", "tokenizer.json", "card.json"):
            if not (folder / name).is_file():
                raise UserError(
                    f"The listening model is incomplete: {name} is missing. Install Voice Coach "
                    "again."
                )
        self._session = on_one_core(folder / "judge.onnx")
        self._outputs = [output.name for output in self._session.get_outputs()]
        self._tokens = Tokens(folder / "tokenizer.json")
        self._card: dict[str, Any] = json.loads((folder / "card.json").read_text(encoding="utf-8"))

    @property
    def name(self) -> str:
        """Which weights these are: "listening@2"."""
        return f"{self._card['name']}@{self._card['version']}"

    def known_share(self, words: Sequence[str]) -> float:
        """The share of words that the network knows whole: most of English, little of others."""
        return self._tokens.known_share(words)

    def read(self, line: str, reply: str) -> Reading:
        """What the reply does, as an answer to the line."""
        windows = list(self._tokens.windows(line, reply))
        logits = [self._logits(window) for window in windows]
        card, names = self._card, self._card["outputs"]
        heat = card["temperatures"]
        # Of a very long reply, read in several windows, the worst is what remains with the hearer.
        steps = np.arange(len(names["quality"]))
        worst = min(logits, key=lambda one: float(softmax(one["quality"]) @ steps))

        def named(name: str, values: Values) -> dict[Any, float]:
            return dict(zip(names[name], map(float, values), strict=True))

        def shares(name: str) -> dict[Any, float]:
            return named(name, softmax(worst[name] / heat[name]))

        slopes, shifts = np.array(card["move_slopes"]), np.array(card["move_shifts"])
        moves = [_sigmoid(one["moves"] * slopes + shifts) for one in logits]
        behaviours = shares("behaviours")
        return Reading(
            moves=named("moves", np.max(moves, axis=0)),
            thresholds=card["thresholds"],
            quality=tuple(shares("quality").values()),
            facets=named("facets", np.max([_sigmoid(one["facets"]) for one in logits], axis=0)),
            primaries={
                primary: sum(
                    share for name, share in behaviours.items() if name.split(":")[0] == primary
                )
                for primary in PRIMARIES
            },
            kinds=shares("kind"),
            levels=shares("level"),
            flavours=shares("flavour"),
            tags=np.concatenate([_sigmoid(one["tags"]) for one in logits]),
            places=tuple(place for window in windows for place in window.places),
        )

    def _logits(self, window: Encoded) -> dict[str, Values]:
        """Every head's logits: one row; "tags" one row for each token of the reply."""
        feed = {
            "ids": np.array([window.ids]),
            "segments": np.array([window.segments]),
            "mask": np.ones((1, len(window.ids)), dtype=np.int64),
        }
        told = dict(zip(self._outputs, self._session.run(None, feed), strict=True))
        heads = {name: value[0].astype(np.float64) for name, value in told.items()}
        heads["tags"] = heads["tags"][window.first : window.first + len(window.places)]
        return heads


def on_one_core(weights: Path) -> Any:
    """A session of onnxruntime that runs these weights on one core and keeps little memory."""
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # Kept memory would pay for the longest text ever read; a text is read once.
    options.enable_cpu_mem_arena = False
    return InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])


@lru_cache(maxsize=1)
def shipped() -> Network:
    """The weights that come with the package, loaded once."""
    with as_file(files("voice_coach.scoring") / "learnt") as folder:
        return Network(folder)


def _sigmoid(values: Values) -> Values:
    result: Values = 1.0 / (1.0 + np.exp(-np.clip(values, -60, 60)))
    return result


def softmax(values: Values) -> Values:
    """Logits (n,) as probabilities (n,) that sum to one."""
    raised = np.exp(values - values.max())
    result: Values = raised / raised.sum()
    return result
