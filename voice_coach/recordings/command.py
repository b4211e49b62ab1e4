"""`voice-coach analyze RECORDING`, put together: models, sound, progress, what is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from voice_coach.errors import UserError
from voice_coach.home import home_dir, read_config
from voice_coach.recordings.analysis import analyse
from voice_coach.recordings.captions import as_vtt
from voice_coach.recordings.hearing import heard
from voice_coach.recordings.rttm import as_rttm
from voice_coach.recordings.showing import as_json as shown_as_json
from voice_coach.recordings.showing import as_text
from voice_coach.speech.enrolled import prints_of
from voice_coach.speech.hesitations import MODEL, HesitationEar
from voice_coach.speech.models import DEFAULT_MODEL, ensure_model
from voice_coach.speech.transcriber import Transcriber

WRITERS = {"rttm": as_rttm, "vtt": as_vtt}


def analyse_recording(
    path: Path,
    *,
    as_json: bool,
    channels: bool,
    speakers: int | None,
    names: str | None,
    voices: str | None,
    line: str | None,
    model: str | None,
    **outputs: Path | None,
) -> str:
    """What to print: JSON or text. Writes the outputs asked for (keys as in WRITERS) first.

    Raises UserError for anything that the person can mend.
    """
    if channels and speakers is not None:
        raise UserError("Give --channels or --speakers N, not both.")
    home = home_dir()
    name = model or read_config(home).model or DEFAULT_MODEL
    called = _listed(names)
    if voices and (names or channels or speakers is not None):
        raise UserError("--voices says who speaks: leave --names, --channels and --speakers out.")
    enrolled = prints_of(_listed(voices), home) if voices else None
    if speakers is None and not channels:
        speakers = len(called) or (1 if line else None)
    with (
        _progress() as told,
        heard(
            path,
            Transcriber(ensure_model(name, home)),
            channels=channels,
            speakers=speakers,
            names=called,
            enrolled=enrolled,
            ear=HesitationEar(lambda: ensure_model(MODEL, home)),
            told=told,
        ) as found,
    ):
        analysis = analyse(found.utterances, found, line=line)
    for kind, out in outputs.items():
        if out is not None:
            _write(out, WRITERS[kind](analysis, found))
    if as_json:
        return json.dumps(shown_as_json(analysis, path.name, found), ensure_ascii=False, indent=2)
    return as_text(analysis, path.name, found)


def _listed(names: str | None) -> list[str]:
    return [each.strip() for each in (names or "").split(",") if each.strip()]


@contextmanager
def _progress() -> Iterator[Callable[[str, float], None]]:
    """A bar with the time left, on standard error, where a person looks at it."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        tasks: dict[str, TaskID] = {}

        def told(step: str, share: float) -> None:
            if step not in tasks:
                for task in tasks.values():
                    bar.update(task, visible=False)
                tasks[step] = bar.add_task(step.capitalize(), total=1.0)
            bar.update(tasks[step], completed=share)

        yield told


def _write(path: Path, text: str) -> None:
    """Written beside and renamed, so that no half a file is left."""
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise UserError(
            f"{path} cannot be written ({error.strerror}). Name a file in a folder that exists."
        ) from error
