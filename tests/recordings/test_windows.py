from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import shifted

from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.conversation import Measured, Span, Timeline, Turn, Unmeasured, Word, spread
from voice_coach.recordings.analysis import analyse
from voice_coach.recordings.hearing import Heard, Voice
from voice_coach.recordings.measures import NO_SOUND, TOO_LITTLE_VOICE
from voice_coach.recordings.over_time import as_table
from voice_coach.recordings.showing import as_json, as_text
from voice_coach.recordings.windows import (
    NO_REPLY_HERE,
    NOBODY,
    TOO_FEW_WORDS,
    TOO_SHORT_FOR_TWO,
    spans_of,
    window_length_s,
)

WINDOW_S = 60.0
LONG = " ".join(["and I sat there and waited for you by the door"] * 4) + "."
TEXTS = st.sampled_from(["Mhm.", "no", "But I never!", "What was it like for you?", "[laughs]", ""])
few = settings(max_examples=20, deadline=None)


def turn(speaker: str, start_s: float, end_s: float, text: str) -> Turn:
    span = Span(start_s=start_s, end_s=end_s)
    return Turn(speaker=speaker, span=span, words=spread(text, span))


@st.composite
def utterances(draw: st.DrawFn) -> Turn:
    start_s, length_s = draw(st.integers(0, 230)), draw(st.integers(1, 90))
    text = draw(TEXTS)
    return turn(draw(st.sampled_from("ABC")), float(start_s), float(start_s + length_s), text)


conversations = st.lists(utterances(), min_size=1, max_size=7).map(
    lambda turns: [*turns, turn("A", 320.0, 330.0, "Shall we stop here?")]
)


@few
@given(conversations)
def test_the_windows_counts_add_up_to_the_wholes(turns: list[Turn]) -> None:
    found = analyse(turns, window_s=WINDOW_S)
    assert found.windows
    for number, speaker in enumerate(found.speakers):
        parts = [window.parts[number] for window in found.windows]
        assert {part.name for part in parts} == {speaker.name}
        assert sum(part.turns for part in parts) == speaker.turns
        assert sum(part.speech_s for part in parts) == pytest.approx(speaker.speech_s)
        made = [move.move for reply in speaker.replies for move in reply.judged.moves]
        assert sorted(
            kind
            for part in parts
            for kind, count in part.moves_by_kind.items()
            for _ in range(count)
        ) == sorted(made)
        cuts = [
            each
            for each in found.overlaps
            if each.by == speaker.name and each.kind == "interruption"
        ]
        told = [part.interruptions for part in parts]
        assert sum(each.value for each in told if isinstance(each, Measured)) == len(cuts)
        for part in parts:
            kinds = sum(part.moves_by_kind.values())
            assert part.moves == (
                Measured(value=kinds, unit="moves")
                if isinstance(part.moves, Measured)
                else Unmeasured(reason=part.moves.reason, unit="moves")
            )


@few
@given(conversations, st.integers(1, 4))
def test_later_by_whole_windows_the_same_windows_come_later(turns: list[Turn], by: int) -> None:
    here = analyse(turns, window_s=WINDOW_S).windows
    there = analyse(shifted(turns, by * WINDOW_S), window_s=WINDOW_S).windows
    assert [each.span for each in there[by:]] == [each.span.shifted(by * WINDOW_S) for each in here]
    assert [each.parts for each in there[by:]] == [each.parts for each in here]
    for empty in there[:by]:
        assert all(part.turns == part.words == part.speech_s == 0 for part in empty.parts)
        assert all(part.share == Unmeasured(reason=NOBODY, unit="share") for part in empty.parts)


@given(st.floats(300.0, 43_200.0))
def test_from_five_minutes_on_there_are_five_to_twelve(duration_s: float) -> None:
    spans = spans_of(duration_s)
    assert 5 <= len(spans) <= 12
    assert all(span.duration_s >= 60.0 - 1e-6 for span in spans)
    assert (spans[0].start_s, spans[-1].end_s) == (0.0, duration_s)
    assert all(before.end_s == after.start_s for before, after in pairwise(spans))
    assert all(span.duration_s < window_length_s(duration_s) + 60.0 for span in spans)


@pytest.mark.parametrize(
    ("minutes", "length"), [(2, 1), (12, 1), (12.1, 2), (50, 5), (60, 5), (61, 10), (180, 15)]
)
def test_a_window_is_as_long_as_the_conversation_asks(minutes: float, length: float) -> None:
    assert window_length_s(60 * minutes) == 60 * length


def test_a_window_under_a_minute_is_refused() -> None:
    with pytest.raises(ValueError, match="60 s or more"):
        spans_of(600.0, 30.0)


def test_what_is_too_short_for_two_says_so() -> None:
    found = analyse([turn("A", 0.0, 119.0, LONG)])
    told = as_json(found, "talk.tsv")
    assert (told["windows"], told["windows_reason"]) == ([], TOO_SHORT_FOR_TWO)
    assert f"Over time: not told: {TOO_SHORT_FOR_TWO}." in as_text(found, "talk.tsv")


def test_a_turn_across_a_border_is_parted_by_time_and_counted_once() -> None:
    found = analyse(
        [
            turn("A", 50.0, 70.0, LONG),
            turn("B", 71.0, 75.0, "You waited."),
            turn("A", 119.0, 120.0, "Yes, I waited."),
        ]
    )
    (first, second) = found.windows
    assert (first.parts[0].turns, second.parts[0].turns) == (1, 1)
    assert (first.parts[0].speech_s, second.parts[0].speech_s) == (10.0, 11.0)
    assert (first.parts[0].words, second.parts[0].words) == (22, 25)
    assert first.parts[0].words_per_min == Unmeasured(reason=TOO_FEW_WORDS, unit="words/min")
    assert second.parts[0].share == Measured(value=11.0 / 15.0, unit="share")
    assert first.parts[0].moves == Unmeasured(reason=NO_REPLY_HERE, unit="moves")
    assert first.parts[0].pitch_rise_semitones == Unmeasured(reason=NO_SOUND, unit="semitones")


def test_enough_words_have_a_pace() -> None:
    found = analyse([turn("A", 0.0, 20.0, LONG), turn("B", 119.0, 120.0, "Yes.")])
    assert found.windows[0].parts[0].words_per_min == Measured(value=132.0, unit="words/min")


def test_the_table_tells_why_something_is_missing() -> None:
    found = analyse([turn("Maya", 0.0, 20.0, LONG), turn("Leo", 119.0, 120.0, "Yes.")])
    table = as_table(found.windows)
    assert table[1].startswith("0:00–1:00  Maya")
    assert table[1].split()[2:6] == ["100%", "1", "0", "132"]
    assert any(line.endswith(f": {NO_SOUND}") for line in table)
    dashes = {cell for line in table[1:5] for cell in line.split() if cell.startswith("–")}
    assert dashes == {line.partition(":")[0] for line in table[5:]}


def sung(pitch_hz: float, seconds: float, level: float) -> np.ndarray:
    times = np.arange(round(seconds * SPEECH_RATE_HZ)) / SPEECH_RATE_HZ
    wave = sum(np.sin(2 * np.pi * pitch_hz * n * times) / n for n in range(1, 8))
    return (level * np.asarray(wave)).astype(np.float32)


def heard(turns: list[Turn], sound: Audio, void: str | None = None) -> Heard:
    activity = Timeline.of(each.span for each in turns)
    return Heard(
        utterances=tuple(turns),
        voices={"A": Voice(activity=activity, sound=sound, shared=False)},
        sound=sound,
        duration_s=sound.duration_s,
        rate_hz=SPEECH_RATE_HZ,
        words_model="none",
        overlaps_void=void,
        notes=(),
    )


def test_a_voice_that_rises_is_told_against_its_own() -> None:
    samples = np.zeros(180 * SPEECH_RATE_HZ, np.float32)
    turns = [
        turn("A", 10.0, 18.0, LONG),
        turn("A", 70.0, 78.0, LONG),
        turn("A", 130.0, 134.0, "no"),
    ]
    for each, pitch_hz, level in zip(turns, (120.0, 150.0, 120.0), (0.05, 0.1, 0.05), strict=True):
        at = round(each.span.start_s * SPEECH_RATE_HZ)
        wave = sung(pitch_hz, each.span.duration_s, level)
        samples[at : at + len(wave)] = wave
    found = analyse(turns, heard(turns, Audio(samples, SPEECH_RATE_HZ), void="one microphone"))
    calm, raised, short = (window.parts[0] for window in found.windows)
    assert isinstance(calm.pitch_rise_semitones, Measured)
    assert isinstance(raised.pitch_rise_semitones, Measured)
    rise = raised.pitch_rise_semitones.value - calm.pitch_rise_semitones.value
    assert rise == pytest.approx(12 * np.log2(150 / 120), abs=0.2)
    assert isinstance(calm.level_rise_db, Measured)
    assert isinstance(raised.level_rise_db, Measured)
    assert raised.level_rise_db.value - calm.level_rise_db.value == pytest.approx(6.0, abs=0.5)
    assert short.level_rise_db == Unmeasured(reason=f"{TOO_LITTLE_VOICE} here", unit="dB")
    assert calm.interruptions == Unmeasured(reason="one microphone", unit="interruptions")


def test_a_range_of_pitch_needs_more_than_a_few_words() -> None:
    said = [turn("A", 1.0, 4.0, "I waited for you by the door again.")]
    sound = Audio(np.pad(sung(120.0, 3.0, 0.1), SPEECH_RATE_HZ), SPEECH_RATE_HZ)
    (speaker,) = analyse(said, heard(said, sound)).speakers
    assert isinstance(speaker.measures["pitch_median_hz"], Measured)
    assert speaker.measures["pitch_range_semitones"] == Unmeasured(
        reason=TOO_LITTLE_VOICE, unit="semitones"
    )
    assert "(a rough figure: over 8 words)" in as_text(analyse(said), "talk.tsv")


def test_words_outside_every_window_lie_in_the_nearest() -> None:
    late = Word(text="late", span=Span(start_s=240.0, end_s=240.0))
    turns = [
        turn("A", 0.0, 2.0, "You said seven."),
        Turn(speaker="A", span=Span(start_s=239.0, end_s=240.0), words=(late,)),
    ]
    assert [window.parts[0].words for window in analyse(turns).windows] == [3, 0, 0, 1]
