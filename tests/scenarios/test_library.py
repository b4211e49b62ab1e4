from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

from voice_coach.errors import UserError
from voice_coach.scenarios import library
from voice_coach.scenarios.library import (
    DEFAULT_SCENARIO,
    find_scenario,
    json_schema,
    list_scenarios,
    new_scenario,
    scenarios_dir,
)
from voice_coach.scenarios.model import HEATS
from voice_coach.scenarios.reading import problems

ROOT = Path(__file__).parents[2]


def test_the_list_runs_from_calm_to_heated() -> None:
    heats = [HEATS.index(scenario.heat) for scenario in list_scenarios()]
    assert heats == sorted(heats)
    assert set(heats) == {0, 1, 2}


def test_a_scenario_is_found_by_id_title_or_file() -> None:
    by_id = find_scenario(DEFAULT_SCENARIO)
    assert find_scenario("Late home again") == by_id
    assert find_scenario("Late_Home") == by_id
    assert find_scenario(str(scenarios_dir() / "late-home.yaml")) == by_id
    assert find_scenario(scenarios_dir() / "late-home.yaml") == by_id


@pytest.mark.parametrize(
    ("name", "near"),
    [("late-hom", "late-home"), ("credit", "credit-card"), ("the other crad", "credit-card")],
)
def test_a_mistyped_name_offers_what_is_near(name: str, near: str) -> None:
    with pytest.raises(UserError, match=rf"Did you mean .*{near}.*scenarios list shows them all"):
        find_scenario(name)


@pytest.mark.parametrize("name", ["", "xyzzy", "..", "../../etc/passwd", "gone.yaml"])
def test_what_is_not_there_is_one_clear_line(name: str) -> None:
    with pytest.raises(UserError) as caught:
        find_scenario(name)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "title", "scenario_id", "wanted"),
    [
        ("our-evening.yaml", None, "our-evening", "Our evening"),
        ("Mum's visit.yml", 'She said: "no" # again', "mums-visit", 'She said: "no" # again'),
        ("a.yaml", "Nächtliches Gespräch", "a", "Nächtliches Gespräch"),
    ],
)
def test_a_new_scenario_passes_the_check(
    tmp_path: Path, name: str, title: str | None, scenario_id: str, wanted: str
) -> None:
    path = new_scenario(tmp_path / name, title=title)
    assert problems(path) == ()
    scenario = find_scenario(path)
    assert (scenario.id, scenario.title) == (scenario_id, wanted)
    before = path.read_bytes()
    with pytest.raises(UserError, match="there already"):
        new_scenario(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("evening.txt", None),
        ("evening", None),
        ("!!!.yaml", None),
        ("gone/evening.yaml", None),
        ("evening.yaml", "An \x1b evening"),
        ("evening.yaml", "long " * 40),
    ],
)
def test_a_new_scenario_is_refused_in_one_line(
    tmp_path: Path, name: str, title: str | None
) -> None:
    with pytest.raises(UserError):
        new_scenario(tmp_path / name, title=title)
    assert not list(tmp_path.iterdir())


def test_the_published_schema_is_the_models() -> None:
    published = json.loads((scenarios_dir() / "schema.json").read_text(encoding="utf-8"))
    assert published == json_schema(), (
        "write scenarios/schema.json again: python -m voice_coach.scenarios.library"
    )


@pytest.mark.parametrize("path", sorted(scenarios_dir().glob("*.yaml")), ids=lambda path: path.stem)
def test_bundled_files_agree_with_the_schema_and_their_names(path: Path) -> None:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(json_schema())
    jsonschema.Draft202012Validator(json_schema()).validate(data)
    assert problems(path) == ()
    assert data["id"] == path.stem


def test_the_schema_refuses_what_the_program_refuses() -> None:
    data = yaml.safe_load((scenarios_dir() / "late-home.yaml").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(json_schema())
    for spoilt in (
        data | {"extra": "x"},
        data | {"heat": "tepid"},
        data | {"title": " "},
        data | {"lines": []},
        {key: value for key, value in data.items() if key != "start"},
    ):
        assert not validator.is_valid(spoilt)


def test_missing_scenarios_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "__file__", str(tmp_path / "voice_coach/scenarios/library.py"))
    with pytest.raises(UserError, match="Install Voice Coach again"):
        scenarios_dir()
    bundled = tmp_path / "voice_coach" / "bundled" / "scenarios"
    bundled.mkdir(parents=True)
    (bundled / "late-home.yaml").touch()
    assert scenarios_dir() == bundled


def test_importing_the_room_loads_nothing_heavy() -> None:
    code = (
        "import sys, voice_coach.scenarios, voice_coach.scenarios.library\n"
        "print(sorted({'pydantic', 'yaml', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
