from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from voice_coach.audio.media import decode, mixed
from voice_coach.audio.samples import SPEECH_RATE_HZ
from voice_coach.errors import UserError

RATE_HZ = 48_000


def tone(duration_s: float, pitches_hz: tuple[float, ...]) -> np.ndarray:
    time_s = np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    return np.stack([0.3 * np.sin(2 * np.pi * hz * time_s) for hz in pitches_hz]).astype(np.float32)


def write(
    path: Path, sound: np.ndarray | None, codec: str = "pcm_s16le", *, film: bool = False
) -> Path:
    """A file by FFmpeg, channels (n, samples), perhaps with a picture beside the sound."""
    layouts = {1: "mono", 2: "stereo", 7: "6.1"}
    with av.open(str(path), "w") as out:
        if film:
            picture = out.add_stream("mpeg4", rate=10)
            picture.width = picture.height = 64
            picture.pix_fmt = "yuv420p"
        if sound is not None:
            stream = out.add_stream(codec, rate=RATE_HZ, layout=layouts[len(sound)])
            resampler = av.AudioResampler(stream.codec_context.format, stream.layout, RATE_HZ)
            frame = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(sound), format="fltp", layout=layouts[len(sound)]
            )
            frame.sample_rate = RATE_HZ
            for part in (*resampler.resample(frame), *resampler.resample(None)):
                out.mux(stream.encode(part))
            out.mux(stream.encode(None))
        if film:
            for _ in range(10):
                black = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
                out.mux(picture.encode(black))
            out.mux(picture.encode(None))
    return path


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("talk.wav", "pcm_s16le"),
        ("talk.flac", "flac"),
        ("talk.mp3", "libmp3lame"),
        ("talk.m4a", "aac"),
        ("talk.ogg", "libopus"),
        ("talk.opus", "libopus"),
        ("talk.webm", "libopus"),
        ("talk.mp4", "aac"),
        ("ein gespräch – zwei.mp4", "aac"),
    ],
)
def test_any_recording_is_read_channel_by_channel(tmp_path: Path, name: str, codec: str) -> None:
    film = name.startswith("talk.mp4")
    path = write(tmp_path / name, tone(3.0, (300.0, 900.0)), codec, film=film)
    found = decode(path, tmp_path)
    assert found.duration_s == pytest.approx(3.0, abs=0.1)
    assert found.damaged_at_s is None
    assert len(found.tracks) == 2
    for track, pitch_hz in zip(found.tracks, (300.0, 900.0), strict=True):
        middle = track.between(1.0, 2.0).samples
        loudest = np.argmax(np.abs(np.fft.rfft(middle))) * SPEECH_RATE_HZ / len(middle)
        assert loudest == pytest.approx(pitch_hz, abs=2.0)


def test_seven_channels_are_seven_tracks_and_can_be_mixed(tmp_path: Path) -> None:
    path = write(tmp_path / "round.wav", tone(1.0, tuple(200.0 + 100 * n for n in range(7))))
    found = decode(path, tmp_path)
    assert len(found.tracks) == 7
    assert mixed(found.tracks).between(0.0, 1.0).duration_s == pytest.approx(1.0, abs=0.01)
    assert mixed(found.tracks[:1]) is found.tracks[0]


def test_a_wrong_ending_does_not_matter(tmp_path: Path) -> None:
    path = write(tmp_path / "talk.mp3", tone(1.0, (300.0,)), "libmp3lame")
    assert decode(path.rename(tmp_path / "talk.wav"), tmp_path).duration_s > 0.9


def test_a_damaged_end_is_left_out(tmp_path: Path) -> None:
    path = write(tmp_path / "talk.flac", tone(6.0, (300.0,)), "flac")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + bytes(100))
    found = decode(path, tmp_path)
    assert 1.0 < found.duration_s < 5.0


def test_a_recording_joined_from_two_is_read_to_the_seam(tmp_path: Path) -> None:
    parts = [write(tmp_path / f"{n}.aac", tone(2.0, (300.0,) * n), "aac") for n in (1, 2)]
    path = tmp_path / "joined.aac"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    found = decode(path, tmp_path)
    assert found.duration_s == pytest.approx(2.0, abs=0.2)
    assert found.damaged_at_s == found.duration_s


def test_a_name_like_an_address_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "talk.wav", tone(1.0, (300.0,))).rename(tmp_path / "12:30.wav")
    monkeypatch.chdir(tmp_path)
    assert decode(Path("12:30.wav"), tmp_path).duration_s == pytest.approx(1.0, abs=0.01)


def test_channels_that_cancel_out_are_still_heard(tmp_path: Path) -> None:
    sound = tone(1.0, (300.0,))
    path = write(tmp_path / "talk.wav", np.concatenate([sound, -sound]))
    heard = mixed(decode(path, tmp_path).tracks).between(0.0, 1.0)
    assert heard.level_db > -20.0


def test_how_far_it_is_is_told(tmp_path: Path) -> None:
    told: list[tuple[float, float | None]] = []
    path = write(tmp_path / "talk.wav", tone(65.0, (300.0,)))
    decode(path, tmp_path, lambda done_s, whole_s: told.append((done_s, whole_s)))
    assert len(told) >= 2
    assert told[-1][1] == pytest.approx(65.0)


def test_what_cannot_be_read_gets_one_line(tmp_path: Path) -> None:
    empty, text = tmp_path / "empty.wav", tmp_path / "letter.wav"
    empty.touch()
    text.write_text("Dear Maya,\n" * 50, encoding="utf-8")
    silent_film = write(tmp_path / "film.mp4", None, film=True)
    cases = {
        empty: "0 bytes",
        text: "no recording",
        silent_film: "no sound",
        tmp_path: "is a folder",
        tmp_path / "nowhere.wav": "no file",
    }
    for path, told in cases.items():
        with pytest.raises(UserError, match=told) as raised:
            decode(path, tmp_path)
        assert str(path) in str(raised.value)
        assert "\n" not in str(raised.value)
