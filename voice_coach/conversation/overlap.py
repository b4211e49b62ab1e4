"""Both speaking at once: a neutral fact, then a kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from voice_coach.conversation.span import Span

OverlapKind = Literal["backchannel", "terminal", "interruption", "unclear"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """``by`` began to speak while ``over`` still held the floor.

    kind:
        backchannel: continuers only ("mm-hm", "yeah"), the floor is not asked for;
        terminal: began in the last half second, where a listener foresees the end;
        interruption: began earlier and took or asked for the floor;
        unclear: the words or the times do not say.
    """

    by: str
    over: str
    span: Span
    kind: OverlapKind
    confidence: float = 1.0
