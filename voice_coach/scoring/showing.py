"""A judged reply as text for people."""

from __future__ import annotations

from voice_coach.scoring.attempt import observations_of
from voice_coach.scoring.said import printable
from voice_coach.scoring.scorecard import Listening


def as_text(judged: Listening) -> str:
    """The score or why there is none, then each move with its words."""
    if judged.score is None:
        told = [f"Listening: not scored: {judged.reason}"]
    else:
        told = [f"Listening: {judged.score} of 100 ({judged.level})"]
    for seen in observations_of(judged):
        quote = f": “{printable(seen.quote)}”" if seen.quote else ""
        told.append(f"  {seen.text}{quote}")
    return "\n".join(told)
