"""From what the network says of each token to stretches of words that a person would quote."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

SHOWN = 0.5
"""Probability from which a token belongs to a move. Chosen."""
OF_THE_MOST = 0.6
"""Share of the highest probability that does instead, where no token reaches SHOWN. Chosen."""
LEAST = 0.15
"""Probability that the surest token needs, or there is nothing to quote. Chosen."""
BRIDGED = 3
"""Tokens between two stretches of a move that still make them one. Chosen."""
FEWEST_WORDS = 3
"""Words of a stretch that can stand as evidence beside a longer one. Chosen."""
_BORDER = ".?!,;:"
_WORD = re.compile(r"\S+")
_FILLER = re.compile(r"(?:um+|uh+|er+m?|hm+|mm|like|and|so|well|oh|but)[,.]?", re.IGNORECASE)


def stretches(
    text: str, places: Sequence[tuple[int, int]], sure: npt.NDArray[np.float64]
) -> list[tuple[int, int, float]]:
    """Where in ``text`` a move is made: (first character, behind the last, probability).

    ``sure`` holds a probability for each token, ``places`` its characters. Whole words, without
    filler at their borders. None where no token is sure enough to be shown for it.
    """
    if not len(sure) or sure.max() < LEAST:
        return []
    level = min(SHOWN, OF_THE_MOST * float(sure.max()))
    runs: list[list[int]] = []
    for token in map(int, np.flatnonzero(sure >= level)):
        near = bool(runs) and token - runs[-1][1] <= BRIDGED
        if near and not _parted(text, places, runs[-1][1], token):
            runs[-1][1] = token
        else:
            runs.append([token, token])
    told = []
    for first, last in runs:
        start, end = _trimmed(text, places[first][0], places[last][1])
        if start < end:
            told.append((start, end, float(sure[first : last + 1].max())))
    longest = max((len(text[start:end].split()) for start, end, _ in told), default=0)
    return [
        (start, end, value)
        for start, end, value in told
        if len(text[start:end].split()) >= min(FEWEST_WORDS, longest)
    ]


def _parted(text: str, places: Sequence[tuple[int, int]], one: int, other: int) -> bool:
    """Whether a sentence ends between two tokens."""
    return re.search(r"[.?!]\s", text[places[one][1] - 1 : places[other][0]]) is not None


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The same stretch in whole words, without filler at its beginning and stops at its end.

    A lone word between it and the border of its clause is taken along: "let" to "let down".
    """
    every = [word.span() for word in _WORD.finditer(text)]
    inside = [at for at, word in enumerate(every) if word[0] < end and start < word[1]]
    if not inside:
        return start, start
    closed = [
        -1,
        *(at for at, word in enumerate(every) if text[word[1] - 1] in _BORDER),
        len(every) - 1,
    ]
    first = inside[0] - (inside[0] - 2 in closed and inside[0] - 1 not in closed)
    last = inside[-1] + (inside[-1] + 1 in closed and inside[-1] not in closed)
    words = every[first : last + 1]
    while len(words) > 1 and _FILLER.fullmatch(text[slice(*words[0])]):
        words.pop(0)
    told = text[words[0][0] : words[-1][1]]
    kept = told.strip(' \t\n.,;:!?…—–-"“”')
    begin = words[0][0] + told.find(kept)
    return begin, begin + len(kept)
