"""Where help is, by country: the list is whole, and what is wrong in one is named with its mend."""

from __future__ import annotations

import pytest

from voice_coach.errors import UserError
from voice_coach.practice.help_lines import GENERAL, help_for, read_help_lines, shipped
from voice_coach.practice.safety_message import SPOKEN, safety_message


def test_every_country_has_help_for_despair_and_an_emergency_number() -> None:
    assert len(shipped().countries) >= 25
    for country in (*shipped().countries, shipped().everywhere):
        assert country.emergency
        assert any(service.purpose == "crisis" for service in country.services), country.code


@pytest.mark.parametrize(
    ("named", "environ", "code"),
    [
        (None, {"LANG": "de_AT.UTF-8"}, "AT"),
        (None, {"LC_ALL": "fr_FR", "LANG": "de_DE.UTF-8"}, "FR"),
        ("no", {"LANG": "de_AT.UTF-8"}, "NO"),
        ("uk", {}, "GB"),
        ("ZZ", {"LANG": "de_AT.UTF-8"}, GENERAL),
    ],
)
def test_the_country_is_named_or_the_machines(
    named: str | None, environ: dict[str, str], code: str
) -> None:
    assert help_for(named, environ).code == code


@pytest.mark.parametrize("kind", SPOKEN)
def test_the_screen_is_the_same_whatever_was_said(kind: str) -> None:
    """Whoever reads it over another's shoulder learns nothing of what was heard."""
    country = help_for("GB", {})
    told = safety_message(kind, country, shipped()).as_lines()  # type: ignore[arg-type]
    assert told == safety_message("threat", country, shipped()).as_lines()
    assert any("Samaritans" in line for line in told)
    assert any("findahelpline.com" in line for line in told)


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("checked: soon", "Add it"),
        ("{", "Mend it there"),
        ("checked: 2026-11\neverywhere: {}\ncountries: []", "at least one entry"),
    ],
)
def test_a_broken_list_is_named_with_the_mend(text: str, mend: str) -> None:
    with pytest.raises(UserError, match=mend) as refused:
        read_help_lines(text)
    assert "\n" not in str(refused.value)
