"""What is said and shown when words of danger end an exercise, and what the program is not.

Both are in the room. Somebody may be in danger if the other hears that the program took their side,
or learns what it heard. So:

- one wording for threat, violence and control: it never tells which of them it was, whose words
  they were, or what was in them, and it blames nobody;
- it says that the program can mishear, which leaves everybody a way to let it rest;
- it never asks the two to talk it over, and tells neither to go, stay or own up;
- the whole list of help is shown each time, in the same words, for oneself or for somebody else;
- words of self-harm are met with warmth instead; they, too, are ascribed to nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from voice_coach.practice.help_lines import GENERAL, Country, For, HelpLines, Service
from voice_coach.scoring.safety import AlarmKind

WHAT_THIS_IS_NOT = (
    "Voice Coach is an exercise for two people who both want it and who both feel safe to say no. "
    "It is not therapy, and no judge of who is right. It is not for a relationship in which one is "
    "afraid of the other, or is hurt, threatened or controlled: there, practising to talk can make "
    "things worse, and other help is better. It is not an emergency service: it calls nobody and "
    "sends nothing. Certain words end an exercise and show where to find help; it can miss such "
    "words, and it can mishear others."
)
"""For the README and the start screen."""

_UNSENT = "Nothing that was said has been sent anywhere."
_GENTLE = (
    "Let us stop the exercise here. Some things matter more than practice. If it is hard to go on "
    "just now, nobody has to be alone with that. On the screen are people who listen, and the "
    "number for an emergency. This program can mishear. " + _UNSENT
)
_PLAIN = (
    "The exercise ends here. Some words are more than an exercise can carry, and this program can "
    "also mishear. There is no need to go on with this now. On the screen are people to talk to, "
    "each for yourself, now or later. " + _UNSENT
)
SPOKEN: Mapping[AlarmKind, str] = MappingProxyType(
    {"despair": _GENTLE, "threat": _PLAIN, "violence": _PLAIN, "insult": _PLAIN}
)
"""Said aloud to both, in the same calm voice as everything else."""

TITLE = "The exercise has ended"
_ON_SCREEN = (
    (
        "Leave it here for today. These people listen to anyone: for yourself, for somebody you "
        "worry about, today or any other day. They do not judge."
    ),
    "In danger right now: {emergency}",
)
_HEADINGS: Mapping[For, str] = MappingProxyType(
    {
        "crisis": "When it is hard to go on, or somebody thinks of suicide or self-harm",
        "violence": "When somebody at home is hurt, afraid or controlled",
        "own": "When you worry about what you yourself do",
    }
)
_ELSEWHERE = "In another country"
_CLOSING = "This program can mishear. " + _UNSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and the lines below it."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyMessage:
    """What ends an exercise: ``spoken`` to both, the rest on the screen, the same for all kinds."""

    spoken: str
    title: str
    opening: tuple[str, ...]
    sections: tuple[Section, ...]
    closing: str

    def as_lines(self) -> tuple[str, ...]:
        """The screen as plain lines, an empty one between its parts."""
        return (self.title, "", *self.opening, "", *_told(self.sections), "", self.closing)


def safety_message(kind: AlarmKind, country: Country, help_lines: HelpLines) -> SafetyMessage:
    """The message for what was found, with the help of the country and the general addresses."""
    opening = tuple(text.format(emergency=_emergency(country)) for text in _ON_SCREEN)
    return SafetyMessage(
        spoken=SPOKEN[kind],
        title=TITLE,
        opening=opening,
        sections=_sections(country, help_lines),
        closing=f"{_CLOSING} Numbers as of {help_lines.checked}.",
    )


def where_help_is(country: Country, help_lines: HelpLines) -> tuple[str, ...]:
    """Places to find help as plain lines, for one who practises alone."""
    danger = _ON_SCREEN[-1].format(emergency=_emergency(country))
    return (danger, "", *_told(_sections(country, help_lines)), "", _CLOSING)


def _sections(country: Country, help_lines: HelpLines) -> tuple[Section, ...]:
    sections = [
        Section(heading=heading, lines=lines)
        for purpose, heading in _HEADINGS.items()
        if (lines := _lines(country, purpose))
    ]
    if country.code != GENERAL:
        elsewhere = tuple(_line(service) for service in help_lines.everywhere.services)
        sections.append(Section(heading=_ELSEWHERE, lines=elsewhere))
    return tuple(sections)


def _told(sections: Sequence[Section]) -> list[str]:
    """The sections as lines, an empty one between them."""
    lines: list[str] = []
    for section in sections:
        lines += ["", section.heading, *(f"  {line}" for line in section.lines)]
    return lines[1:]


def _emergency(country: Country) -> str:
    where = "" if country.code == GENERAL else f" ({country.name})"
    return f"{country.emergency}{where}"


def _lines(country: Country, purpose: For) -> tuple[str, ...]:
    return tuple(_line(service) for service in country.services if service.purpose == purpose)


def _line(service: Service) -> str:
    hours = "day and night" if service.always else ""
    parts = [part for part in (service.number, service.web, hours) if part]
    return f"{service.name}: {', '.join(parts)}"
