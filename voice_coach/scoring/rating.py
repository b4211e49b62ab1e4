"""What stands behind ``voice-coach rate``: judgements as JSON objects, one or a stream."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn

from voice_coach.errors import UserError
from voice_coach.scoring.listening import judge
from voice_coach.scoring.said import printable
from voice_coach.scoring.scorecard import FACETS, Listening

_WANTED = '{"line": "what was said", "reply": "what was answered"}'


def listening_json(
    judged: Listening,
    id: str | int | None = None,  # noqa: A002 - the key's name
) -> dict[str, Any]:
    """A judgement as DESIGN's ``rate`` object, and more.

    More: ``reason`` and ``notes``; ``quality``, the expected step of 0 to 4; ``empathy``, which
    kind where the level is empathy; ``facet_moves``, for each facet the places in ``moves`` of its
    evidence; ``grounding``, how far the words take up the line's content and feelings, and the
    share copied from it (0 to 1).

    ``score`` is null where there was too little to judge, or too much doubt; ``reason`` says why.
    A move that was timed carries ``start_s`` and ``end_s`` as well. All text can be printed: half
    a character (a lone surrogate) is given as "\N{REPLACEMENT CHARACTER}".
    """
    moves: list[dict[str, Any]] = []
    for move in judged.moves:
        told: dict[str, Any] = {
            "move": move.move,
            "quote": printable(move.quote),
            "start": move.start,
            "end": move.end,
            "confidence": move.confidence,
        }
        if move.span is not None:
            told |= {"start_s": move.span.start_s, "end_s": move.span.end_s}
        moves.append(told)
    return {
        "id": printable(id) if isinstance(id, str) else id,
        "primary": judged.primary,
        "probabilities": dict(judged.probabilities),
        "moves": moves,
        "facets": dict(judged.facets),
        "level": judged.level,
        "score": judged.score,
        "reason": judged.reason,
        "notes": list(judged.notes),
        "model": judged.model,
        "quality": judged.quality,
        "empathy": judged.empathy,
        "facet_moves": {
            facet: [judged.moves.index(move) for move in judged.behind(facet)] for facet in FACETS
        },
        "grounding": {
            "content": judged.content,
            "feeling": judged.feeling,
            "copied": judged.copied,
        },
    }


def rate_jsonl(
    lines: Iterable[bytes], refuse: Callable[[UserError], None]
) -> Iterator[dict[str, Any]]:
    """A judgement for each input line, in order, each as soon as its line is read.

    An input line is an object with ``line``, ``reply`` and, if wanted, ``id``, ``feels`` (a list
    of words) and ``start_s`` (seconds, given back). Blank lines are passed over. A line that cannot
    be read goes to ``refuse``, named by its number, and the next ones are judged.
    """
    for number, raw in enumerate(lines, start=1):
        if not raw.strip():
            continue
        try:
            row = _row(raw, number)
        except UserError as error:
            refuse(error)
            continue
        feels = row.get("feels") or []
        judged = judge(row["line"], row["reply"], feels=feels)
        told = listening_json(judged, row.get("id"))
        if "start_s" in row:
            told["start_s"] = row["start_s"]
        yield told


def _object(raw: bytes, number: int) -> dict[str, Any]:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise UserError(f"input line {number} is not UTF-8 text: save it as UTF-8") from fault
    try:
        row = json.loads(text.lstrip("\ufeff"), parse_constant=_no_number)
    except RecursionError as fault:
        raise UserError(
            f"input line {number} is nested too deeply: one object a line, like {_WANTED}"
        ) from fault
    except ValueError as fault:  # JSONDecodeError, and numbers of too many digits
        why = fault.msg if isinstance(fault, json.JSONDecodeError) else str(fault).split("\n")[0]
        raise UserError(
            f"input line {number} is not JSON ({why}): one object a line, like {_WANTED}"
        ) from fault
    if not isinstance(row, dict):
        raise UserError(f"input line {number} is no JSON object: write it like {_WANTED}")
    return row


def _row(raw: bytes, number: int) -> dict[str, Any]:
    row = _object(raw, number)
    for key in ("line", "reply"):
        if key not in row:
            raise UserError(f'input line {number} has no "{key}": write it like {_WANTED}')
        if not isinstance(row[key], str):
            raise UserError(f'input line {number}: "{key}" is not text: put it in quotes')
    if not row["line"].strip():
        raise UserError(f'input line {number}: "line" is empty: write what was said to you')
    feels = row.get("feels")
    if feels is not None and not (
        isinstance(feels, list) and all(isinstance(word, str) for word in feels)
    ):
        raise UserError(f'input line {number}: "feels" is no list of words: write ["hurt"]')
    start = row.get("start_s")
    if start is not None and (
        isinstance(start, bool)
        or not isinstance(start, int | float)
        or (isinstance(start, float) and not math.isfinite(start))
    ):
        raise UserError(f'input line {number}: "start_s" is no number: give seconds, like 12.5')
    if not isinstance(row.get("id"), str | int | None):
        raise UserError(f'input line {number}: "id" is neither text nor a number: mend it')
    return row


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
