"""Networks that come inside packages and are read as data."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from voice_coach.errors import UserError


def packaged_session(package: str, *within: str, missing: str, options: Any) -> Any:
    """An onnxruntime session on the CPU of a file in a package, which is not imported.

    Raises UserError with the text ``missing`` where the file is not there.
    """
    import onnxruntime

    spec = find_spec(package)
    place = spec.submodule_search_locations if spec else None
    path = Path(place[0], *within) if place else None
    if path is None or not path.is_file():
        raise UserError(missing)
    if hasattr(onnxruntime, "disable_telemetry_events"):
        onnxruntime.disable_telemetry_events()  # builds for Windows report how they are used
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        str(path), sess_options=options, providers=["CPUExecutionProvider"]
    )
