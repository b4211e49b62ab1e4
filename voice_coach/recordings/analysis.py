"""What happened in a conversation: a function of its utterances, and of its sound where heard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median

from voice_coach.conversation import (
    Filler,
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
from voice_coach.recordings.edges import edged
from voice_coach.recordings.hearing import Heard
from voice_coach.recordings.measures import (
    NO_WORDS,
    alone_of,
    measures_of_sound,
    measures_of_text,
)
from voice_coach.recordings.own import Own, Reply
from voice_coach.recordings.windows import TOO_SHORT_FOR_TWO, Window, spans_of, windows_of
from voice_coach.scoring.fillers import HESITATIONS, bare, fillers_of
from voice_coach.scoring.listening import judge
from voice_coach.scoring.overlaps import overlaps_between
from voice_coach.scoring.pacing import FEWEST_WORDS, pauses_of
from voice_coach.scoring.scorecard import FACETS, Facet, Move
from voice_coach.scoring.turns import Latency, latencies_of, turns_of
from voice_coach.speech.enrolled import UNKNOWN

NO_REPLY = "no turn answers another's words"
NO_TURN = "took no turn"
FEWEST_LATENCIES = 3
"""Fewer changes of the floor have no median worth a number. Chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """One speaker's part.

    ``share`` is of everybody's speech, 0 to 1. ``turns`` is how many, ``longest`` the one that
    lasted longest: only listening noises of others came between. ``measures`` are the paces, each
    measured or with its reason, ``paced_words`` the words that its words a minute rest on.
    ``fillers`` are None where there are no words; hums are left out of a transcript,
    since there they are mostly somebody listening. ``facets`` are means over the replies that
    could be read; empty with ``listening_reason`` where there is none.
    """

    name: str
    speech_s: float
    share: float
    turns: int
    longest: Span | None
    measures: Mapping[str, Measure]
    paced_words: int
    pauses: tuple[Span, ...]
    fillers: tuple[Word | Filler, ...] | None
    replies: tuple[Reply, ...]
    facets: Mapping[Facet, float]
    listening_reason: str | None

    @property
    def longest_monologue(self) -> Measure:
        """How long the longest turn lasted."""
        if self.longest is None:
            return Unmeasured(reason=NO_TURN, unit="s")
        return Measured(value=self.longest.duration_s, unit="s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """How long it took one to take the floor after another: each latency in seconds, in order."""

    before: str
    after: str
    offsets_s: tuple[float, ...]

    @property
    def median_s(self) -> Measure:
        """Not given under FEWEST_LATENCIES."""
        if len(self.offsets_s) < FEWEST_LATENCIES:
            return Unmeasured(reason=f"under {FEWEST_LATENCIES} changes", unit="s")
        return Measured(value=median(self.offsets_s), unit="s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """A conversation: its speakers in order of their first words, and what went between them.

    ``utterances`` are what it was made from, in order of start. ``overlaps_void``: why it cannot
    tell who spoke over whom, or None; there are no ``overlaps`` then. ``windows`` are the same over
    time; none where it is too short for two.
    """

    duration_s: float
    utterances: tuple[Turn, ...]
    speakers: tuple[Speaker, ...]
    turns: tuple[Turn, ...]
    passing: tuple[Turn, ...]
    overlaps: tuple[Overlap, ...]
    overlaps_void: str | None
    latencies: tuple[Latency, ...]
    windows: tuple[Window, ...]

    @property
    def windows_reason(self) -> str | None:
        """Why there are no windows; None where there are."""
        return None if self.windows else TOO_SHORT_FOR_TWO

    @property
    def answers(self) -> tuple[Answers, ...]:
        """The latencies each way, for every two speakers between whom the floor changed."""
        names = [speaker.name for speaker in self.speakers]
        ways = [(before, after) for before in names for after in names]
        found = [
            Answers(
                before=before,
                after=after,
                offsets_s=tuple(
                    latency.offset_s
                    for latency in self.latencies
                    if (latency.before.speaker, latency.after.speaker) == (before, after)
                ),
            )
            for before, after in ways
        ]
        return tuple(each for each in found if each.offsets_s)

    @property
    def replies(self) -> dict[int, Reply]:
        """Those turns that were judged, by their place among the turns."""
        return {reply.turn: reply for speaker in self.speakers for reply in speaker.replies}

    def moves_of(self, speaker: str) -> list[tuple[Span, Move]]:
        """What a speaker's replies do and when, in order."""
        found = [
            (reply.when(move), move)
            for place, reply in self.replies.items()
            if self.turns[place].speaker == speaker
            for move in reply.judged.moves
        ]
        return sorted(found, key=lambda each: each[0])

    @property
    def listening_model(self) -> str | None:
        """What judged the replies; None where none was judged."""
        return next((reply.judged.model for reply in self.replies.values()), None)


def analyse(
    utterances: Sequence[Turn],
    heard: Heard | None = None,
    *,
    line: str | None = None,
    overlaps_void: str | None = None,
    window_s: float | None = None,
) -> Analysis:
    """Turns, overlaps, latencies and each speaker's part, over all and in windows.

    From words and times alone, or with what was heard of a recording. ``line`` is what the first
    turn answers, where it is not in the recording. ``overlaps_void`` is why a transcript tells of
    no overlaps; of a recording ``heard`` knows it. ``window_s`` is how long a window lasts, chosen
    by the conversation's length where not given. What an unknown speaker said is in the turns, and
    nobody's part.
    """
    void = overlaps_void if heard is None else heard.overlaps_void
    ordered = sorted(utterances, key=lambda turn: turn.span.start_s)
    turns, passing = turns_of(ordered)
    replies = _replies(turns, line)
    overlaps = () if void else overlaps_between(ordered)
    duration_s = (
        heard.duration_s
        if heard is not None
        else max((turn.span.end_s for turn in ordered), default=0.0)
    )
    everybodys = _everybodys(ordered, turns, replies, heard)
    all_s = sum(own.activity.duration_s for own in everybodys)
    speakers = tuple(_speaker(own, all_s) for own in everybodys)
    usual = {speaker.name: speaker.measures for speaker in speakers}
    return Analysis(
        duration_s=duration_s,
        utterances=tuple(ordered),
        speakers=speakers,
        turns=turns,
        passing=passing,
        overlaps=overlaps,
        overlaps_void=void,
        latencies=latencies_of(turns),
        windows=windows_of(
            spans_of(duration_s, window_s), everybodys, usual, overlaps, overlaps_void=void
        ),
    )


def _everybodys(
    ordered: Sequence[Turn], turns: Sequence[Turn], replies: Sequence[Reply], heard: Heard | None
) -> list[Own]:
    """What is whose, in order of first words; nothing is the unknown speaker's."""
    names = [name for name in dict.fromkeys(turn.speaker for turn in ordered) if name != UNKNOWN]
    voices = {name: heard.voices.get(name) if heard is not None else None for name in names}
    activities = {
        name: voice.activity
        if voice is not None
        else Timeline.of(turn.span for turn in ordered if turn.speaker == name)
        for name, voice in voices.items()
    }
    found = []
    for name, voice in voices.items():
        others = Timeline.of(
            span for other, line in activities.items() if other != name for span in line
        )
        found.append(
            Own(
                name=name,
                activity=activities[name],
                paused=edged(voice) if voice is not None else activities[name],
                turns=[turn for turn in turns if turn.speaker == name],
                words=[
                    word for turn in ordered if turn.speaker == name for word in spoken(turn.words)
                ],
                replies=[reply for reply in replies if turns[reply.turn].speaker == name],
                voice=voice,
                alone=alone_of(voice, others) if voice is not None else Timeline(),
            )
        )
    return found


def _replies(turns: Sequence[Turn], first_line: str | None) -> list[Reply]:
    """Each turn judged as an answer to the turn before it, where both hold words."""
    found = []

    def add(at: int, line: str, words: Sequence[Word]) -> None:
        judged = judge(line, text_of(words), words=words)
        found.append(Reply(turn=at, span=turns[at].span, judged=judged))

    if first_line and turns and (words := spoken(turns[0].words)):
        add(0, first_line, words)
    for at, (before, turn) in enumerate(pairwise(turns), start=1):
        line, words = text_of(spoken(before.words)), spoken(turn.words)
        two = before.speaker != turn.speaker  # who goes on after a silence answers nobody
        if line and words and two and UNKNOWN not in {before.speaker, turn.speaker}:
            add(at, line, words)
    return found


def _speaker(own: Own, all_s: float) -> Speaker:
    """``all_s``: seconds of everybody's speech."""
    fillers: tuple[Word | Filler, ...] | None
    if own.voice is None:
        fillers = tuple(word for word in own.words if bare(word.text) in HESITATIONS) or ()
        measures = measures_of_text(own.turns)
    else:
        fillers = fillers_of(own.words, own.voice.fillers)
        measures = measures_of_sound(own.turns, own.voice, own.paused, own.alone, fillers)
    counts = [len(spoken(turn.words)) for turn in own.turns]
    spans = [turn.span for turn in own.turns]
    replies = own.replies
    return Speaker(
        name=own.name,
        speech_s=own.activity.duration_s,
        share=own.activity.duration_s / all_s if all_s else 0.0,
        turns=len(own.turns),
        longest=max(spans, key=lambda span: span.duration_s, default=None),
        measures=measures,
        paced_words=sum(count for count in counts if count >= FEWEST_WORDS),
        pauses=tuple(pause for span in spans for pause in pauses_of(own.paused.within(span))),
        fillers=fillers if own.words else None,
        replies=tuple(replies),
        facets={facet: fmean(each.judged.facets[facet] for each in replies) for facet in FACETS}
        if replies
        else {},
        listening_reason=None if replies else (NO_REPLY if own.words else NO_WORDS),
    )
