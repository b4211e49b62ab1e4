"""Where to find help, by country: read from help_lines.yaml beside this module, never the network.

The machine's language setting is only a guess at where one is ("en_US" is set all over the world),
so what is shown names the country, and the general addresses stand below it.
"""

from __future__ import annotations

import locale
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal, get_args

import yaml

from voice_coach.errors import UserError

NAME = "help_lines.yaml"
GENERAL = ""
"""The code of the entry for everywhere."""
SETTINGS = ("LC_ALL", "LC_ADDRESS", "LC_MESSAGES", "LANG")
"""Variables that may name the country, the strongest first (POSIX; LC_ADDRESS is glibc's)."""

For = Literal["crisis", "violence", "own"]
"""Despair and self-harm; harm done by somebody close; worry about what one does oneself."""

_CODE = re.compile(r"[A-Z]{2}")
_NUMBER = re.compile(r"[0-9][0-9 -]+[0-9](?: or [0-9][0-9 -]+[0-9])?")
_WEB = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_CHECKED = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])")
_LOCALE = re.compile(r"[A-Za-z]{2,3}[_-]([A-Z]{2})(?:[.@].*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Somebody to turn to: a telephone ``number``, a ``web`` address, or both ("" where none).

    ``always`` says that it answers day and night.
    """

    name: str
    purpose: For
    number: str = ""
    web: str = ""
    always: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """The help in one country; ``code`` is its ISO 3166 code, GENERAL for everywhere."""

    code: str
    name: str
    emergency: str
    services: tuple[Service, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpLines:
    """The whole list; ``checked`` is the month ("2026-11") in which it was last gone through."""

    checked: str
    everywhere: Country
    countries: tuple[Country, ...]

    def of(self, code: str | None) -> Country:
        """The entry of a country, or the general one where the list has none."""
        wanted = (code or "").strip().upper()
        wanted = "GB" if wanted == "UK" else wanted
        return next((each for each in self.countries if each.code == wanted), self.everywhere)


def help_for(country: str | None, environ: Mapping[str, str]) -> Country:
    """The help in ``country`` (an ISO code), else where the machine is set to be, else in general.

    ``environ`` is the environment (os.environ). A country that was named and is not in the list
    gives the general entry, not the machine's.
    """
    return shipped().of(country or country_here(environ))


def country_here(environ: Mapping[str, str]) -> str | None:
    """The country of the machine's language setting, None where it does not say."""
    for setting in SETTINGS:
        found = _LOCALE.fullmatch(environ.get(setting, ""))
        if found:
            return found[1]
    found = _LOCALE.fullmatch(locale.getlocale()[0] or "")
    return found[1] if found else None


@cache
def shipped() -> HelpLines:
    """The list that comes with the program."""
    return read_help_lines(resources.files(__package__).joinpath(NAME).read_text(encoding="utf-8"))


def read_help_lines(text: str, name: str = NAME) -> HelpLines:
    """The list in the text of a YAML file.

    Raises UserError with one line that names the place and the mend.
    """
    try:
        # every value stays text: neither is "NO" a no nor 112 a number to reckon with
        data = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - it builds text, lists, dicts
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise UserError(f"{name}: the YAML cannot be read ({reason}). Mend it there.") from error
    whole = _keys(data, name, needed=("checked", "everywhere", "countries"))
    countries = tuple(
        _country(each, f"{name}, country {at}", needed=("code", "name", "emergency", "services"))
        for at, each in enumerate(_list(whole["countries"], f'{name}, "countries"'), start=1)
    )
    codes = [country.code for country in countries]
    for code in codes:
        if codes.count(code) > 1:
            raise UserError(f"{name}: {code} is there twice. Keep one.")
    return HelpLines(
        checked=_text(whole, "checked", name, _CHECKED, "a month like 2026-11"),
        everywhere=_country(
            whole["everywhere"], f'{name}, "everywhere"', needed=("emergency", "services")
        ),
        countries=countries,
    )


def _country(data: Any, where: str, *, needed: tuple[str, ...]) -> Country:
    entry = _keys(data, where, needed=needed)
    code, name = GENERAL, "everywhere"
    if "code" in needed:
        code = _text(entry, "code", where, _CODE, "two capital letters")
        where = f"{where} ({code})"
        name = _text(entry, "name", where)
    return Country(
        code=code,
        name=name,
        emergency=_text(entry, "emergency", where),
        services=tuple(
            _service(each, f"{where}, service {at}")
            for at, each in enumerate(_list(entry["services"], f'{where}, "services"'), start=1)
        ),
    )


def _service(data: Any, where: str) -> Service:
    entry = _keys(data, where, needed=("name", "for"), allowed=("number", "web", "always"))
    if "number" not in entry and "web" not in entry:
        raise UserError(f"{where}: there is neither number nor web. Add one of them.")
    purposes = get_args(For)
    purpose: For | None = next((each for each in purposes if each == entry["for"]), None)
    if purpose is None:
        raise UserError(f'{where}: "for" must be one of {", ".join(purposes)}.')
    if entry.get("always", "yes") != "yes":
        raise UserError(f'{where}: "always" is yes or left out.')
    return Service(
        name=_text(entry, "name", where),
        purpose=purpose,
        number=_text(entry, "number", where, _NUMBER, "digits") if "number" in entry else "",
        web=_text(entry, "web", where, _WEB, "like samaritans.org") if "web" in entry else "",
        always="always" in entry,
    )


def _keys(
    data: Any, where: str, *, needed: tuple[str, ...], allowed: tuple[str, ...] = ()
) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise UserError(f"{where}: here must be keys with values ({', '.join(needed)}).")
    for key in needed:
        if key not in data:
            raise UserError(f'{where}: "{key}" is missing. Add it.')
    for key in data:
        if key not in needed + allowed:
            raise UserError(f'{where}: "{key}" is not a known key. Take it out.')
    return data


def _list(data: Any, where: str) -> list[Any]:
    if not isinstance(data, list) or not data:
        raise UserError(f"{where}: here must be a list with at least one entry.")
    return data


def _text(
    entry: Mapping[str, Any],
    key: str,
    where: str,
    form: re.Pattern[str] | None = None,
    words: str = "",
) -> str:
    value = entry[key]
    if not isinstance(value, str) or not value.strip():
        raise UserError(f'{where}: "{key}" must be text. Write it in.')
    if form is not None and not form.fullmatch(value):
        raise UserError(f'{where}: "{key}" must be {words}, but is "{value}".')
    return value
