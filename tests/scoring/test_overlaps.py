from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.conversation import Overlap, Span, Turn, spread
from voice_coach.scoring.overlaps import overlaps_between

STORY = "I waited for two hours and I kept looking at the door and nobody came"


def turn(speaker: str, start_s: float, end_s: float, text: str) -> Turn:
    span = Span(start_s=start_s, end_s=end_s)
    return Turn(speaker=speaker, span=span, words=spread(text, span))


def over_story(start_s: float, end_s: float, text: str, story: str = STORY) -> Overlap:
    """What B does while A tells a story from 0 to 8 s."""
    (overlap,) = overlaps_between([turn("A", 0.0, 8.0, story), turn("B", start_s, end_s, text)])
    assert (overlap.by, overlap.over) == ("B", "A")
    assert overlap.span.start_s == start_s
    return overlap


@pytest.mark.parametrize(
    "text", ["Mhm.", "Yeah.", "Oh, I see.", "Yeah, right.", "Mkay.", "[laughs]"]
)
def test_listening_noises_and_laughter_ask_for_no_floor(text: str) -> None:
    assert over_story(3.0, 3.5, text).kind == "backchannel"


@pytest.mark.parametrize(
    "text", ["That's true.", "Yeah, that makes sense.", "I agree.", "Yeah, so."]
)
def test_short_agreements_ask_for_no_floor(text: str) -> None:
    assert over_story(3.0, 3.8, text).kind == "backchannel"


def test_an_agreement_that_leads_straight_on_does() -> None:
    turns = [
        turn("A", 0.0, 8.0, STORY),
        turn("B", 3.0, 3.6, "That's true."),
        turn("B", 3.7, 9.0, "but you never called me either"),
    ]
    (overlap, *_) = overlaps_between(turns)
    assert (overlap.kind, overlap.span.start_s) == ("interruption", 3.0)


@pytest.mark.parametrize(
    "text", ["No, you didn't.", "But I called you!", "Wait.", "Which door?", "That is not true."]
)
def test_talk_that_takes_or_asks_for_the_floor_early_is_an_interruption(text: str) -> None:
    assert over_story(4.0, 5.0, text).kind == "interruption"


def test_the_end_is_foreseen_in_the_last_half_second() -> None:
    assert over_story(7.5, 10.0, "I am so sorry that I let you wait").kind == "terminal"
    assert over_story(7.2, 10.0, "I am so sorry that I let you wait").kind == "interruption"


def test_half_a_short_sentence_is_no_foreseen_end() -> None:
    turns = [turn("A", 0.0, 1.0, "I got seven."), turn("B", 0.6, 2.0, "We had eight though.")]
    (overlap,) = overlaps_between(turns)
    assert overlap.kind == "interruption"
    (overlap,) = overlaps_between(turns, last_share=1.0)
    assert overlap.kind == "terminal"


def test_who_breaks_off_was_not_at_an_end() -> None:
    told = "I waited for two hours and I kept looking at the door and then --"
    assert over_story(7.6, 9.0, "You always say that.", told).kind == "interruption"


def test_a_yes_to_a_question_not_yet_asked_is_an_early_answer() -> None:
    asked = "So do you want to go there on Sunday and see how they are doing?"
    assert over_story(3.0, 3.5, "Yeah.", asked).kind == "interruption"
    assert over_story(3.0, 3.5, "Mhm.", asked).kind == "backchannel"
    which = "So what is it that made you so angry when we were over there?"
    assert over_story(3.0, 3.5, "Yeah.", which).kind == "backchannel"


def test_a_yes_to_the_statement_after_a_question_is_none() -> None:
    told = "Do you know? I sat there and I waited and waited and waited for you."
    assert over_story(4.0, 4.5, "Yeah.", told).kind == "backchannel"


def test_talking_in_chorus_is_never_an_interruption() -> None:
    told = "and in the end we always end up with the ski poles anyway"
    assert over_story(6.0, 6.8, "The ski poles.", told).kind == "backchannel"


def test_finding_the_word_for_the_other_is_never_an_interruption() -> None:
    told = "it was the big red thing on the wall, um, um, um, um, um, whatever"
    assert over_story(6.0, 6.8, "The clock.", told).kind == "backchannel"
    assert over_story(6.0, 6.8, "The clock?", told).kind == "interruption"


def test_what_cannot_be_told_is_unclear() -> None:
    assert over_story(3.0, 3.4, "[unclear]").kind == "unclear"
    assert over_story(3.0, 3.4, "%").kind == "unclear"
    assert over_story(3.0, 3.4, "Um, uh.").kind == "unclear"
    bare = [
        Turn(speaker="A", span=Span(start_s=0.0, end_s=8.0)),
        Turn(speaker="B", span=Span(start_s=3.0, end_s=4.0)),
        Turn(speaker="C", span=Span(start_s=7.8, end_s=9.0)),
    ]
    assert [each.kind for each in overlaps_between(bare)] == ["unclear", "terminal"]


def test_two_who_start_at_once_cut_nobody_off() -> None:
    turns = [turn("A", 1.0, 3.0, "I think we should"), turn("B", 1.1, 3.0, "Why do we not")]
    (overlap,) = overlaps_between(turns)
    assert overlap.kind == "unclear"


def test_talk_over_a_mere_yeah_takes_nobodys_floor() -> None:
    turns = [turn("A", 1.0, 1.6, "Yeah."), turn("B", 1.4, 4.0, "so then we went home again")]
    (overlap,) = overlaps_between(turns)
    assert overlap.kind == "terminal"


def test_one_who_carries_straight_on_cuts_nobody_off() -> None:
    turns = [
        turn("A", 0.0, 4.0, "I waited for two hours"),
        turn("B", 2.0, 6.0, "but you could have called me"),
        turn("A", 4.0, 8.0, "and kept looking at the door"),
    ]
    (overlap,) = overlaps_between(turns)
    assert (overlap.by, overlap.kind) == ("B", "interruption")
    assert overlap.span == Span(start_s=2.0, end_s=6.0)


def test_the_floor_is_held_by_who_talks_not_by_who_listens() -> None:
    turns = [
        turn("A", 0.0, 8.0, STORY),
        turn("C", 2.9, 9.0, "mhm mhm"),
        turn("B", 3.0, 5.0, "no, that is not how it was"),
    ]
    assert [each.over for each in overlaps_between(turns)] == ["A", "A"]


def test_nobody_overlaps_alone_or_in_order() -> None:
    assert overlaps_between([]) == ()
    assert overlaps_between([turn("A", 0.0, 2.0, "hello"), turn("A", 1.0, 3.0, "there")]) == ()
    assert overlaps_between([turn("A", 0.0, 2.0, "hello"), turn("B", 2.0, 3.0, "there")]) == ()
    assert overlaps_between([turn("A", 0.0, 2.0, "hello"), turn("B", 1.95, 3.0, "there")]) == ()


def test_a_long_talk_takes_no_longer_an_utterance(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0
    both = Span.__and__

    def counted(one: Span, other: Span) -> Span:
        nonlocal compared
        compared += 1
        return both(one, other)

    monkeypatch.setattr(Span, "__and__", counted)
    talk = [turn("AB"[n % 2], n * 0.9, n * 0.9 + 1.3, "so I waited there") for n in range(500)]
    assert len(overlaps_between(talk)) == 499
    assert compared < 20 * len(talk)


TEXTS = st.sampled_from(
    ["Mhm.", "Yeah.", "That's true.", "but I never said that", "Do you want it?", "[laughs]", "um",
     "so I waited and waited and nobody came home", "I went --", "Waited?", ""]
)  # fmt: skip
TICK_S = 0.125


@st.composite
def utterances(draw: st.DrawFn) -> Turn:
    start, length = draw(st.integers(0, 80)), draw(st.integers(1, 40))
    span = Span(start_s=start * TICK_S, end_s=(start + length) * TICK_S)
    return Turn(speaker=draw(st.sampled_from("ABC")), span=span, words=spread(draw(TEXTS), span))


conversations = st.lists(utterances(), max_size=8)


@given(conversations, st.integers(-400, 4000))
def test_shifting_time_shifts_the_overlaps(turns: list[Turn], ticks: int) -> None:
    by_s = ticks * TICK_S
    moved = [
        replace(
            each,
            span=each.span.shifted(by_s),
            words=tuple(word.shifted(by_s) for word in each.words),
        )
        for each in turns
    ]
    here = overlaps_between(turns)
    assert overlaps_between(moved) == tuple(
        replace(each, span=each.span.shifted(by_s)) for each in here
    )


@given(conversations, st.permutations("ABC"))
def test_swapping_speakers_swaps_them(turns: list[Turn], names: list[str]) -> None:
    other = dict(zip("ABC", names, strict=True))
    swapped = [replace(each, speaker=other[each.speaker]) for each in turns]
    assert overlaps_between(swapped) == tuple(
        replace(each, by=other[each.by], over=other[each.over]) for each in overlaps_between(turns)
    )


@given(conversations)
def test_every_overlap_is_two_voices_at_once(turns: list[Turn]) -> None:
    for each in overlaps_between(turns):
        assert each.by != each.over
        assert each.span
        for name in (each.by, each.over):
            assert any(turn.speaker == name and turn.span.meets(each.span) for turn in turns)
