from __future__ import annotations

import subprocess
import sys
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_coach.audio.samples import Audio
from voice_coach.coaching.sound import BREATH_S, PEAK_CEILING, VOICE_RATE_HZ, finished
from voice_coach.coaching.voice_cache import VoiceCache
from voice_coach.coaching.voices import (
    ENGINES,
    SilentVoice,
    coach_voice,
    sentences,
    speak,
    spoken,
    spoken_duration_s,
    voice_for,
)
from voice_coach.errors import UserError

LINE = "You said seven. It's nearly nine, and I sat here with the dinner going cold."


def test_importing_the_voices_loads_no_engine() -> None:
    heavy = {"hibari", "onnxruntime", "soundfile", "pyttsx3", "soxr", "scipy"}
    code = (
        "import sys; from voice_coach.coaching.voices import coach_voice, voice_for\n"
        "voice_for('Sam', 'male', 'neural'); coach_voice('neural')\n"
        f"print(sorted({heavy!r} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert shown.stdout.strip() == "[]"


@pytest.mark.parametrize("engine", ["neural", "pyttsx3"])
def test_a_name_always_gives_the_same_voice_and_sexes_differ(engine: str) -> None:
    assert voice_for("Maya", "female", engine) == voice_for(" maya ", "female", engine)
    assert voice_for("Maya", "female", engine).name != voice_for("Maya", "male", engine).name
    names = {voice_for(name, "female", engine).name for name in ("Maya", "Ana", "Jo", "Lin", "Eva")}
    assert len(names) > 1
    assert coach_voice(engine).name not in names


def test_an_unknown_engine_is_one_plain_line() -> None:
    with pytest.raises(UserError, match="Choose one of: neural, pyttsx3, silent"):
        voice_for("Maya", "female", "loud")  # type: ignore[arg-type]
    with pytest.raises(UserError, match="There is no voice 'loud'"):
        coach_voice("loud")  # type: ignore[arg-type]


def test_every_engine_renders_speech_ready_to_play() -> None:
    for engine in ENGINES:
        for voice in (voice_for("Sam", "male", engine), coach_voice(engine)):
            audio = voice.render("I sat here with the dinner going cold.")
            assert audio.rate_hz == VOICE_RATE_HZ
            assert 1.2 < audio.duration_s < 5.0
            if engine != "silent":
                assert -24.0 < audio.level_db < -18.5
                assert np.abs(audio.samples).max() <= PEAK_CEILING + 1e-4


def test_a_neural_voice_says_the_same_text_the_same_way() -> None:
    for sex in ("female", "male"):
        voice = voice_for("Robin", sex, "neural")
        first, second = voice.render(LINE), voice.render(LINE)
        assert np.array_equal(first.samples, second.samples)


def test_the_coach_is_lower_than_a_woman_and_higher_than_a_man() -> None:
    import librosa

    def pitch_hz(audio: Audio) -> float:
        found, _, _ = librosa.pyin(audio.samples, fmin=60, fmax=400, sr=audio.rate_hz)
        return float(np.nanmedian(found))

    text = "I stop looking forward to things, because it hurts less."
    woman = pitch_hz(voice_for("Maya", "female", "neural").render(text))
    man = pitch_hz(voice_for("Sam", "male", "neural").render(text))
    coach = pitch_hz(coach_voice("neural").render(text))
    assert coach < 0.9 * woman
    assert coach > 1.3 * man


@pytest.mark.parametrize("text", ["", "  ", "…", "\U0001f642", "---"])
def test_nothing_to_say_is_no_sound(text: str) -> None:
    for voice in (voice_for("Maya", "female", "neural"), voice_for("Sam", "male", "neural")):
        assert len(voice.render(text)) == 0
    assert not list(speak(SilentVoice(), None, ""))
    assert len(spoken(SilentVoice(), None, text)) == 0


def test_odd_text_is_spoken_without_a_fault() -> None:
    text = 'Dr. Lee said: "7:30 pm, £12.50 [sic]" \x07 — naïve, 東京, qwrtzpx & <b>50 %</b>?!'
    for sex in ("female", "male"):
        assert spoken(voice_for("Robin", sex, "neural"), None, text).duration_s > 2.0


def test_sentences_are_split_as_people_breathe() -> None:
    assert sentences(LINE) == (
        "You said seven.",
        "It's nearly nine, and I sat here with the dinner going cold.",
    )
    assert sentences("Dr. Lee waited... then left at 7 p.m. sharp. So did I. OK?") == (
        "Dr. Lee waited... then left at 7 p.m. sharp.",
        "So did I.",
        "OK?",
    )
    assert sentences('"Really?" she said. "Yes."') == ('"Really?" she said.', '"Yes."')
    assert sentences("") == ()
    assert all(len(piece) <= 220 for piece in sentences("and so it went, " * 60))


@settings(deadline=None)
@given(st.text(alphabet="ab I.,!?…\"' \n", max_size=400))
def test_sentences_lose_no_word(text: str) -> None:
    assert " ".join(sentences(text)).split() == text.split()


def test_the_first_sentence_comes_before_the_rest_is_rendered() -> None:
    rendered: list[str] = []

    class Noting(SilentVoice):
        def render(self, text: str) -> Audio:
            rendered.append(text)
            return Audio.silence(0.5, VOICE_RATE_HZ)

    pieces = speak(Noting(), None, "One. Two. Three.")
    first = next(pieces)
    assert rendered == ["One."]
    assert first.duration_s == pytest.approx(0.5 + BREATH_S)
    assert [piece.duration_s for piece in pieces][-1] == pytest.approx(0.5)


def test_rendered_sentences_are_not_rendered_again() -> None:
    count = 0

    class Counting(SilentVoice):
        def render(self, text: str) -> Audio:
            nonlocal count
            count += 1
            return super().render(text)

    voice, cache = Counting(), VoiceCache(None)
    threads = [threading.Thread(target=spoken, args=(voice, cache, LINE)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert spoken(voice, cache, LINE).duration_s > 3.0
    assert count == 2


def test_two_threads_may_render_at_once() -> None:
    voice = voice_for("Maya", "female", "neural")
    alone = voice.render(LINE)
    together: list[Audio] = []
    threads = [
        threading.Thread(target=lambda: together.append(voice.render(LINE))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(together) == 3
    assert all(np.array_equal(audio.samples, alone.samples) for audio in together)


def test_the_estimate_is_close_to_the_coach() -> None:
    voice = coach_voice("neural")
    for text in (
        "Keep this: you said, so you felt foolish, and you let her answer.",
        "Next time, ask one open question before you explain. Then wait for the answer.",
        "You waited for me, and the dinner went cold. That must have really hurt.",
    ):
        assert spoken_duration_s(text) == pytest.approx(
            spoken(voice, None, text).duration_s, rel=0.2
        )
    assert spoken_duration_s(" … ") == 0.0


def test_loud_clicks_are_bent_and_edges_trimmed() -> None:
    random = np.random.default_rng(1)
    samples = np.zeros(48_000, np.float32)
    samples[20_000:30_000] = random.standard_normal(10_000) * 0.01
    samples[25_000] = 1.0
    audio = finished(samples, 24_000)
    assert np.abs(audio.samples).max() <= PEAK_CEILING + 1e-4
    assert 0.4 < audio.duration_s < 0.6
    assert len(finished(np.zeros(5000, np.float32), 24_000)) == 0
