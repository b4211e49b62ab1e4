"""What the person keeps and chooses between sittings: the store, the model, exports."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from voice_coach.errors import UserError
from voice_coach.home import home_dir, read_config, write_config
from voice_coach.practice.exports import to_html, to_json, to_markdown
from voice_coach.practice.history import sitting
from voice_coach.practice.store import HISTORY_FILE, Store
from voice_coach.speech.models import DEFAULT_MODEL, list_models, mend_model


def open_store() -> Store:
    """The history of this home. Raises UserError where it cannot be opened."""
    return Store(home_dir() / HISTORY_FILE)


def model_rows() -> list[dict[str, Any]]:
    """Every model with its state and whether it is the one in use."""
    home = home_dir()
    used = os.environ.get("VOICE_COACH_MODEL") or read_config(home).model or DEFAULT_MODEL
    notes = {
        "ready": "on this machine",
        "packaged": "comes with the program, set up when first used",
        "fetchable": "not here; voice-coach models fetch NAME would get it",
    }
    return [
        {
            "name": entry.name,
            "state": entry.state,
            "note": notes[entry.state],
            "in_use": entry.name == used,
            "size_mb": round(entry.size_bytes / 1e6),
        }
        for entry in list_models(home)
    ]


def use_model(name: str) -> str:
    """Set a model up, check its hash, remember it. Returns a line that says so."""
    home = home_dir()
    mend_model(name, home)
    write_config(home, read_config(home).with_choices(model=name))
    return f"{name} is set up and will be used from now on."


_FORM_OF = {".json": "json", ".html": "html", ".htm": "html"}


def export_sitting(number: int, form: str | None, out: Path | None) -> str | None:
    """A sitting as text; written to ``out`` where one is named, and then None is returned.

    Without a form, the ending of the file's name tells it, and else it is Markdown.
    """
    with open_store() as store:
        found = sitting(store, number)
    forms = {"json": to_json, "markdown": to_markdown, "html": to_html}
    form = form or _FORM_OF.get(out.suffix.lower() if out else "", "markdown")
    text = forms[form](found)
    if out is None:
        return text
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserError(
            f"{out} cannot be written ({error.strerror}). Name another file with --out."
        ) from error
    return None
