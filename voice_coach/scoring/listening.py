"""Judging a reply by its words: what it does, how far it takes up the line, and a score.

``judge`` is the one door; what stands behind it may change ("rules@1" now), its shape does not.

Score: a floor, plus what the reply takes up of the line's feeling and of its content, plus
validation, an invitation to say more, support, an apology that understands; less what it does to
the partner. A stem alone earns little: paraphrase without feeling does not make people feel
understood (Weger 2010, 2014). Caps keep form from winning over substance. The numbers stand in
:mod:`voice_coach.scoring.weights`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from types import MappingProxyType

from voice_coach.conversation import Span, Word
from voice_coach.scoring import weights as w
from voice_coach.scoring.grounding import (
    FELT,
    GUESSED_FEELING,
    LOOSE_FEELING,
    NEAR_FEELING,
    Ground,
    TakeUp,
    copy_rate,
    ground_of,
    is_foreign,
    take_up,
)
from voice_coach.scoring.lexicon import LIGHT
from voice_coach.scoring.moves.find import HARMFUL, Found, moves_in
from voice_coach.scoring.moves.said import Clause, clauses_of
from voice_coach.scoring.primary import features_of, primaries, shipped_weights
from voice_coach.scoring.scorecard import FACETS, Facet, Level, Listening, Move, MoveKind

MODEL = "rules@1"
_FACET_OF: dict[MoveKind, Facet] = {
    "validation": "validating",
    "open_question": "inviting",
    "check_in": "inviting",
    "encourager": "inviting",
    "closed_question": "inviting",
    "advice": "advising",
    "hijacking": "self_focus",
    "defending": "self_focus",
    "minimising": "dismissing",
    "blaming": "attacking",
    "judging": "attacking",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Evidence:
    """Everything the score is drawn from."""

    found: tuple[Found, ...]
    ground: Ground
    taken: TakeUp
    facets: dict[Facet, float]
    copied: float
    stems: int
    about: frozenset[str]
    turned: bool

    def has(self, *kinds: MoveKind) -> bool:
        return any(one.kind in kinds for one in self.found)


def judge(
    line: str,
    reply: str,
    *,
    feels: Sequence[str] = (),
    needs: Sequence[str] = (),
    facts: Sequence[str] = (),
    words: Sequence[Word] = (),
) -> Listening:
    """What a reply does as an answer to a line.

    Works on clean text and on recogniser text alike. ``feels``, ``needs``, ``facts`` are what the
    scenario's author marked in the line; ``words`` the reply's words with their times (seconds),
    from which each move gets its span. Moves carry character offsets into ``reply``.
    """
    clauses = clauses_of(reply)
    ground = ground_of(line, feels=feels, needs=needs, facts=facts)
    found = moves_in(clauses, ground)
    evidence = _weigh(clauses, found, ground)
    reason = _too_little(clauses, found)
    score = None if reason else _score(evidence)
    probabilities = primaries(
        _features(clauses, found, ground),
        found,
        shipped_weights(),
    )
    times = _times(reply, words)
    return Listening(
        primary=max(probabilities, key=lambda name: probabilities[name]),
        probabilities=MappingProxyType(probabilities),
        moves=tuple(_move(one, reply, times) for one in found),
        facets=MappingProxyType(evidence.facets),
        level=_level(evidence),
        score=score,
        reason=reason,
        model=MODEL,
        notes=_notes(evidence) if score is not None else (),
    )


def _too_little(clauses: Sequence[Clause], found: Sequence[Found]) -> str | None:
    count = len({said.start for clause in clauses for said in clause.words})
    if not count:
        return "no words were recognised"
    if any(one.kind in HARMFUL for one in found):
        return None
    clear = any(one.kind != "encourager" for one in found) and count >= w.MIN_WORDS
    content = sum(said.word not in LIGHT for clause in clauses for said in clause.words)
    return None if clear or content >= w.MIN_CONTENT_WORDS else "too few words to judge"


def _weigh(clauses: Sequence[Clause], found: tuple[Found, ...], ground: Ground) -> _Evidence:
    harmful = {id(one.clause) for one in found if one.kind in HARMFUL}
    asked = {id(one.clause) for one in found if one.kind.endswith("question")}
    kind_clauses = [c for c in clauses if id(c) not in harmful]
    taken = take_up(ground, [c for c in kind_clauses if id(c) not in asked])
    softly = take_up(ground, [c for c in kind_clauses if id(c) in asked])
    taken = TakeUp(
        content=min(1.0, taken.content + w.ASKED_SHARE * softly.content),
        feeling=max(taken.feeling if _named(found) else 0.0, w.ASKED_SHARE * softly.feeling),
        taken=taken.taken | softly.taken,
        misnamed=taken.misnamed,
    )
    facets: dict[Facet, float] = dict.fromkeys(FACETS, 0.0)
    for one in found:
        facet = _FACET_OF.get(one.kind)
        if facet:
            value = one.confidence * w.PART.get(one.kind, 1.0)
            facets[facet] = round(1 - (1 - facets[facet]) * (1 - value), 3)
    reflected = any(one.kind.startswith("reflection") for one in found)
    facets["understanding"] = (
        round(w.FEELING_SHARE * taken.feeling + w.CONTENT_SHARE * taken.content, 3)
        if (reflected or any(one.kind in {"apology", "validation", "support"} for one in found))
        else round(w.CONTENT_ALONE * taken.content, 3)
    )
    if _named(found):
        facets["validating"] = max(
            facets["validating"], round(w.NAMING_VALIDATES * taken.feeling, 3)
        )
    stems = [word for clause in kind_clauses for word in clause.content]
    return _Evidence(
        found=found,
        ground=ground,
        taken=taken,
        facets=facets,
        copied=copy_rate(ground, stems),
        stems=len(stems),
        about=frozenset(stems) - FELT,
        turned=_turned(found),
    )


def _named(found: Sequence[Found]) -> bool:
    return any(one.kind in {"reflection_feeling", "validation", "apology"} for one in found)


def _turned(found: Sequence[Found]) -> bool:
    """Whether care is taken back: "... but" and then a harm."""
    for index, one in enumerate(found):
        opened = one.clause.words[0].word in {"but", "though", "however"}
        if opened and one.kind in HARMFUL and any(b.kind not in HARMFUL for b in found[:index]):
            return True
    return False


def parroted(evidence: _Evidence) -> bool:
    """Whether the reply says the line back rather than in words of its own."""
    own = evidence.has("open_question", "validation", "support", "check_in", "apology")
    own = own or any(one.wish for one in evidence.found)
    return evidence.stems >= w.MIN_CONTENT_WORDS and evidence.copied >= w.PARROT_RATE and not own


def off_target(evidence: _Evidence) -> bool:
    """Whether the reply reflects something the line does not hold."""
    reflected = [one for one in evidence.found if one.kind.startswith("reflection")]
    if not reflected or not evidence.ground.stems or evidence.has(*HARMFUL):
        return False
    taken = evidence.taken
    if taken.misnamed and taken.feeling < w.MISNAMED_BELOW:
        return True
    says = len(evidence.about) >= w.STRAYED_WORDS or any(one.wish for one in reflected)
    if says and not is_foreign(evidence.ground, evidence.about):
        return False  # words of one's own for what the line may well mean
    about = {word for one in reflected for word in one.clause.content} - FELT
    strayed = len(about) >= w.STRAYED_WORDS and taken.content < w.STRAYED_BELOW
    sure = NEAR_FEELING * GUESSED_FEELING if strayed else LOOSE_FEELING
    return taken.feeling <= sure and taken.content < w.OFF_TARGET_BELOW


def _guessed(evidence: _Evidence) -> bool:
    """Whether the reply guesses at the partner's side of it and does no harm."""
    listens = any(
        one.kind.startswith("reflection") and " you " in f" {one.clause.text} "
        for one in evidence.found
    )
    enough = evidence.stems >= w.MIN_CONTENT_WORDS or any(one.wish for one in evidence.found)
    return listens and enough and not evidence.has(*HARMFUL)


def _score(evidence: _Evidence) -> int:
    facets, taken = evidence.facets, evidence.taken
    score = w.FLOOR + w.FEELING * taken.feeling + w.CONTENT * taken.content
    for facet in ("validating", "inviting"):
        score += w.EXTRAS[facet] * facets[facet]
    for kind in ("support", "apology", "boundary"):
        if evidence.has(kind):
            bare = 1.0 if kind == "boundary" else w.EXTRA_BARE
            score += w.EXTRAS[kind] * (bare + (1.0 - bare) * taken.content)
    score -= sum(cost * facets[name] for name, cost in w.COSTS.items())
    if score > w.BEND:
        score = w.BEND + (100 - w.BEND) * (1 - exp((w.BEND - score) / (100 - w.BEND)))
    least = 0.0 if facets["attacking"] >= w.ATTACKS else w.LEAST_WITHOUT_ATTACK
    if _guessed(evidence):
        least = w.LEAST_FOR_A_GUESS
    return round(min(max(least, score), _cap(evidence)))


def _cap(evidence: _Evidence) -> float:
    """The most that what the reply does allows."""
    facets = evidence.facets
    caps = [100.0]
    if parroted(evidence):
        caps.append(w.CAPS["parrot"])
    if off_target(evidence) and not facets["inviting"] > w.INVITES:
        caps.append(w.CAPS["off target"])
    if any(one.disguised for one in evidence.found if one.kind in HARMFUL):
        caps.append(w.CAPS["disguised"])
    if facets["attacking"] >= w.CAP_FROM:
        caps.append(w.CAPS["attack"] + w.ATTACK_WITH_FEELING * evidence.taken.feeling)
    if facets["dismissing"] >= w.CAP_FROM:
        caps.append(w.CAPS["dismiss"])
    if not evidence.found:
        caps.append(w.CAPS["nothing"])
    if evidence.turned:
        caps.append(w.CAPS["but"])
    return min(caps)


def _level(evidence: _Evidence) -> Level:
    facets = evidence.facets
    warm = max(facets["understanding"], facets["validating"], facets["inviting"])
    if facets["attacking"] >= w.ATTACKS:
        return "attack"
    selfish = facets["self_focus"] >= w.MARKED and warm < w.WARM_OVER_SELF
    if facets["dismissing"] >= w.MARKED or selfish:
        return "apathy"
    if evidence.has("sympathy") and max(facets["understanding"], facets["inviting"]) < w.MARKED:
        return "sympathy"
    met = not (parroted(evidence) or off_target(evidence))
    if warm >= w.WARM and facets["advising"] < w.MARKED and met:
        return "empathy"
    if evidence.has("sympathy", "apology", "support", "advice"):
        return "sympathy"
    return "unclear"


def primary_inputs(line: str, reply: str) -> tuple[dict[str, float], tuple[Found, ...]]:
    """What the model of the main behaviour looks at, for training: features, and moves found."""
    clauses, ground = clauses_of(reply), ground_of(line)
    found = moves_in(clauses, ground)
    return _features(clauses, found, ground), found


def _features(
    clauses: Sequence[Clause], found: Sequence[Found], ground: Ground
) -> dict[str, float]:
    taken = take_up(ground, clauses).content
    return features_of(clauses, found, taken=taken, line_words=ground.length)


def _notes(evidence: _Evidence) -> tuple[str, ...]:
    notes: list[str] = []
    if parroted(evidence):
        notes.append("says the line back almost word for word")
    elif off_target(evidence):
        wrong = evidence.taken.misnamed
        notes.append(
            f"names a feeling the line does not hold: {wrong[0]}"
            if wrong
            else "speaks of something the line did not say"
        )
    if any(one.disguised for one in evidence.found if one.kind in HARMFUL):
        notes.append("begins like listening and ends as blame")
    if any(one.hollow for one in evidence.found):
        notes.append("says sorry for the feeling, not for what happened")
    if evidence.turned:
        notes.append("takes the kindness back with a but")
    if evidence.taken.feeling >= w.SAY_FEELING:
        notes.append("names what the other person feels")
    if evidence.taken.content >= w.SAY_CONTENT and not parroted(evidence):
        notes.append("takes up what happened")
    return tuple(notes)


def _times(reply: str, words: Sequence[Word]) -> tuple[tuple[int, int, Span], ...]:
    """Where each timed word stands in the reply: (start, end, span); words not found are left."""
    at, low, found = 0, reply.lower(), []
    for word in words:
        start = low.find(word.text.lower().strip(".,?!"), at)
        if start >= 0:
            at = start + len(word.text.strip(".,?!"))
            found.append((start, at, word.span))
    return tuple(found)


def _move(one: Found, reply: str, times: Sequence[tuple[int, int, Span]]) -> Move:
    start, end = one.clause.start, one.clause.end
    inside = [span for begin, stop, span in times if begin < end and stop > start]
    return Move(
        move=one.kind,
        quote=reply[start:end],
        start=start,
        end=end,
        confidence=one.confidence,
        span=inside[0].hull(inside[-1]) if inside else None,
    )
