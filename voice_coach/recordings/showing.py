"""An analysed conversation as JSON for programs and as text for people."""

from __future__ import annotations

from typing import Any

from voice_coach.conversation import Measure, Measured, Overlap, Span, Turn, spoken, text_of
from voice_coach.recordings.analysis import Analysis, Speaker
from voice_coach.recordings.doubt import is_doubtful
from voice_coach.recordings.hearing import Heard
from voice_coach.recordings.listened import counted, facets_of
from voice_coach.recordings.measures import NO_WORDS
from voice_coach.recordings.moments import clock
from voice_coach.recordings.over_time import as_table
from voice_coach.recordings.speaker_text import speaker_text
from voice_coach.recordings.untold import not_told
from voice_coach.recordings.windows import Window
from voice_coach.scoring.rating import listening_json
from voice_coach.scoring.said import printable

DIGITS = 3
"""Times are given to a thousandth of a second, shares likewise."""
SHOWN_INTERRUPTIONS = 10
"""Interruptions listed for people, at most; JSON has all. Chosen."""


def as_json(analysis: Analysis, recording: str, heard: Heard | None = None) -> dict[str, Any]:
    """DESIGN's ``analyze`` object, less what needs sound where none was heard, and more.

    More: ``notes`` on how the recording was heard; ``overlaps_reason``, why it
    tells of none, or null; ``passing``, the listening noises that took no
    turn; ``latency_medians``, the latencies each way; ``windows``, everybody's part over time, or
    ``windows_reason``; with each word whether it is ``doubtful``. For each speaker how many
    ``turns``, the ``longest_monologue``, ``paced_words``, on which the words a minute rest,
    ``reasons``, why something is null, and in ``listening`` the ``reason``,
    how many ``replies`` were judged, the reflections and questions among the moves, for each facet
    the ``facet_evidence`` (in how many replies it is clear, and the places of its moves, the
    strongest first) and, with each move, the ``turn`` (its place in ``turns``) in
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
        "latency_medians": [
            {
                "from": printable(answers.before),
                "to": printable(answers.after),
                "count": len(answers.offsets_s),
                "median_s": _measure_json(answers.median_s),
            }
            for answers in analysis.answers
        ],
        "windows": [_window_json(window) for window in analysis.windows],
        "windows_reason": analysis.windows_reason,
        "model": {
            "words": None if heard is None else heard.words_model,
            "listening": analysis.listening_model,
        },
    }


def as_text(analysis: Analysis, recording: str, heard: Heard | None = None) -> str:
    """A few lines on each speaker, the interruptions, and the windows."""
    turns = "1 turn" if len(analysis.turns) == 1 else f"{len(analysis.turns)} turns"
    told = [f"{printable(recording)}: {clock(analysis.duration_s)}, {turns}"]
    told += heard.notes if heard is not None else ()
    void = _reason(analysis)
    for speaker in analysis.speakers:
        told += speaker_text(speaker, analysis)
    if void is not None and analysis.speakers:
        told.append(f"{not_told(void)}.")
    cuts = [overlap for overlap in analysis.overlaps if overlap.kind == "interruption"]
    told += [_cut_text(cut) for cut in cuts[:SHOWN_INTERRUPTIONS]]
    if len(cuts) > SHOWN_INTERRUPTIONS:
        told.append(f"  and {len(cuts) - SHOWN_INTERRUPTIONS} more interruptions: --json has all")
    if analysis.windows_reason is not None:
        told.append(f"Over time: not told: {analysis.windows_reason}.")
    else:
        told += ["Over time:", *(f"  {line}" for line in as_table(analysis.windows))]
        told += ["  Pitch (semitones) and level (dB): above the speaker's own over all."]
    return "\n".join(told)


def _reason(analysis: Analysis) -> str | None:
    return None if analysis.overlaps_void is None else printable(analysis.overlaps_void)


def _speaker_json(speaker: Speaker) -> dict[str, Any]:
    reasons = {} if speaker.fillers is not None else {"fillers": NO_WORDS}
    return {
        "name": printable(speaker.name),
        "speech_s": _round(speaker.speech_s),
        "share": _round(speaker.share),
        "turns": speaker.turns,
        "longest_monologue": {
            **_measure_json(speaker.longest_monologue),
            **({} if speaker.longest is None else _span_json(speaker.longest)),
        },
        "pacing": {
            **{name: _measure_json(measure) for name, measure in speaker.measures.items()},
            "paced_words": speaker.paced_words,
            "pauses": [_span_json(pause) for pause in speaker.pauses],
            "fillers": None
            if speaker.fillers is None
            else [
                {"text": printable(filler.text), **_span_json(filler.span)}
                for filler in speaker.fillers
            ],
            "reasons": reasons,
        },
        "listening": _listening_json(speaker),
    }


def _listening_json(speaker: Speaker) -> dict[str, Any]:
    moves = [
        ({**move, **_span_json(judged.span)} if judged.span is not None else move)
        | {"turn": reply.turn}
        for reply in speaker.replies
        for judged, move in zip(
            reply.judged.moves, listening_json(reply.judged)["moves"], strict=True
        )
    ]
    made = [(reply.turn, move) for reply in speaker.replies for move in reply.judged.moves]
    place = {each: number for number, each in enumerate(made)}
    found = counted(speaker.replies)
    return {
        "facets": {facet: _round(value) for facet, value in speaker.facets.items()} or None,
        "facet_evidence": {
            shown.facet: {
                "name": shown.name.plain,
                "term": shown.name.term,
                "clear_replies": shown.clear,
                "moves": [place[reply.turn, move] for reply, move in shown.evidence],
            }
            for shown in facets_of(speaker)
        },
        "reflections": found.reflections,
        "reflections_of_feeling": found.of_feeling,
        "questions": found.questions,
        "reflections_per_question": _measure_json(found.reflections_per_question),
        "complex_share": _measure_json(found.complex_share),
        "moves": moves,
        "replies": len(speaker.replies),
        "reason": speaker.listening_reason,
    }


def _window_json(window: Window) -> dict[str, Any]:
    return {
        **_span_json(window.span),
        "speakers": [
            {
                "name": printable(part.name),
                "speech_s": _round(part.speech_s),
                "share": _measure_json(part.share),
                "turns": part.turns,
                "interruptions": _measure_json(part.interruptions),
                "words": part.words,
                "words_per_min": _measure_json(part.words_per_min),
                "moves": _measure_json(part.moves),
                "moves_by_kind": dict(part.moves_by_kind),
                "pitch_rise_semitones": _measure_json(part.pitch_rise_semitones),
                "level_rise_db": _measure_json(part.level_rise_db),
            }
            for part in window.parts
        ],
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
            "doubtful": is_doubtful(word),
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
    return {"value": None, "unit": measure.unit, "reason": printable(measure.reason)}


def _cut_text(cut: Overlap) -> str:
    return (
        f"  {clock(cut.span.start_s)}  {printable(cut.by)} came in over {printable(cut.over)}"
        f"{' (perhaps)' if cut.confidence < 0.9 else ''}"
    )


def _round(value: float) -> float:
    return round(value, DIGITS)
