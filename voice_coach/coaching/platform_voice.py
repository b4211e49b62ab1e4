"""The voice every platform has: pyttsx3, in a child process that is not trusted to end.

pyttsx3 can hang, speak only once and ignore being stopped, so each text is rendered to a file by a
fresh child, ``python -m voice_coach.coaching.platform_voice FILE``, that gets its order as JSON on
standard input, and is killed when it takes too long. We play the sound ourselves.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version as package_version
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, Literal

from voice_coach.coaching.sound import SOUND_VERSION, finished
from voice_coach.errors import UserError

if TYPE_CHECKING:
    from voice_coach.audio.samples import Audio

Speaker = Literal["female", "male", "coach"]

TIMEOUT_S = 20.0
"""A sentence takes about 0.4 s here; far beyond that the driver hangs. Chosen."""

WORDS_PER_MIN = 165
"""What the platform is asked for at pace 1. Chosen: near the neural voices."""

ESPEAK_VOICES: dict[Speaker, str] = {
    "female": "gmw/en-us+f3",
    "male": "gmw/en-us+m3",
    "coach": "gmw/en-gb-x-rp+f4",
}
"""espeak-ng's voices with their variants: one American of each sex, and a British coach."""

NO_DRIVER = 3
"""Exit status of a child that found no speech engine on this machine."""

MEND = {
    "linux": "Type: sudo apt-get install espeak-ng",
    "win32": "Add a voice under Settings > Time & language > Speech",
    "darwin": "Add a voice under System Settings > Accessibility > Spoken Content",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformVoice:
    """The machine's own speech engine. ``pitch`` and ``pace`` are factors around 1.

    ``driver`` is pyttsx3's name for an engine, None for the platform's own; ``timeout_s`` is how
    long one text may take; ``scratch`` where its sound file lies meanwhile, by default the system's
    place for such.
    """

    speaker: Speaker
    pitch: float = 1.0
    pace: float = 1.0
    driver: str | None = None
    timeout_s: float = TIMEOUT_S
    scratch: Path | None = None

    @property
    def name(self) -> str:
        """What tells this voice from every other."""
        engine = self.driver or sys.platform
        return f"pyttsx3-{engine}-{self.speaker} pitch {self.pitch:.3f} pace {self.pace:.3f}"

    @property
    def version(self) -> str:
        """Changes whenever the same text would sound different."""
        return f"pyttsx3 {package_version('pyttsx3')} sound {SOUND_VERSION}"

    def render(self, text: str) -> Audio:
        """The text spoken, float32 mono at VOICE_RATE_HZ; empty where there is nothing to say.

        Raises UserError where the machine has no speech engine, or where it fails or hangs.
        """
        import numpy as np
        import soundfile

        if not any(letter.isalnum() for letter in text):
            return finished(np.zeros(0, np.float32), 1)
        with tempfile.TemporaryDirectory(prefix="voice-coach-", dir=self.scratch) as folder:
            rendered = Path(folder) / "line.wav"
            self._render_to(rendered, text)
            try:
                samples, rate_hz = soundfile.read(rendered, dtype="float32", always_2d=True)
            except (OSError, soundfile.LibsndfileError) as error:
                raise UserError(
                    "The platform's voice made no sound file. Try again, or choose --voice neural."
                ) from error
        return finished(samples.mean(axis=1, dtype=np.float32), rate_hz, pitch=self.pitch)

    def _render_to(self, rendered: Path, text: str) -> None:
        order = {
            "text": text,
            "speaker": self.speaker,
            "words_per_min": round(WORDS_PER_MIN * self.pace / self.pitch),
            "driver": self.driver,
        }
        try:
            child = subprocess.run(  # noqa: S603 - our own module; the text goes by standard input
                [sys.executable, "-m", "voice_coach.coaching.platform_voice", str(rendered)],
                input=json.dumps(order).encode(),
                capture_output=True,
                timeout=self.timeout_s,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise UserError(
                f"The platform's voice did not answer within {self.timeout_s:g} s and was stopped. "
                "Try again, or choose --voice neural."
            ) from error
        if child.returncode == NO_DRIVER:
            raise UserError(
                "This machine has no speech engine for --voice pyttsx3. "
                f"{MEND.get(sys.platform, MEND['linux'])}, or choose --voice neural."
            )
        if child.returncode:
            last = child.stderr.decode(errors="replace").strip().splitlines()[-1:]
            raise UserError(
                f"The platform's voice failed ({''.join(last) or child.returncode}). "
                "Choose --voice neural."
            )


def _voice_id(engine: Any, speaker: Speaker) -> str | None:
    """The platform's name of the voice for a speaker; None keeps its default."""
    if engine.driver_name == "espeak":
        return ESPEAK_VOICES[speaker]
    english = [
        voice
        for voice in engine.getProperty("voices")
        if any(str(language).lower().startswith("en") for language in voice.languages or ())
    ]
    wanted = "male" if speaker == "male" else "female"
    fitting = [voice for voice in english if wanted in str(voice.gender).lower().split("gender")]
    if not fitting:
        return None
    # the coach takes the last one, so that with two voices of a sex it differs from the partner
    return str(fitting[-1 if speaker == "coach" else 0].id)


def main() -> int:
    """Render one order, read from standard input, to the file named: the child's whole life."""
    order = json.load(sys.stdin)
    try:
        import pyttsx3

        engine = pyttsx3.init(order["driver"])
    except (ImportError, OSError, RuntimeError):
        return NO_DRIVER
    voice = _voice_id(engine, order["speaker"])
    if voice is not None:
        engine.setProperty("voice", voice)
    engine.setProperty("rate", order["words_per_min"])
    written = Event()
    engine.connect("finished-utterance", lambda **_: written.set())
    engine.save_to_file(order["text"], sys.argv[1])
    if engine.driver_name == "espeak":
        # runAndWait ends with a stop that, under load, still finds the settings or the text in
        # espeak's queue and throws them away: a line at the wrong pace, or none. This loop ends by
        # itself. Whoever asked kills us where it never does
        engine.startLoop()
        written.wait()
    else:
        engine.runAndWait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
