from __future__ import annotations

import pytest

from voice_coach.audio.devices import Device, Direction, choose_from, is_bluetooth, is_built_in
from voice_coach.errors import UserError


def device(name: str, *, direction: Direction = "input", default: bool = False) -> Device:
    return Device(
        name=name,
        direction=direction,
        rate_hz=48_000,
        channels=1,
        host="Core Audio",
        bluetooth=is_bluetooth(name),
        index=0,
        is_default=default,
    )


MACBOOK = device("MacBook Pro Microphone")
AIRPODS = device("Anna's AirPods Pro", default=True)
USB = device("USB Audio: Yeti X")
USB_TWO = device("USB Audio: Scarlett 2i2")
ALL = (USB, AIRPODS, USB_TWO, MACBOOK)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("USB Audio: Yeti X", USB),
        ("usb audio: yeti x", USB),
        ("scarlett", USB_TWO),
        ("airpods", AIRPODS),
    ],
)
def test_asked_for_by_name_or_a_part_only_it_has(asked: str, expected: Device) -> None:
    assert choose_from(ALL, "input", MACBOOK.name, asked) is expected


def test_an_exact_name_wins_over_a_longer_one() -> None:
    short, long = device("Mic"), device("Mic 2")
    assert choose_from((long, short), "input", None, "Mic") is short


def test_an_unknown_name_lists_what_there_is() -> None:
    with pytest.raises(UserError, match=r"no microphone named 'Zoom'.*'USB Audio: Yeti X', .*"):
        choose_from(ALL, "input", None, "Zoom")
    with pytest.raises(UserError, match="no loudspeaker on this machine"):
        choose_from((), "output", None, "Zoom")
    with pytest.raises(UserError, match="There is no microphone named ''"):
        choose_from(ALL, "input", None, "")


def test_a_part_that_fits_several_is_asked_back() -> None:
    with pytest.raises(UserError, match=r"'usb' fits more than one microphone: 'USB Audio: Yeti"):
        choose_from(ALL, "input", None, "usb")


def test_of_one_name_the_default_is_meant_else_the_first() -> None:
    first, second = device("USB Audio Device"), device("USB Audio Device", default=True)
    third = device("USB Audio Device")
    for name in (first.name, "usb audio device", "usb"):
        assert choose_from((first, second), "input", None, name) is second
        assert choose_from((first, third), "input", None, name) is first
    assert choose_from((first, second), "input", first.name) is second


def test_remembered_then_default_then_first() -> None:
    assert choose_from(ALL, "input", USB_TWO.name) is USB_TWO
    assert choose_from((USB, USB_TWO), "input", "away") is USB
    assert choose_from((), "input", "away") is None


def test_a_built_in_microphone_is_preferred_over_bluetooth_unless_named() -> None:
    assert choose_from(ALL, "input") is MACBOOK
    assert choose_from((AIRPODS, USB), "input") is USB
    assert choose_from((AIRPODS,), "input") is AIRPODS
    assert choose_from(ALL, "input", AIRPODS.name) is AIRPODS
    phones = device("Bose QuietComfort", direction="output", default=True)
    assert choose_from((device("Speakers", direction="output"), phones), "output") is phones


@pytest.mark.parametrize(
    ("name", "bluetooth"),
    [
        ("AirPods Max", True),
        ("Headset (WH-1000XM4 Hands-Free AG Audio)", True),
        ("Galaxy Buds2 Pro", True),
        ("bluez_input.AC_12", True),
        ("Headphones (WH-CH720N Stereo)", True),
        ("Soundcore Life Q30", True),
        ("Headset (Logitech USB Headset H340)", False),
        ("Microphone Array (Realtek Audio)", False),
        ("HDA Intel PCH: ALC257 Analog (hw:0,0)", False),
        ("default", False),
    ],
)
def test_names_that_sound_like_bluetooth(name: str, *, bluetooth: bool) -> None:
    assert is_bluetooth(name) is bluetooth
    assert not (is_bluetooth(name) and is_built_in(name))
