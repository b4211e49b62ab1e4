from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.conversation import Span, Timeline, Word
from voice_coach.practice.reply import HeardReply

LINE_END_S = 10.0


def heard(*bursts: tuple[str, float]) -> HeardReply:
    words = tuple(
        Word(text=word, span=Span(start_s=start_s + 0.3 * n, end_s=start_s + 0.3 * (n + 1)))
        for text, start_s in bursts
        for n, word in enumerate(text.split())
    )
    return HeardReply(words=words, activity=Timeline.of(word.span for word in words))


def test_a_listening_noise_over_the_line_is_set_apart() -> None:
    reply = heard(("mm-hm", 6.0), ("I hear how tired you are", 10.6)).parted_from(LINE_END_S)
    assert reply.text == "I hear how tired you are"
    assert [word.text for word in reply.early_words] == ["mm-hm"]
    assert reply.span is not None
    assert reply.span.start_s == 10.6
    assert reply.early_activity.duration_s == pytest.approx(0.3)


def test_who_was_speaking_when_the_line_began_had_not_begun_to_answer() -> None:
    said = heard(("let me just do this", -0.9), ("I hear how tired you are", 10.6))
    reply = said.parted_from(LINE_END_S, line_start_s=0.0)
    assert reply.text == "I hear how tired you are"
    assert reply.span is not None
    assert reply.span.start_s == 10.6
    through = heard(("and on and on and on", 0.1), ("I hear", 9.9))
    assert through.parted_from(LINE_END_S, line_start_s=0.0).text == "I hear"


def test_an_agreement_over_the_line_is_set_apart_too() -> None:
    reply = heard(("of course", 6.0), ("I hear you", 10.6)).parted_from(LINE_END_S)
    assert reply.text == "I hear you"


@pytest.mark.parametrize("text", ["Mm-hm", "of course", "no", "uhm"])
def test_a_listening_noise_just_before_a_prompt_reply_is_set_apart(text: str) -> None:
    reply = heard((text, 8.9), ("I hear how tired you are", 9.9)).parted_from(LINE_END_S)
    assert reply.text == "I hear how tired you are"
    assert reply.span is not None
    assert reply.span.start_s == 9.9
    assert [word.text for word in reply.early_words] == text.split()


def test_a_cough_just_before_a_prompt_reply_is_set_apart() -> None:
    said = heard(("I hear how tired you are", 10.05))
    cough = Timeline.of([Span(start_s=9.3, end_s=9.6)])
    reply = replace(said, activity=said.activity | cough).parted_from(LINE_END_S)
    assert reply.activity == said.activity
    assert reply.early_activity == cough


def test_a_first_word_that_asks_for_the_floor_stays_with_what_follows() -> None:
    reply = heard(("wait", 8.9), ("I never said that", 9.6))
    assert reply.parted_from(LINE_END_S) == reply


def test_a_reply_that_came_in_early_stays_whole() -> None:
    reply = heard(("but I never said that to you at all", 8.6))
    assert reply.parted_from(LINE_END_S) == reply


def test_an_early_bid_and_what_follows_stay_together() -> None:
    reply = heard(("but wait a moment", 6.0), ("I hear how tired you are", 10.6))
    assert reply.parted_from(LINE_END_S) == reply


@pytest.mark.parametrize("text", ["well I", "mm-hm yeah right", "okay"])
def test_so_little_may_be_only_a_start(text: str) -> None:
    assert heard((text, 11.0)).too_short_to_end


def test_a_sentence_is_not_only_a_start() -> None:
    assert not heard(("you sound worn out", 11.0)).too_short_to_end


bursts = st.lists(
    st.tuples(
        st.sampled_from(["mm-hm", "yeah right", "but I never", "I hear you", "what"]),
        st.floats(min_value=0.0, max_value=14.0),
    ),
    max_size=4,
)


@given(bursts)
def test_nothing_said_is_lost_or_doubled(said: list[tuple[str, float]]) -> None:
    said = sorted(said, key=lambda burst: burst[1])
    whole = heard(*said)
    parted = whole.parted_from(LINE_END_S)
    assert sorted((*parted.early_words, *parted.words), key=id) == sorted(whole.words, key=id)
    both = parted.activity | parted.early_activity
    assert both.duration_s == pytest.approx(whole.activity.duration_s, abs=1e-9)


@given(bursts)
def test_parting_twice_parts_no_more(said: list[tuple[str, float]]) -> None:
    parted = heard(*sorted(said, key=lambda burst: burst[1])).parted_from(LINE_END_S)
    again = parted.parted_from(LINE_END_S)
    assert again.words == parted.words
