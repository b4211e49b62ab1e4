"""Pitch and level of a voice over time, thinned to what a picture can show."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from voice_coach.conversation import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ToneTrack:
    """One pitch and one level for each step of time, in order from ``start_s``.

    ``pitch_hz`` is None where nothing was voiced, ``level_db`` (dB re full scale) where no voice
    was heard. Whole numbers: a semitone is 6 Hz at 100 Hz, and this is kept with every reply.
    Raises ValueError where the two are not equally long or the step is no length of time.
    """

    start_s: float
    step_s: float
    pitch_hz: tuple[int | None, ...]
    level_db: tuple[int | None, ...]

    def __post_init__(self) -> None:
        if len(self.pitch_hz) != len(self.level_db):
            raise ValueError(
                f"a track holds as many pitches as levels, got {len(self.pitch_hz)} and "
                f"{len(self.level_db)}"
            )
        if not self.step_s > 0:
            raise ValueError(f"a step of time is more than zero, got {self.step_s}")
        if any(pitch is not None and pitch <= 0 for pitch in self.pitch_hz):
            raise ValueError("a pitch is more than zero, or None")

    def __len__(self) -> int:
        """How many steps there are."""
        return len(self.pitch_hz)

    @property
    def span(self) -> Span:
        """What time the track covers."""
        return Span(start_s=self.start_s, end_s=self.start_s + len(self) * self.step_s)

    def middle_s(self, step: int) -> float:
        """The moment in the middle of a step, in seconds."""
        return self.start_s + (step + 0.5) * self.step_s

    def shifted(self, by_s: float) -> ToneTrack:
        """The same track, later by so many seconds."""
        return replace(self, start_s=self.start_s + by_s)


def semitones(pitch_hz: float, above_hz: float) -> float:
    """How far one pitch lies above another, in semitones: what the ear hears as equal steps."""
    return 12.0 * math.log2(pitch_hz / above_hz)
