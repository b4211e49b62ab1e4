from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_coach.conversation import Span, Word
from voice_coach.scoring.lexicon import feelings_in
from voice_coach.scoring.listening import NOT_ENGLISH, judge
from voice_coach.scoring.said import plain, spelled_out, unpunctuated, with_its_not, words_of
from voice_coach.scoring.scorecard import FACETS, MOVE_KINDS, PRIMARIES, Listening

LINE = (
    "You said seven. It's nearly nine. I sat here with the dinner going cold, and I felt like an "
    "idiot for believing you again."
)
FEELS = ("hurt", "foolish", "let down")
NEEDS = ("to be able to rely on your word",)
FACTS = ("said seven", "nearly nine", "dinner went cold", "again")
GREAT = (
    "I said seven and I walked in at nine, and you sat there with the dinner going cold. "
    "You must have felt so let down. What was it like, waiting?"
)
ATTACKS = (
    "sounds like a lot of excuses to me",
    "so you feel everything is my fault great",
    "what i'm hearing is you just want to fight",
    "So you think I'm the worst husband in the world.",
    "why do you always make such a big deal out of everything",
    "You're so dramatic.",
    "You always do this, you never let me explain.",
    "i understand you're upset but you should have just started eating",
)


def judged(reply: str, line: str = LINE) -> Listening:
    return judge(line, reply, feels=FEELS, needs=NEEDS, facts=FACTS)


def score_of(reply: str) -> int:
    score = judged(reply).score
    assert score is not None
    return score


def moves_of(reply: str, line: str = LINE) -> set[str]:
    return {move.move for move in judged(reply, line).moves}


def as_recognised(text: str) -> str:
    return "um " + unpunctuated(text)  # Whisper writes apostrophes


@pytest.mark.parametrize(
    ("reply", "move"),
    [
        ("You waited two hours and the dinner went cold.", "reflection_content"),
        ("You feel let down.", "reflection_feeling"),
        ("That makes a lot of sense.", "validation"),
        ("Tell me more about what happened.", "open_question"),
        ("Did you eat anything?", "closed_question"),
        ("You felt foolish for trusting me. Did I get that right?", "check_in"),
        ("Go on.", "encourager"),
        ("I'm here, and I'll do the dishes tonight.", "support"),
        ("You're hurt, and I want to hear it. I can't do it while we're shouting.", "boundary"),
        ("I'm so sorry, I broke my word.", "apology"),
        ("You should have a snack next time. You should just eat.", "advice"),
        ("It's not a big deal.", "minimising"),
        ("I had a terrible day too, you have no idea what my boss put me through.", "hijacking"),
        ("I was stuck in a meeting, there was nothing I could do about it.", "defending"),
        ("You never tell me anything.", "blaming"),
        ("You're being ridiculous.", "judging"),
        ("Oh no, poor you.", "sympathy"),
    ],
)
def test_each_move_is_found_written_and_recognised(reply: str, move: str) -> None:
    assert move in moves_of(reply)
    assert move in moves_of(as_recognised(reply))


def test_a_great_reply_is_high_and_a_stem_alone_is_not() -> None:
    assert score_of(GREAT) >= 85
    alone = judged("It sounds like you feel something.").score  # helps little, hurts nobody
    assert alone is None or alone <= 55
    assert score_of("You feel hurt.") < score_of(GREAT) - 15


@pytest.mark.parametrize("reply", ATTACKS)
def test_blame_is_blame_in_whatever_clothes(reply: str) -> None:
    for text in (reply, as_recognised(reply)):
        result = judged(text)
        assert result.level == "attack"
        assert result.score is not None
        assert result.score <= 20
        assert result.primary != "reflection"


def test_attacks_are_lowest_then_dismissal_then_the_rest() -> None:
    attack = max(score_of(reply) for reply in ("You're so dramatic.", ATTACKS[2]))
    assert attack < score_of("You'll be fine.") < score_of("I'm so sorry.") < score_of(GREAT)


def test_their_own_complaint_taken_up_is_no_blame() -> None:
    line = "I never know if you'll really be there."
    assert not moves_of("You never know if I'll really be there.", line) & {"blaming", "judging"}


@pytest.mark.parametrize(
    "reply",
    [
        LINE.replace("I ", "you ").replace("You said", "I said"),
        "you said seven it's nearly nine you sat here with the dinner going cold",
        "Sounds like you're excited about your new job.",
        "You're really worried about the exam on Friday.",
    ],
)
def test_parroting_and_wrong_content_stay_at_forty_or_below(reply: str) -> None:
    assert score_of(reply) <= 40


def test_a_but_takes_the_kindness_back() -> None:
    kind = "I get that you're hurt."
    assert score_of(kind + " But traffic was terrible.") < score_of(kind)


def test_a_kind_boundary_is_good() -> None:
    reply = "You're hurt, and I want to hear it. I can't do it while we're shouting."
    assert "boundary" in moves_of(reply)
    assert score_of(reply) >= 65


def test_levels_follow_the_three_answers() -> None:
    assert judged("That sounds tough. Want to talk about it?").level == "empathy"
    assert judged("That sucks. Want some ice cream?").level == "sympathy"
    assert judged("You'll be fine.").level == "apathy"


@pytest.mark.parametrize("reply", ["", "   ", "...", "okay", "mm-hm", "Yeah, right.", "um uh"])
def test_too_little_is_not_judged_and_says_why(reply: str) -> None:
    result = judged(reply)
    assert result.score is None
    assert result.reason in {"no words were recognised", "too few words to judge"}


def test_the_right_line_beats_a_wrong_one() -> None:
    other = judge("You never help with the kids. I do everything around here.", GREAT)
    assert score_of(GREAT) > (other.score or 0) + 10


def test_moves_carry_the_time_of_their_words() -> None:
    reply = "um you felt let down. what was it like"
    words = [
        Word(text=text, span=Span(start_s=float(i), end_s=i + 0.5))
        for i, text in enumerate(reply.split())
    ]
    found = {m.move: m for m in judge(LINE, reply, feels=FEELS, words=words).moves}
    assert found["reflection_feeling"].span == Span(start_s=1.0, end_s=4.5)
    assert found["open_question"].span == Span(start_s=5.0, end_s=8.5)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120), st.text(max_size=80))
def test_any_text_gives_a_well_formed_judgement(reply: str, line: str) -> None:
    result = judge(line, reply)
    assert sum(result.probabilities.values()) == pytest.approx(1.0)
    assert set(result.probabilities) == set(PRIMARIES)
    assert set(result.facets) == set(FACETS)
    assert all(0 <= value <= 1 for value in result.facets.values())
    assert (result.score is None) == (result.reason is not None)
    for move in result.moves:
        assert move.move in MOVE_KINDS
        assert reply[move.start : move.end] == move.quote
        assert 0 <= move.confidence <= 1


def test_fillers_and_stutters_fall_away() -> None:
    assert plain("um im so so sorry, I... I couldn't call") == "i am so sorry i could not call"


@pytest.mark.parametrize(
    ("token", "spelled"),
    [
        ("ain't", "is not"),
        ("aint", "is not"),
        ("shan't", "shall not"),
        ("y'all", "you all"),
        ("d'you", "do you"),
        ("’cause", "because"),
        ("'til", "until"),
        ("'em", "them"),
        ("Everyone's", "everyone is"),
        ("everybody’s", "everybody is"),
        ("You’re", "you are"),
    ],
)
def test_contractions_are_spelled_out(token: str, spelled: str) -> None:
    assert " ".join(spelled_out(token)) == spelled


@pytest.mark.parametrize("name", ["José", "Jose\u0301", "Zoë", "Łukasz", "Анна"])
def test_names_of_any_alphabet_stay_whole(name: str) -> None:
    words = words_of(f"waiting at the café with {name}")
    assert words[-1] == unicodedata.normalize("NFC", name).lower()
    assert words[3] == "café"


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("you are knackered", "tired"),
        ("you must be shattered", "tired"),
        ("you are done in", "tired"),
        ("you are cross with me", "angry"),
        ("you sound narked", "angry"),
        ("you are hacked off", "angry"),
    ],
)
def test_feelings_as_they_are_named_at_home(text: str, family: str) -> None:
    assert [named for _, named in feelings_in(text)] == [family]


@pytest.mark.parametrize(
    "reply",
    [
        "Du hast dich im Stich gelassen gefühlt, weil ich nicht angerufen habe.",
        "Te sentiste solo porque no llamé y te quedaste esperando dos horas.",
        "Tu t'es senti seul parce que je n'ai pas appelé, et tu as attendu deux heures.",
    ],
)
def test_another_language_is_not_judged(reply: str) -> None:
    judged = judge("You said seven and I sat here waiting.", reply)
    assert judged.score is None
    assert judged.reason == NOT_ENGLISH
    assert judged.moves == ()


def test_terse_english_is_judged() -> None:
    reply = "You waited. Dinner went cold. Nobody called. Hurts."
    assert judge("You said seven and I sat here waiting.", reply).reason != NOT_ENGLISH


@pytest.mark.parametrize(
    ("reply", "stretch", "quoted"),
    [
        ("Okay. I can't stay up tonight.", "stay up", "I can't stay up tonight."),
        ("so i do not really care that you", "care", "i do not really care that you"),
        ("I'm not there for you", "there", "I'm not there for you"),
        ("Why not tell me more about it?", "tell me", "tell me more about it?"),
        ("whether or not you were hurt", "you were", "you were hurt"),
        ("no i did not i am sorry", "i am", "i am sorry"),
        ("You did not lie, I was wrong", "I was", "I was wrong"),
        ("I'm not sure, sounds like it hurt", "sounds", "sounds like it hurt"),
        ("You felt alone", "You", "You felt alone"),
    ],
)
def test_a_quote_keeps_its_not(reply: str, stretch: str, quoted: str) -> None:
    assert reply[with_its_not(reply, reply.index(stretch)) :] == quoted
