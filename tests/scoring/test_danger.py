"""The network that watches for danger, with the weights that ship."""

from pathlib import Path

import pytest

from voice_coach.errors import UserError
from voice_coach.scoring.danger import DangerNetwork, shipped
from voice_coach.scoring.safety import alarm_in

ORDINARY = (
    "I tidied the kitchen and then I rang my sister about the weekend and she said that they would "
    "bring the salad and the chairs, so we only need to think of the drinks and of the music for "
)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("He keeps my passport in his safe and I am not allowed to have it.", "coercion"),
        ("last night he put his hands round my throat until i could not breathe", "violence"),
        ("I have the tablets ready and tonight I am going to take them all.", "self_harm"),
    ],
)
def test_danger_said_calmly_is_known(said: str, kind: str) -> None:
    found = shipped().find(said)
    assert found is not None
    assert found.kind == kind
    assert (found.start, found.end) == (0, len(said))


@pytest.mark.parametrize(
    "said",
    [
        "I could kill for a coffee right now.",
        "You never listen to me and I am sick and tired of it.",
        "I hate it when you slam the door like that.",
        "So it felt like being stabbed in the back.",
        "okay",
        "",
    ],
)
def test_everyday_anger_is_none(said: str) -> None:
    assert shipped().find(said) is None


def test_a_clause_in_a_long_turn_is_read_in_a_window_of_its_own() -> None:
    said = f"{ORDINARY * 2}last night he put his hands round my throat until i could not breathe"
    found = shipped().find(said)
    assert found is not None
    assert found.end == len(said)
    assert found.start > 0


def test_what_only_the_network_takes_for_danger_is_not_scored_as_a_threat() -> None:
    alarm = alarm_in("He keeps my passport in his safe and I am not allowed to have it.")
    assert alarm is not None
    assert alarm.kind == "violence"


def test_missing_weights_are_named_with_the_mend(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"danger\.onnx is missing\. Install Voice Coach again"):
        DangerNetwork(tmp_path, tmp_path / "tokenizer.json")
