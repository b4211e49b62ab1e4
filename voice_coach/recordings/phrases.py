"""What is told of a conversation, in the words that the terminal, HTML and Markdown share."""

from __future__ import annotations

from collections import Counter
from typing import get_args

from voice_coach.conversation import Measure, Measured, OverlapKind, spoken
from voice_coach.recordings.analysis import Analysis, Speaker
from voice_coach.recordings.doubt import marked
from voice_coach.recordings.listened import Counted, FacetShown
from voice_coach.recordings.moments import clock
from voice_coach.recordings.own import Reply
from voice_coach.recordings.windows import FEWEST_PACE_WORDS
from voice_coach.scoring.said import printable
from voice_coach.scoring.scorecard import Move, MoveKind

MEASURES = (
    ("Articulation", "articulation_rate_syllables_per_s", 1),
    ("Fillers", "fillers_per_min", 1),
    ("Pitch, median", "pitch_median_hz", 0),
    ("Pitch, range", "pitch_range_semitones", 0),
    ("Level", "level_db", 0),
)
"""What a measure is called, its key, and how many digits of it are shown; the pace apart."""


def measure_text(measure: Measure, digits: int = 0) -> str:
    """The number with its unit, or why there is none."""
    if isinstance(measure, Measured):
        return f"{measure.value:.{digits}f} {measure.unit}"
    return f"not measured: {measure.reason}"


def pace_text(speaker: Speaker) -> str:
    """The words a minute; over how many words, where those are few."""
    pace = speaker.measures["words_per_min"]
    told = measure_text(pace)
    if isinstance(pace, Measured) and speaker.paced_words < FEWEST_PACE_WORDS:
        told += f" (a rough figure: over {speaker.paced_words} words)"
    return told


def longest_text(speaker: Speaker) -> str:
    """How long the longest turn lasted, and when it began."""
    at = f" at {clock(speaker.longest.start_s)}" if speaker.longest is not None else ""
    return f"{measure_text(speaker.longest_monologue)}{at}"


def took_over_text(speaker: Speaker, analysis: Analysis) -> str:
    """The median latency after each other one, with how many changes of the floor it rests on."""
    told = (
        f"{printable(each.before)}: {measure_text(each.median_s, 2)} "
        f"(changes: {len(each.offsets_s)})"
        for each in analysis.answers
        if each.after == speaker.name != each.before
    )
    return "; ".join(told) or "never"


def came_in_text(speaker: Speaker, analysis: Analysis) -> str:
    """How often over others, by kind."""
    if analysis.overlaps_void is not None:
        return "not told"
    kinds = Counter(each.kind for each in analysis.overlaps if each.by == speaker.name)
    told = (f"{kind} {kinds[kind]}" for kind in get_args(OverlapKind) if kinds[kind])
    return ", ".join(told) or "never"


def judged_text(speaker: Speaker, told: str) -> str:
    """What is told of how somebody listens, or why that was not judged."""
    reason = speaker.listening_reason
    return told if reason is None else f"not judged: {reason}"


def moves_text(speaker: Speaker, most: int | None = None) -> str:
    """How often each kind of move was made, the commonest first."""
    counts = Counter(move.move for reply in speaker.replies for move in reply.judged.moves)
    told = (f"{move_text(kind)} {count}" for kind, count in counts.most_common(most))
    return ", ".join(told) or "nothing that stands out"


def move_text(kind: MoveKind) -> str:
    """What a move is called."""
    return kind.replace("_", " ")


def ratio_text(found: Counted) -> str:
    """Reflections to a question."""
    return measure_text(found.reflections_per_question, 1).removesuffix(" reflections/question")


def strength_text(shown: FacetShown) -> str:
    """How strong a facet is."""
    replies = "1 reply" if shown.replies == 1 else f"{shown.replies} replies"
    return f"{shown.mean:.2f} of 1; clear in {shown.clear} of {replies}"


def quote_text(analysis: Analysis, reply: Reply, move: Move) -> str:
    """The words of a move, doubtful ones marked."""
    return marked(spoken(analysis.turns[reply.turn].words), move.start, move.end)
