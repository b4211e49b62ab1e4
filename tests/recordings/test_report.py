"""The report in a real browser: Debian's Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner
from playwright.sync_api import Page, sync_playwright

from voice_coach.audio.samples import SPEECH_RATE_HZ, Audio
from voice_coach.cli import main
from voice_coach.conversation import Span, Timeline, Turn, spread
from voice_coach.recordings.analysis import analyse
from voice_coach.recordings.hearing import Heard, Voice
from voice_coach.recordings.report import as_html

if TYPE_CHECKING:
    from conftest import Talk

pytestmark = pytest.mark.model

BROWSER = shutil.which("chromium")
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def report(talk: Talk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    both = np.stack([sound.samples for sound in talk.sounds.values()], axis=1)
    soundfile.write(folder / "call.wav", both, SPEECH_RATE_HZ)
    done = CliRunner().invoke(
        main,
        ["analyze", str(folder / "call.wav"), "--names", f"Maya,{HOSTILE}", "--channels",
         "--html", str(folder / "report.html")],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    return folder / "report.html"


@pytest.fixture(scope="module")
def long_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of three minutes nobody recorded: with windows, unmeasured numbers and doubtful words."""
    said = (
        ("Maya", 1.0, "You said seven, and I sat there alone with the food until nine."),
        ("Leo", 62.0, "You felt forgotten, and that makes sense. What was the worst of it?"),
        ("Maya", 121.0, "That nobody called."),
        (HOSTILE, 170.0, "You worry too much. You should just eat without me."),
    )
    turns = []
    for name, start_s, text in said:
        span = Span(start_s=start_s, end_s=start_s + 4.0)
        words = [
            replace(each, probability=1 / (n + 1)) for n, each in enumerate(spread(text, span))
        ]
        turns.append(Turn(speaker=name, span=span, words=tuple(words)))
    sound = Audio.silence(180.0)
    voices = {
        name: Voice(
            activity=Timeline.of(each.span for each in turns if each.speaker == name),
            sound=sound,
            shared=False,
        )
        for name, _, _ in said
    }
    heard = Heard(
        utterances=tuple(turns),
        voices=voices,
        sound=sound,
        duration_s=180.0,
        rate_hz=SPEECH_RATE_HZ,
        words_model="none",
        overlaps_void="one microphone",
        notes=(),
    )
    path = tmp_path_factory.mktemp("long") / "report.html"
    path.write_text(as_html(analyse(turns, heard), heard, "talk.wav"), encoding="utf-8")
    return path


@pytest.fixture
def page() -> Iterator[Page]:
    if BROWSER is None:
        pytest.skip("chromium is not installed, and only a real browser can show the page")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=BROWSER,
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        )
        yield browser.new_page(viewport={"width": 1100, "height": 900})
        browser.close()


def until(page: Page, holds: str) -> None:
    """Wait for it; the page's own policy forbids playwright's way of waiting in the page."""
    for _ in range(200):
        if page.evaluate(holds):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"never: {holds}")


def test_the_page_keeps_to_itself_and_plays_a_moment(report: Path, page: Page) -> None:
    told: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report.as_uri())
    page.locator("ol button").nth(2).click()
    until(page, "document.querySelector('audio').currentTime > 9")
    assert page.evaluate("document.querySelector('audio').duration") > 20
    until(page, "document.querySelector('audio').paused")
    assert page.locator("li.on").count() == 1
    assert told == []
    assert [url for url in asked if not url.startswith("data:")] == [report.as_uri()]
    assert HOSTILE in page.locator(".who").nth(1).inner_text()


@pytest.mark.parametrize("width", [390, 1100])
def test_it_can_be_used_by_anybody(report: Path, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(report.as_uri())
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["impact"]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Timeline"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").startswith("▶")


@pytest.mark.parametrize("width", [390, 1100])
def test_windows_facets_and_doubt_can_be_read_by_anybody(
    long_report: Path, page: Page, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(long_report.as_uri())
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["impact"]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    table = page.locator("table.over")
    assert table.locator("caption").inner_text()
    assert table.locator("th[scope=rowgroup]").all_inner_texts() == [
        "0:00–1:00", "1:00–2:00", "2:00–3:00",
    ]  # fmt: skip
    assert table.locator("th[scope=row]").nth(2).inner_text() == HOSTILE
    assert "not measured: one microphone" in table.inner_text()
    for each in ("Timeline", "Over time"):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") == each
    assert "advice giving" in page.locator("dl").nth(1).inner_text()
    assert page.locator("main").inner_text().count("advice giving") == page.locator("dl").count()
    told = page.locator("section[aria-labelledby=each] th[scope=row]").all_inner_texts()
    assert {"Longest turn", "Took over from, median", "Level", "Reflections"} <= set(told)
    assert "not told" in page.locator("section[aria-labelledby=each]").inner_text()
    doubt = page.locator("ol .doubt").first
    assert doubt.get_attribute("title") == "perhaps misheard"
    assert "dotted" in doubt.evaluate("each => getComputedStyle(each).textDecorationStyle")
