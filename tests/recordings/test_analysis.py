from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import TALK, shifted

from voice_coach.cli import main
from voice_coach.conversation import Measured, Span, Turn, Unmeasured, spread
from voice_coach.recordings.analysis import NO_REPLY, analyse
from voice_coach.recordings.measures import NO_WORDS, TOO_SHORT
from voice_coach.recordings.showing import as_json


def turn(speaker: str, start_s: float, end_s: float, text: str) -> Turn:
    span = Span(start_s=start_s, end_s=end_s)
    return Turn(speaker=speaker, span=span, words=spread(text, span))


@pytest.fixture
def told(tmp_path: Path) -> dict[str, Any]:
    path = tmp_path / "talk.tsv"
    path.write_text(TALK, encoding="utf-8")
    done = CliRunner().invoke(main, ["analyze", "--turns", str(path), "--json"])
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.output)
    return found


def test_the_json_tells_turns_overlaps_and_latencies(told: dict[str, Any]) -> None:
    assert told["recording"] == "talk.tsv"
    assert told["duration_s"] == 12.0
    assert [each["speaker"] for each in told["turns"]] == ["Maya", "Leo", "Maya", "Leo"]
    assert told["turns"][2]["text"] == "I felt so alone."
    assert [each["text"] for each in told["passing"]] == ["Mhm."]
    assert [(each["by"], each["over"], each["kind"]) for each in told["overlaps"]] == [
        ("Leo", "Maya", "backchannel"),
        ("Leo", "Maya", "interruption"),
    ]
    assert told["overlaps"][1]["start_s"] == 3.0
    assert told["latencies"] == [
        {"from": "Maya", "to": "Leo", "seconds": -1.0},
        {"from": "Leo", "to": "Maya", "seconds": 0.5},
        {"from": "Maya", "to": "Leo", "seconds": 0.25},
    ]


def test_the_json_tells_each_speakers_part(told: dict[str, Any]) -> None:
    maya, leo = told["speakers"]
    assert (maya["name"], leo["name"]) == ("Maya", "Leo")
    assert maya["speech_s"] == 6.5
    assert maya["share"] + leo["share"] == pytest.approx(1.0)
    assert maya["pacing"]["words_per_min"]["value"] == 180.0
    assert [each["text"] for each in leo["pacing"]["fillers"]] == ["um,"]
    assert maya["pacing"]["pitch_median_hz"]["value"] is None
    assert "no sound" in maya["pacing"]["pitch_median_hz"]["reason"]


def test_replies_are_judged_as_answers_to_the_turn_before(told: dict[str, Any]) -> None:
    leo = told["speakers"][1]["listening"]
    assert leo["replies"] == 2
    assert set(leo["facets"]) >= {"validating", "understanding", "attacking"}
    assert told["model"]["listening"].startswith("listening@")
    moves = {move["move"]: move for move in leo["moves"] if move["turn"] == 3}
    assert "validation" in moves
    for move in leo["moves"]:
        text = told["turns"][move["turn"]]["text"]
        assert text[move["start"] : move["end"]] == move["quote"]
        assert told["turns"][move["turn"]]["start_s"] <= move["start_s"] <= move["end_s"]


def test_people_get_a_few_lines(tmp_path: Path) -> None:
    path = tmp_path / "talk.tsv"
    path.write_text(TALK, encoding="utf-8")
    done = CliRunner().invoke(main, ["analyze", "--turns", str(path)])
    assert done.exit_code == 0
    assert "Maya spoke 51% of the talk" in done.output
    assert "0:03  Leo came in over Maya" in done.output


def test_without_words_it_says_so() -> None:
    spans = [Span(start_s=0.0, end_s=4.0), Span(start_s=4.5, end_s=6.0)]
    found = analyse([Turn(speaker="A", span=spans[0]), Turn(speaker="B", span=spans[1])])
    assert found.listening_model is None
    for speaker in found.speakers:
        assert speaker.fillers is None
        assert speaker.listening_reason == NO_WORDS
        pace = speaker.measures["words_per_min"]
        assert isinstance(pace, Unmeasured)
        assert pace.reason == NO_WORDS
    told = as_json(found, "talk.rttm")
    assert told["speakers"][0]["pacing"]["reasons"] == {"fillers": NO_WORDS}
    assert told["speakers"][0]["listening"]["facets"] is None


def test_too_few_words_give_no_pace_and_no_reply_no_listening() -> None:
    (speaker,) = analyse([turn("A", 0.0, 2.0, "I am tired.")]).speakers
    assert speaker.measures["words_per_min"] == Unmeasured(reason=TOO_SHORT, unit="words/min")
    assert speaker.listening_reason == NO_REPLY


def test_silence_between_ones_own_utterances_is_a_pause() -> None:
    (speaker,) = analyse(
        [
            turn("A", 0.0, 2.0, "I sat there and I waited"),
            turn("A", 3.0, 6.0, "for two hours and more"),
        ]
    ).speakers
    assert speaker.pauses == (Span(start_s=2.0, end_s=3.0),)
    assert speaker.measures["words_per_min"] == Measured(value=110.0, unit="words/min")


def test_a_transcript_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "talk.tsv"
    path.write_text("start\tend\tspeaker\ttext\nsoon\t1\tA\thello\n", encoding="utf-8")
    done = CliRunner().invoke(main, ["analyze", "--turns", str(path), "--json"])
    assert done.exit_code == 2
    assert done.stdout == ""
    assert f"{path}:2: " in done.stderr


TICK_S = 0.125
TEXTS = st.sampled_from(["Mhm.", "no", "but I never", "Do you want it?", "[laughs]", ""])


@st.composite
def utterances(draw: st.DrawFn) -> Turn:
    start, length = draw(st.integers(0, 80)), draw(st.integers(1, 40))
    text = draw(TEXTS)
    return turn(draw(st.sampled_from("ABC")), start * TICK_S, (start + length) * TICK_S, text)


conversations = st.lists(utterances(), max_size=6)
few = settings(max_examples=30, deadline=None)


@few
@given(conversations, st.integers(0, 4000))
def test_shifting_time_shifts_results(turns: list[Turn], ticks: int) -> None:
    by_s = ticks * TICK_S
    here, there = analyse(turns), analyse(shifted(turns, by_s))
    assert [each.span for each in there.turns] == [each.span.shifted(by_s) for each in here.turns]
    assert [(each.by, each.over, each.kind, each.span) for each in there.overlaps] == [
        (each.by, each.over, each.kind, each.span.shifted(by_s)) for each in here.overlaps
    ]
    for one, other in zip(here.speakers, there.speakers, strict=True):
        assert other.speech_s == one.speech_s
        assert other.facets == one.facets
        assert other.pauses == tuple(pause.shifted(by_s) for pause in one.pauses)
    assert [each.offset_s for each in there.latencies] == [each.offset_s for each in here.latencies]


@few
@given(conversations, st.permutations("ABC"))
def test_swapping_speakers_swaps_them(turns: list[Turn], names: list[str]) -> None:
    other = dict(zip("ABC", names, strict=True))
    here = analyse(turns)
    there = analyse([replace(each, speaker=other[each.speaker]) for each in turns])
    assert there.speakers == tuple(replace(each, name=other[each.name]) for each in here.speakers)
    assert there.overlaps == tuple(
        replace(each, by=other[each.by], over=other[each.over]) for each in here.overlaps
    )


@few
@given(conversations)
def test_silence_appended_changes_nothing(turns: list[Turn]) -> None:
    rest = turn("A", 100.0, 130.0, "[silence]")
    here, there = analyse(turns), analyse([*turns, rest])
    assert there.turns == here.turns
    assert there.latencies == here.latencies
    assert there.overlaps == here.overlaps


def test_who_goes_on_after_a_silence_answers_nobody() -> None:
    told = analyse(
        [
            turn("Maya", 0.0, 3.0, "You left me alone there"),
            turn("Maya", 9.0, 12.0, "I felt so hurt and alone"),
        ]
    )
    (maya,) = told.speakers
    assert maya.listening_reason == NO_REPLY
