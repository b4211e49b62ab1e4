from __future__ import annotations

import pytest

from voice_coach.scoring.grounding import copy_rate, feeling_fit, ground_of, is_their_words, take_up
from voice_coach.scoring.lexicon import feelings_in, stem

LINE = "You forgot my birthday. I felt so hurt, and I waited all evening."


def test_own_words_for_the_same_feeling_count() -> None:
    ground = ground_of(LINE)
    same = take_up(ground, "you feel let down")
    near = take_up(ground, "you feel lonely")
    assert same.feeling > near.feeling >= 0.5


def test_a_denied_feeling_is_not_named() -> None:
    assert feelings_in("you are not angry") == ()


def test_what_the_author_marked_is_ground_too() -> None:
    reply = "you want to rely on me"
    marked = ground_of("Great. Just great.", needs=["to rely on you"])
    assert take_up(marked, reply).content > take_up(ground_of("Great. Just great."), reply).content


def test_another_word_for_the_matter_counts_less_than_the_word() -> None:
    ground = ground_of("You broke your promise.")
    assert take_up(ground, "promise").content > take_up(ground, "rely").content > 0


@pytest.mark.parametrize(
    ("reply", "rate"), [("forgot birthday waited", 1.0), ("waited forgot", 0.5), ("", 0.0)]
)
def test_copy_rate_counts_words_in_order(reply: str, rate: float) -> None:
    assert copy_rate(ground_of(LINE), [stem(word) for word in reply.split()]) == rate


def test_the_line_seen_from_the_other_side() -> None:
    ground = ground_of("I never know if you care.")
    assert is_their_words(ground, "you never know if i care")
    assert not is_their_words(ground, "you never care")


def test_upset_fits_loosely_whatever_the_line() -> None:
    assert 0 < feeling_fit(ground_of("The sky."), "upset") < 1
