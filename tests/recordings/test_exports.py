"""What `analyze` writes, read again: by our own readers, by Praat, as CSV and as Markdown."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import parselmouth
import pytest
import soundfile
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from scripted import TALK

from voice_coach.audio.samples import SPEECH_RATE_HZ
from voice_coach.cli import main
from voice_coach.conversation import Span, Turn, spread
from voice_coach.recordings.analysis import Analysis, analyse
from voice_coach.recordings.captions import as_vtt
from voice_coach.recordings.markdown import as_markdown
from voice_coach.recordings.rttm import as_rttm
from voice_coach.recordings.showing import as_json, as_text
from voice_coach.recordings.spreadsheet import as_csv
from voice_coach.recordings.summary import write_summary
from voice_coach.recordings.textgrid import as_textgrid, read_textgrid
from voice_coach.recordings.transcripts import read_transcript

if TYPE_CHECKING:
    from conftest import Talk

HOSTILE = '=HYPERLINK("http://a.example") | **Zoë** <img src=x> `[a](b)`'
WHY = "on one microphone the voices are told apart one at a time"
WRITERS = {
    "talk.rttm": as_rttm,
    "talk.vtt": as_vtt,
    "talk.TextGrid": as_textgrid,
    "talk.csv": as_csv,
    "talk.md": as_markdown,
}
READ_AGAIN = ("talk.rttm", "talk.vtt", "talk.TextGrid")


def turn(speaker: str, start_s: float, end_s: float, text: str) -> Turn:
    span = Span(start_s=start_s, end_s=end_s)
    return Turn(speaker=speaker, span=span, words=spread(text, span))


@pytest.fixture
def transcript(tmp_path: Path) -> Path:
    path = tmp_path / "talk.tsv"
    path.write_text(TALK, encoding="utf-8")
    return path


def analysed(path: Path) -> Analysis:
    found = read_transcript(path)
    return analyse(found.utterances, overlaps_void=found.overlaps_void)


def rows_of(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeffturn,")
    return list(csv.DictReader(text.removeprefix("\ufeff").splitlines()))


def tiers_of(path: Path) -> dict[str, list[tuple[float, float, str]]]:
    """What Praat finds in a TextGrid: the intervals with text, by tier."""
    grid, ask = parselmouth.read(str(path)), parselmouth.praat.call
    return {
        ask(grid, "Get tier name", tier): [
            (
                ask(grid, "Get start time of interval", tier, n),
                ask(grid, "Get end time of interval", tier, n),
                label,
            )
            for n in range(1, ask(grid, "Get number of intervals", tier) + 1)
            if (label := ask(grid, "Get label of interval", tier, n))
        ]
        for tier in range(1, ask(grid, "Get number of tiers") + 1)
    }


def test_the_table_has_a_row_for_each_turn(transcript: Path) -> None:
    rows = rows_of(as_csv(analysed(transcript), None, "talk.tsv"))
    assert [row["speaker"] for row in rows] == ["Maya", "Leo", "Maya", "Leo"]
    assert [row["latency_s"] for row in rows] == ["", "-1.0", "0.5", "0.25"]
    assert rows[0]["overlaps"] == "backchannel: Leo over Maya (1.00 to 1.40)"
    assert rows[1]["overlaps"] == "interruption: Leo over Maya (3.00 to 4.00)"
    assert rows[0]["score"] == rows[0]["moves"] == rows[2]["overlaps"] == ""
    assert rows[2]["text"] == "I felt so alone."
    assert int(rows[3]["score"]) > 60
    assert 0 <= float(rows[3]["understanding"]) <= 1
    assert "validation “That makes sense” (11.25 to 12.00)" in rows[3]["moves"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝"])
def test_a_spreadsheet_runs_nothing_that_was_said(start: str) -> None:
    said = analyse([turn(f"{start}A", 0.0, 2.0, f"{start}cmd|' /C calc'!A1")])
    (row,) = rows_of(as_csv(said, None, "talk.wav"))
    assert row["text"] == f"'{start}cmd|' /C calc'!A1"
    assert row["speaker"] == f"'{start}A"


def test_nothing_that_was_said_is_markdown(transcript: Path) -> None:
    said = "#no =1 a|b **Zoë** <img src=x> `x` ~~no~~ &amp; _y_ \\\\z"
    text = TALK.replace("Leo", HOSTILE).replace("But I", said)
    transcript.write_text(text, encoding="utf-8")
    written = as_markdown(analysed(transcript), None, "a_b_c *d*.wav")
    tokens = MarkdownIt("commonmark").enable("table").parse(written)
    inside = [child for token in tokens for child in token.children or ()]
    assert {each.type for each in inside} == {"text", "strong_open", "strong_close"}
    assert not any("html" in token.type for token in tokens)
    assert [token.type for token in tokens].count("th_open") == 3 + 6
    shown = "".join(child.content for child in inside)
    assert said in shown
    assert HOSTILE in shown
    assert "a_b_c *d*.wav" in shown


def test_markdown_tells_what_the_text_tells(transcript: Path) -> None:
    written = as_markdown(analysed(transcript), None, "talk.tsv")
    assert "| Share of the talk | 51% (6 s) | 49% (6 s) |" in written
    assert "| 0:03 | Leo | Maya | interruption | 1.0 | 90% |" in written
    assert "**0:09 Leo:** You felt alone, and I let you wait. That makes sense." in written
    assert "- 0:11 validation: “That makes sense”" in written
    void = analyse(analysed(transcript).utterances, overlaps_void=WHY)
    assert f"Who spoke over whom is not told: {WHY}." in as_markdown(void, None, "talk.tsv")
    assert "backchannel" not in as_markdown(void, None, "talk.tsv")


def of_three_minutes(name: str, void: str | None = None) -> Analysis:
    """Maya and somebody else; of the others' words every fourth is in doubt."""
    turns = [
        turn("Maya", 1.0, 5.0, "You said seven, and I sat there alone with the food until nine."),
        turn(name, 62.0, 66.0, "You felt forgotten, and that makes sense. What was the worst?"),
        turn("Maya", 121.0, 124.0, "That nobody called."),
        turn(name, 176.0, 180.0, "You worry too much. You should just eat without me."),
    ]
    doubted = [
        replace(
            each,
            words=tuple(
                replace(word, probability=1.0 if each.speaker == "Maya" or n % 4 else 0.1)
                for n, word in enumerate(each.words)
            ),
        )
        for each in turns
    ]
    return analyse(doubted, overlaps_void=void)


def test_markdown_tells_windows_and_facets_with_their_quotes() -> None:
    written = as_markdown(of_three_minutes("Leo"), None, "talk.wav")
    assert "| Longest turn | 4 s at 0:01 | 4 s at 1:02 |" in written
    assert "| Took over from, median | Leo: not measured: under 3 changes (changes: 1) |" in written
    assert "| Time | Speaker | Talk | Turns | Cut in |" in written
    assert "| 1:00–2:00 | Leo | 100% | 1 | 0 |" in written
    assert "| 1:00–2:00 | Maya | 0% | 0 | 0 |" in written
    assert re.search(
        r"- Shows what was understood \(demonstrating understanding\): 0\.\d\d of 1; clear in 1 of "
        r"2 replies\n  - 1:02 reflection feeling: “You \(\?\) felt forgotten",
        written,
    )
    assert "(?) stands behind words that were perhaps misheard." in written
    assert "**1:02 Leo:** You (?) felt forgotten, and that (?) makes sense." in written
    assert "(?)" not in as_markdown(analyse([turn("A", 0.0, 2.0, "no")]), None, "talk.wav")


def test_nothing_that_was_said_is_markdown_over_time_either() -> None:
    written = as_markdown(of_three_minutes(HOSTILE, "one <b>"), None, "talk.wav")
    tokens = MarkdownIt("commonmark").enable("table").parse(written)
    inside = [child for token in tokens for child in token.children or ()]
    assert {each.type for each in inside} == {"text", "strong_open", "strong_close"}
    assert not any("html" in token.type for token in tokens)
    assert [token.type for token in tokens].count("th_open") == 3 + 9
    assert [each.content for each in inside].count(HOSTILE) == 1 + 3 + 1  # figures, windows, facets


def test_windows_tell_no_interruptions_where_a_transcript_does_not() -> None:
    void = of_three_minutes("Leo", WHY)
    told = as_json(void, "talk.vtt")
    assert told["overlaps_reason"] == WHY
    cuts = [part["interruptions"] for window in told["windows"] for part in window["speakers"]]
    assert cuts == [{"value": None, "unit": "interruptions", "reason": WHY}] * 6
    assert f"–a: {WHY}" in as_text(void, "talk.vtt")
    assert "Came in over others" not in as_text(void, "talk.vtt")
    assert f"Not measured: –a {WHY}; " in as_markdown(void, None, "talk.vtt")
    assert "| Came in over others | not told | not told |" in as_markdown(void, None, "talk.vtt")


def test_a_transcript_is_read_without_what_hears_or_draws(transcript: Path) -> None:
    heavy = {"av", "ctranslate2", "distributed", "faster_whisper", "librosa", "pyarrow", "scipy",
             "sounddevice", "soundfile", "soxr"}  # fmt: skip
    asked = ["analyze", "--turns", str(transcript), "--markdown", str(transcript) + ".md"]
    code = (
        "import sys; from voice_coach.cli import main\n"
        f"try: main({asked!r})\n"
        f"finally: print(sorted({heavy!r} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert "Maya spoke" in done.stdout
    assert done.stderr.strip() == "[]"


def test_captions_show_moves_apart_from_what_was_said(transcript: Path, tmp_path: Path) -> None:
    said = analysed(transcript)
    path = tmp_path / "talk.vtt"
    path.write_text(as_vtt(said, None, "talk.tsv"), encoding="utf-8")
    assert "00:00:11.250 --> 00:00:12.000 line:0\n<v Leo>[Leo: validation]</v>" in path.read_text(
        encoding="utf-8"
    )
    assert read_transcript(path).utterances == said.utterances
    starts = re.findall(r"^(\S+) -->", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert starts == sorted(starts)


def test_praat_opens_the_textgrid(transcript: Path, tmp_path: Path) -> None:
    path = tmp_path / "talk.TextGrid"
    path.write_text(as_textgrid(analysed(transcript), None, "talk.tsv"), encoding="utf-8")
    tiers = tiers_of(path)
    assert list(tiers) == ["Maya", "Maya - moves", "Leo", "Leo - moves", "overlaps"]
    assert tiers["Leo"][0] == (1.0, 1.4, "Mhm.")
    assert tiers["overlaps"] == [
        (1.0, 1.4, "backchannel: Leo over Maya"),
        (3.0, 4.0, "interruption: Leo over Maya"),
    ]
    assert (11.25, 12.0, "validation") in tiers["Leo - moves"]
    assert any("; " in label for _, _, label in tiers["Leo - moves"])


@pytest.mark.parametrize("name", READ_AGAIN)
@pytest.mark.parametrize("why", [None, WHY])
def test_what_is_not_told_is_not_read_as_never(
    transcript: Path, tmp_path: Path, name: str, why: str | None
) -> None:
    said = analyse(analysed(transcript).utterances, overlaps_void=why)
    assert bool(said.overlaps) == (why is None)
    path = tmp_path / name
    path.write_text(WRITERS[name](said, None, "talk.wav"), encoding="utf-8")
    again = analysed(path)
    assert again.overlaps_void == why
    if why is not None or name != "talk.rttm":  # RTTM holds no words, and they tell the kinds
        assert again.overlaps == said.overlaps
    assert as_json(again, name)["overlaps_reason"] == why


TEXTS = st.sampled_from(
    ["Mhm.", "no", 'he said "seven"', "Do you want it?", "[laughs]", "a --> b & <c>", "!x <exists>"]
)


@st.composite
def utterances(draw: st.DrawFn) -> list[Turn]:
    """Of each speaker one after another, of several at the same time; times to the millisecond."""
    found = []
    for name in ("Maya", 'Leo "L"', "unknown"):
        at = 0
        for text in draw(st.lists(TEXTS, max_size=3)):
            start = at + draw(st.integers(0, 3000))
            at = start + draw(st.integers(1, 4000))
            found.append(turn(name, start / 1000, at / 1000, text))
    return sorted(found, key=lambda each: each.span)


@settings(max_examples=40, deadline=None)
@given(utterances())
def test_any_talk_comes_back(tmp_path_factory: pytest.TempPathFactory, said: list[Turn]) -> None:
    path = tmp_path_factory.mktemp("talk") / "talk.TextGrid"
    path.write_text(as_textgrid(analyse(said), None, "talk.wav"), encoding="utf-8")
    if said:
        again = read_textgrid(path.read_text(encoding="utf-8"), path)
        assert sorted(again, key=lambda each: (each.span, each.speaker)) == sorted(
            said, key=lambda each: (each.span, each.speaker)
        )
        assert "overlaps" in tiers_of(path)


def run(*args: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, ["analyze", *map(str, args)])
    return done.exit_code, done.stdout, done.stderr


def test_outputs_that_cannot_be_are_named_before_the_work(transcript: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    refused = (
        (("--csv", transcript), "is the recording itself"),
        (("--csv", out, "--markdown", out), "is named twice"),
        (("--csv", out, "--markdown", tmp_path / "." / "out.csv"), "is named twice"),
        (("--csv", tmp_path), "is a folder"),
        (("--csv", out, "--vtt", tmp_path / "no" / "talk.vtt"), "there is no folder"),
        (("--csv", out, "--html", tmp_path / "talk.html"), "needs the sound"),
        (("--csv", out, "--parquet"), "--parquet goes with"),
    )
    for args, says in refused:
        code, told, wrong = run("--turns", transcript, *args)
        assert (code, told) == (2, ""), args
        assert says in wrong
        assert wrong.count("\n") == 1
    assert list(tmp_path.iterdir()) == [transcript]
    assert transcript.read_text(encoding="utf-8") == TALK


@pytest.mark.skipif(
    os.name == "nt" or getattr(os, "geteuid", lambda: 0)() == 0,
    reason="only a user without all rights meets a folder that takes no files",
)
def test_a_read_only_folder_is_named_before_the_work(transcript: Path, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    code, _, wrong = run("--turns", transcript, "--csv", closed / "talk.csv")
    assert code == 2
    assert "is read-only" in wrong


def test_a_file_that_cannot_be_written_costs_no_other(transcript: Path, tmp_path: Path) -> None:
    (tmp_path / "talk.vtt.new").mkdir()  # where the file grows before it takes its name
    outputs = ("--vtt", tmp_path / "talk.vtt", "--csv", tmp_path / "talk.csv")
    code, told, wrong = run("--turns", transcript, *outputs, "--json")
    assert code == 2
    assert len(json.loads(told)["turns"]) == 4
    assert "talk.vtt cannot be written" in wrong
    assert (tmp_path / "talk.csv").is_file()
    assert not (tmp_path / "talk.vtt").exists()


def test_parquet_without_pyarrow_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    code, told, wrong = run(tmp_path, "--out", tmp_path / "found", "--parquet")
    assert (code, told) == (2, "")
    assert "pip install 'voice-coach[parquet]'" in wrong
    assert not (tmp_path / "found").exists()


def results(folder: Path) -> list[Path]:
    """As workers leave them: a talk, one that failed, one that is still missing."""
    said = analyse([turn("=A", 0.0, 4.0, "I sat there with the food until nine.")])
    (folder / "a.wav.json").write_text(json.dumps({**as_json(said, "a.wav"), "notes": []}))
    (folder / "b.wav.json").write_text(json.dumps({"recording": "b.wav", "error": "-no sound"}))
    return [folder / f"{name}.wav.json" for name in "abc"]


def test_the_summary_runs_nothing_either(tmp_path: Path) -> None:
    write_summary(results(tmp_path), tmp_path, parquet=False)
    text = (tmp_path / "summary.csv").read_text(encoding="utf-8")
    talk, failed = csv.DictReader(text.splitlines())
    assert (talk["recording"], talk["speaker"], talk["turns"]) == ("a.wav", "'=A", "1")
    assert failed["error"] == "'-no sound"


def test_the_summary_as_parquet_has_typed_columns(tmp_path: Path) -> None:
    parquet = pytest.importorskip(
        "pyarrow.parquet", reason="pyarrow is an extra: without it there is no Parquet to read"
    )
    write_summary(results(tmp_path), tmp_path, parquet=True)
    table = parquet.read_table(tmp_path / "summary.parquet")
    talk, failed = table.to_pylist()
    assert (talk["speaker"], talk["turns"], talk["duration_s"]) == ("=A", 1, 4.0)
    assert talk["validating"] is None
    assert failed["error"] == "-no sound"
    assert str(table.schema.field("validating").type) == "double"
    assert str(table.schema.field("interruptions").type) == "int64"
    write_summary(results(tmp_path), tmp_path, parquet=False)
    assert not (tmp_path / "summary.parquet").exists()


@pytest.fixture(scope="module")
def written(talk: Talk, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A call in which Leo comes in two seconds early, and all that is written of it."""
    folder = tmp_path_factory.mktemp("call")
    early = 2 * SPEECH_RATE_HZ
    maya, leo = (sound.samples for sound in talk.sounds.values())
    both = np.stack([maya, np.concatenate([leo[early:], np.zeros(early, np.float32)])], axis=1)
    soundfile.write(folder / "call.wav", both, SPEECH_RATE_HZ)
    outputs = [
        word
        for name in ("rttm", "vtt", "textgrid", "csv", "markdown")
        for word in (f"--{name}", folder / f"call.{name}")
    ]
    code, told, wrong = run(folder / "call.wav", "--names", "Maya,Leo", *outputs, "--json")
    assert code == 0, wrong
    return folder, json.loads(told)


@pytest.mark.model
def test_a_recordings_files_hold_what_was_found(written: tuple[Path, dict[str, Any]]) -> None:
    folder, told = written
    cuts = [each for each in told["overlaps"] if each["kind"] == "interruption"]
    assert cuts
    assert {each["by"] for each in cuts} == {"Leo"}
    rows = rows_of((folder / "call.csv").read_text(encoding="utf-8"))
    assert [row["text"] for row in rows] == [each["text"] for each in told["turns"]]
    assert sum("interruption: Leo over Maya" in row["overlaps"] for row in rows) == len(cuts)
    tiers = tiers_of(folder / "call.textgrid")
    assert list(tiers)[:3] == ["Maya", "Maya - words", "Maya - moves"]
    assert len(tiers["overlaps"]) == len(told["overlaps"])
    assert [label for _, _, label in tiers["Leo - words"]] == [
        word["text"] for word in told["words"] if word["speaker"] == "Leo"
    ]
    assert "| Pitch, median |" in (folder / "call.markdown").read_text(encoding="utf-8")
    assert "\n<v Leo>[Leo: " in (folder / "call.vtt").read_text(encoding="utf-8")


@pytest.mark.model
def test_a_recordings_textgrid_is_read_with_the_times_of_its_words(
    written: tuple[Path, dict[str, Any]],
) -> None:
    folder, told = written
    again = analysed(folder / "call.textgrid")
    found = [
        (turn.speaker, word.text, round(word.span.start_s, 3))
        for turn in again.utterances
        for word in turn.words
    ]
    assert sorted(found) == sorted(
        (word["speaker"], word["text"], word["start_s"]) for word in told["words"]
    )
    assert [each["text"] for each in as_json(again, "x")["turns"]] == [
        each["text"] for each in told["turns"]
    ]
    assert len(again.overlaps) == len(told["overlaps"])
