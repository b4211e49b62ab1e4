from __future__ import annotations

import pytest

from voice_coach.practice.events import Scored
from voice_coach.practice.summary import changes_since, outcome_of, summarise
from voice_coach.scoring.listening import judge
from voice_coach.scoring.scorecard import Level, Move, Score, Scorecard


def scored(
    listening: int | None,
    *,
    interruptions: int | None = 100,
    level: Level = "unclear",
    moves: tuple[Move, ...] = (),
) -> Scored:
    def score(value: int | None) -> Score:
        return Score(score=value, reason=None if value is not None else "too few words")

    return Scored(
        at_s=1.0,
        attempt=1,
        line_id="arrival",
        listening=score(listening),
        pacing=score(100),
        interruptions=score(interruptions),
        primary="other",
        level=level,
        facets={},
        moves=moves,
        measures={},
        pauses=(),
        model="listening@1",
    )


@pytest.mark.parametrize(
    ("one", "outcome"),
    [
        (scored(80), "softens"),
        (scored(60), "softens"),
        (scored(59), "repeats"),
        (scored(None), "repeats"),
        (scored(20), "escalates"),
        (scored(50, interruptions=10), "escalates"),
        (scored(80, interruptions=10), "softens"),
        (scored(50, interruptions=None), "repeats"),
        (scored(90, level="attack"), "escalates"),
    ],
)
def test_what_a_reply_does_to_the_partner(one: Scored, outcome: str) -> None:
    assert outcome_of(one) == outcome


def test_a_summary_counts_and_quotes_and_never_grades() -> None:
    felt = Move(move="reflection_feeling", quote="you felt alone", start=0, end=14, confidence=0.9)
    named = Move(move="reflection_content", quote="you felt alone", start=0, end=14, confidence=0.8)
    asked = Move(move="open_question", quote="what was it like", start=16, end=32, confidence=0.9)
    lines = summarise([scored(20), scored(85, moves=(felt, named, asked))], 2)
    assert lines == (
        "2 replies.",
        "Listening: 20 → 85.",
        "You reflected once and asked once.",
        "Your best moment: “you felt alone”",
    )


def test_a_sitting_without_replies_says_so() -> None:
    assert summarise([scored(None)], 0) == ("No reply was heard this time.",)


def test_a_reply_that_can_be_judged_at_last_is_no_same_as_last_time() -> None:
    def card(listening: Score) -> Scorecard:
        full = Score(score=100)
        return Scorecard(
            listening=listening,
            pacing=full,
            interruptions=full,
            judged=judge("You were late.", "You waited for me."),
            measures={},
            pauses=(),
        )

    few, judged = card(Score(score=None, reason="too few words to judge")), card(Score(score=86))
    assert changes_since(few, judged) == ("Listening: now 86 (last time: too few words to judge)",)
    assert changes_since(judged, few) == (
        "Listening: not scored this time (too few words to judge)",
    )
    assert changes_since(few, few) == ("About the same as last time",)
