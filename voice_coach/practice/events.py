"""What happens in a sitting, as typed, frozen events.

The engine emits them in order; the terminal, the store and ``--events`` are readers of the one
stream. ``at_s`` is seconds since the sitting's microphone opened (it is checked for under a
second before SittingStarted), counted by its samples; all other times are on the same clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from voice_coach.conversation import Filler, Measure, OverlapKind, Span, Word
from voice_coach.scoring.compared import PaceCompared, ToneCompared
from voice_coach.scoring.scorecard import Facet, Level, Move, Observation, Primary, Score
from voice_coach.scoring.track import ToneTrack

RECORDED = "recorded files"
"""The microphone that recordings stand for: they are taken to be of one device."""

EndedBy = Literal["silence", "key", "limit", "stopped", "nothing said"]
Outcome = Literal["softens", "repeats", "escalates"]
Choice = Literal["again", "next", "stop"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingStarted:
    """A sitting began. ``began`` is the wall clock as ISO 8601 with its zone.

    ``microphone`` is the name under which voices are compared and learnt, RECORDED for recordings;
    empty where the voices are not the person's.
    """

    at_s: float
    began: str
    scenario: str
    title: str
    setting: str
    partner: str
    input_device: str
    output_device: str
    model: str
    voice: str
    microphone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingSpoken:
    """The setting was read out."""

    at_s: float
    text: str
    span: Span | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineStarted:
    """The partner began to speak a line; ``attempt`` counts from 1 within the sitting."""

    at_s: float
    attempt: int
    line_id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSpoken:
    """A line is over; ``span`` is from its first sound to its last.

    ``holds``: silences within, where the partner fell silent under the learner's voice and then
    went on. ``unsaid_s``: seconds of its end that were left off because the learner took the floor.
    """

    at_s: float
    attempt: int
    line_id: str
    partner: str
    text: str
    span: Span
    unsaid_s: float = 0.0
    holds: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyStarted:
    """The learner began to speak, at ``start_s``."""

    at_s: float
    attempt: int
    start_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialTranscript:
    """The reply as heard so far; ``settled`` words no longer change and are told once."""

    at_s: float
    attempt: int
    text: str
    settled: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnEnded:
    """The reply is over: its words, its span (None where nothing was said), what ended it."""

    at_s: float
    attempt: int
    text: str
    words: tuple[Word, ...]
    span: Span | None
    activity: tuple[Span, ...]
    ended_by: EndedBy


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlapped:
    """Both spoke at once."""

    at_s: float
    attempt: int
    by: str
    over: str
    span: Span
    kind: OverlapKind
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """The scorecard of an attempt; ``track`` is the voice over time, where it could be measured.

    ``fillers`` are those that were found; ``fillers_per_min`` among the measures says why where
    they were not listened for in the sound.
    ``tone`` and ``own_pace`` hold the reply against the person's own baseline.
    """

    at_s: float
    attempt: int
    line_id: str
    listening: Score
    pacing: Score
    interruptions: Score
    primary: Primary
    level: Level
    facets: Mapping[Facet, float]
    moves: tuple[Move, ...]
    measures: Mapping[str, Measure]
    pauses: tuple[Span, ...]
    model: str
    changes: tuple[str, ...] = ()
    track: ToneTrack | None = None
    fillers: tuple[Filler, ...] = ()
    tone: ToneCompared | None = None
    own_pace: PaceCompared | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackStarted:
    """The learner is being told what to keep and what to change.

    ``show_help`` asks for the places to find help to stand below it.
    """

    at_s: float
    attempt: int
    keep: str
    change: str
    say_instead: str
    show_help: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackSpoken:
    """What the learner was told; ``span`` is when it sounded, None where it was only shown.

    ``evidence`` is what in the reply the keep and the change rest on.
    """

    at_s: float
    attempt: int
    keep: str
    change: str
    say_instead: str
    span: Span | None
    cut_short: bool = False
    evidence: tuple[Observation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The learner chose to go again, on, or to stop."""

    at_s: float
    choice: Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Branched:
    """The conversation moved on as the reply made it; ``to_line`` None ends the scenario."""

    at_s: float
    outcome: Outcome
    from_line: str
    to_line: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """Something the person should know: a device matter, a limit, what was not measured."""

    at_s: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingEnded:
    """The sitting is over. ``reason`` is "finished", "stopped" or what went wrong.

    ``lost_s`` is how much of the microphone's sound is missing against the clock.
    """

    at_s: float
    reason: str
    attempts: int
    summary: tuple[str, ...] = field(default=())
    lost_s: float = 0.0


Event: TypeAlias = (
    SittingStarted
    | SettingSpoken
    | LineStarted
    | LineSpoken
    | ReplyStarted
    | PartialTranscript
    | TurnEnded
    | Overlapped
    | Scored
    | FeedbackStarted
    | FeedbackSpoken
    | Chosen
    | Branched
    | Noted
    | SittingEnded
)
