"""Telling words that were said from words a recogniser makes up in silence and noise.

Whisper learnt from subtitles, so out of a cough it likes to make "Thank you for watching".
Nothing is dropped for its wording alone: "thank you" is a fine thing to say. Wording, length and
repetition count only where the recogniser itself was unsure, or the voice hardly there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from voice_coach.conversation import Span, Timeline, Word, text_of

NO_SPEECH = 0.6
"""Whisper's own probability of no speech above which text is doubted. Whisper's default."""

POOR_LOGPROB = -1.0
"""Mean log-probability of a token under which text is doubted. Whisper's default."""

REPETITIVE = 2.4
"""Compression ratio above which text repeats itself. Whisper's default."""

UNSURE = 0.5
"""Mean word probability under which a doubt counts. Chosen."""

FAINT_DB = -60.0
"""Level under which there is hardly a voice; quiet talk into a laptop is about -45. Chosen."""

MAX_WORDS_PER_S = 9.0
"""Nobody talks faster: the fastest readers reach about six. Chosen."""

NEAR_S = 0.5
"""A word may lie this far from the voice that said it: Whisper's word times err. Chosen."""

MAX_REPEATS = 4
"""The same one to four words in a row more often than this is a loop, not speech. Chosen."""

PHANTOMS = frozenset(
    {
        "you",
        "bye",
        "bye bye",
        "okay",
        "oh",
        "so",
        "hmm",
        "thank you",
        "thank you very much",
        "thank you so much",
        "thanks for watching",
        "thank you for watching",
        "thank you so much for watching",
        "please subscribe",
        "please subscribe to my channel",
        "like and subscribe",
        "see you next time",
        "see you in the next video",
        "ill see you next time",
        "well be right back",
        "subtitles by the amara org community",
        "the end",
        "music",
        "applause",
    }
)
"""What Whisper is known to say where nobody spoke, in plain letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """What the recogniser says of a stretch of text besides the text itself.

    ``level_db`` is the level of the voice in it, dB relative to full scale.
    """

    no_speech_prob: float
    avg_logprob: float
    compression_ratio: float
    level_db: float


def only_said(words: Sequence[Word], activity: Timeline, doubts: Doubts) -> tuple[Word, ...]:
    """The words less those that were most likely never said."""
    spoken = [word for word in words if plain(word.text)]
    if not spoken or not activity:
        return ()
    mean = sum(word.probability for word in spoken) / len(spoken)
    unsure = mean < UNSURE or doubts.level_db < FAINT_DB
    repetitive = doubts.compression_ratio > REPETITIVE
    if doubts.no_speech_prob > NO_SPEECH and (unsure or repetitive):
        return ()
    if unsure and (repetitive or doubts.avg_logprob < POOR_LOGPROB):
        return ()
    if unsure and plain(text_of(spoken)) in PHANTOMS:
        return ()
    if unsure and len(spoken) > max(1.0, activity.duration_s * MAX_WORDS_PER_S):
        return ()
    near = [word for word in spoken if word.probability >= UNSURE or _is_near(word, activity)]
    return without_loops(near)


def without_loops(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words with runs of the same one to four words cut down to MAX_REPEATS rounds."""
    kept: list[Word] = []
    for word in words:
        kept.append(word)
        for size in range(1, 5):
            span = size * (MAX_REPEATS + 1)
            if len(kept) < span:
                break
            run = [plain(each.text) for each in kept[-span:]]
            if all(run[at] == run[at % size] for at in range(span)):
                del kept[-size:]
                break
    return tuple(kept)


def plain(text: str) -> str:
    """Lower-case letters, digits and single blanks only."""
    return " ".join(re.sub(r"[^\w\s]", "", text.lower()).split())


def _is_near(word: Word, activity: Timeline) -> bool:
    reach = Span(start_s=word.span.start_s - NEAR_S, end_s=word.span.end_s + NEAR_S)
    return any(reach.meets(span) for span in activity)
