from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from voice_coach.audio.devices import Device
from voice_coach.audio.preflight import away, check_input, check_output, listen
from voice_coach.audio.samples import Audio
from voice_coach.audio.standin import ReplyFiles, Timepiece

BUILT_IN = Device(
    name="Built-in Microphone",
    direction="input",
    rate_hz=48_000,
    channels=1,
    host="Core Audio",
    bluetooth=False,
    index=0,
)
HEADSET = dataclasses.replace(BUILT_IN, name="AirPods", bluetooth=True)


def noise(level_db: float) -> Audio:
    random = np.random.default_rng(5).normal(size=9_600) * 10 ** (level_db / 20)
    return Audio(random.clip(-1, 1).astype(np.float32), 16_000)


@pytest.mark.parametrize(
    ("frames", "kind", "says"),
    [
        (noise(-60.0), "ok", "hears the room (-60 dB)"),
        (noise(-85.0), "warn", "very quiet"),
        (noise(3.0), "warn", "too loud"),
        (Audio.silence(0.5), "fail", "no sound at all"),
    ],
)
def test_the_signal_is_judged(frames: Audio, kind: str, says: str) -> None:
    (finding,) = check_input(frames, BUILT_IN)
    assert finding.kind == kind
    assert says in finding.what
    assert (finding.mend is None) == (kind == "ok")


@pytest.mark.parametrize(
    ("platform", "setting"),
    [("darwin", "Privacy & Security"), ("win32", "desktop apps"), ("linux", "muted")],
)
def test_exact_zeros_name_the_setting_of_the_system(platform: str, setting: str) -> None:
    (finding,) = check_input(Audio.silence(0.5), BUILT_IN, platform)
    assert setting in (finding.mend or "")


def test_bluetooth_voids_latency_and_says_so() -> None:
    first, second = check_input(noise(-60.0), HEADSET)
    assert first.kind == "ok"
    assert second.kind == "warn"
    assert "how fast you answer will not be judged" in second.what
    (finding,) = check_output(dataclasses.replace(HEADSET, direction="output"))
    assert "not be judged" in finding.what


def test_no_devices() -> None:
    assert check_input(Audio.silence(0.0), None)[0].kind == "fail"
    assert "--replies" in (check_input(Audio.silence(0.0), None)[0].mend or "")
    assert check_output(None)[0].kind == "warn"
    assert check_output(dataclasses.replace(BUILT_IN, direction="output"))[0].kind == "ok"


def test_listening_leaves_the_first_part_out() -> None:
    # A crackle as the device opens, in the place of a reply; after it there is silence.
    card = ReplyFiles(Timepiece(fast=True), [noise(-10.0).between(0.0, 0.3)], [0.0])
    card.expect_reply(0.0)
    heard = listen(card, 0.4)
    assert heard.duration_s == pytest.approx(0.4, abs=0.02)
    assert not heard.samples.any()
    assert card.now_s == pytest.approx(2 * heard.duration_s)


def test_a_device_that_is_away_is_named_with_the_one_in_its_place() -> None:
    finding = away("Yeti X", BUILT_IN)
    assert finding.kind == "warn"
    assert "'Yeti X' from last time is not here; 'Built-in Microphone' is used" in finding.what
    assert "--input" in (finding.mend or "")
