"""The corpus of replies: reading it, checking it, splitting it.

`python training/corpus.py` checks every file in training/corpus and prints
counts; `python training/corpus.py FILE …` only those. The format and what each
label means stand in training/GUIDELINES.md.
"""

import argparse
import hashlib
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"

MOVES = {
    "rc": "reflection_content",
    "rf": "reflection_feeling",
    "va": "validation",
    "oq": "open_question",
    "cq": "closed_question",
    "ci": "check_in",
    "en": "encourager",
    "su": "support",
    "bo": "boundary",
    "ap": "apology",
    "ad": "advice",
    "mi": "minimising",
    "hi": "hijacking",
    "de": "defending",
    "bl": "blaming",
    "ju": "judging",
    "sy": "sympathy",
}
FACETS = {
    "V": "validating",
    "I": "inviting",
    "U": "understanding",
    "A": "advising",
    "S": "self_focus",
    "D": "dismissing",
    "T": "attacking",
}
PRIMARIES = {"r": "reflection", "q": "question", "i": "input", "o": "other"}
LEVELS = {"E": "empathy", "S": "sympathy", "P": "apathy", "X": "attack", "-": "unclear"}
FLAVOURS = ("cognitive", "emotional", "compassionate")
KINDS = frozenset(
    "good stemless simple validating open closed support encourager sorry disagree boundary parrot "
    "wrong_content wrong_feeling but_advice false_validation disguise accusing empty_sorry advice "
    "minimising hijacking defending blaming judging sympathy apathy".split()
)
# The kinds that wear the form of listening without its substance.
FOOLING = frozenset(
    ("parrot", "wrong_content", "wrong_feeling", "false_validation", "disguise", "accusing")
)
MOST_QUALITY = dict.fromkeys((*FOOLING, "empty_sorry"), 1)
WORDS = range(2, 91)
HEAD = re.compile(r"([0-4]) (\w+) (clean|heard) ([rqio]) ([ESPX-]):(\w+|-)((?: [A-Z][1-4])*)$")
MARK = re.compile(r"\{([a-z+]+):([^{}]*)\}")


class Fault(Exception):  # noqa: N818 - the rows' own word for it
    """A row that does not follow the guidelines; says where and what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a partner says, with what it holds."""

    name: str
    text: str
    feels: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One labelled reply. `moves` are (move, start, end) in characters; facets run 0 to 4."""

    line: Line
    text: str
    quality: int
    kind: str
    style: str
    primary: str
    level: str
    flavour: str
    facets: dict[str, int]
    moves: tuple[tuple[str, int, int], ...]


def unmark(marked: str) -> tuple[str, tuple[tuple[str, int, int], ...]]:
    """Text without its marks, and the marks as (move, start, end)."""
    text, moves, last = "", [], 0
    for mark in MARK.finditer(marked):
        text += marked[last : mark.start()]
        for code in mark[1].split("+"):
            if code not in MOVES:
                raise Fault(f"no move {code!r}")
            moves.append((MOVES[code], len(text), len(text) + len(mark[2])))
        text += mark[2]
        last = mark.end()
    text += marked[last:]
    if "{" in text or "}" in text:
        raise Fault("a brace is left over (marks may not nest)")
    return text, tuple(moves)


def _line(row: str) -> Line:
    name, bar, text = row[2:].partition("|")
    if not bar:
        raise Fault("not '== name | words'")
    return Line(name=name.strip(), text=" ".join(text.split()))


def _reply(row: str, line: Line | None) -> Reply:
    if line is None:
        raise Fault("a reply before any line")
    head, bar, marked = row.partition(" | ")
    found = HEAD.match(head.strip())
    if not bar or found is None:
        raise Fault("not 'quality kind style primary level:flavour facets | words'")
    quality, kind, style, primary, level, flavour, facets = found.groups()
    if kind not in KINDS:
        raise Fault(f"no kind {kind!r}")
    if int(quality) > MOST_QUALITY.get(kind, 4):
        raise Fault(f"{kind} is never above {MOST_QUALITY[kind]}")
    if (level == "E") != (flavour in FLAVOURS):
        raise Fault(
            "a flavour (cognitive, emotional, compassionate) goes with level E, and only with it"
        )
    text, moves = unmark(" ".join(marked.split()))
    if len(text.split()) not in WORDS:
        raise Fault(f"{len(text.split())} words")
    if style == "heard" and re.search(r"[.,;:!?—]|[A-Z](?!\b|')", text):
        raise Fault("heard style has no capitals and no punctuation")
    marks = dict.fromkeys(FACETS.values(), 0)
    for mark in facets.split():
        if mark[0] not in FACETS:
            raise Fault(f"no facet {mark[0]!r}")
        marks[FACETS[mark[0]]] = int(mark[1])
    return Reply(
        line=line,
        text=text,
        quality=int(quality),
        kind=kind,
        style=style,
        primary=PRIMARIES[primary],
        level=LEVELS[level],
        flavour=flavour,
        facets=marks,
        moves=moves,
    )


def _several(value: str) -> tuple[str, ...]:
    mark = ";" if ";" in value else ","
    return tuple(part.strip() for part in value.split(mark) if part.strip())


def read(file: Path) -> Iterator[Reply]:
    """Every reply of one file.

    Raises:
        Fault: the first row that does not follow the guidelines, with file and line number.
    """
    line: Line | None = None
    held: dict[str, tuple[str, ...]] = {}
    rows = (row.strip() for row in file.read_text(encoding="utf-8").splitlines())
    for number, row in enumerate(rows, 1):
        try:
            if not row or row.startswith("#"):
                continue
            if row.startswith("=="):
                line, held = _line(row), {}
            elif line is not None and (key := row.partition(":")[0]) in ("feels", "needs", "facts"):
                held[key] = _several(row.partition(":")[2])
                line = Line(name=line.name, text=line.text, **held)
            else:
                yield _reply(row, line)
        except Fault as fault:
            raise Fault(f"{file.name}:{number}: {fault}") from None


def read_all(files: list[Path] | None = None) -> list[Reply]:
    """Every reply of the corpus, in the order of the files."""
    return [reply for file in files or sorted(CORPUS.glob("*.txt")) for reply in read(file)]


def split_of(line: Line) -> str:
    """train, dev or test (66, 12, 22 of a hundred), by its name: its replies stay together."""
    place = int(hashlib.sha256(line.name.encode()).hexdigest()[:8], 16) % 100
    return "train" if place < 66 else "dev" if place < 78 else "test"


def show_counts(replies: list[Reply]) -> None:
    """Prints what a corpus holds."""
    lines = {reply.line.name for reply in replies}
    print(f"{len(replies)} replies to {len(lines)} lines")
    if len({reply.line.text for reply in replies}) != len(lines):
        print("fault: two lines share a name or their words")
    twins = [
        text
        for text, often in Counter(reply.text.lower() for reply in replies).items()
        if often > 1
    ]
    print(f"replies written twice: {len(twins)} {twins[:5]}")
    for what in ("quality", "kind", "style", "primary", "level", "flavour"):
        print(what, dict(Counter(getattr(reply, what) for reply in replies).most_common()))
    print(
        "moves",
        dict(
            Counter(
                move for reply in replies for move in {m for m, _, _ in reply.moves}
            ).most_common()
        ),
    )
    print("split", dict(Counter(split_of(reply.line) for reply in replies)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path)
    try:
        show_counts(read_all(parser.parse_args().files))
    except Fault as fault:
        sys.exit(f"error: {fault}")
