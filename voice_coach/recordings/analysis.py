"""What happened in a conversation that was written down: a pure function of its utterances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from voice_coach.conversation import (
    Measure,
    Measured,
    Overlap,
    Span,
    Timeline,
    Turn,
    Unmeasured,
    Word,
    spoken,
    text_of,
)
from voice_coach.scoring.fillers import HESITATIONS, bare
from voice_coach.scoring.listening import judge
from voice_coach.scoring.overlaps import overlaps_between
from voice_coach.scoring.pacing import FEWEST_WORDS, pauses_of
from voice_coach.scoring.scorecard import FACETS, Facet, Listening
from voice_coach.scoring.turns import Latency, latencies_of, turns_of

NO_SOUND = "a transcript holds no sound"
NO_WORDS = "the transcript holds no words"
NO_REPLY = "no turn answers another's words"
UNTIMED = "a transcript does not time the pauses inside an utterance"
TOO_SHORT = f"no turn of {FEWEST_WORDS} words or more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A turn judged as an answer to the one before it; ``turn`` is its place among the turns."""

    turn: int
    judged: Listening


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """One speaker's part.

    ``share`` is of everybody's speech, 0 to 1. ``measures`` are the paces, each measured or with
    its reason. ``fillers`` are those written down, None where there are no words; hums are left
    out, since in a transcript they are mostly somebody listening. ``facets`` are means over the
    replies that could be read; empty with ``listening_reason`` where there is none.
    """

    name: str
    speech_s: float
    share: float
    measures: Mapping[str, Measure]
    pauses: tuple[Span, ...]
    fillers: tuple[Word, ...] | None
    replies: tuple[Reply, ...]
    facets: Mapping[Facet, float]
    listening_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """A conversation: its speakers in order of their first words, and what went between them."""

    duration_s: float
    speakers: tuple[Speaker, ...]
    turns: tuple[Turn, ...]
    passing: tuple[Turn, ...]
    overlaps: tuple[Overlap, ...]
    latencies: tuple[Latency, ...]

    @property
    def listening_model(self) -> str | None:
        """What judged the replies; None where none was judged."""
        judged = (reply.judged for speaker in self.speakers for reply in speaker.replies)
        return next((each.model for each in judged), None)


def analyse(utterances: Sequence[Turn]) -> Analysis:
    """Turns, overlaps, latencies and each speaker's part, from words and times alone."""
    ordered = sorted(utterances, key=lambda turn: turn.span.start_s)
    turns, passing = turns_of(ordered)
    names = list(dict.fromkeys(turn.speaker for turn in ordered))
    activity = {
        name: Timeline.of(turn.span for turn in ordered if turn.speaker == name) for name in names
    }
    all_s = sum(line.duration_s for line in activity.values())
    replies = _replies(turns)
    return Analysis(
        duration_s=max((turn.span.end_s for turn in ordered), default=0.0),
        speakers=tuple(
            _speaker(
                name,
                [turn for turn in ordered if turn.speaker == name],
                [turn for turn in turns if turn.speaker == name],
                activity[name],
                [reply for reply in replies if turns[reply.turn].speaker == name],
                all_s,
            )
            for name in names
        ),
        turns=turns,
        passing=passing,
        overlaps=overlaps_between(ordered),
        latencies=latencies_of(turns),
    )


def _replies(turns: Sequence[Turn]) -> list[Reply]:
    """Each turn judged as an answer to the turn before it, where both hold words."""
    found = []
    for at, (before, turn) in enumerate(pairwise(turns), start=1):
        line, words = text_of(spoken(before.words)), spoken(turn.words)
        if line and words:
            found.append(Reply(turn=at, judged=judge(line, text_of(words), words=words)))
    return found


def _speaker(
    name: str,
    own: Sequence[Turn],
    turns: Sequence[Turn],
    activity: Timeline,
    replies: Sequence[Reply],
    all_s: float,
) -> Speaker:
    words = [word for turn in own for word in spoken(turn.words)]
    return Speaker(
        name=name,
        speech_s=activity.duration_s,
        share=activity.duration_s / all_s if all_s else 0.0,
        measures={
            "words_per_min": _pace(turns),
            "articulation_rate_syllables_per_s": Unmeasured(reason=UNTIMED, unit="syllables/s"),
            "fillers_per_min": Unmeasured(reason=NO_SOUND, unit="fillers/min"),
            "pitch_median_hz": Unmeasured(reason=NO_SOUND, unit="Hz"),
            "pitch_range_semitones": Unmeasured(reason=NO_SOUND, unit="semitones"),
            "level_db": Unmeasured(reason=NO_SOUND, unit="dB"),
        },
        pauses=tuple(pause for turn in turns for pause in pauses_of(activity.within(turn.span))),
        fillers=tuple(word for word in words if bare(word.text) in HESITATIONS) if words else None,
        replies=tuple(replies),
        facets={facet: fmean(each.judged.facets[facet] for each in replies) for facet in FACETS}
        if replies
        else {},
        listening_reason=None if replies else (NO_REPLY if words else NO_WORDS),
    )


def _pace(turns: Sequence[Turn]) -> Measure:
    """Words a minute over the turns that are long enough to have a pace."""
    unit = "words/min"
    said = [(turn, len(spoken(turn.words))) for turn in turns]
    if not any(count for _, count in said):
        return Unmeasured(reason=NO_WORDS, unit=unit)
    long = [(turn.span.duration_s, count) for turn, count in said if count >= FEWEST_WORDS]
    seconds = sum(duration_s for duration_s, _ in long)
    if not seconds:
        return Unmeasured(reason=TOO_SHORT, unit=unit)
    return Measured(value=60.0 * sum(count for _, count in long) / seconds, unit=unit)
