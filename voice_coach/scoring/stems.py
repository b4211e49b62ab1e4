"""The words that listening is taught to begin with: "I hear that", "it sounds like"."""

from __future__ import annotations

import re

from voice_coach.scoring.lexicon import stem
from voice_coach.scoring.said import content_of

FEWEST_WORDS = 2
"""Words that must be left behind a stem for it to be one, one of them with content. Chosen."""
_EMPTY = frozenset(map(stem, ("something", "anything", "someone", "somehow")))
_GLUE = r"(?:(?:so|um|uh|okay|ok|well|yeah|right|and|oh|like)[,.]? )*"
_STEM = re.compile(
    rf"{_GLUE}(?:i (?:can )?hear (?:you|that|how)|i hear|it sounds like|sounds like"
    r"|it seems like|what i(?:['’]m| am) hearing is(?: that)?|what i hear is(?: that)?"
    r"|you(?:['’]re| are) saying(?: that)?)[,.]? +",
    re.IGNORECASE,
)


def without_stem(reply: str) -> str | None:
    """What is said behind the stem, or None where the reply does not begin with one."""
    begun = _STEM.match(reply)
    rest = reply[begun.end() :] if begun else ""
    says = len(rest.split()) >= FEWEST_WORDS and set(content_of(rest)) - _EMPTY
    return rest if says else None
