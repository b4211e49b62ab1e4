"""Each speaker's figures as texts, side by side, for a page in HTML or Markdown."""

from __future__ import annotations

from collections import Counter
from typing import get_args

from voice_coach.conversation import Measured, OverlapKind
from voice_coach.recordings.analysis import Analysis, Speaker
from voice_coach.scoring.scorecard import FACETS

CAUTION = (
    "Words were written down, and moves named, by small programs on this machine. Both are often "
    "wrong: listen before you rely on one, and do not judge anybody by the numbers."
)
FACETS_TOLD = "Facets from 0 to 1, the mean over the turns that answer another's."
MEASURES = (
    ("Pace", "words_per_min", 0),
    ("Articulation", "articulation_rate_syllables_per_s", 1),
    ("Fillers", "fillers_per_min", 1),
    ("Pitch, median", "pitch_median_hz", 0),
    ("Pitch, range", "pitch_range_semitones", 0),
)
"""What a measure is called, its key, and how many digits of it are shown."""


def figures(analysis: Analysis) -> list[tuple[str, list[str]]]:
    """Rows of a table: what it is, then a text for each speaker."""
    speakers = analysis.speakers
    rows = [
        ("Share of the talk", [f"{each.share:.0%} ({each.speech_s:.0f} s)" for each in speakers])
    ]
    rows += (
        (label, [_measure(each, name, digits) for each in speakers])
        for label, name, digits in MEASURES
    )
    rows.append(("Came in over others", [_came_in(each.name, analysis) for each in speakers]))
    rows += (
        (
            f"Listening: {facet.replace('_', ' ')}",
            [f"{each.facets[facet]:.2f}" if each.facets else "not judged" for each in speakers],
        )
        for facet in FACETS
    )
    rows.append(("Moves", [_moves(each) for each in speakers]))
    return rows


def clock(seconds: float) -> str:
    """Minutes and seconds, like 1:05."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


def _came_in(name: str, analysis: Analysis) -> str:
    if analysis.overlaps_void is not None:
        return "not told"
    kinds = Counter(each.kind for each in analysis.overlaps if each.by == name)
    told = [f"{kind} {kinds[kind]}" for kind in get_args(OverlapKind) if kinds[kind]]
    return ", ".join(told) or "never"


def _moves(speaker: Speaker) -> str:
    if speaker.listening_reason is not None:
        return f"not judged: {speaker.listening_reason}"
    counts = Counter(move.move for reply in speaker.replies for move in reply.judged.moves)
    told = [f"{move.replace('_', ' ')} {count}" for move, count in counts.most_common()]
    return ", ".join(told) or "nothing that stands out"


def _measure(speaker: Speaker, name: str, digits: int) -> str:
    measure = speaker.measures[name]
    if isinstance(measure, Measured):
        return f"{measure.value:.{digits}f} {measure.unit}"
    return f"not measured: {measure.reason}"
