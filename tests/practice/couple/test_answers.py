from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.practice.couple.answers import answer_in, number_in, wants_to_pass, yes_in

YES = """
yes|Yes.|yeah|Yep!|yup|Mm-hm.|mhm|Mm hmm|Mmhmm.|uh-huh|Uh huh.|sure|Of course.|absolutely|exactly
That's right.|Exactly, that's it.|yes, yes|Yeah, they did.|he did|She did.|I think so.|I guess so
okay|OK|all right|Why not?|no problem|No doubt.|There's more.|Yes, a little more.|one more thing
I don't mind|um, yes|Yes please.|definitely|Not bad.|I do.|perfect, yes
Go on.|Let's go on.|Pretty much.|Very much so.|Sounds good.|Good.|Great, yes.|I agree.
"""
NO = """
no|No.|nope|Nah.|not really|No, not really.|No, not at all.|not at all|Not yet.|not quite
I don't think so.|No, that's all.|That's everything.|nothing more|No more, thanks.|I'm done.
I'd rather not.|no, they didn't|of course not|Absolutely not.|hardly|no way|Probably not|Not exactly
No, that's it.|um, no|No, that's fine.|Uh-uh.|Nuh-uh|No, I'm good.
Nothing else|Stop here.|Let's stop.|Not right now.|That's not right.|Not so good.|I don't agree.
No, I did not feel heard.
"""
UNCLEAR = """
kind of|sort of|Kinda.|yes and no|I'm not sure.|not sure|maybe|Perhaps.|I don't know|a little
A bit.|partly|It depends.|Yes, but not the money part.|no, yes|Half of it.||Hmm.|the dishes
That's it.|I'm fine.|Not entirely.|Mm.|almost|more or less|You know what happened|Nobody listens
"""
NUMBERS = {
    "seven": 7,
    "Seven.": 7,
    "7": 7,
    "7.": 7,
    "I'd say an eight.": 8,
    "I'd say an 8": 8,
    "7 out of 10": 7,
    "Seven out of ten.": 7,
    "7/10": 7,
    "7 / 10": 7,
    "maybe six or seven": 6,
    "6 or 7": 6,
    "6-7": 6,
    "six to seven": 6,
    "Between six and seven.": 6,
    "somewhere between a four and a five": 4,
    "seven and a half": 7,
    "7.5": 7,
    "seven point five": 7,
    "Ten out of ten!": 10,
    "10/10": 10,
    "a ten": 10,
    "zero": 0,
    "0": 0,
    "Zero out of ten.": 0,
    "um, five": 5,
    "six, no, seven": 7,
    "Six. Sorry, I mean five.": 5,
    "not a ten, more like a six": 6,
    "nearly an eight": 7,
    "almost ten": 9,
    "not quite an eight": 7,
    "a solid nine, thanks": 9,
    "eight, because you heard the part about my mother": 8,
    "No, about a four.": 4,
    "Yes, nine.": 9,
    "From zero to ten, I'd say four.": 4,
    "five points": 5,
    "For.": 4,
    "ate": 8,
    "You forgot two things, so five.": 5,
    "one": 1,
    "a one": 1,
    "just a one, sorry": 1,
    "That one was a three.": 3,
    "7, 7": 7,
    "nine this time": 9,
}
NO_NUMBERS = """
|yes|eleven|100|a hundred percent|five minutes ago|that one was good|no one listens
one thing was missing
not ten|three times you said it|better than before|minus|3 as I said, but 9 for trying|two of us|20
"""
PASSES = """
pass|Pass.|I pass.|I'll pass.|I'd like to pass.|skip|skip this one|Skip it, please.|Can I skip this?
I'd rather not.|I'd rather not say.|No thanks.|no|nothing|Nothing, really.|that's all|Next, please.
I don't want to.|Um, pass.|Pass on this one.|I have nothing to add
"""
NOT_PASSES = """
|I passed the shop|no one asked me|Nothing I do is enough|that's all you ever say
I'd rather not be alone
next week I want to go out|you skip dinner and I sit there|No, I felt alone that evening
"""


def each(phrases: str) -> list[str]:
    return phrases.strip("\n").replace("\n", "|").split("|")


@pytest.mark.parametrize("text", each(YES))
def test_yes(text: str) -> None:
    assert yes_in(text) is True


@pytest.mark.parametrize("text", each(NO))
def test_no(text: str) -> None:
    assert yes_in(text) is False


@pytest.mark.parametrize("text", each(UNCLEAR))
def test_neither_yes_nor_no(text: str) -> None:
    assert yes_in(text) is None


@pytest.mark.parametrize(("text", "number"), NUMBERS.items())
def test_numbers(text: str, number: int) -> None:
    assert number_in(text) == number
    assert answer_in(text, "0 to 10") == number


@pytest.mark.parametrize("text", each(NO_NUMBERS))
def test_no_numbers(text: str) -> None:
    assert number_in(text) is None


@pytest.mark.parametrize("text", each(PASSES))
def test_passes(text: str) -> None:
    assert wants_to_pass(text)


@pytest.mark.parametrize("text", each(NOT_PASSES))
def test_is_no_pass(text: str) -> None:
    assert not wants_to_pass(text)


def test_a_plain_yes_or_no_counts_where_a_number_was_asked() -> None:
    assert answer_in("Yes, that's it.", "0 to 10") is True
    assert answer_in("not really", "0 to 10") is False
    assert answer_in("kind of", "0 to 10") is None
    assert answer_in("yes, eleven", "0 to 10") is None


@given(text=st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    number = number_in(text)
    assert number is None or 0 <= number <= 10
    assert yes_in(text) in {True, False, None}
    assert wants_to_pass(text) in {True, False}
