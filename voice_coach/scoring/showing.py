"""A judged reply as text for people."""

from __future__ import annotations

from voice_coach.scoring.attempt import observations_of
from voice_coach.scoring.said import printable
from voice_coach.scoring.scorecard import HARMFUL, Listening

MOST_SHOWN = 12
"""Of a very long reply so many stretches are shown, those that hurt before the others. Chosen."""


def as_text(judged: Listening) -> str:
    """The score or why there is none, then each move with its words."""
    if judged.score is None:
        told = [f"Listening: not scored: {judged.reason}"]
    else:
        told = [f"Listening: {judged.score} of 100 ({judged.level})"]
    found = observations_of(judged)
    harm = [move.quote for move in judged.moves if move.move in HARMFUL]
    ranked = sorted(range(len(found)), key=lambda at: found[at].quote not in harm)
    for at in sorted(ranked[:MOST_SHOWN]):
        seen = found[at]
        quote = f": “{printable(seen.quote)}”" if seen.quote else ""
        told.append(f"  {seen.text}{quote}")
    if found[MOST_SHOWN:]:
        told.append(f"  … and {len(found) - MOST_SHOWN} more (--json gives all)")
    return "\n".join(told)
