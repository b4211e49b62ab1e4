"""WebVTT and SRT captions whose text says who speaks.

::

    00:00:01.000 --> 00:00:03.500        00:00:01,000 --> 00:00:03,500
    <v Maya>You said seven.</v>          Maya: You said seven.

Either way of naming works in either format. A caption without a name carries on the one before it;
two names in one caption share its time by their words. What is written here also shows each move
while its words are said, in a caption of its own that is passed over when it is read again::

    move 1
    00:00:12.000 --> 00:00:14.000 line:0
    <v Leo>[Leo: reflection feeling]</v>
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from voice_coach.conversation import Span, Turn, spread
from voice_coach.recordings.analysis import Analysis
from voice_coach.recordings.hearing import Heard
from voice_coach.recordings.phrases import move_text
from voice_coach.recordings.place import Place
from voice_coach.recordings.untold import not_told
from voice_coach.scoring.said import printable

_ARROW = "-->"
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>")
_TAG = re.compile(r"</?[a-zA-Z0-9][^>]*>|\{\\[^}]*\}")
_NAMED = re.compile(
    r"(?:>>|[-–])?\s*(?P<name>[^\W\d_][\w.'’-]*(?: [\w.'’-]+){0,3}):\s+(?P<said>.*)"
)
_OF_A_MOVE = re.compile(r"move \d+")
_NO_CUES = ("NOTE", "STYLE", "REGION", "WEBVTT")


def read_captions(text: str, path: Path) -> tuple[Turn, ...]:
    """The utterances. Raises UserError naming file, line and mend."""
    found: list[Turn] = []
    for place, timing, said in _cues(text, path):
        start, _, rest = timing.partition(_ARROW)
        end = (rest.split() or [""])[0]  # what follows are places on the screen
        span = place.span(start.strip(), end)
        parts = list(_parts(said))
        if parts and parts[0][0] is None:
            if not found:
                raise place.fault("nobody is named", "write “Name: text” or “<v Name>text”")
            parts[0] = (found[-1].speaker, parts[0][1])
        found += _shared(span, [(name or "", words) for name, words in parts])
    return tuple(found)


def _cues(text: str, path: Path) -> Iterator[tuple[Place, str, list[str]]]:
    """Place, timing line and text lines of each caption."""
    lines = [*text.split("\n"), ""]
    block: list[tuple[int, str]] = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            block.append((number, line.strip()))
            continue
        if block:
            yield from _cue(block, path)
        block = []


def _cue(block: list[tuple[int, str]], path: Path) -> Iterator[tuple[Place, str, list[str]]]:
    at = next((at for at, (_, line) in enumerate(block) if _ARROW in line), None)
    if at is None:
        if block[0][1].startswith(_NO_CUES):
            return
        raise Place(path=path, line=block[0][0]).fault(
            "a caption without times",
            "write 00:00:01.000 --> 00:00:02.000 above it, or a blank line less",
        )
    if at and _OF_A_MOVE.fullmatch(block[at - 1][1]):
        return
    number, timing = block[at]
    yield Place(path=path, line=number), timing, [line for _, line in block[at + 1 :]]


def _parts(lines: list[str]) -> Iterator[tuple[str | None, str]]:
    """(speaker, text) for each name in a caption, in order; no speaker before the first name."""
    name: str | None = None
    said: list[str] = []
    for line in lines:
        for new, text in _named(line):
            if new is not None:
                if said:
                    yield name, " ".join(said)
                name, said = new, []
            if text:
                said.append(text)
    if said:
        yield name, " ".join(said)


def _named(line: str) -> Iterator[tuple[str | None, str]]:
    if _VOICE.search(line):
        before, *voices = _VOICE.split(line)
        if _plain(before):
            yield None, _plain(before)
        for name, text in zip(voices[::2], voices[1::2], strict=True):
            yield html.unescape(name).strip() or None, _plain(text)
        return
    plain = _plain(line)
    named = _NAMED.fullmatch(f"{plain} ")
    yield (named["name"], named["said"].strip()) if named else (None, plain)


def _plain(text: str) -> str:
    return html.unescape(_TAG.sub("", text)).strip()


def _shared(span: Span, parts: list[tuple[str, str]]) -> Iterator[Turn]:
    """One turn for each part, its share of the time by its number of words."""
    counts = [max(1, len(text.split())) for _, text in parts]
    start_s = span.start_s
    for number, (name, text) in enumerate(parts, start=1):
        share = sum(counts[:number]) / sum(counts)
        end_s = span.end_s if number == len(parts) else span.start_s + span.duration_s * share
        own = Span(start_s=start_s, end_s=end_s)
        yield Turn(speaker=name, span=own, words=spread(text, own))
        start_s = end_s


def as_vtt(analysis: Analysis, _heard: Heard | None, _recording: str) -> str:
    """Each utterance a caption with its speaker's name; each move one at the top of the picture.

    Where it cannot be told who spoke over whom, a note says so; players pass it over.
    """
    blocks = ["WEBVTT"]
    if analysis.overlaps_void is not None:
        blocks.append(f"NOTE {_one_line(not_told(analysis.overlaps_void))}")
    cues = [
        *((turn.span, "", turn.speaker, turn.text) for turn in analysis.utterances),
        *_move_cues(analysis),
    ]
    moves = count(1)
    for span, top, name, text in sorted(cues, key=lambda cue: cue[0]):
        said = html.escape(_one_line(text), quote=False)
        voice = html.escape(_one_line(name), quote=False)
        number = f"move {next(moves)}\n" if top else ""
        blocks.append(f"{number}{_timing(span)}{top}\n<v {voice}>{said}</v>")
    return "\n\n".join(blocks) + "\n"


def _move_cues(analysis: Analysis) -> Iterator[tuple[Span, str, str, str]]:
    """Span, place on the screen, speaker and text; moves on the same words share a caption."""
    for name in (speaker.name for speaker in analysis.speakers):
        found: dict[Span, list[str]] = {}
        for span, move in analysis.moves_of(name):
            found.setdefault(span, []).append(move_text(move.move))
        for span, moves in found.items():
            yield span, " line:0", name, f"[{name}: {', '.join(moves)}]"


def _one_line(text: str) -> str:
    return " ".join(printable(text).split()).replace(_ARROW, "→")


def _timing(span: Span) -> str:
    """A caption lasts a thousandth of a second at least: players drop one without length."""
    return f"{_stamp(span.start_s)} {_ARROW} {_stamp(max(span.end_s, span.start_s + 0.001))}"


def _stamp(seconds: float) -> str:
    thousandths = round(1000 * seconds)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}.{rest % 1000:03d}"
