from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from voice_coach.audio.files import read_recording
from voice_coach.errors import UserError


def saved(path: Path, rate_hz: int, *, channels: int = 1, scale: float = 0.3) -> Path:
    sine = np.sin(2 * np.pi * 440 * np.arange(rate_hz) / rate_hz) * scale
    soundfile.write(path, np.tile(sine[:, None], (1, channels)).clip(-1, 1), rate_hz)
    return path


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 22_050, 44_100, 96_000])
@pytest.mark.parametrize("kind", ["wav", "flac"])
def test_any_rate_comes_out_at_16_khz(tmp_path: Path, rate_hz: int, kind: str) -> None:
    recording = read_recording(saved(tmp_path / f"a.{kind}", rate_hz))
    assert recording.source_rate_hz == rate_hz
    assert recording.audio.rate_hz == 16_000
    assert len(recording.audio) == 16_000
    assert int(np.argmax(np.abs(np.fft.rfft(recording.audio.samples)))) == 440
    assert recording.clipped_share == 0.0


def test_stereo_is_mixed(tmp_path: Path) -> None:
    both = np.zeros((16_000, 2), np.float32)
    both[:, 1] = 0.5
    soundfile.write(tmp_path / "a.wav", both, 16_000)
    recording = read_recording(tmp_path / "a.wav")
    assert recording.channels == 2
    assert recording.audio.samples == pytest.approx(np.full(16_000, 0.25), abs=1e-4)


def test_clipping_is_told(tmp_path: Path) -> None:
    recording = read_recording(saved(tmp_path / "a.wav", 16_000, scale=3.0))
    assert 0.5 < recording.clipped_share < 0.9


def test_too_long_is_refused_by_its_header(tmp_path: Path) -> None:
    path = tmp_path / "hour.flac"
    with soundfile.SoundFile(path, "w", 8_000, 1) as file:
        for _ in range(60):
            file.write(np.zeros(8_000 * 60, np.float32))
    with pytest.raises(UserError, match="60 min long; a reply may last 3 min"):
        read_recording(path)


@pytest.mark.parametrize(
    ("longer_s", "max_s", "says"),
    [
        (0.25, 1.0, "2 s long; a reply may last 1 s"),
        (0.25, 60.0, "1 min 1 s long; a reply may last 1 min"),
    ],
)
def test_a_little_too_long_says_so(
    tmp_path: Path, longer_s: float, max_s: float, says: str
) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros(round((max_s + longer_s) * 8_000), np.float32), 8_000)
    with pytest.raises(UserError, match=says):
        read_recording(path, max_s)
    soundfile.write(path, np.zeros(round(max_s * 8_000), np.float32), 8_000)
    assert read_recording(path, max_s).audio.duration_s == max_s


def bad(tmp_path: Path, kind: str) -> Path:
    path = tmp_path / "a.wav"
    match kind:
        case "missing":
            return path
        case "folder":
            return tmp_path
        case "empty":
            path.write_bytes(b"")
        case "not audio":
            path.write_text("I am so sorry.\n" * 100)
        case "no samples":
            soundfile.write(path, np.zeros(0, np.float32), 16_000)
        case "header only":
            path.write_bytes(saved(path, 16_000).read_bytes()[:20])
        case "no numbers":
            soundfile.write(path, np.full(100, np.nan, np.float32), 16_000, subtype="FLOAT")
        case "no rate":
            data = bytearray(saved(path, 16_000).read_bytes())
            data[24:28] = (1).to_bytes(4, "little")
            path.write_bytes(bytes(data))
    return path


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("missing", "There is no file"),
        ("folder", "is a folder"),
        ("empty", "is empty"),
        ("not audio", "not a sound file"),
        ("no samples", "0 seconds"),
        ("header only", "not a sound file"),
        ("no numbers", "damaged"),
        ("no rate", "samples a second"),
    ],
)
def test_bad_files_get_one_line_with_the_name_and_the_mend(
    tmp_path: Path, kind: str, says: str
) -> None:
    path = bad(tmp_path, kind)
    with pytest.raises(UserError, match=says) as caught:
        read_recording(path)
    message = str(caught.value)
    assert str(path) in message
    assert "\n" not in message
    assert message.endswith(".")


def test_cut_off_recordings_are_read_as_far_as_they_go(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.wav", 16_000)
    path.write_bytes(path.read_bytes()[:16_044])
    assert read_recording(path).audio.duration_s == pytest.approx(0.5)
