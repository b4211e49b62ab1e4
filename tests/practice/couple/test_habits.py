from __future__ import annotations

import pytest
from rehearsed import PAIR, PASS, judged_as, move, rehearse, script

from voice_coach.practice.couple.habits import SURE, Habit, buts_in, habit_in
from voice_coach.practice.couple.speaker_listener import speaker_listener
from voice_coach.practice.couple.steps import HabitKind, Name
from voice_coach.scoring.listening import judge
from voice_coach.scoring.notes import TURNED
from voice_coach.scoring.scorecard import MoveKind

LINE = "When you came home at nine without calling, I sat there and felt like I don't matter."


@pytest.mark.parametrize(
    ("kind", "habit"),
    [
        ("blaming", "rebutting"),
        ("defending", "persuading"),
        ("judging", "persuading"),
        ("minimising", "minimising"),
        ("hijacking", "hijacking"),
        ("advice", "solving"),
    ],
)
def test_each_harm_has_its_habit(kind: MoveKind, habit: HabitKind) -> None:
    assert habit_in(judged_as(move(kind)), "these words") == Habit(kind=habit, quote="these words")


@pytest.mark.parametrize("kind", ["reflection_feeling", "apology", "open_question", "boundary"])
def test_care_is_no_habit(kind: MoveKind) -> None:
    assert habit_in(judged_as(move(kind)), "these words") is None


def test_what_is_not_sure_is_not_named() -> None:
    assert habit_in(judged_as(move("advice", sure=SURE - 0.01)), "these words") is None
    assert habit_in(judged_as(move("advice", sure=SURE)), "these words") is not None


def test_what_could_not_be_judged_is_not_named() -> None:
    assert habit_in(judged_as(move("blaming"), score=None, reason="unsure"), "these words") is None


def test_what_hurts_most_is_named() -> None:
    both = judged_as(move("advice", "call her"), move("blaming", "your fault", 9))
    assert habit_in(both, "call her your fault") == Habit(kind="rebutting", quote="your fault")


@pytest.mark.parametrize(
    ("reply", "rebuts"),
    [
        ("You felt alone, but I was at work", True),
        ("You felt alone, but you could have called", True),
        ("You felt alone but it's not my fault", True),
        ("You felt alone, but you hoped I would call", False),
        ("You felt alone, but mostly angry", False),
        ("You felt alone and you had nothing but silence", False),
        ("You felt alone", False),
    ],
)
def test_a_but_after_listening(reply: str, rebuts: bool) -> None:
    habit = habit_in(judged_as(move("reflection_feeling", "You felt alone")), reply)
    assert (habit is not None and habit.kind == "rebutting") == rebuts


def test_a_but_the_judge_found_to_turn() -> None:
    reply = "You felt alone, but some people never learn"
    blamed = move("blaming", "some people never learn", reply.find("some"))
    turned = judged_as(move("reflection_feeling", "You felt alone"), blamed)
    assert habit_in(turned, reply) == Habit(kind="rebutting", quote="some people never learn")
    noted = type(turned)(
        **{name: getattr(turned, name) for name in turned.__slots__} | {"notes": (TURNED,)}
    )
    assert habit_in(noted, reply) == Habit(kind="rebutting", quote=reply[reply.find("but") :])


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("I hear you, but I was tired", 1),
        ("But why?", 1),
        ("yes but no but yes", 2),
        ("But, but I was tired", 1),
        ("BUT I did", 1),
        ("That is good. But.", 1),
        ("nothing but trouble", 0),
        ("anything but that", 0),
        ("It was all but over", 0),
        ("last but not least, you", 0),
        ("Last, but not least", 0),
        ("but for you I would be lost", 0),
        ("no one but you", 0),
        ("everything but the dishes", 0),
        ("I can't help but smile", 0),
        ("I had no choice but to go", 0),
        ("not only tired but also sad", 0),
        ("You were not only tired, but sad. But I was late", 1),
        ("there is always a but", 0),
        ("no buts", 0),
        ("a butter dish, a button, and Butler", 0),
        ("", 0),
        ("I wanted to, but forgot", 1),
        ("You never help but I do", 1),
        ("You never help, but fine", 1),
        ("I do everything but you never notice", 1),
        ("You had a choice but you left", 1),
        ("I see that, but for me it was hard", 1),
        ("no but I was there", 1),
        ("I couldn’t help but laugh", 0),
        ("everyone but you knew", 0),
    ],
)
def test_buts(text: str, count: int) -> None:
    found = buts_in(text)
    assert len(found) == count
    assert all(text[start:end].lower().startswith("but") for start, end in found)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("You should just eat without me next time.", "solving"),
        ("You felt alone, but I had to work.", "rebutting"),
        ("Oh come on, it's just dinner.", "minimising"),
        ("You always make such a drama out of it.", "persuading"),
        ("You felt alone and hurt when I came late.", None),
        ("It makes sense that you felt hurt, because you had waited.", None),
        ("I imagine you feel lonely and sad.", None),
        ("I'm sorry.", None),
    ],
)
def test_with_the_real_judge(reply: str, kind: HabitKind | None) -> None:
    habit = habit_in(judge(LINE, reply), reply)
    assert (habit.kind if habit else None) == kind


def test_a_run_with_the_real_judge() -> None:
    steps, _, outcome = rehearse(
        speaker_listener(PAIR, judge),
        script(
            *(LINE, "You should just eat without me next time."),
            *("You sat there and felt you don't matter to me.", 8, False),
            *[PASS] * 9,
        ),
    )
    assert [step.kind for step in steps if isinstance(step, Name)] == ["solving"]
    assert outcome.pieces[0].landed is True
    assert outcome.pieces[0].score is not None
