"""What was said by whom in a recording: from sound to utterances.

::

    a channel each     voice and words of each channel, on its own
    one microphone     words of all of it, given to the voices that the diarisation told apart

An utterance is what one speaker says without a silence of UTTERANCE_GAP_S. Words that lie in a
stretch whose speaker is not known go to the speaker named UNKNOWN, and are judged no more than
anybody's guess allows: not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from voice_coach.audio.media import Media, Track, decode, mixed
from voice_coach.audio.samples import Audio, Sound
from voice_coach.conversation import Filler, Span, Timeline, Turn, Word
from voice_coach.errors import UserError
from voice_coach.scoring.pacing import FEWEST_WORDS
from voice_coach.speech.activity import activity_of
from voice_coach.speech.diarisation import diarise, recognise
from voice_coach.speech.transcriber import Transcriber

if TYPE_CHECKING:
    import numpy.typing as npt

Step = Literal[
    "reading the file",
    "finding voices",
    "telling voices apart",
    "writing words",
    "listening for fillers",
]
Told = Callable[[Step, float], None]
"""Called with what is being done and the share of it that is done, 0 to 1."""

UNKNOWN = "unknown"
ONE_AT_A_TIME = (
    "on one microphone the voices are told apart one at a time, so not who spoke over whom"
)
UTTERANCE_GAP_S = 0.5
"""A silence that parts two utterances: shorter ones are pauses within one (Heldner & Edlund 2010
find most gaps between turns under it). Chosen."""
WORD_REACH_S = 0.3
"""A word so near to a speaker's voice belongs to it: word times err by as much. Chosen."""
SAME_SOUND = 0.5
"""Channels whose samples correlate more than this are one recording, not a person each. Chosen:
copies come out near 1, people on lines of their own near 0."""
LOUDER_DB = 12.0
"""A voice that another channel has louder by so much has leaked over from it. Chosen."""


class HearsFillers(Protocol):
    """What finds the fillers that the recogniser left out."""

    def fillers(self, audio: Audio, activity: Timeline) -> tuple[Filler, ...]:
        """Those in an utterance, times from the start of the audio."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One speaker as heard: when, and where the sound is; the fillers that no word stands for.

    ``shared``: others are in the same sound.
    """

    activity: Timeline
    sound: Sound
    shared: bool
    fillers: tuple[Filler, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a recording holds; ``sound`` is all of it, for as long as it is being heard.

    ``overlaps_void``: why talk over one another cannot be told, or None. ``notes`` are what the
    person should know of how it was heard.
    """

    utterances: tuple[Turn, ...]
    voices: Mapping[str, Voice]
    sound: Sound
    duration_s: float
    rate_hz: int
    words_model: str
    overlaps_void: str | None
    notes: tuple[str, ...]


@contextmanager
def heard(
    path: Path,
    transcriber: Transcriber,
    *,
    channels: bool = False,
    speakers: int | None = None,
    names: Sequence[str] = (),
    enrolled: Mapping[str, npt.NDArray[np.float32]] | None = None,
    ear: HearsFillers | None = None,
    told: Told = lambda *_: None,
) -> Iterator[Heard]:
    """Hear a recording; its decoded sound lies on disk until the block ends.

    ``channels``: a person a channel; otherwise so taken where the channels hold different sounds.
    ``speakers``: how many on one microphone, 2 where nothing is said. ``names``: what to call them,
    in order of channels, or of first words. ``enrolled``: voiceprints by name; then nobody else is
    looked for. ``ear`` hears fillers that were not written.

    Raises UserError for files that cannot be read and wishes that do not fit them.
    """
    with TemporaryDirectory(prefix="voice-coach-", ignore_cleanup_errors=True) as folder:
        media = decode(
            path,
            Path(folder),
            lambda done_s, whole_s: told("reading the file", done_s / whole_s if whole_s else 0.0),
        )
        if channels and len(media.tracks) == 1:
            raise UserError(
                f"'{path}' has one channel, so nobody has a channel of their own. "
                "Leave --channels out, or give --speakers N."
            )
        notes = _notes(media)
        apart = channels or (speakers is None and enrolled is None and _apart(media.tracks))
        if apart:
            if not channels:
                notes.append("Its channels hold different voices: one speaker a channel.")
            found = _by_channel(media, transcriber, names, told)
        else:
            found = _by_voice(media, transcriber, speakers or 2, names, enrolled, told)
        utterances, voices, more = found
        if ear is not None:
            voices = _with_fillers(utterances, voices, ear, told)
        yield Heard(
            utterances=utterances,
            voices=voices,
            sound=mixed(media.tracks),
            duration_s=media.duration_s,
            rate_hz=media.rate_hz,
            words_model=transcriber.name,
            overlaps_void=None if apart or len(voices) < 2 else ONE_AT_A_TIME,
            notes=(*notes, *more),
        )


_Found = tuple[tuple[Turn, ...], dict[str, Voice], list[str]]


def _by_channel(media: Media, transcriber: Transcriber, names: Sequence[str], told: Told) -> _Found:
    called = _called(names, len(media.tracks), "channels")
    activities = []
    for n, track in enumerate(media.tracks):
        told("finding voices", n / len(media.tracks))
        activities.append(activity_of(track))
    activities = _without_leaks(media.tracks, activities)
    utterances: list[Turn] = []
    voices = {}
    for n, (name, track, activity) in enumerate(zip(called, media.tracks, activities, strict=True)):
        words = transcriber.transcribe(
            track,
            activity,
            lambda done_s, n=n: told(  # type: ignore[misc]
                "writing words", (n + done_s / media.duration_s) / len(media.tracks)
            ),
        )
        if activity:
            voices[name] = Voice(activity=activity, sound=track, shared=False)
            utterances += _utterances(name, words)
    return tuple(utterances), voices, []


def _by_voice(
    media: Media,
    transcriber: Transcriber,
    speakers: int,
    names: Sequence[str],
    enrolled: Mapping[str, npt.NDArray[np.float32]] | None,
    told: Told,
) -> _Found:
    sound = mixed(media.tracks)
    told("finding voices", 0.0)
    activity = activity_of(sound)
    told("telling voices apart", 0.0)
    notes = []
    if enrolled:
        spoken = recognise(sound, activity, enrolled)
    else:
        called = _called(names, speakers, "speakers")
        parted = diarise(sound, activity, speakers=speakers)
        if parted.alike:
            notes.append(
                "The voices sound so alike that they may be one person's: if only one speaks, "
                "give --speakers 1."
            )
        spoken = dict(zip(called, parted.timelines, strict=True))
    words = transcriber.transcribe(
        sound, activity, lambda done_s: told("writing words", done_s / media.duration_s)
    )
    said: dict[str, list[Word]] = {name: [] for name in (*spoken, UNKNOWN)}
    for word in words:
        said[_speaker_of(word, spoken)].append(word)
    voices = {
        name: Voice(activity=activity & line, sound=sound, shared=len(spoken) > 1)
        for name, line in spoken.items()
        if activity & line
    }
    utterances = [turn for name, own in said.items() for turn in _utterances(name, own)]
    return tuple(utterances), voices, notes


def _with_fillers(
    utterances: Sequence[Turn], voices: Mapping[str, Voice], ear: HearsFillers, told: Told
) -> dict[str, Voice]:
    """The voices, each with the fillers heard in its utterances."""
    found: dict[str, list[Filler]] = {name: [] for name in voices}
    for n, turn in enumerate(utterances):
        if turn.speaker not in voices or len(turn.words) < FEWEST_WORDS:
            continue  # so short a turn has no rate
        told("listening for fillers", n / len(utterances))
        voice, start_s = voices[turn.speaker], turn.span.start_s
        activity = voice.activity.within(turn.span).shifted(-start_s)
        audio = voice.sound.between(start_s, turn.span.end_s)
        found[turn.speaker] += [each.shifted(start_s) for each in ear.fillers(audio, activity)]
    return {name: replace(voice, fillers=tuple(found[name])) for name, voice in voices.items()}


def _speaker_of(word: Word, spoken: Mapping[str, Timeline]) -> str:
    """Whose voice a word lies in most, or next to; UNKNOWN where nobody's is near."""
    share = {name: line.within(word.span).duration_s for name, line in spoken.items()}
    name = max(share, key=lambda each: share[each])
    if share[name] > 0:
        return name
    reach = Span(start_s=word.span.start_s - WORD_REACH_S, end_s=word.span.end_s + WORD_REACH_S)
    share = {name: line.within(reach).duration_s for name, line in spoken.items()}
    name = max(share, key=lambda each: share[each])
    return name if share[name] > 0 else UNKNOWN


def _utterances(name: str, words: Sequence[Word]) -> list[Turn]:
    """A speaker's words, parted at silences."""
    parts: list[list[Word]] = []
    for word in sorted(words, key=lambda each: each.span):
        if parts and word.span.start_s - parts[-1][-1].span.end_s < UTTERANCE_GAP_S:
            parts[-1].append(word)
        else:
            parts.append([word])
    return [
        Turn(
            speaker=name,
            span=Span(start_s=part[0].span.start_s, end_s=max(word.span.end_s for word in part)),
            words=tuple(part),
        )
        for part in parts
    ]


def _called(names: Sequence[str], count: int, what: str) -> list[str]:
    """As many names as there are speakers: those given, or A, B, C …."""
    if names and len(names) != count:
        raise UserError(f"{len(names)} names for {count} {what}: give as many names as {what}.")
    if len(set(names)) < len(names) or UNKNOWN in names:
        raise UserError(f"Give every speaker another name, and none of them “{UNKNOWN}”.")
    return list(names) or [chr(ord("A") + n) if n < 26 else f"S{n + 1}" for n in range(count)]


def _notes(media: Media) -> list[str]:
    if media.damaged_at_s is None:
        return []
    minutes, seconds = divmod(round(media.damaged_at_s), 60)
    return [f"The file is damaged: it was read up to {minutes}:{seconds:02d}, and no further."]


def _apart(tracks: Sequence[Track]) -> bool:
    """Whether two channels hold different sounds, and each of them some."""
    if len(tracks) != 2:
        return False
    duration_s = tracks[0].duration_s
    step_s = max(10.0, duration_s / 30)
    correlated = []
    for at in np.arange(0.0, duration_s, step_s):
        one, two = (track.between(at, at + 10.0).samples.astype(np.float64) for track in tracks)
        powers = np.sum(one**2), np.sum(two**2)
        if min(powers) < 1e-6 * max(len(one), 1):
            correlated.append((0.0, min(powers)))
            continue
        correlated.append((abs(np.sum(one * two)) / np.sqrt(powers[0] * powers[1]), min(powers)))
    return any(power > 0 for _, power in correlated) and bool(
        np.median([value for value, power in correlated if power > 0]) < SAME_SOUND
    )


def _without_leaks(tracks: Sequence[Track], activities: Sequence[Timeline]) -> list[Timeline]:
    """The same, less what another channel has at the same time and much louder."""
    kept = []
    for n, (track, activity) in enumerate(zip(tracks, activities, strict=True)):
        leaked = [
            both
            for m, other in enumerate(activities)
            if m != n
            for both in activity & other
            if tracks[m].between(both.start_s, both.end_s).level_db
            - track.between(both.start_s, both.end_s).level_db
            > LOUDER_DB
        ]
        kept.append(activity - Timeline.of(leaked))
    return kept
