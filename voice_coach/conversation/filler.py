"""A filler: a sound that holds the floor while its speaker searches for words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from voice_coach.conversation.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Filler:
    """One "um", "uh" or "hmm", and when it was said.

    ``found`` says how it is known: the recogniser wrote it, or it was heard in the sound.
    """

    text: str
    span: Span
    found: Literal["words", "sound"]

    def shifted(self, by_s: float) -> Filler:
        """The same filler, later by so many seconds."""
        return replace(self, span=self.span.shifted(by_s))
