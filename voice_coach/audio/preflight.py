"""Are a microphone and a loudspeaker there, and do they work: found out and said in plain words."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from voice_coach.audio.devices import Device, choose
from voice_coach.audio.duplex import FRAME_S, Duplex
from voice_coach.audio.files import CLIPPED
from voice_coach.audio.samples import Audio
from voice_coach.audio.soundcard import SoundCard
from voice_coach.errors import UserError

VERY_QUIET_DB = -78.0
"""Below this a microphone hears less than a quiet room's noise. Chosen: laptop microphones in
quiet rooms lie at -70 to -50 dB."""

CLIPPED_SHARE = 0.001
"""Share of samples at full scale from which speech is audibly harsh. Chosen."""

LISTEN_S = 0.6
"""Seconds to listen for signal. Chosen."""

_PERMISSION = {
    "darwin": "Open System Settings > Privacy & Security > Microphone and switch it on for your "
    "terminal, then start the terminal again.",
    "win32": "Open Settings > Privacy & security > Microphone and switch on 'Let desktop apps "
    "access your microphone'.",
    "linux": "Look whether the microphone is muted (its key or switch, or the input tab of your "
    "sound settings) and whether the right one is chosen.",
}

Kind = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was checked: how it is, and what to do where it is not well."""

    kind: Kind
    what: str
    mend: str | None = None


def check_input(
    frames: Audio, device: Device | None, platform: str = sys.platform
) -> list[Finding]:
    """Judge 0.3 to 1 s of sound from a microphone.

    ``device`` is None where there is none. ``platform`` is as ``sys.platform`` names it.
    """
    if device is None:
        return [
            Finding(
                kind="fail",
                what="No microphone was found.",
                mend="Plug one in, or practise with recordings: "
                "voice-coach practice --replies FILE…",
            )
        ]
    found = [_signal(frames, device.name, platform)]
    if device.bluetooth:
        found.append(
            Finding(
                kind="warn",
                what=f"The microphone '{device.name}' is on Bluetooth: it delays and thins the "
                "voice, so how fast you answer will not be judged.",
                mend="For that, use the built-in microphone: choose it with --input.",
            )
        )
    return found


def check_output(device: Device | None) -> list[Finding]:
    """Judge a loudspeaker by what is known of it; None where there is none."""
    if device is None:
        return [
            Finding(
                kind="warn",
                what="No loudspeaker was found, so the partner and the feedback are only shown.",
                mend="Plug in headphones or a loudspeaker to hear them.",
            )
        ]
    if device.bluetooth:
        return [
            Finding(
                kind="warn",
                what=f"The loudspeaker '{device.name}' is on Bluetooth: its sound comes late, so "
                "how fast you answer will not be judged.",
                mend="For that, use headphones with a cable or the built-in loudspeaker.",
            )
        ]
    return [Finding(kind="ok", what=f"The loudspeaker is '{device.name}'.")]


def check_devices(
    *,
    input_remembered: str | None = None,
    input_asked: str | None = None,
    output_remembered: str | None = None,
    output_asked: str | None = None,
    listen_s: float = LISTEN_S,
) -> Iterator[Finding]:
    """Choose the devices as a sitting would, listen for ``listen_s``, and say what was found.

    Nothing sounds. Every fault that a person can mend comes as a finding, none is raised.
    """
    try:
        ear = choose("input", input_remembered, input_asked)
        mouth = choose("output", output_remembered, output_asked)
        for asked, remembered, device in (
            (input_asked, input_remembered, ear),
            (output_asked, output_remembered, mouth),
        ):
            if device and remembered and not asked and device.name != remembered:
                yield away(remembered, device)
        if ear is None:
            yield from check_input(Audio.silence(0.0), None)
        else:
            with SoundCard(ear, mouth) as card:
                yield from check_input(listen(card, listen_s), ear)
        yield from check_output(mouth)
    except UserError as error:
        what, _, mend = str(error).partition(". ")
        yield Finding(kind="fail", what=f"{what.rstrip('.')}.", mend=mend or None)


def _signal(frames: Audio, name: str, platform: str) -> Finding:
    """Whether the microphone hears anything, and not too much."""
    if not frames.samples.any():
        return Finding(
            kind="fail",
            what=f"The microphone '{name}' gives no sound at all, not even the room's.",
            mend=_PERMISSION.get(platform, _PERMISSION["linux"]),
        )
    if np.mean(np.abs(frames.samples) >= CLIPPED) > CLIPPED_SHARE:
        return Finding(
            kind="warn",
            what=f"The microphone '{name}' is set too loud: the sound is cut off at its peaks.",
            mend="Turn its level down in the sound settings, or move a little away.",
        )
    level = f"{frames.level_db:.0f} dB"
    if frames.level_db < VERY_QUIET_DB:
        return Finding(
            kind="warn",
            what=f"The microphone '{name}' is very quiet ({level}).",
            mend="Turn its level up in the sound settings, or come closer.",
        )
    return Finding(kind="ok", what=f"The microphone '{name}' hears the room ({level}).")


def listen(card: Duplex, listen_s: float = LISTEN_S) -> Audio:
    """So many seconds from a microphone just opened, to be judged by :func:`check_input`.

    As much is read before them and left out: what stood in the device, and its first crackle.
    """
    frames = [card.read() for _ in range(2 * round(listen_s / FRAME_S))]
    return Audio.joined(frames[len(frames) // 2 :])


def away(remembered: str, device: Device) -> Finding:
    """Say that the device of last time, by its name, is not there and which one is used."""
    word = "microphone" if device.direction == "input" else "loudspeaker"
    return Finding(
        kind="warn",
        what=f"The {word} '{remembered}' from last time is not here; '{device.name}' is used.",
        mend=f"Plug it in again, or choose another with --{device.direction}.",
    )
