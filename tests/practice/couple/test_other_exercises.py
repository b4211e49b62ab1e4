"""Changing places, replay, yes-and, quiet, check-in and boundaries, to each of their ends."""

from __future__ import annotations

import pytest
from rehearsed import PAIR, PASS, happening, judged, rehearse, run, script, willing

from voice_coach.conversation import Span
from voice_coach.practice.couple.boundaries import boundaries
from voice_coach.practice.couple.check_in import check_in
from voice_coach.practice.couple.quiet import quiet
from voice_coach.practice.couple.replay import COLD_DINNER, Quarrel, replay
from voice_coach.practice.couple.role_reversal import role_reversal
from voice_coach.practice.couple.steps import (
    Ask,
    Chime,
    Happening,
    Keep,
    Listen,
    Name,
    Pass,
    Play,
    Quiet,
    Said,
    Step,
    Tell,
)
from voice_coach.practice.couple.yes_and import LASTS_S, MOST_ROUNDS, yes_and
from voice_coach.scenarios.library import find_scenario

ONE, TWO = PAIR.one, PAIR.two
VIEWS = ("I see it so", "I see it another way")


def listened(steps: list[Step], who: str) -> int:
    return sum(isinstance(step, Listen) and step.who == who for step in steps)


# Changing places


def test_a_view_put_well_needs_no_more() -> None:
    _, _, outcome = rehearse(
        role_reversal(PAIR, judged), script(*VIEWS, "I, as two", 9, "I, as one", 10)
    )
    assert outcome.ended == "finished"
    assert [(piece.speaker, piece.rating) for piece in outcome.pieces] == [(TWO, 9), (ONE, 10)]
    assert outcome.pieces[0].text == VIEWS[1]
    assert outcome.pieces[0].score is None
    assert [(keep.by, keep.value) for keep in outcome.of("rating")] == [(TWO, 9), (ONE, 10)]


def test_what_was_missing_is_asked_below_nine() -> None:
    _, _, outcome = rehearse(
        role_reversal(PAIR, judged), script(*VIEWS, "as two", 7, "the money", *[PASS] * 4)
    )
    assert outcome.pieces[0].tries == 1
    assert outcome.pieces[0].text.endswith("the money")


def test_below_six_it_is_tried_once_more_and_not_again() -> None:
    _, _, outcome = rehearse(
        role_reversal(PAIR, judged),
        script(*VIEWS, "as two", 2, "the money", "with money", 3, "and time", *[PASS] * 4),
    )
    assert outcome.pieces[0].tries == 2
    assert outcome.pieces[0].rating == 3


def test_no_habit_is_named_in_another_s_place() -> None:
    steps, _, _ = rehearse(
        role_reversal(PAIR, judged), script(*VIEWS, "You should help", 9, "You should", 9)
    )
    assert not any(isinstance(step, Name) for step in steps)


# Replay as the other


def test_a_script_is_answered_by_each_in_the_other_s_part() -> None:
    steps, _, outcome = rehearse(replay(PAIR, judged), willing(7))
    played = [step for step in steps if isinstance(step, Play)]
    assert [step.text for step in played] == [*COLD_DINNER.to_one, *COLD_DINNER.to_two]
    assert [step.part for step in played] == [ONE] * 3 + [TWO] * 3
    assert [(keep.by, keep.value) for keep in outcome.of("rating")] == [(TWO, 7), (ONE, 7)]
    assert [piece.listener for piece in outcome.pieces] == [ONE] * 3 + [TWO] * 3
    assert [step.to for step in steps if isinstance(step, Pass)] == [ONE, TWO]


def test_a_scenario_gives_both_the_same_lines_and_its_setting_is_told() -> None:
    scenario = find_scenario("late-home")
    quarrel = Quarrel.scripted(scenario)
    assert quarrel.to_one == quarrel.to_two
    assert quarrel.to_one[0] == scenario.line(scenario.start).says
    steps, _, outcome = rehearse(replay(PAIR, judged, quarrel=quarrel), willing())
    assert outcome.ended == "finished"
    assert isinstance(steps[0], Tell)
    assert steps[0].text.endswith(scenario.setting)


def test_their_own_quarrel_gives_each_their_own_words() -> None:
    lines = [(ONE, "You are late"), (TWO, "You never ask"), (ONE, "I waited"), (TWO, "I ran")]
    quarrel = Quarrel.given(PAIR, [*lines, (ONE, "One more")])
    assert quarrel.to_one == ("You are late", "I waited")
    assert quarrel.to_two == ("You never ask", "I ran")
    assert Quarrel.given(PAIR.swapped(), lines).to_one == quarrel.to_two


def test_a_quarrel_of_one_is_none() -> None:
    with pytest.raises(ValueError, match="as many lines"):
        Quarrel.given(PAIR, [(ONE, "Only me")])
    with pytest.raises(ValueError, match="as many lines"):
        Quarrel(to_one=("a", "b"), to_two=("a",))


def test_who_passes_in_the_middle_is_rated_on_what_there_was() -> None:
    _, _, outcome = rehearse(
        replay(PAIR, judged), script("as two", PASS, 5, "it is like this", PASS)
    )
    assert [(piece.speaker, piece.rating) for piece in outcome.pieces] == [(TWO, 5)]
    assert outcome.ended == "finished"


# Yes, and


def test_every_but_rings_softly_and_nothing_is_said_about_it() -> None:
    steps, _, outcome = rehearse(
        yes_and(PAIR, judged),
        script(
            "I am sad", "Yes, but I am too, but less", "Nothing but love", PASS, PASS, PASS, 8, 9
        ),
    )
    rung = [(number, step.times) for number, step in enumerate(steps) if isinstance(step, Chime)]
    assert [times for _, times in rung] == [2]
    assert isinstance(steps[rung[0][0] + 1], Pass)
    assert not any(isinstance(step, Name) for step in steps)
    assert [(keep.by, keep.value) for keep in outcome.of("rating")] == [(ONE, 8), (TWO, 9)]


def test_it_lasts_five_minutes_of_the_sitting_s_clock() -> None:
    at_s = iter(range(0, 10_000, 60))
    rule = willing()

    def happens(step: Step) -> Happening:
        if not isinstance(step, Listen):
            return happening(step, rule)
        start_s = next(at_s)
        return Said(who=step.who, text="yes, and", span=Span(start_s=start_s, end_s=start_s + 30))

    steps, _, _ = run(yes_and(PAIR, judged), happens)
    assert LASTS_S == 300
    assert listened(steps, ONE) == listened(steps, TWO) == 3  # two's third ends at 330 s


def test_without_times_it_ends_after_its_rounds() -> None:
    steps, _, _ = rehearse(yes_and(PAIR, judged), willing())
    assert listened(steps, ONE) == listened(steps, TWO) == MOST_ROUNDS


# Quiet


@pytest.mark.parametrize("minutes", [1, 2, 3, 4, 5])
def test_a_silence_lasts_as_long_as_asked_with_breaths(minutes: int) -> None:
    steps, _, outcome = rehearse(quiet(PAIR, judged, minutes=minutes), script("calm", "tired"))
    silence = next(step for step in steps if isinstance(step, Quiet))
    times = [cue.at_s for cue in silence.cues]
    assert silence.duration_s == minutes * 60
    assert times == sorted(set(times))
    assert len(times) == 6 + minutes - 1
    assert [(keep.by, keep.text) for keep in outcome.of("word")] == [(ONE, "calm"), (TWO, "tired")]


@pytest.mark.parametrize("minutes", [0, 6, -1])
def test_no_other_silence_is_offered(minutes: int) -> None:
    with pytest.raises(ValueError, match="choose 1 to 5"):
        quiet(PAIR, judged, minutes=minutes)


# Check-in


def test_the_week_is_gone_through_and_kept() -> None:
    steps, _, outcome = rehearse(
        check_in(PAIR, judged),
        script(
            *("The tea", "Your call"),
            *("Monday hurt", "Monday hurt you", 8),
            PASS,
            *("More walks", "An evening"),
            *(7, "Your eyes on me", 9, "That you ask"),
        ),
    )
    assert outcome.ended == "finished"
    assert [(k.by, k.text) for k in outcome.of("gratitude")] == [
        (ONE, "The tea"),
        (TWO, "Your call"),
    ]
    assert [(k.by, k.text) for k in outcome.of("wish")] == [
        (ONE, "More walks"),
        (TWO, "An evening"),
    ]
    assert [(k.by, k.about, k.value) for k in outcome.of("rating")] == [
        (TWO, ONE, 7),
        (ONE, TWO, 9),
    ]
    assert [k.text for k in outcome.of("feedback")] == ["Your eyes on me", "That you ask"]
    assert [(p.speaker, p.rating) for p in outcome.pieces] == [(TWO, 8)]
    assert not any(isinstance(step, Keep) and step.value == 8 for step in steps)


# Boundaries

WHOLE = "I feel tense when the phone is on the table, and I need it away"
HEARD = "You feel tense with the phone there"
WORDS = "We put the phones away at dinner"
BOTH = (WHOLE, HEARD, 8) * 2


def test_words_both_say_yes_to_are_kept() -> None:
    steps, _, outcome = rehearse(boundaries(PAIR, judged), script(*BOTH, WORDS, True, True))
    assert [(keep.by, keep.text) for keep in outcome.of("agreement")] == [(None, WORDS)]
    read = [step for step in steps if isinstance(step, Ask) and WORDS in step.question]
    assert [step.who for step in read] == [ONE, TWO]
    assert outcome.ended == "finished"


def test_after_a_no_the_other_may_propose() -> None:
    _, _, outcome = rehearse(
        boundaries(PAIR, judged),
        script(*BOTH, WORDS, True, False, "We try it once", True, True),
    )
    assert [keep.text for keep in outcome.of("agreement")] == ["We try it once"]


@pytest.mark.parametrize("unclear", [(None, None), (False,)])
def test_without_a_clear_yes_of_both_nothing_is_kept_and_that_is_fine(
    unclear: tuple[bool | None, ...],
) -> None:
    _, _, outcome = rehearse(
        boundaries(PAIR, judged), script(*BOTH, WORDS, True, *unclear, WORDS, True, *unclear)
    )
    assert outcome.of("agreement") == ()
    assert outcome.ended == "finished"


def test_words_that_were_misheard_are_said_once_more() -> None:
    _, _, outcome = rehearse(
        boundaries(PAIR, judged), script(*BOTH, "We foam sat dinner", False, WORDS, True, True)
    )
    assert [keep.text for keep in outcome.of("agreement")] == [WORDS]


def test_missing_parts_are_asked_for_once() -> None:
    steps, _, outcome = rehearse(
        boundaries(PAIR, judged),
        script(
            "You look at that phone", "I feel alone", "When we eat", PASS, HEARD, 8, *[PASS] * 9
        ),
    )
    assert outcome.pieces[0].text == "You look at that phone I feel alone When we eat"
    assert listened(steps, ONE) >= 4


def test_where_neither_has_one_no_agreement_is_looked_for() -> None:
    steps, _, outcome = rehearse(boundaries(PAIR, judged), script(PASS, PASS))
    assert outcome.ended == "finished"
    assert not any(isinstance(step, Ask) for step in steps)
