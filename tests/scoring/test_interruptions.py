from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.audio.files import read_recording
from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.conversation import Measured, Overlap, Span, Timeline, Word, spread
from voice_coach.scoring.floor import acknowledges, is_continuer
from voice_coach.scoring.interruptions import (
    early_latency,
    overlaps_with_line,
    score_interruptions,
)
from voice_coach.scoring.scorecard import Score
from voice_coach.speech.activity import activity_of

FIXTURES = Path(__file__).resolve().parents[2] / "audio_fixtures"
LINE = Span(start_s=2.0, end_s=10.0)


def burst(text: str, start_s: float, word_s: float = 0.3) -> tuple[Word, ...]:
    return tuple(
        Word(text=word, span=Span(start_s=start_s + n * word_s, end_s=start_s + (n + 1) * word_s))
        for n, word in enumerate(text.split())
    )


def found(*bursts: tuple[Word, ...]) -> tuple[Overlap, ...]:
    words = tuple(word for said in bursts for word in said)
    activity = Timeline.of(word.span for word in words)
    return overlaps_with_line(activity, words, LINE, by="you", over="Maya")


@pytest.mark.parametrize(
    "text", ["mm-hm", "Yeah.", "yeah, right", "Oh, I see", "Mm. Okay.", "Uh huh", "Yep, ok"]
)
def test_listening_noises_are_backchannels(text: str) -> None:
    assert is_continuer(text)
    (overlap,) = found(burst(text, 5.0))
    assert overlap.kind == "backchannel"


def test_words_that_take_the_floor_early_are_an_interruption() -> None:
    (overlap,) = found(burst("but I never said that at all", 8.6))
    assert overlap.kind == "interruption"
    assert overlap.span == Span(start_s=8.6, end_s=10.0)


def test_a_bid_for_the_floor_that_is_given_up_is_an_interruption_too() -> None:
    (overlap,) = found(burst("but wait", 5.0))
    assert overlap.kind == "interruption"


@pytest.mark.parametrize("text", ["I... I...", "I, I", "see see", "I yeah", "да yeah"])
def test_a_bid_for_the_floor_is_no_listening_noise(text: str) -> None:
    assert not is_continuer(text)
    (overlap,) = found(burst(text, 5.0))
    assert overlap.kind == "interruption"


@pytest.mark.parametrize(
    "text",
    ["go on", "Oh no.", "I understand.", "Oh my God", "Please go on.", "I'm so sorry.",
     "That's fair.", "Take your time.", "tell me more", "I'm listening."],
)  # fmt: skip
def test_agreeing_or_asking_for_more_is_no_interruption(text: str) -> None:
    (overlap,) = found(burst(text, 5.0))
    assert overlap.kind == "backchannel"


@pytest.mark.parametrize(
    "text",
    ["oh god", "Oh man.", "oh my", "Aww, no.", "oh wow", "Jeez.", "seriously?", "Oh my goodness",
     "Ohhh, wow.", "ha ha ha", "No way, really?", "oh, that's awful", "That's so sad.",
     "Poor you."],
)  # fmt: skip
def test_exclaiming_is_listening(text: str) -> None:
    assert acknowledges(text)
    (overlap,) = found(burst(text, 5.0))
    assert overlap.kind == "backchannel"


@pytest.mark.parametrize(
    "text",
    ["oh come on", "that is not awful", "my turn", "man, stop it", "God, listen", "so sad it hurts",
     "really not fair", "that's my point"],
)  # fmt: skip
def test_a_protest_is_no_exclaiming(text: str) -> None:
    assert not acknowledges(text)
    (overlap,) = found(burst(text, 5.0))
    assert overlap.kind == "interruption"


@pytest.mark.parametrize(
    "text", ["no", "No, no.", "no, no, okay", "I know, I know", "um, er", "uhm uhm", "um um"]
)
@pytest.mark.parametrize("start_s", [5.0, 9.2])
def test_what_agrees_or_contradicts_or_neither_is_unclear(text: str, start_s: float) -> None:
    (overlap,) = found(burst(text, start_s))
    assert overlap.kind == "unclear"


def heard(activity: Timeline, *bursts: tuple[Word, ...]) -> list[tuple[str, float]]:
    """The kind and the start of each overlap of a voice with these words."""
    words = tuple(word for said in bursts for word in said)
    found = overlaps_with_line(activity, words, LINE, by="you", over="Maya")
    return [(overlap.kind, overlap.span.start_s) for overlap in found]


def times(*spans: tuple[float, float]) -> Timeline:
    return Timeline.of(Span(start_s=start_s, end_s=end_s) for start_s, end_s in spans)


@pytest.mark.parametrize(
    ("text", "kind"), [("Mm-hm", "backchannel"), ("No.", "unclear"), ("uhm", "unclear")]
)
def test_a_listening_noise_just_before_a_prompt_reply_is_judged_for_itself(
    text: str, kind: str
) -> None:
    overlaps = found(burst(text, 9.0), burst("I hear how tired you are", 9.7))
    assert [(each.kind, each.span.start_s) for each in overlaps] == [(kind, 9.0), ("terminal", 9.7)]


def test_a_cough_just_before_a_reply_is_no_part_of_it() -> None:
    reply = burst("I hear how tired you are", 9.7)
    assert heard(times((9.0, 9.3), (9.7, 11.5)), reply) == [("unclear", 9.0), ("terminal", 9.7)]
    late = burst("I hear how tired you are", 10.05)
    assert heard(times((9.3, 9.6), (10.05, 11.9)), late) == [("unclear", 9.3)]


def test_listening_noises_one_after_another_are_one() -> None:
    overlaps = found(burst("yeah", 5.0), burst("yeah", 5.7), burst("right", 6.4))
    assert [each.kind for each in overlaps] == ["backchannel"]


def test_what_follows_a_listening_noise_counts_from_its_own_start() -> None:
    overlaps = found(burst("yeah", 6.0), burst("but I never said that", 6.6))
    assert [(each.kind, each.span.start_s) for each in overlaps] == [
        ("backchannel", 6.0),
        ("interruption", 6.6),
    ]


def test_a_first_word_that_asks_for_the_floor_is_the_start_of_what_follows() -> None:
    overlaps = found(burst("wait", 8.5), burst("I never said that", 9.2))
    assert [(each.kind, each.span.start_s) for each in overlaps] == [("interruption", 8.5)]


def test_a_listening_noise_is_quoted_without_what_follows_it() -> None:
    words = (*burst("Mm-hm", 9.0), *burst("I hear how tired you are", 9.7))
    score = score_interruptions(found(words), words, LINE, not_scored=None)
    assert [seen.quote for seen in score.observations] == ["Mm-hm", "I"]


@pytest.mark.parametrize("start_s", [LINE.start_s - 0.9, LINE.start_s, LINE.start_s + 0.15])
def test_who_was_speaking_when_the_line_began_cut_nobody_off(start_s: float) -> None:
    words = burst("okay let me just do this now", start_s, 0.25)
    (overlap,) = found(words)
    assert overlap.kind == "unclear"
    score = score_interruptions((overlap,), words, LINE, not_scored=None)
    assert score.score == 100
    assert "already speaking" in score.observations[0].text
    (overlap,) = overlaps_with_line(
        times((start_s, start_s + 5.0)), (), LINE, by="you", over="Maya", worded=False
    )
    assert overlap.kind == "unclear"


def test_who_begins_once_the_line_is_under_way_does() -> None:
    (overlap,) = found(burst("okay let me just do this now", LINE.start_s + 0.3, 0.25))
    assert overlap.kind == "interruption"


def test_who_was_speaking_when_the_partner_went_on_cut_nobody_off() -> None:
    words = burst("and that was all I meant", 5.5)
    activity = Timeline.of(word.span for word in words)
    waited = times((5.0, 6.0))
    (overlap,) = overlaps_with_line(activity, words, LINE, by="you", over="Maya", silent=waited)
    assert overlap.kind == "unclear"


def test_a_few_words_hardly_recognised_are_unclear() -> None:
    words = tuple(replace(word, probability=0.3) for word in burst("rate rate", 5.0))
    (overlap,) = found(words)
    assert overlap.kind == "unclear"
    many = tuple(replace(word, probability=0.3) for word in burst("but I never said it", 5.0))
    (overlap,) = found(many)
    assert overlap.kind == "interruption"


@pytest.mark.parametrize(
    ("text", "probability", "kind"),
    [
        ("No number", 0.75, "unclear"),
        ("I'll remember", 0.65, "unclear"),
        ("I'm home. Okay.", 0.62, "unclear"),
        ("she told me", 0.95, "interruption"),
        ("But you knew", 0.6, "interruption"),
        ("No, wait", 0.55, "interruption"),
        ("Let me explain", 0.7, "interruption"),
        ("I was working", 0.7, "interruption"),
    ],
)
def test_a_misheard_listening_noise_is_unclear_and_a_bid_is_not(
    text: str, probability: float, kind: str
) -> None:
    (overlap,) = found(tuple(replace(word, probability=probability) for word in burst(text, 5.0)))
    assert overlap.kind == kind


def test_the_words_shown_are_those_of_the_overlap() -> None:
    words = (*burst("but wait", 5.0), *burst("you waited for me", 10.6))
    score = score_interruptions(found(words), words, LINE, not_scored=None)
    assert [seen.quote for seen in score.observations] == ["but wait"]


def test_coming_in_during_the_last_half_second_is_terminal() -> None:
    (overlap,) = found(burst("I hear how tired you are", 9.6))
    assert overlap.kind == "terminal"


def test_one_stray_word_or_none_is_unclear() -> None:
    (overlap,) = found(burst("what", 5.0))
    assert overlap.kind == "unclear"
    activity = Timeline.of([Span(start_s=5.0, end_s=5.4)])
    (cough,) = overlaps_with_line(activity, (), LINE, by="you", over="Maya")
    assert cough.kind == "unclear"


def test_a_backchannel_then_a_reply_after_the_line_is_no_interruption() -> None:
    overlaps = found(burst("mm-hm", 6.0), burst("I hear you", 10.7))
    assert [overlap.kind for overlap in overlaps] == ["backchannel"]


def test_a_continuer_that_runs_on_into_the_floor_is_an_interruption() -> None:
    (overlap,) = found(burst("yeah but I never promised that to you", 8.0))
    assert overlap.kind == "interruption"


def test_nothing_said_over_the_line_scores_full() -> None:
    words = burst("I hear you", 10.4)
    score = score_interruptions(found(words), words, LINE, not_scored=None)
    assert score.score == 100
    assert score.observations[0].text == "You let the line finish"


def test_an_interruption_costs_and_shows_its_words_and_moment() -> None:
    words = burst("but I never said that at all", 8.6)
    score = score_interruptions(found(words), words, LINE, not_scored=None)
    assert score.score is not None
    assert 50 <= score.score < 61
    (seen,) = score.observations
    assert seen.text == "You came in 1.4 s before Maya had finished"
    assert seen.quote == "but I never said that at"


@pytest.mark.parametrize("text", ["mm-hm", "yeah"])
def test_backchannels_and_terminal_overlaps_cost_nothing(text: str) -> None:
    words = (*burst(text, 4.0), *burst("I hear how tired you are", 9.7))
    score = score_interruptions(found(words), words, LINE, not_scored=None)
    assert score.score == 100


def left_off(silent: Timeline) -> tuple[tuple[Overlap, ...], Score]:
    words = burst("But I never said that at all", 6.0)
    activity = Timeline.of(word.span for word in words)
    overlaps = overlaps_with_line(activity, words, LINE, by="you", over="Maya", silent=silent)
    return overlaps, score_interruptions(overlaps, words, LINE, not_scored=None, silent=silent)


def test_where_the_partner_left_off_nothing_overlaps_and_the_rest_is_told() -> None:
    (overlap,), score = left_off(Timeline.of([Span(start_s=7.0, end_s=LINE.end_s)]))
    assert overlap.kind == "interruption"
    assert overlap.span.end_s == pytest.approx(7.0)
    came_in, unsaid = score.observations
    assert "4.0 s before Maya had finished" in came_in.text
    assert "last 3.0 s" in unsaid.text
    assert score.score == 50  # one interruption, and half of the line covered or never said


def test_the_time_the_partner_waited_is_no_part_of_the_line() -> None:
    waited = Timeline.of([Span(start_s=8.5, end_s=9.5)])
    _, whole = left_off(Timeline())
    _, score = left_off(waited)
    assert "4.0 s before" in whole.observations[0].text
    assert "3.0 s before" in score.observations[0].text


def test_what_cannot_be_trusted_is_not_scored() -> None:
    score = score_interruptions((), (), LINE, not_scored="echo not cancelled")
    assert score.score is None
    assert score.reason == "echo not cancelled"


starts = st.floats(min_value=0.0, max_value=12.0, allow_nan=False)
texts = st.sampled_from(["mm-hm", "yeah", "but I never", "what", "I hear you", "no no wait"])


@given(st.lists(st.tuples(starts, texts), max_size=4), st.floats(min_value=0, max_value=500))
def test_shifting_time_shifts_the_overlaps(bursts: list[tuple[float, str]], by_s: float) -> None:
    words = tuple(
        sorted(
            (word for start_s, text in bursts for word in burst(text, start_s)),
            key=lambda word: word.span,
        )
    )
    activity = Timeline.of(word.span for word in words)
    here = overlaps_with_line(activity, words, LINE, by="you", over="Maya")
    there = overlaps_with_line(
        activity.shifted(by_s),
        tuple(word.shifted(by_s) for word in words),
        LINE.shifted(by_s),
        by="you",
        over="Maya",
    )
    assert len(here) == len(there)
    for one, other in zip(here, there, strict=True):
        assert other.span.start_s == pytest.approx(one.span.start_s + by_s, abs=1e-6)


@given(st.lists(st.tuples(starts, texts), max_size=4), st.floats(min_value=0.6, max_value=60))
def test_what_is_said_once_the_line_is_over_changes_nothing(
    bursts: list[tuple[float, str]], after_s: float
) -> None:
    words = tuple(word for start_s, text in bursts for word in burst(text, start_s))
    activity = Timeline.of(word.span for word in words)
    here = overlaps_with_line(activity, words, LINE, by="you", over="Maya")
    last_s = max([LINE.end_s, *(word.span.end_s for word in words)])
    more = burst("so what was that like", last_s + after_s)
    longer = activity | Timeline.of(word.span for word in more)
    assert overlaps_with_line(longer, (*words, *more), LINE, by="you", over="Maya") == here


@given(st.lists(st.tuples(starts, texts), max_size=4))
def test_nothing_overlaps_a_line_that_begins_when_all_is_said(
    bursts: list[tuple[float, str]],
) -> None:
    words = tuple(word for start_s, text in bursts for word in burst(text, start_s))
    activity = Timeline.of(word.span for word in words)
    later = LINE.shifted(max((word.span.end_s for word in words), default=0.0))
    assert overlaps_with_line(activity, words, later, by="you", over="Maya") == ()


@pytest.fixture(scope="module", params=["backchannel", "interrupts", "terminal"])
def reply(request: pytest.FixtureRequest) -> tuple[Audio, tuple[Word, ...], Span]:
    """A recorded reply, its words spread over what was said, and when the line sounded."""
    folder = FIXTURES / str(request.param)
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    words = tuple(
        word
        for piece in truth["pieces"]
        for word in spread(piece["text"], Span(start_s=piece["start_s"], end_s=piece["end_s"]))
    )
    end_s = -truth["come_in_s"]
    sound = read_recording(folder / "reply.wav").audio.at_rate(SPEECH_RATE_HZ)
    return sound, words, Span(start_s=end_s - 8.0, end_s=end_s)


def in_sound(sound: Audio, words: tuple[Word, ...], line: Span) -> list[tuple[str, float, float]]:
    found = overlaps_with_line(activity_of(sound), words, line, by="you", over="Maya")
    return [(each.kind, each.span.start_s, each.span.end_s) for each in found]


def test_silence_appended_to_the_sound_changes_no_overlap(
    reply: tuple[Audio, tuple[Word, ...], Span],
) -> None:
    sound, words, line = reply
    longer = Audio.joined([sound, Audio.silence(3.0, SPEECH_RATE_HZ)])
    here = in_sound(sound, words, line)
    assert here
    assert in_sound(longer, words, line) == here


@pytest.mark.parametrize("gain_db", [-12.0, 6.0])
def test_a_louder_or_softer_microphone_changes_no_kind(
    reply: tuple[Audio, tuple[Word, ...], Span], gain_db: float
) -> None:
    sound, words, line = reply
    samples = (sound.samples * 10 ** (gain_db / 20)).astype(np.float32)
    here, there = in_sound(sound, words, line), in_sound(Audio(samples, 16_000), words, line)
    assert [kind for kind, *_ in there] == [kind for kind, *_ in here]
    for (_, *one), (_, *other) in zip(here, there, strict=True):
        assert other == pytest.approx(one, abs=0.1)


def by_time(start_s: float, end_s: float) -> Overlap:
    voice = Timeline.of([Span(start_s=start_s, end_s=end_s)])
    (overlap,) = overlaps_with_line(voice, (), LINE, by="you", over="Maya", worded=False)
    return overlap


def test_a_voice_of_unknown_words_counts_by_when_it_was_heard() -> None:
    assert by_time(9.6, 12.0).kind == "terminal"
    assert by_time(8.0, 12.0).kind == "interruption"
    assert by_time(5.0, 8.5).kind == "interruption"
    assert by_time(5.0, 5.6).kind == "unclear"
    assert by_time(8.0, 10.1).kind == "interruption"


def by_times(voice: Timeline, *words: Word) -> list[tuple[str, float]]:
    found = overlaps_with_line(voice, words, LINE, by="you", over="Maya", worded=False)
    return [(overlap.kind, overlap.span.start_s) for overlap in found]


@pytest.mark.parametrize(
    "voice",
    [
        pytest.param(times((9.45, 10.1)), id="an mm-hm over the end"),
        pytest.param(times((8.95, 10.1)), id="yeah, yeah, yeah over the end"),
        pytest.param(times((5.0, 5.4), (5.8, 6.1), (6.5, 6.9)), id="yeah… yeah… right"),
        pytest.param(times((5.0, 6.4)), id="laughter"),
        pytest.param(times((5.0, 7.6)), id="yeah, yeah, that makes sense, yeah"),
        pytest.param(times((6.0, 7.4), (7.8, 8.6), (9.0, 10.2)), id="yeah and laughter"),
    ],
)
def test_a_voice_of_unknown_words_that_may_be_listening_is_unclear(voice: Timeline) -> None:
    assert {kind for kind, _ in by_times(voice)} <= {"unclear"}


def test_a_noise_of_unknown_words_just_before_a_reply_is_no_part_of_it() -> None:
    voice = times((9.1, 9.4), (9.85, 12.0))
    assert by_times(voice) == [("unclear", 9.1), ("terminal", 9.85)]
    late = Measured(value=0.1, unit="s")
    assert early_latency(late, voice, 10.3, 10.0) == Measured(value=9.85 - 10.0, unit="s")


def test_a_voice_that_runs_on_into_words_of_its_own_was_talking() -> None:
    voice = times((8.95, 10.6), (11.0, 13.0))
    said = (*burst("said seven", 10.1, 0.25), *burst("so there", 11.0))
    assert by_times(voice, *said) == [("interruption", 8.95)]
    listened = (*burst("yeah yeah", 10.1, 0.25), *burst("so there", 11.0))
    assert by_times(voice, *listened) == [("unclear", 8.95)]


def test_talk_of_unknown_words_in_pieces_is_found_by_all_of_it() -> None:
    voice = times((4.0, 5.4), (5.8, 8.0), (8.5, 9.4))
    assert by_times(voice) == [("interruption", 4.0)]


def test_a_voice_of_unknown_words_is_not_quoted() -> None:
    overlap = by_time(8.0, 12.0)
    score = score_interruptions(
        (overlap,), burst("so you were there", 10.2), LINE, not_scored=None, worded=False
    )
    assert score.score is not None
    assert score.score < 100
    assert score.observations[0].quote == ""


def test_a_reply_that_began_over_the_line_was_early() -> None:
    late = Measured(value=0.3, unit="s")
    voice = Timeline.of([Span(start_s=8.0, end_s=9.9), Span(start_s=10.3, end_s=14.0)])
    assert early_latency(late, voice, 10.3, 10.0) == Measured(value=-2.0, unit="s")
    apart = Timeline.of([Span(start_s=5.0, end_s=6.0), Span(start_s=10.3, end_s=14.0)])
    assert early_latency(late, apart, 10.3, 10.0) == Measured(value=pytest.approx(0.3), unit="s")
