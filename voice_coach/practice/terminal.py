"""The sitting as the terminal shows it: one reader of the events, live or replayed."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from voice_coach.conversation import Span
from voice_coach.practice.booth import Phase
from voice_coach.practice.events import (
    Branched,
    Event,
    FeedbackStarted,
    LineStarted,
    Noted,
    PartialTranscript,
    Scored,
    SittingEnded,
    SittingStarted,
    TurnEnded,
)
from voice_coach.practice.help_lines import help_for, shipped
from voice_coach.practice.history import attempts_of
from voice_coach.practice.picture import picture_of
from voice_coach.practice.picture_text import NARROWEST, as_text
from voice_coach.practice.safety_message import where_help_is
from voice_coach.scoring.scorecard import Score

QUIETEST_DB = -60.0
"""The level that shows as an empty bar. Chosen."""
BAR_CELLS = 12
REFRESH_PER_S = 12
MOST_OBSERVATIONS = 4
"""Pieces of evidence shown for one score; all are kept in the history. Chosen."""

PROMPTS: dict[Phase, str] = {
    "setting": "Enter: skip   q: stop",
    "line": "q: stop",
    "reply": "Enter: done   q: stop",
    "feedback": "Enter: skip   q: stop",
    "choice": "Enter: next line   r: again   q: stop",
}
OUTCOMES = {
    "softens": "{partner} softens.",
    "repeats": "{partner} did not feel heard yet, and tries once more.",
    "escalates": "{partner} gets more upset.",
}


class Lines:
    """What is printed line by line, with one live line at the bottom.

    ``live`` False leaves the live line out, for files, pipes and replays.
    """

    def __init__(self, console: Console, *, live: bool) -> None:
        self._console = console
        self._live = (
            Live(console=console, refresh_per_second=REFRESH_PER_S, transient=True)
            if live
            else None
        )

    def __enter__(self) -> Self:
        """Start the live line."""
        if self._live:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take the live line away."""
        if self._live:
            self._live.stop()

    def say(self, text: str, style: str = "") -> None:
        """A plain line, outside the events."""
        self._console.print(Padding(Text(text, style=style), (0, 2)))

    def heading(self, text: str) -> None:
        """A line across the screen with a title in it."""
        self._console.print()
        self._console.print(Rule(Text(text, style="bold"), align="left"))


class Terminal(Lines):
    """Prints each event as it comes."""

    def __init__(self, console: Console, *, live: bool) -> None:
        super().__init__(console, live=live)
        self._partner = "Partner"
        self._reply_start_s = 0.0
        self._attempt: list[Event] = []
        self._partial = ""
        self._shown: dict[type, Callable[..., None]] = {
            SittingStarted: self._sitting_started,
            LineStarted: self._line_started,
            PartialTranscript: self._partial_transcript,
            TurnEnded: self._turn_ended,
            Scored: self._scored,
            FeedbackStarted: self._feedback_started,
            Branched: self._branched,
            Noted: self._noted,
            SittingEnded: self._sitting_ended,
        }

    def __call__(self, event: Event) -> None:
        """Show one event."""
        if isinstance(event, LineStarted):
            self._attempt.clear()
        self._attempt.append(event)
        show = self._shown.get(type(event))
        if show is not None:
            show(event)

    def tick(self, *, phase: Phase, level_db: float, elapsed_s: float) -> None:
        """Refresh the live line: level, time, the words so far, and what the keys do."""
        if self._live is None:
            return
        line = Text("  ")
        if phase == "reply":
            line.append(bar(level_db), style="green")
            line.append(f" {clock(elapsed_s)}   ", style="bold")
        elif phase in {"line", "setting"}:
            line.append(bar(level_db) + "   ", style="dim")
        line.append(PROMPTS[phase], style="dim")
        if phase == "reply":
            words = self._partial or "your turn, take your time"
            line = Text("  ").append(_tail(words, self._console.width - 6)).append("\n") + line
        self._live.update(line)

    def _sitting_started(self, event: SittingStarted) -> None:
        self._partner = event.partner
        self.heading(event.title)
        self._console.print(Padding(Text(event.setting, style="italic"), (0, 2)))

    def _line_started(self, event: LineStarted) -> None:
        self._partial = ""
        said = Text(f"{self._partner}: ", style="bold magenta")
        said.append(f"“{event.text}”", style="not bold")
        self._console.print(Padding(said, (1, 2, 0, 2)))

    def _partial_transcript(self, event: PartialTranscript) -> None:
        self._partial = event.text

    def _turn_ended(self, event: TurnEnded) -> None:
        self._reply_start_s = event.span.start_s if event.span else event.at_s
        said = Text("You: ", style="bold blue")
        said.append(f"“{event.text}”" if event.text else "(nothing was said)", style="not bold")
        self._console.print(Padding(said, (1, 2, 0, 2)))

    def _scored(self, event: Scored) -> None:
        self._picture()
        grid = _grid()
        grid.add_column()
        for name, score in (
            ("Listening", event.listening),
            ("Pacing", event.pacing),
            ("Interruptions", event.interruptions),
        ):
            number = "–" if score.score is None else str(score.score)
            grid.add_row(Text(name, style="bold"), Text(f"{number:>3}"), self._evidence(score))
        if event.tone:
            tone = f"{event.tone.tone}: " if event.tone.tone else ""
            grid.add_row(Text("Tone", style="bold"), Text(""), Text(tone + event.tone.reason))
        self._console.print(Padding(grid, (1, 2, 0, 2)))
        for change in event.changes:
            self._console.print(Padding(Text(f"Since last time: {change}", style="cyan"), (0, 2)))

    def _picture(self) -> None:
        """The attempt as a picture; its axis counts from the reply, as the evidence does."""
        room = self._console.width - 4
        for attempt in attempts_of(self._attempt):
            picture = picture_of(attempt, self._partner)
            if picture is not None and room >= NARROWEST:
                drawn = as_text(
                    picture,
                    width=room,
                    zero_s=self._reply_start_s,
                    encoding=self._console.encoding,
                )
                self._console.print(Padding(Text(drawn, no_wrap=True), (1, 2, 0, 2)))

    def _evidence(self, score: Score) -> Text:
        lines = []
        if score.score is None:
            lines.append(f"not scored: {score.reason}")
        for seen in score.observations[:MOST_OBSERVATIONS]:
            told = seen.text
            if seen.quote:
                told += f"  “{seen.quote}”{self._moment(seen.span)}"
            lines.append(told)
        return Text("\n".join(lines) or "nothing stood out")

    def _moment(self, span: Span | None) -> str:
        if span is None or span.start_s < self._reply_start_s:
            return ""
        return f"  (at {clock(span.start_s - self._reply_start_s)})"

    def _feedback_started(self, event: FeedbackStarted) -> None:
        grid = _grid()
        grid.add_row(Text("Keep", style="bold green"), Text(event.keep))
        if event.change:
            grid.add_row(Text("Change", style="bold yellow"), Text(event.change))
        if event.say_instead:
            grid.add_row(Text("Try", style="bold cyan"), Text(f"“{event.say_instead}”"))
        self._console.print(Padding(grid, (1, 2, 0, 2)))
        if event.show_help:
            self._console.print()
            for line in where_help_is(help_for(None, os.environ), shipped()):
                self.say(line)

    def _branched(self, event: Branched) -> None:
        text = OUTCOMES[event.outcome].format(partner=self._partner)
        if event.to_line is None:
            text += " The conversation ends here."
        self._console.print(Padding(Text(text, style="italic dim"), (1, 2, 0, 2)))

    def _noted(self, event: Noted) -> None:
        self.say(event.text, "yellow")

    def _sitting_ended(self, event: SittingEnded) -> None:
        self.heading("This sitting")
        for line in event.summary:
            self.say(line)


def _grid() -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column()
    return grid


def bar(level_db: float) -> str:
    """A level in dB as a bar of BAR_CELLS cells."""
    filled = round(BAR_CELLS * min(1.0, max(0.0, 1.0 - level_db / QUIETEST_DB)))
    return "▕" + "█" * filled + " " * (BAR_CELLS - filled) + "▏"


def _tail(text: str, room: int) -> str:
    """The end of the text that fits, whole words."""
    if len(text) <= room:
        return text
    return "… " + text[-(room - 2) :].split(" ", 1)[-1]


def clock(seconds: float) -> str:
    """Seconds as minutes and seconds."""
    minutes, rest = divmod(int(max(0.0, seconds)), 60)
    return f"{minutes}:{rest:02d}"
