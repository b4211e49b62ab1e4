"""Draw the pictures of the docs.

- practice.svg, the terminal of the README: the first two tries of the demonstration;
- attempt.svg, a reply that cut in, as an exported page shows it.

python docs/make_picture.py
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from voice_coach.practice.codec import event_from_line
from voice_coach.practice.events import Branched, Event
from voice_coach.practice.history import attempts_of
from voice_coach.practice.picture import picture_of
from voice_coach.practice.picture_svg import as_svg
from voice_coach.practice.terminal import Terminal

COLUMNS = 96
PARTNER = "Maya"
INTERRUPTS = Path(__file__).parents[1] / "audio_fixtures" / "interrupts" / "reply.wav"


def main() -> None:
    """Run two sittings from files, show the one on a recording console, draw the other."""
    _draw_terminal(_sitting("--demo"))
    (attempt,) = attempts_of(_sitting("--replies", str(INTERRUPTS)))
    picture = picture_of(attempt, PARTNER)
    if picture is None:
        raise RuntimeError(f"nothing was heard in {INTERRUPTS}")
    _keep("attempt.svg", as_svg(picture))


def _sitting(*options: str) -> list[Event]:
    """The events of a sitting as quick as can be, in a home of its own."""
    with tempfile.TemporaryDirectory() as folder:
        events = Path(folder) / "events.jsonl"
        subprocess.run(
            [sys.executable, "-m", "voice_coach", "practice", *options, "--fast",
             "--events", str(events)],
            check=True, stdout=subprocess.DEVNULL,
            env={**os.environ, "VOICE_COACH_HOME": str(Path(folder) / "home")},
        )  # fmt: skip
        return [event_from_line(line) for line in events.read_text(encoding="utf-8").splitlines()]


def _draw_terminal(events: list[Event]) -> None:
    console = Console(
        record=True, width=COLUMNS, file=io.StringIO(), highlight=False, force_terminal=True
    )
    terminal = Terminal(console, live=False)
    for event in events:
        terminal(event)
        if isinstance(event, Branched):
            break
    drawn = console.export_svg(title="voice-coach practice")
    # The drawing must not fetch a font from anywhere; the viewer's own monospace serves.
    drawn = re.sub(r"@font-face\s*{.*?}", "", drawn, flags=re.DOTALL)
    _keep("practice.svg", drawn)


def _keep(name: str, drawn: str) -> None:
    Path(__file__).with_name(name).write_text(drawn, encoding="utf-8")


if __name__ == "__main__":
    main()
