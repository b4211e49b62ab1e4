from __future__ import annotations

import re

import pytest

from voice_coach.conversation import Measured, Span, Turn, Unmeasured, Word, spread
from voice_coach.recordings.analysis import NO_TURN, Answers, analyse
from voice_coach.recordings.doubt import DOUBTFUL, MARK, doubtful, marked
from voice_coach.recordings.listened import (
    NAMES,
    NO_QUESTION,
    NOT_TOLD_APART,
    TOO_FEW,
    Counted,
    counted,
    facets_of,
)
from voice_coach.recordings.report_parts import words_html
from voice_coach.recordings.showing import as_json, as_text
from voice_coach.scoring.scorecard import FACETS

TALK = (
    ("Maya", "You said seven, and I sat there alone with the food until nine."),
    ("Leo", "You felt forgotten. That makes sense. What was the worst of it?"),
    ("Maya", "That nobody called. I felt like I was not worth a word."),
    ("Leo", "You worry too much. You should just eat without me next time."),
)


def talk() -> list[Turn]:
    spans = [Span(start_s=5.0 * n, end_s=5.0 * n + 4.0) for n in range(len(TALK))]
    return [
        Turn(speaker=name, span=span, words=spread(text, span))
        for (name, text), span in zip(TALK, spans, strict=True)
    ]


def test_facets_come_with_plain_words_and_the_quotes_behind_them() -> None:
    found = analyse(talk())
    leo = found.speakers[1]
    shown = facets_of(leo)
    assert {each.facet for each in shown} == set(FACETS) == set(NAMES)
    helps = [each.name.helps for each in shown]
    assert helps == sorted(helps, reverse=True)
    for half in (True, False):
        means = [each.mean for each in shown if each.name.helps is half]
        assert means == sorted(means, reverse=True)
    for each in shown:
        assert each.replies == 2
        strengths = [reply.judged.facets[each.facet] for reply, _ in each.evidence]
        assert strengths == sorted(strengths, reverse=True)
    advising = next(each for each in shown if each.facet == "advising")
    assert advising.clear == 1
    told = as_text(found, "talk.tsv")
    assert "says what the other should do (advice giving): " in told
    assert re.search(r"0:1\d  “[^”]*eat without me next time”  advice", told)


def test_the_json_tells_the_evidence_and_what_is_counted() -> None:
    listening = as_json(analyse(talk()), "talk.tsv")["speakers"][1]["listening"]
    advising = listening["facet_evidence"]["advising"]
    assert advising["term"] == "advice giving"
    assert [listening["moves"][at]["move"] for at in advising["moves"]] == ["advice"]
    assert listening["reflections"] == 1
    assert listening["reflections_of_feeling"] == 1
    assert listening["questions"] == 1
    assert listening["reflections_per_question"]["reason"] == TOO_FEW
    assert listening["complex_share"] == {"value": None, "unit": "share", "reason": NOT_TOLD_APART}


def test_nothing_judged_counts_nothing() -> None:
    found = counted(())
    assert (found.reflections, found.questions) == (0, 0)
    assert facets_of(analyse(talk()[:1]).speakers[0]) == ()


@pytest.mark.parametrize(
    ("reflections", "questions", "told"),
    [(4, 2, 2.0), (0, 5, 0.0), (5, 0, NO_QUESTION), (3, 1, TOO_FEW)],
)
def test_reflections_to_questions(reflections: int, questions: int, told: float | str) -> None:
    ratio = Counted(
        reflections=reflections, of_feeling=0, questions=questions
    ).reflections_per_question
    assert told == (ratio.value if isinstance(ratio, Measured) else ratio.reason)


def test_longest_turn_and_latencies_each_way() -> None:
    told = as_json(analyse(talk()), "talk.tsv")
    assert told["speakers"][0]["turns"] == 2
    assert told["speakers"][0]["longest_monologue"] == {
        "value": 4.0, "unit": "s", "reason": None, "start_s": 0.0, "end_s": 4.0,
    }  # fmt: skip
    medians = {(each["from"], each["to"]): each for each in told["latency_medians"]}
    assert medians["Maya", "Leo"]["count"] == 2
    assert medians["Leo", "Maya"]["median_s"]["reason"] == "under 3 changes"
    found = Answers(before="A", after="B", offsets_s=(-0.5, 0.25, 3.0))
    assert found.median_s == Measured(value=0.25, unit="s")
    (alone,) = analyse([Turn(speaker="A", span=Span(start_s=0.0, end_s=1.0))]).speakers
    assert alone.longest_monologue == Measured(value=1.0, unit="s")
    inside = Span(start_s=1.0, end_s=1.5)
    hum = Turn(speaker="Leo", span=inside, words=spread("Mhm.", inside))
    maya, leo = analyse([talk()[0], hum]).speakers
    assert maya.longest_monologue == Measured(value=4.0, unit="s")
    assert leo.longest_monologue == Unmeasured(reason=NO_TURN, unit="s")


def words(text: str, unsure: str) -> list[Word]:
    sure = {each: 0.1 if each in unsure.split() else DOUBTFUL for each in text.split()}
    return [
        Word(text=each, span=Span(start_s=n, end_s=n + 1), probability=sure[each])
        for n, each in enumerate(text.split())
    ]


def test_a_doubtful_stretch_is_marked_once() -> None:
    said = words("You said even tribal and I sat there", "even tribal there")
    assert list(doubtful(said)) == [(9, 20), (31, 36)]
    assert marked(said) == f"You said even tribal {MARK} and I sat there {MARK}"
    assert marked(said, 4, 13) == f"said even {MARK}"
    assert marked(said, 21, 24) == "and"
    assert marked([]) == ""


def test_on_the_page_doubt_is_told_to_eye_and_ear() -> None:
    said = words("I <b> waited.", "<b> waited.")
    page = words_html(said, 0, 12)
    assert page.startswith('I <span class="doubt" title="perhaps misheard">&lt;b&gt; waited')
    assert "(perhaps misheard)" in page
    assert words_html(said, 12, 13) == "."  # a full stop alone was not misheard
    assert "doubt" not in words_html(words("You waited", ""), 0, 10)


def test_a_transcript_is_never_in_doubt() -> None:
    assert MARK not in as_text(analyse(talk()), "talk.tsv")
