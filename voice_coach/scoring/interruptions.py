"""Interruptions: what it meant that the learner spoke while the partner was speaking.

An overlap is a neutral fact: about 40 % of the intervals between speakers are one (Heldner & Edlund
2010). It is classed after the turn, with the words, as MEASURES says::

    partner  [--------------------------)
    learner         [mm-hm)                    backchannel: continuers only
    learner                         [I hear…)  terminal: starts in the last half second
    learner            [but I never…)          interruption: early, and asks for the floor
    learner            [?)                     unclear: nothing was recognised, or one stray word
    learner [so I…)                            unclear: was speaking when the partner began

What cannot be told apart is never an interruption: a few words that were hardly recognised, "um",
and a bare "no" or "I know", which agree with some lines and cut others short. A listening noise or
a cough just before a prompt reply is judged for itself (:mod:`voice_coach.scoring.bursts`).

Who was speaking before the line began, or began with it, cut nobody off, however long they go on:
it was the program that came in on them, and a person in the partner's place would have waited.

Over an open loudspeaker whose echo is cancelled it is known when the learner spoke, not what was
said. Then only a voice that began clearly early can be an interruption, and only one that no
listening noise makes: long and unbroken over the line's end, or over it into words of its own, or
longer altogether than listening noises are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from voice_coach.conversation import (
    Measure,
    Measured,
    Overlap,
    OverlapKind,
    Span,
    Timeline,
    Word,
    text_of,
)
from voice_coach.scoring.bursts import Burst, bursts_by_time, bursts_of, talks_on
from voice_coach.scoring.floor import (
    BURST_GAP_S,
    FEWEST_WORDS_FOR_FLOOR,
    ROUNDING_S,
    SHORTEST_OVERLAP_S,
    SURE,
    SURE_BY_WORDS,
    SURE_ONE_WORD,
    TOGETHER_S,
    UNBROKEN_S,
    UNSURE,
    acknowledges,
    doubtful,
    is_terminal,
    may_be_listening,
    stops,
)
from voice_coach.scoring.scorecard import Observation, Score

COST_OF_ONE = 40
"""Points one interruption takes. Chosen."""
COST_OF_SHARE = 20
"""Further points where all of the line was talked over, less in proportion. Chosen."""

CLEARLY_EARLY_S = 1.0
"""So long before the end a voice of unknown words has to begin to be an interruption. Chosen: twice
the last half second, for an "mm-hm" may begin before that and run over the end."""

SOFTER_LOST = ", as far as could be heard: a very soft voice is lost in the noise of this room"
NOWHERE = Timeline()
QUOTED_WORDS = 6
"""Words of an overlap shown as its evidence, at most. Chosen."""


def overlaps_with_line(
    activity: Timeline,
    words: Sequence[Word],
    line: Span,
    *,
    by: str,
    over: str,
    silent: Timeline = NOWHERE,
    worded: bool = True,
) -> tuple[Overlap, ...]:
    """The learner's bursts of talk over the partner's line, each with its kind.

    Args:
        activity: when the learner's voice was heard, before, during and after the line.
        words: the learner's words with their times.
        line: when the line sounded, or would have, had the partner not left off.
        by: the learner's name.
        over: the partner's name.
        silent: where within the line the partner had fallen silent: waiting, or at its end, having
            left off. Nothing overlaps it.
        worded: whether ``words`` hold what was said over the line.
    """
    found = []
    sounded = Timeline.of([line]) - silent
    bursts = bursts_of(activity, words) if worded else bursts_by_time(activity, words, line.end_s)
    for burst in bursts:
        both = Timeline.of([burst.span]) & sounded
        if both.hull is None or both.duration_s < SHORTEST_OVERLAP_S - ROUNDING_S:
            continue
        kind, confidence = _kind_of(burst, line, sounded, worded=worded)
        found.append(Overlap(by=by, over=over, span=both.hull, kind=kind, confidence=confidence))
    return tuple(found)


def score_interruptions(
    overlaps: Sequence[Overlap],
    words: Sequence[Word],
    line: Span,
    *,
    not_scored: str | None,
    silent: Timeline = NOWHERE,
    worded: bool = True,
    softer_lost: bool = False,
) -> Score:
    """100 where the line was let finish; less for each interruption and how much it covered.

    Backchannels, terminal overlaps and unclear ones cost nothing and are shown as what they are.
    ``not_scored`` says why overlaps cannot be trusted here; then there is no score. ``silent``:
    where within the line the partner had fallen silent. ``worded``: whether ``words`` hold what was
    said over the line. ``softer_lost``: whether a voice much softer than the partner's would have
    been lost in the room's noise.
    """
    if not_scored is not None:
        return Score(score=None, reason=not_scored)
    unsaid = next((span for span in silent if span.end_s >= line.end_s - ROUNDING_S), None)
    waited = silent - Timeline.of([unsaid] if unsaid else ())
    until = [overlap.span.start_s for overlap in overlaps[1:]] + [math.inf]
    observations = tuple(
        _observation(overlap, _said_by(words if worded else (), until_s), line, waited)
        for overlap, until_s in zip(overlaps, until, strict=False)
    )
    cuts = [overlap for overlap in overlaps if overlap.kind == "interruption"]
    if not overlaps:
        text = f"You let the line finish{SOFTER_LOST if softer_lost else ''}"
        observations = (Observation(text=text, span=line, sure=not softer_lost),)
    if unsaid and overlaps:
        text = f"{overlaps[-1].over} left off there: the last {unsaid.duration_s:.1f} s of the line"
        observations += (Observation(text=f"{text} were not said", span=unsaid),)
    spoken_over = Timeline.of([cut.span for cut in cuts]) - waited
    over_s = spoken_over.duration_s + (unsaid.duration_s if unsaid else 0.0)
    covered = over_s / (line.duration_s - waited.duration_s) if cuts else 0.0
    return Score(
        score=max(0, round(round(100 - COST_OF_ONE * len(cuts) - COST_OF_SHARE * covered, 6))),
        observations=observations,
    )


def _kind_of(
    burst: Burst, line: Span, sounded: Timeline, *, worded: bool
) -> tuple[OverlapKind, float]:
    if is_terminal(burst.span.start_s, line):
        return "terminal", SURE
    kind, confidence = _kind_by_words(burst, line) if worded else _kind_by_time(burst, line)
    if kind == "interruption" and _began_first(burst.span.start_s, sounded):
        return "unclear", UNSURE
    return kind, confidence


def _began_first(onset_s: float, sounded: Timeline) -> bool:
    """Whether the partner was silent when a voice began, or had only just begun to speak."""
    before = Span(start_s=onset_s - TOGETHER_S, end_s=onset_s)
    return sounded.within(before).duration_s < TOGETHER_S - ROUNDING_S


def _kind_by_words(burst: Burst, line: Span) -> tuple[OverlapKind, float]:
    said = burst.said
    if not said:
        return "unclear", UNSURE
    during = [word for word in said if word.span.start_s < line.end_s - ROUNDING_S]
    if acknowledges(text_of(during)) and stops(said, during):
        return "backchannel", SURE_BY_WORDS
    over = burst.span.end_s <= line.end_s + ROUNDING_S
    few = len(during) < FEWEST_WORDS_FOR_FLOOR
    if burst.listens or (over and (few or may_be_listening(during))):
        return "unclear", UNSURE
    return "interruption", SURE_ONE_WORD if few else SURE_BY_WORDS


def _kind_by_time(burst: Burst, line: Span) -> tuple[OverlapKind, float]:
    """The kind of a voice whose words over the line are not known."""
    early_s = line.end_s - CLEARLY_EARLY_S + ROUNDING_S
    if burst.listens or burst.span.start_s > early_s:
        return "unclear", UNSURE
    early = [voice for voice in burst.voices if voice.start_s <= early_s]
    across = any(_talks_across(voice, burst.said, line.end_s) for voice in early)
    if across or talks_on(burst.voices, line.end_s):
        return "interruption", SURE_ONE_WORD
    return "unclear", UNSURE


def _talks_across(voice: Span, said: Sequence[Word], line_end_s: float) -> bool:
    """Whether a voice runs over the line's end, so long or into such words that it is talk."""
    if voice.end_s <= line_end_s + ROUNDING_S:
        return False
    own = [word for word in said if line_end_s <= word.span.start_s < voice.end_s]
    return voice.duration_s >= UNBROKEN_S or not may_be_listening(own)


def early_latency(
    latency: Measure, activity: Timeline, first_s: float, line_end_s: float
) -> Measure:
    """The latency of a reply that began over the line or in its tail, where words are read later.

    ``activity`` is when the learner's voice was heard, over the line and after it, ``first_s`` when
    the reply was first heard as such. As given where no voice ran on into it.
    """
    if not isinstance(latency, Measured):
        return latency
    for burst in bursts_by_time(activity, (), line_end_s):
        if burst.span.start_s <= first_s < burst.span.end_s:
            return Measured(value=burst.span.start_s - line_end_s, unit=latency.unit)
    return latency


def _observation(
    overlap: Overlap, words: Sequence[Word], line: Span, waited: Timeline
) -> Observation:
    begun = [word for word in words if word.span.middle_s >= overlap.span.start_s]
    until_s = line.end_s if overlap.kind != "interruption" else math.inf
    here = [word for word in _together(begun) if word.span.start_s < until_s]
    # What was hardly recognised is no quote: "mm-hm" is read as "Mom".
    misheard = overlap.kind == "unclear" and doubtful(here)
    quote = "" if misheard else text_of(here[:QUOTED_WORDS])
    to_come = Span(start_s=overlap.span.start_s, end_s=line.end_s)
    early_s = to_come.duration_s - waited.within(to_come).duration_s
    text = {
        "interruption": f"You came in {round(early_s, 3):.1f} s before {overlap.over} had finished",
        "backchannel": "You showed that you were listening",
        "terminal": f"You came in as {overlap.over} was ending, as people do",
        "unclear": "A sound over the line that could not be told apart, so it is not counted",
    }[overlap.kind]
    if overlap.kind == "unclear" and overlap.span.start_s < line.start_s + TOGETHER_S - ROUNDING_S:
        text = f"You were already speaking when {overlap.over} began, so it is not counted"
    return Observation(text=text, quote=quote, span=overlap.span)


def _said_by(words: Sequence[Word], until_s: float) -> Sequence[Word]:
    return [word for word in words if word.span.middle_s < until_s]


def _together(words: Sequence[Word]) -> Sequence[Word]:
    """The words up to the first silence that parts two bursts of talk."""
    for at, (before, word) in enumerate(pairwise(words), start=1):
        if word.span.start_s - before.span.end_s > BURST_GAP_S + ROUNDING_S:
            return words[:at]
    return words
