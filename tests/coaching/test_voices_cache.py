from __future__ import annotations

import logging
import sys
from pathlib import Path

import numpy as np
import pytest

from voice_coach.audio.samples import Audio
from voice_coach.coaching.sound import VOICE_RATE_HZ, finished
from voice_coach.coaching.voice_cache import VoiceCache


class Tone:
    """Stands for a voice so that renderings can be counted; its sound is real, one second long."""

    def __init__(self, name: str = "tone", version: str = "1") -> None:
        self.name, self.version, self.rendered = name, version, 0

    def render(self, text: str) -> Audio:
        self.rendered += 1
        random = np.random.default_rng(len(text))
        return finished(random.standard_normal(VOICE_RATE_HZ).astype(np.float32), VOICE_RATE_HZ)


def test_a_kept_sentence_comes_back_sample_for_sample(tmp_path: Path) -> None:
    voice = Tone()
    fresh = VoiceCache(tmp_path / "voices").render(voice, "Hello.")
    again = VoiceCache(tmp_path / "voices").render(voice, "Hello.")
    assert voice.rendered == 1
    assert again.rate_hz == fresh.rate_hz
    assert np.array_equal(again.samples, fresh.samples)


def test_text_voice_and_version_each_make_another_sound(tmp_path: Path) -> None:
    cache = VoiceCache(tmp_path)
    voices = [Tone(), Tone(name="other"), Tone(version="2")]
    for voice in voices:
        cache.render(voice, "Hello.")
        cache.render(voice, "Hello!")
    assert [voice.rendered for voice in voices] == [2, 2, 2]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no such permissions")
def test_kept_files_are_private_and_none_is_left_half_written(tmp_path: Path) -> None:
    folder = tmp_path / "voices"
    VoiceCache(folder).render(Tone(), "Hello.")
    (kept,) = folder.iterdir()
    assert kept.suffix == ".flac"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "noise"])
def test_a_damaged_file_is_rendered_anew(tmp_path: Path, damage: str) -> None:
    voice = Tone()
    whole = VoiceCache(tmp_path).render(voice, "Hello.")
    (kept,) = tmp_path.iterdir()
    stored = bytearray(kept.read_bytes())
    if damage == "flipped":
        stored[len(stored) // 2] ^= 1
    kept.write_bytes({"cut": stored[:-100], "empty": b"", "noise": b"x" * 99}.get(damage, stored))
    again = VoiceCache(tmp_path).render(voice, "Hello.")
    assert voice.rendered == 2
    assert np.array_equal(again.samples, whole.samples)
    VoiceCache(tmp_path).render(voice, "Hello.")
    assert voice.rendered == 2


def test_the_least_recently_used_go_first(tmp_path: Path) -> None:
    import os

    voice = Tone()
    cache = VoiceCache(tmp_path)
    kept = {}
    for age, text in enumerate(("a", "bb", "ccc")):
        before = set(tmp_path.iterdir())
        cache.render(voice, text)
        (kept[text],) = set(tmp_path.iterdir()) - before
        os.utime(kept[text], (1000 + age, 1000 + age))
    VoiceCache(tmp_path).render(voice, "a")  # used again: now the most recent
    limit = sum(path.stat().st_size for path in tmp_path.iterdir())
    VoiceCache(tmp_path, max_bytes=limit).render(voice, "dddd")
    assert kept["a"].exists()
    assert not kept["bb"].exists()
    VoiceCache(tmp_path, max_bytes=1).render(voice, "eeeee")
    assert len(list(tmp_path.iterdir())) == 1  # what was just asked for stays


def test_where_the_disk_refuses_lines_are_spoken_and_it_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    in_the_way = tmp_path / "voices"
    in_the_way.write_text("a file where the folder should be")
    voice, cache = Tone(), VoiceCache(in_the_way)
    with caplog.at_level(logging.WARNING):
        assert len(cache.render(voice, "Hello."))
        assert len(cache.render(voice, "Goodbye."))
        cache.render(voice, "Hello.")
    assert voice.rendered == 2  # memory still serves
    assert len(caplog.records) == 1
    assert "cannot be kept" in caplog.text


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on a file's size")
def test_a_write_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    import resource
    import signal

    voice, cache = Tone(), VoiceCache(tmp_path / "voices")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # else the limit ends the process
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        assert len(cache.render(voice, "Hello."))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert not list((tmp_path / "voices").iterdir())


def test_without_a_folder_sounds_stay_in_memory_only(tmp_path: Path) -> None:
    voice, cache = Tone(), VoiceCache(None)
    for number in range(60):
        cache.render(voice, "x" * number)
    cache.render(voice, "x" * 59)
    assert voice.rendered == 60
    cache.render(voice, "")
    assert voice.rendered == 61
    assert not list(tmp_path.iterdir())
