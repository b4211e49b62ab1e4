"""Paces and tone of one speaker of a conversation, each measured or with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from voice_coach.audio.samples import Audio
from voice_coach.conversation import (
    Filler,
    Measure,
    Measured,
    Span,
    Timeline,
    Turn,
    Unmeasured,
    spoken,
)
from voice_coach.recordings.hearing import Voice
from voice_coach.scoring.pacing import FEWEST_WORDS, phonation_s
from voice_coach.scoring.syllables import count_syllables
from voice_coach.scoring.tone import tone_of, unmeasured

NO_SOUND = "a transcript holds no sound"
NO_WORDS = "the transcript holds no words"
UNTIMED = "a transcript does not time the pauses inside an utterance"
TOO_SHORT = f"no turn of {FEWEST_WORDS} words or more"
SHORTEST_TONE_S = 0.3
"""Shorter bits of voice are left out of pitch and level. Chosen."""
MOST_TONE_S = 300.0
"""About so much of a speaker's voice is enough for pitch and level. Chosen."""
FEWEST_TONE_S = 5.0
"""Less voice than this, some thirteen words, shows no range of pitch, and no rise against one's
own: of 3 to 5 s of six telephone voices one in ten lay 1.6 semitones or more from the same voice
over all, of 5 to 8 s 1.1; of 1 to 2 s the range was down to a third of it, of 5 to 8 s to 0.7."""
TOO_LITTLE_VOICE = f"under {FEWEST_TONE_S:.0f} s of voice"
APART_S = 0.1


def measures_of_text(turns: Sequence[Turn]) -> dict[str, Measure]:
    """Those of a transcript: what needs sound says so."""
    return {
        "words_per_min": _pace(turns),
        "articulation_rate_syllables_per_s": Unmeasured(reason=UNTIMED, unit="syllables/s"),
        "fillers_per_min": Unmeasured(reason=NO_SOUND, unit="fillers/min"),
        **unmeasured(NO_SOUND),
    }


def measures_of_sound(
    turns: Sequence[Turn],
    voice: Voice,
    paused: Timeline,
    alone: Timeline,
    fillers: Sequence[Filler],
) -> dict[str, Measure]:
    """Those of a recording.

    ``paused`` is the speaker's voice with its pauses put right, ``alone`` when nobody else is in
    the speaker's sound.
    """
    return {
        "words_per_min": _pace(turns),
        "articulation_rate_syllables_per_s": _articulation_rate(turns, paused),
        "fillers_per_min": _fillers_per_min(turns, fillers),
        **tone_in(voice, alone),
    }


def _articulation_rate(turns: Sequence[Turn], activity: Timeline) -> Measure:
    """Syllables a second of phonation over the turns that are long enough."""
    unit = "syllables/s"
    long = [turn for turn in turns if len(spoken(turn.words)) >= FEWEST_WORDS]
    seconds = sum(phonation_s(activity.within(turn.span)) for turn in long)
    if not seconds:
        return Unmeasured(reason=TOO_SHORT, unit=unit)
    count = sum(count_syllables(word.text) for turn in long for word in spoken(turn.words))
    return Measured(value=count / seconds, unit=unit)


def _fillers_per_min(turns: Sequence[Turn], fillers: Sequence[Filler]) -> Measure:
    """Those in the turns that are long enough, a minute of them."""
    unit = "fillers/min"
    long = [turn.span for turn in turns if len(spoken(turn.words)) >= FEWEST_WORDS]
    seconds = sum(span.duration_s for span in long)
    if not seconds:
        return Unmeasured(reason=TOO_SHORT, unit=unit)
    inside = sum(any(each.span.meets(span) for span in long) for each in fillers)
    return Measured(value=60.0 * inside / seconds, unit=unit)


def alone_of(voice: Voice, others: Timeline) -> Timeline:
    """When nobody else is in the speaker's sound; ``others`` is when others speak."""
    return voice.activity - others if voice.shared else voice.activity


def tone_in(voice: Voice, alone: Timeline, most_s: float = MOST_TONE_S) -> dict[str, Measure]:
    """Pitch and level of what was said ``alone``, from about ``most_s`` seconds of it at most.

    The range of pitch is not given under FEWEST_TONE_S.
    """
    spans = [span for span in alone if span.duration_s >= SHORTEST_TONE_S]
    if not spans:
        return unmeasured("no voice was found in the sound")
    voiced_s = sum(span.duration_s for span in spans)
    step = max(1, round(voiced_s / most_s))
    pieces, within, at_s = [], [], 0.0
    for span in spans[::step]:
        pieces.append(voice.sound.between(span.start_s, span.end_s))
        within.append(Span(start_s=at_s, end_s=at_s + pieces[-1].duration_s))
        pieces.append(Audio.silence(APART_S))
        at_s = within[-1].end_s + APART_S
    found = dict(tone_of(Audio.joined(pieces), Timeline.of(within)).measures)
    width = found["pitch_range_semitones"]
    if voiced_s < FEWEST_TONE_S and isinstance(width, Measured):
        found["pitch_range_semitones"] = Unmeasured(reason=TOO_LITTLE_VOICE, unit=width.unit)
    return found


def _pace(turns: Sequence[Turn]) -> Measure:
    """Words a minute over the turns that are long enough to have a pace."""
    unit = "words/min"
    said = [(turn, len(spoken(turn.words))) for turn in turns]
    if not any(count for _, count in said):
        return Unmeasured(reason=NO_WORDS, unit=unit)
    long = [(turn.span.duration_s, count) for turn, count in said if count >= FEWEST_WORDS]
    seconds = sum(duration_s for duration_s, _ in long)
    if not seconds:
        return Unmeasured(reason=TOO_SHORT, unit=unit)
    return Measured(value=60.0 * sum(count for _, count in long) / seconds, unit=unit)
