"""The scripted conflicts: list, show, check and begin one."""

from __future__ import annotations

from pathlib import Path

import click

from voice_coach.cli.results import json_option, print_json


@click.group()
def scenarios() -> None:
    """The scripted conflicts: look at them, check them, write your own."""


@scenarios.command("list")
@json_option
def scenarios_list(as_json: bool) -> None:
    """List the scenarios, from calm to heated."""
    from voice_coach.scenarios.library import list_scenarios

    found = list_scenarios()
    if as_json:
        print_json(
            {
                "scenarios": [
                    {
                        "id": each.id,
                        "title": each.title,
                        "heat": each.heat,
                        "about": each.about,
                        "partner": each.partner.name,
                        "lines": len(each.lines),
                    }
                    for each in found
                ]
            }
        )
        return
    for each in found:
        click.echo(f"  {each.id:<24} {each.heat:<7} {each.title} ({each.partner.name})")


@scenarios.command("show")
@click.argument("scenario")
@json_option
def scenarios_show(scenario: str, as_json: bool) -> None:
    """Show one scenario: its setting, lines and branches."""
    from voice_coach.scenarios.library import find_scenario
    from voice_coach.scenarios.showing import as_text

    found = find_scenario(scenario)
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        click.echo(as_text(found))


@scenarios.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@json_option
def scenarios_check(files: tuple[Path, ...], as_json: bool) -> None:
    """Check scenario files; every fault is named with its file and line."""
    from voice_coach.scenarios.reading import problems

    faults = [(path, problems(path)) for path in files]
    if as_json:
        print_json({"files": [{"file": str(path), "faults": found} for path, found in faults]})
    for path, found in faults if not as_json else ():
        for fault in found:
            click.echo(fault, err=True)
        if not found:
            click.echo(f"{path}: fine")
    if any(found for _, found in faults):
        raise SystemExit(2)


@scenarios.command("new")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--title", help="What the scenario is called.")
def scenarios_new(file: Path, title: str | None) -> None:
    """Write a commented scenario to start from."""
    from voice_coach.scenarios.library import new_scenario

    path = new_scenario(file, title=title)
    click.echo(f"{path} is ready to edit. Check it with: voice-coach scenarios check {path}")
