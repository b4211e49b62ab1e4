"""The calm reading that a baseline begins with: at the microphone, or from a recording."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from voice_coach.audio.devices import choose
from voice_coach.audio.duplex import FRAME_S
from voice_coach.audio.files import MAX_REPLY_S, read_recording
from voice_coach.audio.portaudio import chatter_to
from voice_coach.audio.preflight import check_input, listen
from voice_coach.audio.samples import Audio
from voice_coach.audio.soundcard import SoundCard
from voice_coach.conversation import Unmeasured, Word
from voice_coach.errors import UserError
from voice_coach.home import Config, home_dir, read_config, write_config
from voice_coach.practice.baseline import baseline_for
from voice_coach.practice.booth import Booth, Settings, Stopped
from voice_coach.practice.ends import CHECK_S
from voice_coach.practice.events import RECORDED
from voice_coach.practice.keys import HandsFree, Keyboard, single_keys
from voice_coach.practice.store import HISTORY_FILE, Store
from voice_coach.practice.terminal import Terminal
from voice_coach.scoring.baseline import Baseline, learnable
from voice_coach.scoring.pacing import pacing_measures
from voice_coach.scoring.quiet import edged_by_level
from voice_coach.scoring.tone import tone_of
from voice_coach.speech.models import DEFAULT_MODEL, ensure_model

PASSAGE = (
    "On Saturday mornings I like to walk down to the market before the town is awake. The man who "
    "sells bread knows what I want, and puts a warm loaf aside for me. Next to him there is a "
    "stall with apples, pears and late plums, and a little further on an old woman who grows "
    "nothing but herbs. I buy what looks good and carry it home along the river. Sometimes a boat "
    "goes by, and somebody waves. When I get back I put the kettle on, open the window in the "
    "kitchen, and listen to the street for a while. Nothing much happens on a morning like that, "
    "and it is still my favourite part of the week."
)
"""What is read aloud: 120 plain words about nothing that upsets. Ours."""

PATIENCE_S = 4.0
"""Silence that ends a reading: longer than one takes to find the next line. Chosen."""
WAIT_S = 60.0
"""How long a reading is waited for. Chosen, as a reply is."""
SHORT_WORDS = 60
"""A shorter reading is kept, and called short: half the passage. Chosen."""
FEWEST_READ = 20
"""Words of a reading that make a baseline: a sixth of the passage, some eight seconds. Chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A reading that was kept: how many words were heard, and the baseline with it."""

    words: int
    baseline: Baseline


def read_baseline(
    *, reply: Path | None, input_name: str | None, model: str | None, console: Console
) -> Read | None:
    """Hear one calm reading and keep what it measured; None where the person stopped.

    Raises UserError, with nothing kept, where the file or the microphone cannot be used or too
    little was heard.
    """
    home = home_dir()
    config = read_config(home)
    folder = ensure_model(model or config.model or DEFAULT_MODEL, home)
    began = datetime.now().astimezone().isoformat(timespec="seconds")
    with ExitStack() as stack:
        stack.enter_context(chatter_to(home / "sound.log"))
        store = stack.enter_context(Store(home / HISTORY_FILE))
        store.claim()
        if reply is not None:
            sound, device = read_recording(reply).audio, RECORDED
        else:
            try:
                sound, device = read_aloud(stack, home, config, input_name, console)
            except Stopped:
                return None
        console.print("  Listening to it again ...", style="dim")
        words, measures = _measured(sound, folder)
        store.add_reading(began, device, measures)
        baseline = baseline_for(store, device)
    if baseline is None:
        raise RuntimeError("a reading was kept, so there is a baseline")
    return Read(words=len(words), baseline=baseline)


def kept_baseline() -> Baseline | None:
    """The baseline as it is, for the microphone of the last reading; None where there is none."""
    with Store(home_dir() / HISTORY_FILE) as store:
        readings = store.readings()
        return baseline_for(store, readings[-1].device) if readings else None


def read_aloud(
    stack: ExitStack,
    home: Path,
    config: Config,
    input_name: str | None,
    console: Console,
    *,
    passage: str = PASSAGE,
    who: str | None = None,
) -> tuple[Audio, str]:
    """A passage shown and heard, and the microphone's name; ``who`` is to read it.

    Raises UserError where the microphone cannot be used, Stopped where the person stops.
    """
    microphone = choose("input", config.input_device, input_name)
    if microphone is None:
        option = "--reply" if who is None else "--recording"
        raise UserError(f"No microphone was found. Plug one in, or use a recording: {option} FILE.")
    if input_name:
        write_config(home, config.with_choices(input_device=microphone.name))
    card = stack.enter_context(SoundCard(microphone, None))
    for finding in check_input(listen(card, CHECK_S), microphone):
        if finding.kind == "fail":
            raise UserError(f"{finding.what} {finding.mend or ''}".rstrip())
        if finding.kind == "warn":
            console.print(f"  {finding.what} {finding.mend or ''}", style="dim", markup=False)
    keys = sys.stdin.isatty()
    if keys:
        stack.enter_context(single_keys())
    console.print(
        f"\n  {who}, read this aloud, calmly," if who else "\n  Read this aloud, calmly,",
        "as you would to a friend across the table.\n  Press Enter when you are done.",
        markup=False,
    )
    console.print(Padding(Text(passage, style="bold"), (1, 4)))
    live = stack.enter_context(Terminal(console, live=console.is_terminal))
    booth = Booth(
        duplex=card,
        learner=Keyboard() if keys else HandsFree(),
        screen=live,
        readers=(),
        settings=Settings(),
    )
    booth.enter("reply")
    return _heard(booth.frame, booth.pressed_go), microphone.name


def _heard(frame: Callable[[], Audio], done: Callable[[], bool]) -> Audio:
    """Sound until a key says so, silence follows speech, or it has been long enough."""
    from voice_coach.speech.activity import ActivityDetector, SpeechGate

    detector, gate = ActivityDetector(), SpeechGate()
    frames: list[Audio] = []
    while not done():
        frames.append(frame())
        now_s = len(frames) * FRAME_S
        gate.process(detector.process(frames[-1].samples), now_s - FRAME_S, now_s)
        last = gate.last_speech
        ends_s = WAIT_S if last is None else min(MAX_REPLY_S, last.end_s + PATIENCE_S)
        if now_s >= ends_s:
            break
    return Audio.joined(frames) if frames else Audio.silence(0.0)


def _measured(sound: Audio, model: Path) -> tuple[tuple[Word, ...], dict[str, float]]:
    """The words of a reading and its measures, taken as those of a reply are.

    Raises UserError where there is too little to learn from.
    """
    from voice_coach.speech.activity import activity_of
    from voice_coach.speech.transcriber import Transcriber

    activity = activity_of(sound)
    words = Transcriber(model).transcribe(sound, activity) if activity else ()
    found = {
        **pacing_measures(
            words, edged_by_level(activity, sound), line_end_s=None, latency_void=None
        ),
        **tone_of(sound, activity).measures,
    }
    pitch = found["pitch_median_hz"]
    if isinstance(pitch, Unmeasured):
        raise UserError(
            f"Nothing could be learnt from this reading: {pitch.reason}. "
            "Come a little nearer to the microphone and read the whole passage."
        )
    if len(words) < FEWEST_READ:
        raise UserError(
            f"Nothing could be learnt from this reading: {len(words)} words were understood, and "
            f"it takes {FEWEST_READ}. Read the whole passage, not too softly."
        )
    return words, learnable(found)


def in_words(baseline: Baseline) -> str:
    """What is usual for the person, for the person."""
    usual = baseline.usual
    told = [f"{usual['pitch_median_hz']:.0f} Hz"]
    if (width := usual.get("pitch_range_semitones")) is not None:
        told.append(f"over a range of {width:.0f} semitones")
    if (rate := usual.get("articulation_rate_syllables_per_s")) is not None:
        told.append(f"{rate:.1f} syllables a second")
    if (share := usual.get("pause_share")) is not None:
        told.append(f"pauses {share:.0%} of the time")
    of_recordings = baseline.device == RECORDED
    if (level_db := usual.get("level_db")) is not None:
        told.append(f"{level_db:.0f} dB" + ("" if of_recordings else f" with {baseline.device}"))
    readings = "1 reading" if baseline.readings == 1 else f"{baseline.readings} readings"
    turns = "1 calm reply" if baseline.turns == 1 else f"{baseline.turns} calm replies"
    where = " in recordings" if of_recordings else ""
    return f"Your usual{where}: {', '.join(told)}. Learnt from {readings} and {turns} since."


def as_json(baseline: Baseline) -> dict[str, object]:
    """The baseline as one object."""
    return {
        "usual": dict(baseline.usual),
        "device": baseline.device,
        "readings": baseline.readings,
        "turns": baseline.turns,
    }
