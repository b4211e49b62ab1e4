from __future__ import annotations

import pytest

from voice_coach.coaching.feedback import choose_feedback
from voice_coach.conversation import Span, Timeline, Word
from voice_coach.scoring.attempt import Attempt, judge_attempt
from voice_coach.scoring.listening import BEYOND, judge
from voice_coach.scoring.safety import alarm_in

LINE = "You said seven. I sat here with the dinner going cold, and I felt like an idiot."


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I will kill you.", "threat"),
        ("I’m going to hit you", "threat"),
        ("i'll make you regret this", "threat"),
        ("Stop crying or I'll leave you.", "threat"),
        ("fuck you", "insult"),
        ("Oh, shut up.", "insult"),
        ("you stupid cow", "insult"),
        ("You're such an idiot.", "insult"),
        ("I want to die. I can't do this any more.", "despair"),
        ("I keep thinking of hurting you, no, of killing myself.", "despair"),
    ],
)
def test_what_is_beyond_an_exercise_is_found(text: str, kind: str) -> None:
    alarm = alarm_in(text)
    assert alarm is not None
    assert alarm.kind == kind
    assert text[alarm.start : alarm.end].strip() == text[alarm.start : alarm.end] != ""


@pytest.mark.parametrize(
    "text",
    [
        "I know I hurt you, and I'm sorry.",
        "I never wanted to hurt you.",
        "You felt like an idiot for believing me.",
        "You wanted me to shut up and listen.",
        "Fuck, you must have been terrified.",
        "I could kill myself for forgetting it.",
        "You think I'll leave you, and that scares you.",
        "I'm not going to hit you, I would never.",
        "You wanted to die of shame.",
        "I'll beat you to it tomorrow, I'll do the dishes.",
    ],
)
def test_hard_words_that_are_kind_raise_no_alarm(text: str) -> None:
    assert alarm_in(text) is None


@pytest.mark.parametrize(
    "text", ["You said I'll hit you and I froze.", "He told me you'll regret this."]
)
def test_a_threat_that_is_told_of_is_nobodys_fault_here(text: str) -> None:
    found = alarm_in(text)
    assert found is not None
    assert found.kind == "violence"


def test_danger_anywhere_in_a_long_turn_is_found_and_despair_first() -> None:
    filler = "we went to the shop and it was late and i bought some bread and milk for us " * 5
    long = f"{filler} i will kill you {filler} i want to die {filler}"
    found = alarm_in(long)
    assert found is not None
    assert found.kind == "despair"


def spoken(reply: str) -> Attempt:
    words = tuple(
        Word(text=word, span=Span(start_s=at, end_s=at + 0.4))
        for at, word in enumerate(reply.split(), start=1)
    )
    return Attempt(
        line=LINE,
        partner="Maya",
        feels=("hurt",),
        needs=(),
        facts=(),
        line_span=Span(start_s=-5.0, end_s=0.0),
        words=words,
        activity=Timeline.of([Span(start_s=1.0, end_s=words[-1].span.end_s)]),
    )


def test_a_threat_is_the_lowest_there_is_and_is_never_praised() -> None:
    card = judge_attempt(spoken("I will kill you if you go on"))
    assert (card.listening.score, card.judged.level) == (0, "attack")
    told = choose_feedback(card, line=LINE, model_replies=(), partner="Maya")
    assert "frighten" in told.change
    assert "help" in told.change
    assert told.show_help
    assert told.say_instead == ""
    assert "want to be there" not in told.keep
    assert card.judged.moves[0].span == Span(start_s=1.0, end_s=4.4)


def test_words_of_despair_are_not_scored_and_met_with_help() -> None:
    card = judge_attempt(spoken("I want to die I can't do this any more"))
    assert card.listening.score is None
    assert card.listening.reason == BEYOND
    told = choose_feedback(card, line=LINE, model_replies=("You waited.",), partner="Maya")
    assert "crisis line" in told.spoken
    assert told.say_instead == ""


@pytest.mark.parametrize(
    "reply",
    ["I hear you. You waited two hours.", "It sounds like you waited two hours and felt stupid."],
)
def test_no_stem_makes_an_attack_of_what_is_none(reply: str) -> None:
    assert judge(LINE, reply).level != "attack"
