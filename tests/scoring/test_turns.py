from __future__ import annotations

import pytest

from voice_coach.conversation import Span, Turn, spread
from voice_coach.scoring.turns import latencies_of, turns_of


def said(*rows: tuple[str, float, float, str]) -> list[Turn]:
    return [
        Turn(
            speaker=name,
            span=(span := Span(start_s=start_s, end_s=end_s)),
            words=spread(text, span),
        )
        for name, start_s, end_s, text in rows
    ]


def shape(turns: tuple[Turn, ...]) -> list[tuple[str, float, float]]:
    return [(turn.speaker, turn.span.start_s, turn.span.end_s) for turn in turns]


def test_a_turn_lasts_until_another_takes_the_floor() -> None:
    turns, passing = turns_of(
        said(
            ("A", 0.0, 2.0, "I waited."),
            ("B", 1.5, 1.9, "Mhm."),
            ("A", 3.0, 5.0, "For two hours."),
            ("B", 5.1, 5.4, "Yeah."),
            ("A", 5.5, 7.0, "At the door."),
            ("B", 7.5, 9.0, "I let you wait."),
        )
    )
    assert shape(turns) == [("A", 0.0, 7.0), ("B", 7.5, 9.0)]
    assert [turn.text for turn in passing] == ["Mhm.", "Yeah."]


def test_a_yes_that_answers_is_a_turn() -> None:
    turns, _ = turns_of(
        said(("A", 0, 2, "Do you want it?"), ("B", 2.2, 2.5, "Yeah."), ("A", 3, 4, "Here it is."))
    )
    assert [turn.speaker for turn in turns] == ["A", "B", "A"]


def test_an_okay_after_which_nobody_else_goes_on_is_a_turn() -> None:
    turns, passing = turns_of(said(("A", 0, 2, "I go now."), ("B", 2.2, 2.5, "Okay.")))
    assert [turn.speaker for turn in turns] == ["A", "B"]
    assert passing == ()


def test_laughter_is_never_a_turn() -> None:
    turns, passing = turns_of(said(("A", 0, 1, "[laughs]"), ("B", 2, 3, "Well then.")))
    assert [turn.speaker for turn in turns] == ["B"]
    assert len(passing) == 1


def test_latencies_are_where_the_floor_changes_hands() -> None:
    turns, _ = turns_of(
        said(
            ("A", 0.0, 4.0, "I waited for two hours there."),
            ("B", 2.0, 3.0, "No you did not."),
            ("C", 4.5, 6.0, "Let her finish please."),
            ("A", 5.5, 7.0, "Thank you for that."),
        )
    )
    found = latencies_of(turns)
    assert [(each.before.speaker, each.after.speaker) for each in found] == [("A", "C"), ("C", "A")]
    assert [each.offset_s for each in found] == pytest.approx([0.5, -0.5])


def test_a_silence_that_nobody_breaks_ends_a_turn() -> None:
    turns, _ = turns_of(
        said(("A", 0.0, 3.0, "You left."), ("A", 6.0, 8.0, "I froze."), ("A", 64.0, 68.0, "Well."))
    )
    assert shape(turns) == [("A", 0.0, 8.0), ("A", 64.0, 68.0)]
    assert latencies_of(turns) == ()
