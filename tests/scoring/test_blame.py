"""Listening is never taken for blame, and blame in the clothes of listening never for listening.

All replies were written for these tests, in the way people speak at home.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from voice_coach.scoring.listening import judge
from voice_coach.scoring.scorecard import Listening

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
DECENT = 40
"""What a true reflection never falls below."""
DISGUISED = 18
"""What blame in the clothes of listening never rises above: its cap in the scoring."""

PHONE = "You were on your phone the whole dinner. I might as well have eaten alone."
RANG = "You said you'd ring when you landed. I lay awake till three, I thought something happened."
PICTURES = "You sold the camera without asking. All the pictures of Dad were still on it."
ALONE = "I go to every one of those appointments by myself. I sit there with the other couples."

HEARD = (
    (PHONE, "You wanted my full attention, and I was staring at a screen."),
    (PHONE, "You wanted tonight to be perfect, and I spent it on my phone."),
    (ALONE, "You want to know that someone is there for you."),
    (PHONE, "It must feel like someone is always more important than you."),
    (PHONE, "You hate it when we fight about the phone."),
    (PHONE, "You don't want to fight, you want me to be there with you."),
    (RANG, "You did not ask for much, only for me to call. And I didn't. I'm sorry."),
    (RANG, "You could have just gone to bed, and you stayed up for me."),
    (PICTURES, "You don't care about the money, it's the pictures of him you miss."),
    (RANG, "You had no idea whether I was even thinking of you."),
)
"""Replies that an earlier set of rules took for attacks."""


def listed(name: str) -> list[str]:
    """The replies of a list, one a line."""
    text = (Path(__file__).parent / "replies" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


def over(place: str, reply: str) -> Listening:
    """A reply judged over a line of our own scenarios."""
    scenario, name = place.split("/")
    told = yaml.safe_load((SCENARIOS / f"{scenario}.yaml").read_text(encoding="utf-8"))
    line = next(line for line in told["lines"] if line["id"] == name)
    return judge(line["says"], reply, feels=line["feels"], needs=line["needs"], facts=line["facts"])


def assert_heard(judged: Listening) -> None:
    assert judged.level != "attack", judged.moves
    assert judged.score is not None
    assert judged.score >= DECENT, judged.moves


@pytest.mark.parametrize(("line", "reply"), HEARD)
def test_listening_is_never_taken_for_an_attack(line: str, reply: str) -> None:
    assert_heard(judge(line, reply))


@pytest.mark.parametrize("told", listed("heard.txt"))
def test_listening_to_our_own_lines_is_never_taken_for_an_attack(told: str) -> None:
    place, reply = told.split(" | ")
    assert_heard(over(place, reply))


@pytest.mark.parametrize("reply", listed("blames.txt"))
@pytest.mark.parametrize("place", ["late-home/arrival", "phone-at-dinner/table"])
def test_blame_in_the_clothes_of_listening_stays_low(place: str, reply: str) -> None:
    judged = over(place, reply)
    assert judged.score is not None
    assert judged.score <= DISGUISED, judged.moves
    assert judged.level in {"attack", "apathy"}


def test_no_model_reply_of_our_scenarios_falls_low() -> None:
    for path in sorted(SCENARIOS.glob("*.yaml")):
        scenario = yaml.safe_load(path.read_text(encoding="utf-8"))
        for line in scenario["lines"]:
            for reply in line["replies"]:
                assert_heard(over(f"{scenario['id']}/{line['id']}", reply))
