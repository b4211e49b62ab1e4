from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner, Result

from voice_coach.audio.samples import SPEECH_RATE_HZ
from voice_coach.cli import main

if TYPE_CHECKING:
    from conftest import Talk

pytestmark = pytest.mark.model

OPTIONS = ("--model", "tiny.en", "--speakers", "2")


@pytest.fixture
def folder(talk: Talk, tmp_path: Path) -> Path:
    """Four recordings, two of them no good, one in a folder within."""
    found = tmp_path / "two of us – ü"
    (found / "monday").mkdir(parents=True)
    soundfile.write(found / "one.wav", talk.mixed.between(0.0, 10.0).samples, SPEECH_RATE_HZ)
    soundfile.write(
        found / "monday" / "two.flac", talk.mixed.between(5.0, 17.0).samples, SPEECH_RATE_HZ
    )
    (found / "empty.mp3").touch()
    (found / "letter.wav").write_text("Dear Maya,", encoding="utf-8")
    (found / "notes.txt").write_text("not a recording", encoding="utf-8")
    (found / ".hidden.wav").touch()
    return found


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(main, ["analyze", *map(str, args)])


def test_a_folder_is_done_once_and_what_fails_stops_nothing(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "found"
    done = run(folder, "--out", out, *OPTIONS, "--workers", 2, "--json")
    assert done.exit_code == 1, done.output  # some failed
    told = json.loads(done.stdout)
    assert (told["recordings"], told["analysed"], told["ready_before"]) == (4, 2, 0)
    failed = {Path(each["recording"]).name: each["error"] for each in told["failed"]}
    assert "0 bytes" in failed["empty.mp3"]
    assert "no recording" in failed["letter.wav"]
    one = json.loads((out / "one.wav.json").read_text(encoding="utf-8"))
    assert len(one["speakers"]) == 2
    with (out / "summary.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["recording"] for row in rows} == {
        "one.wav", "empty.mp3", "letter.wav", str(Path("monday", "two.flac")),
    }  # fmt: skip
    assert sum(bool(row["error"]) for row in rows) == 2
    assert not list(out.rglob(".*.part"))

    shutil.copy(folder / "one.wav", folder / "three.wav")
    shutil.copy(folder / "one.wav", folder / "letter.wav")  # mended
    (out / "one.wav.json").write_text("", encoding="utf-8")  # as a power cut leaves it
    again = json.loads(run(folder, "--out", out, *OPTIONS, "--json").stdout)
    assert (again["analysed"], again["ready_before"], len(again["failed"])) == (3, 1, 1)
    assert (out / "summary.csv").stat().st_mode & 0o077 == 0
    other = run(folder, "--out", out, "--model", "tiny.en", "--speakers", 1)
    assert other.exit_code == 2
    assert "other options (speakers)" in other.output


def test_wishes_that_do_not_fit_a_folder(folder: Path, tmp_path: Path) -> None:
    assert "give --out" in run(folder).output
    assert "goes with one RECORDING" in run(folder, "--out", tmp_path, "--line", "x").output
    assert "goes with a folder" in run(folder / "one.wav", "--workers", 2).output
    assert "is not there" in run(tmp_path / "nowhere", "--out", tmp_path).output
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "no recording in" in run(empty, "--out", tmp_path / "o", *OPTIONS).output
    assert "No Dask scheduler" in run(
        folder, "--out", tmp_path / "o", *OPTIONS, "--scheduler", "tcp://127.0.0.1:9"
    ).output  # fmt: skip


def workers_of(program: int) -> list[int]:
    """The worker processes of a running program (Linux)."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "status").read_text(encoding="utf-8")
            command = (folder / "cmdline").read_text(encoding="utf-8")
        except OSError:  # it ended meanwhile
            continue
        if f"PPid:\t{program}\n" in status and "spawn_main" in command:
            found.append(int(folder.name))
    return found


@pytest.mark.skipif(
    sys.platform != "linux",
    reason="only Linux's /proc tells which process is a worker, to be killed",
)
def test_what_a_killed_worker_was_at_is_taken_up_again(talk: Talk, tmp_path: Path) -> None:
    folder, out = tmp_path / "talks", tmp_path / "found"
    folder.mkdir()
    for n in range(6):
        soundfile.write(
            folder / f"{n}.wav", talk.mixed.between(n, n + 12.0).samples, SPEECH_RATE_HZ
        )
    command = [sys.executable, "-m", "voice_coach", "analyze", str(folder), "--out", str(out)]
    with subprocess.Popen(
        [*command, *OPTIONS, "--workers", "2", "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as program:  # fmt: skip
        until_s = time.monotonic() + 120
        while not list(out.glob("*.wav.json")) and time.monotonic() < until_s:
            time.sleep(0.1)
        os.kill(workers_of(program.pid)[0], signal.SIGKILL)
        told, wrong = program.communicate(timeout=240)
    assert program.returncode == 0, wrong
    assert json.loads(told)["analysed"] == 6
    assert len(list(out.glob("*.wav.json"))) == 6


def test_dasks_workers_do_the_same(talk: Talk, tmp_path: Path) -> None:
    distributed = pytest.importorskip(
        "distributed", reason="Dask is an extra: without it there is no cluster to kill a worker of"
    )
    folder, out = tmp_path / "talks", tmp_path / "found"
    folder.mkdir()
    for n in range(4):
        soundfile.write(folder / f"{n}.wav", talk.mixed.between(n, n + 9.0).samples, SPEECH_RATE_HZ)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
    ) as cluster:
        command = [sys.executable, "-m", "voice_coach", "analyze", str(folder), "--out", str(out)]
        with subprocess.Popen(
            [*command, *OPTIONS, "--scheduler", cluster.scheduler_address, "--json"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        ) as program:  # fmt: skip
            until_s = time.monotonic() + 120
            while not list(out.glob("*.wav.json")) and time.monotonic() < until_s:
                time.sleep(0.1)
            os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)
            told, wrong = program.communicate(timeout=240)
    assert program.returncode == 0, wrong
    assert json.loads(told)["analysed"] == 4
    assert len(list(out.glob("*.wav.json"))) == 4


def test_silence_and_many_channels_are_rows_like_others(tmp_path: Path) -> None:
    folder, out = tmp_path / "talks", tmp_path / "found"
    folder.mkdir()
    soundfile.write(folder / "silence.wav", np.zeros(SPEECH_RATE_HZ * 20, np.float32), 16_000)
    soundfile.write(folder / "seven.wav", np.zeros((SPEECH_RATE_HZ * 5, 7), np.float32), 16_000)
    told = json.loads(run(folder, "--out", out, *OPTIONS, "--workers", 1, "--json").stdout)
    assert told["failed"] == []
    assert told["analysed"] == 2
