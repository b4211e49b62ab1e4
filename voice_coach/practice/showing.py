"""A sitting shown again from its events, through the same reader that showed it live."""

from __future__ import annotations

import time
from collections.abc import Callable

from voice_coach.practice.history import KeptSitting, replay
from voice_coach.practice.screen import open_console
from voice_coach.practice.terminal import Terminal

LONGEST_WAIT_S = 20.0
"""A silence in a replay is never longer than this. Chosen."""


def show_again(
    found: KeptSitting, *, in_time: bool, sleep: Callable[[float], None] = time.sleep
) -> None:
    """Print the sitting; ``in_time`` at the pace it happened."""
    console = open_console()
    terminal = Terminal(console, live=False)
    last_s: float | None = None
    for event in replay(found.events):
        if in_time and last_s is not None:
            sleep(min(LONGEST_WAIT_S, max(0.0, event.at_s - last_s)))
        last_s = event.at_s
        terminal(event)
    if found.ended not in {"finished", "stopped"}:
        terminal.say(f"How it ended: {found.ended}")
