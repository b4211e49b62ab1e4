"""What held a listening score up or down, in words for the person who spoke.

Each note is one of the sentences below; feedback chooses by them. A note that names a feeling ends
with it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from voice_coach.scoring.grounding import Ground, copy_rate, feeling_fit
from voice_coach.scoring.lexicon import feelings_in
from voice_coach.scoring.network import Reading
from voice_coach.scoring.said import content_of, plain, words_of
from voice_coach.scoring.scorecard import CARING, HARMFUL, Move

PARROT = "says the line back almost word for word"
MISNAMED = "names a feeling the line does not hold"
OFF_LINE = "speaks of something the line did not say"
DISGUISED = "begins like listening and ends as blame"
ACCUSES = "asks in order to accuse"
HOLLOW = "says sorry for the feeling, not for what happened"
FALSE_VALIDATION = "sounds like agreement and makes it small"
TURNED = "takes the kindness back with a but"
THREATENS = "threatens"
INSULTS = "insults"
FELT = "names what the other person feels"
TAKEN = "takes up what happened"

PARROT_RATE = 0.8
"""Copy rate from which a reflection is parroting, where the network doubts it too. MEASURES."""
FEWEST_COPIED = 3
"""Content words below which nothing can be called a copy. Chosen."""
DOUBTED = 0.15
"""Probability of parroting from which the copy rate settles it. Chosen."""
FOOLED_FROM = 0.8
"""Probability of all fooling kinds together from which a reply is one. Chosen on dev lines: from
0.6 to 0.8 as many are told rightly, and at 0.8 true listening is held down least."""
LIKELY = 0.4
"""Probability of an empty apology from which it is named. Chosen."""
FITS = 0.5
"""Fit of a feeling to the line above which it is not called wrong. Chosen."""
FOOLING = {
    "parrot": PARROT,
    "wrong_feeling": MISNAMED,
    "wrong_content": OFF_LINE,
    "false_validation": FALSE_VALIDATION,
    "disguise": DISGUISED,
    "accusing": ACCUSES,
}
"""Kinds of reply that wear the form of listening without its substance, and their notes."""
HIDDEN_BLAME = frozenset({"disguise", "accusing"})
"""Those of them that are blame."""
MISSING = frozenset({PARROT, MISNAMED, OFF_LINE})
"""Notes of a reflection that does not count: it says the line back, or not this line."""
HELPS = 2.0
"""Quality (training/GUIDELINES.md) above which what was taken up is told. The middle step."""


def fooling_kind(reading: Reading, copied: float) -> str | None:
    """What a reply is that has the form of listening only, or None where it is not one."""
    shares = {kind: reading.kinds[kind] for kind in FOOLING}
    if copied >= PARROT_RATE and shares["parrot"] >= DOUBTED:
        return "parrot"
    if sum(shares.values()) < FOOLED_FROM:
        return None
    return max(shares, key=lambda kind: shares[kind])


def notes_on(
    reply: str, reading: Reading, moves: Sequence[Move], ground: Ground, fooling: str | None
) -> tuple[str, ...]:
    """The notes on a reply, the weightiest first."""
    kinds = {move.move for move in moves}
    notes: list[str] = []
    if fooling == "wrong_feeling":
        wrong = [word for move in moves for word in _misnamed_in(move, ground)]
        notes.append(f"{MISNAMED}: {wrong[0]}" if wrong else MISNAMED)
    elif fooling is not None:
        notes.append(FOOLING[fooling])
    elif reading.kinds["empty_sorry"] >= LIKELY:
        notes.append(HOLLOW)
    if _turned(reply, moves):
        notes.append(TURNED)
    if fooling is None and reading.expected_quality > HELPS:
        notes += [FELT] if "reflection_feeling" in kinds else []
        notes += [TAKEN] if "reflection_content" in kinds else []
    return tuple(notes)


def _misnamed_in(move: Move, ground: Ground) -> tuple[str, ...]:
    """Feelings that a reflection names and the line, as far as words tell, does not hold."""
    if move.move != "reflection_feeling":
        return ()
    return tuple(
        word
        for word, family in feelings_in(plain(move.quote), own=False)
        if feeling_fit(ground, family) < FITS
    )


def copied_share(reply: str, ground: Ground) -> float:
    """Copy rate of a reply (MEASURES), 0 where it says too little to copy."""
    stems = content_of(reply)
    return copy_rate(ground, stems) if len(stems) >= FEWEST_COPIED else 0.0


def _turned(reply: str, moves: Sequence[Move]) -> bool:
    """Whether care comes first, and a "but" leads over to harm."""
    for harm in (move for move in moves if move.move in HARMFUL):
        if not any(move.move in CARING and move.end <= harm.start for move in moves):
            continue
        led = re.split(r"[.?!]\s", reply[: harm.start])[-1]
        if "but" in (*words_of(led)[-2:], *words_of(harm.quote)[:1]):
            return True
    return False
