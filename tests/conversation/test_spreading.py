from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.conversation import Span, is_mark, spoken, spread, text_of

SPAN = Span(start_s=2.0, end_s=4.0)


def test_words_share_the_time_evenly() -> None:
    words = spread("I was so  tired.", SPAN)
    assert [word.text for word in words] == ["I", "was", "so", "tired."]
    assert [word.span.start_s for word in words] == [2.0, 2.5, 3.0, 3.5]
    assert words[-1].span.end_s == 4.0


def test_no_text_makes_no_words() -> None:
    assert spread(" \n", SPAN) == ()


@pytest.mark.parametrize("mark", ["[laughter]", "(laughs softly)", "$", "--", "…", "[unclear]."])
def test_a_mark_is_no_word(mark: str) -> None:
    words = spread(f"well {mark} yes", SPAN)
    assert text_of(spoken(words)) == "well yes"
    assert any(is_mark(word) for word in words)


@given(st.text(max_size=60), st.integers(0, 80))
def test_nothing_is_lost_and_all_lies_inside(text: str, ticks: int) -> None:
    span = Span(start_s=2.0, end_s=2.0 + ticks / 8)
    words = spread(text, span)
    assert "".join("".join(word.text for word in words).split()) == "".join(text.split())
    for word in words:
        assert span.start_s <= word.span.start_s <= word.span.end_s <= span.end_s + 1e-9
