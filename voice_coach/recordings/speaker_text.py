"""One speaker's part as lines for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import get_args

from voice_coach.conversation import Measure, Measured, OverlapKind, spoken
from voice_coach.recordings.analysis import Analysis, Speaker
from voice_coach.recordings.doubt import marked
from voice_coach.recordings.listened import FacetShown, counted, facets_of
from voice_coach.recordings.over_time import clock
from voice_coach.recordings.own import Reply
from voice_coach.recordings.windows import FEWEST_PACE_WORDS
from voice_coach.scoring.said import printable
from voice_coach.scoring.scorecard import Move

SCALE = (
    "How the replies answer, from 0 (not at all) to 1 (fully), on average; clear is 0.5 or more. "
    "A small program's reading of single replies, often wrong, and no verdict on anybody:"
)
SHOWN_MOVES = 5
"""Kinds of move listed for each speaker, the commonest first. Chosen."""
SHOWN_QUOTES = 2
"""Quotes behind each facet, at most; the page has more, JSON all. Chosen."""


def speaker_text(speaker: Speaker, analysis: Analysis, *, overlaps_told: bool) -> Iterator[str]:
    """The lines: talk, pace, sound, listening, and who came in over whom where that is told."""
    yield (
        f"{printable(speaker.name)} spoke {speaker.share:.0%} of the talk "
        f"({speaker.speech_s:.0f} s, {_turns(speaker)})"
    )
    yield f"  Pace: {pace_text(speaker)}"
    for label, text in _sound(speaker):
        yield f"  {label}: {text}"
    for answers in analysis.answers:
        if answers.after == speaker.name and answers.before != speaker.name:
            told = measure_text(answers.median_s, 2)
            yield (
                f"  Took over from {printable(answers.before)}: {told} "
                f"(median; changes: {len(answers.offsets_s)})"
            )
    if overlaps_told:
        kinds = Counter(each.kind for each in analysis.overlaps if each.by == speaker.name)
        over = ", ".join(f"{kind} {kinds[kind]}" for kind in get_args(OverlapKind))
        yield f"  Over others: {over}"
    yield f"  Listening: {_listening(speaker)}"
    if speaker.replies:
        yield from _counts(speaker)
        yield f"  {SCALE}"
        for shown in facets_of(speaker):
            yield from _facet(shown, analysis)


def pace_text(speaker: Speaker) -> str:
    """The words a minute; over how many words, where those are few."""
    pace = speaker.measures["words_per_min"]
    told = measure_text(pace)
    if isinstance(pace, Measured) and speaker.paced_words < FEWEST_PACE_WORDS:
        told += f" (a rough figure: over {speaker.paced_words} words)"
    return told


def measure_text(measure: Measure, digits: int = 0) -> str:
    """The number with its unit, or why there is none."""
    if isinstance(measure, Measured):
        return f"{measure.value:.{digits}f} {measure.unit}"
    return f"not measured: {measure.reason}"


def quote_text(analysis: Analysis, reply: Reply, move: Move) -> str:
    """The words of a move, doubtful ones marked."""
    return marked(spoken(analysis.turns[reply.turn].words), move.start, move.end)


def moves_text(speaker: Speaker, most: int | None = None) -> str:
    """How often each kind of move was made, the commonest first."""
    counts = Counter(move.move for reply in speaker.replies for move in reply.judged.moves)
    told = (f"{move.replace('_', ' ')} {count}" for move, count in counts.most_common(most))
    return ", ".join(told) or "nothing that stands out"


def _turns(speaker: Speaker) -> str:
    if speaker.longest is None:
        return "no turn"
    count = "1 turn" if speaker.turns == 1 else f"{speaker.turns} turns"
    longest = f"{speaker.longest.duration_s:.0f} s at {clock(speaker.longest.start_s)}"
    return f"{count}, the longest {longest}"


def _sound(speaker: Speaker) -> Iterator[tuple[str, str]]:
    """What only the sound tells, where it was measured."""
    for label, name, digits in (
        ("Articulation", "articulation_rate_syllables_per_s", 1),
        ("Fillers", "fillers_per_min", 1),
        ("Pitch, median", "pitch_median_hz", 0),
    ):
        measure = speaker.measures[name]
        if isinstance(measure, Measured):
            yield label, f"{measure.value:.{digits}f} {measure.unit}"


def _listening(speaker: Speaker) -> str:
    if speaker.listening_reason is not None:
        return f"not judged: {speaker.listening_reason}"
    replies = len(speaker.replies)
    judged = "1 reply" if replies == 1 else f"{replies} replies"
    return f"{judged}: {moves_text(speaker, SHOWN_MOVES)}"


def _counts(speaker: Speaker) -> Iterator[str]:
    found = counted(speaker.replies)
    yield (
        f"  Reflections: {found.reflections} ({found.of_feeling} name a feeling); questions: "
        f"{found.questions}; reflections to a question: "
        f"{measure_text(found.reflections_per_question, 1).removesuffix(' reflections/question')}"
    )
    yield f"  Complex reflections: {measure_text(found.complex_share)}"


def _facet(shown: FacetShown, analysis: Analysis) -> Iterator[str]:
    yield (
        f"    {shown.name.plain} ({shown.name.term}): {shown.mean:.2f}, "
        f"clear in {shown.clear} of {shown.replies}"
    )
    for reply, move in shown.evidence[:SHOWN_QUOTES]:
        when = clock((move.span or reply.span).start_s)
        quote = quote_text(analysis, reply, move)
        yield f"      {when}  “{quote}”  {move.move.replace('_', ' ')}"
