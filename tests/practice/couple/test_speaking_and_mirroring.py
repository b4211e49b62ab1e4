"""Speaker and listener, and the mirror, to each of their ends."""

from __future__ import annotations

from rehearsed import PAIR, PASS, judged, judged_as, move, rehearse, script

from voice_coach.practice.couple.mirror import mirror
from voice_coach.practice.couple.speaker_listener import speaker_listener
from voice_coach.practice.couple.steps import Ask, Keep, Listen, Name, Pass, Step

FELT = "I feel alone when you come home late."
HEARD = "You felt alone when I was late."
TURN = (FELT, HEARD, 8, False)  # a piece, said back, lands, no more


def asked_of(steps: list[Step]) -> list[str]:
    return [step.who for step in steps if isinstance(step, Listen | Ask)]


def test_the_floor_passes_once_it_has_landed() -> None:
    steps, _, outcome = rehearse(
        speaker_listener(PAIR, judged), script(*TURN, *TURN, "Your face", "How you feel")
    )
    assert outcome.ended == "finished"
    assert [piece.speaker for piece in outcome.pieces] == [PAIR.one, PAIR.two]
    first = outcome.pieces[0]
    assert (first.text, first.reflection, first.tries) == (FELT, HEARD, 1)
    assert (first.landed, first.rating, first.score) == (True, 8, 70)
    floors = [step.to for step in steps if isinstance(step, Pass)]
    assert floors == [PAIR.one, PAIR.two]
    assert [(keep.by, keep.text) for keep in outcome.of("takeaway")] == [
        (PAIR.one, "Your face"),
        (PAIR.two, "How you feel"),
    ]


def test_below_six_the_speaker_says_what_is_missing_and_the_listener_tries_again() -> None:
    steps, _, outcome = rehearse(
        speaker_listener(PAIR, judged),
        script(FELT, HEARD, 5, "That I was scared", "Alone and scared", 6, False, *[PASS] * 9),
    )
    piece = outcome.pieces[0]
    assert (piece.tries, piece.rating, piece.landed) == (2, 6, True)
    assert piece.reflection == "Alone and scared"
    assert piece.text.endswith("That I was scared")
    one, two = PAIR.one, PAIR.two
    assert asked_of(steps)[:7] == [one, two, one, one, two, one, one]


def test_after_three_tries_it_is_left_and_kept_for_next_time() -> None:
    _, _, outcome = rehearse(
        speaker_listener(PAIR, judged),
        script(FELT, HEARD, 2, "one", HEARD, 3, "two", HEARD, 1, False, *[PASS] * 9),
    )
    piece = outcome.pieces[0]
    assert (piece.tries, piece.landed, piece.rating) == (3, False, 1)
    assert [keep.by for keep in outcome.of("topic")] == [PAIR.one]


def test_a_no_or_a_yes_may_stand_for_the_number() -> None:
    _, _, outcome = rehearse(
        speaker_listener(PAIR, judged),
        script(FELT, HEARD, False, "the rest", HEARD, True, False, *[PASS] * 9),
    )
    piece = outcome.pieces[0]
    assert (piece.tries, piece.landed, piece.rating) == (2, True, None)


def test_who_gives_no_number_twice_is_not_asked_again() -> None:
    _, _, outcome = rehearse(
        speaker_listener(PAIR, judged), script(FELT, HEARD, None, None, False, *[PASS] * 9)
    )
    assert outcome.pieces[0].landed is None
    assert outcome.ended == "finished"


def test_three_pieces_are_the_most() -> None:
    more = (FELT, HEARD, 8, True)
    _, _, outcome = rehearse(
        speaker_listener(PAIR, judged), script(*more, *more, FELT, HEARD, 8, *[PASS] * 9)
    )
    assert [piece.speaker for piece in outcome.pieces] == [PAIR.one] * 3


def test_a_habit_is_named_and_tried_again_twice_at_most() -> None:
    fix = "You should call."
    steps, _, outcome = rehearse(
        speaker_listener(PAIR, judged), script(FELT, fix, fix, fix, 6, False, *[PASS] * 9)
    )
    named = [step for step in steps if isinstance(step, Name)]
    assert [(step.who, step.kind, step.quote) for step in named] == [
        (PAIR.two, "solving", "should")
    ] * 2
    assert named[0].text != named[1].text
    assert outcome.pieces[0].reflection == fix


def test_habits_are_named_twice_in_a_piece_however_often_it_is_tried() -> None:
    fix = "You should call."
    steps, _, _ = rehearse(
        speaker_listener(PAIR, judged),
        script(FELT, fix, HEARD, 3, "more", fix, fix, 3, "more", fix, 3, False, *[PASS] * 9),
    )
    assert sum(isinstance(step, Name) for step in steps) == 2


def test_a_listener_who_passes_is_left_alone_and_the_piece_is_kept() -> None:
    _, _, outcome = rehearse(speaker_listener(PAIR, judged), script(FELT, PASS, False, *[PASS] * 9))
    assert outcome.pieces[0].reflection == ""
    assert outcome.pieces[0].landed is None
    assert [keep.by for keep in outcome.of("topic")] == [PAIR.one]
    assert outcome.ended == "finished"


def test_a_spoken_pass_is_a_pass() -> None:
    _, _, outcome = rehearse(
        speaker_listener(PAIR, judged), script("Pass.", *TURN, "I'd rather not.", "No thanks.")
    )
    assert [piece.speaker for piece in outcome.pieces] == [PAIR.two]
    assert outcome.of("takeaway") == ()


def test_the_judge_is_given_the_piece_with_what_was_added() -> None:
    lines = []

    def noted(line: str, reply: str):  # noqa: ANN202
        lines.append((line, reply))
        return judged_as(move("reflection_feeling"))

    rehearse(
        speaker_listener(PAIR, noted),
        script("One.", "back", 3, "Two.", "again", 9, False, *[PASS] * 9),
    )
    assert lines == [("One.", "back"), ("One. Two.", "again")]


MIRRORED = (FELT, HEARD, True, False, "It makes sense", "I imagine you feel sad", True)


def test_the_mirror_goes_both_ways_where_both_want() -> None:
    _, _, outcome = rehearse(mirror(PAIR, judged), script(*MIRRORED, True, True, *MIRRORED))
    assert outcome.ended == "finished"
    one, two = PAIR.one, PAIR.two
    assert [piece.speaker for piece in outcome.pieces] == [one, one, two, two]
    assert outcome.pieces[1].reflection == "I imagine you feel sad"
    assert outcome.pieces[1].landed is True
    assert outcome.kept == ()


def test_in_the_harder_steps_of_the_mirror_no_habit_is_named() -> None:
    fix = "You should call"
    steps, _, outcome = rehearse(
        mirror(PAIR, judged), script(FELT, fix, HEARD, True, False, fix, fix, True, False)
    )
    assert sum(isinstance(step, Name) for step in steps) == 1
    assert outcome.pieces[1].reflection == fix


def test_who_does_not_want_to_be_mirrored_need_not() -> None:
    _, _, outcome = rehearse(mirror(PAIR, judged), script(*MIRRORED, False))
    assert {piece.speaker for piece in outcome.pieces} == {PAIR.one}
    assert outcome.kept == ()
    assert outcome.ended == "finished"


def test_a_turn_that_was_wanted_is_kept_for_another_day() -> None:
    _, _, outcome = rehearse(mirror(PAIR, judged), script(*MIRRORED, True, False))
    assert [keep.by for keep in outcome.of("topic")] == [PAIR.two]
    assert {piece.speaker for piece in outcome.pieces} == {PAIR.one}


def test_is_there_more_is_asked_three_times_at_most() -> None:
    sent = (FELT, HEARD, True)
    steps, _, outcome = rehearse(
        mirror(PAIR, judged), script(*sent, True, *sent, True, *sent, True, *sent, *[PASS] * 9)
    )
    assert len(outcome.pieces) == 4
    assert not any(isinstance(step, Keep) for step in steps)


def test_a_feeling_that_was_not_it_is_named_by_its_owner() -> None:
    steps, _, outcome = rehearse(
        mirror(PAIR, judged), script(*MIRRORED[:-1], False, "afraid", False)
    )
    assert outcome.pieces[1].landed is False
    asked = [step for step in steps if isinstance(step, Listen)]
    assert asked[-1].who == PAIR.one
    assert outcome.ended == "finished"


def test_a_sender_who_passes_ends_the_half() -> None:
    _, _, outcome = rehearse(mirror(PAIR, judged), script(PASS, True, True, *MIRRORED))
    assert {piece.speaker for piece in outcome.pieces} == {PAIR.two}
