from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

_path = Path(__file__).with_name("soundserver.py")
_spec = importlib.util.spec_from_file_location("soundserver", _path)
assert _spec is not None
assert _spec.loader is not None
soundserver = importlib.util.module_from_spec(_spec)
# Tests are collected without a search path; by this name they find the value's type.
sys.modules["soundserver"] = soundserver
_spec.loader.exec_module(soundserver)

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
