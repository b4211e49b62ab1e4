from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.scoring.stretches import stretches

TEXT = "um so you felt alone. And I was late, as ever."


def marked(*sure_of: str) -> list[tuple[int, int, float]]:
    """Stretches where every token (a word here) of these phrases is sure, and no other."""
    places, sure = [], []
    at = 0
    for word in TEXT.split():
        start = TEXT.index(word, at)
        at = start + len(word)
        places.append((start, at))
        sure.append(0.9 if any(word in phrase.split() for phrase in sure_of) else 0.1)
    return stretches(TEXT, places, np.array(sure))


def quotes(*sure_of: str) -> list[str]:
    return [TEXT[start:end] for start, end, _ in marked(*sure_of)]


def test_a_stretch_is_whole_words_without_filler_or_stop() -> None:
    assert quotes("um so you felt alone.") == ["you felt alone"]


def test_a_sentence_between_parts_two_stretches() -> None:
    assert quotes("felt alone.", "was late,") == ["felt alone", "was late"]


def test_where_nothing_is_sure_the_surest_is_given() -> None:
    places = [(0, 3), (4, 8), (9, 12), (13, 16)]
    assert stretches("you were too sad", places, np.array([0, 0, 0.1, 0.3])) == [(13, 16, 0.3)]


def test_a_lone_word_to_the_border_is_taken_along() -> None:
    assert quotes("felt alone.") == ["felt alone"]
    assert quotes("so you felt") == ["you felt alone"]


def test_no_token_no_stretch() -> None:
    assert stretches("", [], np.array([])) == []


@given(st.text(alphabet="ab .,?", max_size=40), st.data())
def test_every_stretch_lies_in_the_text_and_in_order(text: str, data: st.DataObject) -> None:
    places = [(at, at + 1) for at, char in enumerate(text) if char != " "]
    sure = np.array(
        data.draw(st.lists(st.floats(0, 1), min_size=len(places), max_size=len(places)))
    )
    found = stretches(text, places, sure)
    assert [(start, end) for start, end, _ in found] == sorted((s, e) for s, e, _ in found)
    for start, end, value in found:
        assert 0 <= start < end <= len(text)
        assert text[start:end].strip() == text[start:end]
        assert 0 <= value <= 1
