"""What came of each step so far, in one private file, until the exercise is over.

Only so that a crash or a lost microphone costs no more than a step: the file goes when the exercise
ends; where it is still there the next time, it is gone on with or thrown away.

::

    {"exercise": "mirror", "one": "Maya", "two": "Leo", "topic": "", "began": "…"}
    {"said": "Maya", "text": "…", "start_s": 3.2, "end_s": 9.1}
    {"answered": 7}
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Self

from voice_coach.conversation import Span
from voice_coach.errors import UserError
from voice_coach.home import write_private
from voice_coach.practice.couple.steps import (
    Answered,
    Done,
    Happening,
    Pair,
    Passed,
    Said,
    Silent,
    Unanswered,
)

FILE = "rehearsal.jsonl"
_PLAIN: dict[str, Happening] = {
    "done": Done(),
    "passed": Passed(),
    "unanswered": Unanswered(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What was begun, and when: all that is needed to begin it again."""

    exercise: str
    one: str
    two: str
    topic: str
    scenario: str
    began: str

    @property
    def pair(self) -> Pair:
        """The two, by name."""
        return Pair(one=self.one, two=self.two)


class Journal:
    """Writes happenings as they come; gone when closed, unless a fault broke the exercise off."""

    def __init__(self, home: Path, begun: Begun, before: Sequence[Happening] = ()) -> None:
        """Raises UserError where it cannot be written."""
        self._path = home / FILE
        lines = map(_line, (asdict(begun), *map(_told, before)))
        try:
            write_private(self._path, "".join(lines))
            self._file: IO[str] = self._path.open("a", encoding="utf-8")
        except OSError as error:
            raise _unwritable(self._path, error) from error

    def __call__(self, happening: Happening) -> None:
        """Keep what came of a step; on the disk when this returns."""
        try:
            self._file.write(_line(_told(happening)))
            self._file.flush()
        except OSError as error:
            raise _unwritable(self._path, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, fault: type[BaseException] | None, *_: object) -> None:
        self._file.close()
        if fault is None:
            self._path.unlink(missing_ok=True)


def broken_off(home: Path) -> tuple[Begun, tuple[Happening, ...]] | None:
    """An exercise that never ended, with what came of its steps; None where there is none.

    A last line that was only half written is left out; a file that is no journal counts as none.
    """
    try:
        lines = (home / FILE).read_text(encoding="utf-8").splitlines()
        begun = Begun(**json.loads(lines[0]))
        Pair(one=begun.one, two=begun.two)
    except (OSError, ValueError, IndexError, TypeError):
        return None
    happenings = []
    for line in lines[1:]:
        try:
            happenings.append(_happening(json.loads(line)))
        except (ValueError, KeyError, TypeError):
            break
    return begun, tuple(happenings)


def _line(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False) + "\n"


def _told(happening: Happening) -> dict[str, Any]:
    match happening:
        case Said(who=who, text=text, span=span):
            # The words' times are no longer needed: the step they came of is over.
            times = asdict(span) if span is not None else {}
            return {"said": who, "text": text, **times}
        case Silent(who=who):
            return {"silent": who}
        case Answered(value=value):
            return {"answered": value}
        case _:
            return {next(name for name, plain in _PLAIN.items() if plain == happening): True}


def _happening(told: dict[str, Any]) -> Happening:
    if "said" in told:
        span = Span(start_s=told["start_s"], end_s=told["end_s"]) if "start_s" in told else None
        return Said(who=told["said"], text=told["text"], span=span)
    if "silent" in told:
        return Silent(who=told["silent"])
    if "answered" in told:
        return Answered(value=told["answered"])
    (name,) = told
    return _PLAIN[name]


def _unwritable(path: Path, error: OSError) -> UserError:
    return UserError(
        f"{path} cannot be written ({error.strerror}). Make room there, or set VOICE_COACH_HOME "
        "elsewhere."
    )
