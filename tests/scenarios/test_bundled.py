"""The bundled scenarios as writing: what can be counted of what docs/authoring.md asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from voice_coach.scenarios.library import find_scenario, list_scenarios
from voice_coach.scenarios.model import OUTCOMES, Line, Scenario

LINE_WORDS = range(15, 46)
REPLY_WORDS = range(12, 36)
BEST_WORDS = range(12, 26)
MAX_COPIED_RUN = 3
"""Most words that a model reply may take over in a row from its line."""
MAX_COPY_RATE = 0.34
"""Largest share of a model reply's content words that are the line's own."""

SMALL_WORDS = frozenset(
    """
    a about all an and any are as at be been but by can could did do does for from get got had has
    have he her here him his how i if in is it its just know let like me more much my no not now
    of off on one or our out over say see she so some such than that the their them then there they
    thing this to too up us was we well were what when where which who why will with would you your
    i'm i'd i've i'll it's you're you'd you've you'll that's don't didn't isn't can't there's
    """.split()
)
THERAPIST = re.compile(
    r"\b(feel heard|hold(ing)? space|validat|boundar|trigger|process my|my needs|toxic|gaslight)",
    re.IGNORECASE,
)
DODGES = re.compile(
    r"\b(calm down|at least|you should\b|why don't you|you always|too sensitive|relax|but i )",
    re.IGNORECASE,
)

SCENARIOS = list_scenarios()
LINES = [(scenario, line) for scenario in SCENARIOS for line in scenario.lines]
each_line = pytest.mark.parametrize(
    ("scenario", "line"), LINES, ids=[f"{s.id}:{line.id}" for s, line in LINES]
)


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def test_there_are_twelve_of_every_kind() -> None:
    assert len(SCENARIOS) == 12
    assert {s.heat for s in SCENARIOS} == {"calm", "tense", "heated"}
    assert {s.about for s in SCENARIOS} == {"couple", "family"}
    assert sum(s.about == "couple" for s in SCENARIOS) > 6
    assert sum(s.partner.voice == "female" for s in SCENARIOS) == 6
    assert len({s.partner.name for s in SCENARIOS}) == 12


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.id)
def test_each_repeats_and_escalates_in_words_of_its_own(scenario: Scenario) -> None:
    first = scenario.line(scenario.start)
    assert len({first.branches.to(outcome) for outcome in OUTCOMES} | {first.id}) == 4
    assert len({line.says for line in scenario.lines}) == len(scenario.lines) >= 6
    assert len(scenario.setting.split()) <= 45


@each_line
def test_a_line_is_short_enough_to_say_and_plainly_spoken(scenario: Scenario, line: Line) -> None:
    del scenario
    assert len(line.says.split()) in LINE_WORDS
    assert not THERAPIST.search(line.says)
    assert not re.search(r"[0-9;()…—–\"]", line.says)


@each_line
def test_model_replies_can_be_said_and_do_not_dodge(scenario: Scenario, line: Line) -> None:
    del scenario
    assert len(line.replies[0].split()) in BEST_WORDS
    for reply in line.replies:
        assert len(reply.split()) in REPLY_WORDS, reply
        assert not DODGES.search(reply), reply
        assert not re.search(r"[0-9;()…—–\"]", reply), reply


@each_line
def test_model_replies_use_words_of_their_own(scenario: Scenario, line: Line) -> None:
    del scenario
    said = words_of(line.says)
    runs = {tuple(said[at : at + MAX_COPIED_RUN + 1]) for at in range(len(said) - MAX_COPIED_RUN)}
    for reply in line.replies:
        words = words_of(reply)
        copied = [run for run in runs_of(words, MAX_COPIED_RUN + 1) if run in runs]
        assert not copied, (reply, copied)
        content = [word for word in words if word not in SMALL_WORDS]
        shared = [word for word in content if word in said]
        assert len(shared) <= MAX_COPY_RATE * len(content), (reply, shared)


def runs_of(words: list[str], length: int) -> Iterator[tuple[str, ...]]:
    return (tuple(words[at : at + length]) for at in range(len(words) - length + 1))


def test_model_replies_do_not_lean_on_a_stem() -> None:
    replies = [reply for _, line in LINES for reply in line.replies]
    assert len(set(replies)) == len(replies)
    stems = [" ".join(words_of(reply)[:2]) for reply in replies]
    assert max(map(stems.count, stems)) <= 0.06 * len(replies)
    assert sum("sounds like" in reply.lower() for reply in replies) <= 0.05 * len(replies)
    asked = sum(reply.endswith("?") for reply in replies)
    assert 0.15 * len(replies) <= asked <= 0.5 * len(replies)


def test_the_default_scenario_says_what_recorded_replies_answer() -> None:
    scenario = find_scenario("late-home")
    assert (scenario.partner.name, scenario.partner.voice) == ("Maya", "female")
    assert scenario.partner.relation == "your wife"
    path = ["arrival", "not-the-dinner", "one-evening"]
    assert scenario.start == path[0]
    for here, there in zip(path, [*path[1:], None], strict=True):
        following = scenario.next(here, "softens")
        assert (following.id if following else None) == there
    assert scenario.line("arrival").says == (
        "You said seven. It's nearly nine. I sat here with the dinner going cold, and I felt like "
        "an idiot for believing you again."
    )
    assert scenario.line("not-the-dinner").says == (
        "It isn't even the dinner. It's that I never know if you'll really be there. I stop "
        "looking forward to things, because it hurts less."
    )
    assert scenario.line("one-evening").says == (
        "I don't need you home every night. I just want one evening a week that nothing can take "
        "away from us."
    )
