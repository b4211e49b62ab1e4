"""When a turn begins, pauses, goes on and ends: a state machine that is fed time.

::

    speech     [------)   [----)
    happens     ^Started ^Paused ^Resumed   ^Paused        ^TurnEnded
                                       |--- patience -------|

A pause is noticed early, so that work on the words can begin; the turn ends only when the
patience has run out. Speech that comes back before then extends the turn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from voice_coach.conversation import Span, Timeline
from voice_coach.speech.activity import SpeechGate

PATIENCE_S = 2.0
"""Silence that ends a turn: people think while they answer a hard line. Chosen."""

PAUSE_S = 0.35
"""Silence after which a pause is announced. Chosen: longest of the usual 0.2 to 0.35 s."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechStarted:
    """A turn began; ``at_s`` is when its first speech did."""

    at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    """Speech stopped at ``at_s``, for a while at least."""

    at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """Speech came back at ``at_s``, before the turn was over."""

    at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnEnded:
    """The turn is over: from its first speech to its last, and when within a voice was heard."""

    span: Span
    activity: Timeline


Change: TypeAlias = SpeechStarted | Paused | Resumed | TurnEnded


class Endpoint:
    """One turn after another, out of frame probabilities.

    ``patience_s``: silence after the last speech that ends a turn. Raises ValueError where it is
    not more than PAUSE_S.
    """

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        if not patience_s > PAUSE_S:
            raise ValueError(f"patience must be more than {PAUSE_S} s, got {patience_s}")
        self._patience_s = patience_s
        self.reset()

    def reset(self) -> None:
        """Forget the turn; the next frame may come from another moment."""
        self._gate = SpeechGate()
        self._in_turn = False
        self._paused = False

    @property
    def activity(self) -> Timeline:
        """When a voice was heard in this turn, so far."""
        return self._gate.timeline

    @property
    def speaking(self) -> bool:
        """Whether a voice sounds now."""
        return self._gate.speaking

    def process(self, probability: float, start_s: float, end_s: float) -> tuple[Change, ...]:
        """Take in the next frame, [start_s, end_s); what changed by it, mostly nothing."""
        self._gate.process(probability, start_s, end_s)
        last = self._gate.last_speech
        if last is None:
            return ()
        if not self._in_turn:
            self._in_turn = True
            return (SpeechStarted(at_s=last.start_s),)
        silence_s = end_s - last.end_s
        if self._paused and self._gate.speaking:
            self._paused = False
            return (Resumed(at_s=last.start_s),)
        if not self._paused and silence_s >= PAUSE_S:
            self._paused = True
            return (Paused(at_s=last.end_s),)
        # A burst that may yet be speech gets its tenth of a second before the turn is closed.
        if silence_s >= self._patience_s and not self._gate.undecided:
            return self.finish()
        return ()

    def finish(self) -> tuple[Change, ...]:
        """End the turn at once: its TurnEnded, or nothing where no turn has begun."""
        activity = self._gate.timeline
        self.reset()
        if activity.hull is None:
            return ()
        return (TurnEnded(span=activity.hull, activity=activity),)
