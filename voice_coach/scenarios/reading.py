"""A scenario out of a YAML file, with every fault named by file and line.

YAML is read to nodes, which know their lines; the plain values in them go through the model; a
fault's path of keys leads back to its node. Only plain YAML is taken: no tags, no aliases.
"""

from __future__ import annotations

import difflib
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from voice_coach.errors import UserError
from voice_coach.scenarios.model import (
    ID_PATTERN,
    OUTCOMES,
    Branches,
    Fault,
    Line,
    Partner,
    Scenario,
    web_faults,
)

MAX_FILE_BYTES = 1_000_000
"""The largest file read as a scenario; a long one is about 10 kB. Chosen."""

Where = tuple[str | int, ...]

_ODD = object()
"""Stands for a number, date or other value that no key of a scenario takes."""

SHOWN_LETTERS = 40
"""How much of a line's id a message repeats. Chosen."""
_FOUND = {
    "tag:yaml.org,2002:bool": "a yes-or-no",
    "tag:yaml.org,2002:int": "a number",
    "tag:yaml.org,2002:float": "a number",
    "tag:yaml.org,2002:timestamp": "a date",
    "tag:yaml.org,2002:null": "nothing",
    "tag:yaml.org,2002:seq": "a list",
    "tag:yaml.org,2002:map": "a group of keys",
}
_PLAIN_TAGS = {"tag:yaml.org,2002:" + kind for kind in ("map", "seq", "str", "null")}


def read_scenario(path: Path) -> Scenario:
    """The scenario in a YAML file.

    Raises UserError with the first problem, its file and line and the mend, and how many more
    there are.
    """
    scenario, found = _inspect(Path(path))
    if scenario is not None:
        return scenario
    first, more = found[0], len(found) - 1
    if more:
        first += f" ({more} more: voice-coach scenarios check {path} lists all.)"
    raise UserError(first)


def problems(path: Path) -> tuple[str, ...]:
    """All problems of a scenario file in order of lines, each ``FILE:LINE: what and the mend``.

    Empty where the file is fine. A file that cannot be read at all is one problem.
    """
    try:
        return _inspect(Path(path))[1]
    except UserError as error:
        return (str(error),)


def _inspect(path: Path) -> tuple[Scenario | None, tuple[str, ...]]:
    """The scenario, or None and what is wrong. Raises UserError where YAML itself fails."""
    root = _compose(path, _text_of(path))
    faults = list(_key_faults(root, ()))
    data = _plain(root)
    scenario: Scenario | None = None
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False)
        for detail in details:
            where: Where = tuple(detail["loc"])
            if detail["type"] == "too_short" and any(
                other["loc"][: len(where)] == where != other["loc"] for other in details
            ):
                continue  # a list is too short only because its entries are faulty
            if where:  # a fault of the whole is one of the web, which is told line by line below
                faults.append(Fault(where=where, text=_words(detail, root)))
            elif not isinstance(data, dict):
                faults.append(Fault(where=(), text=f"{_not_a_group(root)} at the top."))
        faults += _web_of(data)
    if not faults:
        return scenario, ()
    numbered = [(_line_number(root, fault.where), fault.text) for fault in faults]
    numbered.sort(key=lambda pair: pair[0])
    return None, tuple(f"{path}:{number}: {text}" for number, text in numbered)


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise UserError(
            f"There is no file {path}. Check the name; voice-coach scenarios list shows the "
            "ones that come with the program."
        ) from error
    except OSError as error:
        reason = "it is a folder" if path.is_dir() else error.strerror
        raise UserError(f"{path} cannot be read ({reason}). Name a scenario file.") from error
    if len(raw) > MAX_FILE_BYTES:
        raise UserError(f"{path} is too large for a scenario. Name a scenario's YAML file.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = raw[: error.start].count(b"\n") + 1
        raise UserError(
            f"{path}:{number}: the file is not UTF-8 text. Save it again with the encoding UTF-8."
        ) from error


class _Loader(yaml.SafeLoader):
    """Safe nodes without aliases, which could fold a small file into an endless one."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "an alias", mark)
        return super().compose_node(parent, index)


def _compose(path: Path, text: str) -> yaml.Node:
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        number, words = _yaml_fault(error)
        raise UserError(f"{path}:{number}: {words}") from error
    except yaml.reader.ReaderError as error:
        number = text[: error.position].count("\n") + 1
        raise UserError(
            f"{path}:{number}: there is a character that text may not hold. "
            "Delete it and type the words again."
        ) from error
    except RecursionError as error:
        raise UserError(
            f"{path}:1: lists or groups are nested too deep. See docs/authoring.md for the form."
        ) from error
    if root is None:
        raise UserError(
            f"{path}:1: the file is empty. voice-coach scenarios new FILE writes one to start from."
        )
    return root


def _yaml_fault(error: yaml.MarkedYAMLError) -> tuple[int, str]:
    """The line of a fault in the YAML itself, counted from 1, and words for it."""
    problem, context = error.problem or "", error.context or ""
    mark = error.problem_mark
    if "quoted scalar" in context and error.context_mark is not None:
        mark = error.context_mark
        words = "a quotation mark is opened here and not closed rightly. Close it, or mend the \\."
    elif "'\\t'" in problem:
        words = "a tab indents this line. Use blanks."
    elif "mapping values are not allowed" in problem:
        words = "a colon stands inside the text. Put the whole text in quotation marks."
    elif problem == "an alias":
        words = "an alias (*) stands here. Write the text out again instead."
    elif "single document" in context:
        words = "a second document begins here (---). Keep one scenario to a file."
    else:
        words = (
            f"the YAML cannot be read here ({problem}). Check the indentation, and put text "
            "that holds special signs in quotation marks."
        )
    return (mark.line + 1 if mark is not None else 1), words


def _key_faults(node: yaml.Node, where: Where) -> Iterator[Fault]:
    """Keys given twice, and keys that are not text, wherever they are."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                yield Fault(where=where, text="a key must be one word. Take the odd one out.")
                continue
            if key.value in seen:
                text = f'"{key.value}" is given twice here. Keep one of the two.'
                yield Fault(where=(*where, key.value), text=text)
            seen.add(key.value)
            yield from _key_faults(value, (*where, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for index, entry in enumerate(node.value):
            yield from _key_faults(entry, (*where, index))


def _plain(node: yaml.Node) -> Any:
    """Text, None, lists and dicts as in the node; anything else as _ODD."""
    if node.tag not in _PLAIN_TAGS:
        return _ODD
    if isinstance(node, yaml.MappingNode):
        return {
            key.value: _plain(value)
            for key, value in node.value
            if isinstance(key, yaml.ScalarNode)
        }
    if isinstance(node, yaml.SequenceNode):
        return [_plain(entry) for entry in node.value]
    return None if node.tag.endswith(":null") else node.value


def _web_of(data: Any) -> tuple[Fault, ...]:
    """What is wrong with how the lines join; nothing where the joints themselves are ill-formed."""
    web: list[tuple[str, Mapping[str, str | None]]]
    try:
        web = [
            (line["id"], {str(way): line["branches"][way] for way in OUTCOMES})
            for line in data["lines"]
        ]
        start = data["start"]
    except (KeyError, TypeError):
        return ()
    texts = [start, *(line_id for line_id, _ in web)]
    targets = [target for _, ways in web for target in ways.values() if target is not None]
    if not web or not all(isinstance(text, str) for text in (*texts, *targets)):
        return ()
    return web_faults(start, web)


def _node_at(root: yaml.Node, where: Where) -> tuple[yaml.Node, yaml.Node]:
    """The node that a path leads to and the node to point at: its key, where it has one.

    A path to what is not there leads to the last node on the way.
    """
    node = point = root
    for step in where:
        if isinstance(node, yaml.MappingNode):
            pairs = [pair for pair in node.value if pair[0].value == step]
            if not pairs:
                break
            point, node = pairs[-1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = point = node.value[step]
        else:
            break
    return node, point


def _line_number(root: yaml.Node, where: Where) -> int:
    return int(_node_at(root, where)[1].start_mark.line) + 1


def _words(detail: Mapping[str, Any], root: yaml.Node) -> str:
    """A pydantic error in plain words, with the mend."""
    where: Where = tuple(detail["loc"])
    kind, context = detail["type"], detail.get("ctx", {})
    node = _node_at(root, where)[0]
    name = _name(where, root)
    model = _model_at(where[:-1])
    if kind == "missing":
        about = model.model_fields[str(where[-1])].description
        return f"{name} is missing. Add it: {about}"
    if kind == "extra_forbidden":
        known = list(model.model_fields)
        near = difflib.get_close_matches(str(where[-1]), known, n=1)
        mend = f'Did you mean "{near[0]}"?' if near else f"Known here: {', '.join(known)}."
        return f"{name} is not a known key. {mend}"
    found = _FOUND.get(node.tag, "something else" if node.tag.startswith("tag:") else node.tag)
    plain = {
        "string_type": f"{name} must be text, but is {found}. Write the text in quotation marks.",
        "tuple_type": f'{name} must be a list. Begin each entry on a line of its own with "- ".',
        "model_type": f"{name}: {_not_a_group(node)}.",
        "too_short": f"{name} needs at least {context.get('min_length')}. Add what is missing.",
        "string_too_long": f"{name} is over {context.get('max_length')} letters long. Shorten it.",
        "literal_error": f"{name} must be {context.get('expected')}. Choose one of them.",
        "value_error": f"{name} {context.get('error')}",
        "string_pattern_mismatch": (
            f"{name} must be small letters, digits and single hyphens, like not-the-dinner."
            if context.get("pattern") == ID_PATTERN
            else f"{name} is empty. Write the words in."
        ),
    }
    return plain.get(kind, f"{name} is not right ({detail['msg']}). Compare docs/authoring.md.")


def _not_a_group(node: yaml.Node) -> str:
    found = _FOUND.get(node.tag, "text")
    return f"here must be keys with values (like name: Maya), but there is {found}"


def _model_at(where: Where) -> type[BaseModel]:
    """Which model's keys belong at a path."""
    if not where:
        return Scenario
    if where[-1] == "partner":
        return Partner
    return Branches if where[-1] == "branches" else Line


def _name(where: Where, root: yaml.Node) -> str:
    """What a path is called: '"says" of line "arrival"'."""
    names = [f'"{step}"' for step in where if isinstance(step, str) and step != "branches"]
    name = f'"{where[-1]}"' if isinstance(where[-1], str) else f"entry {where[-1] + 1}"
    if where[0] == "partner" and len(where) > 1:
        return f"{name} of the partner"
    if where[0] != "lines" or len(where) == 1:
        return name
    line = _plain(_node_at(root, where[:2])[0])
    line_id = line.get("id") if isinstance(line, dict) else None
    owner = f"line number {int(where[1]) + 1}"
    if isinstance(line_id, str):  # of a damaged file it may be half the text, over several lines
        owner = f'line "{textwrap.shorten(line_id, SHOWN_LETTERS, placeholder="…")}"'
    if len(where) == 2:
        return owner
    if isinstance(where[-1], int):
        name += f" of {names[-1]}"
    return f"{name} of {owner}"
