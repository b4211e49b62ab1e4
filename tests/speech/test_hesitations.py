from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.conversation import Span, Timeline
from voice_coach.errors import UserError
from voice_coach.speech import hesitations
from voice_coach.speech.activity import activity_of
from voice_coach.speech.hesitations import (
    MODEL,
    STEP_S,
    Classifier,
    HesitationEar,
    encoded,
    runs,
    shipped,
)
from voice_coach.speech.models import ensure_model
from voice_coach.speech.transcriber import Transcriber

TWO = Classifier(
    names=("", "uh", "um"),
    weights=np.array([[0, 0], [9, 0], [0, 9]], np.float32),
    bias=np.array([4, 0, 0], np.float32),
)


def moments(*parts: tuple[int, int]) -> np.ndarray:
    """Vectors of a toy encoder: (how many, 0 for speech, 1 for uh, 2 for um)."""
    rows = {0: (0.0, 0.0), 1: (1.0, 0.0), 2: (0.0, 1.0)}
    return np.array([rows[kind] for count, kind in parts for _ in range(count)], np.float32)


@pytest.fixture(scope="session")
def ear(model_home: Path) -> HesitationEar:
    return HesitationEar(lambda: ensure_model(MODEL, model_home))


def test_runs_of_likely_moments_are_fillers_named_by_their_class() -> None:
    found = runs(TWO, moments((50, 0), (20, 1), (30, 0), (25, 2), (40, 0)))
    assert [each.text for each in found] == ["uh", "um"]
    assert found[0].span.start_s == pytest.approx(50 * STEP_S, abs=0.05)
    assert found[0].span.end_s == pytest.approx(70 * STEP_S, abs=0.05)
    assert {each.found for each in found} == {"sound"}


def test_a_moment_is_no_filler() -> None:
    assert runs(TWO, moments((50, 0), (3, 1), (50, 0))) == ()
    assert runs(TWO, moments((2, 1))) == ()


def test_the_shipped_classifier_fits_the_encoder(transcriber: Transcriber) -> None:
    classifier = shipped()
    vectors = encoded(transcriber.model, np.zeros(25 * SPEECH_RATE_HZ, np.float32))
    assert vectors.shape == (25 * 50, classifier.weights.shape[1])
    assert classifier.weights.shape[0] == len(classifier.names) == len(classifier.bias)
    assert classifier.names[0] == ""


def test_an_um_is_heard_where_it_was_said(ear: HesitationEar, say: Callable[[str], Audio]) -> None:
    before, um, after = say("I know that you waited"), say("um"), say("and that it hurt you.")
    quiet = Audio.silence(0.4)
    sound = Audio.joined([quiet, before, quiet, um, quiet, after, quiet])
    start_s = 0.8 + before.duration_s
    found = ear.fillers(sound, activity_of(sound))
    assert len(found) == 1
    assert found[0].span.meets(Span(start_s=start_s, end_s=start_s + um.duration_s))


def test_none_is_heard_in_plain_speech(
    ear: HesitationEar, say: Callable[[str], Audio], sentences: list[str]
) -> None:
    sound = Audio.joined([say(" ".join(sentences[:4]))])
    assert ear.fillers(sound, activity_of(sound)) == ()


def test_times_hold_after_a_long_silence(ear: HesitationEar, say: Callable[[str], Audio]) -> None:
    lead = Audio.silence(30.0)
    said = Audio.joined([say("So I thought"), Audio.silence(0.3), say("um")])
    sound = Audio.joined([lead, said, Audio.silence(0.3), say("that you knew it.")])
    activity = activity_of(sound)
    found = ear.fillers(sound, activity)
    assert len(found) == 1
    assert 30.5 < found[0].span.start_s < 30.0 + said.duration_s


def test_an_um_before_the_reply_is_no_part_of_it(
    ear: HesitationEar, say: Callable[[str], Audio]
) -> None:
    um, reply = say("Um."), say("I know that you waited and that it hurt you.")
    sound = Audio.joined([Audio.silence(0.5), um, Audio.silence(0.4), reply, Audio.silence(0.5)])
    start_s = 0.9 + um.duration_s
    activity = activity_of(sound)
    assert len(ear.fillers(sound, activity)) == 1
    assert ear.fillers(sound, activity.within(Span(start_s=start_s, end_s=60.0))) == ()


@pytest.mark.parametrize(
    ("start_s", "count"), [(2.35, 0), (2.55, 1), (3.0, 1), (4.95, 1), (5.2, 0)]
)
def test_only_what_meets_the_reply_counts(
    monkeypatch: pytest.MonkeyPatch, start_s: float, count: int
) -> None:
    activity = Timeline.of([Span(start_s=3.0, end_s=5.0)])
    steps = round((start_s - 2.0) / STEP_S)  # the ear hears from a second before the reply
    vectors = moments((steps, 0), (20, 2), (180 - steps, 0))
    monkeypatch.setattr(HesitationEar, "_model", None)
    monkeypatch.setattr(hesitations, "shipped", lambda: TWO)
    monkeypatch.setattr(hesitations, "encoded", lambda *_: vectors)
    found = HesitationEar(Path).fillers(Audio.silence(8.0), activity)
    assert len(found) == count
    assert all(each.span.start_s == pytest.approx(start_s, abs=0.05) for each in found)


def test_where_no_voice_was_heard_nothing_is_looked_for(ear: HesitationEar) -> None:
    assert ear.fillers(Audio.silence(2.0), Timeline()) == ()


def test_weights_that_cannot_load_are_named() -> None:
    def missing() -> Path:
        raise UserError("The model tiny.en is not on this machine.")

    whole = Timeline.of([Span(start_s=0.0, end_s=1.0)])
    with pytest.raises(UserError, match=r"tiny\.en"):
        HesitationEar(missing).fillers(Audio.silence(1.0), whole)
