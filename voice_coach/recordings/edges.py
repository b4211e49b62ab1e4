r"""The pauses of one speaker of a recording, put right by the level as those of a reply are.

::

    A           [----)    [------)        [----)
    others                        [mhm)
    edged       [--)       [-----)        [----)
                   level          left as heard

Where another is heard in a pause, the level says nothing of it: it would take the other for a voice
of A's that the detector lost. Such a pause stays as it was heard.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from voice_coach.conversation import Span, Timeline
from voice_coach.recordings.hearing import Voice
from voice_coach.scoring.quiet import edged_by_level

LONGEST_PIECE_S = 60.0
"""The level is looked at in pieces of this length at most, so that a long recording needs no more
memory than a short one; it also follows the room. Chosen: about a long reply."""


def edged(voice: Voice) -> Timeline:
    """When the speaker's voice was heard, with its pauses put right."""
    hull = voice.activity.hull
    if hull is None:
        return Timeline()
    gaps: list[Span] = []
    last_s = hull.start_s
    for piece in _pieces(voice.activity, voice.others):
        start_s, end_s = piece[0].start_s, piece[-1].end_s
        sound = voice.sound.between(start_s, end_s)
        gaps += edged_by_level(Timeline.of(piece).shifted(-start_s), sound).shifted(start_s).gaps()
        gaps.append(Span(start_s=min(last_s, start_s), end_s=start_s))
        last_s = end_s
    return Timeline.of([hull]) - Timeline.of(gaps)


def _pieces(activity: Timeline, others: Timeline) -> Iterator[Sequence[Span]]:
    """The stretches of voice, parted where others speak, and where a piece would be too long.

    There two pieces share a stretch, so that the pause after it is put right as well.
    """
    strange_s = [span.start_s for span in activity.gaps() & others]
    piece = [activity.spans[0]]
    for before, after in pairwise(activity):
        at = bisect_left(strange_s, before.end_s)
        if at < len(strange_s) and strange_s[at] < after.start_s:
            yield piece
            piece = [after]
        elif after.end_s - piece[0].start_s > LONGEST_PIECE_S:
            yield piece
            piece = [before, after] if after.end_s - before.start_s <= LONGEST_PIECE_S else [after]
        else:
            piece.append(after)
    yield piece
