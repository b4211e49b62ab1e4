from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import soundfile
from click.testing import CliRunner, Result

from voice_coach.audio.samples import SPEECH_RATE_HZ
from voice_coach.cli import main

if TYPE_CHECKING:
    from conftest import Talk

pytestmark = pytest.mark.model


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VOICE_COACH_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(main, [str(arg) for arg in args])


def read_by(talk: Talk, name: str, folder: Path) -> Path:
    path = folder / f"{name}.wav"
    sounds = [talk.sounds[name].between(span.start_s, span.end_s) for span in talk.of(name)]
    with soundfile.SoundFile(path, "w", SPEECH_RATE_HZ, 1) as file:
        for sound in sounds:
            file.write(sound.samples)
    return path


def test_an_enrolled_voice_is_found_by_its_name(talk: Talk, tmp_path: Path, home: Path) -> None:
    for name in ("Leo", "Maya"):
        done = run("enrol", name, "--recording", read_by(talk, name, tmp_path))
        assert done.exit_code == 0, done.output
    assert (home / "voices.json").stat().st_mode & 0o777 == 0o600
    path = tmp_path / "talk.wav"
    soundfile.write(path, talk.mixed.samples, SPEECH_RATE_HZ)
    done = run("analyze", path, "--voices", "Leo, Maya", "--json")
    assert done.exit_code == 0, done.output
    turns = json.loads(done.output)["turns"]
    assert [turn["speaker"] for turn in turns] == [name for name, _ in talk.spans]


def test_what_is_doubtful_is_said(talk: Talk, tmp_path: Path) -> None:
    both = tmp_path / "both.wav"
    soundfile.write(both, talk.mixed.samples, SPEECH_RATE_HZ)
    assert "More than one voice" in run("enrol", "Leo", "--recording", both).output
    leo = read_by(talk, "Leo", tmp_path)
    assert "takes the place" in run("enrol", "Leo", "--recording", leo).output
    assert "sounds like Leo" in run("enrol", "Tom", "--recording", leo).output


def test_erasing_everything_erases_voices(talk: Talk, tmp_path: Path, home: Path) -> None:
    run("enrol", "Leo", "--recording", read_by(talk, "Leo", tmp_path))
    assert "voices" in run("erase", "--all", "--yes").output
    assert not (home / "voices.json").exists()


def test_a_voice_is_listed_and_forgotten(talk: Talk, tmp_path: Path, home: Path) -> None:
    assert "Nobody" in run("enrol").output
    run("enrol", "Leo", "--recording", read_by(talk, "Leo", tmp_path))
    (known,) = json.loads(run("enrol", "--json").output)["enrolled"]
    assert known["name"] == "Leo"
    assert "forgotten" in run("enrol", "Leo", "--forget").output
    assert "No voice" in run("enrol", "Leo", "--forget").output
    assert not (home / "voices.json").exists()


def test_what_cannot_be_enrolled_is_named(talk: Talk, tmp_path: Path, home: Path) -> None:
    short = tmp_path / "short.wav"
    soundfile.write(short, talk.mixed.between(0.0, 4.0).samples, SPEECH_RATE_HZ)
    assert "Only" in run("enrol", "Leo", "--recording", short).output
    assert "no comma" in run("enrol", "Leo,Maya", "--recording", short).output
    assert "choose another" in run("enrol", "unknown", "--recording", short).output
    assert "Say whose" in run("enrol", "--forget").output
    done = run("analyze", short, "--voices", "Leo")
    assert done.exit_code == 2
    assert "voice-coach enrol Leo" in done.output
    assert "leave --names" in run("analyze", short, "--voices", "Leo", "--speakers", 2).output
    home.mkdir(exist_ok=True)
    (home / "voices.json").write_text('{"Leo": {"print": [1, 2]}}', encoding="utf-8")
    assert "Delete that file" in run("enrol").output
