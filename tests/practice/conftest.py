from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

FIXTURES = Path(__file__).resolve().parents[2] / "audio_fixtures"


@pytest.fixture(scope="session")
def models_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home with the models and voices in place, so that they are set up once."""
    from voice_coach.speech.models import ensure_model

    home = tmp_path_factory.mktemp("models-home")
    home.chmod(0o700)
    ensure_model("base", home)
    return home


@pytest.fixture
def home(models_home: Path, tmp_path: Path) -> Path:
    """A fresh private home that shares the models and the rendered voices."""
    own = tmp_path / "home"
    own.mkdir(mode=0o700)
    (models_home / "voices").mkdir(exist_ok=True)
    for shared in ("models", "voices"):
        (own / shared).symlink_to(models_home / shared, target_is_directory=True)
    return own


@pytest.fixture
def run(home: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs voice-coach as a person would, in a process of its own."""

    def started(
        *words: str | Path, env: Mapping[str, str] | None = None, timeout_s: float = 240.0
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "voice_coach", *map(str, words)],
            env={**os.environ, **(env or {}), "VOICE_COACH_HOME": str(home)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )

    return started


def fixture_reply(case: str) -> Path:
    return FIXTURES / case / "reply.wav"


def read_events(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
