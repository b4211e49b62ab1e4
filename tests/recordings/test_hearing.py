from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner

from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.cli import main
from voice_coach.conversation import Timeline
from voice_coach.recordings.transcripts import read_transcript
from voice_coach.speech.activity import activity_of
from voice_coach.speech.diarisation import diarise, recognise
from voice_coach.speech.embedding import voiceprint

if TYPE_CHECKING:
    from conftest import Talk

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def one_microphone(talk: Talk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("talk") / "our talk – ü.wav"
    soundfile.write(path, talk.mixed.samples, SPEECH_RATE_HZ)
    return path


@pytest.fixture(scope="module")
def a_channel_each(talk: Talk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("talk") / "call.wav"
    both = np.stack([sound.samples for sound in talk.sounds.values()], axis=1)
    soundfile.write(path, both, SPEECH_RATE_HZ)
    return path


def analyse(*args: str | Path) -> dict[str, Any]:
    done = CliRunner().invoke(main, ["analyze", *map(str, args), "--json"])
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.output)
    return found


def refused(*args: str | Path) -> str:
    done = CliRunner().invoke(main, ["analyze", *map(str, args)])
    assert done.exit_code == 2, done.output
    return done.output.strip()


def wrong_share(found: Timeline, true: Timeline, of: Timeline) -> float:
    return ((found - true).duration_s + (true - found).duration_s) / of.duration_s


def test_two_voices_on_one_microphone_are_told_apart(one_microphone: Path, talk: Talk) -> None:
    found = analyse(one_microphone, "--names", "Maya,Leo")
    assert [turn["speaker"] for turn in found["turns"]] == [name for name, _ in talk.spans]
    assert found["turns"][1]["text"].startswith("You waited two hours")
    assert found["rate_hz"] == SPEECH_RATE_HZ
    assert found["model"]["words"] == "base"
    assert found["words"][0]["speaker"] == "Maya"
    assert found["overlaps"] == []
    assert "one microphone" in found["overlaps_reason"]
    for speaker in found["speakers"]:
        for name in ("words_per_min", "articulation_rate_syllables_per_s", "pitch_median_hz"):
            assert speaker["pacing"][name]["value"] is not None, name
    maya, leo = found["speakers"]
    assert maya["pacing"]["pitch_median_hz"]["value"] > leo["pacing"]["pitch_median_hz"]["value"]
    moves = {move["move"] for move in leo["listening"]["moves"]}
    assert moves & {"reflection_content", "reflection_feeling"}


def test_a_channel_each_is_found_without_being_told(a_channel_each: Path) -> None:
    found = analyse(a_channel_each)
    assert [turn["speaker"] for turn in found["turns"]] == ["A", "B"] * 3
    assert found["overlaps_reason"] is None
    assert any("one speaker a channel" in note for note in found["notes"])
    named = analyse(a_channel_each, "--channels", "--names", "Maya,Leo")
    assert [speaker["name"] for speaker in named["speakers"]] == ["Maya", "Leo"]
    assert named["notes"] == []


@pytest.mark.parametrize("late", [0, 10])
def test_one_room_on_two_channels_is_one_microphone(tmp_path: Path, talk: Talk, late: int) -> None:
    path = tmp_path / "stereo.wav"
    left = talk.mixed.samples
    right = 0.7 * np.roll(left, late)  # the other end of a telephone hears it later and softer
    soundfile.write(path, np.stack([left, right], axis=1), SPEECH_RATE_HZ)
    found = analyse(path)
    assert [turn["speaker"] for turn in found["turns"]] == ["A", "B"] * 3
    assert found["overlaps_reason"] is not None


def test_what_is_written_can_be_read_again(one_microphone: Path, tmp_path: Path) -> None:
    rttm, vtt = tmp_path / "out.rttm", tmp_path / "out.vtt"
    found = analyse(one_microphone, "--names", "Maya,Leo", "--rttm", rttm, "--vtt", vtt)
    spoken = read_transcript(rttm).utterances
    assert {turn.speaker for turn in spoken} == {"Maya", "Leo"}
    captions = read_transcript(vtt).utterances
    assert " ".join(turn.text for turn in captions) == " ".join(
        word["text"] for word in found["words"]
    )
    assert "<v Leo>[Leo: reflection" in vtt.read_text(encoding="utf-8")
    again = CliRunner().invoke(main, ["analyze", "--turns", str(vtt), "--json"])
    assert json.loads(again.stdout)["overlaps_reason"] == found["overlaps_reason"]


def test_one_persons_answer_to_a_line(tmp_path: Path, talk: Talk) -> None:
    path = tmp_path / "answer.wav"
    (_, _), (name, span) = talk.spans[:2]
    soundfile.write(path, talk.sounds[name].between(span.start_s, span.end_s).samples, 16_000)
    found = analyse(path, "--line", "I sat here with the food until nine.")
    assert len(found["speakers"]) == 1
    assert found["speakers"][0]["listening"]["replies"] == 1


def test_wishes_that_do_not_fit_are_named(one_microphone: Path, tmp_path: Path) -> None:
    assert "one channel" in refused(one_microphone, "--channels")
    before = one_microphone.read_bytes()
    assert "is the recording itself" in refused(one_microphone, "--html", one_microphone)
    assert one_microphone.read_bytes() == before
    assert "3 names for 2 speakers" in refused(one_microphone, "--names", "A,B,C", "--speakers", 2)
    assert "not both" in refused(one_microphone, "--channels", "--speakers", 2)
    assert "one of them" in refused()
    out = refused(one_microphone, "--rttm", tmp_path / "no" / "where.rttm", "--speakers", 1)
    assert "there is no folder" in out


def test_names_go_with_the_channels(a_channel_each: Path) -> None:
    found = analyse(a_channel_each, "--names", "Maya,Leo")
    assert [speaker["name"] for speaker in found["speakers"]] == ["Maya", "Leo"]
    assert found["overlaps_reason"] is None
    assert "1 names for 2 channels" in refused(a_channel_each, "--names", "Maya")


def test_enrolled_voices_are_recognised(talk: Talk) -> None:
    prints = {name: voiceprint(sound, activity_of(sound)) for name, sound in talk.sounds.items()}
    activity = activity_of(talk.mixed)
    found, _ = recognise(talk.mixed, activity, prints)
    for name in prints:
        assert wrong_share(found[name] & activity, talk.of(name) & activity, activity) < 0.05
    alone = {"Maya": prints["Maya"]}
    found, strange = recognise(talk.mixed, activity, alone)
    assert wrong_share(strange & activity, talk.of("Leo") & activity, activity) < 0.1


def test_diarisation_knows_its_limits(talk: Talk) -> None:
    activity = activity_of(talk.mixed)
    assert not diarise(talk.mixed, activity, speakers=2).alike
    alone = talk.sounds["Maya"]
    assert diarise(alone, activity_of(alone), speakers=2).alike
    assert diarise(Audio.silence(5.0), Timeline(), speakers=2).timelines == (Timeline(), Timeline())
    with pytest.raises(ValueError, match="at least one"):
        diarise(alone, activity, speakers=0)


def test_one_voice_is_not_made_two(tmp_path: Path, talk: Talk) -> None:
    path = tmp_path / "memo.wav"
    soundfile.write(path, talk.sounds["Maya"].samples, SPEECH_RATE_HZ)
    found = analyse(path)
    assert len(found["speakers"]) == 1
    assert "one person" in found["notes"][0]
    assert len(analyse(path, "--speakers", 2)["speakers"]) == 2


def test_nothing_is_left_of_the_sound(
    one_microphone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    page = tmp_path / "page.html"
    analyse(one_microphone, "--html", page, "--speakers", 2)
    assert list(tmp_path.iterdir()) == [page]
    if sys.platform != "win32":
        assert page.stat().st_mode & 0o077 == 0


def test_silence_holds_nobody(tmp_path: Path) -> None:
    path = tmp_path / "silence.wav"
    soundfile.write(path, np.zeros(30 * SPEECH_RATE_HZ, np.float32), SPEECH_RATE_HZ)
    found = analyse(path)
    assert found["turns"] == found["speakers"] == found["words"] == []
    assert found["notes"] == ["No voice was heard."]
    assert found["duration_s"] == 30.0
