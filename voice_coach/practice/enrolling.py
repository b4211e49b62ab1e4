"""`voice-coach enrol`: a voice heard once, so that recordings can be told apart by it."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from voice_coach.audio.media import decode, mixed
from voice_coach.audio.portaudio import chatter_to
from voice_coach.audio.samples import Audio
from voice_coach.home import home_dir, read_config
from voice_coach.practice.booth import Stopped
from voice_coach.practice.reading import read_aloud
from voice_coach.speech.enrolled import Enrolled, enrol

PASSAGE = (
    "On Saturday mornings I like to walk down to the market before the town is awake. The man who "
    "sells bread knows what I want, and puts a warm loaf aside for me. I buy what looks good and "
    "carry it home along the river. Sometimes a boat goes by, and somebody waves."
)
"""About fifteen seconds of reading. Ours."""
LONGEST_S = 120.0
"""More of a recording than this is not used. Chosen."""


def enrol_voice(
    name: str, *, recording: Path | None, input_name: str | None, console: Console
) -> Enrolled | None:
    """What was kept; None where the person stopped.

    Raises UserError, with nothing kept, for what cannot be used.
    """
    home = home_dir()
    with ExitStack() as stack:
        stack.enter_context(chatter_to(home / "sound.log"))
        if recording is not None:
            with TemporaryDirectory(prefix="voice-coach-") as folder:
                media = decode(recording, Path(folder))
                sound: Audio = mixed(media.tracks).between(0.0, LONGEST_S)
                media.close()
        else:
            try:
                config = read_config(home)
                sound, _ = read_aloud(
                    stack, home, config, input_name, console, passage=PASSAGE, who=name
                )
            except Stopped:
                return None
        return enrol(name, sound, home)
