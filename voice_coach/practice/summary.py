"""What a sitting adds up to, in plain lines; and what a reply makes of the conversation."""

from __future__ import annotations

from collections.abc import Sequence

from voice_coach.conversation import Measured
from voice_coach.practice.events import Outcome, Scored
from voice_coach.scoring.scorecard import CARING, MoveKind, Score, Scorecard

SOFTENS_FROM = 60
ESCALATES_BELOW = 35
"""Listening scores from which the partner softens, and under which they grow hotter. Chosen."""

WORTH_NAMING = 5
"""A difference of fewer points between two attempts is noise. Chosen."""

ROOMS = ("listening", "pacing", "interruptions")


def outcome_of(scored: Scored) -> Outcome:
    """What the reply does to the partner: soften, say it again, or grow hotter.

    A reply that attacks escalates whatever its number; one that could not be judged is met with the
    same need in other words.
    """
    if scored.level == "attack":
        return "escalates"
    score = scored.listening.score
    if score is None:
        return "repeats"
    cut_in = scored.interruptions.score is not None and scored.interruptions.score < ESCALATES_BELOW
    if score < ESCALATES_BELOW or (cut_in and score < SOFTENS_FROM):
        return "escalates"
    return "softens" if score >= SOFTENS_FROM else "repeats"


def changes_since(before: Scorecard | None, now: Scorecard) -> tuple[str, ...]:
    """What a retake changed against the last attempt at the same line; empty on a first attempt."""
    if before is None:
        return ()
    lines = []
    for room in ROOMS:
        old: Score = getattr(before, room)
        new: Score = getattr(now, room)
        if old.score is None and new.score is not None:
            lines.append(f"{room.capitalize()}: now {new.score} (last time: {old.reason})")
        elif old.score is not None and new.score is None:
            lines.append(f"{room.capitalize()}: not scored this time ({new.reason})")
        if old.score is None or new.score is None:
            continue
        if abs(new.score - old.score) >= WORTH_NAMING:
            lines.append(f"{room.capitalize()} {old.score} → {new.score}")
    old_pace, new_pace = (card.measures.get("words_per_min") for card in (before, now))
    if (
        isinstance(old_pace, Measured)
        and isinstance(new_pace, Measured)
        and abs(new_pace.value - old_pace.value) >= 2 * WORTH_NAMING
    ):
        lines.append(f"Pace {old_pace.value:.0f} → {new_pace.value:.0f} words a minute")
    return tuple(lines) or ("About the same as last time",)


def summarise(scored: Sequence[Scored], replied: int) -> tuple[str, ...]:
    """The closing summary of a sitting: counts and evidence, never a grade.

    ``replied`` is how many replies held words.
    """
    if not replied:
        return ("No reply was heard this time.",)
    lines = [f"{replied} {'reply' if replied == 1 else 'replies'}."]
    listening = [one.listening.score for one in scored if one.listening.score is not None]
    if len(listening) > 1:
        lines.append(f"Listening: {' → '.join(str(score) for score in listening)}.")
    elif listening:
        lines.append(f"Listening: {listening[0]}.")
    # One stretch of words that reflects both what happened and how it felt is one reflection.
    reflections = _stretches(scored, ("reflection_content", "reflection_feeling"))
    questions = _stretches(scored, ("open_question", "closed_question", "check_in"))
    if reflections or questions:
        lines.append(f"You reflected {_times(reflections)} and asked {_times(questions)}.")
    best = max(
        (one for one in scored if one.listening.score is not None),
        key=lambda one: one.listening.score or 0,
        default=None,
    )
    if best is not None and (best.listening.score or 0) >= SOFTENS_FROM:
        helped = [move for move in best.moves if move.move in CARING]
        if helped:
            moment = max(helped, key=lambda move: move.confidence)
            lines.append(f"Your best moment: “{moment.quote}”")
    return tuple(lines)


def _stretches(scored: Sequence[Scored], kinds: Sequence[MoveKind]) -> int:
    return len(
        {
            (one.attempt, move.start, move.end)
            for one in scored
            for move in one.moves
            if move.move in kinds
        }
    )


def _times(count: int) -> str:
    return {0: "not at all", 1: "once", 2: "twice"}.get(count, f"{count} times")
