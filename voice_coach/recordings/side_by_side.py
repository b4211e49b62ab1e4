"""What a page in HTML and one in Markdown have in common: each speaker's figures side by side."""

from __future__ import annotations

from collections.abc import Callable

from voice_coach.recordings.analysis import Analysis, Speaker
from voice_coach.recordings.listened import CLEAR, counted
from voice_coach.recordings.phrases import (
    MEASURES,
    came_in_text,
    judged_text,
    longest_text,
    measure_text,
    moves_text,
    pace_text,
    ratio_text,
    took_over_text,
)

CAUTION = (
    "Words were written down, and moves named, by small programs on this machine. Both are often "
    "wrong: listen before you rely on one, and do not judge anybody by the numbers."
)
FIGURES_TOLD = (
    "A longest turn may hold listening noises of others. Numbers that could not be measured say "
    "why."
)
FACETS_TOLD = (
    "Each reply is read on seven scales from 0, not at all, to 1, fully. The figure is the mean "
    f"over somebody’s replies; a reply is clear from {CLEAR} on. Below stand the words behind it, "
    "those of the strongest replies first. It describes replies, not persons, and a small program "
    "reads them: check its quotes."
)
SHOWN_QUOTES = 3
"""Quotes behind each facet that are seen at once. HTML folds the others away; in Markdown they
stand under their turns. Chosen."""


def figures(analysis: Analysis) -> list[tuple[str, list[str]]]:
    """Rows of a table: what it is, then a text for each speaker."""

    def row(label: str, told: Callable[[Speaker], str]) -> tuple[str, list[str]]:
        return label, [told(each) for each in analysis.speakers]

    def judged(label: str, told: Callable[[Speaker], str]) -> tuple[str, list[str]]:
        return row(label, lambda each: judged_text(each, told(each)))

    return [
        row("Share of the talk", lambda each: f"{each.share:.0%} ({each.speech_s:.0f} s)"),
        row("Turns", lambda each: str(each.turns)),
        row("Longest turn", longest_text),
        row("Pace", pace_text),
        *(
            (label, [measure_text(each.measures[name], digits) for each in analysis.speakers])
            for label, name, digits in MEASURES
        ),
        row("Took over from, median", lambda each: took_over_text(each, analysis)),
        row("Came in over others", lambda each: came_in_text(each, analysis)),
        judged("Moves", moves_text),
        judged("Reflections", _reflections),
        judged("Questions", lambda each: str(counted(each.replies).questions)),
        judged("Reflections to a question", lambda each: ratio_text(counted(each.replies))),
        judged(
            "Complex reflections", lambda each: measure_text(counted(each.replies).complex_share)
        ),
    ]


def _reflections(speaker: Speaker) -> str:
    found = counted(speaker.replies)
    return f"{found.reflections}, of which {found.of_feeling} name a feeling"
