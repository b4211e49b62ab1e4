"""Interruptions: what it meant that the learner spoke while the partner was speaking.

An overlap is a neutral fact: about 40 % of the intervals between speakers are one (Heldner & Edlund
2010). It is classed after the turn, with the words, as MEASURES says::

    partner  [--------------------------)
    learner         [mm-hm)                    backchannel: continuers only
    learner                         [I hear…)  terminal: starts in the last half second
    learner            [but I never…)          interruption: early, and asks for the floor
    learner            [?)                     unclear: nothing was recognised, or one stray word

What cannot be told apart is never an interruption: a few words that were hardly recognised, "um",
and a bare "no" or "I know", which agree with some lines and cut others short.

Over an open loudspeaker whose echo is cancelled it is known when the learner spoke, not what was
said: then a voice that runs on past the line's end took the floor, one that stopped before counts
by its length alone.
"""

from __future__ import annotations

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
from voice_coach.scoring.floor import (
    BURST_GAP_S,
    FEWEST_WORDS_FOR_FLOOR,
    ROUNDING_S,
    SHORTEST_OVERLAP_S,
    SURE,
    SURE_BY_WORDS,
    SURE_ONE_WORD,
    UNSURE,
    acknowledges,
    doubtful,
    hesitates,
    is_terminal,
    may_acknowledge,
    stops,
)
from voice_coach.scoring.scorecard import Observation, Score

COST_OF_ONE = 40
"""Points one interruption takes. Chosen."""
COST_OF_SHARE = 20
"""Further points where all of the line was talked over, less in proportion. Chosen."""

LONGEST_ACKNOWLEDGING_S = 1.2
"""A voice of unknown words that goes on longer says more than "mm-hm" or "yeah, right". Chosen."""

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
    for burst in activity.bridged(BURST_GAP_S + ROUNDING_S):
        both = Timeline.of([burst]) & sounded
        if both.hull is None or both.duration_s < SHORTEST_OVERLAP_S - ROUNDING_S:
            continue
        said = [word for word in words if burst.start_s <= word.span.middle_s <= burst.end_s]
        kind, confidence = _kind_of(burst, line, said) if worded else _kind_by_time(burst, line)
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
    observations = tuple(
        _observation(overlap, words if worded else (), line, waited) for overlap in overlaps
    )
    cuts = [overlap for overlap in overlaps if overlap.kind == "interruption"]
    if not overlaps:
        text = f"You let the line finish{SOFTER_LOST if softer_lost else ''}"
        observations = (Observation(text=text, span=line),)
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


def _kind_of(burst: Span, line: Span, said: Sequence[Word]) -> tuple[OverlapKind, float]:
    if is_terminal(burst.start_s, line):
        return "terminal", SURE
    if not said:
        return "unclear", UNSURE
    during = [word for word in said if word.span.start_s < line.end_s - ROUNDING_S]
    text = text_of(during)
    if acknowledges(text) and stops(said, during):
        return "backchannel", SURE_BY_WORDS
    over = burst.end_s <= line.end_s + ROUNDING_S
    if over and (len(during) < FEWEST_WORDS_FOR_FLOOR or _cannot_tell(during)):
        return "unclear", UNSURE
    sure = len(during) >= FEWEST_WORDS_FOR_FLOOR
    return "interruption", SURE_BY_WORDS if sure else SURE_ONE_WORD


def _cannot_tell(said: Sequence[Word]) -> bool:
    text = text_of(said)
    return may_acknowledge(text) or hesitates(text) or doubtful(said)


def _kind_by_time(burst: Span, line: Span) -> tuple[OverlapKind, float]:
    """The kind of a voice whose words over the line are not known."""
    if is_terminal(burst.start_s, line):
        return "terminal", SURE
    goes_on = burst.end_s > line.end_s or burst.duration_s > LONGEST_ACKNOWLEDGING_S
    return ("interruption", SURE_ONE_WORD) if goes_on else ("unclear", UNSURE)


def early_latency(latency: Measure, activity: Timeline, line_end_s: float) -> Measure:
    """The latency of a reply that began over the line, where its words begin after it.

    ``activity`` is when the learner's voice was heard, over the line and after it. As given where
    no voice ran from the one into the other.
    """
    if not isinstance(latency, Measured):
        return latency
    for burst in activity.bridged(BURST_GAP_S):
        if burst.start_s < line_end_s < burst.end_s:
            return Measured(value=burst.start_s - line_end_s, unit=latency.unit)
    return latency


def _observation(
    overlap: Overlap, words: Sequence[Word], line: Span, waited: Timeline
) -> Observation:
    begun = [word for word in words if word.span.middle_s >= overlap.span.start_s]
    until_s = line.end_s if overlap.kind != "interruption" else float("inf")
    here = [word for word in _together(begun) if word.span.start_s < until_s]
    quote = text_of(here[:QUOTED_WORDS])
    to_come = Span(start_s=overlap.span.start_s, end_s=line.end_s)
    early_s = to_come.duration_s - waited.within(to_come).duration_s
    text = {
        "interruption": f"You came in {round(early_s, 3):.1f} s before {overlap.over} had finished",
        "backchannel": "You showed that you were listening",
        "terminal": f"You came in as {overlap.over} was ending, as people do",
        "unclear": "A sound over the line that could not be told apart, so it is not counted",
    }[overlap.kind]
    return Observation(text=text, quote=quote, span=overlap.span)


def _together(words: Sequence[Word]) -> Sequence[Word]:
    """The words up to the first silence that parts two bursts of talk."""
    for at, (before, word) in enumerate(pairwise(words), start=1):
        if word.span.start_s - before.span.end_s > BURST_GAP_S + ROUNDING_S:
            return words[:at]
    return words
