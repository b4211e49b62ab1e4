"""An analysed conversation as JSON for programs and as text for people."""

from __future__ import annotations

from collections import Counter
from typing import Any, get_args

from voice_coach.conversation import (
    Measure,
    Measured,
    Overlap,
    OverlapKind,
    Span,
    Turn,
    spoken,
    text_of,
)
from voice_coach.recordings.analysis import NO_WORDS, Analysis, Speaker
from voice_coach.recordings.hearing import Heard
from voice_coach.recordings.side_by_side import clock
from voice_coach.recordings.untold import not_told
from voice_coach.scoring.rating import listening_json
from voice_coach.scoring.said import printable

SHOWN_MOVES = 5
"""Kinds of move listed for each speaker, the commonest first. Chosen."""
DIGITS = 3
"""Times are given to a thousandth of a second, shares likewise."""
SHOWN_INTERRUPTIONS = 10
"""Interruptions listed for people, at most; JSON has all. Chosen."""


def as_json(analysis: Analysis, recording: str, heard: Heard | None = None) -> dict[str, Any]:
    """DESIGN's ``analyze`` object, less what needs sound where none was heard, and more.

    More: ``notes`` on how the recording was heard; ``overlaps_reason``, why it
    tells of none, or null; ``passing``, the listening noises that took no
    turn; for each speaker ``reasons``, why something is null, and in ``listening`` the ``reason``,
    how many ``replies`` were judged and, with each move, the ``turn`` (its place in ``turns``) in
    whose text ``start`` and ``end`` count. Transcribers' marks ("[laughter]") are left out of the
    texts of turns.
    """
    return {
        "recording": printable(recording),
        "duration_s": _round(analysis.duration_s),
        **({} if heard is None else _hearing_json(heard)),
        "speakers": [_speaker_json(speaker) for speaker in analysis.speakers],
        **({} if heard is None else {"words": _words_json(heard)}),
        "turns": [
            {**_turn_json(turn), "text": printable(text_of(spoken(turn.words)))}
            for turn in analysis.turns
        ],
        "passing": [_turn_json(turn) for turn in analysis.passing],
        "overlaps": [
            {
                "by": printable(overlap.by),
                "over": printable(overlap.over),
                **_span_json(overlap.span),
                "kind": overlap.kind,
                "confidence": overlap.confidence,
            }
            for overlap in analysis.overlaps
        ],
        "overlaps_reason": _reason(analysis),
        "latencies": [
            {
                "from": printable(latency.before.speaker),
                "to": printable(latency.after.speaker),
                "seconds": _round(latency.offset_s),
            }
            for latency in analysis.latencies
        ],
        "model": {
            "words": None if heard is None else heard.words_model,
            "listening": analysis.listening_model,
        },
    }


def as_text(analysis: Analysis, recording: str, heard: Heard | None = None) -> str:
    """A few lines on each speaker, then the interruptions."""
    turns = "1 turn" if len(analysis.turns) == 1 else f"{len(analysis.turns)} turns"
    told = [f"{printable(recording)}: {clock(analysis.duration_s)}, {turns}"]
    told += heard.notes if heard is not None else ()
    void = _reason(analysis)
    kinds = Counter((overlap.by, overlap.kind) for overlap in analysis.overlaps)
    for speaker in analysis.speakers:
        name = printable(speaker.name)
        told.append(f"{name} spoke {speaker.share:.0%} of the talk ({speaker.speech_s:.0f} s)")
        told.append(f"  Pace: {_measure_text(speaker.measures['words_per_min'])}")
        told += [f"  {label}: {text}" for label, text in _sound_text(speaker)]
        told.append(f"  Listening: {_listening_text(speaker)}")
        over = ", ".join(f"{kind} {kinds[speaker.name, kind]}" for kind in get_args(OverlapKind))
        if void is None:
            told.append(f"  Over others: {over}")
    if void is not None and analysis.speakers:
        told.append(f"{not_told(void)}.")
    cuts = [overlap for overlap in analysis.overlaps if overlap.kind == "interruption"]
    told += [_cut_text(cut) for cut in cuts[:SHOWN_INTERRUPTIONS]]
    if len(cuts) > SHOWN_INTERRUPTIONS:
        told.append(f"  and {len(cuts) - SHOWN_INTERRUPTIONS} more interruptions: --json has all")
    return "\n".join(told)


def _reason(analysis: Analysis) -> str | None:
    return None if analysis.overlaps_void is None else printable(analysis.overlaps_void)


def _speaker_json(speaker: Speaker) -> dict[str, Any]:
    reasons = {} if speaker.fillers is not None else {"fillers": NO_WORDS}
    return {
        "name": printable(speaker.name),
        "speech_s": _round(speaker.speech_s),
        "share": _round(speaker.share),
        "pacing": {
            **{name: _measure_json(measure) for name, measure in speaker.measures.items()},
            "pauses": [_span_json(pause) for pause in speaker.pauses],
            "fillers": None
            if speaker.fillers is None
            else [
                {"text": printable(filler.text), **_span_json(filler.span)}
                for filler in speaker.fillers
            ],
            "reasons": reasons,
        },
        "listening": {
            "facets": {facet: _round(value) for facet, value in speaker.facets.items()} or None,
            "moves": [
                {**move, **_span_json(span), "turn": reply.turn}
                if (span := judged.span) is not None
                else {**move, "turn": reply.turn}
                for reply in speaker.replies
                for judged, move in zip(
                    reply.judged.moves, listening_json(reply.judged)["moves"], strict=True
                )
            ],
            "replies": len(speaker.replies),
            "reason": speaker.listening_reason,
        },
    }


def _hearing_json(heard: Heard) -> dict[str, Any]:
    return {
        "rate_hz": heard.rate_hz,
        "notes": list(heard.notes),
    }


def _words_json(heard: Heard) -> list[dict[str, Any]]:
    return [
        {
            "speaker": printable(turn.speaker),
            "text": printable(word.text),
            **_span_json(word.span),
            "probability": _round(word.probability),
        }
        for turn in sorted(heard.utterances, key=lambda each: each.span)
        for word in turn.words
    ]


def _turn_json(turn: Turn) -> dict[str, Any]:
    return {
        "speaker": printable(turn.speaker),
        **_span_json(turn.span),
        "text": printable(turn.text),
    }


def _span_json(span: Span) -> dict[str, float]:
    return {"start_s": _round(span.start_s), "end_s": _round(span.end_s)}


def _measure_json(measure: Measure) -> dict[str, Any]:
    if isinstance(measure, Measured):
        return {"value": _round(measure.value), "unit": measure.unit, "reason": None}
    return {"value": None, "unit": measure.unit, "reason": measure.reason}


def _measure_text(measure: Measure) -> str:
    if isinstance(measure, Measured):
        return f"{measure.value:.0f} {measure.unit}"
    return f"not measured: {measure.reason}"


def _sound_text(speaker: Speaker) -> list[tuple[str, str]]:
    """What only the sound tells, where it was measured."""
    told = []
    for label, name, digits in (
        ("Articulation", "articulation_rate_syllables_per_s", 1),
        ("Fillers", "fillers_per_min", 1),
        ("Pitch, median", "pitch_median_hz", 0),
    ):
        measure = speaker.measures[name]
        if isinstance(measure, Measured):
            told.append((label, f"{measure.value:.{digits}f} {measure.unit}"))
    return told


def _listening_text(speaker: Speaker) -> str:
    if speaker.listening_reason is not None:
        return f"not judged: {speaker.listening_reason}"
    counts = Counter(move.move for reply in speaker.replies for move in reply.judged.moves)
    told = [f"{move.replace('_', ' ')} {count}" for move, count in counts.most_common(SHOWN_MOVES)]
    replies = len(speaker.replies)
    judged = "1 reply" if replies == 1 else f"{replies} replies"
    return f"{judged}: {', '.join(told) or 'nothing that stands out'}"


def _cut_text(cut: Overlap) -> str:
    return (
        f"  {clock(cut.span.start_s)}  {printable(cut.by)} came in over {printable(cut.over)}"
        f"{' (perhaps)' if cut.confidence < 0.9 else ''}"
    )


def _round(value: float) -> float:
    return round(value, DIGITS)
