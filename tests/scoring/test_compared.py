from __future__ import annotations

import pytest

from voice_coach.conversation import Measure, Measured, Unmeasured
from voice_coach.scoring.baseline import Baseline
from voice_coach.scoring.compared import NO_BASELINE, OTHER_DEVICE, compare_pace, compare_tone

OWN = Baseline(
    usual={
        "pitch_median_hz": 118.0,
        "level_db": -30.0,
        "articulation_rate_syllables_per_s": 4.0,
        "pause_share": 0.15,
    },
    device="desk",
    readings=1,
    turns=0,
)


def reply(higher: float, louder_db: float) -> dict[str, Measure]:
    return {
        "pitch_median_hz": Measured(value=118.0 * 2 ** (higher / 12), unit="Hz"),
        "level_db": Measured(value=-30.0 + louder_db, unit="dB"),
    }


@pytest.mark.parametrize(
    ("higher", "louder_db", "tone", "reason"),
    [
        (4.0, 6.0, "raised", "4 semitones above your usual 118 Hz, 6 dB louder"),
        (1.6, 9.0, "raised", "1.6 semitones above your usual 118 Hz, 9 dB louder"),
        (4.0, 2.0, "tense", "4 semitones above your usual 118 Hz, 2 dB louder"),
        (1.0, -2.0, "calm", "1 semitone above your usual 118 Hz, 2 dB quieter"),
        (0.0, 0.2, "calm", "at your usual 118 Hz, as loud as usual"),
        (-5.0, -9.0, "calm", "5 semitones below your usual 118 Hz, 9 dB quieter"),
    ],
)
def test_the_tone_has_its_reason_in_numbers(
    higher: float, louder_db: float, tone: str, reason: str
) -> None:
    compared = compare_tone(reply(higher, louder_db), OWN)
    assert compared.tone == tone
    assert compared.reason == reason
    assert compared.pitch_rise_semitones == Measured(value=pytest.approx(higher), unit="semitones")


def test_a_voice_that_is_only_louder_may_have_come_nearer() -> None:
    compared = compare_tone(reply(0.5, 8.0), OWN)
    assert compared.tone == "calm"
    assert "8 dB louder (but no higher, as when one comes nearer" in compared.reason


ELSEWHERE = Baseline(
    usual={name: value for name, value in OWN.usual.items() if name != "level_db"},
    device="headset",
    readings=1,
    turns=0,
)


def test_the_level_is_not_compared_on_another_device() -> None:
    compared = compare_tone(reply(1.0, 20.0), ELSEWHERE)
    assert compared.tone == "calm"
    assert compared.reason.endswith(f"loudness not compared: {OTHER_DEVICE}")
    assert compared.level_rise_db == Unmeasured(reason=OTHER_DEVICE, unit="dB")


@pytest.mark.parametrize("higher", [1.6, 2.9, 4.0])
def test_a_higher_voice_of_unknown_loudness_has_no_tone(higher: float) -> None:
    compared = compare_tone(reply(higher, 20.0), ELSEWHERE)
    assert compared.tone is None
    assert compared.reason == (
        f"{higher:g} semitones above your usual 118 Hz, loudness not compared: {OTHER_DEVICE}; "
        "so it cannot be told whether your voice was raised"
    )
    assert compared.pitch_rise_semitones == Measured(value=pytest.approx(higher), unit="semitones")


@pytest.mark.parametrize("away", [-14.0, 9.0, 14.1])
def test_a_voice_far_from_the_usual_may_be_another_persons(away: float) -> None:
    compared = compare_tone(reply(away, 1.0), OWN)
    assert compared.tone is None
    assert "another person's voice" in compared.reason
    assert compare_tone(reply(9.0, 9.0), OWN).tone == "raised"


def test_half_a_second_of_voice_has_no_tone() -> None:
    short = compare_tone(reply(4.3, 7.0), OWN, voiced_s=0.8)
    assert short.tone is None
    assert short.reason.startswith("not compared: under 1 s of voice")
    assert compare_tone(reply(4.3, 7.0), OWN, voiced_s=1.0).tone == "raised"


def test_without_a_baseline_nothing_is_compared() -> None:
    tone, pace = compare_tone(reply(4.0, 6.0), None), compare_pace({}, None)
    assert tone.tone is pace.pace is None
    assert tone.reason == pace.reason == NO_BASELINE
    assert compare_tone({}, None, "these are not yours").reason == "these are not yours"


def test_what_was_not_measured_is_not_compared() -> None:
    quiet = compare_tone({"pitch_median_hz": Unmeasured(reason="too quiet", unit="Hz")}, OWN)
    assert quiet.tone is None
    assert quiet.reason == "not compared: too quiet"
    short = compare_pace(
        {"articulation_rate_syllables_per_s": Unmeasured(reason="under 8 words", unit="")}, OWN
    )
    assert short.pace is None
    assert short.reason == "not compared: under 8 words"


@pytest.mark.parametrize(
    ("rate", "pace", "reason"),
    [
        (5.0, "quicker", "25% quicker than your own: 5.0 syllables a second, your own is 4.0"),
        (4.2, "as usual", "4.2 syllables a second, your own is 4.0"),
        (3.0, "slower", "25% slower than your own: 3.0 syllables a second, your own is 4.0"),
    ],
)
def test_pace_against_ones_own(rate: float, pace: str, reason: str) -> None:
    measures = {
        "articulation_rate_syllables_per_s": Measured(value=rate, unit="syllables/s"),
        "pause_share": Measured(value=0.1, unit="share"),
    }
    compared = compare_pace(measures, OWN)
    assert compared.pace == pace
    assert compared.reason == f"{reason}; pauses 10% of the time, your own 15%"
