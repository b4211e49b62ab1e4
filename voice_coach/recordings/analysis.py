"""What happened in a conversation: a function of its utterances, and of its sound where heard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from voice_coach.audio.samples import Audio
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
from voice_coach.recordings.hearing import Heard, Voice
from voice_coach.scoring.fillers import HESITATIONS, bare, fillers_of
from voice_coach.scoring.listening import judge
from voice_coach.scoring.overlaps import overlaps_between
from voice_coach.scoring.pacing import FEWEST_WORDS, pauses_of, phonation_s
from voice_coach.scoring.scorecard import FACETS, Facet, Listening, Move
from voice_coach.scoring.syllables import count_syllables
from voice_coach.scoring.tone import tone_of, unmeasured
from voice_coach.scoring.turns import Latency, latencies_of, turns_of
from voice_coach.speech.enrolled import UNKNOWN

NO_SOUND = "a transcript holds no sound"
NO_WORDS = "the transcript holds no words"
NO_REPLY = "no turn answers another's words"
UNTIMED = "a transcript does not time the pauses inside an utterance"
SHORTEST_TONE_S = 0.3
"""Shorter bits of voice are left out of pitch and level. Chosen."""
MOST_TONE_S = 300.0
"""About so much of a speaker's voice is enough for pitch and level. Chosen."""
APART_S = 0.1
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
    its reason. ``fillers`` are None where there are no words; hums are left out of a transcript,
    since there they are mostly somebody listening. ``facets`` are means over the replies that
    could be read; empty with ``listening_reason`` where there is none.
    """

    name: str
    speech_s: float
    share: float
    measures: Mapping[str, Measure]
    pauses: tuple[Span, ...]
    fillers: tuple[Word | Filler, ...] | None
    replies: tuple[Reply, ...]
    facets: Mapping[Facet, float]
    listening_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """A conversation: its speakers in order of their first words, and what went between them.

    ``utterances`` are what it was made from, in order of start. ``overlaps_void``: why it cannot
    tell who spoke over whom, or None; there are no ``overlaps`` then.
    """

    duration_s: float
    utterances: tuple[Turn, ...]
    speakers: tuple[Speaker, ...]
    turns: tuple[Turn, ...]
    passing: tuple[Turn, ...]
    overlaps: tuple[Overlap, ...]
    overlaps_void: str | None
    latencies: tuple[Latency, ...]

    @property
    def replies(self) -> dict[int, Reply]:
        """Those turns that were judged, by their place among the turns."""
        return {reply.turn: reply for speaker in self.speakers for reply in speaker.replies}

    def moves_of(self, speaker: str) -> list[tuple[Span, Move]]:
        """What a speaker's replies do and when, in order; the turn's span where it is not timed."""
        found = [
            (move.span or self.turns[place].span, move)
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
) -> Analysis:
    """Turns, overlaps, latencies and each speaker's part.

    From words and times alone, or with what was heard of a recording. ``line`` is what the first
    turn answers, where it is not in the recording. ``overlaps_void`` is why a transcript tells of
    no overlaps; of a recording ``heard`` knows it. What an unknown speaker said is in the turns,
    and nobody's part.
    """
    void = overlaps_void if heard is None else heard.overlaps_void
    ordered = sorted(utterances, key=lambda turn: turn.span.start_s)
    turns, passing = turns_of(ordered)
    names = [name for name in dict.fromkeys(turn.speaker for turn in ordered) if name != UNKNOWN]
    activity = {
        name: heard.voices[name].activity
        if heard is not None and name in heard.voices
        else Timeline.of(turn.span for turn in ordered if turn.speaker == name)
        for name in names
    }
    replies = _replies(turns, line)
    return Analysis(
        duration_s=heard.duration_s
        if heard is not None
        else max((turn.span.end_s for turn in ordered), default=0.0),
        utterances=tuple(ordered),
        speakers=tuple(
            _speaker(
                name,
                [turn for turn in ordered if turn.speaker == name],
                [turn for turn in turns if turn.speaker == name],
                activity,
                [reply for reply in replies if turns[reply.turn].speaker == name],
                heard,
            )
            for name in names
        ),
        turns=turns,
        passing=passing,
        overlaps=() if void else overlaps_between(ordered),
        overlaps_void=void,
        latencies=latencies_of(turns),
    )


def _replies(turns: Sequence[Turn], first_line: str | None) -> list[Reply]:
    """Each turn judged as an answer to the turn before it, where both hold words."""
    found = []
    if first_line and turns and (words := spoken(turns[0].words)):
        found.append(Reply(turn=0, judged=judge(first_line, text_of(words), words=words)))
    for at, (before, turn) in enumerate(pairwise(turns), start=1):
        line, words = text_of(spoken(before.words)), spoken(turn.words)
        if line and words and UNKNOWN not in {before.speaker, turn.speaker}:
            found.append(Reply(turn=at, judged=judge(line, text_of(words), words=words)))
    return found


def _speaker(
    name: str,
    own: Sequence[Turn],
    turns: Sequence[Turn],
    activities: Mapping[str, Timeline],
    replies: Sequence[Reply],
    heard: Heard | None,
) -> Speaker:
    words = [word for turn in own for word in spoken(turn.words)]
    activity = activities[name]
    all_s = sum(line.duration_s for line in activities.values())
    voice = heard.voices.get(name) if heard is not None else None
    fillers: tuple[Word | Filler, ...] | None
    if voice is None:
        fillers = tuple(word for word in words if bare(word.text) in HESITATIONS) or ()
        measures = _measures_of_text(turns)
    else:
        fillers = fillers_of(words, voice.fillers)
        others = Timeline.of(
            span for other, line in activities.items() if other != name for span in line
        )
        measures = _measures_of_sound(turns, voice, others, fillers)
    return Speaker(
        name=name,
        speech_s=activity.duration_s,
        share=activity.duration_s / all_s if all_s else 0.0,
        measures=measures,
        pauses=tuple(pause for turn in turns for pause in pauses_of(activity.within(turn.span))),
        fillers=fillers if words else None,
        replies=tuple(replies),
        facets={facet: fmean(each.judged.facets[facet] for each in replies) for facet in FACETS}
        if replies
        else {},
        listening_reason=None if replies else (NO_REPLY if words else NO_WORDS),
    )


def _measures_of_text(turns: Sequence[Turn]) -> dict[str, Measure]:
    return {
        "words_per_min": _pace(turns),
        "articulation_rate_syllables_per_s": Unmeasured(reason=UNTIMED, unit="syllables/s"),
        "fillers_per_min": Unmeasured(reason=NO_SOUND, unit="fillers/min"),
        **unmeasured(NO_SOUND),
    }


def _measures_of_sound(
    turns: Sequence[Turn], voice: Voice, others: Timeline, fillers: Sequence[Filler]
) -> dict[str, Measure]:
    return {
        "words_per_min": _pace(turns),
        "articulation_rate_syllables_per_s": _articulation_rate(turns, voice.activity),
        "fillers_per_min": _fillers_per_min(turns, fillers),
        **_tone(voice, others),
    }


def _articulation_rate(turns: Sequence[Turn], activity: Timeline) -> Measure:
    """Syllables a second of phonation over the turns that are long enough."""
    unit = "syllables/s"
    long = [turn for turn in turns if len(spoken(turn.words)) >= FEWEST_WORDS]
    seconds = sum(phonation_s(activity.within(turn.span)) for turn in long)
    if not seconds:
        return Unmeasured(reason=TOO_SHORT, unit=unit)
    count = sum(count_syllables(word.text) for turn in long for word in spoken(turn.words))
    return Measured(value=count / seconds, unit=unit)


def _fillers_per_min(turns: Sequence[Turn], fillers: Sequence[Filler]) -> Measure:
    """Those in the turns that are long enough, a minute of them."""
    unit = "fillers/min"
    long = [turn.span for turn in turns if len(spoken(turn.words)) >= FEWEST_WORDS]
    seconds = sum(span.duration_s for span in long)
    if not seconds:
        return Unmeasured(reason=TOO_SHORT, unit=unit)
    inside = sum(any(each.span.meets(span) for span in long) for each in fillers)
    return Measured(value=60.0 * inside / seconds, unit=unit)


def _tone(voice: Voice, others: Timeline) -> Mapping[str, Measure]:
    """Pitch and level of what was said while nobody else spoke, from so much of it as is enough."""
    alone = voice.activity - others if voice.shared else voice.activity
    spans = [span for span in alone if span.duration_s >= SHORTEST_TONE_S]
    if not spans:
        return unmeasured("no voice was found in the sound")
    step = max(1, round(sum(span.duration_s for span in spans) / MOST_TONE_S))
    pieces, within, at_s = [], [], 0.0
    for span in spans[::step]:
        pieces.append(voice.sound.between(span.start_s, span.end_s))
        within.append(Span(start_s=at_s, end_s=at_s + pieces[-1].duration_s))
        pieces.append(Audio.silence(APART_S))
        at_s = within[-1].end_s + APART_S
    return tone_of(Audio.joined(pieces), Timeline.of(within)).measures


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
