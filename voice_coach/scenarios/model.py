"""A scenario as frozen values: a partner, a setting, and lines joined by branches.

::

    arrival ──softens──► not-the-dinner ──softens──► one-evening ──softens──► (end)
      │  └──repeats──► arrival-again ──softens──► not-the-dinner
      └──escalates──► always-work ──softens──► not-the-dinner

What a reply did (its outcome) picks the branch; a branch is a line's id, or null where the
conversation ends.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, Self, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

Outcome = Literal["softens", "repeats", "escalates"]
Heat = Literal["calm", "tense", "heated"]
About = Literal["couple", "family", "friends", "work"]
VoiceKind = Literal["female", "male"]

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
HEATS: tuple[Heat, ...] = get_args(Heat)

MAX_SAID_WORDS = 80
"""The longest line or setting: about half a minute of speech. Chosen."""

MAX_REPLY_WORDS = 40
"""The longest model reply: about fifteen seconds, what a person can hold and say. Chosen."""

MIN_REPLIES = 2
"""Fewest model replies to a line: one alone reads as the only right answer. Chosen."""

MIN_DEPTH = 3
"""Fewest lines from the start to an end when every reply softens. Chosen."""

MAX_NAME_CHARS = 80
"""The longest id, name or title, in characters: one row on a screen. Chosen."""

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
TEXT_PATTERN = r"\S"


def _one_line(value: object) -> object:
    """Text with every run of blanks and line ends made one blank; other values untouched."""
    return " ".join(value.split()) if isinstance(value, str) else value


def _plain(text: str) -> str:
    """The text itself. Raises ValueError where it holds what nobody can say or print safely."""
    if any(unicodedata.category(character) == "Cc" for character in text):
        raise ValueError("holds a control character, which cannot be spoken. Take it out.")
    return text


def _at_most(words: int) -> Callable[[str], str]:
    """A check that a text has no more than so many words."""

    def check(text: str) -> str:
        count = len(text.split())
        if count > words:
            raise ValueError(f"has {count} words; keep it to {words}, as one says it aloud.")
        return text

    return check


Id = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=MAX_NAME_CHARS)]
Text = Annotated[
    str,
    StringConstraints(pattern=TEXT_PATTERN),
    BeforeValidator(_one_line),
    AfterValidator(_plain),
]
Name = Annotated[
    str,
    StringConstraints(pattern=TEXT_PATTERN, max_length=MAX_NAME_CHARS),
    BeforeValidator(_one_line),
    AfterValidator(_plain),
]
Said = Annotated[Text, AfterValidator(_at_most(MAX_SAID_WORDS))]
Reply = Annotated[Text, AfterValidator(_at_most(MAX_REPLY_WORDS))]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Partner(_Value):
    """Who speaks the lines."""

    name: Name = Field(description="The partner's first name.")
    voice: VoiceKind = Field(description="Which voice speaks the lines: female or male.")
    relation: Name = Field(description='What they are to the learner, such as "your wife".')


class Branches(_Value):
    """The next line's id by outcome, or null where the conversation ends there."""

    softens: Id | None = Field(description="The next line when the partner felt heard.")
    repeats: Id | None = Field(description="The next line when the reply passed them by.")
    escalates: Id | None = Field(description="The next line when the reply made it worse.")

    def to(self, outcome: Outcome) -> str | None:
        """The id of the next line, or None where the conversation ends."""
        target: str | None = getattr(self, outcome)
        return target


class Line(_Value):
    """One thing the partner says, what lies under it, and how one might answer.

    ``replies`` are good spoken replies, the best first.
    """

    id: Id = Field(description="The line's own name: small letters, digits and hyphens.")
    says: Said = Field(description="What the partner says aloud, as people talk.")
    feels: tuple[Text, ...] = Field(min_length=1, description="What the partner feels.")
    needs: tuple[Text, ...] = Field(min_length=1, description="What the partner needs.")
    facts: tuple[Text, ...] = Field(min_length=1, description="What happened, by this line.")
    replies: tuple[Reply, ...] = Field(
        min_length=MIN_REPLIES, description="Good spoken replies to this line, the best first."
    )
    branches: Branches = Field(description="Which line follows what the reply did.")


class Scenario(_Value):
    """One scripted conflict, whole: every branch leads somewhere and every line is reached.

    Raises pydantic.ValidationError where a value or the web of lines is not right.
    """

    id: Id = Field(description="The scenario's own name: small letters, digits and hyphens.")
    title: Name = Field(description="What it is called in the list.")
    about: About = Field(description="Whose quarrel it is.")
    heat: Heat = Field(description="How hot it is: calm, tense or heated.")
    setting: Said = Field(description="Where and when, read out to the learner before the start.")
    partner: Partner = Field(description="Who speaks the lines.")
    learner: Said | None = Field(default=None, description="Who the learner is, in a sentence.")
    start: Id = Field(description="The id of the first line.")
    lines: tuple[Line, ...] = Field(min_length=1, description="The lines, in any order.")

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        web = [(line.id, line.branches.model_dump()) for line in self.lines]
        faults = web_faults(self.start, web)
        if faults:
            raise ValueError(" ".join(fault.text for fault in faults))
        return self

    def line(self, line_id: str) -> Line:
        """The line of this id. Raises KeyError where there is none."""
        for line in self.lines:
            if line.id == line_id:
                return line
        raise KeyError(line_id)

    def next(self, line_id: str, outcome: Outcome) -> Line | None:
        """The line that follows, or None where the conversation ends. Raises KeyError."""
        target = self.line(line_id).branches.to(outcome)
        return None if target is None else self.line(target)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something wrong in a scenario: the path of keys and indices to it, and words for it."""

    where: tuple[str | int, ...]
    text: str


def web_faults(
    start: str, lines: Sequence[tuple[str, Mapping[str, str | None]]]
) -> tuple[Fault, ...]:
    """What is wrong with how lines join: ``lines`` are (id, target by outcome) in file order.

    Checks that ids are unique, that the start and every target exist, that every line is reached,
    and that softening leads from anywhere to an end, at least MIN_DEPTH lines from the start.
    The last three are only looked at where the first two hold, or they would all be echoes.
    """
    faults: list[Fault] = []
    web = dict(lines)
    if start not in web:
        faults.append(
            Fault(where=("start",), text=f'"start" names "{start}", but no line has that id.')
        )
    seen: set[str] = set()
    for index, (line_id, targets) in enumerate(lines):
        if line_id in seen:
            text = f'two lines have the id "{line_id}". Rename one.'
            faults.append(Fault(where=("lines", index, "id"), text=text))
        seen.add(line_id)
        for outcome, target in targets.items():
            if target is not None and target not in web:
                near = difflib.get_close_matches(target, web, n=1)
                mend = (
                    f'Did you mean "{near[0]}"?' if near else "Name a line, or null to end there."
                )
                text = (
                    f'"{outcome}" of line "{line_id}" leads to "{target}", but no line has '
                    f"that id. {mend}"
                )
                faults.append(Fault(where=("lines", index, "branches", outcome), text=text))
    return tuple(faults) or _path_faults(start, web, [line_id for line_id, _ in lines])


def _path_faults(
    start: str, web: Mapping[str, Mapping[str, str | None]], order: Sequence[str]
) -> tuple[Fault, ...]:
    faults: list[Fault] = []
    reached = _reached(start, web)
    for index, line_id in enumerate(order):
        if line_id not in reached:
            text = f'line "{line_id}" is never reached. Lead a branch to it, or take it out.'
            faults.append(Fault(where=("lines", index, "id"), text=text))
        elif _depth(line_id, web) is None:
            text = (
                f'from line "{line_id}" softening goes round and never ends. '
                'Let one "softens" on the way be null.'
            )
            faults.append(Fault(where=("lines", index, "branches", "softens"), text=text))
    depth = _depth(start, web)
    if depth is not None and depth < MIN_DEPTH:
        text = (
            f'along "softens" the conversation ends after {depth} '
            f"line{'' if depth == 1 else 's'}. Give it at least {MIN_DEPTH}."
        )
        faults.append(Fault(where=("start",), text=text))
    return tuple(faults)


def _reached(start: str, web: Mapping[str, Mapping[str, str | None]]) -> set[str]:
    reached = {start}
    ahead = [start]
    while ahead:
        for target in web[ahead.pop()].values():
            if target is not None and target not in reached:
                reached.add(target)
                ahead.append(target)
    return reached


def _depth(line_id: str, web: Mapping[str, Mapping[str, str | None]]) -> int | None:
    """Lines from here to an end when every reply softens; None where there is no end."""
    passed: set[str] = set()
    at: str | None = line_id
    while at is not None:
        if at in passed:
            return None
        passed.add(at)
        at = web[at]["softens"]
    return len(passed)
