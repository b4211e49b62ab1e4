"""Events survive the way to JSON and back, and nothing else is taken for an event."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voice_coach.conversation import Measure, Measured, Span, Unmeasured, Word
from voice_coach.errors import UserError
from voice_coach.practice.codec import (
    EVENT_TYPES,
    event_from_json,
    event_from_line,
    event_to_json,
    event_to_line,
)
from voice_coach.practice.events import (
    Event,
    LineSpoken,
    Noted,
    Scored,
    SittingEnded,
    TurnEnded,
)
from voice_coach.scoring.scorecard import Observation, Score
from voice_coach.scoring.track import ToneTrack

milliseconds = st.integers(-(10**7), 10**7).map(lambda count: round(count / 1000, 3))
shares = st.integers(0, 1000).map(lambda count: round(count / 1000, 3))
texts = st.text(max_size=20)
some_spans = st.tuples(milliseconds, milliseconds).map(
    lambda ends: Span(start_s=min(ends), end_s=max(ends))
)
reasons = texts.filter(lambda text: text.strip())
BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    str: texts,
    int: st.integers(-(10**9), 10**9),
    bool: st.booleans(),
    float: milliseconds,
    Span: some_spans,
    Word: st.builds(
        Word,
        text=texts.map(str.strip).filter(bool),
        span=some_spans,
        probability=shares,
    ),
    Measure: st.builds(Measured, value=milliseconds, unit=texts)
    | st.builds(Unmeasured, reason=reasons, unit=texts),
}


def values_of(hint: Any) -> st.SearchStrategy[Any]:  # noqa: PLR0911 - one for each kind
    """Any value that the annotation allows, with what its class demands."""
    if hint in BY_TYPE:
        return BY_TYPE[hint]
    kind, inner = get_origin(hint), get_args(hint)
    if kind in (Union, UnionType):
        return st.one_of(st.none() if arg is NoneType else values_of(arg) for arg in inner)
    if kind is Literal:
        return st.sampled_from(inner)
    if kind is tuple:
        return st.lists(values_of(inner[0]), max_size=3).map(tuple)
    if kind is Mapping:
        return st.dictionaries(values_of(inner[0]), values_of(inner[1]), max_size=3)
    if hint is Score:
        observations = values_of(tuple[Observation, ...])
        return st.builds(
            Score,
            score=st.integers(0, 100),
            reason=st.none() | texts,
            observations=observations,
        ) | st.builds(Score, score=st.none(), reason=reasons, observations=observations)
    if hint is ToneTrack:
        steps = st.lists(st.tuples(*[st.none() | st.integers(1, 400)] * 2), max_size=4)
        return st.builds(
            lambda start_s, steps: ToneTrack(
                start_s=start_s,
                step_s=0.1,
                pitch_hz=tuple(pitch for pitch, _ in steps),
                level_db=tuple(None if level is None else -level for _, level in steps),
            ),
            milliseconds,
            steps,
        )
    hints = get_type_hints(hint)
    return st.builds(hint, **{field.name: values_of(hints[field.name]) for field in fields(hint)})


@pytest.mark.parametrize("name", EVENT_TYPES)
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_every_event_comes_back_as_it_was(name: str, data: st.DataObject) -> None:
    event = data.draw(values_of(EVENT_TYPES[name]))
    line = event_to_line(event)
    assert "\n" not in line
    assert event_from_line(line) == event
    told = json.loads(line, parse_constant=pytest.fail)
    assert told == event_to_json(event)
    assert list(told)[0:2] == ["event", "at_s"]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_rounded_once(at_s: float) -> None:
    told = event_to_json(Noted(at_s=at_s, text=""))
    assert told["at_s"] == pytest.approx(at_s, abs=0.0005)
    assert event_to_json(event_from_json(told)) == told


def test_an_event_looks_as_designed() -> None:
    span = Span(start_s=1.0004, end_s=2.5)
    event = Scored(
        at_s=12.34567,
        attempt=1,
        line_id="late",
        listening=Score(
            score=70, observations=(Observation(text="You named it", quote="hurt", span=span),)
        ),
        pacing=Score(score=None, reason="under 8 words", observations=(Observation(text="Calm"),)),
        interruptions=Score(score=100),
        primary="reflection",
        level="empathy",
        facets={"validating": 0.5},
        moves=(),
        measures={
            "words_per_min": Unmeasured(reason="under 8 words", unit="words/min"),
            "latency_s": Measured(value=0.25, unit="s"),
        },
        pauses=(span,),
        model="listening@1",
    )
    assert event_to_json(event) == {
        "event": "Scored",
        "at_s": 12.346,
        "attempt": 1,
        "line_id": "late",
        "listening": {
            "score": 70,
            "reason": None,
            "observations": [
                {
                    "text": "You named it",
                    "quote": "hurt",
                    "start_s": 1.0,
                    "end_s": 2.5,
                    "sure": True,
                }
            ],
        },
        "pacing": {
            "score": None,
            "reason": "under 8 words",
            "observations": [
                {"text": "Calm", "quote": "", "start_s": None, "end_s": None, "sure": True}
            ],
        },
        "interruptions": {"score": 100, "reason": None, "observations": []},
        "primary": "reflection",
        "level": "empathy",
        "facets": {"validating": 0.5},
        "moves": [],
        "measures": {
            "words_per_min": {"value": None, "unit": "words/min", "reason": "under 8 words"},
            "latency_s": {"value": 0.25, "unit": "s", "reason": None},
        },
        "pauses": [{"start_s": 1.0, "end_s": 2.5}],
        "model": "listening@1",
        "changes": [],
        "track": None,
        "fillers": [],
        "tone": None,
        "own_pace": None,
    }


def test_words_carry_their_times() -> None:
    word = Word(text="Oh,", span=Span(start_s=1.0, end_s=1.2), probability=0.91)
    event = TurnEnded(
        at_s=3.0, attempt=1, text="Oh,", words=(word,), span=None, activity=(), ended_by="key"
    )
    told = event_to_json(event)
    assert told["words"] == [{"text": "Oh,", "start_s": 1.0, "end_s": 1.2, "probability": 0.91}]
    assert (told["start_s"], told["end_s"]) == (None, None)


def test_numbers_of_numpy_are_plain_numbers() -> None:
    told = event_to_json(Noted(at_s=np.float32(0.5), text=""))  # type: ignore[arg-type]
    assert told["at_s"] == 0.5
    assert type(told["at_s"]) is float


@pytest.mark.parametrize("at_s", [math.nan, math.inf, -math.inf])
def test_no_event_is_written_with_a_number_that_json_lacks(at_s: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        event_to_json(Noted(at_s=at_s, text=""))


def test_a_value_that_no_event_holds_is_refused() -> None:
    with pytest.raises(TypeError, match="bytes"):
        event_to_json(Noted(at_s=0.0, text=b"x"))  # type: ignore[arg-type]


def test_text_that_no_file_can_hold_is_made_fit() -> None:
    line = event_to_line(Noted(at_s=0.0, text="mic \udcff"))
    assert event_from_line(line.encode().decode()) == Noted(at_s=0.0, text="mic ?")


def test_a_field_with_a_default_may_be_absent() -> None:
    ended = event_from_json({"event": "SittingEnded", "at_s": 1, "reason": "x", "attempts": 0})
    assert ended == SittingEnded(at_s=1.0, reason="x", attempts=0)


LINE = LineSpoken(
    at_s=1.0,
    attempt=1,
    line_id="a",
    partner="Sam",
    text="You're late.",
    span=Span(start_s=0.0, end_s=1.0),
)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"event": "Sung"}, 'no event called "Sung"'),
        ({"event": None}, "no event called null"),
        ({"at_s": "1"}, 'LineSpoken.at_s should be a number, but holds "1"'),
        ({"at_s": True}, "a number"),
        ({"at_s": math.nan}, "finite"),
        ({"at_s": 10**400}, "ordinary size"),
        ({"attempt": 1.5}, "a whole number"),
        ({"attempt": True}, "a whole number"),
        ({"text": None}, "text"),
        ({"start_s": None}, "LineSpoken.span.start_s should be a number"),
        ({"start_s": None, "end_s": None}, "a number"),
        ({"start_s": 2.0}, "ends before it starts"),
        ({"mood": "good" * 99}, "something unknown"),
    ],
)
def test_what_is_no_event_is_refused_in_one_line(change: dict[str, Any], said: str) -> None:
    refused(event_to_json(LINE) | change, said)


@pytest.mark.parametrize("key", ["at_s", "attempt", "text", "start_s", "end_s"])
def test_a_lacking_field_is_named(key: str) -> None:
    told = event_to_json(LINE)
    del told[key]
    refused(told, f'LineSpoken lacks "{key}"')


@pytest.mark.parametrize("held", [None, [], "Noted", 3])
def test_an_event_is_an_object(held: object) -> None:
    refused(held, "an object")


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        (None, "an object with value"),
        ({"value": 1.0, "unit": "s"}, "an object with value"),
        ({"value": 1.0, "unit": "s", "reason": "both"}, "either a value or a reason"),
        ({"value": None, "unit": "s", "reason": None}, "either a value or a reason"),
        ({"value": None, "unit": "s", "reason": " "}, "must say why"),
    ],
)
def test_a_measure_has_a_value_or_a_reason(measure: object, said: str) -> None:
    told = {
        "event": "Scored",
        "at_s": 0.0,
        "attempt": 1,
        "line_id": "a",
        **dict.fromkeys(("listening", "pacing", "interruptions"), SCORE),
        "primary": "other",
        "level": "unclear",
        "facets": {},
        "moves": [],
        "measures": {"latency_s": measure},
        "pauses": [],
        "model": "listening@1",
    }
    refused(told, said)
    refused(told | {"measures": {}, "facets": {"clever": 1.0}}, "one of validating")
    refused(told | {"measures": {}, "pauses": {}}, "a list")
    refused(told | {"measures": {}, "facets": []}, "an object")
    refused(told | {"measures": {}, "pacing": SCORE | {"score": 101}}, "between 0 and 100")


SCORE = {"score": 50, "reason": None, "observations": []}


@pytest.mark.parametrize("line", ["", "{", "[" * 100_000, "9" * 5000, "\x00"])
def test_a_line_that_is_no_json_is_refused(line: str) -> None:
    with pytest.raises(UserError, match="not JSON") as caught:
        event_from_line(line)
    assert "\n" not in str(caught.value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | texts,
        lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
        max_leaves=8,
    ),
    st.sampled_from(sorted(event_to_json(LINE))),
)
def test_any_json_is_an_event_or_one_clear_line(held: object, key: str) -> None:
    try:
        event: Event = event_from_json(event_to_json(LINE) | {key: held})
    except UserError as error:
        assert len(str(error).splitlines()) == 1  # noqa: PT017 - either outcome is right
    else:
        assert event_from_json(event_to_json(event)) is not None


def refused(held: object, said: str) -> None:
    with pytest.raises(UserError) as caught:
        event_from_json(held)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
