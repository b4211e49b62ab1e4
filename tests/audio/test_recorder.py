from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voice_coach.audio.recorder import Recorder
from voice_coach.audio.samples import Audio
from voice_coach.errors import UserError

posix = pytest.mark.skipif(os.name != "posix", reason="file modes and limits are POSIX's")


def ramp(duration_s: float) -> Audio:
    return Audio(np.linspace(-1.2, 1.2, round(duration_s * 16_000), dtype=np.float32), 16_000)


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with Recorder(path) as recorder:
        recorder.write(ramp(0.7))
        recorder.write(ramp(0.9))
        assert recorder.duration_s == pytest.approx(1.6)
    recorder.close()
    samples, rate_hz = soundfile.read(path, dtype="float32")
    assert rate_hz == 16_000
    expected = np.concatenate([ramp(0.7).samples, ramp(0.9).samples]).clip(-1, 1)
    assert samples == pytest.approx(expected, abs=1e-4)
    assert soundfile.info(path).subtype == "PCM_16"


def test_an_empty_recording_is_valid(tmp_path: Path) -> None:
    Recorder(tmp_path / "a.wav").close()
    assert soundfile.info(tmp_path / "a.wav").frames == 0


@posix
def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        Recorder(tmp_path / "a.wav").close()
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "a.wav").stat().st_mode) == 0o600


KILLED = """
import sys, time
from pathlib import Path
import numpy as np
from voice_coach.audio.recorder import Recorder
from voice_coach.audio.samples import Audio
recorder = Recorder(Path(sys.argv[1]))
for _ in range(100):
    recorder.write(Audio(np.full(512, 0.5, np.float32), 16_000))
print("written", flush=True)
time.sleep(60)
"""


def test_a_killed_program_leaves_a_readable_file(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline()
        child.kill()
    samples, _ = soundfile.read(path)
    assert 100 * 512 - 16_000 <= len(samples) <= 100 * 512
    assert samples == pytest.approx(0.5, abs=1e-4)


FULL = """
import resource, sys
from pathlib import Path
import numpy as np
from voice_coach.audio.recorder import Recorder
from voice_coach.audio.samples import Audio
from voice_coach.errors import UserError
resource.setrlimit(resource.RLIMIT_FSIZE, (80_001, 80_001))
recorder = Recorder(Path(sys.argv[1]))
try:
    while True:
        recorder.write(Audio(np.full(512, 0.5, np.float32), 16_000))
except UserError as error:
    print(error)
    print(recorder.closed, recorder.duration_s)
"""


@posix
def test_a_full_disk_is_told_and_what_was_recorded_stays(tmp_path: Path) -> None:
    # A limit on the file's size fails the write as a full disk does, part-way through a block.
    path = tmp_path / "a.wav"
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(path)], capture_output=True, text=True, check=True
    )
    message, state = done.stdout.splitlines()
    assert "the disk is full" in message
    assert "kept" in message
    assert state.startswith("True 2.4")
    samples, _ = soundfile.read(path)
    assert len(samples) == 78 * 512
    assert path.stat().st_size == 44 + 2 * 78 * 512


@pytest.mark.parametrize("where", ["a.wav", "none/a.wav"])
def test_it_never_overwrites_and_names_the_folder(tmp_path: Path, where: str) -> None:
    (tmp_path / "a.wav").write_text("mine")
    with pytest.raises(UserError, match=r"already|cannot be made"):
        Recorder(tmp_path / where)
    assert (tmp_path / "a.wav").read_text() == "mine"


def test_wrong_use(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "a.wav")
    with pytest.raises(ValueError, match="48000"):
        recorder.write(Audio.silence(1.0, 48_000))
    recorder.close()
    with pytest.raises(ValueError, match="closed"):
        recorder.write(Audio.silence(1.0))
