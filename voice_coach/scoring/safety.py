"""What no learnt judgement may get wrong: threats, insults, and words of despair.

A network that learnt from ordinary quarrels has hardly seen them and took a threat for an offer.
So a few plain patterns come before it. They are few on purpose: what they miss, the network judges
as it judges anything; what they find must be beyond doubt in spoken English.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

AlarmKind = Literal["threat", "insult", "despair"]

_WILL = r"i(?:['’]ll| will|['’]m going to|['’]m gonna| am going to)"
_HARM = r"(?:kill|beat|hit|hurt|slap|punch|smack|strangle|choke|stab|shoot|destroy|ruin)"
_NAME = (
    r"(?:bitch|idiot|moron|bastard|asshole|arsehole|cow|pig|whore|slut|psycho|loser|disgrace"
    r"|waste of space)"
)
_PATTERNS: dict[AlarmKind, tuple[str, ...]] = {
    "despair": (
        r"\bi (?:just )?(?:want|wanna|wish) to (?:die|be dead)\b",
        r"\bi wish i (?:was|were) dead\b",
        r"(?<!could )\b(?:kill|killing|harm|harming|cut|cutting) myself\b",
        r"\bi\b.{0,20} end (?:it all|my (?:own )?life)\b",
        r"\btake my own life\b",
        r"\bi (?:don['’]t|do not) want to (?:live|be alive|wake up)\b",
        r"\bbetter off (?:without me|if i (?:was|were) dead)\b",
    ),
    "threat": (
        rf"\b{_WILL} (?:just |really |fucking )?{_HARM} you\b(?! (?:to it|at|home|up for))",
        rf"\b{_WILL} make you (?:regret|pay|suffer|sorry)\b",
        r"\byou(?:['’]ll| will) (?:regret|pay for) (?:this|it|that)\b",
        rf"\bor (?:else )?{_WILL} (?:leave you|throw you out|{_HARM} you)\b",
        rf"\bor (?:else )?{_WILL} take the (?:kids|children)\b",
    ),
    "insult": (
        r"\b(?:fuck|screw) you\b(?! (?:must|have|were|are|really|poor))",
        r"(?:^|[.!?,] *|\bjust |\byou can )(?:go to hell|drop dead|piss off|fuck off)\b",
        r"(?:^|[.!?,] *|\bjust |\boh )shut (?:the (?:fuck|hell) )?up\b",
        rf"\byou (?:stupid|fucking|bloody|lazy|pathetic|selfish|dumb|ugly) (?:\w+ )?{_NAME}\b",
        rf"(?:^|[.!?,] *|\bbecause |\bbut )you(?:['’]re| are) (?:such )?an? (?:\w+ )?{_NAME}\b",
    ),
}
_COMPILED = {
    kind: re.compile("|".join(patterns), re.IGNORECASE) for kind, patterns in _PATTERNS.items()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Words beyond an exercise, and the characters [start, end) where they stand."""

    kind: AlarmKind
    start: int
    end: int


def alarm_in(text: str) -> Alarm | None:
    """The gravest alarm in what was said, if there is one: despair, then threats, then insults."""
    for kind, pattern in _COMPILED.items():
        found = pattern.search(text)
        if found is not None:
            lead = len(found.group()) - len(found.group().lstrip(" .,!?"))
            return Alarm(kind=kind, start=found.start() + lead, end=found.end())
    return None
