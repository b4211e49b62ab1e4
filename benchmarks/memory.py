"""How much memory a process has, for the benchmarks (Linux)."""

from __future__ import annotations

import os
from pathlib import Path


def resident_mb(process: int | None = None) -> float:
    """In MB; of this process unless another's number is given."""
    status = Path(f"/proc/{process or os.getpid()}/status").read_text(encoding="utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024
