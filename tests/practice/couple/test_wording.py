from __future__ import annotations

import re
import string
from pathlib import Path
from typing import get_args

import pytest

import voice_coach.practice.couple
from voice_coach.practice.couple.steps import Ended, HabitKind
from voice_coach.practice.couple.wording import SAID

MOST_WORDS = 34
"""About twelve seconds of speech."""
KNOWN = {"who", "other", "question", "words", "minutes", "setting", "speaker"}
TAKES_A_SIDE = re.compile(
    r"\b(?:wrong|fault|guilty|blame|failed|fail|bad|worse|better than|best|winner|lost|score"
    r"|grade|correct|incorrect|should|must|he|she|his|her|him)\b",
    re.IGNORECASE,
)
WAYS = [(row, way) for row, ways in SAID.items() for way in ways]


@pytest.mark.parametrize(("row", "way"), WAYS)
def test_what_is_said_is_short_and_takes_no_side(row: str, way: str) -> None:
    assert len(way.split()) <= MOST_WORDS, row
    assert not TAKES_A_SIDE.search(way)
    assert {name for _, name, _, _ in string.Formatter().parse(way) if name} <= KNOWN


def test_no_way_is_there_twice_in_a_row() -> None:
    assert all(len(set(ways)) == len(ways) for ways in SAID.values())


def test_what_can_come_twice_has_several_ways() -> None:
    once = {"speaker_listener", "mirror", "role_reversal", "replay", "yes_and", "quiet"}
    once |= {"check_in", "boundaries", "first_feeling"}
    assert {row for row, ways in SAID.items() if len(ways) < 2} == once


def test_every_row_is_used() -> None:
    folder = Path(voice_coach.practice.couple.__file__).parent
    code = "".join(file.read_text() for file in folder.glob("*.py") if file.name != "wording.py")
    built = {f"habit_{kind}" for kind in get_args(HabitKind)} | set(get_args(Ended))
    built |= {"again_yes/no", "again_0 to 10"}
    assert {row for row in SAID if f'"{row}"' not in code} <= built
    assert all(row in SAID for row in built - {"finished"})
