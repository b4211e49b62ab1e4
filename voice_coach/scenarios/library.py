"""The scenarios that come with the program, and the start of new ones."""

from __future__ import annotations

import difflib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voice_coach.errors import UserError
from voice_coach.scenarios.template import TEMPLATE

if TYPE_CHECKING:
    from voice_coach.scenarios.model import Scenario

DEFAULT_SCENARIO = "late-home"
"""The id of the scenario that a sitting takes when none is named."""

FILE_ENDINGS = (".yaml", ".yml")
NEAR = 0.5
"""How alike a mistyped name must be to be offered (difflib's ratio, 0 to 1). Chosen."""


def scenarios_dir() -> Path:
    """The folder of bundled scenarios: inside an installed package, or beside a checkout's.

    Raises UserError where there is neither.
    """
    package = Path(__file__).parent.parent
    for folder in (package / "bundled" / "scenarios", package.parent / "scenarios"):
        if (folder / f"{DEFAULT_SCENARIO}.yaml").is_file():
            return folder
    raise UserError(
        "The scenarios that come with the program are missing. Install Voice Coach again, or name "
        "a scenario file of your own."
    )


def list_scenarios() -> tuple[Scenario, ...]:
    """All bundled scenarios, from calm to heated, by title within each heat."""
    from voice_coach.scenarios.model import HEATS
    from voice_coach.scenarios.reading import read_scenario

    found = [read_scenario(path) for path in scenarios_dir().glob("*.yaml")]
    return tuple(sorted(found, key=lambda scenario: (HEATS.index(scenario.heat), scenario.title)))


def find_scenario(name_or_path: str | Path) -> Scenario:
    """The bundled scenario of this id (or title), or the one in this YAML file.

    What ends in .yaml or .yml, or holds a folder, is a file. Raises UserError where there is
    none, with the names that come near, and for every fault in the file.
    """
    from voice_coach.scenarios.reading import read_scenario

    path = Path(name_or_path)
    name = str(name_or_path)
    if isinstance(name_or_path, Path) or path.suffix.lower() in FILE_ENDINGS or path.name != name:
        return read_scenario(path)
    folder = scenarios_dir()
    by_id = {file.stem: file for file in folder.glob("*.yaml")}
    wanted = _slug(name)
    if wanted in by_id:
        return read_scenario(by_id[wanted])
    titled = {_slug(scenario.title): scenario for scenario in list_scenarios()}
    if wanted in titled:
        return titled[wanted]
    ids = {**{_slug(s.title): s.id for s in titled.values()}, **{name: name for name in by_id}}
    close = difflib.get_close_matches(wanted, list(ids), n=3, cutoff=NEAR)
    near = list(dict.fromkeys(ids[match] for match in close))
    offer = f"Did you mean {' or '.join(near)}? " if near else ""
    raise UserError(
        f'There is no scenario "{name}". {offer}voice-coach scenarios list shows them all.'
    )


def is_bundled(scenario: Scenario) -> bool:
    """Whether this is, word for word, a scenario that comes with the program."""
    from voice_coach.scenarios.reading import read_scenario

    path = scenarios_dir() / f"{scenario.id}.yaml"
    return path.is_file() and read_scenario(path) == scenario


def new_scenario(path: Path, *, title: str | None = None) -> Path:
    """Write a commented scenario to start from, which passes the check; return where it lies.

    Its id is the file's name; the title is that name too where none is given. Raises UserError
    where the file is there already, cannot be written, or its name or the title is no use.
    """
    path = Path(path)
    scenario_id = _slug(path.stem)
    if path.suffix.lower() not in FILE_ENDINGS or not scenario_id:
        raise UserError(f"{path} is no name for a scenario. Use one like our-evening.yaml.")
    named = " ".join((title or "").split()) or scenario_id.replace("-", " ").capitalize()
    text = TEMPLATE.replace("SCENARIO-ID", scenario_id).replace(
        "SCENARIO-TITLE", json.dumps(named, ensure_ascii=False)
    )
    _check_template(scenario_id, named)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise UserError(
            f"{path} is there already. Choose another name, or move it away."
        ) from error
    except OSError as error:
        raise UserError(
            f"{path} cannot be written ({error.strerror}). Choose a folder that is there and yours."
        ) from error
    return path


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a scenario file (draft 2020-12), as in scenarios/schema.json."""
    from voice_coach.scenarios.model import Scenario

    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Scenario.model_json_schema(),
    }


def _slug(text: str) -> str:
    """Small letters and digits with single hyphens between."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower().replace("'", "")).strip("-")


def _check_template(scenario_id: str, title: str) -> None:
    from voice_coach.scenarios.model import MAX_NAME_CHARS

    for what, value in (("file name", scenario_id), ("title", title)):
        if len(value) > MAX_NAME_CHARS or not value.isprintable():
            raise UserError(
                f"The {what} is too long or holds odd characters. "
                f"Use at most {MAX_NAME_CHARS} plain letters."
            )


if __name__ == "__main__":
    _schema = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    (scenarios_dir() / "schema.json").write_text(_schema, encoding="utf-8", newline="\n")
