from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from voice_coach.errors import UserError
from voice_coach.scoring.listening import judge
from voice_coach.scoring.rating import listening_json, rate_jsonl
from voice_coach.scoring.showing import as_text

ROW = {"id": "a", "line": "You forgot me.", "reply": "You felt forgotten, and it hurt."}


def test_an_object_has_the_keys_of_the_surface() -> None:
    told = listening_json(judge(ROW["line"], ROW["reply"]), "a")
    assert list(told)[:7] == [
        "id", "primary", "probabilities", "moves", "facets", "level", "score",
    ]  # fmt: skip
    assert set(told["moves"][0]) == {"move", "quote", "start", "end", "confidence"}
    assert json.loads(json.dumps(told)) == told


def test_facets_point_to_their_moves_and_grounding_is_told() -> None:
    told = listening_json(judge(ROW["line"], "You felt so hurt and left out. What was it like?"))
    assert told["level"] == "empathy"
    assert told["empathy"] in {"cognitive", "emotional", "compassionate"}
    behind = {
        facet: {told["moves"][at]["move"] for at in places}
        for facet, places in told["facet_moves"].items()
    }
    assert "open_question" in behind["inviting"]
    assert "reflection_feeling" in behind["understanding"]
    assert behind["attacking"] == set()
    assert set(told["grounding"]) == {"content", "feeling", "copied"}


def refuse(error: UserError) -> None:
    raise error


def row(**more: object) -> bytes:
    return json.dumps(ROW | more).encode()


def test_lines_are_judged_one_by_one_and_in_order() -> None:
    read = []

    def source() -> Iterator[bytes]:
        for name in "abc":
            read.append(name)
            yield row(id=name)

    stream = rate_jsonl(source(), refuse)
    assert next(stream)["id"] == "a"
    assert read == ["a"]
    assert [told["id"] for told in stream] == ["b", "c"]


def test_an_empty_reply_has_no_score_and_says_why() -> None:
    told = next(rate_jsonl([row(reply="")], refuse))
    assert told["score"] is None
    assert told["reason"] == "no words were recognised"


def test_blank_lines_are_passed_over_and_start_s_is_given_back() -> None:
    rows = list(rate_jsonl([b"\n", row(start_s=1.5, feels=["hurt"])], refuse))
    assert [row["start_s"] for row in rows] == [1.5]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{oops", "not JSON"),
        ("[1]", "no JSON object"),
        ('{"line": "x"}', 'no "reply"'),
        ('{"reply": "x"}', 'no "line"'),
        ('{"line": " ", "reply": "x"}', '"line" is empty'),
        ('{"line": "x", "reply": 3}', '"reply" is not text'),
        ('{"line": "x", "reply": "y", "feels": "hurt"}', '"feels"'),
        ('{"line": "x", "reply": "y", "start_s": "1"}', '"start_s"'),
        ('{"line": "x", "reply": "y", "id": [1]}', '"id"'),
        ("[" * 100_000, "nested too deeply"),
        ('{"line": "x", "reply": "y", "start_s": NaN}', "NaN is no number"),
        ('{"line": "x", "reply": "y", "start_s": -Infinity}', "-Infinity is no number"),
        ('{"line": "x", "reply": "y", "start_s": 1e999}', '"start_s"'),
        ('{"line": "x", "reply": "y", "id": ' + "9" * 5000 + "}", "not JSON"),
    ],
)
def test_a_bad_line_is_named_with_its_mend(text: str, says: str) -> None:
    refused: list[UserError] = []
    rows = list(rate_jsonl([row(), text.encode(), row()], refused.append))
    assert len(rows) == 2
    (fault,) = map(str, refused)
    assert "input line 2" in fault
    assert says in fault
    assert "\n" not in fault


def test_a_bad_byte_spoils_its_line_only() -> None:
    refused: list[UserError] = []
    rows = list(rate_jsonl([b'{"line": "caf\xe9"}', row()], refused.append))
    assert len(rows) == 1
    assert "not UTF-8" in str(refused[0])


def test_half_a_character_does_not_stop_the_printing() -> None:
    text = '{"id": "\\ud800x", "line": "You forgot me.", "reply": "You felt so \\udc00 left out."}'
    told = next(rate_jsonl([text.encode()], refuse))
    assert told["id"] == "\ufffdx"
    printed = json.dumps(told, ensure_ascii=False).encode("utf-8")
    assert json.loads(printed) == told
    assert "\ufffd" in as_text(judge("You forgot me.", "You felt so \udc00 left out."))
