"""Every number that the listening score is made of, in one place. All are chosen, none is learnt.

They were picked on our own scenarios and on AnnoMI, so that the order of replies is right: an
attack below a dismissal, below a bare apology, below listening. Points are of 100; facets, fits and
shares lie between 0 and 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from voice_coach.scoring.scorecard import Facet, MoveKind

MIN_CONTENT_WORDS = 3
"""Below this, and without a clear move, a reply is too short to judge. Chosen."""
MIN_WORDS = 3
"""Below this only a harm is clear enough to be judged ("calm down"). Chosen."""

# Points

FLOOR, FEELING, CONTENT = 30.0, 30.0, 22.0
"""What a reply begins with; what all of the feeling, all of the content taken up add. Chosen."""
EXTRAS = MappingProxyType(
    {"validating": 14.0, "inviting": 18.0, "support": 9.0, "apology": 12.0, "boundary": 10.0}
)
"""Points for a whole facet or move. Chosen; support and apology pay by what they take up."""
EXTRA_BARE = 0.4
"""Share of the points that support or an apology earns when it takes up nothing. Chosen."""
COSTS: Mapping[Facet, float] = MappingProxyType(
    {"advising": 15.0, "self_focus": 17.0, "dismissing": 24.0, "attacking": 40.0}
)
"""Points a whole facet takes. Chosen."""
BEND = 70.0
"""Above this the score bends towards 100, so that good replies still rank. Chosen."""
LEAST_WITHOUT_ATTACK = 5.0
"""An attack is always lowest. Chosen."""
LEAST_FOR_A_GUESS = 42.0
"""A harmless guess at what the partner lives through, in words of one's own, earns this. Chosen."""
CAPS = MappingProxyType(
    {
        "parrot": 38,
        "off target": 35,
        "disguised": 18,
        "attack": 12,
        "dismiss": 30,
        "but": 45,
        "nothing": 22,
    }
)
"""The most a reply can score that does this. Chosen; the first two must stay below 40."""
ATTACK_WITH_FEELING = 6.0
"""What a named feeling adds to the cap of an attack: no more than "disguised". Chosen."""

# Facets

ATTACKS = 0.5
"""Attacking from here on is the reply's main mark. Chosen."""
CAP_FROM = 0.6
"""Attacking or dismissing from here on caps the score. Chosen."""
FEELING_SHARE, CONTENT_SHARE = 0.55, 0.45
"""Understanding: what feeling and content taken up count in it; feeling more (Weger 2014)."""
CONTENT_ALONE = 0.4
"""Understanding where content was met by the way, in no move that listens. Chosen."""
NAMING_VALIDATES = 0.6
"""Validating that naming the right feeling does by itself. Chosen."""
ASKED_SHARE = 0.5
"""What is taken up inside a question counts half: it may be a guess. Chosen."""
PART: Mapping[MoveKind, float] = MappingProxyType({"encourager": 0.3, "closed_question": 0.6})
"""Moves that count for less than their whole in their facet. Chosen."""

# Meeting the line

PARROT_RATE = 0.8
"""Copy rate from which a reflection is parroting. Chosen; see MEASURES, copy rate."""
STRAYED_WORDS = 2
"""Content words, none of them the line's, from which a reflection strays from it. Chosen."""
STRAYED_BELOW = 0.2
"""Content taken up below which those words count as straying. Chosen."""
OFF_TARGET_BELOW = 0.35
"""Content taken up below which a reflection without the right feeling misses the line. Chosen."""
MISNAMED_BELOW = 0.5
"""Fit of the best feeling below which a wrong one beside it stands. Chosen."""
INVITES = 0.7
"""Inviting above this mends a reflection that missed: they are asked, not told. Chosen."""

# Levels

WARM = 0.45
"""Understanding, validating or inviting from here on can be empathy. Chosen."""
WARM_OVER_SELF = 0.6
"""... and from here on outweighs turning to oneself. Chosen."""
MARKED = 0.5
"""Dismissing, self-focus, advising from here on mark the reply; sympathy below it. Chosen."""

# Notes

SAY_FEELING, SAY_CONTENT = 0.6, 0.5
"""Take-up from which the person is told that they named the feeling, took up the facts. Chosen."""
