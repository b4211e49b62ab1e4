"""A sitting as a file to keep or hand on: JSON for programs, Markdown and HTML for people.

All hold what was recorded and nothing else; what was not measured says why. Each is one file. The
pictures of the attempts are characters in Markdown and drawings in HTML: a drawing inside Markdown
would have to be a data address, which many viewers refuse to show and nobody can read in the file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from types import MappingProxyType
from typing import TypeAlias

from markdown_it import MarkdownIt
from markdown_it.token import Token

from voice_coach.conversation import Measure, Measured, Span
from voice_coach.markdown import plain
from voice_coach.practice.codec import event_to_json
from voice_coach.practice.events import Event, Noted, Overlapped, TurnEnded
from voice_coach.practice.history import Attempt, KeptSitting
from voice_coach.practice.picture import Picture, moment, on_one_line, picture_of
from voice_coach.practice.picture_svg import as_svg
from voice_coach.practice.picture_text import as_text
from voice_coach.scoring.scorecard import Observation, Score


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """How a measure is told: what it is called, its figure, and what to think of it."""

    label: str
    figure: str
    share: bool = False
    note: str = ""


MEASURES: Mapping[str, _Told] = MappingProxyType(
    {
        "words_per_min": _Told(
            label="Pace",
            figure="{:.0f} words a minute",
            note="up to 165 is easy to follow over minutes; single sentences are quicker",
        ),
        "articulation_rate_syllables_per_s": _Told(
            label="Speed of the syllables",
            figure="{:.1f} a second, pauses left out",
            note="4 to 6 is usual in calm talk",
        ),
        "pause_share": _Told(label="Pauses", figure="{:.0f} % of the time", share=True),
        "runs": _Told(label="Stretches of speech between pauses", figure="{:.0f}"),
        "run_length_s": _Told(label="Length of a stretch", figure="{:.1f} s in the mean"),
        "run_length_syllables": _Told(label="Syllables of a stretch", figure="{:.0f} in the mean"),
        "speed_up": _Told(
            label="The last third against the first", figure="{:+.0f} % in speed", share=True
        ),
        "fillers_per_min": _Told(
            label="Fillers (um, uh)",
            figure="{:.1f} a minute",
            note="everybody has some; not scored",
        ),
        "latency_s": _Told(
            label="Time before you answered",
            figure="{:.1f} s",
            note="no fault, short or long",
        ),
        "level_db": _Told(
            label="Loudness",
            figure="{:.0f} dB under the loudest that the microphone takes",
            note="says something only against your own replies at this microphone",
        ),
        "pitch_median_hz": _Told(
            label="Middle pitch", figure="{:.0f} Hz", note="only against your own"
        ),
        "pitch_range_semitones": _Told(label="Range of pitch", figure="{:.0f} semitones"),
    }
)
"""How the measures are told to a person; others go by their key, number and unit."""

PICTURE_COLUMNS = 80
"""How wide a picture in Markdown is: what a page or a window shows without folding. Chosen."""

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, "Segoe UI", Helvetica, Arial, sans-serif; margin: 2rem auto;
  max-width: 860px; padding: 0 1rem; }}
figure {{ margin: 1rem 0; }}
svg {{ height: auto; max-width: 100%; }}
</style>
</head>
<body>
{body}</body>
</html>
"""
"""The page around an HTML export. The policy in its head keeps it from fetching anything."""

Draw: TypeAlias = Callable[[Picture, int], str]
"""A picture and the number of its attempt to Markdown."""


def to_json(sitting: KeptSitting) -> str:
    """The sitting as one JSON object, ``{"sitting", "ended", …, "events": [...]}``."""
    started = sitting.started
    told = {
        "sitting": sitting.number,
        "began": started.began,
        "scenario": started.scenario,
        "title": started.title,
        "partner": started.partner,
        "ended": sitting.ended,
        "events": [event_to_json(event) for event in sitting.events],
    }
    return json.dumps(told, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def to_markdown(sitting: KeptSitting) -> str:
    """The sitting as a report to read: what was said, how it was heard, what to try."""
    return _report(sitting, _in_characters)


def to_html(sitting: KeptSitting) -> str:
    """The same report as one page for any browser, with the pictures drawn."""
    drawings: list[str] = []

    def draw(picture: Picture, number: int) -> str:
        drawings.append(as_svg(picture, name=f"attempt-{number}"))
        return f"```drawing\n{len(drawings) - 1}\n```"

    def fence(_: object, tokens: list[Token], at: int, *__: object) -> str:
        return f"<figure>{drawings[int(tokens[at].content)]}</figure>\n"

    markdown = MarkdownIt("commonmark", {"html": False})
    markdown.add_render_rule("fence", fence)
    body = markdown.render(_report(sitting, draw))
    return PAGE.format(title=escape(on_one_line(sitting.started.title)), body=body)


def _in_characters(picture: Picture, _: int) -> str:
    return f"```text\n{as_text(picture, width=PICTURE_COLUMNS)}\n```"


def _report(sitting: KeptSitting, draw: Draw) -> str:
    return "\n".join(_lines(sitting, draw)).rstrip("\n") + "\n"


def _lines(sitting: KeptSitting, draw: Draw) -> Iterator[str]:
    started = sitting.started
    yield f"# {plain(started.title)}"
    yield ""
    began = plain(_clock(started.began))
    yield (
        f"Sitting {sitting.number} with {plain(started.partner)}, begun {began}. "
        f"How it ended: {plain(sitting.ended)}."
    )
    yield ""
    yield from ("## The setting", "", plain(started.setting), "")
    for attempt in sitting.attempts:
        yield from _attempt(attempt, started.partner, draw)
    if notes := _notes(sitting.events):
        yield from ("## Good to know", "", *notes, "")
    if sitting.summary:
        yield from ("## At the end", "", *(f"- {plain(line)}" for line in sitting.summary), "")


def _clock(began: str) -> str:
    """The time a sitting began as people write it; as it was kept where it is none."""
    try:
        at = datetime.fromisoformat(began)
    except ValueError:
        return began
    return f"{at.day} {at:%B %Y}, {at:%H:%M}"


def _attempt(attempt: Attempt, partner: str, draw: Draw) -> Iterator[str]:
    yield from (f"## Attempt {attempt.number}", "")
    yield f"**{plain(partner)}**{_when(attempt.line_span)}: {_quoted(attempt.line)}"
    yield ""
    yield from (_reply(attempt.turn), "")
    if picture := picture_of(attempt, partner):
        yield from (draw(picture, attempt.number), "")
    for overlap in attempt.overlaps:
        yield f"- {_overlap(overlap)}"
    if attempt.overlaps:
        yield ""
    if attempt.scored:
        yield from ("### How it was heard", "")
        yield from _score("Listening", attempt.scored.listening)
        yield from _score("Pacing", attempt.scored.pacing)
        yield from _score("Interruptions", attempt.scored.interruptions)
        if tone := attempt.scored.tone:
            given = f": {tone.tone}" if tone.tone else ""
            yield f"- **Tone{given}** ({plain(tone.reason)})"
        yield ""
        if attempt.scored.measures:
            yield from ("### In figures", "")
        for name, measure in attempt.scored.measures.items():
            yield f"- {_measure(name, measure)}"
        yield ""
        if attempt.scored.changes:
            yield from ("### Against the attempt before", "")
            yield from (f"- {plain(change)}" for change in attempt.scored.changes)
            yield ""
    if attempt.feedback:
        yield from ("### What you were told", "")
        told = attempt.feedback
        parts = (("Keep", told.keep), ("Change", told.change), ("Say instead", told.say_instead))
        yield from (f"- **{name}:** {plain(text)}" for name, text in parts if text.strip())
        yield ""


def _reply(turn: TurnEnded | None) -> str:
    if turn is None:
        return "**You**: no reply was recorded."
    if not turn.text.strip():
        return f"**You**{_when(turn.span)}: no words were recognised."
    return f"**You**{_when(turn.span)}: {_quoted(turn.text)}"


def _overlap(overlap: Overlapped) -> str:
    sure = f"{overlap.confidence:.0%} sure"
    return (
        f"{plain(overlap.by)} spoke while {plain(overlap.over)} was speaking"
        f"{_when(overlap.span)}: {overlap.kind}, {sure}"
    )


def _score(name: str, score: Score) -> Iterator[str]:
    given = "not scored" if score.score is None else f"{score.score} of 100"
    reason = f" ({plain(score.reason)})" if score.reason else ""
    yield f"- **{name}: {given}**{reason}"
    for observation in score.observations:
        yield f"  - {_observation(observation)}"


def _observation(observation: Observation) -> str:
    quote = f": {_quoted(observation.quote)}" if observation.quote else ""
    return f"{plain(observation.text)}{quote}{_when(observation.span)}"


def _measure(name: str, measure: Measure) -> str:
    told = MEASURES.get(name)
    label = told.label if told else plain(name.replace("_", " "))
    if not isinstance(measure, Measured):
        return f"{label}: not measured ({plain(measure.reason)})"
    if told is None:
        return f"{label}: {measure.value:.4g} {plain(measure.unit)}".rstrip()
    if name == "latency_s" and measure.value < 0:
        return f"You began {-measure.value:.1f} s before the line was over"
    value = abs(measure.value) if name == "level_db" else measure.value
    note = f" ({told.note})" if told.note else ""
    return f"{label}: {told.figure.format(value * (100 if told.share else 1))}{note}"


def _notes(events: tuple[Event, ...]) -> list[str]:
    return [f"- {plain(event.text)}" for event in events if isinstance(event, Noted)]


def _when(span: Span | None) -> str:
    return "" if span is None else f" ({moment(span.start_s)} to {moment(span.end_s)})"


def _quoted(text: str) -> str:
    return f"“{plain(text)}”"
