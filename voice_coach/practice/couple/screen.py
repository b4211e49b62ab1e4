"""The rehearsal as the terminal shows it: one reader of its events, and the live line below."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from voice_coach.practice.booth import Phase
from voice_coach.practice.couple.events import (
    AnswerHeard,
    CoupleEvent,
    FloorPassed,
    RehearsalStarted,
    Reminded,
    TellStarted,
    TurnHeard,
)
from voice_coach.practice.events import Noted
from voice_coach.practice.terminal import Lines, bar, clock

PROMPTS: dict[Phase, str] = {
    "setting": "Enter: go on   q: stop",
    "line": "q: stop",
    "reply": "Enter: done   p: pass   q: stop",
    "feedback": "Enter: skip   q: stop",
    "choice": "q: stop",
}
REMINDERS = {
    "long": "A soft sound: this turn has become long.",
    "but": "A soft sound: a but.",
}


class CoupleTerminal(Lines):
    """Prints each event as it comes."""

    def __init__(self, console: Console, *, live: bool) -> None:
        super().__init__(console, live=live)
        self._floor = ""
        self._shown: dict[type, Callable[..., None]] = {
            RehearsalStarted: self._started,
            TellStarted: self._tell,
            FloorPassed: self._passed,
            TurnHeard: self._turn,
            AnswerHeard: self._answer,
            Reminded: self._reminded,
            Noted: self._noted,
        }

    def __call__(self, event: CoupleEvent) -> None:
        """Show one event."""
        show = self._shown.get(type(event))
        if show is not None:
            show(event)

    def tick(self, *, phase: Phase, level_db: float, elapsed_s: float) -> None:
        """Refresh the live line: level, time, who has the floor, and what the keys do."""
        if self._live is None:
            return
        line = Text("  ")
        if phase == "reply":
            line.append(bar(level_db), style="green")
            line.append(f" {clock(elapsed_s)}   ", style="bold")
            line.append(f"{self._floor}   ", style="bold")
        line.append(PROMPTS[phase], style="dim")
        self._live.update(line)

    def _started(self, event: RehearsalStarted) -> None:
        self.heading(f"{event.title}: {event.one} and {event.two}")
        if event.topic:
            self.say(f"About: {event.topic}", "italic")

    def _tell(self, event: TellStarted) -> None:
        self._floor = event.to
        self._console.print(Padding(Text(event.text, style="cyan"), (1, 2, 0, 2)))

    def _passed(self, event: FloorPassed) -> None:
        self.say(f"{event.to}: {event.role}", "bold magenta")

    def _turn(self, event: TurnHeard) -> None:
        self._said(event.who, f"“{event.text}”" if event.text else "(nothing was said)")

    def _answer(self, event: AnswerHeard) -> None:
        heard = f"“{event.text}”" if event.text else "(nothing was said)"
        self._said(event.who, f"{heard}  {event.answer}")

    def _said(self, who: str, text: str) -> None:
        said = Text(f"{who}: ", style="bold blue")
        said.append(text, style="not bold")
        self._console.print(Padding(said, (0, 2)))

    def _reminded(self, event: Reminded) -> None:
        self.say(REMINDERS[event.reason], "dim")

    def _noted(self, event: Noted) -> None:
        self.say(event.text, "yellow")
