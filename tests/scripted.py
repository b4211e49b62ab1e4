"""A talk as a transcript, and how to move one in time: for the tests of recordings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from voice_coach.conversation import Turn

TALK = """start\tend\tspeaker\ttext
0.0\t4.0\tMaya\tYou said seven and I sat there with the food until nine.
1.0\t1.4\tLeo\tMhm.
3.0\t6.0\tLeo\tBut I told you that the meeting ran over, um, and on!
6.5\t9.0\tMaya\t[sighs] I felt so alone.
9.25\t12.0\tLeo\tYou felt alone, and I let you wait. That makes sense.
"""


def shifted(turns: Sequence[Turn], by_s: float) -> list[Turn]:
    """The same turns and words, so many seconds later."""
    return [
        replace(
            each,
            span=each.span.shifted(by_s),
            words=tuple(word.shifted(by_s) for word in each.words),
        )
        for each in turns
    ]
