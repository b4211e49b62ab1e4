"""Runs an exercise for couples without sound: happenings come from a script or from a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from itertools import count
from typing import Any, TypeAlias

from voice_coach.practice.couple.steps import (
    Answered,
    Ask,
    Done,
    Exercise,
    Happening,
    Listen,
    Outcome,
    Pair,
    Passed,
    Said,
    Silent,
    Step,
    Unanswered,
)
from voice_coach.scoring.scorecard import Listening, Move, MoveKind

PAIR = Pair(one="Qwilla", two="Xavio")
PASS = Passed()
MOST_STEPS = 500
"""Beyond this an exercise is taken to go on for ever."""

Answer: TypeAlias = str | bool | int | Passed | None
"""What comes of a Listen or an Ask: words, an answer, a pass; None for nothing."""
Rule: TypeAlias = Callable[[Step], Answer]


def rehearse(exercise: Exercise, rule: Rule) -> tuple[list[Step], list[Happening], Outcome]:
    """All steps, what came of each, and the outcome."""
    return run(exercise, lambda step: happening(step, rule))


def run(
    exercise: Exercise, happens: Callable[[Step], Happening]
) -> tuple[list[Step], list[Happening], Outcome]:
    steps, came = [next(exercise)], []
    while len(steps) < MOST_STEPS:
        came.append(happens(steps[-1]))
        try:
            steps.append(exercise.send(came[-1]))
        except StopIteration as end:
            return steps, came, end.value
    raise AssertionError(f"no end after {MOST_STEPS} steps: {steps[-5:]}")


def happening(step: Step, rule: Rule) -> Happening:
    if not isinstance(step, Listen | Ask):
        return Done()
    answer = rule(step)
    if isinstance(answer, Passed):
        return answer
    if isinstance(step, Ask):
        return Answered(value=answer) if isinstance(answer, int) else Unanswered()
    return Silent(who=step.who) if answer is None else Said(who=step.who, text=str(answer))


def script(*answers: Answer) -> Rule:
    """The answers in order, then nothing."""
    ahead: Iterator[Answer] = iter(answers)
    return lambda _: next(ahead, None)


def willing(rating: int = 8, *, yes: bool = True) -> Rule:
    """Somebody always says something, says yes, and rates so."""
    numbers = count(1)

    def rule(step: Step) -> Answer:
        if isinstance(step, Listen):
            return f"I feel sad when it is late, and I need you, number {next(numbers)}"
        return rating if isinstance(step, Ask) and step.answer == "0 to 10" else yes

    return rule


def judged_as(*moves: Move, score: int | None = 70, reason: str | None = None) -> Listening:
    return Listening(
        primary="reflection",
        probabilities={},
        moves=moves,
        facets={},
        level="empathy",
        score=score,
        reason=reason,
        model="none",
    )


def move(kind: MoveKind, quote: str = "these words", start: int = 0, sure: float = 0.9) -> Move:
    return Move(move=kind, quote=quote, start=start, end=start + len(quote), confidence=sure)


def judged(line: str, reply: str) -> Listening:  # noqa: ARG001
    """A judge that takes "should" for advice and nothing else for anything."""
    start = reply.find("should")
    return judged_as(*([move("advice", "should", start)] if start >= 0 else []))


def swapped(value: Any, pair: Pair = PAIR) -> Any:
    """The same value with the two names changed for each other, wherever they stand."""
    if isinstance(value, str):
        return value.replace(pair.one, "\0").replace(pair.two, pair.one).replace("\0", pair.two)
    if isinstance(value, Sequence):
        return type(value)(swapped(each, pair) for each in value)  # type: ignore[call-arg]
    if is_dataclass(value) and not isinstance(value, type):
        new = {each.name: swapped(getattr(value, each.name), pair) for each in fields(value)}
        return replace(value, **new)
    return value


def heard_by(steps: Sequence[Step], who: str) -> list[str]:
    """All that somebody was asked, in order."""
    return [
        step.task if isinstance(step, Listen) else step.question
        for step in steps
        if isinstance(step, Listen | Ask) and step.who == who
    ]
