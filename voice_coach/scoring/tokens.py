"""A line and a reply as the numbers that the listening model reads.

Whatever runs the model must come through here, so that what was learnt is what is asked.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from voice_coach.scoring.lexicon import LIGHT, stem
from voice_coach.scoring.said import printable

LINE_TOKENS = 96
"""Of a longer line the end is read: what was said last is what is answered. Chosen."""
REPLY_TOKENS = 320
"""A longer reply is read in windows of so many at most. Chosen; the encoder holds 512 in all."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """One window of a reply, behind its line.

    ``ids`` and ``segments`` run over all tokens; a segment is 0 for the line's words, 1 for the
    reply's, 2 and 3 for those of them that the other side says as well. ``places`` are the
    characters (start, end) in the reply of the tokens from ``first`` on.
    """

    ids: tuple[int, ...]
    segments: tuple[int, ...]
    first: int
    places: tuple[tuple[int, int], ...]


class Tokens:
    """The tokenizer of the listening model, read from its ``tokenizer.json``."""

    def __init__(self, file: Path) -> None:
        from tokenizers import Tokenizer

        self._pieces = Tokenizer.from_file(str(file))
        self._pieces.no_padding()
        self._pieces.no_truncation()
        start, end = (self._pieces.token_to_id(name) for name in ("[CLS]", "[SEP]"))
        if start is None or end is None:
            raise ValueError(f"{file} is no tokenizer for this model: it has no [CLS] or [SEP]")
        self._start, self._end = int(start), int(end)

    def known_share(self, words: Sequence[str]) -> float:
        """The share of words that the vocabulary, which is English, holds whole; 1 for none."""
        stems = [word.lower().split("'")[0] for word in words]
        whole = sum(self._pieces.token_to_id(stem) is not None for stem in stems)
        return whole / len(stems) if stems else 1.0

    def windows(self, line: str, reply: str) -> Iterator[Encoded]:
        """The reply behind its line, in one window unless it is very long."""
        line, reply = printable(line), printable(reply)
        asked = self._pieces.encode(line, add_special_tokens=False)
        told = self._pieces.encode(reply, add_special_tokens=False)
        said, answered = ({word for word, _ in _words(text)} for text in (line, reply))
        line_ids = asked.ids[-LINE_TOKENS:]
        line_marks = [2 * mark for mark in _shared(line, answered, asked.offsets[-LINE_TOKENS:])]
        marks = [1 + 2 * mark for mark in _shared(reply, said, told.offsets)]
        count = max(1, math.ceil(len(told.ids) / REPLY_TOKENS))
        size = max(
            1, math.ceil(len(told.ids) / count)
        )  # windows alike: a lone last word says little
        for at in range(0, max(1, len(told.ids)), size):
            part = slice(at, at + size)
            yield Encoded(
                ids=(self._start, *line_ids, self._end, *told.ids[part], self._end),
                segments=(0, *line_marks, 0, *marks[part], 1),
                first=len(line_ids) + 2,
                places=tuple(told.offsets[part]),
            )


def _words(text: str) -> list[tuple[str, tuple[int, int]]]:
    """The words that weigh something, without their endings, each with its place."""
    found = ((word.group().lower().replace("’", "'"), word.span()) for word in _WORD.finditer(text))
    return [(stem(word), place) for word, place in found if word not in LIGHT]


def _shared(text: str, others: set[str], places: Sequence[tuple[int, int]]) -> list[bool]:
    """For each token, whether its word is one of the others' content words."""
    taken = [place for word, place in _words(text) if word in others]
    marks, at = [], 0
    for start, end in places:
        while at < len(taken) and taken[at][1] <= start:
            at += 1
        marks.append(at < len(taken) and taken[at][0] < end)
    return marks
