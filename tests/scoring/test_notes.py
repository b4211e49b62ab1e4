from __future__ import annotations

from dataclasses import replace

import pytest

from voice_coach.scoring import notes as n
from voice_coach.scoring.grounding import ground_of
from voice_coach.scoring.network import Reading, shipped
from voice_coach.scoring.scorecard import Move, MoveKind

LINE = "You forgot my birthday. I felt so hurt, and I waited all evening."
GROUND = ground_of(LINE)
BASE = shipped().read(LINE, "You waited.")
MIDDLE, HIGH = (0.0, 0.1, 0.8, 0.1, 0.0), (0.0, 0.0, 0.1, 0.8, 0.1)


def reading(quality: tuple[float, ...] = HIGH, **kinds: float) -> Reading:
    """A reading in which only these kinds are likely."""
    return replace(BASE, kinds=dict.fromkeys(BASE.kinds, 0.0) | kinds, quality=quality)


def said(*parts: tuple[MoveKind | None, str]) -> tuple[str, tuple[Move, ...]]:
    """A reply put together from its parts, with the moves that they make."""
    text, moves = "", []
    for kind, words in parts:
        start = len(text) + bool(text)
        text = f"{text} {words}".strip()
        if kind is not None:
            moves.append(
                Move(move=kind, quote=words, start=start, end=start + len(words), confidence=0.9)
            )
    return text, tuple(moves)


def test_several_doubts_together_make_a_fooling_reply_of_the_likeliest_kind() -> None:
    assert n.fooling_kind(reading(wrong_content=0.45, wrong_feeling=0.4), 0.0) == "wrong_content"
    assert n.fooling_kind(reading(wrong_content=0.3), 0.0) is None


def test_copying_settles_a_doubt_but_does_not_make_one() -> None:
    assert n.fooling_kind(reading(parrot=0.2), 0.9) == "parrot"
    assert n.fooling_kind(reading(parrot=0.2), 0.5) is None
    assert n.fooling_kind(reading(parrot=0.05), 1.0) is None


def test_a_feeling_the_line_does_not_hold_is_named_from_the_words_that_name_it() -> None:
    text, moves = said((None, "I'm proud of you."), ("reflection_feeling", "You feel happy"))
    found = n.notes_on(text, reading(wrong_feeling=0.9), moves, GROUND, "wrong_feeling")
    assert found == (f"{n.MISNAMED}: happy",)


def test_where_no_word_shows_it_the_feeling_is_wrong_without_a_name() -> None:
    text, moves = said(("reflection_feeling", "You feel like a kite"))
    found = n.notes_on(text, reading(wrong_feeling=0.9), moves, GROUND, "wrong_feeling")
    assert found == (n.MISNAMED,)


def test_what_was_taken_up_is_told_only_of_a_reply_that_helps() -> None:
    text, moves = said(("reflection_feeling", "You felt hurt"))
    assert n.notes_on(text, reading(), moves, GROUND, None) == (n.FELT,)
    assert n.notes_on(text, reading(MIDDLE), moves, GROUND, None) == ()


@pytest.mark.parametrize(
    ("parts", "turned"),
    [
        (
            (("reflection_feeling", "You felt hurt,"), (None, "but"), ("defending", "I was tired")),
            1,
        ),
        ((("reflection_feeling", "You felt hurt."), ("defending", "But I was tired")), 1),
        ((("reflection_feeling", "You felt hurt."), ("defending", "I thought you slept")), 0),
        (
            (
                ("reflection_feeling", "You felt hurt,"),
                (None, "but you came anyway. Look,"),
                ("advice", "write it down"),
            ),
            0,
        ),
        (((None, "But"), ("defending", "I was tired."), ("apology", "I'm sorry")), 0),
    ],
)
def test_only_a_but_between_care_and_harm_takes_it_back(
    parts: tuple[tuple[MoveKind | None, str], ...], turned: int
) -> None:
    text, moves = said(*parts)
    assert (n.TURNED in n.notes_on(text, reading(MIDDLE), moves, GROUND, None)) == bool(turned)
