"""A conversation as Markdown: figures, windows, facets with quotes, every turn with its evidence.

It reads as it is, and as a page in any viewer. What people said or are called is marked so that
Markdown takes it for nothing but text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from voice_coach.conversation import Turn, spoken
from voice_coach.markdown import plain
from voice_coach.recordings.analysis import Analysis, Speaker
from voice_coach.recordings.doubt import MARK, any_doubtful, marked
from voice_coach.recordings.hearing import Heard
from voice_coach.recordings.listened import facets_of
from voice_coach.recordings.moments import clock, stretch
from voice_coach.recordings.over_time import COLUMNS, MEANT, missing_text, rows_of
from voice_coach.recordings.own import Reply
from voice_coach.recordings.phrases import move_text, quote_text, strength_text
from voice_coach.recordings.side_by_side import (
    CAUTION,
    FACETS_TOLD,
    FIGURES_TOLD,
    SHOWN_QUOTES,
    figures,
)
from voice_coach.recordings.untold import not_told
from voice_coach.scoring.said import printable
from voice_coach.scoring.scorecard import Move


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
        yield from ("", FIGURES_TOLD, "")
        yield from ("## Who came in over whom", "", *_overlaps(analysis), "")
        yield from ("## Over time", "", *_windows(analysis), "")
        yield from ("## How the replies answer", "", FACETS_TOLD, "")
        for speaker in analysis.speakers:
            yield from (f"### {_plain(speaker.name)}", "", *_facets(speaker, analysis), "")
    if analysis.turns:
        yield from ("## What was said", "")
    if any_doubtful(analysis.turns):
        yield from (f"{MARK} stands behind words that were perhaps misheard.", "")
    replies = analysis.replies
    for place, turn in enumerate(analysis.turns):
        yield from (*_turn(turn, replies.get(place), analysis), "")


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


def _windows(analysis: Analysis) -> Iterator[str]:
    """A row for each speaker in each window; what the columns mean, and why a number is missing."""
    if analysis.windows_reason is not None:
        yield f"Not told: {analysis.windows_reason}."
        return
    yield from _table(
        ["Time", "Speaker", *COLUMNS],
        (
            [stretch(window.span), part.name, *texts]
            for window, part, texts in rows_of(analysis.windows)
        ),
    )
    yield from ("", MEANT)
    if missing := missing_text(analysis.windows):
        yield from ("", _plain(missing))


def _facets(speaker: Speaker, analysis: Analysis) -> Iterator[str]:
    """The facets in plain words, with the strongest quotes behind them."""
    if speaker.listening_reason is not None:
        yield f"Not judged: {speaker.listening_reason}."
    for shown in facets_of(speaker):
        named = f"{shown.name.plain.capitalize()} ({shown.name.term})"
        yield f"- {named}: {strength_text(shown)}"
        for reply, move in shown.evidence[:SHOWN_QUOTES]:
            yield f"  - {_move(reply, move, analysis)}"


def _turn(turn: Turn, reply: Reply | None, analysis: Analysis) -> Iterator[str]:
    """What was said, and under it what it was judged to do, with the words and the moment."""
    said = _plain(marked(spoken(turn.words))) or "no words"
    yield f"**{clock(turn.span.start_s)} {_plain(turn.speaker)}:** {said}"
    if reply is None:
        return
    judged = reply.judged
    yield ""
    given = f"{judged.score} of 100" if judged.score is not None else "not scored"
    yield f"- Listening: {given}{f' ({_plain(judged.reason)})' if judged.reason else ''}"
    for move in judged.moves:
        yield f"- {_move(reply, move, analysis)}"


def _move(reply: Reply, move: Move, analysis: Analysis) -> str:
    at = clock(reply.when(move).start_s)
    return f"{at} {move_text(move.move)}: “{_plain(quote_text(analysis, reply, move))}”"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield _row(head)
    yield "|" + " --- |" * len(head)
    for row in rows:
        yield _row(row)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_plain(cell) for cell in cells)} |"


def _plain(text: str) -> str:
    return plain(printable(text))
