"""Words with times where only the whole was timed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from voice_coach.conversation.span import Span
from voice_coach.conversation.word import Word

_TOKEN = re.compile(r"\[[^\[\]]*\]|\([^()]*\)|[^\s\[(]+|\S")
_MARK = re.compile(r"[\[(].*[\])][.,?!]*|[^\w]+|_+")


def spread(text: str, span: Span) -> tuple[Word, ...]:
    """The words of a text, each with an equal share of the time, in order.

    What stands in brackets ("[laughter]") is one word, a mark. Evenly is crude, yet near enough to
    tell what had been said by a moment: an utterance lasts a few seconds.
    """
    texts = [token.strip() for token in _TOKEN.findall(text)]
    edges_s = [
        span.start_s + span.duration_s * number / max(1, len(texts))
        for number in range(len(texts) + 1)
    ]
    return tuple(
        Word(text=text, span=Span(start_s=start_s, end_s=max(start_s, end_s)))
        for text, start_s, end_s in zip(texts, edges_s, edges_s[1:], strict=False)
    )


def is_mark(word: Word) -> bool:
    """Whether it is a transcriber's mark ("[laughter]", "$", "--") and no word."""
    return _MARK.fullmatch(word.text) is not None


def spoken(words: Iterable[Word]) -> tuple[Word, ...]:
    """The words without the transcriber's marks."""
    return tuple(word for word in words if not is_mark(word))
