from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.scoring.numerals import number_in_words, ordinal_in_words
from voice_coach.scoring.spelling import syllables_by_spelling
from voice_coach.scoring.syllables import count_syllables, table


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("moved", 1),
        ("table", 2),
        ("wanted", 2),
        ("beautiful", 3),
        ("something", 2),
        ("previous", 3),
        ("well-being", 3),
        ("area", 3),
        ("Wednesday.", 2),
        ("café", 2),
        ("naïve", 2),
    ],
)
def test_words_as_the_dictionary_has_them(word: str, syllables: int) -> None:
    assert count_syllables(word) == syllables


@pytest.mark.parametrize(
    ("word", "syllables"),
    [("every", 2), ("family", 2), ("different", 2), ("hour", 1), ("actually", 3), ("trying", 2)],
)
def test_of_two_lengths_the_one_of_running_speech(word: str, syllables: int) -> None:
    assert count_syllables(word) == syllables


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("I'm", 1),
        ("don't", 1),
        ("didn't", 2),
        ("wouldn’t", 2),
        ("should've", 2),
        ("couldn't've", 3),
        ("it'd", 2),
        ("that'll", 2),
        ("they'll", 1),
        ("d'you", 1),
        ("y'all", 1),
        ("o'clock", 2),
        ("Liz's", 2),
        ("Priya's", 2),
        ("flatmate's", 2),
        ("boss's", 2),
        ("'cause", 1),
        ("goin'", 2),
    ],
)
def test_contractions_are_read_as_said(word: str, syllables: int) -> None:
    assert count_syllables(word) == syllables


@pytest.mark.parametrize(
    ("word", "syllables"),
    [("gonna", 2), ("wanna", 2), ("kinda", 2), ("dunno", 2), ("lemme", 2), ("OK", 2), ("Dr.", 2)],
)
def test_spellings_of_the_recogniser(word: str, syllables: int) -> None:
    assert count_syllables(word) == syllables


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("um", 1),
        ("Uh,", 1),
        ("hmm", 1),
        ("Hmmmm...", 1),
        ("Mm-hmm.", 2),
        ("uh-huh", 2),
        ("mhm", 2),
        ("sooo", 1),
        ("shh", 1),
    ],
)
def test_sounds_of_hesitation_and_assent(word: str, syllables: int) -> None:
    assert count_syllables(word) == syllables


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ("7", "seven"),
        ("900", "nine hundred"),
        ("1998", "nineteen ninety-eight"),
        ("1905", "nineteen oh five"),
        ("1900", "nineteen hundred"),
        ("2005", "two thousand five"),
        ("2024", "twenty twenty-four"),
        ("1,250", "one thousand two hundred fifty"),
        ("$50", "fifty dollars"),
        ("$5.50", "five dollars fifty"),
        ("50%", "fifty percent"),
        ("7:30", "seven thirty"),
        ("3:00", "three"),
        ("7:05", "seven oh five"),
        ("2nd", "second"),
        ("21st", "twenty-first"),
        ("30th", "thirtieth"),
        ("1990s", "nineteen nineties"),
        ("80's", "eighties"),
        ("2.5", "two point five"),
        ("24/7", "twenty-four seven"),
        ("0", "zero"),
        ("0123", "oh one two three"),
        ("10-year-old", "ten year old"),
        ("TV", "tee vee"),
        ("GP", "gee pee"),
        ("USA", "you ess ay"),
        ("a.m.", "ay em"),
        ("BMW", "bee em double you"),
        ("&", "and"),
    ],
)
def test_figures_and_initials_count_as_the_words_one_says(figures: str, said: str) -> None:
    assert count_syllables(figures) == sum(count_syllables(word) for word in said.split())


def test_ordinals_in_words() -> None:
    assert ordinal_in_words("12") == ("twelfth",)
    assert ordinal_in_words("30") == ("thirtieth",)
    assert ordinal_in_words("104") == ("one", "hundred", "fourth")


@pytest.mark.parametrize("word", ["-", "...", "“", ""])
def test_nothing_said_has_no_syllable(word: str) -> None:
    assert count_syllables(word) == 0


@pytest.mark.parametrize(
    ("word", "syllables"),
    [("yoghurts", 2), ("adverted", 3), ("glorping", 2), ("descaled", 2), ("hoovering", 3)],
)
def test_words_that_no_dictionary_has_go_by_their_spelling(word: str, syllables: int) -> None:
    assert word not in table()
    assert syllables_by_spelling(word) == syllables


@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_any_text_has_a_count(text: str) -> None:
    assert count_syllables(text) >= 0


@given(st.integers(0, 10**12))
def test_every_number_is_said(number: int) -> None:
    assert number_in_words(str(number))
    assert count_syllables(f"{number:,}") >= 1


@given(st.sampled_from(sorted(table())))
def test_the_table_says_something_the_rules_do_not_and_marks_change_nothing(word: str) -> None:
    assert count_syllables(f"“{word.capitalize()},”") == table()[word]
