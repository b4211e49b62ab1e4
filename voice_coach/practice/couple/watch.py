"""Words that end everything at once: the stop word, and words that need more than an exercise."""

from __future__ import annotations

from voice_coach.practice.booth import Stopped
from voice_coach.scoring.safety import Alarm, alarm_in
from voice_coach.speech.invented import plain

STOP_WORD = "time out"
"""Unless they choose another: two words that nobody says by the way. Chosen."""


class Unsafe(Exception):  # noqa: N818 - not a fault: the exercise is over
    """Words were said that need more than an exercise."""

    def __init__(self, alarm: Alarm) -> None:
        super().__init__(alarm.kind)
        self.alarm = alarm


class Watch:
    """Raises Stopped where the stop word was said, Unsafe for words beyond an exercise."""

    def __init__(self, stop_word: str = STOP_WORD) -> None:
        """Raises ValueError for a stop word without a letter."""
        self._stop = plain(stop_word)
        if not self._stop:
            raise ValueError("a stop word needs letters")

    def __call__(self, said: str) -> None:
        """Look at what was said so far."""
        if f" {self._stop} " in f" {plain(said)} ":
            raise Stopped
        alarm = alarm_in(said)
        if alarm is not None and alarm.kind != "insult":
            raise Unsafe(alarm)
