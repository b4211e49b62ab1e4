"""Each fault a person may meet: one clear line that names the thing and the mend, nothing lost."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voice_coach.practice.store import Store

FIXTURES = Path(__file__).resolve().parents[2] / "audio_fixtures"
REFLECTS = FIXTURES / "reflects" / "reply.wav"
Run = Callable[..., subprocess.CompletedProcess[str]]

NO_SOUND_SERVER = {"PULSE_SERVER": "unix:/nonexistent"}


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """The one line with which a command was refused."""
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert done.stderr.count("\n") == 1, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def spoken(path: Path, rate_hz: int, channels: int = 1, gain: float = 1.0) -> Path:
    import soxr

    samples, own_rate_hz = soundfile.read(REFLECTS, dtype="float32")
    sound = soxr.resample(samples, own_rate_hz, rate_hz) * gain
    soundfile.write(path, np.stack([sound] * channels, axis=1), rate_hz, subtype="PCM_16")
    return path


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("gone.wav", None, "gone.wav"),
        ("letter.wav", b"Dear Maya, I am sorry.", "letter.wav"),
        ("empty.wav", b"", "empty.wav"),
    ],
)
def test_files_that_hold_no_sound_are_refused(
    run: Run, tmp_path: Path, name: str, content: bytes | None, says: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert says in refusal(run("practice", "--replies", path, "--fast"))


def test_a_recording_of_no_length_is_refused(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "nothing.wav"
    soundfile.write(path, np.zeros(0), 16_000)
    assert "nothing.wav" in refusal(run("practice", "--replies", path, "--fast"))


def test_an_hour_is_refused_as_a_reply(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "hour.flac"
    soundfile.write(path, np.zeros(3600 * 8_000, np.int16), 8_000)
    line = refusal(run("practice", "--replies", path, "--fast"))
    assert "hour.flac" in line
    assert "60 min" in line


@pytest.mark.parametrize(
    ("rate_hz", "channels", "gain"), [(8_000, 1, 1.0), (96_000, 1, 1.0), (44_100, 2, 1.0)]
)
def test_other_rates_and_stereo_are_heard(
    run: Run, tmp_path: Path, rate_hz: int, channels: int, gain: float
) -> None:
    path = spoken(tmp_path / "reply.wav", rate_hz, channels, gain)
    out = tmp_path / "events.jsonl"
    done = run("practice", "--replies", path, "--fast", "--events", out)
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    turn = next(event for event in events if event["event"] == "TurnEnded")
    assert len(turn["words"]) >= 10


def test_an_overdriven_recording_is_heard_and_said(run: Run, tmp_path: Path) -> None:
    path = spoken(tmp_path / "loud.wav", 16_000, gain=40.0)
    done = run("practice", "--replies", path, "--fast")
    assert done.returncode == 0, done.stderr
    assert "loud.wav is overdriven" in done.stdout


def test_an_unknown_scenario_is_refused_with_near_names(run: Run) -> None:
    assert "late-home" in refusal(run("practice", "late-hom", "--replies", REFLECTS, "--fast"))


def test_an_unreadable_scenario_names_file_and_line(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("id: mine\ntitle: [oops\nlines: 3\n", encoding="utf-8")
    assert "mine.yaml:" in refusal(run("practice", path, "--replies", REFLECTS, "--fast"))


def test_an_unknown_model_is_refused_with_those_there_are(run: Run) -> None:
    line = refusal(run("practice", "--model", "huge", "--replies", REFLECTS, "--fast"))
    assert "huge" in line
    assert "base" in line


@pytest.fixture
def no_sound_card(run: Run) -> dict[str, str]:
    listed = json.loads(run("devices", "--json", env=NO_SOUND_SERVER).stdout)
    if listed["devices"]:
        pytest.skip("this machine has a sound card, which cannot be taken away for a test")
    return NO_SOUND_SERVER


def test_without_any_microphone_it_says_so_and_demonstrates(
    run: Run, tmp_path: Path, no_sound_card: dict[str, str]
) -> None:
    out = tmp_path / "events.jsonl"
    done = run("practice", "--events", out, env=no_sound_card)
    assert done.returncode == 0, done.stderr
    assert "no microphone" in done.stdout
    assert "demonstration" in done.stdout
    events = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    scores = [each["listening"]["score"] for each in events if each["event"] == "Scored"]
    assert len(scores) == 4
    assert scores[1] > scores[0]
    assert events[-1]["reason"] == "finished"


def test_the_bare_command_is_enough(run: Run, no_sound_card: dict[str, str]) -> None:
    done = run("practice", env=no_sound_card)
    assert done.returncode == 0, done.stderr
    assert "This sitting" in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("practice", "--replies"),
        ("practice", "--replies", "--fast"),
        ("practice", "--fast"),
        ("practice", "--patience", "900"),
        ("practise",),
        ("show", "abc"),
        ("rate", "--jsonl", "nothere.jsonl"),
        ("rate", "--line", "", "--reply", "You felt left out."),
        ("practice", "moving-north", "--demo"),
        ("erase", "99"),
        ("erase",),
    ],
)
def test_what_was_mistyped_is_one_line(run: Run, words: tuple[str, ...]) -> None:
    assert refusal(run(*words)).strip()


def test_a_bad_row_is_named_and_the_others_are_judged(run: Run, tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    good = '{"line": "You forgot me.", "reply": "You felt left out."}'
    rows.write_text(f"{good}\noops\n{good}\n", encoding="utf-8")
    done = run("rate", "--jsonl", rows)
    assert "input line 2" in refusal(done)
    assert len(done.stdout.splitlines()) == 2


def test_without_a_microphone_no_recorded_reply_answers_another_scenario(
    run: Run, no_sound_card: dict[str, str]
) -> None:
    assert "--demo" in refusal(run("practice", "moving-north", env=no_sound_card))


def test_a_named_microphone_that_is_not_there_is_refused(
    run: Run, no_sound_card: dict[str, str]
) -> None:
    done = run("practice", "--input", "Golden Ears", env=no_sound_card)
    assert "Golden Ears" in refusal(done)


def test_a_second_sitting_at_once_is_refused(run: Run, home: Path) -> None:
    with Store(home / "history.sqlite3") as store:
        store.claim()
        done = run("practice", "--replies", REFLECTS, "--fast")
        assert "sitting" in refusal(done)
        assert run("history").returncode == 0


def test_damaged_settings_are_refused(run: Run, home: Path) -> None:
    (home / "config.json").write_text("{", encoding="utf-8")
    assert "config.json" in refusal(run("practice", "--replies", REFLECTS, "--fast"))


def test_a_damaged_history_is_refused_and_left_alone(run: Run, home: Path) -> None:
    (home / "history.sqlite3").write_bytes(b"not a database at all" * 100)
    assert "history.sqlite3" in refusal(run("history"))
    assert (home / "history.sqlite3").read_bytes().startswith(b"not a database")


def test_events_that_cannot_be_written_are_refused(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "no such folder" / "events.jsonl"
    assert "events.jsonl" in refusal(
        run("practice", "--replies", REFLECTS, "--fast", "--events", out)
    )


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, one megabyte; only an administrator can make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", str(folder)]
    if (
        sys.platform != "linux"
        or subprocess.run(command, capture_output=True, check=False).returncode
    ):
        pytest.skip("making a small disk needs Linux and an administrator")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(path: Path) -> None:
    """Take all the room there is."""
    with contextlib.suppress(OSError), path.open("wb", buffering=0) as filler:
        while True:
            filler.write(b"x" * 4096)


def test_a_full_disk_is_one_line_and_what_was_kept_stays(
    small_disk: Path, models_home: Path
) -> None:
    env_home = small_disk / "home"
    env_home.mkdir(mode=0o700)
    (env_home / "models").symlink_to(models_home / "models", target_is_directory=True)
    own = {**os.environ, "VOICE_COACH_HOME": str(env_home)}

    def started(*words: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "voice_coach", *map(str, words)],
            env=own, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip

    first = started("practice", "--replies", REFLECTS, "--fast", "--voice", "silent")
    assert first.returncode == 0, first.stderr
    fill(small_disk / "filler")
    full = started("practice", "--replies", REFLECTS, REFLECTS, "--fast", "--voice", "silent")
    assert "disk" in refusal(full)
    (small_disk / "filler").unlink()
    assert "1 reply, finished" in started("history").stdout


def test_a_read_only_home_is_refused(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    done = subprocess.run(
        [sys.executable, "-m", "voice_coach", "practice", "--replies", REFLECTS, "--fast"],
        env={**os.environ, "VOICE_COACH_HOME": str(small_disk)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "read-only" in refusal(done)


def test_a_whole_sitting_opens_no_connection(home: Path, tmp_path: Path) -> None:
    blocked = (
        "import sys\n"
        "def refuse(event, args):\n"
        "    if event in {'socket.connect', 'socket.getaddrinfo', 'socket.sendto'}:\n"
        "        raise RuntimeError(f'{event} {args}')\n"
        "sys.addaudithook(refuse)\n"
        "from voice_coach.cli import main\n"
        "main(prog_name='voice-coach')\n"
    )
    out = tmp_path / "events.jsonl"
    done = subprocess.run(
        [sys.executable, "-c", blocked, "practice", "--replies", str(REFLECTS), "--fast",
         "--events", str(out)],
        env={**os.environ, "VOICE_COACH_HOME": str(home)},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert '"SittingEnded"' in out.read_text(encoding="utf-8")
