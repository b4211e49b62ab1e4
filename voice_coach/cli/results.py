"""Results as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import click


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command ``--json``; it learns of it as ``as_json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout.")(command)


def print_json(told: object) -> None:
    """One JSON object, on one line of stdout."""
    click.echo(json.dumps(told, ensure_ascii=False))
