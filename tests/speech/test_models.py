from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from voice_coach.errors import UserError
from voice_coach.speech.models import (
    FETCHABLE,
    PACKAGED,
    ensure_model,
    fetch_model,
    installed_models,
    list_models,
    mend_model,
)

SET_UP = (
    "import sys; from pathlib import Path\n"
    "from voice_coach.speech.models import ensure_model\n"
    "from voice_coach.errors import UserError\n"
    "{before}\n"
    "try: print(ensure_model(sys.argv[1], Path(sys.argv[2])))\n"
    "except UserError as error: print('said:', error); sys.exit(2)\n"
)


def in_a_process(name: str, home: Path, before: str = "") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SET_UP.format(before=before), name, str(home)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def ready_home(model_home: Path, tmp_path: Path) -> Path:
    shutil.copytree(ensure_model("tiny.en", model_home), tmp_path / "models" / "tiny.en")
    return tmp_path


def test_both_packaged_models_are_set_up_privately(tmp_path: Path) -> None:
    for name in PACKAGED:
        folder = ensure_model(name, tmp_path)
        assert {path.name for path in folder.iterdir()} == {
            "model.bin",
            "config.json",
            "tokenizer.json",
            "vocabulary.txt",
            "sizes.json",
        }
        if sys.platform != "win32":
            assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())
            assert folder.stat().st_mode & 0o077 == 0
    assert installed_models(tmp_path) == ("base", "tiny.en")
    assert [path.name for path in (tmp_path / "models").glob(".*")] == []


def test_the_second_time_nothing_is_written(ready_home: Path) -> None:
    before = (ready_home / "models" / "tiny.en" / "model.bin").stat().st_mtime_ns
    assert ensure_model("tiny.en", ready_home) == ready_home / "models" / "tiny.en"
    assert (ready_home / "models" / "tiny.en" / "model.bin").stat().st_mtime_ns == before


def test_two_processes_at_once_are_safe(tmp_path: Path) -> None:
    both = [in_a_process("tiny.en", tmp_path) for _ in range(2)]
    for process in both:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, out + err
    ensure_model("tiny.en", tmp_path)
    mend_model("tiny.en", tmp_path)
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["tiny.en"]


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are a POSIX matter")
def test_a_full_disk_is_said_and_leaves_nothing_half_there(tmp_path: Path) -> None:
    # A limit on file size stands for the full disk: the write fails half-way just the same.
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 24, 1 << 24))"
    out, err = in_a_process("tiny.en", tmp_path, limit).communicate(timeout=120)
    assert "disk is full" in out, out + err
    assert list((tmp_path / "models").iterdir()) == []


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0,  # type: ignore[attr-defined,unused-ignore]
    reason="the superuser may write anywhere",
)
def test_a_read_only_home_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(UserError, match="VOICE_COACH_HOME"):
        ensure_model("tiny.en", tmp_path)


def test_a_home_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("in the way", encoding="utf-8")
    with pytest.raises(UserError, match="VOICE_COACH_HOME"):
        ensure_model("tiny.en", tmp_path)


@pytest.mark.parametrize("harm", ["short", "gone", "receipt"])
def test_a_damaged_model_names_its_mend_and_is_mended(harm: str, ready_home: Path) -> None:
    folder = ready_home / "models" / "tiny.en"
    if harm == "short":
        with (folder / "model.bin").open("r+b") as file:
            file.truncate(1000)
    elif harm == "gone":
        (folder / "tokenizer.json").unlink()
    else:
        (folder / "sizes.json").write_text("{", encoding="utf-8")
    with pytest.raises(UserError, match=r"voice-coach models use tiny\.en"):
        ensure_model("tiny.en", ready_home)
    mend_model("tiny.en", ready_home)
    ensure_model("tiny.en", ready_home)


WHOLE = {"size_bytes": "7", "sha256": "0" * 64}


@pytest.mark.parametrize(
    "receipt",
    [
        {},
        [],
        3,
        {"model.bin": 3},
        {"model.bin": WHOLE},
        {"model.bin": WHOLE, "config.json": WHOLE},
        {"model.bin": 3, "tokenizer.json": WHOLE, "config.json": WHOLE},
        {"model.bin": {}, "tokenizer.json": WHOLE, "config.json": WHOLE},
        {
            "model.bin": {**WHOLE, "size_bytes": "many"},
            "tokenizer.json": WHOLE,
            "config.json": WHOLE,
        },
        {
            "model.bin": {"size_bytes": "7"},
            "tokenizer.json": WHOLE,
            "config.json": WHOLE,
        },
    ],
)
def test_a_receipt_that_makes_no_sense_is_damage(receipt: object, tmp_path: Path) -> None:
    folder = tmp_path / "models" / "tiny.en"
    folder.mkdir(parents=True)
    for name in ("model.bin", "tokenizer.json", "config.json"):
        (folder / name).write_bytes(b"weights")
    (folder / "sizes.json").write_text(json.dumps(receipt), encoding="utf-8")
    with pytest.raises(UserError, match=r"damaged \(sizes\.json\)"):
        ensure_model("tiny.en", tmp_path)


def test_unknown_names_are_refused_with_those_that_exist(tmp_path: Path) -> None:
    for name in ("enormous", "../etc", ""):
        with pytest.raises(UserError, match=r"base, tiny\.en"):
            ensure_model(name, tmp_path)
        with pytest.raises(UserError, match=r"base, tiny\.en"):
            fetch_model(name, tmp_path, print)


def test_a_model_not_fetched_yet_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"voice-coach models fetch small\.en"):
        ensure_model("small.en", tmp_path)


def test_fetching_says_so_first_and_fails_in_one_line_without_a_network(tmp_path: Path) -> None:
    # In a process of its own, with every address lookup refused: nothing leaves the machine.
    script = (
        "import socket, sys; from pathlib import Path\n"
        "def refuse(*a, **k): raise OSError('no network')\n"
        "socket.getaddrinfo = refuse\n"
        "from voice_coach.speech.models import fetch_model\n"
        "from voice_coach.errors import UserError\n"
        "try: fetch_model('small.en', Path(sys.argv[1]), lambda text: print('first:', text))\n"
        "except UserError as error: print('then:', error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    lines = done.stdout.splitlines()
    assert len(lines) == 2, done.stdout + done.stderr
    assert lines[0].startswith("first: Fetching")
    assert lines[1].startswith("then: The model small.en could not be fetched")
    assert list((tmp_path / "models").iterdir()) == []


def test_fetching_what_comes_with_the_program_needs_no_network(tmp_path: Path) -> None:
    said: list[str] = []
    assert fetch_model("tiny.en", tmp_path, said.append).is_dir()
    assert "comes with the program" in said[0]


def test_the_list_knows_every_model_and_its_state(ready_home: Path) -> None:
    entries = list_models(ready_home)
    assert {entry.name for entry in entries} == {*PACKAGED, *FETCHABLE}
    assert entries[0].name == "tiny.en"
    assert entries[0].state == "ready"
    assert entries[0].size_bytes > 70_000_000
    assert entries[1].state == "packaged"


def test_a_fetched_model_is_checked_against_the_day_it_came(tmp_path: Path) -> None:
    folder = tmp_path / "models" / "small.en"
    folder.mkdir(parents=True)
    kept = {}
    for name in ("model.bin", "tokenizer.json", "config.json"):
        (folder / name).write_bytes(b"weights")
        kept[name] = {"size_bytes": "7", "sha256": "0" * 64}
    (folder / "sizes.json").write_text(json.dumps(kept), encoding="utf-8")
    ensure_model("small.en", tmp_path)
    with pytest.raises(UserError, match=r"voice-coach models fetch small\.en"):
        mend_model("small.en", tmp_path)
