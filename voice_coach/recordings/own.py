"""What in a conversation is one speaker's own, before it is measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from voice_coach.conversation import Span, Timeline, Turn, Word
from voice_coach.recordings.hearing import Voice
from voice_coach.scoring.scorecard import Listening, Move


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A turn judged as an answer to the one before it.

    ``turn`` is its place among the turns, ``span`` its time.
    """

    turn: int
    span: Span
    judged: Listening

    def when(self, move: Move) -> Span:
        """The time of one of its moves; its own where the move is not timed."""
        return move.span or self.span


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """One speaker's own, everything in order of time.

    ``paused`` is the activity with its pauses put right by the level, where there is sound.
    ``words`` are all of them, those said in passing too. ``alone`` is when nobody else is in the
    sound of ``voice``, which is None for a transcript.
    """

    name: str
    activity: Timeline
    paused: Timeline
    turns: Sequence[Turn]
    words: Sequence[Word]
    replies: Sequence[Reply]
    voice: Voice | None
    alone: Timeline
