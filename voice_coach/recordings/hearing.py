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
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from voice_coach.audio.media import Media, Track, decode, mixed
from voice_coach.audio.samples import Audio, Sound
from voice_coach.conversation import Filler, Span, Timeline, Turn, Word
from voice_coach.conversation import spoken as spoken_words
from voice_coach.errors import UserError
from voice_coach.recordings.moments import clock
from voice_coach.scoring.pacing import FEWEST_WORDS
from voice_coach.scoring.turns import turns_of
from voice_coach.speech.activity import activity_of
from voice_coach.speech.diarisation import diarise, recognise
from voice_coach.speech.enrolled import UNKNOWN
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

ONE_AT_A_TIME = (
    "on one microphone the voices are told apart one at a time, so not who spoke over whom"
)
STRANGE_SHARE = 0.05
"""Share of the voice that may be like nobody's before that is said. Chosen."""
UTTERANCE_GAP_S = 0.5
"""A silence that parts two utterances: shorter ones are pauses within one (Heldner & Edlund 2010
find most gaps between turns under it). Chosen."""
WORD_REACH_S = 0.3
"""A word so near to a speaker's voice belongs to it: word times err by as much. Chosen."""
MOST_TOGETHER = 0.5
"""Two channels with voices at the same time for a larger share than this are one room, not a person
each. Chosen: two people talk at once for some hundredths of their time, one room all of it."""
LOUDER_DB = 12.0
"""A voice that another channel has louder by so much has leaked over from it. Chosen."""


class HearsFillers(Protocol):
    """What finds the fillers that the recogniser left out."""

    def fillers(self, audio: Audio, activity: Timeline) -> tuple[Filler, ...]:
        """Those in an utterance, times from the start of the audio."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One speaker as heard: when, and where the sound is; the fillers that no word stands for.

    ``shared``: others are in the same sound. ``others`` is when anybody else was heard, of whom it
    may be unknown who it was.
    """

    activity: Timeline
    sound: Sound
    shared: bool
    others: Timeline = field(default_factory=Timeline)
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
    ``speakers``: how many on one microphone; where nothing is said two, or one where all sounds
    like one voice. ``names``: what to call them,
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
        activities: list[Timeline] | None = None
        if channels or (len(media.tracks) == 2 and speakers is None and enrolled is None):
            activities = _activities(media.tracks, told)
        if activities is not None and not channels:
            if _apart(activities):
                notes.append("Its channels hold different voices: one speaker a channel.")
            else:
                activities = None
        if activities is not None:
            found = _by_channel(media, activities, transcriber, names, told)
        else:
            found = _by_voice(media, transcriber, speakers, names, enrolled, told)
        utterances, voices, more = found
        if ear is not None:
            voices = _with_fillers(utterances, voices, ear, told)
        found_all = Heard(
            utterances=utterances,
            voices=voices,
            sound=mixed(media.tracks),
            duration_s=media.duration_s,
            rate_hz=media.rate_hz,
            words_model=transcriber.name,
            overlaps_void=None if activities is not None else ONE_AT_A_TIME,
            notes=(*notes, *more),
        )
        try:
            yield found_all
        finally:
            media.close()


_Found = tuple[tuple[Turn, ...], dict[str, Voice], list[str]]


def _activities(tracks: Sequence[Track], told: Told) -> list[Timeline]:
    found = []
    for n, track in enumerate(tracks):
        told("finding voices", n / len(tracks))
        found.append(activity_of(track))
    return _without_leaks(tracks, found)


def _by_channel(
    media: Media,
    activities: Sequence[Timeline],
    transcriber: Transcriber,
    names: Sequence[str],
    told: Told,
) -> _Found:
    called = _called(names, len(media.tracks), "channels")
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
            others = Timeline.of(
                span for m, other in enumerate(activities) if m != n for span in other
            )
            voices[name] = Voice(activity=activity, sound=track, shared=False, others=others)
            utterances += _utterances(name, words)
    return tuple(utterances), voices, []


def _by_voice(
    media: Media,
    transcriber: Transcriber,
    speakers: int | None,
    names: Sequence[str],
    enrolled: Mapping[str, npt.NDArray[np.float32]] | None,
    told: Told,
) -> _Found:
    sound = mixed(media.tracks)
    told("finding voices", 0.0)
    activity = activity_of(sound)
    told("telling voices apart", 0.0)
    notes = []
    if not activity:
        notes.append("No voice was heard.")
    if enrolled:
        spoken, strange = recognise(sound, activity, enrolled)
        if strange.duration_s > STRANGE_SHARE * activity.duration_s:
            notes.append(
                f"{strange.duration_s / activity.duration_s:.0%} of the voice is like nobody's who "
                "was named, and is left unknown."
            )
    else:
        spoken, alike = _told_apart(sound, activity, speakers or len(names) or None, names)
        notes += alike
    words = transcriber.transcribe(
        sound, activity, lambda done_s: told("writing words", done_s / media.duration_s)
    )
    said: dict[str, list[Word]] = {name: [] for name in (*spoken, UNKNOWN)}
    whose = _Whose(spoken)
    for word in words:
        said[whose.speaker(word)].append(word)
    voices = {
        name: Voice(
            activity=activity & line,
            sound=sound,
            shared=len(spoken) > 1,
            others=activity - line,
        )
        for name, line in spoken.items()
        if activity & line
    }
    utterances = [turn for name, own in said.items() for turn in _utterances(name, own)]
    return tuple(utterances), voices, notes


def _told_apart(
    sound: Sound, activity: Timeline, speakers: int | None, names: Sequence[str]
) -> tuple[dict[str, Timeline], list[str]]:
    """Voices by name, and what to know of them. Where no number is given: two, or one voice."""
    parted = diarise(sound, activity, speakers=speakers or 2)
    if activity and parted.alike and speakers is None:
        called = _called(names, 1, "speakers")
        return {called[0]: activity}, [
            "It sounds like one person speaking. If two speak, give --speakers 2."
        ]
    called = _called(names, speakers or 2, "speakers")
    notes = []
    if activity and parted.alike:
        notes.append(
            "The voices sound so alike that they are easily mistaken for one another here."
        )
    return dict(zip(called, parted.timelines, strict=True)), notes


def _with_fillers(
    utterances: Sequence[Turn], voices: Mapping[str, Voice], ear: HearsFillers, told: Told
) -> dict[str, Voice]:
    """The voices, each with the fillers heard in its turns that are long enough for a rate."""
    found: dict[str, list[Filler]] = {name: [] for name in voices}
    turns, _ = turns_of(utterances)
    for n, turn in enumerate(turns):
        if turn.speaker not in voices or len(spoken_words(turn.words)) < FEWEST_WORDS:
            continue
        told("listening for fillers", n / len(turns))
        voice, start_s = voices[turn.speaker], turn.span.start_s
        activity = voice.activity.within(turn.span).shifted(-start_s)
        audio = voice.sound.between(start_s, turn.span.end_s)
        found[turn.speaker] += [each.shifted(start_s) for each in ear.fillers(audio, activity)]
    return {name: replace(voice, fillers=tuple(found[name])) for name, voice in voices.items()}


class _Whose:
    """Finds whose voice a word lies in most, or next to."""

    def __init__(self, spoken: Mapping[str, Timeline]) -> None:
        self._edges = {
            name: (
                np.array([span.start_s for span in line]),
                np.array([span.end_s for span in line]),
            )
            for name, line in spoken.items()
        }

    def speaker(self, word: Word) -> str:
        """UNKNOWN where nobody's voice is near."""
        span = word.span
        for reach_s in (0.0, WORD_REACH_S):
            share = {
                name: self._share_s(name, span.start_s - reach_s, span.end_s + reach_s)
                for name in self._edges
            }
            name = max(share, key=lambda each: share[each], default=UNKNOWN)
            if share.get(name, 0.0) > 0:
                return name
        return UNKNOWN

    def _share_s(self, name: str, start_s: float, end_s: float) -> float:
        starts, ends = self._edges[name]
        here = slice(np.searchsorted(ends, start_s, "right"), np.searchsorted(starts, end_s))
        inside = np.minimum(ends[here], end_s) - np.maximum(starts[here], start_s)
        return float(np.sum(np.maximum(inside, 0.0)))


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
    return [f"The file is damaged: it was read up to {clock(media.damaged_at_s)}, and no further."]


def _apart(activities: Sequence[Timeline]) -> bool:
    """Whether two channels are two people: their voices mostly take turns.

    Two microphones in one room hear the same voices at the same time.
    """
    if len(activities) != 2 or not all(activities):
        return False
    one, two = activities
    return (one & two).duration_s < MOST_TOGETHER * min(one.duration_s, two.duration_s)


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
