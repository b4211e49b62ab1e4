"""An attempt as a picture: who spoke when, where both did, how the voice went. The values.

``picture_text`` and ``picture_svg`` draw it. A picture says nothing that the events do not: it
holds their times and kinds, and leaves out what was not measured.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from voice_coach.conversation import Overlap, OverlapKind, Span, Timeline
from voice_coach.practice.history import Attempt
from voice_coach.scoring.pacing import pauses_of
from voice_coach.scoring.track import ToneTrack

YOU = "you"
"""What the events call the learner."""
TICK_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300)
"""Distances between two marks of an axis that a person counts in."""

LETTERS: Mapping[OverlapKind, str] = MappingProxyType(
    {"backchannel": "b", "terminal": "t", "interruption": "I", "unclear": "?"}
)
"""The letter that marks a kind of overlap, so that no colour has to."""
NAMES: Mapping[OverlapKind, str] = MappingProxyType(
    {
        "backchannel": "listening noise",
        "terminal": "start at the very end",
        "interruption": "interruption",
        "unclear": "unclear overlap",
    }
)
"""What a kind of overlap is called for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One line and one reply on one clock.

    ``line`` is when the partner's line went, ``holds`` the silences within it, ``voice`` when the
    learner's voice was heard in the reply. ``scored_pauses`` are the pauses that its score rests
    on; None where it has none, and then any silence long enough is one. ``overlaps_told`` is False
    where it could not be known who spoke over whom: then that there are no overlaps means nothing.
    """

    partner: str
    line: Span | None
    voice: Timeline
    overlaps: tuple[Overlap, ...] = ()
    overlaps_told: bool = True
    holds: tuple[Span, ...] = ()
    scored_pauses: tuple[Span, ...] | None = None
    track: ToneTrack | None = None

    @property
    def span(self) -> Span:
        """All that there is to show. Raises ValueError where that is nothing."""
        spans = [overlap.span for overlap in self.overlaps]
        spans += [span for span in (self.line, self.voice.hull) if span is not None]
        if not spans:
            raise ValueError("a picture shows at least a line, a voice or an overlap")
        return Span(
            start_s=min(span.start_s for span in spans), end_s=max(span.end_s for span in spans)
        )

    @property
    def sounded(self) -> Timeline:
        """When the line sounded."""
        return Timeline.of([self.line] if self.line else ()) - Timeline.of(self.holds)

    @property
    def pauses(self) -> tuple[Span, ...]:
        """The silences in the reply that count as pauses."""
        return pauses_of(self.voice) if self.scored_pauses is None else self.scored_pauses

    @property
    def stretches(self) -> Timeline:
        """The reply between its pauses."""
        hull = self.voice.hull
        return Timeline.of([hull] if hull else ()) - Timeline.of(self.pauses)

    @property
    def kinds(self) -> tuple[OverlapKind, ...]:
        """The kinds of overlap there are, each once, in the order of LETTERS."""
        found = {overlap.kind for overlap in self.overlaps}
        return tuple(kind for kind in LETTERS if kind in found)

    def sounding(self, overlap: Overlap) -> tuple[Span, ...]:
        """The parts of an overlap in which the learner did not pause; all of it for another's."""
        paused = Timeline.of(self.pauses if overlap.by == YOU else ())
        return (Timeline.of([overlap.span]) - paused).spans or (overlap.span,)

    def shifted(self, by_s: float) -> Picture:
        """The same picture, later by so many seconds."""
        return replace(
            self,
            line=self.line.shifted(by_s) if self.line else None,
            holds=tuple(hold.shifted(by_s) for hold in self.holds),
            voice=self.voice.shifted(by_s),
            scored_pauses=None
            if self.scored_pauses is None
            else tuple(pause.shifted(by_s) for pause in self.scored_pauses),
            overlaps=tuple(
                replace(overlap, span=overlap.span.shifted(by_s)) for overlap in self.overlaps
            ),
            track=self.track.shifted(by_s) if self.track else None,
        )


def picture_of(attempt: Attempt, partner: str) -> Picture | None:
    """The picture of an attempt, or None where nothing came back to the line."""
    voice = Timeline.of(attempt.turn.activity if attempt.turn else ())
    if not voice and not attempt.overlaps:
        return None
    scored = attempt.scored
    return Picture(
        partner=partner,
        line=attempt.line_span,
        holds=attempt.holds,
        voice=voice,
        scored_pauses=scored.pauses if scored else None,
        overlaps=tuple(
            Overlap(
                by=each.by,
                over=each.over,
                span=each.span,
                kind=each.kind,
                confidence=each.confidence,
            )
            for each in sorted(attempt.overlaps, key=lambda each: each.span)
        ),
        overlaps_told=scored is None or scored.interruptions.score is not None,
        track=scored.track if scored else None,
    )


def ticks(span: Span, zero_s: float, most: int) -> tuple[float, ...]:
    """Moments to mark on an axis, at most so many: whole steps before and after ``zero_s``."""
    first, last = 0, -1
    for step_s in TICK_STEPS_S:
        first = math.ceil((span.start_s - zero_s) / step_s - 1e-6)
        last = math.floor((span.end_s - zero_s) / step_s + 1e-6)
        if last - first < most:
            break
    return tuple(zero_s + number * step_s for number in range(first, last + 1))[:most]


def clock(seconds: float) -> str:
    """Minutes and seconds, as an axis shows them."""
    whole = round(round(seconds, 6))
    return f"{'-' if whole < 0 else ''}{abs(whole) // 60}:{abs(whole) % 60:02d}"


def moment(seconds: float) -> str:
    """Minutes, seconds and tenths, where a moment is told in words."""
    tenths = round(round(abs(seconds), 6) * 10)
    sign = "-" if seconds < 0 and tenths else ""
    return f"{sign}{tenths // 600}:{tenths // 10 % 60:02d}.{tenths % 10}"


def counted(many: int, what: str) -> str:
    """So many of a thing: "1 pause", "2 pauses"."""
    return f"{many} {what}" if many == 1 else f"{many} {what}s"


def on_one_line(text: str) -> str:
    """The text without line breaks and what cannot be printed, which no picture can hold."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def in_words(picture: Picture, zero_s: float = 0.0) -> str:
    """What the picture shows, for those who cannot see it. ``zero_s`` is called 0:00.0."""

    def when(span: Span) -> str:
        return f"{moment(span.start_s - zero_s)} to {moment(span.end_s - zero_s)}"

    told = []
    if sounded := picture.sounded:
        spoken = " and from ".join(map(when, sounded))
        told.append(f"{on_one_line(picture.partner)} speaks from {spoken}.")
    if hull := picture.voice.hull:
        told.append(f"You speak from {when(hull)}.")
    if pauses := picture.pauses:
        told.append(f"{counted(len(pauses), 'pause')}: {', '.join(map(when, pauses))}.")
    told += [
        f"{on_one_line(each.by).capitalize()} over {on_one_line(each.over)}, {NAMES[each.kind]}: "
        f"{when(each.span)}."
        for each in picture.overlaps
    ]
    if not picture.overlaps_told:
        told.append("Overlaps were not measured.")
    return " ".join(told)
