from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from voice_coach.audio import portaudio
from voice_coach.errors import UserError

MISSING = """
import sys
import ctypes.util
import cffi
# sounddevice raises OSError at import where the library is not found; so does this.
class Gone:
    def find_spec(self, name, path=None, target=None):
        if name == "sounddevice":
            raise OSError("PortAudio library not found")
sys.meta_path.insert(0, Gone())
from voice_coach.audio import portaudio
from voice_coach.errors import UserError
try:
    portaudio.load(sys.argv[1])
except UserError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("platform", "package"),
    [("linux", "apt-get install libportaudio2"), ("darwin", "brew install portaudio")],
)
def test_a_missing_library_names_the_package(platform: str, package: str) -> None:
    # The library is installed where tests run, so its absence is played by the importer.
    done = subprocess.run(
        [sys.executable, "-c", MISSING, platform], capture_output=True, text=True, check=True
    )
    assert package in done.stdout
    assert len(done.stdout.splitlines()) == 1


def test_quiet_silences_the_file_descriptor_and_gives_it_back(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with portaudio.quiet():
        os.write(2, b"ALSA lib: no such card\n")
    os.write(2, b"heard\n")
    assert capfd.readouterr().err == "heard\n"


def test_chatter_goes_to_the_file(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "sound.log"
    with portaudio.chatter_to(log):
        os.write(2, b"ALSA lib: late\n")
        sys.stderr.write("said\n")
    os.write(2, b"heard\n")
    assert log.read_text(encoding="utf-8") == "ALSA lib: late\n"
    assert capfd.readouterr().err == "said\nheard\n"


def test_a_log_that_cannot_be_written_is_one_line_and_leaves_nothing_open(tmp_path: Path) -> None:
    free = os.dup(2)
    os.close(free)
    with (
        pytest.raises(UserError, match=r"sound\.log' cannot be written"),
        portaudio.chatter_to(tmp_path / "none" / "sound.log"),
    ):
        pass
    again = os.dup(2)
    os.close(again)
    assert again == free


def test_looking_again_is_refused_while_a_stream_is_open() -> None:
    portaudio.hold()
    try:
        with pytest.raises(RuntimeError, match="no stream"):
            portaudio.refresh()
    finally:
        portaudio.release()


def test_importing_the_room_loads_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "import voice_coach.audio.soundcard, voice_coach.audio.preflight, voice_coach.audio.echo\n"
        "import voice_coach.audio.files, voice_coach.audio.recorder, voice_coach.audio.standin\n"
        "print([m for m in ('sounddevice', 'soundfile', 'soxr', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
