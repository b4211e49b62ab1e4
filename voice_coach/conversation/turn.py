"""Turns."""

from __future__ import annotations

from dataclasses import dataclass

from voice_coach.conversation.span import Span
from voice_coach.conversation.word import Word, text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One speaker holding the floor, with the words said."""

    speaker: str
    span: Span
    words: tuple[Word, ...] = ()

    @property
    def text(self) -> str:
        """The words as one line."""
        return text_of(self.words)
