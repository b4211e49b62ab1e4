"""Parts of the page: the windows, the facets with their evidence, words that are in doubt."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

from voice_coach.conversation import Measured, Unmeasured, Word, spoken, text_of
from voice_coach.recordings.analysis import Analysis, Speaker
from voice_coach.recordings.doubt import doubtful
from voice_coach.recordings.listened import FacetShown, facets_of
from voice_coach.recordings.moments import clock, stretch
from voice_coach.recordings.over_time import (
    COLUMNS,
    DASH,
    MEANT,
    cells_of,
    missing_text,
    reasons_of,
)
from voice_coach.recordings.own import Reply
from voice_coach.recordings.phrases import move_text, strength_text
from voice_coach.recordings.side_by_side import FACETS_TOLD, SHOWN_QUOTES
from voice_coach.recordings.windows import Part
from voice_coach.scoring.said import printable
from voice_coach.scoring.scorecard import Move

BAR_REM = 4.0
"""The bar of somebody who has all the talk."""


def windows_html(analysis: Analysis) -> Iterator[str]:
    """A table: for each window a row of every speaker; reasons for what is missing under it."""
    if analysis.windows_reason is not None:
        yield f'<p class="note">Not told: {_text(analysis.windows_reason)}.</p>'
        return
    letters = reasons_of(analysis.windows)
    yield f'<p class="note">{_text(MEANT)}</p>'
    yield '<div class="wide" role="group" aria-label="Over time" tabindex="0">'
    yield '<table class="over"><caption>Everybody’s part in each window</caption><thead><tr>'
    yield '<th scope="col">Time</th><th scope="col">Speaker</th>'
    yield "".join(f'<th scope="col" class="num">{_text(name)}</th>' for name in COLUMNS)
    yield "</tr></thead>"
    for window in analysis.windows:
        time = stretch(window.span)
        yield f'<tbody><tr><th scope="rowgroup" rowspan="{len(window.parts)}">{time}</th>'
        yield "</tr><tr>".join(_row(part, letters) for part in window.parts)
        yield "</tr></tbody>"
    yield "</table></div>"
    if missing := missing_text(analysis.windows):
        yield f'<p class="note">{_text(missing)}</p>'


def _row(part: Part, letters: dict[str, str]) -> str:
    cells = [_cell(cell, letters) for cell in cells_of(part)]
    if isinstance(part.share, Measured):
        width = BAR_REM * part.share.value
        cells[0] = f'<span class="bar" style="width:{width:.2f}rem"></span>{cells[0]}'
    return f'<th scope="row">{_text(part.name)}</th>' + "".join(
        f'<td class="num">{cell}</td>' for cell in cells
    )


def _cell(cell: str | Unmeasured, letters: dict[str, str]) -> str:
    if isinstance(cell, str):
        return _text(cell)
    return (
        f'<span aria-hidden="true">{DASH}{letters[cell.reason]}</span>'
        f'<span class="unseen">not measured: {_text(cell.reason)}</span>'
    )


def listening_html(analysis: Analysis) -> Iterator[str]:
    """For each speaker the facets in plain words, with the quotes and moments behind them."""
    yield f'<p class="note">{_text(FACETS_TOLD)}</p>'
    for speaker in analysis.speakers:
        yield f"<h3>{_text(speaker.name)}</h3>"
        if speaker.listening_reason is not None:
            yield f"<p>Not judged: {_text(speaker.listening_reason)}.</p>"
            continue
        yield "<dl>"
        for shown in facets_of(speaker):
            yield from _facet(speaker, shown, analysis)
        yield "</dl>"


def _facet(speaker: Speaker, shown: FacetShown, analysis: Analysis) -> Iterator[str]:
    yield (
        f"<dt>{_text(shown.name.plain.capitalize())} "
        f'<span class="note">({_text(shown.name.term)})</span></dt>'
        f"<dd>{strength_text(shown)}"
    )
    quotes = [_quote(speaker, reply, move, analysis) for reply, move in shown.evidence]
    yield _list(quotes[:SHOWN_QUOTES])
    if rest := quotes[SHOWN_QUOTES:]:
        yield f"<details><summary>{len(rest)} more</summary>{_list(rest)}</details>"
    yield "</dd>"


def _list(items: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>" if items else ""


def _quote(speaker: Speaker, reply: Reply, move: Move, analysis: Analysis) -> str:
    span = reply.when(move)
    words = spoken(analysis.turns[reply.turn].words)
    when = clock(span.start_s)
    return (
        f'<button type="button" data-from="{span.start_s:.2f}" data-to="{span.end_s:.2f}" '
        f'aria-label="Hear {_text(speaker.name)} at {when}">▶ {when}</button> '
        f"“{words_html(words, move.start, move.end)}” "
        f"<small>[{move_text(move.move)}]</small>"
    )


def words_html(words: Sequence[Word], start: int, end: int) -> str:
    """The characters [start, end) of the words' text, doubtful ones marked."""
    text = text_of(words)
    told, at = [], start
    for first, behind in doubtful(words):
        begin, stop = max(first, start), min(behind, end)
        if begin < stop:
            told += [_text(text[at:begin]), doubt_html(text[begin:stop])]
            at = stop
    return "".join([*told, _text(text[at:end])])


def doubt_html(text: str) -> str:
    """Text that was perhaps misheard, for the eye and for the ear; a mere full stop is not."""
    if not any(map(str.isalnum, text)):
        return _text(text)
    return (
        f'<span class="doubt" title="perhaps misheard">{_text(text)}'
        '<span class="unseen"> (perhaps misheard)</span></span>'
    )


def _text(text: str) -> str:
    return html.escape(printable(text))
