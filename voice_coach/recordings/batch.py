"""A folder of recordings: each analysed by a worker, results kept file by file.

::

    folder ─► what is missing in DIR ─► executor (processes here, or Dask's) ─► DIR/….json
                                                                             └► summary.py

One way for both: an executor of concurrent.futures. A worker loads its models once. A result is
written beside and renamed, so that one is there whole or not at all, and a second run does only
what is missing. A worker that dies takes nothing with it: its recordings are taken up again, and
one that ends its worker a second time, alone, is given up and named.
"""

from __future__ import annotations

import functools
import json
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from voice_coach.errors import UserError
from voice_coach.home import home_dir
from voice_coach.recordings.analysis import analyse
from voice_coach.recordings.hearing import Heard, Told, heard
from voice_coach.recordings.showing import as_json
from voice_coach.recordings.summary import write_summary
from voice_coach.recordings.writing import write
from voice_coach.speech.enrolled import prints_of
from voice_coach.speech.hesitations import MODEL, HesitationEar
from voice_coach.speech.models import ensure_model
from voice_coach.speech.transcriber import Transcriber

ENDINGS = frozenset(
    ".aac .aif .aiff .amr .avi .caf .flac .m4a .m4v .mka .mkv .mov .mp3 .mp4 .mpeg .mpg .oga .ogg "
    ".opus .wav .webm .wma .wmv".split()
)
"""Files of a folder that are taken for recordings."""
QUEUED_EACH = 4
"""Recordings handed out ahead for each worker: so memory does not grow with the folder. Chosen."""
ASKED_FILE = "asked.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of every recording alike.

    ``home``: where the models and voices are; empty for each worker's own.
    """

    home: str
    model: str
    channels: bool = False
    speakers: int | None = None
    names: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One recording: ``error`` where it could not be analysed."""

    recording: str
    error: str | None = None


def recordings_in(folder: Path) -> list[Path]:
    """Every recording in a folder and the folders in it, hidden ones left out; by name."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in ENDINGS
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def analyse_one(path: str, out: str, asked: Asked, threads: int) -> Done:
    """In a worker: analyse, write, and say how it went. Never raises for what a recording is."""
    try:
        told = analysed(Path(path), asked, threads)
    except UserError as error:
        told = {"recording": Path(path).name, "error": str(error)}
    except Exception as error:  # noqa: BLE001 - one odd file must not stop ten thousand
        what = f"{type(error).__name__}: {error}".splitlines()[0]
        told = {"recording": Path(path).name, "error": f"a fault of the program ({what})"}
    Path(out).parent.mkdir(parents=True, exist_ok=True)
    write(Path(out), json.dumps(told, ensure_ascii=False))
    return Done(recording=path, error=told.get("error"))


def analysed(path: Path, asked: Asked, threads: int) -> dict[str, Any]:
    """The JSON of one recording. Raises UserError."""
    with heard_as(path, asked, threads=threads) as found:
        return as_json(analyse(found.utterances, found), path.name, found)


def heard_as(
    path: Path, asked: Asked, *, threads: int = 0, told: Told = lambda *_: None
) -> AbstractContextManager[Heard]:
    """A recording heard as asked for; models stay loaded for the next one."""
    home = Path(asked.home) if asked.home else home_dir()
    return heard(
        path,
        _transcriber(str(ensure_model(asked.model, home)), threads),
        channels=asked.channels,
        speakers=asked.speakers,
        names=asked.names,
        enrolled=prints_of(asked.voices, home) if asked.voices else None,
        ear=_ear(str(home)),
        told=told,
    )


def run(
    folder: Path,
    out: Path,
    asked: Asked,
    *,
    workers: int,
    scheduler: str | None = None,
    parquet: bool = False,
    told: Callable[[Done, int, int], None] = lambda *_: None,
) -> tuple[list[Done], int]:
    """Analyse what is missing in ``out``; what was done, in order of its end, and of how many.

    The summary is written as CSV, with ``parquet`` as Parquet as well. ``told`` is called for each,
    with how many are done and how many there are. Raises UserError
    where ``out`` holds results that were asked for otherwise, or no recording is found.
    """
    paths = recordings_in(folder)
    if not paths:
        raise UserError(f"There is no recording in {folder} ({', '.join(sorted(ENDINGS))}).")
    _same_asked(out, asked)
    results = {str(path): _result_of(path, folder, out) for path in paths}
    missing = [path for path in results if not _is_ready(results[path], Path(path))]
    ready = len(paths) - len(missing)
    threads = max(1, (os.cpu_count() or 1) // workers)
    done: list[Done] = []
    settled: set[str] = set()

    def finished(ended: Done) -> None:
        done.append(ended)
        told(ended, ready + len(done), len(paths))

    def hand_out(some: Sequence[str], ahead: int) -> list[str]:
        """Have them analysed; those whose worker died, when no more could be handed out."""
        with _executor(workers, scheduler) as executor:
            submit = functools.partial(_submit, executor, results, asked, threads)
            lost = []
            for path, ended in _each(submit, some, ahead):
                if ended is None:
                    lost.append(path)
                else:
                    if not results[path].is_file():
                        raise UserError(
                            f"The workers do not write to {out}: the folder of recordings and "
                            "--out must lie under the same path for all of them."
                        )
                    finished(ended)
                    settled.add(path)
            return lost

    while missing:
        # A worker's death takes along what others were at: each of these gets a try by itself,
        # and one that ends a worker when it is alone was the cause.
        for path in hand_out(missing, workers * QUEUED_EACH):
            for guilty in hand_out([path], 1):
                finished(_given_up(guilty, results[guilty]))
                settled.add(guilty)
        missing = [path for path in missing if path not in settled]
    write_summary([results[str(path)] for path in paths], out, parquet=parquet)
    return done, len(paths)


def _is_ready(result: Path, recording: Path) -> bool:
    """Whether a result is there, whole, no failure, and not older than its recording."""
    try:
        if result.stat().st_mtime < recording.stat().st_mtime:
            return False
        return "error" not in json.loads(result.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False


_Submit = Callable[[str], "Future[Done]"]


def _each(submit: _Submit, paths: Sequence[str], ahead: int) -> Iterator[tuple[str, Done | None]]:
    """Each recording as it ends, None where its worker died; at most so many handed out ahead.

    A broken pool takes no more: what was not handed out by then does not come back.
    """
    waiting = list(reversed(paths))
    running: dict[Future[Done], str] = {}
    broken = False
    while running or (waiting and not broken):
        while waiting and not broken and len(running) < ahead:
            try:
                running[submit(waiting[-1])] = waiting[-1]
            except BrokenProcessPool:
                broken = True
                break
            waiting.pop()
        ended, _ = wait(running, return_when=FIRST_COMPLETED) if running else ((), ())
        for future in ended:
            path = running.pop(future)
            try:
                yield path, future.result()
            except Exception as error:  # of many kinds, by executor
                if not _worker_died(error):
                    raise
                broken = broken or isinstance(error, BrokenProcessPool)
                yield path, None


def _worker_died(error: Exception) -> bool:
    return isinstance(error, BrokenProcessPool) or type(error).__name__ == "KilledWorker"


def _submit(
    executor: Executor, results: dict[str, Path], asked: Asked, threads: int, path: str
) -> Future[Done]:
    return executor.submit(analyse_one, path, str(results[path]), asked, threads)


@contextmanager
def _executor(workers: int, scheduler: str | None) -> Iterator[Executor]:
    if scheduler is None:
        # Fresh processes: a forked one would inherit threads of the recogniser.
        pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"))
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)
        return
    try:
        from distributed import Client
    except ImportError as error:
        raise UserError(
            "--scheduler needs Dask. Install it with: pip install 'voice-coach[cluster]'"
        ) from error
    try:
        client: Any = Client(scheduler, timeout=10)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise UserError(
            f"No Dask scheduler answers at {scheduler}. Check its address, like tcp://host:8786."
        ) from error
    with client, client.get_executor(pure=False) as executor:
        yield executor


def _result_of(path: Path, folder: Path, out: Path) -> Path:
    within = path.relative_to(folder)
    return out / within.with_name(f"{within.name}.json")


def _given_up(path: str, result: Path) -> Done:
    error = f"'{path}' stopped its worker twice: it may need more memory than there is. Split it."
    result.parent.mkdir(parents=True, exist_ok=True)
    write(result, json.dumps({"recording": Path(path).name, "error": error}, ensure_ascii=False))
    return Done(recording=path, error=error)


def _same_asked(out: Path, asked: Asked) -> None:
    """Results of two kinds in one folder could not be told apart."""
    wanted = {name: value for name, value in asdict(asked).items() if name != "home"}
    wanted = json.loads(json.dumps(wanted))
    kept = out / ASKED_FILE
    try:
        out.mkdir(parents=True, exist_ok=True)
        before = json.loads(kept.read_text(encoding="utf-8"))
    except FileNotFoundError:
        write(kept, json.dumps(wanted))
        return
    except (OSError, ValueError) as error:
        raise UserError(f"{out} cannot hold results: name another folder with --out.") from error
    if before != wanted:
        changed = [name for name in wanted if before.get(name) != wanted[name]]
        raise UserError(
            f"{out} holds results made with other options ({', '.join(changed)}): name another "
            "folder with --out, or delete it."
        )


@functools.cache
def _transcriber(folder: str, threads: int) -> Transcriber:
    return Transcriber(Path(folder), threads=threads)


@functools.cache
def _ear(home: str) -> HesitationEar:
    return HesitationEar(lambda: ensure_model(MODEL, Path(home)))
