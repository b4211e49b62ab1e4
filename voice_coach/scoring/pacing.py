"""Pacing: how fast a reply was said, where it paused, how long it waited.

Measures and thresholds:

- pace: words per minute of the turn, first word to last; comfortable up to 165 (Microsoft Speaker
  Coach). Not given under 8 words, where the rate depends on length itself (Yuan 2006).
- hurry: the same rate without the pauses of a second and more, of stretches of 8 words and more,
  for speech between pauses can be hurried. Only hurry costs: a slow voice and time to think never
  do.
- articulation rate: syllables per second of phonation, pauses left out (de Jong & Wempe 2009).
- pause: silence of at least 250 ms within the turn (de Jong).
- run: speech between two pauses; how many there are, and how long one is in seconds and syllables.
- speed-up: the articulation rate of the last third of the words against the first. Told where it is
  plain, and never a fault: what costs is hurry.
- latency: reply onset less line end, negative when the reply came in early (Stivers 2009). A
  wait of three seconds or more is a skill and is credited (Curhan 2022); a quick answer is neutral
  (Templeton 2022).
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from itertools import groupby

from voice_coach.conversation import Measure, Measured, Span, Timeline, Unmeasured, Word
from voice_coach.scoring.said import STUTTER
from voice_coach.scoring.scorecard import Observation, Score
from voice_coach.scoring.syllables import count_syllables

FEWEST_WORDS = 8
"""Fewer give no rate: it climbs steeply from one word to seven (Yuan 2006)."""
TOO_SHORT = f"under {FEWEST_WORDS} words"
REPEATED = "words were repeated, as in a stammer, and their time is no slowness"
NO_VOICE = "no voice was found in the sound"
COMFORTABLE_WORDS_PER_MIN = (100.0, 165.0)
"""From Microsoft Speaker Coach. Below it a reply is unhurried, which is no fault."""
PAUSE_S = 0.25
"""The least silence that is a pause (de Jong & Wempe 2009)."""
ROUNDING_S = 1e-6
"""So that a pause of exactly PAUSE_S is one wherever it lies: differences of times are rounded.
Shorter than a sample of any sound."""
SHOWN_DIGITS = 3
"""Figures are rounded to this before they are shown, so that a later clock shows none other."""
REFLECTIVE_SILENCE_S = 3.0
"""The least wait before a reply that is credited (Curhan 2022)."""
LONG_PAUSE_S = 1.0
"""A pause within the turn that is breathing space: pointed at, and no part of hurry. Chosen."""

SPEAKING_SHARE = 0.74
"""The norm for pace is of minutes of talk; a stretch without pauses is quicker by nature. Calmly
read sentences (TIMIT) go at 217 words a minute in the middle, 95 of 100 at 269 or less; in group
talk (GAP) the middle is 216. So much of the pace of a stretch is held against the norm. Chosen:
the middle of both is then at its upper end."""
LONG_TURN_WORDS = (20, 80)
"""From the first to the second the pace of the whole turn is held against the norm more and more,
until it is as Speaker Coach does of minutes. Chosen."""
HURRIED_WORDS_PER_MIN = 200.0
"""From here on a reply is called hurried, and its quickest stretch is shown: 270 for a stretch,
more than 95 of 100 calmly read sentences reach."""
PLAIN_SPEED_UP = 0.25
"""From so much quicker on a reply is told to have grown quicker. Chosen: one's turns differ by a
fifth (compared.OTHER_PACE), their thirds by more."""
RUSHED_WORDS_PER_MIN = 260.0
"""Where the pacing score of a hurried reply reaches its floor. Chosen."""
RUSHED_SCORE = 20
"""That floor. Chosen."""
QUOTED_WORDS = 3
"""Words shown before a pause or where a stretch begins, so that one knows where. Chosen."""
REFLECTIVE_CREDIT = 10
"""What a reflective silence adds to the score, never above 100. Chosen."""


def pauses_of(activity: Timeline) -> tuple[Span, ...]:
    """Silences of at least PAUSE_S within the turn."""
    return tuple(gap for gap in activity.gaps() if gap.duration_s >= PAUSE_S - ROUNDING_S)


def phonation_s(activity: Timeline) -> float:
    """Seconds of speech: from the first voice to the last, less the pauses.

    Shorter silences are closures and breaths between words, and belong to the speech.
    """
    hull = activity.hull
    return hull.duration_s - sum(pause.duration_s for pause in pauses_of(activity)) if hull else 0.0


def pacing_measures(
    words: Sequence[Word], activity: Timeline, *, line_end_s: float | None, latency_void: str | None
) -> dict[str, Measure]:
    """Pace, articulation rate, pauses, runs and latency, each measured or with its reason.

    Args:
        words: the reply's words in order of time.
        activity: when the learner's voice was heard in this turn.
        line_end_s: when the partner's line ended, on the same clock; None where no line sounded.
        latency_void: why latency cannot be trusted on these devices, or None.
    """
    measures: dict[str, Measure] = {
        "words_per_min": _pace(words),
        "articulation_rate_syllables_per_s": _articulation_rate(words, activity),
        "pause_share": _pause_share(activity),
        **_runs(words, activity),
        "speed_up": _speed_up(words, activity),
        "latency_s": latency_of(activity, line_end_s, latency_void),
    }
    return measures


def score_pacing(
    measures: dict[str, Measure], words: Sequence[Word], pauses: Sequence[Span]
) -> Score:
    """The pacing score of a reply with its evidence.

    Silence is credited, speed is judged, latency as such is not. None under FEWEST_WORDS words.
    """
    observations = [*_waiting(measures["latency_s"]), *_breathing(pauses, words)]
    pace = measures["words_per_min"]
    if isinstance(pace, Unmeasured):
        return Score(score=None, reason=pace.reason, observations=tuple(observations))
    once = said_once(words)
    hurry = _hurry(once, pauses, pace.value)
    told = _pace_in_words(pace.value, _between_pauses(once, pauses, pace.value), hurry)
    observations.insert(0, Observation(text=told, span=_hull(words)))
    if hurry > HURRIED_WORDS_PER_MIN:
        observations.insert(1, _fastest_stretch(once))
    observations += _quickening(measures["speed_up"], words)
    score = _hurry_score(hurry)
    latency = measures["latency_s"]
    if isinstance(latency, Measured) and latency.value >= REFLECTIVE_SILENCE_S - ROUNDING_S:
        score = min(100, score + REFLECTIVE_CREDIT)
    return Score(score=score, observations=tuple(observations))


def said_once(words: Sequence[Word]) -> Sequence[Word]:
    """The words without the repeats of a stammer ("I I I was"): they are time, and no speed."""
    kept: list[Word] = []
    for word in words:
        if not kept or _plain(word) != _plain(kept[-1]):
            kept.append(word)
    return kept


def _plain(word: Word) -> str:
    """A word in small letters, "w-w-was" as "was"."""
    return STUTTER.sub("", word.text.lower().strip(" .,?!…-"))


def _pace(words: Sequence[Word]) -> Measure:
    unit = "words/min"
    count = len(said_once(words))
    if count < FEWEST_WORDS:
        return Unmeasured(reason=TOO_SHORT, unit=unit)
    hull = _hull(words)
    if hull is None or not hull:
        return Unmeasured(reason="the words carry no times", unit=unit)
    return Measured(value=count / (hull.duration_s / 60.0), unit=unit)


def _articulation_rate(words: Sequence[Word], activity: Timeline) -> Measure:
    unit = "syllables/s"
    if len(words) < FEWEST_WORDS:
        return Unmeasured(reason=TOO_SHORT, unit=unit)
    if not activity:
        return Unmeasured(reason=NO_VOICE, unit=unit)
    return Measured(value=_syllables(words) / phonation_s(activity), unit=unit)


def _pause_share(activity: Timeline) -> Measure:
    hull = activity.hull
    if hull is None:
        return Unmeasured(reason=NO_VOICE, unit="share")
    paused_s = sum(pause.duration_s for pause in pauses_of(activity))
    return Measured(value=paused_s / hull.duration_s, unit="share")


def _runs(words: Sequence[Word], activity: Timeline) -> dict[str, Measure]:
    """How many runs there are, and how long they are in the mean."""
    units = {"runs": "runs", "run_length_s": "s", "run_length_syllables": "syllables"}
    if not activity:
        return {name: Unmeasured(reason=NO_VOICE, unit=unit) for name, unit in units.items()}
    count = len(pauses_of(activity)) + 1
    syllables: Measure = Unmeasured(reason=TOO_SHORT, unit="syllables")
    if len(words) >= FEWEST_WORDS:
        syllables = Measured(value=_syllables(words) / count, unit="syllables")
    return {
        "runs": Measured(value=count, unit="runs"),
        "run_length_s": Measured(value=phonation_s(activity) / count, unit="s"),
        "run_length_syllables": syllables,
    }


def _speed_up(words: Sequence[Word], activity: Timeline) -> Measure:
    """How much quicker the last third of the words was than the first, as a share of the first."""
    unit = "share"
    if not activity:
        return Unmeasured(reason=NO_VOICE, unit=unit)
    if len(words) < 3 * FEWEST_WORDS:
        return Unmeasured(reason=f"under {3 * FEWEST_WORDS} words", unit=unit)
    if len(said_once(words)) < len(words) or any(STUTTER.search(word.text) for word in words):
        return Unmeasured(reason=REPEATED, unit=unit)
    first, last = (
        _rate_within(part, activity) for part in (_first_third(words), _last_third(words))
    )
    if first is None or last is None:
        return Unmeasured(reason="the words carry no times", unit=unit)
    return Measured(value=last / first - 1, unit=unit)


def _first_third(words: Sequence[Word]) -> Sequence[Word]:
    return words[: len(words) // 3]


def _last_third(words: Sequence[Word]) -> Sequence[Word]:
    return words[-(len(words) // 3) :]


def _rate_within(words: Sequence[Word], activity: Timeline) -> float | None:
    """Syllables a second of these words, the pauses among them left out; None without times."""
    hull = _hull(words)
    if hull is None:
        return None
    spoken_s = hull.duration_s - sum((hull & pause).duration_s for pause in pauses_of(activity))
    return _syllables(words) / spoken_s if spoken_s > 0 else None


def _syllables(words: Sequence[Word]) -> int:
    return sum(count_syllables(_plain(word)) for word in said_once(words))


def latency_of(activity: Timeline, line_end_s: float | None, void: str | None) -> Measure:
    """Seconds from the line's end to the voice; ``void`` is why it cannot be known."""
    if void is not None:
        return Unmeasured(reason=void, unit="s")
    if line_end_s is None:
        return Unmeasured(reason="no line was spoken before it", unit="s")
    hull = activity.hull
    if hull is None:
        return Unmeasured(reason=NO_VOICE, unit="s")
    return Measured(value=hull.start_s - line_end_s, unit="s")


def _hurry(words: Sequence[Word], pauses: Sequence[Span], pace: float) -> float:
    """The pace against the norm, in words a minute: of a long turn, and of what is between pauses.

    Stretches of fewer than FEWEST_WORDS give no rate, and their pauses leave time to take them in.
    """
    few, many = LONG_TURN_WORDS
    long = min(1.0, max(0.0, (len(words) - few) / (many - few)))
    share = SPEAKING_SHARE + (1 - SPEAKING_SHARE) * long
    return max(share * pace, SPEAKING_SHARE * _between_pauses(words, pauses, pace))


def _between_pauses(words: Sequence[Word], pauses: Sequence[Span], pace: float) -> float:
    """Words a minute in the stretches between long pauses, never less than the pace of the turn."""
    long = _long(pauses)
    said, lasted_s = 0, 0.0
    for _, some in groupby(words, lambda word: bisect(long, word.span.middle_s, key=_middle_s)):
        stretch = tuple(some)
        hull = _hull(stretch)
        if len(stretch) >= FEWEST_WORDS and hull is not None:
            said += len(stretch)
            lasted_s += hull.duration_s
    return max(pace, said / (lasted_s / 60.0)) if lasted_s else pace


def _middle_s(span: Span) -> float:
    return span.middle_s


def _hurry_score(words_per_min: float) -> int:
    high = COMFORTABLE_WORDS_PER_MIN[1]
    over = (round(words_per_min, SHOWN_DIGITS) - high) / (RUSHED_WORDS_PER_MIN - high)
    return round(100 - min(1.0, max(0.0, over)) * (100 - RUSHED_SCORE))


def _pace_in_words(pace: float, between_pauses: float, hurry: float) -> str:
    low, high = COMFORTABLE_WORDS_PER_MIN
    pace, hurry = round(pace, SHOWN_DIGITS), round(hurry, SHOWN_DIGITS)
    if hurry > high:
        between = " between the pauses" if round(between_pauses) > round(pace) else ""
        verdict = (
            "hard to take in for somebody upset"
            if hurry > HURRIED_WORDS_PER_MIN
            else "brisk, still easy to follow"
        )
        return f"{between_pauses:.0f} words a minute{between}: {verdict}"
    return f"{pace:.0f} words a minute: {'unhurried' if pace < low else 'easy to follow'}"


def _waiting(latency: Measure) -> list[Observation]:
    if isinstance(latency, Measured) and latency.value >= REFLECTIVE_SILENCE_S - ROUNDING_S:
        return [
            Observation(
                text=f"You waited {round(latency.value, SHOWN_DIGITS):.1f} s before answering: "
                "room to think"
            )
        ]
    return []


def _breathing(pauses: Sequence[Span], words: Sequence[Word]) -> list[Observation]:
    long = _long(pauses)
    if not long:
        return []
    # Of two that are as long the first is shown, whatever the clock rounds.
    longest = max(long, key=lambda pause: round(pause.duration_s, SHOWN_DIGITS))
    before = [word.text for word in words if word.span.middle_s < longest.middle_s][-QUOTED_WORDS:]
    return [
        Observation(
            text=f"A pause of {round(longest.duration_s, SHOWN_DIGITS):.1f} s left room",
            quote=" ".join(before),
            span=longest,
        )
    ]


def _quickening(speed_up: Measure, words: Sequence[Word]) -> list[Observation]:
    if isinstance(speed_up, Unmeasured) or round(speed_up.value, SHOWN_DIGITS) < PLAIN_SPEED_UP:
        return []
    last = _last_third(words)
    return [
        Observation(
            text=f"You grew {round(speed_up.value, SHOWN_DIGITS):.0%} quicker from the first third "
            "to the last, from here on",
            quote=" ".join(word.text for word in last[:QUOTED_WORDS]),
            span=_hull(last),
        )
    ]


def _long(pauses: Sequence[Span]) -> list[Span]:
    return [pause for pause in pauses if pause.duration_s >= LONG_PAUSE_S - ROUNDING_S]


def _fastest_stretch(words: Sequence[Word]) -> Observation:
    stretches = [words[at : at + FEWEST_WORDS] for at in range(len(words) - FEWEST_WORDS + 1)]
    fastest = min(
        stretches,
        key=lambda some: round(some[-1].span.end_s - some[0].span.start_s, SHOWN_DIGITS),
        default=words,
    )
    return Observation(
        text="The quickest stretch",
        quote=" ".join(word.text for word in fastest),
        span=_hull(fastest),
    )


def _hull(words: Sequence[Word]) -> Span | None:
    if not words:
        return None
    return Span(
        start_s=min(word.span.start_s for word in words),
        end_s=max(word.span.end_s for word in words),
    )
