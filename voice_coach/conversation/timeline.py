"""Ordered, disjoint spans: when one speaker's voice was heard.

::

    a           [----)   [------)
    b              [----)        [--)
    a | b       [-------)[------)[--)     touching spans join into one
    a & b          [-)
    a - b       [--)     [------)
    a.gaps()         [--)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from voice_coach.conversation.span import Span


@dataclass(frozen=True, slots=True)
class Timeline:
    """Spans in order of time, none empty, none touching another.

    Build it with :meth:`of`, which sorts, drops empty spans and joins those that touch.
    Raises ValueError where spans handed in directly are out of order or touch.
    """

    spans: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        for span in self.spans:
            if not span:
                raise ValueError(f"a timeline holds no empty span: {span}")
        for before, after in zip(self.spans, self.spans[1:], strict=False):
            if after.start_s <= before.end_s:
                raise ValueError(f"timeline spans touch or are out of order: {before}, {after}")

    @classmethod
    def of(cls, spans: Iterable[Span]) -> Timeline:
        """The timeline that covers exactly what these spans cover, in any order."""
        joined: list[Span] = []
        for span in sorted(span for span in spans if span):
            if joined and span.start_s <= joined[-1].end_s:
                joined[-1] = joined[-1].hull(span)
            else:
                joined.append(span)
        return cls(tuple(joined))

    def __iter__(self) -> Iterator[Span]:
        """The spans in order."""
        return iter(self.spans)

    def __contains__(self, time_s: float) -> bool:
        """Whether a moment is covered."""
        return any(time_s in span for span in self.spans)

    def __len__(self) -> int:
        """How many spans there are."""
        return len(self.spans)

    def __bool__(self) -> bool:
        """Whether any time is covered."""
        return bool(self.spans)

    @property
    def duration_s(self) -> float:
        """Seconds covered."""
        return sum((span.duration_s for span in self.spans), 0.0)

    @property
    def hull(self) -> Span | None:
        """From the first start to the last end, or None where nothing is covered."""
        if not self.spans:
            return None
        return Span(start_s=self.spans[0].start_s, end_s=self.spans[-1].end_s)

    def __or__(self, other: Timeline) -> Timeline:
        """What either covers."""
        return Timeline.of((*self.spans, *other.spans))

    def __and__(self, other: Timeline) -> Timeline:
        """What both cover."""
        both: list[Span] = []
        mine, theirs = 0, 0
        while mine < len(self.spans) and theirs < len(other.spans):
            both.append(self.spans[mine] & other.spans[theirs])
            if self.spans[mine].end_s < other.spans[theirs].end_s:
                mine += 1
            else:
                theirs += 1
        return Timeline.of(both)

    def __sub__(self, other: Timeline) -> Timeline:
        """What this covers and the other does not."""
        left: list[Span] = []
        for span in self.spans:
            start_s = span.start_s
            for cut in other.spans:
                if cut.end_s <= start_s or cut.start_s >= span.end_s:
                    continue
                if cut.start_s > start_s:
                    left.append(Span(start_s=start_s, end_s=cut.start_s))
                start_s = max(start_s, cut.end_s)
            if start_s < span.end_s:
                left.append(Span(start_s=start_s, end_s=span.end_s))
        return Timeline.of(left)

    def gaps(self) -> Timeline:
        """The silences between the spans."""
        return Timeline(
            tuple(
                Span(start_s=before.end_s, end_s=after.start_s)
                for before, after in zip(self.spans, self.spans[1:], strict=False)
            )
        )

    def bridged(self, max_gap_s: float) -> Timeline:
        """The same with silences no longer than this filled in, seconds."""
        if not max_gap_s >= 0:  # so that it catches what is no number, too
            raise ValueError(f"a gap to bridge cannot be negative: {max_gap_s}")
        joined: list[Span] = []
        for span in self.spans:
            if joined and span.start_s - joined[-1].end_s <= max_gap_s:
                joined[-1] = joined[-1].hull(span)
            else:
                joined.append(span)
        return Timeline(tuple(joined))

    def within(self, window: Span) -> Timeline:
        """What of this lies inside the window."""
        return Timeline.of(span & window for span in self.spans)

    def shifted(self, by_s: float) -> Timeline:
        """The same timeline, later by so many seconds."""
        return Timeline.of(span.shifted(by_s) for span in self.spans)
