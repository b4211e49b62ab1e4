"""Turns, and the conversation they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from voice_coach.conversation.span import Span
from voice_coach.conversation.timeline import Timeline
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """When each speaker's voice was heard, and what each said."""

    activity: Mapping[str, Timeline]
    words: Mapping[str, tuple[Word, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def shifted(self, by_s: float) -> Conversation:
        """The same conversation, later by so many seconds."""
        return Conversation(
            activity={name: line.shifted(by_s) for name, line in self.activity.items()},
            words={
                name: tuple(word.shifted(by_s) for word in words)
                for name, words in self.words.items()
            },
        )
