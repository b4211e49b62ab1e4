from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from voice_coach.scenarios.model import OUTCOMES, Line, Outcome, Scenario, web_faults

Row = tuple[str | None, str | None, str | None]
Web = dict[str, Row]


def targets_of(row: Row) -> dict[str, str | None]:
    return dict(zip(map(str, OUTCOMES), row, strict=True))


def line_data(line_id: str, targets: Row) -> dict[str, Any]:
    return {
        "id": line_id,
        "says": "You said you would be here, and you were not.",
        "feels": ["hurt"],
        "needs": ["to count on you"],
        "facts": ["you were not here"],
        "replies": ["You waited and I did not come.", "That must have been lonely."],
        "branches": targets_of(targets),
    }


def scenario_data(web: Web, **changes: Any) -> dict[str, Any]:
    return {
        "id": "an-evening",
        "title": "An evening",
        "about": "couple",
        "heat": "tense",
        "setting": "It is late.",
        "partner": {"name": "Maya", "voice": "female", "relation": "your wife"},
        "start": "one",
        "lines": [line_data(line_id, targets) for line_id, targets in web.items()],
    } | changes


STRAIGHT: Web = {
    "one": ("two", "one", "two"),
    "two": ("three", None, "one"),
    "three": (None, None, None),
}
LOOSE: Web = {"four": (None, None, None)}


def test_a_reply_leads_to_the_line_of_its_outcome() -> None:
    scenario = Scenario.model_validate(scenario_data(STRAIGHT))
    assert scenario.line("two").id == "two"
    following = scenario.next("one", "softens")
    assert isinstance(following, Line)
    assert following.id == "two"
    assert scenario.next("two", "escalates") == scenario.line("one")
    assert scenario.next("two", "repeats") is None
    with pytest.raises(KeyError):
        scenario.line("four")


def test_values_are_frozen_and_texts_are_one_line() -> None:
    data = scenario_data(STRAIGHT, setting="It is late.\n  Very late.\n")
    scenario = Scenario.model_validate(data)
    assert scenario.setting == "It is late. Very late."
    assert scenario.learner is None
    with pytest.raises(ValidationError):
        scenario.setting = "another"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": "An Evening"}, "id"),
        ({"heat": "boiling"}, "heat"),
        ({"setting": "  "}, "setting"),
        ({"setting": "word " * 81}, "81 words"),
        ({"title": "An \x1b[31mevening"}, "control character"),
        ({"colour": "red"}, "colour"),
        ({"start": "nowhere"}, "nowhere"),
        ({"lines": []}, "lines"),
    ],
)
def test_what_is_not_right_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Scenario.model_validate(scenario_data(STRAIGHT, **change))


@pytest.mark.parametrize(
    ("web", "words"),
    [
        ([("one", ("two", None, None)), ("one", (None, None, None))], "two lines have the id"),
        ([("one", ("gone", None, None))], 'leads to "gone"'),
        (list((STRAIGHT | LOOSE).items()), "never reached"),
        ([("one", ("two", None, None)), ("two", ("one", None, None))], "never ends"),
        ([("one", ("two", None, None)), ("two", (None, None, None))], "after 2 lines"),
        ([("one", (None, None, None))], "after 1 line."),
    ],
)
def test_a_web_of_lines_that_does_not_hold_is_told(web: list[tuple[str, Row]], words: str) -> None:
    lines = [(line_id, targets_of(targets)) for line_id, targets in web]
    assert words in " ".join(fault.text for fault in web_faults("one", lines))


IDS = ["a", "b", "c", "d", "e"]
TARGETS = st.one_of(st.none(), st.sampled_from(IDS))


@given(st.lists(st.tuples(TARGETS, TARGETS, TARGETS), min_size=5, max_size=5))
def test_a_web_without_faults_ends_by_softening_from_anywhere(
    rows: list[Row],
) -> None:
    web = {name: targets_of(row) for name, row in zip(IDS, rows, strict=True)}
    if web_faults("a", list(web.items())):
        return
    for name in IDS:
        at: str | None = name
        for _ in range(len(IDS)):
            at = web[at]["softens"] if at is not None else None
        assert at is None


def test_the_outcomes_are_those_of_the_events() -> None:
    from voice_coach.practice import events

    assert get_args(events.Outcome) == get_args(Outcome)
