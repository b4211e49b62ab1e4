"""The check-up: what a sitting needs, whether it is there, and the mend where it is not."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from voice_coach.audio.calibration import Calibration, calibrate
from voice_coach.audio.devices import Device, choose, list_devices
from voice_coach.audio.duplex import FRAME_S
from voice_coach.audio.preflight import Finding, check_devices, check_input, check_output
from voice_coach.audio.samples import Audio
from voice_coach.audio.soundcard import SoundCard
from voice_coach.coaching.voices import coach_voice, spoken
from voice_coach.errors import UserError
from voice_coach.home import home_dir, read_config, write_config
from voice_coach.speech.models import DEFAULT_MODEL, ensure_model

LISTEN_S = 2.0
FEWEST_FREE_MB = 500
"""Room for both models and a year of history. Chosen."""
TEST_SENTENCE = "If you can hear this, your loudspeaker works."


def examine() -> Iterator[Finding]:
    """Each thing a sitting needs, checked in turn; faults come with their mend."""
    yield from _guarded(_home)
    yield from _guarded(_model)
    yield from _guarded(_neural_voice)
    yield from _guarded(_system_voice)
    yield from _guarded(_devices)


def _guarded(check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """The check's findings; a UserError in it is a finding too."""
    try:
        yield from check()
    except UserError as error:
        yield Finding(kind="fail", what=str(error))


def _home() -> Iterator[Finding]:
    home = home_dir()
    free_mb = shutil.disk_usage(home).free / 1e6
    if free_mb < FEWEST_FREE_MB:
        yield Finding(
            kind="warn",
            what=f"Only {free_mb:.0f} MB are free where your history is kept ({home}).",
            mend="Make room, or set VOICE_COACH_HOME to a folder on another disk.",
        )
    else:
        yield Finding(kind="ok", what=f"Your history is kept in {home}, readable by you only.")


def _model() -> Iterator[Finding]:
    home = home_dir()
    name = read_config(home).model or DEFAULT_MODEL
    ensure_model(name, home)
    yield Finding(kind="ok", what=f"The speech model {name} is in place.")


def _neural_voice() -> Iterator[Finding]:
    sound = coach_voice("neural").render("Hello.")
    yield Finding(kind="ok", what=f"The neural voices speak ({sound.duration_s:.1f} s rendered).")


def _system_voice() -> Iterator[Finding]:
    try:
        coach_voice("pyttsx3").render("Hello.")
    except UserError as error:
        yield Finding(kind="warn", what=f"The spare voice is missing. {error}")
    else:
        yield Finding(kind="ok", what="The spare voice (pyttsx3) speaks.")


def _devices() -> Iterator[Finding]:
    config = read_config(home_dir())
    yield from check_devices(
        input_remembered=config.input_device, output_remembered=config.output_device
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicesReport:
    """What ``voice-coach devices`` shows: all devices, those in use, what a test found."""

    devices: tuple[Device, ...]
    input_name: str | None
    output_name: str | None
    findings: tuple[Finding, ...]

    def lines(self) -> Iterator[str]:
        """The report for people; a star marks what is in use."""
        for title, direction, used in (
            ("Microphones", "input", self.input_name),
            ("Loudspeakers", "output", self.output_name),
        ):
            yield title
            found = [device for device in self.devices if device.direction == direction]
            for device in found:
                mark = "*" if device.name == used else " "
                note = ", Bluetooth" if device.bluetooth else ""
                yield f" {mark} {device.name}  ({device.rate_hz} Hz{note})"
            if not found:
                yield "   none"
        for finding in self.findings:
            yield f"{finding.what} {finding.mend or ''}".rstrip()

    def as_json(self) -> dict[str, Any]:
        """The report as one object."""
        return {
            "devices": [
                {
                    "name": device.name,
                    "direction": device.direction,
                    "rate_hz": device.rate_hz,
                    "channels": device.channels,
                    "bluetooth": device.bluetooth,
                    "in_use": device.name in (self.input_name, self.output_name),
                }
                for device in self.devices
            ],
            "findings": [
                {"kind": found.kind, "what": found.what, "mend": found.mend}
                for found in self.findings
            ],
        }


def devices_report(*, input_name: str | None, output_name: str | None, test: bool) -> DevicesReport:
    """List the devices; remember those that are named; with ``test`` play and listen.

    Raises UserError for a name that fits no device, and where PortAudio is missing.
    """
    home = home_dir()
    config = read_config(home)
    microphone = choose("input", config.input_device, input_name)
    loudspeaker = choose("output", config.output_device, output_name)
    chosen = config.with_choices(
        input_device=microphone.name if microphone and input_name else None,
        output_device=loudspeaker.name if loudspeaker and output_name else None,
    )
    if chosen != config:
        write_config(home, chosen)
    return DevicesReport(
        devices=list_devices(),
        input_name=microphone.name if microphone else None,
        output_name=loudspeaker.name if loudspeaker else None,
        findings=tuple(_tested(microphone, loudspeaker)) if test else (),
    )


def _tested(microphone: Device | None, loudspeaker: Device | None) -> Iterator[Finding]:
    """Play a sentence and listen: is there signal, does the loudspeaker leak into it."""
    yield from check_output(loudspeaker)
    if microphone is None:
        yield Finding(kind="fail", what="There is no microphone.", mend="Plug one in.")
        return
    sentence = spoken(coach_voice("neural"), None, TEST_SENTENCE)
    with SoundCard(microphone, loudspeaker) as card:
        playback = card.play(sentence)
        long_s = max(LISTEN_S, sentence.duration_s + 0.5)
        heard = Audio.joined([card.read() for _ in range(round(long_s / FRAME_S))])
    yield from check_input(heard, microphone)
    if loudspeaker is not None:
        began_s = playback.span.start_s if playback.span else 0.0
        played = Audio.joined([Audio.silence(began_s), sentence.at_rate(heard.rate_hz)])
        yield _echo_found(calibrate(played, heard)[0])


def _echo_found(echo: Calibration) -> Finding:
    """What it means how the microphone hears the loudspeaker."""
    if not echo.heard:
        return Finding(kind="ok", what="The loudspeaker does not leak into the microphone.")
    if echo.cancelled:
        lost = "" if echo.softer_heard else " A very soft voice over a line is lost in the noise."
        return Finding(
            kind="ok",
            what="The microphone hears the loudspeaker, and the program can take that out "
            f"({echo.erle_db:.0f} dB).{lost}",
        )
    return Finding(
        kind="warn",
        what="The microphone hears the loudspeaker, and only "
        f"{echo.erle_db:.0f} dB of it can be taken out, so interruptions are not scored.",
        mend="Headphones mend it.",
    )
