"""A conversation as Markdown: who spoke how, who came in over whom, every turn with its evidence.

It reads as it is, and as a page in any viewer. What people said or are called is marked so that
Markdown takes it for nothing but text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from voice_coach.conversation import Turn, spoken, text_of
from voice_coach.markdown import plain
from voice_coach.recordings.analysis import Analysis, Reply
from voice_coach.recordings.hearing import Heard
from voice_coach.recordings.side_by_side import CAUTION, FACETS_TOLD, clock, figures
from voice_coach.recordings.untold import not_told
from voice_coach.scoring.said import printable


def as_markdown(analysis: Analysis, heard: Heard | None, recording: str) -> str:
    """The whole text; ends with a line feed."""
    return "\n".join(_lines(analysis, heard, recording)).rstrip("\n") + "\n"


def _lines(analysis: Analysis, heard: Heard | None, recording: str) -> Iterator[str]:
    turns = "1 turn" if len(analysis.turns) == 1 else f"{len(analysis.turns)} turns"
    yield from (f"# {_plain(recording)}", "")
    yield from (f"{clock(analysis.duration_s)}, {turns}.", "")
    for note in heard.notes if heard is not None else ():
        yield from (_plain(note), "")
    yield from (CAUTION, "")
    if analysis.speakers:
        names = (speaker.name for speaker in analysis.speakers)
        yield from ("## Each speaker", "")
        yield from _table(["", *names], ([label, *texts] for label, texts in figures(analysis)))
        yield from ("", FACETS_TOLD, "")
        yield from ("## Who came in over whom", "", *_overlaps(analysis), "")
    if analysis.turns:
        yield from ("## What was said", "")
    replies = analysis.replies
    for place, turn in enumerate(analysis.turns):
        yield from (*_turn(turn, replies.get(place)), "")


def _overlaps(analysis: Analysis) -> Iterator[str]:
    if analysis.overlaps_void is not None:
        yield f"{_plain(not_told(analysis.overlaps_void))}."
    elif not analysis.overlaps:
        yield "Nobody did."
    else:
        yield from _table(
            ["At", "Who", "Over whom", "Kind", "Seconds", "Sure"],
            (
                [
                    clock(each.span.start_s),
                    each.by,
                    each.over,
                    each.kind,
                    f"{each.span.duration_s:.1f}",
                    f"{each.confidence:.0%}",
                ]
                for each in analysis.overlaps
            ),
        )


def _turn(turn: Turn, reply: Reply | None) -> Iterator[str]:
    """What was said, and under it what it was judged to do, with the words and the moment."""
    said = _plain(text_of(spoken(turn.words))) or "no words"
    yield f"**{clock(turn.span.start_s)} {_plain(turn.speaker)}:** {said}"
    if reply is None:
        return
    judged = reply.judged
    yield ""
    given = f"{judged.score} of 100" if judged.score is not None else "not scored"
    yield f"- Listening: {given}{f' ({_plain(judged.reason)})' if judged.reason else ''}"
    for move in judged.moves:
        at = clock((move.span or turn.span).start_s)
        yield f"- {at} {move.move.replace('_', ' ')}: “{_plain(move.quote)}”"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield _row(head)
    yield "|" + " --- |" * len(head)
    for row in rows:
        yield _row(row)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_plain(cell) for cell in cells)} |"


def _plain(text: str) -> str:
    return plain(printable(text))
