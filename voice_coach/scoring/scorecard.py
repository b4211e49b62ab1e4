"""What a reply was judged to do, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, get_args

from voice_coach.conversation import Filler, Measure, Overlap, Span
from voice_coach.scoring.compared import PaceCompared, ToneCompared
from voice_coach.scoring.track import ToneTrack

MoveKind = Literal[
    "reflection_content",
    "reflection_feeling",
    "validation",
    "open_question",
    "closed_question",
    "check_in",
    "encourager",
    "support",
    "boundary",
    "apology",
    "advice",
    "minimising",
    "hijacking",
    "defending",
    "blaming",
    "judging",
    "sympathy",
]
Facet = Literal[
    "validating",
    "inviting",
    "understanding",
    "advising",
    "self_focus",
    "dismissing",
    "attacking",
]
Primary = Literal["reflection", "question", "input", "other"]
Level = Literal["empathy", "sympathy", "apathy", "attack", "unclear"]

Empathy = Literal["cognitive", "emotional", "compassionate"]

MOVE_KINDS: tuple[MoveKind, ...] = get_args(MoveKind)
FACETS: tuple[Facet, ...] = get_args(Facet)
PRIMARIES: tuple[Primary, ...] = get_args(Primary)
HARMFUL: frozenset[MoveKind] = frozenset(
    {"advice", "minimising", "hijacking", "defending", "blaming", "judging"}
)
CARING: frozenset[MoveKind] = frozenset(
    {
        "reflection_content",
        "reflection_feeling",
        "validation",
        "open_question",
        "check_in",
        "support",
        "boundary",
        "apology",
    }
)
BEHIND: Mapping[Facet, frozenset[MoveKind]] = MappingProxyType(
    {
        "validating": frozenset({"validation", "reflection_feeling"}),
        "inviting": frozenset({"open_question", "check_in", "encourager", "closed_question"}),
        "understanding": frozenset(
            {"reflection_content", "reflection_feeling", "validation", "apology"}
        ),
        "advising": frozenset({"advice"}),
        "self_focus": frozenset({"hijacking", "defending"}),
        "dismissing": frozenset({"minimising", "judging", "defending", "blaming"}),
        "attacking": frozenset({"blaming", "judging"}),
    }
)
"""The moves that are a facet's evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What a stretch of the reply does.

    ``quote`` is the reply's own text from character ``start`` up to ``end``; ``confidence`` is
    0 to 1. ``span`` says when it was said, where times are known.
    """

    move: MoveKind
    quote: str
    start: int
    end: int
    confidence: float
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """The words of a reply judged as an answer to a line.

    ``score`` is 0 to 100, or None where the evidence does not carry one; ``reason`` says why
    then. ``quality`` is the expected step, 0 hurts to 4 feels understood, that the score rests on.
    ``notes`` (:mod:`voice_coach.scoring.notes`) name what held the score down or up.
    ``empathy`` says which kind of it, where the level is empathy. ``copied`` is the share of the
    reply's content words copied in order from the line, ``content`` and ``feeling`` how far its
    words take up the line's (0 to 1, by the words alone).
    """

    primary: Primary
    probabilities: Mapping[Primary, float]
    moves: tuple[Move, ...]
    facets: Mapping[Facet, float]
    level: Level
    score: int | None
    reason: str | None
    model: str
    notes: tuple[str, ...] = ()
    quality: float = 2.0
    empathy: Empathy | None = None
    copied: float = 0.0
    content: float = 0.0
    feeling: float = 0.0

    def behind(self, facet: Facet) -> tuple[Move, ...]:
        """The moves that are the evidence for a facet."""
        return tuple(move for move in self.moves if move.move in BEHIND[facet])


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """Evidence: what was noticed, the words and the moment (None where there is none).

    ``sure`` is False where it may have been otherwise; the text says why then.
    """

    text: str
    quote: str = ""
    span: Span | None = None
    sure: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A judged number, 0 to 100, with its evidence; or None and the reason why."""

    score: int | None
    reason: str | None = None
    observations: tuple[Observation, ...] = ()

    def __post_init__(self) -> None:
        if self.score is None and not self.reason:
            raise ValueError("a score that is not given must say why")
        if self.score is not None and not 0 <= self.score <= 100:
            raise ValueError(f"a score lies between 0 and 100: {self.score}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """All scores of one attempt, and the measures they rest on.

    ``track`` is pitch and level over time, ``fillers`` each "um" of the reply, on the sitting's
    clock. Where fillers could not be listened for in the sound, those the recogniser wrote are
    there, and the measure ``fillers_per_min`` says why there are no more.
    ``tone`` and ``own_pace`` hold
    the reply against the person's own baseline; None where nobody asked for that.
    """

    listening: Score
    pacing: Score
    interruptions: Score
    judged: Listening
    measures: Mapping[str, Measure] = field(default_factory=dict)
    pauses: tuple[Span, ...] = ()
    fillers: tuple[Filler, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    track: ToneTrack | None = None
    tone: ToneCompared | None = None
    own_pace: PaceCompared | None = None
