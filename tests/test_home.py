"""The private folder and the remembered choices."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from voice_coach.errors import UserError
from voice_coach.home import (
    Config,
    home_dir,
    pair_of,
    read_config,
    write_config,
    write_private,
)

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")


def test_the_home_is_where_it_is_named(tmp_path: Path) -> None:
    named = tmp_path / "deep" / "home"
    assert home_dir({"VOICE_COACH_HOME": str(named)}) == named
    assert named.is_dir()


@posix
def test_the_home_is_its_owners_only(tmp_path: Path) -> None:
    open_to_all = tmp_path / "home"
    open_to_all.mkdir(mode=0o755)
    for folder in (open_to_all, tmp_path / "new"):
        home = home_dir({"VOICE_COACH_HOME": str(folder)})
        assert home.stat().st_mode & 0o777 == 0o700


@posix
def test_by_default_the_platform_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert home_dir({}).is_relative_to(tmp_path)
    assert home_dir({"VOICE_COACH_HOME": ""}) == home_dir({})


@pytest.mark.parametrize("name", ["file", "file/below"])
def test_a_home_that_cannot_be_made_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UserError, match="Set VOICE_COACH_HOME") as caught:
        home_dir({"VOICE_COACH_HOME": str(tmp_path / name)})
    assert "\n" not in str(caught.value)


def test_a_read_only_home_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # An administrator may write anywhere, so the system's answer is given for it.
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(UserError, match=r"is read-only\. Make it writable"):
        home_dir({"VOICE_COACH_HOME": str(tmp_path)})


def test_choices_are_remembered(tmp_path: Path) -> None:
    assert read_config(tmp_path) == Config()
    chosen = Config(input_device="Mikrofon (größer)", patience_s=2.5)
    write_config(tmp_path, chosen)
    assert read_config(tmp_path) == chosen
    changed = chosen.with_choices(model="base", input_device=None)
    assert changed == Config(input_device="Mikrofon (größer)", patience_s=2.5, model="base")
    write_config(tmp_path, changed)
    assert read_config(tmp_path) == changed
    assert [file.name for file in tmp_path.iterdir()] == ["config.json"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '"x"', '{"mood": 1}', "\xff\xfe", "null"], ids=repr
)
def test_damaged_choices_are_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.json").write_text(text, encoding="latin-1")
    with pytest.raises(UserError, match="delete") as caught:
        read_config(tmp_path)
    assert "config.json" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_choices_that_are_a_folder_are_said(tmp_path: Path) -> None:
    (tmp_path / "config.json").mkdir()
    with pytest.raises(UserError, match="cannot be read"):
        read_config(tmp_path)


@posix
def test_a_private_file_is_its_owners_only(tmp_path: Path) -> None:
    path = tmp_path / "private.txt"
    path.write_text("open to all")
    path.chmod(0o644)
    write_private(path, "mine")
    assert path.read_text() == "mine"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "private.txt"
    write_private(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_private(path, "new \udcff")
    assert path.read_text(encoding="utf-8") == "old"


@posix
def test_a_folder_that_others_use_is_left_as_it_is(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o755)
    (shared / "somebody's file").write_text("")
    with pytest.raises(UserError, match="an empty folder of your own"):
        home_dir({"VOICE_COACH_HOME": str(shared)})
    assert shared.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("held", ['{"patience_s": "x"}', '{"patience_s": -1}', '{"model": 3}'])
def test_a_value_that_cannot_be_right_is_said(tmp_path: Path, held: str) -> None:
    (tmp_path / "config.json").write_text(held)
    with pytest.raises(UserError, match="cannot be right"):
        read_config(tmp_path)


def test_what_is_known_of_two_devices_together_is_kept(tmp_path: Path) -> None:
    figures = {"heard": 1.0, "delay_s": 0.04}
    chosen = Config(model="base", echo={pair_of("Mic", "Speaker"): figures})
    write_config(tmp_path, chosen)
    assert read_config(tmp_path) == chosen


@pytest.mark.parametrize("echo", ['"far"', "[]", '{"a": 1}', '{"a": {"b": "loud"}}', "null"])
def test_damaged_figures_of_an_echo_are_said(tmp_path: Path, echo: str) -> None:
    (tmp_path / "config.json").write_text(f'{{"echo": {echo}}}')
    with pytest.raises(UserError, match="delete"):
        read_config(tmp_path)
