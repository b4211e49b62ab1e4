"""A scenario as text for people."""

from __future__ import annotations

from voice_coach.scenarios.model import Scenario


def as_text(scenario: Scenario) -> str:
    """The setting, then every line with what lies behind it, model replies and branches."""
    partner = scenario.partner
    told = [
        f"{scenario.title}  ({scenario.id}, {scenario.heat})",
        f"{partner.name}, {partner.relation}",
        "",
        scenario.setting,
    ]
    for line in scenario.lines:
        told += ["", f"[{line.id}]", f"  {partner.name}: “{line.says}”"]
        for name, things in (("feels", line.feels), ("needs", line.needs), ("facts", line.facts)):
            if things:
                told.append(f"  {name}: {', '.join(things)}")
        told += [f"  a good reply: “{reply}”" for reply in line.replies]
        branches = line.branches
        told.append(
            "  then: "
            + ", ".join(
                f"{outcome} → {branches.to(outcome) or 'the end'}"
                for outcome in ("softens", "repeats", "escalates")
            )
        )
    return "\n".join(told)
