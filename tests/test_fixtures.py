from __future__ import annotations

import importlib.util
import itertools
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import yaml

from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.scoring.scorecard import FACETS, PRIMARIES

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "audio_fixtures"
NAMES = sorted(path.parent.name for path in FIXTURES.glob("*/truth.json"))
MAX_BYTES = 7_000_000
FRAME_S = 0.01
MAX_WORD_ERRORS = 0.2
KEYS = {
    "scenario", "line_id", "line", "text", "come_in_s", "first_sound_s", "duration_s", "level_db",
    "snr_db", "pieces", "said_over_the_line", "pauses", "voice", "expect",
}  # fmt: skip


def truth_of(name: str) -> dict[str, Any]:
    return json.loads((FIXTURES / name / "truth.json").read_text(encoding="utf-8"))


def sound_of(name: str) -> Audio:
    samples, rate_hz = soundfile.read(FIXTURES / name / "reply.wav", dtype="float32")
    return Audio(samples, rate_hz)


def levels_db(audio: Audio) -> Any:
    size = round(FRAME_S * audio.rate_hz)
    frames = audio.samples[: len(audio) // size * size].reshape(-1, size).astype(np.float64)
    return 10 * np.log10(np.mean(frames**2, axis=1) + 1e-12)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every fixture made anew."""
    spec = importlib.util.spec_from_file_location("make_fixtures", FIXTURES / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_fixtures"] = module
    spec.loader.exec_module(module)
    folder = tmp_path_factory.mktemp("fixtures")
    module.main(folder)
    return folder


def test_all_cases_are_there_and_small_enough() -> None:
    assert len(NAMES) == 24
    sizes = [path.stat().st_size for path in FIXTURES.rglob("*") if "__pycache__" not in str(path)]
    assert sum(sizes) < MAX_BYTES


@pytest.mark.parametrize("name", NAMES)
def test_a_fixture_is_whole_and_its_truth_well_formed(name: str) -> None:
    assert (FIXTURES / name / "SOURCE.md").read_text(encoding="utf-8").startswith(f"# {name}\n")
    truth = truth_of(name)
    assert set(truth) == KEYS
    expect = truth["expect"]
    assert expect["listening"] in {"high", "low", "none"}
    assert expect["primary"] is None or expect["primary"] in PRIMARIES
    assert expect["interruptions"] in {"none", "backchannel", "terminal", "interruption"}
    assert set(expect["facets_high"]) <= set(FACETS)
    assert truth["text"] == " ".join(piece["text"] for piece in truth["pieces"])


def test_the_lines_answered_are_the_scenario_s() -> None:
    scenario = yaml.safe_load((ROOT / "scenarios" / "late-home.yaml").read_text(encoding="utf-8"))
    lines = {line["id"]: line["says"] for line in scenario["lines"]}
    for name in NAMES:
        truth = truth_of(name)
        assert truth["scenario"] == scenario["id"]
        assert truth["line"] == " ".join(lines[truth["line_id"]].split())


@pytest.mark.parametrize("name", NAMES)
def test_the_truth_agrees_with_the_sound(name: str) -> None:
    truth, audio = truth_of(name), sound_of(name)
    info = soundfile.info(FIXTURES / name / "reply.wav")
    assert (info.samplerate, info.channels, info.subtype) == (SPEECH_RATE_HZ, 1, "PCM_16")
    assert audio.duration_s == pytest.approx(truth["duration_s"], abs=0.001)
    assert np.abs(audio.samples).max() < 1.0
    if not truth["pieces"]:
        assert audio.level_db == pytest.approx(truth["level_db"], abs=0.5)
        return
    # silences are left out of the stated level: they lower that of the file by a few dB
    assert truth["level_db"] - 5.0 < audio.level_db < truth["level_db"] + 0.5
    if truth["snr_db"] is not None:
        return  # the room's noise fills the silences; the same words without it are in reflects
    levels = levels_db(audio)
    quiet = levels < max(-68.0, truth["level_db"] - 27.0)
    for piece in truth["pieces"]:
        start, end = round(piece["start_s"] / FRAME_S), round(piece["end_s"] / FRAME_S)
        assert not quiet[start : start + 15].all()
        assert not quiet[max(start, end - 15) : end].all()
    for pause in truth["pauses"]:
        start, end = round(pause["start_s"] / FRAME_S), round(pause["end_s"] / FRAME_S)
        assert end - start >= 25
        assert np.mean(quiet[start + 3 : end - 3]) > 0.95


@pytest.mark.parametrize("name", NAMES)
def test_every_long_silence_is_in_the_truth(name: str) -> None:
    truth = truth_of(name)
    if truth["snr_db"] is not None or not truth["pieces"]:
        return
    levels = levels_db(sound_of(name))
    sounding = np.flatnonzero(levels > max(-72.0, truth["level_db"] - 42.0))
    known = [(pause["start_s"], pause["end_s"]) for pause in truth["pauses"]]
    for before, after in itertools.pairwise(sounding):
        start_s, end_s = (before + 1) * FRAME_S, after * FRAME_S
        over_line = truth["said_over_the_line"] and start_s < truth["pieces"][1]["start_s"] < (
            end_s + 0.2
        )
        if end_s - start_s >= 0.30 and not over_line:
            assert any(start < end_s and end > start_s for start, end in known), (start_s, end_s)


def test_the_special_cases_are_what_their_names_say() -> None:
    def words_per_min(name: str) -> float:
        truth = truth_of(name)
        spoken_s = truth["pieces"][-1]["end_s"] - truth["pieces"][0]["start_s"]
        return 60 * len(truth["text"].split()) / spoken_s

    def longest_pause_s(name: str) -> float:
        return max(pause["end_s"] - pause["start_s"] for pause in truth_of(name)["pauses"])

    assert words_per_min("fast") > 200
    assert words_per_min("slow") < 115
    assert 130 < words_per_min("reflects") < 180
    assert longest_pause_s("long-pause") == pytest.approx(1.5, abs=0.01)
    assert truth_of("thinks-first")["first_sound_s"] == pytest.approx(3.2)
    assert truth_of("interrupts")["first_sound_s"] == pytest.approx(-2.5)
    backchannel = truth_of("backchannel")
    assert backchannel["first_sound_s"] == pytest.approx(-4.0)
    real_start_s = backchannel["come_in_s"] + backchannel["pieces"][1]["start_s"]
    assert real_start_s > 0.2


def test_making_them_anew_gives_the_same(made: Path) -> None:
    assert sorted(path.name for path in made.iterdir()) == NAMES
    for name in NAMES:
        kept = truth_of(name)
        fresh = json.loads((made / name / "truth.json").read_text(encoding="utf-8"))
        assert fresh["text"] == kept["text"]
        assert fresh["expect"] == kept["expect"]
        assert len(fresh["pauses"]) == len(kept["pauses"])
        for mine, theirs in zip(fresh["pauses"], kept["pauses"], strict=True):
            # another processor may round a sound's length by a frame or two
            assert mine["start_s"] == pytest.approx(theirs["start_s"], abs=0.1)
            assert mine["end_s"] == pytest.approx(theirs["end_s"], abs=0.1)


def test_making_one_again_gives_the_same_sound(made: Path) -> None:
    module = sys.modules["make_fixtures"]
    for case in module.CASES:
        if case.name in {"apologises", "terminal"}:  # one of each voice
            again = (module.built(case).samples * 32768).round().clip(-32768, 32767)
            kept, _ = soundfile.read(made / case.name / "reply.wav", dtype="int16")
            assert np.abs(again - kept).max() <= 1.0


def words_in(text: str) -> list[str]:
    digits = {"5": "five", "6": "six", "7": "seven", "9": "nine"}
    return [digits.get(word, word) for word in re.findall(r"[a-z0-9']+", text.lower())]


def word_errors(said: list[str], heard: list[str]) -> int:
    row = list(range(len(heard) + 1))
    for number, word in enumerate(said, start=1):
        fresh = [number]
        for at, other in enumerate(heard, start=1):
            fresh.append(min(row[at] + 1, fresh[-1] + 1, row[at - 1] + (word != other)))
        row = fresh
    return row[-1]


@pytest.mark.model
@pytest.mark.timeout(600)
def test_a_recogniser_hears_what_was_said(tmp_path: Path) -> None:
    from faster_whisper import WhisperModel

    from voice_coach.speech.models import ensure_model

    home = Path(os.environ.get("VOICE_COACH_HOME", tmp_path))
    model = WhisperModel(
        str(ensure_model("base", home)), device="cpu", compute_type="int8", local_files_only=True
    )
    wrong: dict[str, str] = {}
    for name in NAMES:
        said = words_in(truth_of(name)["text"])
        if not said:
            continue
        found, _ = model.transcribe(
            sound_of(name).samples, language="en", beam_size=1, condition_on_previous_text=False
        )
        heard = " ".join(part.text for part in found)
        if word_errors(said, words_in(heard)) > max(1, MAX_WORD_ERRORS * len(said)):
            wrong[name] = heard
    assert not wrong
