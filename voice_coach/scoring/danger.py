"""The learnt part of the watch over danger: a small network that reads what somebody said.

It knows threats, violence, control and the wish to die in words that no pattern foresees. What it
was learnt from and how often it errs stands in ``training/README.md``. onnxruntime, one core, int8.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from voice_coach.errors import UserError
from voice_coach.scoring.network import on_one_core, softmax
from voice_coach.scoring.said import printable

DangerKind = Literal["threat", "violence", "coercion", "self_harm"]
MOST_TOKENS = 128
"""More than a window of WINDOW words holds."""
WINDOW, STEP = 60, 30
"""Words that are read at once, and by how many each window is after the one before: a clause in
passing is lost in a long turn. Chosen: it has learnt from turns of up to some sixty words."""
FEWEST_WORDS = 3
"""Fewer words do not say what they are of. Chosen: the shortest phrases learnt have 3."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Danger:
    """What somebody's words may be of, how sure that is (0 to 1), and where [start, end)."""

    kind: DangerKind
    sure: float
    start: int
    end: int


class DangerNetwork:
    """The weights in a folder: ``danger.onnx``, ``card.json``; the tokenizer is the judge's.

    Raises UserError where one of them is not there.
    """

    def __init__(self, folder: Path, tokenizer: Path) -> None:
        from tokenizers import Tokenizer

        for file in (folder / "danger.onnx", folder / "card.json", tokenizer):
            if not file.is_file():
                raise UserError(
                    f"The network that watches for danger is incomplete: {file.name} is missing. "
                    "Install Voice Coach again."
                )
        self._session = on_one_core(folder / "danger.onnx")
        self._pieces = Tokenizer.from_file(str(tokenizer))
        self._pieces.no_padding()
        self._pieces.no_truncation()
        card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
        self._least: float = card["least"]
        self._kinds: tuple[str, ...] = tuple(card["kinds"])

    def shares(self, text: str) -> dict[str, float]:
        """The probability of each kind, "none" among them; of the text's end where it is long."""
        ids = self._pieces.encode(printable(text), add_special_tokens=False).ids[-MOST_TOKENS:]
        start, end = (self._pieces.token_to_id(name) for name in ("[CLS]", "[SEP]"))
        (logits,) = self._session.run(None, {"ids": np.array([[start, *ids, end]])})
        return dict(zip(self._kinds, map(float, softmax(logits[0])), strict=True))

    @lru_cache(maxsize=8)  # noqa: B019 - there is one network, and a growing text is asked again
    def find(self, text: str) -> Danger | None:
        """The surest danger in what was said, where it is sure enough to break in for."""
        found: list[Danger] = []
        for start, end in _windows(text):
            shares = self.shares(text[start:end])
            sure = 1.0 - shares.pop("none")
            if sure >= self._least:
                kind = max(get_args(DangerKind), key=shares.__getitem__)
                found.append(Danger(kind=kind, sure=round(sure, 3), start=start, end=end))
        return max(found, key=lambda one: one.sure, default=None)


def _windows(text: str) -> list[tuple[int, int]]:
    """Where the windows of a text begin and end, in characters; none for too few words."""
    words, at = [], 0
    for word in text.split():
        at = text.index(word, at)
        words.append((at, at + len(word)))
        at += len(word)
    if len(words) < FEWEST_WORDS:
        return []
    firsts = range(0, max(1, len(words) - WINDOW + STEP), STEP)
    return [(words[n][0], words[min(n + WINDOW, len(words)) - 1][1]) for n in firsts]


@lru_cache(maxsize=1)
def shipped() -> DangerNetwork:
    """The weights that come with the package, loaded once."""
    with as_file(files("voice_coach.scoring")) as folder:
        return DangerNetwork(folder / "watch", folder / "learnt" / "tokenizer.json")
