from __future__ import annotations

import re
from pathlib import Path

from voice_coach.scenarios.model import (
    MAX_NAME_CHARS,
    MAX_REPLY_WORDS,
    MAX_SAID_WORDS,
    Line,
    Scenario,
)
from voice_coach.scenarios.reading import problems, read_scenario

PAGE = (Path(__file__).parents[2] / "docs" / "authoring.md").read_text(encoding="utf-8")


def test_the_example_on_the_page_is_a_whole_scenario(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)
    path = tmp_path / "the-call.yaml"
    path.write_text(example, encoding="utf-8")
    assert problems(path) == ()
    assert read_scenario(path).id == "the-call"


def test_the_page_names_every_field_and_limit() -> None:
    for model in (Scenario, Line):
        for field in model.model_fields:
            assert f"| `{field}` |" in PAGE
    assert f"at most {MAX_NAME_CHARS} letters" in PAGE
    assert f"at most {MAX_SAID_WORDS} words" in PAGE
    assert f"at most {MAX_REPLY_WORDS} words" in PAGE
