"""Words that the recogniser may have misheard, by its own probability for each.

``benchmarks/doubts.py`` measures how often a word under the threshold is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from voice_coach.conversation import Turn, Word, spoken, text_of
from voice_coach.scoring.said import printable

DOUBTFUL = 0.5
"""A word whose probability is lower is marked. Half of the words so marked are wrong, and a third
of the wrong ones are marked, in read speech and on the telephone alike. A higher threshold marks a
fifth of a page, a lower one is hardly righter."""
MARK = "(?)"


def is_doubtful(word: Word) -> bool:
    """Whether the recogniser was unsure of it; words of a transcript never are."""
    return word.probability < DOUBTFUL


def any_doubtful(turns: Iterable[Turn]) -> bool:
    """Whether a word is marked in what was said."""
    return any(is_doubtful(word) for turn in turns for word in spoken(turn.words))


def doubtful(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Where in the text of the words doubtful ones stand: (first character, behind the last).

    Neighbours are one stretch.
    """
    at, begun, end = 0, None, 0
    for word in words:
        if is_doubtful(word):
            begun = at if begun is None else begun
            end = at + len(word.text)
        elif begun is not None:
            yield begun, end
            begun = None
        at += len(word.text) + 1
    if begun is not None:
        yield begun, end


def marked(words: Sequence[Word], start: int = 0, end: int | None = None) -> str:
    """The characters [start, end) of the words' text, MARK behind each doubtful stretch.

    ::

        You said even (?) and I sat there.
    """
    text = text_of(words)
    end = len(text) if end is None else end
    told, at = [], start
    for first, behind in doubtful(words):
        stop = min(behind, end)
        if max(first, start) < stop:
            told.append(f"{text[at:stop]} {MARK}")
            at = stop
    return printable("".join([*told, text[at:end]]))
