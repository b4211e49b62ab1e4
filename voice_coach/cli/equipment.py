"""What practising needs on this machine: sound devices, speech models, and a check of it all."""

from __future__ import annotations

import click

from voice_coach.cli.results import json_option, print_json


@click.command()
@json_option
def doctor(as_json: bool) -> None:
    """Check microphone, loudspeaker, voices, models and disk, and name each mend."""
    from voice_coach.practice.doctor import examine

    findings = []
    for finding in examine():
        findings.append(finding)
        if not as_json:
            mark = {"ok": "✓", "warn": "!", "fail": "✗"}[finding.kind]
            click.echo(f" {mark} {finding.what}")
            if finding.mend:
                click.echo(f"   → {finding.mend}")
    if as_json:
        print_json(
            {
                "findings": [
                    {"kind": found.kind, "what": found.what, "mend": found.mend}
                    for found in findings
                ]
            }
        )
    if any(finding.kind == "fail" for finding in findings):
        raise SystemExit(1)


@click.command()
@click.option("--input", "input_name", help="Use and remember this microphone.")
@click.option("--output", "output_name", help="Use and remember this loudspeaker.")
@click.option("--test", "test", is_flag=True, help="Play a sound and listen for two seconds.")
@json_option
def devices(input_name: str | None, output_name: str | None, test: bool, as_json: bool) -> None:
    """List microphones and loudspeakers; choose and test them."""
    from voice_coach.practice import doctor as checks

    listing = checks.devices_report(input_name=input_name, output_name=output_name, test=test)
    if as_json:
        print_json(listing.as_json())
    else:
        click.echo("\n".join(listing.lines()))


@click.group()
def models() -> None:
    """Speech models: which there are, which is used."""


@models.command("list")
@json_option
def models_list(as_json: bool) -> None:
    """List the models that come along and those that can be fetched."""
    from voice_coach.practice.choices import model_rows

    rows = model_rows()
    if as_json:
        print_json({"models": rows})
        return
    for row in rows:
        mark = "*" if row["in_use"] else " "
        click.echo(f" {mark} {row['name']:<16} {row['note']}")


@models.command("use")
@click.argument("name")
@json_option
def models_use(name: str, as_json: bool) -> None:
    """Set a model up (hash-checked) and use it from now on."""
    from voice_coach.practice.choices import use_model

    told = use_model(name)
    if as_json:
        print_json({"model": name})
    else:
        click.echo(told)


@models.command("fetch")
@click.argument("name")
@json_option
def models_fetch(name: str, as_json: bool) -> None:
    """Fetch another model. The only command that uses the network, and it says so first."""
    from voice_coach.home import home_dir
    from voice_coach.speech.models import fetch_model

    folder = fetch_model(name, home_dir(), lambda text: click.echo(text, err=True))
    if as_json:
        print_json({"model": name, "folder": str(folder)})
    else:
        click.echo(f"{name} is ready in {folder}. Use it with: voice-coach models use {name}")
