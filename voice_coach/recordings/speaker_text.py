"""One speaker's part as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from voice_coach.conversation import Measured
from voice_coach.recordings.analysis import Analysis, Speaker
from voice_coach.recordings.listened import FacetShown, counted, facets_of
from voice_coach.recordings.moments import clock
from voice_coach.recordings.phrases import (
    MEASURES,
    came_in_text,
    judged_text,
    longest_text,
    measure_text,
    move_text,
    moves_text,
    pace_text,
    quote_text,
    ratio_text,
    strength_text,
    took_over_text,
)
from voice_coach.scoring.said import printable

SCALE = (
    "How the replies answer, from 0 (not at all) to 1 (fully), on average; clear is 0.5 or more. "
    "A small program's reading of single replies, often wrong, and no verdict on anybody:"
)
SHOWN_MOVES = 5
"""Kinds of move listed for each speaker, the commonest first. Chosen."""
FEW_QUOTES = 2
"""Quotes behind each facet, at most; the page has more, JSON all. Chosen."""


def speaker_text(speaker: Speaker, analysis: Analysis) -> Iterator[str]:
    """The lines: talk, pace, sound, who took or talked over whom, listening."""
    yield (
        f"{printable(speaker.name)} spoke {speaker.share:.0%} of the talk "
        f"({speaker.speech_s:.0f} s, {_turns(speaker)})"
    )
    yield f"  Pace: {pace_text(speaker)}"
    for label, name, digits in MEASURES:
        if isinstance(speaker.measures[name], Measured):
            yield f"  {label}: {measure_text(speaker.measures[name], digits)}"
    if len(analysis.speakers) > 1:
        yield f"  Took over from, median: {took_over_text(speaker, analysis)}"
        if analysis.overlaps_void is None:
            yield f"  Came in over others: {came_in_text(speaker, analysis)}"
    yield f"  Listening: {judged_text(speaker, _listening(speaker))}"
    if speaker.replies:
        yield from _counts(speaker)
        yield f"  {SCALE}"
        for shown in facets_of(speaker):
            yield from _facet(shown, analysis)


def _turns(speaker: Speaker) -> str:
    if speaker.longest is None:
        return "no turn"
    count = "1 turn" if speaker.turns == 1 else f"{speaker.turns} turns"
    return f"{count}, the longest {longest_text(speaker)}"


def _listening(speaker: Speaker) -> str:
    replies = len(speaker.replies)
    judged = "1 reply" if replies == 1 else f"{replies} replies"
    return f"{judged}: {moves_text(speaker, SHOWN_MOVES)}"


def _counts(speaker: Speaker) -> Iterator[str]:
    found = counted(speaker.replies)
    yield (
        f"  Reflections: {found.reflections} ({found.of_feeling} name a feeling); questions: "
        f"{found.questions}; reflections to a question: {ratio_text(found)}"
    )
    yield f"  Complex reflections: {measure_text(found.complex_share)}"


def _facet(shown: FacetShown, analysis: Analysis) -> Iterator[str]:
    yield f"    {shown.name.plain} ({shown.name.term}): {strength_text(shown)}"
    for reply, move in shown.evidence[:FEW_QUOTES]:
        when = clock(reply.when(move).start_s)
        yield f"      {when}  “{quote_text(analysis, reply, move)}”  {move_text(move.move)}"
