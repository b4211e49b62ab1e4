"""What was said and when: spans, words, turns, timelines and overlaps.

Values only, frozen and keyword-built; standard library only. All times are seconds on one clock,
the sitting's (or the recording's), and every interval is half-open, [start, end).
"""

from voice_coach.conversation.filler import Filler
from voice_coach.conversation.measure import Measure, Measured, Unmeasured
from voice_coach.conversation.overlap import Overlap, OverlapKind
from voice_coach.conversation.span import Span
from voice_coach.conversation.spreading import is_mark, spoken, spread
from voice_coach.conversation.timeline import Timeline
from voice_coach.conversation.turn import Turn
from voice_coach.conversation.word import Word, text_of

__all__ = [
    "Filler",
    "Measure",
    "Measured",
    "Overlap",
    "OverlapKind",
    "Span",
    "Timeline",
    "Turn",
    "Unmeasured",
    "Word",
    "is_mark",
    "spoken",
    "spread",
    "text_of",
]
