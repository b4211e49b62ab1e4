"""Text of a file, and faults in it that name file, line and mend."""

from __future__ import annotations

import codecs
import math
import re
from dataclasses import dataclass
from pathlib import Path

from voice_coach.conversation import Span
from voice_coach.errors import UserError

MAX_FILE_BYTES = 50_000_000
"""The largest transcript read; a day of talk is about 1 MB. Chosen."""
_CLOCK = re.compile(r"(?:(?P<hours>\d+):)?(?P<minutes>\d{1,2}):(?P<seconds>\d{1,2}(?:[.,]\d+)?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A line of a file, counted from 1."""

    path: Path
    line: int

    def fault(self, what: str, mend: str) -> UserError:
        """The fault to raise: ``FILE:LINE: what: mend``, on one line whatever it quotes."""
        return UserError(" ".join(f"{self.path}:{self.line}: {what}: {mend}".split()))

    def seconds(self, text: str) -> float:
        """A time as seconds ("83.5") or on a clock ("1:23.5", "0:01:23,5"). Raises UserError."""
        clock = _CLOCK.fullmatch(text.strip())
        if clock is not None:
            minutes = 60 * int(clock["hours"] or 0) + int(clock["minutes"])
            return 60.0 * minutes + float(clock["seconds"].replace(",", "."))
        try:
            found = float(text)
        except ValueError:
            found = math.nan
        if not math.isfinite(found):
            raise self.fault(f"“{_short(text)}” is no time", "give seconds, like 12.5")
        return found

    def span(self, start: str, end: str) -> Span:
        """From one time to another. Raises UserError where it ends before it starts."""
        start_s, end_s = self.seconds(start), self.seconds(end)
        if end_s < start_s:
            raise self.fault(f"it ends ({end}) before it starts ({start})", "correct the times")
        return Span(start_s=start_s, end_s=end_s)


def text_of_file(path: Path) -> str:
    """The text, UTF-8 or with a mark that says UTF-16 (Praat writes that). Raises UserError."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except IsADirectoryError as error:
        raise UserError(f"{path} is a folder: name the transcript in it.") from error
    except FileNotFoundError as error:
        raise UserError(f"There is no file {path}: check its name.") from error
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}): check its rights.") from error
    if len(data) > MAX_FILE_BYTES:
        raise UserError(f"{path} is larger than {MAX_FILE_BYTES // 1_000_000} MB: split it.")
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Place(path=path, line=line).fault("not UTF-8 text", "save it as UTF-8") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _short(text: str) -> str:
    return text if len(text) <= 20 else f"{text[:19]}…"
