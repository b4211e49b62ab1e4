"""The keyboard, read without waiting; the one place that differs between systems."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from voice_coach.practice.booth import Key
from voice_coach.practice.events import Choice

GO_KEYS = frozenset("\r\n ")
STOP_KEYS = frozenset("qQ")
PASS_KEYS = frozenset("pP")
CHOICE_KEYS: dict[str, Choice] = {
    "\r": "next",
    "\n": "next",
    " ": "next",
    "n": "next",
    "r": "again",
    "a": "again",
    "q": "stop",
}


class Keyboard:
    """The person at the keys."""

    def key(self) -> Key | None:
        """Enter and the space bar give "go", p "pass", q "stop", anything else None."""
        pressed = _pressed()
        if pressed is None:
            return None
        if pressed in STOP_KEYS:
            return "stop"
        if pressed in PASS_KEYS:
            return "pass"
        return "go" if pressed in GO_KEYS else None

    def choice(self, offered: Sequence[Choice]) -> Choice | None:
        """Enter goes on, r tries again, q stops."""
        pressed = _pressed()
        choice = CHOICE_KEYS.get(pressed.lower()) if pressed else None
        return choice if choice in offered else None

    def stays(self) -> bool:
        """Until they stop."""
        return True


class Script:
    """Choices made beforehand, for files and demonstrations; stops when they run out."""

    def __init__(self, choices: Sequence[Choice]) -> None:
        self._choices = list(choices)

    def key(self) -> Key | None:
        """No key is ever pressed."""
        return None

    def choice(self, offered: Sequence[Choice]) -> Choice | None:
        """The next choice, "stop" after the last."""
        choice = self._choices.pop(0) if self._choices else "stop"
        return choice if choice in offered else "stop"

    def stays(self) -> bool:
        """As long as there are choices left."""
        return bool(self._choices)


class HandsFree:
    """Nobody at the keys: go on to the next line."""

    def key(self) -> Key | None:
        """No key is ever pressed."""
        return None

    def choice(self, offered: Sequence[Choice]) -> Choice | None:
        """Always on."""
        return "next" if "next" in offered else "stop"

    def stays(self) -> bool:
        """Until the conversation ends."""
        return True


@contextmanager
def single_keys() -> Iterator[None]:
    """Keys are delivered as they are pressed, not shown; the terminal is put back afterwards."""
    if sys.platform == "win32":
        yield
        return
    import termios
    import tty

    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def _pressed() -> str | None:
    """One key waiting at the keyboard, or None."""
    if sys.platform == "win32":
        import msvcrt

        return msvcrt.getwch() if msvcrt.kbhit() else None
    import os
    import select

    ready, _, _ = select.select([sys.stdin], [], [], 0)
    if not ready:
        return None
    # Read from the descriptor: Python's own buffer would hide further keys from select.
    typed = os.read(sys.stdin.fileno(), 64).decode(errors="ignore")
    stop = next((key for key in typed if key in STOP_KEYS), None)
    return stop or typed[-1:] or None
