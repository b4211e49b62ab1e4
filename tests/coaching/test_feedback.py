from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import pytest

from voice_coach.coaching import phrases
from voice_coach.coaching.feedback import MAX_WORDS, Feedback, choose_feedback
from voice_coach.coaching.sentences import quoted
from voice_coach.coaching.voices import coach_voice, spoken, spoken_duration_s
from voice_coach.conversation import Measured, Overlap, OverlapKind, Span, Timeline, Word
from voice_coach.scenarios.library import list_scenarios
from voice_coach.scoring import notes as n
from voice_coach.scoring.interruptions import score_interruptions
from voice_coach.scoring.listening import TOO_UNSURE, judge
from voice_coach.scoring.pacing import pacing_measures, pauses_of, score_pacing
from voice_coach.scoring.scorecard import Move, MoveKind, Observation, Score, Scorecard

LINE = (
    "You said seven. It's nearly nine. I sat here with the dinner going cold, and I felt like an "
    "idiot for believing you again."
)
LONG = (
    "I said seven, and you waited two hours with dinner going cold while I didn't even call. You "
    "must feel let down. What was it like?"
)
MODELS = (
    LONG,
    "I broke my word again. You trusted me and it hurt.",
)
REPLIES = (
    "You sat there waiting with the dinner cold, and you felt foolish for believing me again.",
    "um so you felt let down and like i just did not care at all about you or the dinner tonight",
    "It sounds like you're hurt. What do you need?",
    "I'm so sorry.",
    "I'm sorry I let you down, you waited two hours.",
    "I'm sorry you feel that way.",
    "sounds like a lot of excuses to me",
    "what i'm hearing is that you really just want to have another fight with me tonight",
    "You always make such a big deal out of every single little thing that I ever do.",
    "why do you always have to start this when i come through the door",
    "You're so dramatic.",
    "It's just dinner, calm down.",
    "I get that you're hurt, but traffic was terrible and my boss kept me.",
    "the meeting ran over and my phone died and i could not call you from the car",
    "i had a terrible day too",
    "Let's just heat it up.",
    "Poor you.",
    "You said seven, it's nearly nine, you sat here with the dinner going cold.",
    "Sounds like you're excited about your new job.",
    "I can't talk while we're shouting.",
    "What happened?",
    "The train leaves at five from platform two.",
    "okay",
    "",
)


def card(
    reply: str,
    *,
    line: str = LINE,
    latency_s: float = 0.6,
    interruptions: int | None = 100,
    pace: float = 130.0,
) -> Scorecard:
    judged = judge(line, reply)
    seen = (Observation(text="came in early", quote="But I"),)
    return Scorecard(
        listening=Score(score=judged.score, reason=judged.reason),
        pacing=Score(score=90 if 100 <= pace <= 165 else 40),
        interruptions=Score(
            score=interruptions,
            reason=None if interruptions is not None else "the echo was not cancelled",
            observations=seen if interruptions is not None and interruptions < 70 else (),
        ),
        judged=judged,
        measures={
            "latency_s": Measured(value=latency_s, unit="s"),
            "words_per_min": Measured(value=pace, unit="words/min"),
        },
    )


def test_everything_fits_in_fifteen_seconds_in_every_combination() -> None:
    cards = [
        card(reply, latency_s=latency, interruptions=inter, pace=pace)
        for reply, latency, inter, pace in product(REPLIES, (0.2, 3.4), (100, 30), (130, 210))
    ]
    before = [None, card(REPLIES[6])]
    for attempt, last, variant, replies in product(
        cards, before, range(2), (MODELS, MODELS[:1], ())
    ):
        told = choose_feedback(
            attempt,
            line=LINE,
            model_replies=replies,
            partner="Maya",
            previous=last,
            variant=variant,
        )
        assert told.words <= MAX_WORDS
        assert told.keep
        assert told.change
        assert told.say_instead
        spoken = f"{told.keep} {told.change}"
        assert not re.search(r"[{}]|failed|filler|reflection|validat|minimi|\bum\b", spoken)


def feedback(reply: str, **more: float) -> tuple[str, str, str]:
    told = choose_feedback(
        card(reply, **more),  # type: ignore[arg-type]
        line=LINE,
        model_replies=MODELS,
        partner="Maya",
    )
    return told.keep, told.change, told.say_instead


@pytest.mark.parametrize(
    ("reply", "quote"),
    [
        ("Sounds like a lot of excuses to me", "Sounds like a lot of excuses to me"),
        ("It's just dinner, you know.", "It's just dinner, you know"),
        ("I get how hurt you are. You're so dramatic.", "You're so dramatic"),
    ],
)
def test_what_hurts_is_what_to_change_in_their_own_words(reply: str, quote: str) -> None:
    assert f"“{quote}”" in feedback(reply)[1]


def test_listening_comes_before_interruptions_and_these_before_pace() -> None:
    good = "You waited with the dinner going cold and you felt let down. What was it like?"
    early = "last words", "finish"
    assert not any(word in feedback("I'm so sorry.", interruptions=30)[1] for word in early)
    assert any(word in feedback(good, interruptions=30, pace=210)[1] for word in early)
    assert "slower" in feedback(good, pace=210)[1]


GOOD_REPLY = "You waited with the dinner going cold and you felt let down. What was it like?"


def told_of(attempt: Scorecard, variant: int = 0) -> Feedback:
    return choose_feedback(
        attempt, line=LINE, model_replies=MODELS, partner="Maya", variant=variant
    )


@pytest.mark.parametrize("variant", [0, 1])
def test_pauses_are_never_faulted_where_the_words_between_them_are_hurried(variant: int) -> None:
    words = [
        Word(text=text, span=Span(start_s=at, end_s=at + 0.16))
        for sentence in range(3)
        for number, text in enumerate("you waited for me and it hurt you".split())
        for at in [sentence * 7.0 + number * 0.2]
    ]
    activity = Timeline.of(word.span for word in words).bridged(0.1)
    measures = pacing_measures(words, activity, line_end_s=None, latency_void=None)
    pacing = score_pacing(measures, words, pauses_of(activity))
    assert "words a minute between the pauses: hard to take in" in pacing.observations[0].text
    measures["latency_s"] = Measured(value=0.6, unit="s")
    told = told_of(replace(card(GOOD_REPLY), pacing=pacing, measures=measures), variant)
    assert "slow" in told.change
    assert not re.search(r"flow|speak on|pause|room", told.change)
    assert told.evidence[-1] == pacing.observations[0]


def overlap(kind: OverlapKind, start_s: float, end_s: float) -> Overlap:
    return Overlap(by="you", over="Maya", span=Span(start_s=start_s, end_s=end_s), kind=kind)


def with_overlaps(
    reply: str, *overlaps: Overlap, softer_lost: bool = False, latency_s: float = 0.6
) -> Scorecard:
    line = Span(start_s=0.0, end_s=10.0)
    score = score_interruptions(overlaps, (), line, not_scored=None, softer_lost=softer_lost)
    return replace(card(reply, latency_s=latency_s), interruptions=score, overlaps=overlaps)


def test_the_evidence_for_coming_in_early_is_the_interruption_itself() -> None:
    told = told_of(
        with_overlaps(
            GOOD_REPLY, overlap("backchannel", 3.0, 3.4), overlap("interruption", 6.0, 10.0)
        )
    )
    assert "finish" in told.change or "last words" in told.change
    assert told.evidence[-1].span == Span(start_s=6.0, end_s=10.0)
    assert "before Maya had finished" in told.evidence[-1].text


HEARD_OUT = re.compile("finish|heard|room to say|until|waited")


@pytest.mark.parametrize("variant", range(4))
def test_only_who_surely_heard_the_line_out_is_praised_for_it(variant: int) -> None:
    reply = "You're so dramatic."
    heard_out = with_overlaps(reply)
    listened = with_overlaps(reply, overlap("backchannel", 3.0, 3.4))
    for attempt in (heard_out, listened):
        assert HEARD_OUT.search(told_of(attempt, variant).keep)
    for attempt in (
        with_overlaps(reply, softer_lost=True),
        with_overlaps(reply, overlap("terminal", 9.7, 10.0)),
        with_overlaps(reply, overlap("unclear", 5.0, 5.6)),
    ):
        assert attempt.interruptions.score == 100
        assert not HEARD_OUT.search(told_of(attempt, variant).keep)


def test_silence_is_praised_and_a_quick_answer_is_not_mentioned() -> None:
    assert "seconds" in feedback("You're so dramatic.", latency_s=3.4)[0]
    assert "took your time" in feedback("You felt let down.", latency_s=3.4)[0]
    assert feedback(REPLIES[0], latency_s=0.1) == feedback(REPLIES[0], latency_s=0.8)


def test_too_little_is_met_gently_and_still_offers_a_sentence() -> None:
    for reply in ("", "okay"):
        told = choose_feedback(card(reply), line=LINE, model_replies=MODELS, partner="Maya")
        assert not told.enough
        assert any(reply.startswith(told.say_instead) for reply in MODELS)


def test_the_sentence_to_try_is_not_what_was_just_said() -> None:
    assert feedback(MODELS[1])[2] != MODELS[1]


def test_a_retake_hears_what_got_better() -> None:
    told = choose_feedback(
        card("You felt let down, and the dinner went cold."),
        line=LINE,
        model_replies=MODELS,
        partner="Maya",
        previous=card("You're so dramatic."),
    )
    assert "blame" in told.keep


def by_hand(
    *moves: tuple[MoveKind, str],
    score: int | None = 30,
    notes: tuple[str, ...] = (),
    reason: str | None = None,
) -> Scorecard:
    """A card as the judge could give it, whatever it would say of these words."""
    said, made = "", []
    for kind, quote in moves:
        if quote not in said:
            said += f"{quote}. "
        start = said.index(quote)
        made.append(
            Move(move=kind, quote=quote, start=start, end=start + len(quote), confidence=0.9)
        )
    judged = replace(
        judge(LINE, REPLIES[0]), moves=tuple(made), notes=notes, score=score, reason=reason
    )
    return replace(
        card(REPLIES[0]), judged=judged, listening=Score(score=score, reason=judged.reason)
    )


def told_by_hand(held: Scorecard, feels: Sequence[str] = ()) -> Feedback:
    return choose_feedback(held, line=LINE, model_replies=MODELS, partner="Maya", feels=feels)


@pytest.mark.parametrize(
    ("moves", "notes"),
    [
        ((("validation", "Of course"), ("minimising", "Of course")), ()),
        ((("validation", "Of course you're upset"),), (n.FALSE_VALIDATION,)),
        ((("apology", "I'm sorry you feel that way"),), (n.HOLLOW,)),
        ((("reflection_feeling", "You feel bad"), ("blaming", "You feel bad")), ()),
    ],
)
def test_words_that_are_to_change_are_not_praised(
    moves: tuple[tuple[MoveKind, str], ...], notes: tuple[str, ...]
) -> None:
    told = told_by_hand(by_hand(*moves, notes=notes))
    assert moves[0][1] not in told.keep
    assert "seriously" not in told.keep
    assert "sorry" not in told.keep
    assert "courage" not in told.keep


def test_a_low_score_is_never_told_that_nothing_is_to_mend() -> None:
    both: tuple[tuple[MoveKind, str], ...] = (
        ("reflection_feeling", "You feel alone"),
        ("reflection_content", "I was late"),
        ("open_question", "What was it like"),
    )
    low = told_by_hand(by_hand(*both, score=30, notes=(n.FELT, n.TAKEN))).change
    high = told_by_hand(by_hand(*both, score=90, notes=(n.FELT, n.TAKEN))).change
    assert "Stay closer" in low
    assert "Stay closer" not in high


def test_a_reply_that_could_be_heard_in_two_ways_is_told_so() -> None:
    told = told_by_hand(by_hand(score=None, reason=TOO_UNSURE))
    assert "two ways" in told.keep
    assert not told.enough


@pytest.mark.parametrize(
    ("feels", "hint"),
    [(("hurt", "foolish"), "“hurt”"), (("softer",), ""), (("guilty",), ""), ((), "")],
)
def test_a_feeling_is_offered_only_where_the_author_marked_one_to_offer(
    feels: tuple[str, ...], hint: str
) -> None:
    taken = by_hand(("reflection_content", "I was late"), score=60, notes=(n.TAKEN,))
    change = told_by_hand(taken, feels).change
    assert hint in change
    assert hint or "“" not in change


def test_evidence_carries_the_quote() -> None:
    told = choose_feedback(card("You felt let down."), line=LINE, model_replies=MODELS, partner="M")
    assert told.evidence[0].quote == "You felt let down"


def test_variants_differ_and_are_repeatable() -> None:
    told = [
        choose_feedback(card(REPLIES[2]), line=LINE, model_replies=MODELS, partner="M", variant=v)
        for v in (0, 1, 0)
    ]
    assert told[0] != told[1]
    assert told[0] == told[2]


def test_quotes_are_short_and_keep_the_telling_word() -> None:
    said = "and i guess you were sitting there and the food got cold and you felt so foolish"
    assert quoted(said, 8, telling=16) == "you felt so foolish"
    assert len(quoted(said, 5).split()) <= 5


@pytest.mark.parametrize("row", [*phrases.KEEPS, *phrases.CHANGES])
def test_every_phrase_can_be_filled_in(row: str) -> None:
    for full, plain in (phrases.KEEPS | phrases.CHANGES)[row]:
        full.format(partner="Maya", quote="q", word="w", seconds=3)
        assert "{quote}" not in plain


@pytest.mark.model
def test_what_is_said_aloud_lasts_fifteen_seconds_at_most() -> None:
    """Over every scenario's first lines, good and poor replies, in the coach's own voice."""
    poor = (
        "My supervisor unexpectedly rescheduled everything and I was extraordinarily overwhelmed.",
        "You always exaggerate everything, it is only a misunderstanding, honestly.",
        "okay",
        "",
    )
    longest: list[tuple[float, str]] = []
    for scenario in list_scenarios():
        for line in scenario.lines:
            for variant, reply in enumerate((*line.replies, *poor)):
                told = choose_feedback(
                    card(reply, line=line.says),
                    line=line.says,
                    model_replies=line.replies,
                    partner=scenario.partner.name,
                    variant=variant,
                )
                longest.append((spoken_duration_s(told.spoken), told.spoken))
    longest.sort(reverse=True)
    assert len(longest) > 500
    coach = coach_voice("neural")
    for _, text in longest[:40]:
        assert spoken(coach, None, text).duration_s <= 15.0, text
