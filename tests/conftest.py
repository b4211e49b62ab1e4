from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import soundserver

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def software_microphone() -> Iterator[soundserver.SoftwareMicrophone]:
    reason = soundserver.available()
    if reason:
        pytest.skip(reason)
    try:
        microphone = soundserver.SoftwareMicrophone()
    except soundserver.SoundServerMissing as missing:
        pytest.skip(str(missing))
    with microphone:
        yield microphone


@pytest.fixture(scope="session")
def shared_data() -> Path:
    if not SHARED_DATA.is_dir():
        pytest.skip("the shared recordings (../shared/data) are not on this machine")
    return SHARED_DATA
