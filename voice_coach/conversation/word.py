"""One recognised word and when it was said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from voice_coach.conversation.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word as recognised, without surrounding blanks, punctuation kept.

    ``probability`` is the recogniser's own confidence, 0 to 1.
    """

    text: str
    span: Span
    probability: float = 1.0

    def __post_init__(self) -> None:
        if not self.text or self.text != self.text.strip():
            raise ValueError(f"a word is text without surrounding blanks: {self.text!r}")
        if not 0.0 <= self.probability <= 1.0:
            raise ValueError(f"a probability lies between 0 and 1: {self.probability}")

    def shifted(self, by_s: float) -> Word:
        """The same word, later by so many seconds."""
        return replace(self, span=self.span.shifted(by_s))


def text_of(words: Iterable[Word]) -> str:
    """The words as one line of text, one blank between them."""
    return " ".join(word.text for word in words)
