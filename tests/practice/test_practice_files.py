"""Whole sittings from files, through the command."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FIXTURES = Path(__file__).resolve().parents[2] / "audio_fixtures"
Run = Callable[..., subprocess.CompletedProcess[str]]


def events_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def named(events: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [event for event in events if event["event"] == name]


def sit(run: Run, tmp_path: Path, *cases: str, options: tuple[str, ...] = ()) -> Any:
    out = tmp_path / "events.jsonl"
    replies = [FIXTURES / case / "reply.wav" for case in cases]
    done = run("practice", "--replies", *replies, "--fast", "--events", out, *options)
    assert done.returncode == 0, done.stderr
    return events_of(out), done.stdout


def test_a_sitting_goes_from_the_setting_to_the_summary(run: Run, tmp_path: Path) -> None:
    events, shown = sit(run, tmp_path, "reflects", "reflects-2", "reflects-3")
    names = [event["event"] for event in events]
    assert names[0] == "SittingStarted"
    assert names[-1] == "SittingEnded"
    assert names.count("Scored") == names.count("FeedbackSpoken") == 3
    times = [event["at_s"] for event in events]
    assert times == sorted(times)
    scored = named(events, "Scored")[0]
    for room in ("listening", "pacing", "interruptions"):
        assert set(scored[room]) == {"score", "reason", "observations"}
    assert scored["listening"]["score"] >= 60
    assert any(seen["quote"] for seen in scored["listening"]["observations"])
    spoken = named(events, "FeedbackSpoken")[0]
    assert spoken["keep"]
    assert spoken["say_instead"]
    for text in (spoken["keep"], spoken["say_instead"]):
        assert text.split()[0] in shown


def test_the_partner_softens_for_a_good_reply_and_escalates_for_a_defence(
    run: Run, tmp_path: Path
) -> None:
    good, _ = sit(run, tmp_path, "reflects", "reflects-2")
    assert named(good, "Branched")[0]["outcome"] == "softens"
    bad, _ = sit(run, tmp_path, "defends", "reflects")
    assert named(bad, "Branched")[0]["outcome"] == "escalates"
    assert named(bad, "LineStarted")[1]["line_id"] != named(good, "LineStarted")[1]["line_id"]


def test_the_words_of_the_reply_are_heard_in_their_place(run: Run, tmp_path: Path) -> None:
    truth = json.loads((FIXTURES / "long-pause" / "truth.json").read_text())
    events, _ = sit(run, tmp_path, "long-pause")
    turn = named(events, "TurnEnded")[0]
    said = {word.strip(".,?!").lower() for word in truth["text"].split()}
    heard = {word["text"].strip(".,?!").lower() for word in turn["words"]}
    assert len(said & heard) >= 0.8 * len(said)
    assert turn["ended_by"] == "silence"
    line_end_s = named(events, "LineSpoken")[0]["end_s"]
    longest = max(truth["pauses"], key=lambda pause: pause["end_s"] - pause["start_s"])
    expected_s = line_end_s + truth["come_in_s"] + longest["start_s"]
    pauses = named(events, "Scored")[0]["pauses"]
    assert any(abs(pause["start_s"] - expected_s) < 0.15 for pause in pauses)


def test_silence_before_answering_is_credited(run: Run, tmp_path: Path) -> None:
    events, _ = sit(run, tmp_path, "thinks-first")
    pacing = named(events, "Scored")[0]["pacing"]
    assert any("waited" in seen["text"] for seen in pacing["observations"])


@pytest.mark.parametrize(
    ("case", "kind", "full_score"),
    [("backchannel", "backchannel", True), ("interrupts", "interruption", False)],
)
def test_overlaps_are_told_apart(
    run: Run, tmp_path: Path, case: str, kind: str, full_score: bool
) -> None:
    events, _ = sit(run, tmp_path, case)
    assert kind in [overlap["kind"] for overlap in named(events, "Overlapped")]
    score = named(events, "Scored")[0]["interruptions"]["score"]
    assert (score == 100) is full_score
    if kind == "interruption":
        seen, left = named(events, "Scored")[0]["interruptions"]["observations"]
        assert "before Maya had finished" in seen["text"]
        assert seen["quote"].lower().startswith("but")
        assert "Maya left off there" in left["text"]


def test_the_partner_speaks_on_for_a_moment_then_gives_way(run: Run, tmp_path: Path) -> None:
    events, _ = sit(run, tmp_path, "interrupts")
    line = named(events, "LineSpoken")[0]
    (cut,) = [told for told in named(events, "Overlapped") if told["kind"] == "interruption"]
    assert line["unsaid_s"] > 0.5
    assert line["end_s"] - cut["start_s"] == pytest.approx(0.7, abs=0.1)


def test_the_partner_goes_on_after_long_agreement(run: Run, tmp_path: Path) -> None:
    whole, _ = sit(run, tmp_path, "reflects")
    events, _ = sit(run, tmp_path, "agrees-at-length")
    told, undisturbed = named(events, "LineSpoken")[0], named(whole, "LineSpoken")[0]
    assert told["unsaid_s"] == 0.0
    waited_s = sum(hold["end_s"] - hold["start_s"] for hold in told["holds"])
    assert waited_s > 0.0
    lasted_s = told["end_s"] - told["start_s"]
    assert lasted_s - waited_s == pytest.approx(
        undisturbed["end_s"] - undisturbed["start_s"], abs=0.1
    )
    assert {one["kind"] for one in named(events, "Overlapped")} == {"backchannel"}
    assert "foolish" in named(events, "TurnEnded")[0]["text"]


def test_a_reply_that_comes_in_at_the_very_end_is_no_interruption(run: Run, tmp_path: Path) -> None:
    events, _ = sit(run, tmp_path, "terminal", options=("--come-in", "-0.3"))
    assert named(events, "Scored")[0]["interruptions"]["score"] == 100


def test_when_a_recorded_reply_comes_in_can_be_said(run: Run, tmp_path: Path) -> None:
    events, _ = sit(run, tmp_path, "reflects", options=("--come-in", "4.0"))
    latency = named(events, "Scored")[0]["measures"]["latency_s"]["value"]
    assert latency == pytest.approx(4.18, abs=0.15)


def test_nothing_said_is_not_judged(run: Run, tmp_path: Path) -> None:
    events, _ = sit(run, tmp_path, "silent")
    assert named(events, "TurnEnded")[0]["ended_by"] == "nothing said"
    scored = named(events, "Scored")[0]
    assert scored["listening"]["score"] is None
    assert scored["listening"]["reason"]
    assert named(events, "FeedbackSpoken")[0]["say_instead"]


def test_too_little_said_is_not_judged(run: Run, tmp_path: Path) -> None:
    events, _ = sit(run, tmp_path, "short")
    scored = named(events, "Scored")[0]
    assert scored["listening"]["score"] is None
    assert scored["pacing"]["reason"] == "under 8 words"


def test_a_quiet_and_a_noisy_voice_are_heard(run: Run, tmp_path: Path) -> None:
    events, _ = sit(run, tmp_path, "noisy", "quiet-voice")
    assert all(len(turn["words"]) >= 8 for turn in named(events, "TurnEnded"))


def test_a_sitting_twice_gives_the_same_events(run: Run, tmp_path: Path) -> None:
    first, _ = sit(run, tmp_path, "defends", "reflects-2")
    second, _ = sit(run, tmp_path, "defends", "reflects-2")
    for event in (*first, *second):
        event.pop("began", None)
    assert first == second


def test_the_history_shows_exports_and_erases_a_sitting(
    run: Run, tmp_path: Path, home: Path
) -> None:
    sit(run, tmp_path, "reflects")
    listed = json.loads(run("history", "--json").stdout)["sittings"]
    assert [each["scenario"] for each in listed] == ["late-home"]
    shown = run("show", "1").stdout
    assert "Maya:" in shown
    assert "Keep" in shown
    exported = json.loads(run("export", "1", "--format", "json").stdout)
    assert any(event["event"] == "Scored" for event in exported["events"])
    report = tmp_path / "report.md"
    assert run("export", "1", "--out", report).returncode == 0
    assert "Keep" in report.read_text(encoding="utf-8")
    said = named(exported["events"], "TurnEnded")[0]["text"].split()
    rare = max(said, key=len).strip(".,?!").encode()
    assert run("erase", "1", "--yes").returncode == 0
    kept = [path for path in home.iterdir() if path.is_file()]
    assert kept
    assert all(rare not in path.read_bytes() for path in kept)
    assert json.loads(run("history", "--json").stdout)["sittings"] == []


def test_more_replies_than_lines_end_with_the_conversation(run: Run, tmp_path: Path) -> None:
    cases = ("reflects", "reflects-2", "reflects-3", "reflects", "reflects", "reflects")
    events, _ = sit(run, tmp_path, *cases)
    assert named(events, "Branched")[-1]["to_line"] is None
    assert named(events, "SittingEnded")[0]["reason"] == "finished"


def test_sound_is_kept_only_when_asked_for_and_erased_with_its_sitting(
    run: Run, tmp_path: Path, home: Path
) -> None:
    sit(run, tmp_path, "reflects")
    assert not (home / "recordings").exists()
    sit(run, tmp_path, "reflects", options=("--record",))
    kept = home / "recordings" / "2" / "microphone.wav"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.stat().st_size > 16_000 * 2 * 10
    assert run("erase", "2", "--yes").returncode == 0
    assert not kept.exists()
