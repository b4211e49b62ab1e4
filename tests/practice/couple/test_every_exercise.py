"""What holds for every exercise: it is fair, it can be resumed, it traps nobody."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rehearsed import (
    MOST_STEPS,
    PAIR,
    PASS,
    heard_by,
    judged,
    rehearse,
    run,
    script,
    swapped,
    willing,
)

from voice_coach.conversation import Span
from voice_coach.practice.couple.exercises import EXERCISES
from voice_coach.practice.couple.steps import (
    Answered,
    Ask,
    Chime,
    Done,
    Exchanged,
    Happening,
    Keep,
    Listen,
    Name,
    Pair,
    Passed,
    Quiet,
    Said,
    Silent,
    Step,
    Tell,
    Unanswered,
)

NAMES = sorted(EXERCISES)
ALIKE = ("speaker-listener", "role-reversal", "replay", "quiet", "check-in")
"""Exercises in which both are asked the very same things."""
TEXTS = (
    "I feel alone when you come home late, and I need a call",
    f"You felt alone, {PAIR.two}, when I came late",
    "You should just call me",
    "yes, but I was tired, but you know that",
    f"{PAIR.one} said pass, and {{who}} is a word",
    "Pass.",
    "  ",
    "no",
    "word",
)

said = st.builds(
    lambda who, text, at_s: Said(
        who=who, text=text, span=None if at_s is None else Span(start_s=at_s, end_s=at_s + 9)
    ),
    st.sampled_from((PAIR.one, PAIR.two)),
    st.sampled_from(TEXTS),
    st.none() | st.integers(0, 400),
)
answers = st.booleans() | st.integers(0, 10)
to_listen = said | st.builds(Passed) | st.builds(Silent, who=st.just(PAIR.one))
to_ask = (
    answers.map(lambda value: Answered(value=value)) | st.builds(Passed) | st.builds(Unanswered)
)
fitting = st.lists(st.tuples(to_listen, to_ask), min_size=1, max_size=30)
anything = st.lists(
    to_listen | to_ask | st.builds(Done) | st.just(Answered(value=99)), min_size=1, max_size=30
)
several = settings(deadline=None, max_examples=25)
each = pytest.mark.parametrize("name", NAMES)


def fitted(happenings: list[tuple[Happening, Happening]]):  # noqa: ANN201
    """A rule by which step number n brings the nth pair's happening of its kind."""
    at = 0

    def happens(step: Step) -> Happening:
        nonlocal at
        if not isinstance(step, Listen | Ask):
            return Done()
        heard, answered = happenings[at % len(happenings)]
        at += 1
        if isinstance(step, Ask):
            return answered
        if isinstance(heard, Said) and at % 7:  # now and then somebody else is heard
            return Said(who=step.who, text=heard.text, span=heard.span)
        return heard

    return happens


@each
@several
@given(happenings=fitting)
def test_with_persons_swapped_all_is_swapped(
    name: str, happenings: list[tuple[Happening, Happening]]
) -> None:
    begin = EXERCISES[name].begin
    steps, came, outcome = run(begin(PAIR, judged), fitted(happenings))
    ahead = iter(swapped(came))
    again, _, other = run(begin(PAIR.swapped(), judged), lambda _: next(ahead))
    assert again == swapped(steps)
    assert other == swapped(outcome)


@each
@several
@given(happenings=fitting, share=st.floats(0, 1))
def test_the_same_happenings_lead_to_the_same_step(
    name: str, happenings: list[tuple[Happening, Happening]], share: float
) -> None:
    begin = EXERCISES[name].begin
    steps, came, _ = run(begin(PAIR, judged), fitted(happenings))
    fresh = begin(PAIR, judged)
    step = next(fresh)
    for number in range(int(share * (len(steps) - 1))):
        assert step == steps[number]
        step = fresh.send(came[number])
    assert step == steps[int(share * (len(steps) - 1))]


@each
@several
@given(happenings=anything)
def test_nobody_is_trapped_whatever_happens(name: str, happenings: list[Happening]) -> None:
    turn = iter(range(MOST_STEPS))
    steps, _, _ = run(
        EXERCISES[name].begin(PAIR, judged), lambda _: happenings[next(turn) % len(happenings)]
    )
    assert len(steps) < MOST_STEPS


@each
@several
@given(happenings=fitting)
def test_the_outcome_holds_what_the_steps_held(
    name: str, happenings: list[tuple[Happening, Happening]]
) -> None:
    steps, _, outcome = run(EXERCISES[name].begin(PAIR, judged), fitted(happenings))
    assert outcome.pieces == tuple(step.piece for step in steps if isinstance(step, Exchanged))
    assert outcome.kept == tuple(step for step in steps if isinstance(step, Keep))
    assert isinstance(steps[-1], Tell)


@each
def test_willing_people_come_to_the_end(name: str) -> None:
    steps, _, outcome = rehearse(EXERCISES[name].begin(PAIR, judged), willing())
    assert outcome.ended == "finished"
    assert len(heard_by(steps, PAIR.one)) > 0
    assert not any(isinstance(step, Name | Chime) for step in steps)


@each
def test_the_hardest_people_come_to_an_end_too(name: str) -> None:
    def rule(step: Step) -> str | int | bool:
        if isinstance(step, Listen):
            return "you should feel better, but I was tired"
        return 0 if isinstance(step, Ask) and step.answer == "0 to 10" else True

    steps, _, outcome = rehearse(EXERCISES[name].begin(PAIR, judged), rule)
    assert outcome.ended == "finished"
    assert len(steps) < 200


@pytest.mark.parametrize("name", ALIKE)
def test_two_alike_are_asked_alike(name: str) -> None:
    for rating in (2, 7, 10):
        steps, _, _ = rehearse(EXERCISES[name].begin(PAIR, judged), willing(rating))
        asked = sorted(heard_by(steps, PAIR.one))
        assert asked == sorted(swapped(heard_by(steps, PAIR.two)))


@each
def test_who_always_passes_is_done_soon_and_kindly(name: str) -> None:
    steps, _, outcome = rehearse(EXERCISES[name].begin(PAIR, judged), lambda _: PASS)
    assert outcome.ended == "finished"
    assert not outcome.pieces
    assert not outcome.kept
    assert len(steps) < 40


@each
def test_silence_is_asked_about_once_and_then_left(name: str) -> None:
    steps, _, outcome = rehearse(EXERCISES[name].begin(PAIR, judged), script())
    asked = [step for step in steps if isinstance(step, Listen | Ask)]
    assert outcome.ended == "silence"
    assert [type(step) for step in asked] == [Listen, Listen, Ask]
    assert len({step.who for step in asked}) == 1


@each
def test_after_silence_one_may_stop(name: str) -> None:
    _, _, outcome = rehearse(EXERCISES[name].begin(PAIR, judged), script(None, None, False))
    assert outcome.ended == "stopped"


@each
def test_after_silence_one_may_go_on_without(name: str) -> None:
    _, _, outcome = rehearse(
        EXERCISES[name].begin(PAIR, judged), script(None, None, True, *[PASS] * 30)
    )
    assert outcome.ended == "finished"


@each
def test_a_silence_that_is_broken_is_no_matter(name: str) -> None:
    ahead = iter([None])
    rule = willing()
    _, _, outcome = rehearse(
        EXERCISES[name].begin(PAIR, judged), lambda step: next(ahead, rule(step))
    )
    assert outcome.ended == "finished"


@each
def test_what_the_other_says_is_never_taken_for_the_one_who_has_the_floor(name: str) -> None:
    def happens(step: Step) -> Happening:
        if isinstance(step, Listen):
            return Said(who=PAIR.other(step.who), text="This is somebody else speaking")
        return Unanswered() if isinstance(step, Ask) else Done()

    _, _, outcome = run(EXERCISES[name].begin(PAIR, judged), happens)
    assert outcome.ended == "silence"


@each
def test_offers_are_told_in_a_line(name: str) -> None:
    offer = EXERCISES[name]
    assert offer.title.strip()
    assert 3 < len(offer.purpose.split()) < 15
    assert 0 < offer.minutes <= 20


@each
def test_steps_give_everybody_room(name: str) -> None:
    steps, _, _ = rehearse(EXERCISES[name].begin(PAIR, judged), willing())
    for step in steps:
        if isinstance(step, Listen):
            assert step.least_words >= 1
            assert 0 < step.soft_limit_s < step.hard_limit_s
        if isinstance(step, Quiet):
            assert all(0 <= cue.at_s < step.duration_s for cue in step.cues)


def test_a_pair_is_two() -> None:
    assert PAIR.other("Qwilla") == "Xavio"
    assert PAIR.swapped() == Pair(one="Xavio", two="Qwilla")
    with pytest.raises(ValueError, match="neither"):
        PAIR.other("Somebody")
    for one, two in (("Sam", "Sam"), ("Sam", "sam "), ("", "Sam"), (" ", "Sam")):
        with pytest.raises(ValueError, match="two different names"):
            Pair(one=one, two=two)
