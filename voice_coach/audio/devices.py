"""Microphones and loudspeakers by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from voice_coach.audio import portaudio
from voice_coach.errors import UserError

Direction = Literal["input", "output"]

PREFERRED_HOSTS = ("Windows WASAPI", "Core Audio", "ALSA")
"""Hosts that list each device once under its full name; the first that is there is used."""

BLUETOOTH_SIGNS = (
    "bluetooth", "bluez", "airpods", "hands-free", "handsfree", "hands free", "buds",
    "wh-1000", "wh-ch", "wf-1000", "wf-c", "quietcomfort", "bose qc", "bose nc", "jabra elite",
    "beats", "soundcore", "jbl tune", "jbl live",
)  # fmt: skip
"""Parts of names that Bluetooth devices go by, lower case. Chosen."""

BUILT_IN_SIGNS = (
    "built-in", "built in", "internal", "macbook", "microphone array", "array", "realtek",
    "hda intel", "analog", "laptop", "imac",
)  # fmt: skip
"""Parts of names that built-in devices go by, lower case. Chosen."""

_WORD = {"input": "microphone", "output": "loudspeaker"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A microphone or loudspeaker as the system lists it.

    ``index`` is PortAudio's and holds until the devices are looked for again; names last.
    """

    name: str
    direction: Direction
    rate_hz: int
    channels: int
    host: str
    bluetooth: bool
    index: int
    is_default: bool = False


def refresh() -> None:
    """Look for devices again; only between turns (see portaudio.refresh)."""
    portaudio.refresh()


def is_bluetooth(name: str) -> bool:
    """Whether a device's name sounds like Bluetooth."""
    return any(sign in name.casefold() for sign in BLUETOOTH_SIGNS)


def is_built_in(name: str) -> bool:
    """Whether a device's name sounds built-in."""
    return not is_bluetooth(name) and any(sign in name.casefold() for sign in BUILT_IN_SIGNS)


def list_devices(direction: Direction | None = None) -> tuple[Device, ...]:
    """Every microphone and loudspeaker, or those of one direction; empty where there is none.

    Raises UserError where PortAudio is missing.
    """
    sounddevice = portaudio.load()
    hosts = sounddevice.query_hostapis()
    listed = [host["name"] for host in hosts if host["devices"]]
    preferred = next((name for name in PREFERRED_HOSTS if name in listed), None)
    wanted: tuple[Direction, ...] = (direction,) if direction else ("input", "output")
    found: list[Device] = []
    for side in wanted:
        for entry in sounddevice.query_devices():
            host = hosts[entry["hostapi"]]
            channels = entry[f"max_{side}_channels"]
            if channels < 1 or (preferred and host["name"] != preferred):
                continue
            found.append(
                Device(
                    name=entry["name"],
                    direction=side,
                    rate_hz=round(entry["default_samplerate"]),
                    channels=channels,
                    host=host["name"],
                    bluetooth=is_bluetooth(entry["name"]),
                    index=entry["index"],
                    is_default=host[f"default_{side}_device"] == entry["index"],
                )
            )
    return tuple(found)


def choose(
    direction: Direction, remembered_name: str | None = None, asked_name: str | None = None
) -> Device | None:
    """The device to use, or None where there is none of this direction.

    A name that was asked for must be there. A remembered one that is away gives way to the
    program's own choice; the caller sees it by the name. Raises UserError for an asked name that
    is unknown or fits several devices, and where PortAudio is missing.
    """
    return choose_from(list_devices(direction), direction, remembered_name, asked_name)


def choose_from(
    devices: Sequence[Device],
    direction: Direction,
    remembered_name: str | None = None,
    asked_name: str | None = None,
) -> Device | None:
    """As :func:`choose`, from the given devices of one direction."""
    if asked_name is not None:
        return _named(devices, direction, asked_name)
    if remembered_name is not None:
        there = [device for device in devices if device.name == remembered_name]
        if there:
            return _first_choice(there)
    if not devices:
        return None
    default = _first_choice(devices)
    if direction == "input" and default.bluetooth:
        # A Bluetooth microphone drops to telephone sound and swallows its first seconds.
        wired = [device for device in devices if not device.bluetooth]
        built_in = [device for device in wired if is_built_in(device.name)]
        return next(iter([*built_in, *wired]), default)
    return default


def _first_choice(devices: Sequence[Device]) -> Device:
    """The system's default where it is among them, else the first."""
    return next((device for device in devices if device.is_default), devices[0])


def _named(devices: Sequence[Device], direction: Direction, name: str) -> Device:
    """The device of that name: exactly, then whatever the case, then by a part only it has.

    Where several bear the one name, it is the default one of them, else the first.
    """
    word = _WORD[direction]
    if not devices:
        raise UserError(
            f"There is no {word} on this machine, so not '{name}' either. "
            "Plug one in and try again."
        )
    folded = name.casefold().strip()
    fits = (
        [device for device in devices if device.name == name]
        or [device for device in devices if device.name.casefold() == folded]
        or [device for device in devices if folded and folded in device.name.casefold()]
    )
    if len({device.name for device in fits}) == 1:
        return _first_choice(fits)
    names = ", ".join(f"'{device.name}'" for device in fits or devices)
    if fits:
        raise UserError(f"'{name}' fits more than one {word}: {names}. Give more of the name.")
    raise UserError(f"There is no {word} named '{name}'. There is: {names}.")
