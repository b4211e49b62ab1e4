"""A microphone and a loudspeaker in software: a private sound server, started and stopped here.

::

    speak() ──► sink "mouth" ──► source "mic" ──► the program
    record_speaker() ◄── "speaker.monitor" ◄── sink "speaker" ◄──┘

It lives in a folder of its own and is reached by its own socket, so a server that is already
running is neither used nor disturbed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import soundfile

from voice_coach.audio import portaudio
from voice_coach.audio.samples import Audio

READY_S = 10.0
LOOP_S = 0.12
"""From the loudspeaker back to the microphone: less, and a busy machine loses sound on the way."""
NULL_SINK_STEP_S = 2.2


class SoundServerMissing(Exception):  # noqa: N818 - tests skip for it
    """This machine cannot run a sound server for the tests; the message says why."""


class SoftwareMicrophone:
    """A running private sound server. Use as a context manager."""

    DEVICE = "pulse"
    """The name PortAudio lists it under, for input and output."""

    def __init__(self) -> None:
        """Raises SoundServerMissing where a program it needs is not installed."""
        for program in ("pulseaudio", "pactl", "paplay", "parec", "pacat"):
            if shutil.which(program) is None:
                raise SoundServerMissing(f"{program} is not installed, so no software microphone")
        self._folder = Path(tempfile.mkdtemp(prefix="vc-sound-"))
        self._kept: dict[str, str | None] = {}
        self._children: list[subprocess.Popen[bytes]] = []
        self._server: subprocess.Popen[bytes] | None = None
        folder = str(self._folder)
        self._own = {
            "XDG_RUNTIME_DIR": folder,
            "PULSE_SERVER": f"unix:{folder}/native",
            "PULSE_COOKIE": f"{folder}/cookie",
            "PULSE_STATE_PATH": folder,
            "PULSE_RUNTIME_PATH": folder,
        }

    @property
    def env(self) -> dict[str, str]:
        """The environment for a child process that is to use this sound server."""
        return {**os.environ, **self._own}

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._stop()
            raise
        self._kept = {name: os.environ.get(name) for name in self._own}
        os.environ.update(self._own)
        portaudio.refresh()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for name, value in self._kept.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        self._stop()
        portaudio.refresh()

    def speak(self, sound: Path | str | Audio) -> subprocess.Popen[bytes]:
        """Play a file or samples into the microphone; returns at once, ``wait`` on the result."""
        if isinstance(sound, Audio):
            path = self._folder / f"spoken-{time.monotonic_ns()}.wav"
            soundfile.write(path, sound.samples, sound.rate_hz, subtype="FLOAT")
        else:
            path = Path(sound).resolve()
        return self._run("paplay", "--latency-msec=20", "-d", "mouth", str(path))

    @contextlib.contextmanager
    def record_speaker(self, path: Path) -> Iterator[Path]:
        """Record what the program says, from now to the end of the block, as 16 kHz mono WAV."""
        recorder = self._run(
            "parec", "--latency-msec=20", "-d", "speaker.monitor",
            "--file-format=wav", "--rate=16000", "--channels=1", str(path),
        )  # fmt: skip
        self._until(lambda: path.exists() and path.stat().st_size > 100, "the recording")
        try:
            yield path
        finally:
            recorder.terminate()
            recorder.wait()

    @contextlib.contextmanager
    def quiet_room(self, level_db: float = -65.0) -> Iterator[None]:
        """Let the microphone hear soft noise, as every real one does; without, it is zeros."""
        noise = self._run(
            "pacat", "--latency-msec=40", "-d", "mouth",
            "--format=float32le", "--rate=16000", "--channels=1", stdin=subprocess.PIPE,
        )  # fmt: skip
        over = threading.Event()

        def hiss() -> None:
            random = np.random.default_rng(7)
            pipe = noise.stdin
            assert pipe is not None
            with contextlib.suppress(OSError), pipe:
                while not over.is_set():
                    block = random.normal(scale=10 ** (level_db / 20), size=1600)
                    pipe.write(block.astype("<f4").tobytes())

        feeder = threading.Thread(target=hiss)
        feeder.start()
        time.sleep(0.2)
        try:
            yield
        finally:
            over.set()
            noise.terminate()
            noise.wait()
            feeder.join()

    @contextlib.contextmanager
    def acoustic_path(self) -> Iterator[None]:
        """Let the microphone hear the loudspeaker, as without headphones.

        Both run on one clock, as those of a laptop do: the loop's readjusting of its rate, which no
        room does, is off.
        """
        loop = self._pactl(
            "load-module", "module-loopback", "source=speaker.monitor", "sink=mouth",
            f"latency_msec={1000 * LOOP_S:.0f}", "adjust_time=0",
        )  # fmt: skip
        try:
            yield
        finally:
            self._pactl("unload-module", loop)

    def unplug(self) -> None:
        """Silence the microphone for good, as when its cable is pulled: no more sound arrives.

        It stays listed: were it removed, the sound server would put another in its place.
        """
        self._pactl("suspend-source", "mic", "1")

    def plug(self) -> None:
        """Put the microphone back."""
        self._pactl("suspend-source", "mic", "0")

    def stall(self, duration_s: float) -> None:
        """Stop the sound server for so long, as an overloaded machine does; returns after it."""
        assert self._server is not None
        self._server.send_signal(signal.SIGSTOP)
        try:
            time.sleep(duration_s)
        finally:
            self._server.send_signal(signal.SIGCONT)

    def _start(self) -> None:
        self._server = self._run(
            "pulseaudio", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "-n",
            "-L", f"module-native-protocol-unix socket={self._folder}/native auth-anonymous=1",
            "-L", "module-null-sink sink_name=speaker",
            "-L", "module-null-sink sink_name=mouth",
            "-L", "module-remap-source source_name=mic master=mouth.monitor",
        )  # fmt: skip
        self._until(lambda: self._answers() == 0, "the sound server")
        self._pactl("set-default-sink", "speaker")
        self._pactl("set-default-source", "mic")
        # A null sink nobody listens to moves in steps of two seconds; a listener that asks for
        # little delay makes it behave like a sound card once the first step is over.
        for sink in ("mouth", "speaker"):
            self._run("parec", "--latency-msec=10", "-d", f"{sink}.monitor")
        time.sleep(NULL_SINK_STEP_S)

    def _stop(self) -> None:
        for child in reversed(self._children):
            child.terminate()
        for child in reversed(self._children):
            try:
                child.wait(timeout=5)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            if child.stdin:
                with contextlib.suppress(OSError):
                    child.stdin.close()
        self._children.clear()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, *command: str, stdin: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        child = subprocess.Popen(
            command,
            env=self.env,
            stdin=stdin,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._children = [old for old in self._children if old.poll() is None]
        self._children.append(child)
        return child

    def _answers(self) -> int:
        return subprocess.run(
            ["pactl", "info"], env=self.env, capture_output=True, check=False
        ).returncode

    def _pactl(self, *command: str) -> str:
        done = subprocess.run(
            ["pactl", *command], env=self.env, capture_output=True, check=True, text=True
        )
        return done.stdout.strip()

    @staticmethod
    def _until(ready: Callable[[], bool], what: str) -> None:
        give_up_s = time.monotonic() + READY_S
        while not ready():
            if time.monotonic() > give_up_s:
                raise TimeoutError(f"{what} did not start within {READY_S:g} s")
            time.sleep(0.05)


def available() -> str | None:
    """Why there can be no software microphone here, or None where there can."""
    if sys.platform != "linux":
        return "the software microphone needs PulseAudio, which runs on Linux"
    return None
