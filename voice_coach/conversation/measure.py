"""A number with its unit, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A number that was measured, with its unit ("words/min", "s", "dB")."""

    value: float
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmeasured:
    """A number that could not be measured, and why, in words for the person who spoke."""

    reason: str
    unit: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError("what was not measured must say why")


Measure: TypeAlias = Measured | Unmeasured
