"""Half-open intervals of time.

::

    a        [-----------)
    b               [---------)
    a & b           [----)            what both cover
    a.gap(b)                          0.0: they touch or overlap
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """A half-open interval [start_s, end_s) in seconds; ordered by start, then end.

    A span of no length is falsy. Raises ValueError where the end lies before the start or a
    bound is not a finite number.
    """

    start_s: float
    end_s: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.start_s) and math.isfinite(self.end_s)):
            raise ValueError(f"span bounds must be finite: [{self.start_s}, {self.end_s})")
        if self.end_s < self.start_s:
            raise ValueError(f"span ends before it starts: [{self.start_s}, {self.end_s})")

    @property
    def duration_s(self) -> float:
        """Length in seconds, zero or more."""
        return self.end_s - self.start_s

    @property
    def middle_s(self) -> float:
        """The point half-way, in seconds."""
        return (self.start_s + self.end_s) / 2

    def __bool__(self) -> bool:
        """Whether the span covers any time at all."""
        return self.end_s > self.start_s

    def __contains__(self, time_s: float) -> bool:
        """Whether a moment lies inside; the end does not."""
        return self.start_s <= time_s < self.end_s

    def __and__(self, other: Span) -> Span:
        """What both cover; an empty span where they do not meet."""
        start_s = max(self.start_s, other.start_s)
        return Span(start_s=start_s, end_s=max(start_s, min(self.end_s, other.end_s)))

    def meets(self, other: Span) -> bool:
        """Whether the two share any time."""
        return bool(self & other)

    def gap_s(self, other: Span) -> float:
        """Silence between the two in seconds; zero where they touch or overlap."""
        return max(0.0, max(self.start_s, other.start_s) - min(self.end_s, other.end_s))

    def hull(self, other: Span) -> Span:
        """The shortest span that covers both."""
        return Span(start_s=min(self.start_s, other.start_s), end_s=max(self.end_s, other.end_s))

    def shifted(self, by_s: float) -> Span:
        """The same span, later by so many seconds (earlier where negative)."""
        return Span(start_s=self.start_s + by_s, end_s=self.end_s + by_s)
