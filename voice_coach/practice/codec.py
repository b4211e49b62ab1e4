"""Events to JSON and back: the form in the history, in ``--events FILE`` and in exports.

An event is one object, ``{"event": "Scored", "at_s": 12.3, ...fields}``. Within it

- a field called ``span`` becomes ``start_s`` and ``end_s``, both null where there is none;
- a Measure becomes ``{"value": 132.0, "unit": "words/min", "reason": null}``, or value null and
  the reason;
- every other value is an object of its fields, a tuple is a list, a mapping is an object;
- numbers are finite and rounded to 3 decimals, so times are whole milliseconds.

Reading is strict and is the exact inverse for what was written. A field that has a default may be
absent, so that events of an earlier version can still be read.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from numbers import Integral, Real
from types import NoneType, UnionType
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from voice_coach.conversation import Measure, Measured, Span, Unmeasured
from voice_coach.errors import UserError
from voice_coach.practice.couple.events import CoupleEvent
from voice_coach.practice.events import Event

DECIMALS = 3
"""Milliseconds for times; finer than anything measured here. Chosen."""

SHOWN_CHARACTERS = 40
"""How much of a faulty value an error message repeats. Chosen."""

EVENT_TYPES: Mapping[str, type[Event | CoupleEvent]] = {
    kind.__name__: kind for kind in (*get_args(Event), *get_args(CoupleEvent))
}

MEND = (
    "It was damaged or written by another version of Voice Coach: "
    "read it with that version, or take it out."
)


def event_to_json(event: Event | CoupleEvent) -> dict[str, Any]:
    """The event as an object of plain JSON values.

    Raises ValueError for a number that is not finite and TypeError for a value that no event
    holds: both are faults of the caller.
    """
    return {"event": type(event).__name__, **_fields_out(event)}


def event_to_line(event: Event | CoupleEvent) -> str:
    """The event as one line of strict JSON, without the newline."""
    return line_of(event_to_json(event))


def line_of(told: Mapping[str, Any]) -> str:
    """An event's object as one line of strict JSON, without the newline."""
    return json.dumps(told, ensure_ascii=False, allow_nan=False)


def event_from_json(held: object) -> Event:
    """The event that this object stands for; the inverse of :func:`event_to_json`.

    Raises UserError where the event or a key is unknown, missing or of the wrong type.
    """
    if not isinstance(held, Mapping):
        raise _refused("an event", "an object", held)
    name = held.get("event")
    kind = EVENT_TYPES.get(name) if isinstance(name, str) else None
    if kind is None:
        raise UserError(f"There is no event called {_shown(name)}. {MEND}")
    rest = {key: value for key, value in held.items() if key != "event"}
    return cast("Event", _object_in(kind, rest, kind.__name__))


def event_from_line(line: str) -> Event:
    """The event on one line of JSON. Raises UserError where it is no event."""
    try:
        held = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UserError(f"A recorded event is not JSON: {_shown(line)}. {MEND}") from error
    return event_from_json(held)


# Out


def _fields_out(value: Any) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for field in fields(value):
        held = getattr(value, field.name)
        if field.name == "span":
            out["start_s"] = None if held is None else _out(held.start_s)
            out["end_s"] = None if held is None else _out(held.end_s)
        else:
            out[field.name] = _out(held)
    return out


def _out(value: Any) -> Any:  # noqa: PLR0911 - one return for each kind of value
    match value:
        case None | bool():
            return value
        case str():
            # A lone surrogate (a garbled device name) fits in no file; it becomes "?".
            return value.encode("utf-8", "replace").decode("utf-8")
        case Measured():
            return {"value": _out(value.value), "unit": value.unit, "reason": None}
        case Unmeasured():
            return {"value": None, "unit": value.unit, "reason": value.reason}
        case Integral():  # also numpy's
            return int(value)
        case Real():
            return _rounded(float(value))
        case tuple():
            return [_out(item) for item in value]
        case Mapping():
            return {_out(key): _out(item) for key, item in value.items()}
        case _ if is_dataclass(value):
            return _fields_out(value)
    raise TypeError(f"no event holds a {type(value).__name__}: {value!r}")


def _rounded(number: float) -> float:
    if not math.isfinite(number):
        raise ValueError(f"an event holds finite numbers only, got {number}")
    return round(number, DECIMALS) + 0.0  # the sum turns -0.0 into 0.0


# In


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return get_type_hints(kind)


def _object_in(kind: Any, held: object, where: str) -> Any:
    if not isinstance(held, Mapping):
        raise _refused(where, "an object", held)
    rest = dict(held)
    values: dict[str, Any] = {}
    for field in fields(kind):
        hint = _hints(kind)[field.name]
        place = f"{where}.{field.name}"
        keys = ("start_s", "end_s") if field.name == "span" else (field.name,)
        if _may_be_absent(field) and not any(key in rest for key in keys):
            continue
        missing = [key for key in keys if key not in rest]
        if missing:
            raise UserError(f"{where} lacks {_shown(missing[0])}. {MEND}")
        found = [rest.pop(key) for key in keys]
        values[field.name] = (
            _span_in(hint, found, place) if len(keys) > 1 else _in(hint, found[0], place)
        )
    if rest:
        raise UserError(f"{where} holds something unknown, {_shown(next(iter(rest)))}. {MEND}")
    try:
        return kind(**values)
    except ValueError as error:
        raise UserError(f"{where} cannot be so: {error}. {MEND}") from error


def _may_be_absent(field: Field[Any]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


def _span_in(hint: Any, bounds: list[Any], where: str) -> Span | None:
    if bounds == [None, None] and NoneType in get_args(hint):
        return None
    span: Span = _object_in(Span, dict(zip(("start_s", "end_s"), bounds, strict=True)), where)
    return span


def _in(hint: Any, held: Any, where: str) -> Any:
    if hint == Measure:
        return _measure_in(held, where)
    kind, inner = get_origin(hint), get_args(hint)
    if kind in (Union, UnionType):
        if held is None and NoneType in inner:
            return None
        (one,) = (arg for arg in inner if arg is not NoneType)
        return _in(one, held, where)
    if kind in (tuple, Mapping):
        return _many_in(kind, inner, held, where)
    if is_dataclass(hint):
        return _object_in(hint, held, where)
    return _one_in(hint, held, where)


def _many_in(kind: Any, inner: tuple[Any, ...], held: Any, where: str) -> Any:
    if kind is tuple:
        if not isinstance(held, list):
            raise _refused(where, "a list", held)
        return tuple(_in(inner[0], item, f"{where}[{at}]") for at, item in enumerate(held))
    if not isinstance(held, Mapping):
        raise _refused(where, "an object", held)
    return {
        _in(inner[0], key, where): _in(inner[1], item, f"{where}.{key}")
        for key, item in held.items()
    }


def _one_in(hint: Any, held: Any, where: str) -> Any:
    if hint is float:
        return _float_in(held, where)
    if get_origin(hint) is Literal:
        if not isinstance(held, str) or held not in get_args(hint):
            raise _refused(where, f"one of {', '.join(get_args(hint))}", held)
        return held
    named = {str: "text", bool: "true or false", int: "a whole number"}
    if hint not in named:
        raise TypeError(f"{where} has a type that events do not hold: {hint}")
    if not isinstance(held, hint) or (hint is int and isinstance(held, bool)):
        raise _refused(where, named[hint], held)
    return held


def _float_in(held: Any, where: str) -> float:
    if not isinstance(held, int | float) or isinstance(held, bool):
        raise _refused(where, "a number", held)
    try:
        number = float(held)
    except OverflowError as error:
        raise _refused(where, "a number of ordinary size", held) from error
    if not math.isfinite(number):
        raise _refused(where, "a finite number", held)
    return number


def _measure_in(held: Any, where: str) -> Measure:
    if not isinstance(held, Mapping) or set(held) != {"value", "unit", "reason"}:
        raise _refused(where, "an object with value, unit and reason", held)
    unit = _in(str, held["unit"], f"{where}.unit")
    value, reason = held["value"], held["reason"]
    if (value is None) == (reason is None):
        raise UserError(f"{where} should hold either a value or a reason. {MEND}")
    if value is not None:
        return Measured(value=_float_in(value, f"{where}.value"), unit=unit)
    try:
        return Unmeasured(reason=_in(str, reason, f"{where}.reason"), unit=unit)
    except ValueError as error:
        raise UserError(f"{where} cannot be so: {error}. {MEND}") from error


def _refused(where: str, expected: str, held: object) -> UserError:
    return UserError(f"{where} should be {expected}, but holds {_shown(held)}. {MEND}")


def _shown(held: object) -> str:
    try:
        text = json.dumps(held)
    except (TypeError, ValueError):  # no JSON value, or an integer too long to print
        text = f"a {type(held).__name__}"
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
