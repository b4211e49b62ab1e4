"""Listening is not taken for blame, and blame in the clothes of listening not for listening.

All replies were written for these tests, in the way people speak at home.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml

from voice_coach.scoring.listening import judge
from voice_coach.scoring.scorecard import Listening

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
DECENT = 40
"""What a true reflection should not fall below, and blame in its clothes not rise above."""
HEARD_DECENT, HEARD_ATTACKS, BLAMES_LOW, MODELS_DECENT, MODELS_ATTACKS = (
    0.80,
    0.06,
    0.85,
    0.88,
    0.05,
)
"""Shares reached by the shipped weights (docs/scoring.md), which saw none of these replies. The aim
is 0.95, none, 0.95, all and none; these floors keep new weights from being worse.
"""

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


def decent(judged: Listening) -> bool:
    """Whether a reply is not scored low; one that is not scored is not."""
    return judged.score is None or judged.score >= DECENT


def share(truths: Sequence[bool]) -> float:
    return sum(truths) / len(truths)


def test_listening_is_seldom_scored_low_and_hardly_ever_called_an_attack() -> None:
    judged = [judge(line, reply) for line, reply in HEARD]
    judged += [over(*told.split(" | ")) for told in listed("heard.txt")]
    assert share([decent(one) for one in judged]) >= HEARD_DECENT
    assert share([one.level == "attack" for one in judged]) <= HEARD_ATTACKS


def test_blame_in_the_clothes_of_listening_seldom_passes() -> None:
    judged = [
        over(place, reply)
        for reply in listed("blames.txt")
        for place in ("late-home/arrival", "phone-at-dinner/table")
    ]
    low = [one.score is None or one.score <= DECENT for one in judged]
    assert share(low) >= BLAMES_LOW


def test_the_model_replies_of_our_scenarios_seldom_fall_low() -> None:
    judged = []
    for path in sorted(SCENARIOS.glob("*.yaml")):
        scenario = yaml.safe_load(path.read_text(encoding="utf-8"))
        for line in scenario["lines"]:
            judged += [over(f"{scenario['id']}/{line['id']}", reply) for reply in line["replies"]]
    assert share([decent(one) for one in judged]) >= MODELS_DECENT
    assert share([one.level == "attack" for one in judged]) <= MODELS_ATTACKS
