"""The corpus follows its own guide, and its splits keep a line's replies together."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "training"))
import corpus

REPLIES = corpus.read_all()
ROW = "2 closed clean q -:- U1 | {cq:Was it late?} Um."


def test_there_is_enough_of_it() -> None:
    assert len(REPLIES) >= 2500
    assert len({reply.line.name for reply in REPLIES}) >= 300


def test_half_is_written_as_a_recogniser_hears_it() -> None:
    heard = sum(reply.style == "heard" for reply in REPLIES)
    assert 0.45 <= heard / len(REPLIES) <= 0.55


def test_every_line_has_replies_that_can_be_ranked() -> None:
    qualities: dict[str, set[int]] = {}
    for reply in REPLIES:
        qualities.setdefault(reply.line.name, set()).add(reply.quality)
    assert min(len(steps) for steps in qualities.values()) >= 3


def test_every_move_and_kind_occurs_in_every_split() -> None:
    for split in ("train", "dev", "test"):
        part = [reply for reply in REPLIES if corpus.split_of(reply.line) == split]
        moves = Counter(move for reply in part for move, _, _ in reply.moves)
        assert set(moves) == set(corpus.MOVES.values())
        assert {reply.kind for reply in part} == corpus.KINDS


def test_marks_become_characters_of_the_plain_text() -> None:
    text, moves = corpus.unmark("So {rc+rf:you were scared}. {oq:What now?}")
    assert text == "So you were scared. What now?"
    assert [(move, text[start:end]) for move, start, end in moves] == [
        ("reflection_content", "you were scared"),
        ("reflection_feeling", "you were scared"),
        ("open_question", "What now?"),
    ]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (ROW.replace("closed", "clsed"), "no kind"),
        (ROW.replace("cq:", "xx:"), "no move"),
        (ROW.replace("clean", "heard"), "heard style"),
        (ROW.replace("-:-", "E:-"), "a flavour"),
        (ROW.replace("closed", "parrot"), "never above 1"),
        (ROW.replace("|", "/"), "not 'quality kind"),
        (ROW.replace("it late?} Um", "{rf:it} late?} Um"), "brace"),
    ],
)
def test_a_row_that_breaks_the_guide_is_named(tmp_path: Path, row: str, fault: str) -> None:
    file = tmp_path / "part.txt"
    file.write_text(f"== a-1 | Was it?\nfeels: hurt\n\n{row}\n", encoding="utf-8")
    with pytest.raises(corpus.Fault, match=rf"part.txt:4: .*{fault}"):
        list(corpus.read(file))


def test_a_good_row_is_read(tmp_path: Path) -> None:
    file = tmp_path / "part.txt"
    file.write_text(f"== a-1 | Was it?\nfacts: one, two; three\n\n{ROW}\n", encoding="utf-8")
    (reply,) = corpus.read(file)
    assert (reply.quality, reply.primary, reply.facets["understanding"]) == (2, "question", 1)
    assert reply.line.facts == ("one, two", "three")
