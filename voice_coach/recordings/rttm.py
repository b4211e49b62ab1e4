"""RTTM, as speaker diarisation writes it: who spoke when, without words.

::

    SPEAKER talk 1 12.30 2.85 <NA> <NA> Maya <NA> <NA>
            file channel start duration        name
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from voice_coach.conversation import Span, Turn
from voice_coach.recordings.analysis import Analysis
from voice_coach.recordings.hearing import Heard
from voice_coach.recordings.place import Place
from voice_coach.recordings.untold import not_told
from voice_coach.scoring.said import printable

FEWEST_FIELDS = 8
"""Up to the speaker's name; the two after it are often left out."""


def read_rttm(text: str, path: Path) -> tuple[Turn, ...]:
    """When each speaker spoke. Raises UserError naming file, line and mend."""
    return tuple(_utterances(text, path))


def _utterances(text: str, path: Path) -> Iterator[Turn]:
    recording: str | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        fields = line.split()
        if not fields or fields[0] != "SPEAKER":  # other kinds of record tell of no speech
            continue
        place = Place(path=path, line=number)
        if len(fields) < FEWEST_FIELDS:
            raise place.fault(
                f"{len(fields)} fields instead of 10",
                "write SPEAKER file 1 start duration <NA> <NA> name <NA> <NA>",
            )
        if recording not in {None, fields[1]}:
            raise place.fault(
                f"a second recording, {fields[1]} after {recording}", "give each its own file"
            )
        recording = fields[1]
        start_s, duration_s = place.seconds(fields[3]), place.seconds(fields[4])
        if duration_s < 0:
            raise place.fault(f"the duration is negative ({fields[4]})", "correct it")
        span = Span(start_s=start_s, end_s=start_s + duration_s)
        yield Turn(speaker=fields[7], span=span)


def as_rttm(analysis: Analysis, heard: Heard | None, recording: str) -> str:
    """When each voice was heard, or each utterance of a transcript; blanks become underscores.

    Where it cannot tell who spoke over whom, a comment says so.
    """
    named = _field(recording)
    told = sorted(_spoken(analysis, heard))
    void = analysis.overlaps_void
    noted = "" if void is None else f";; {printable(not_told(void))}\n"
    return noted + "".join(
        f"SPEAKER {named} 1 {span.start_s:.3f} {span.duration_s:.3f} <NA> <NA> "
        f"{_field(name)} <NA> <NA>\n"
        for span, name in told
    )


def _spoken(analysis: Analysis, heard: Heard | None) -> Iterator[tuple[Span, str]]:
    if heard is None:
        yield from ((turn.span, turn.speaker) for turn in analysis.utterances)
        return
    for name, voice in heard.voices.items():
        yield from ((span, name) for span in voice.activity)


def _field(text: str) -> str:
    return "_".join(printable(text).split())
