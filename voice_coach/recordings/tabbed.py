"""Tab-separated transcripts: a header, then one utterance a line.

::

    start  end  speaker  text
    0.0    2.4  Maya     You said seven.
    2.6    3.0  Leo      Mm-hm.

The columns may stand in any order, and others among them are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from voice_coach.conversation import Turn, spread
from voice_coach.recordings.place import Place

COLUMNS = ("start", "end", "speaker", "text")


def read_tabbed(text: str, path: Path) -> tuple[Turn, ...]:
    """The utterances. Raises UserError naming file, line and mend."""
    lines = text.split("\n")
    header = [name.strip().lower() for name in lines[0].split("\t")]
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise Place(path=path, line=1).fault(
            f"the header has no column {' or '.join(missing)}",
            f"start the file with the tab-separated words {' '.join(COLUMNS)}",
        )
    return tuple(_utterances(lines[1:], header, path))


def _utterances(lines: list[str], header: list[str], path: Path) -> Iterator[Turn]:
    wanted = [header.index(name) for name in COLUMNS]
    for number, line in enumerate(lines, start=2):
        if not line.strip():
            continue
        place = Place(path=path, line=number)
        cells = line.split("\t")
        if len(cells) != len(header):
            raise place.fault(
                f"{len(cells)} columns where the header has {len(header)}",
                "part them with one tab each",
            )
        start, end, speaker, said = (cells[at].strip() for at in wanted)
        if not speaker:
            raise place.fault("nobody is named as speaker", "write a name")
        span = place.span(start, end)
        yield Turn(speaker=speaker, span=span, words=spread(said, span))
