"""A conversation as one page: timeline, measures, every turn with its evidence, and its sound.

Everything lies in the one file, the sound too (MP3, 32 kbit/s), and its policy forbids the page to
fetch anything. It reads without colour, by keyboard, and on paper.
"""

from __future__ import annotations

import base64
import hashlib
import html
import io
from collections.abc import Iterator, Sequence
from itertools import pairwise
from xml.etree.ElementTree import Element, SubElement, tostring

import numpy as np

from voice_coach.audio.samples import SPEECH_RATE_HZ, Sound
from voice_coach.conversation import OverlapKind, Span, Turn, spoken, text_of
from voice_coach.recordings.analysis import Analysis
from voice_coach.recordings.doubt import any_doubtful
from voice_coach.recordings.hearing import Heard
from voice_coach.recordings.moments import clock
from voice_coach.recordings.own import Reply
from voice_coach.recordings.phrases import move_text
from voice_coach.recordings.report_parts import (
    doubt_html,
    listening_html,
    windows_html,
    words_html,
)
from voice_coach.recordings.side_by_side import CAUTION, FIGURES_TOLD, figures
from voice_coach.recordings.untold import not_told
from voice_coach.scoring.said import printable
from voice_coach.scoring.scorecard import CARING, HARMFUL, Move

SOUND_BIT_RATE = 32_000
BLOCK_S = 60.0
"""Sound is encoded in pieces, so that memory does not grow with it."""
WIDTH, LEFT, LANE, TOP, ROW_S = 960, 110, 26, 8, 300.0
"""The timeline, in user units; a row of it holds ROW_S seconds."""
KINDS: dict[OverlapKind, str] = {
    "backchannel": "b",
    "terminal": "t",
    "interruption": "!",
    "unclear": "?",
}

STYLE = """
:root { --ink: #1d2330; --paper: #fff; --soft: #5a6372; --line: #c9cfd9; --a: #2a6a9e;
  --b: #a2522a; --c: #4f7a3a; --d: #75519a; --good: #e2f1e4; --harm: #fbe6df; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebf1; --paper: #14171d; --soft: #a9b1bf;
  --line: #3b4352; --a: #6fb1e6; --b: #e39a6f; --c: #9cc985; --d: #c3a2e6; --good: #1e3a26;
  --harm: #4a2619; } }
body { font: 16px/1.5 system-ui, "Segoe UI", Helvetica, Arial, sans-serif; color: var(--ink);
  background: var(--paper); max-width: 62rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; }
th, td { overflow-wrap: anywhere; }
th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; }
.note { color: var(--soft); } svg { width: 100%; height: auto; display: block; }
svg text { font: 12px system-ui, sans-serif; fill: var(--ink); }
.s0 { fill: var(--a); } .s1 { fill: var(--b); } .s2 { fill: var(--c); } .s3 { fill: var(--d); }
.grid { stroke: var(--line); }
ol { list-style: none; padding: 0; } li { padding: .5rem 0; border-bottom: 1px solid var(--line); }
li.on { outline: 2px solid var(--a); outline-offset: 2px; }
button { font: inherit; color: inherit; background: none; border: 1px solid var(--soft);
  border-radius: .4rem; padding: .1rem .5rem; cursor: pointer; min-width: 4.5rem;
  min-height: 1.7rem; }
button:focus-visible { outline: 3px solid var(--a); }
mark { color: inherit; border-radius: .2rem; padding: 0 .15rem; background: var(--line); }
mark.good { background: var(--good); } mark.harm { background: var(--harm); }
mark small::before { content: " ["; } mark small::after { content: "]"; }
.doubt { text-decoration: underline dotted; text-underline-offset: .2em; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
.over th, .over td { overflow-wrap: normal; white-space: nowrap; padding-right: 1rem; }
.over .num { text-align: right; font-variant-numeric: tabular-nums; }
.over tbody { border-top: 2px solid var(--soft); }
.bar { display: inline-block; height: .7rem; background: var(--soft); margin-right: .4rem; }
tbody th { min-width: 7rem; overflow-wrap: break-word; } .over tbody th { min-width: 0; }
dt { font-weight: 600; margin-top: .8rem; } dt .note { font-weight: 400; } dd { margin: 0; }
dd ul { padding-left: 0; margin: 0; list-style: none; } dd li { border: 0; padding: .2rem 0; }
h3 { font-size: 1rem; }
.who { font-weight: 600; } audio { width: 100%; position: sticky; bottom: .5rem; }
.wide { overflow-x: auto; position: relative; } summary { cursor: pointer; }
.wide svg { min-width: 40rem; } main { padding-bottom: 5rem; }
@media print { audio, button { display: none; } body { max-width: none; }
  li { break-inside: avoid; } .wide { overflow: visible; } .wide svg { min-width: 0; } }
"""
SCRIPT = """
const sound = document.querySelector('audio');
let stopAt = Infinity;
document.addEventListener('click', (event) => {
  const asked = event.target.closest('button[data-from]');
  if (!asked || !sound) return;
  document.querySelectorAll('li.on').forEach((each) => each.classList.remove('on'));
  asked.closest('li')?.classList.add('on');
  stopAt = Number(asked.dataset.to) + 0.3;
  sound.currentTime = Math.max(0, Number(asked.dataset.from) - 0.1);
  sound.play();
});
sound?.addEventListener('timeupdate', () => {
  if (sound.currentTime > stopAt) { sound.pause(); stopAt = Infinity; }
});
"""


def as_html(analysis: Analysis, heard: Heard, recording: str) -> str:
    """The whole page. ``heard``'s sound is still there."""
    script_hash = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    policy = (
        "default-src 'none'; media-src data:; img-src data:; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{script_hash}'; base-uri 'none'; form-action 'none'"
    )
    name = _text(recording)
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<link rel="icon" href="data:,">',
        f"<title>{name} · Voice Coach</title><style>{STYLE}</style></head><body><main>",
        f"<h1>{name}</h1>",
        f"<p>{clock(analysis.duration_s)} · {len(analysis.turns)} turns</p>",
        *(f'<p class="note">{_text(note)}</p>' for note in heard.notes),
        f'<p class="note">{CAUTION}</p>',
        '<section aria-labelledby="when"><h2 id="when">Who spoke when</h2>',
        '<div class="wide" role="group" aria-label="Timeline" tabindex="0">',
        *_timelines(analysis, heard),
        "</div>",
        _legend(analysis),
        "</section>",
        '<section aria-labelledby="each"><h2 id="each">Each speaker</h2>',
        _speakers(analysis),
        "</section>",
        '<section aria-labelledby="time"><h2 id="time">Over time</h2>',
        *windows_html(analysis),
        "</section>",
        '<section aria-labelledby="heard"><h2 id="heard">How the replies answer</h2>',
        *listening_html(analysis),
        "</section>",
        '<section aria-labelledby="said"><h2 id="said">What was said</h2>',
        _doubts(analysis),
        "<ol>",
        *_turns(analysis),
        "</ol></section>",
        f'<audio controls aria-label="The recording" src="{_mp3(heard.sound)}"></audio>',
        f"</main><script>{SCRIPT}</script></body></html>",
    ]
    return "\n".join(parts) + "\n"


def _timelines(analysis: Analysis, heard: Heard) -> Iterator[str]:
    """One drawing for each ROW_S of the recording."""
    edges = np.arange(0.0, max(heard.duration_s, 1.0) + ROW_S, ROW_S)
    for start_s, end_s in pairwise(edges[: int(np.ceil(max(heard.duration_s, 1.0) / ROW_S)) + 1]):
        yield _timeline(analysis, heard, Span(start_s=float(start_s), end_s=float(end_s)))


def _timeline(analysis: Analysis, heard: Heard, row: Span) -> str:
    last_s = min(row.end_s, heard.duration_s)
    shown_s = row.duration_s if heard.duration_s > ROW_S else max(heard.duration_s, 1.0)
    names = list(heard.voices)
    height = TOP + LANE * len(names) + 40
    svg = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {WIDTH} {height}",
            "role": "img",
            "aria-label": f"Who spoke when, from {clock(row.start_s)} to {clock(last_s)}",
        },
    )

    def x(time_s: float) -> float:
        return round(LEFT + (time_s - row.start_s) / shown_s * (WIDTH - LEFT - 10), 1)

    bottom = TOP + LANE * len(names)
    step_s = next(step for step in (1, 5, 10, 30, 60) if shown_s / step <= 12)
    for tick in np.arange(row.start_s, row.start_s + shown_s + 0.1, step_s):
        at = {"x1": str(x(tick)), "x2": str(x(tick)), "y1": str(TOP), "y2": str(bottom)}
        SubElement(svg, "line", {**at, "class": "grid"})
        label = SubElement(
            svg, "text", {"x": str(x(tick)), "y": str(bottom + 34), "text-anchor": "middle"}
        )
        label.text = clock(float(tick))
    for n, name in enumerate(names):
        y = TOP + n * LANE
        SubElement(svg, "text", {"x": "0", "y": str(y + 16)}).text = printable(name)[:14]
        for span in heard.voices[name].activity.within(row):
            box = {
                "x": str(x(span.start_s)),
                "y": str(y + 4),
                "width": str(max(1.0, round(x(span.end_s) - x(span.start_s), 1))),
                "height": str(LANE - 8),
            }
            SubElement(svg, "rect", {**box, "class": f"s{n % 4}"})
    for overlap in analysis.overlaps:
        if row.start_s <= overlap.span.start_s < row.end_s:
            at = {"x": str(x(overlap.span.start_s)), "y": str(bottom + 14)}
            SubElement(svg, "text", at).text = KINDS[overlap.kind]
    return tostring(svg, encoding="unicode")


def _legend(analysis: Analysis) -> str:
    if analysis.overlaps_void is not None:
        return f'<p class="note">{_text(not_told(analysis.overlaps_void))}.</p>'
    told = ", ".join(f"{letter} {kind}" for kind, letter in KINDS.items())
    return f'<p class="note">Under the voices, where one came in over the other: {told}.</p>'


def _speakers(analysis: Analysis) -> str:
    head = "".join(f'<th scope="col">{_text(each.name)}</th>' for each in analysis.speakers)
    body = "".join(
        f'<tr><th scope="row">{_text(label)}</th>'
        + "".join(f"<td>{_text(value)}</td>" for value in values)
        + "</tr>"
        for label, values in figures(analysis)
    )
    return (
        f'<table><caption class="note">{_text(FIGURES_TOLD)}</caption>'
        f"<thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _doubts(analysis: Analysis) -> str:
    """The legend for doubtful words, where there are any."""
    if not any_doubtful(analysis.turns):
        return ""
    return f'<p class="note">{doubt_html("Underlined with dots")}: perhaps misheard.</p>'


def _turns(analysis: Analysis) -> Iterator[str]:
    replies = analysis.replies
    for n, turn in enumerate(analysis.turns):
        span = turn.span
        when = clock(span.start_s)
        yield (
            f'<li><button type="button" data-from="{span.start_s:.2f}" data-to="{span.end_s:.2f}" '
            f'aria-label="Hear {_text(turn.speaker)} at {when}">▶ {when}</button> '
            f'<span class="who">{_text(turn.speaker)}:</span> {_said(turn, replies.get(n))}</li>'
        )


def _said(turn: Turn, reply: Reply | None) -> str:
    """The words, moves marked and named, doubtful words underlined."""
    words = spoken(turn.words)
    text = text_of(words)
    moves: Sequence[Move] = reply.judged.moves if reply is not None else ()
    told, at = [], 0
    for move in sorted(moves, key=lambda each: each.start):
        if move.start < at:
            continue  # on the same words as one before it
        kinds = [other.move for other in moves if other.start < move.end and move.start < other.end]
        side = "good" if move.move in CARING else "harm" if move.move in HARMFUL else "plain"
        named = ", ".join(dict.fromkeys(map(move_text, kinds)))
        told.append(words_html(words, at, move.start))
        quote = words_html(words, move.start, move.end)
        told.append(f'<mark class="{side}">{quote}<small>{named}</small></mark>')
        at = move.end
    return "".join([*told, words_html(words, at, len(text))])


def _mp3(sound: Sound) -> str:
    """The sound as a data address."""
    import av

    written = io.BytesIO()
    with av.open(written, "w", format="mp3") as out:
        stream = out.add_stream("libmp3lame", rate=SPEECH_RATE_HZ, layout="mono")
        stream.bit_rate = SOUND_BIT_RATE
        resampler = av.AudioResampler(stream.format, stream.layout, SPEECH_RATE_HZ)
        for start_s in np.arange(0.0, sound.duration_s, BLOCK_S):
            samples = sound.between(float(start_s), float(start_s) + BLOCK_S).samples
            frame = av.AudioFrame.from_ndarray(samples[np.newaxis], format="fltp", layout="mono")
            frame.sample_rate = SPEECH_RATE_HZ
            for part in resampler.resample(frame):
                out.mux(stream.encode(part))
        for part in resampler.resample(None):
            out.mux(stream.encode(part))
        out.mux(stream.encode(None))
    return "data:audio/mpeg;base64," + base64.b64encode(written.getvalue()).decode()


def _text(text: str) -> str:
    return html.escape(printable(text))
