"""One attempt, judged: a line and a reply with its times in, a scorecard out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from voice_coach.audio.samples import Audio
from voice_coach.conversation import (
    Filler,
    Measure,
    Measured,
    Overlap,
    Span,
    Timeline,
    Unmeasured,
    Word,
    text_of,
)
from voice_coach.scoring.baseline import Baseline
from voice_coach.scoring.compared import NO_BASELINE, PaceCompared, compare_pace, compare_tone
from voice_coach.scoring.fillers import fillers_of, fillers_per_min
from voice_coach.scoring.floor import SHORTEST_OVERLAP_S
from voice_coach.scoring.interruptions import (
    early_latency,
    overlaps_with_line,
    score_interruptions,
)
from voice_coach.scoring.listening import NO_WORDS, UNREAD, judge
from voice_coach.scoring.notes import FELT, MISSING, TAKEN
from voice_coach.scoring.pacing import (
    FEWEST_WORDS,
    LONG_PAUSE_S,
    latency_of,
    pacing_measures,
    pauses_of,
    score_pacing,
)
from voice_coach.scoring.quiet import edged_by_level
from voice_coach.scoring.scorecard import (
    HARMFUL,
    Listening,
    Move,
    Observation,
    Score,
    Scorecard,
)
from voice_coach.scoring.tone import Tone, tone_of, unmeasured

TAIL_S = 0.3
"""How long a room rings on after the line, so that the voice is not alone there. Chosen, as the
tail that a sitting lets die away where the loudspeaker leaks in."""

BEGUN_UNHEARD = "you may have been speaking already when listening began after the line"
FIRST_WORDS_LOST = "Your first words may be missing: they may have come before the line was over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What was said to the learner, and what came back.

    All times are on the sitting's clock. ``audio`` is the sound of the reply, its first sample at
    ``audio_start_s``; None where there is none. ``early`` is what the learner said over the line
    before the reply itself. ``line_span`` is None where the line was not sounded; where the partner
    left off, it runs to where the line would have ended. ``line_silent`` is where within it nothing
    sounded: the partner waited, or had left off.
    ``fillers`` are those heard in the sound of the reply; None where they were not listened for,
    for the reason ``fillers_void``. ``baseline`` is what is usual for this person;
    ``not_compared`` is the reason where there is none. ``over_line`` is
    when a voice was heard over the line where only that is known and no words are: the echo of the
    line was taken out of the sound; None where words over the line are in ``words`` and ``early``.
    ``softer_lost``: a voice much softer than the partner's would not have been found there.
    ``begun_unheard``: somebody may have been speaking already as listening began after the line, so
    that neither the reply's beginning nor its first words are known.
    """

    line: str
    partner: str
    feels: Sequence[str]
    needs: Sequence[str]
    facts: Sequence[str]
    line_span: Span | None
    words: tuple[Word, ...]
    activity: Timeline
    early_words: tuple[Word, ...] = ()
    early_activity: Timeline = field(default_factory=Timeline)
    over_line: Timeline | None = None
    softer_lost: bool = False
    begun_unheard: bool = False
    audio: Audio | None = None
    audio_start_s: float = 0.0
    latency_void: str | None = None
    overlaps_void: str | None = None
    line_silent: Timeline = field(default_factory=Timeline)
    fillers: tuple[Filler, ...] | None = None
    fillers_void: str = "fillers were not listened for in the sound"
    baseline: Baseline | None = None
    not_compared: str = NO_BASELINE


def judge_attempt(attempt: Attempt) -> Scorecard:
    """The scorecard of an attempt; pure, so that a stored attempt can be judged again."""
    reply = text_of(attempt.words)
    judged = judge(
        attempt.line,
        reply,
        feels=attempt.feels,
        needs=attempt.needs,
        facts=attempt.facts,
        words=attempt.words,
    )
    heard = _heard(attempt)
    words, voiced = _answer(attempt, heard)
    pauses = pauses_of(voiced)
    line_end_s = attempt.line_span.end_s if attempt.line_span else None
    measures = pacing_measures(words, voiced, line_end_s=None, latency_void=None)
    measures["latency_s"] = latency_of(heard, line_end_s, attempt.latency_void)
    fillers = fillers_of(attempt.words, attempt.fillers or ())
    measures["fillers_per_min"] = fillers_per_min(
        fillers,
        attempt.words,
        heard,
        unheard=attempt.fillers_void if attempt.fillers is None else None,
    )
    tone = _tone(attempt)
    measures |= tone.measures
    track = tone.track.shifted(attempt.audio_start_s) if tone.track else None
    own_pace = compare_pace(measures, attempt.baseline, attempt.not_compared)
    measures["latency_s"] = _latency(measures["latency_s"], attempt)
    line_span = attempt.line_span
    all_words = (*attempt.early_words, *attempt.words)
    unread = _unread(attempt)
    if line_span is None or not (all_words or unread):
        overlaps: tuple[Overlap, ...] = ()
        reason = "the line was not sounded" if line_span is None else "nothing was said"
        interruptions = Score(score=None, reason=reason)
    else:
        overlaps = (
            overlaps_with_line(
                attempt.early_activity | attempt.activity | (attempt.over_line or Timeline()),
                all_words,
                line_span,
                by="you",
                over=attempt.partner,
                silent=attempt.line_silent,
                worded=attempt.over_line is None,
            )
            if attempt.overlaps_void is None
            else ()
        )
        interruptions = score_interruptions(
            overlaps,
            all_words,
            line_span,
            not_scored=attempt.overlaps_void,
            silent=attempt.line_silent,
            worded=attempt.over_line is None,
            softer_lost=attempt.softer_lost,
        )
    return Scorecard(
        listening=_listening(judged, unread, attempt),
        pacing=_with_own(score_pacing(measures, words, pauses), own_pace),
        interruptions=interruptions,
        judged=judged,
        measures=measures,
        pauses=pauses,
        fillers=fillers,
        overlaps=overlaps,
        track=track,
        tone=compare_tone(measures, attempt.baseline, attempt.not_compared, voiced_s=tone.voiced_s),
        own_pace=own_pace,
    )


def _answer(attempt: Attempt, heard: Timeline) -> tuple[Sequence[Word], Timeline]:
    """The reply's words and voice from where it went on without the partner speaking in between.

    Who came in over the line, fell silent and answered after it did not pause: the other spoke.
    """
    if attempt.line_span is None:
        return attempt.words, heard
    sounded = Timeline.of([attempt.line_span]) - attempt.line_silent
    since_s = max(
        (gap.end_s for gap in pauses_of(heard) if _is_the_lines(gap, sounded, attempt.line_span)),
        default=-math.inf,
    )
    words = tuple(word for word in attempt.words if word.span.end_s > since_s)
    if len(words) < FEWEST_WORDS <= len(attempt.words):
        return attempt.words, heard  # most was said over the line: that is what there is to measure
    return words, Timeline.of(span for span in heard if span.end_s > since_s)


def _is_the_lines(gap: Span, sounded: Timeline, line: Span) -> bool:
    """Whether it was the partner who filled a gap of the learner's: for a second, or to her end."""
    filled_s = sounded.within(gap).duration_s
    return filled_s >= LONG_PAUSE_S or (gap.end_s >= line.end_s and 2 * filled_s >= gap.duration_s)


def _latency(latency: Measure, attempt: Attempt) -> Measure:
    """Counted from the first sound of the voice, be it over the line or in its echo's tail."""
    line, first = attempt.line_span, attempt.activity.hull
    if line is None or first is None or not isinstance(latency, Measured):
        return latency
    if attempt.begun_unheard:
        return Unmeasured(reason=BEGUN_UNHEARD, unit=latency.unit)
    if attempt.over_line is None:
        return latency
    voice = attempt.over_line | attempt.activity
    return early_latency(latency, voice, first.start_s, line.end_s)


def _unread(attempt: Attempt) -> Timeline:
    """When somebody was heard over the line, whose words there cannot be known."""
    if attempt.line_span is None or attempt.over_line is None:
        return Timeline()
    over = attempt.over_line.within(attempt.line_span)
    return Timeline.of(span for span in over if span.duration_s >= SHORTEST_OVERLAP_S)


def _listening(judged: Listening, unread: Timeline, attempt: Attempt) -> Score:
    """The listening score; it says so where words are missing from what it judged."""
    observations, reason = observations_of(judged), judged.reason
    if attempt.begun_unheard:
        observations += (Observation(text=FIRST_WORDS_LOST, span=attempt.activity.hull),)
    if unread:
        told = Observation(text=UNREAD[:1].upper() + UNREAD[1:], span=unread.hull)
        observations += (told,)
        reason = UNREAD if reason == NO_WORDS else reason
    return Score(score=judged.score, reason=reason, observations=observations)


def _tone(attempt: Attempt) -> Tone:
    """How the voice sounded where it was alone."""
    if attempt.audio is None:
        return Tone(measures={})
    alone = _alone(attempt)
    if attempt.activity and not alone:
        return Tone(measures=unmeasured("you spoke only while the line sounded"))
    return tone_of(attempt.audio, alone.shifted(-attempt.audio_start_s))


def _alone(attempt: Attempt) -> Timeline:
    """When the learner's voice was heard and no other: not over the line, nor in its echo.

    There a microphone may hear both, or what a canceller left of one.
    """
    if attempt.line_span is None:
        return attempt.activity
    sounded = Timeline.of([attempt.line_span]) - attempt.line_silent
    return attempt.activity - Timeline.of(
        replace(span, end_s=span.end_s + TAIL_S) for span in sounded
    )


def _with_own(pacing: Score, own_pace: PaceCompared) -> Score:
    """The pacing score, with the pace against the person's own as its last evidence."""
    if own_pace.pace is None:
        return pacing
    told = Observation(text=own_pace.reason[:1].upper() + own_pace.reason[1:])
    return replace(pacing, observations=(*pacing.observations, told))


def _heard(attempt: Attempt) -> Timeline:
    """When the voice was heard, its pauses put right by the sound where there is one."""
    if attempt.audio is None:
        return attempt.activity
    activity = attempt.activity.shifted(-attempt.audio_start_s)
    return edged_by_level(activity, attempt.audio).shifted(attempt.audio_start_s)


MOVE_NAMES = {
    "reflection_content": "You took up what happened",
    "reflection_feeling": "You took up the feeling",
    "validation": "You said it makes sense",
    "open_question": "You asked an open question",
    "closed_question": "You asked a yes-or-no question",
    "check_in": "You checked whether you had understood",
    "encourager": "You invited more",
    "support": "You offered support",
    "boundary": "You said what you need",
    "apology": "You said sorry",
    "advice": "You offered a solution",
    "minimising": "This made it smaller than it is for them",
    "hijacking": "This turned to you",
    "defending": "This defended you",
    "blaming": "This put the fault on them",
    "judging": "This judged them",
    "sympathy": "You felt sorry for them, from outside",
}
"""What a move is called to the person who made it."""


def observations_of(judged: Listening) -> tuple[Observation, ...]:
    """What held the score, then what the words did, each stretch once with its quote."""
    missed = any(note.startswith(tuple(MISSING)) for note in judged.notes)
    named: dict[tuple[int, int], list[Move]] = {}
    for move in judged.moves:
        named.setdefault((move.start, move.end), []).append(move)
    seen = [
        Observation(text=note[:1].upper() + note[1:])
        for note in judged.notes
        if note not in {FELT, TAKEN}  # the quoted moves show these
    ]
    seen += [
        Observation(text=_name_of(moves, missed), quote=moves[0].quote, span=moves[0].span)
        for moves in named.values()
    ]
    return tuple(seen)


def _name_of(moves: Sequence[Move], missed: bool) -> str:
    """One name for what the same words do, be it one thing or several."""
    moves = [move for move in moves if move.move in HARMFUL] or moves
    kinds = {move.move for move in moves}
    if missed and kinds & {"reflection_content", "reflection_feeling"}:
        return "You gave something back"
    if {"reflection_content", "reflection_feeling"} <= kinds:
        return "You took up what happened and the feeling"
    return "; ".join(dict.fromkeys(MOVE_NAMES[move.move] for move in moves))
