"""Draw docs/practice.svg, the terminal of the README: the first two tries of the demonstration.

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
from voice_coach.practice.events import Branched
from voice_coach.practice.terminal import Terminal

COLUMNS = 96


def main() -> None:
    """Run the demonstration, show its first two attempts on a recording console, save it."""
    with tempfile.TemporaryDirectory() as folder:
        events = Path(folder) / "events.jsonl"
        subprocess.run(
            [sys.executable, "-m", "voice_coach", "practice", "--demo", "--fast",
             "--events", str(events)],
            check=True, stdout=subprocess.DEVNULL,
            env={**os.environ, "VOICE_COACH_HOME": str(Path(folder) / "home")},
        )  # fmt: skip
        lines = events.read_text(encoding="utf-8").splitlines()
    console = Console(
        record=True, width=COLUMNS, file=io.StringIO(), highlight=False, force_terminal=True
    )
    terminal = Terminal(console, live=False)
    for line in lines:
        event = event_from_line(line)
        terminal(event)
        if isinstance(event, Branched):
            break
    drawn = console.export_svg(title="voice-coach practice")
    # The drawing must not fetch a font from anywhere; the viewer's own monospace serves.
    drawn = re.sub(r"@font-face\s*{.*?}", "", drawn, flags=re.DOTALL)
    Path(__file__).with_name("practice.svg").write_text(drawn, encoding="utf-8")


if __name__ == "__main__":
    main()
