"""From labelled replies to what the network learns from: tokens, targets, twins made on purpose.

Everything that turns words into numbers goes through tokens.py.
"""

import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from corpus import FACETS, FLAVOURS, KINDS, LEVELS, MOVES, Line, Reply

from voice_coach.scoring.said import unpunctuated
from voice_coach.scoring.tokens import Tokens

ANNOMI = Path(__file__).parents[2] / "shared/data/listening/annomi_train.jsonl"
MOVE_NAMES = tuple(MOVES.values())
FACET_NAMES = tuple(FACETS.values())
LEVEL_NAMES = tuple(LEVELS.values())
KIND_NAMES = tuple(sorted(KINDS))
BEHAVIOURS = (
    "reflection:simple",
    "reflection:complex",
    "question:open",
    "question:closed",
    "input:information",
    "input:advice",
    "input:negotiation",
    "input:options",
    "other",
)
PRIMARIES = ("reflection", "question", "input", "other")
PRIMARY_OF = np.array([PRIMARIES.index(name.split(":")[0]) for name in BEHAVIOURS])
SIZES = {
    "tags": len(MOVE_NAMES),
    "moves": len(MOVE_NAMES),
    "behaviours": len(BEHAVIOURS),
    "quality": 5,
    "facets": len(FACET_NAMES),
    "level": len(LEVEL_NAMES),
    "flavour": len(FLAVOURS),
    "kind": len(KIND_NAMES),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A reply to a line and what is known of it; None where nothing is.

    `tags` (tokens, moves) is over the reply's tokens. `quality` is a distribution over 0 to 4.
    `behaviours` marks the behaviours that it may be. Examples of one `group` answer one line, those
    of one `reply` are the same words, perhaps to another line; `rank` puts both in order.
    """

    group: str
    reply: str
    ids: tuple[int, ...]
    segments: tuple[int, ...]
    first: int
    behaviours: np.ndarray
    tags: np.ndarray | None = None
    moves: np.ndarray | None = None
    quality: np.ndarray | None = None
    rank: float | None = None
    facets: np.ndarray | None = None
    level: int | None = None
    flavour: int | None = None
    kind: int | None = None
    takes_up: bool = False


def tidy(text: str) -> str:
    """A transcript's text without its stage directions."""
    text = re.sub(r"\[[^\]]*\]|<[^>]*>", " ", text).replace("--", " ")
    return re.sub(r"\s+", " ", text).strip(" -")


def bare(text: str) -> str:
    """As a recogniser without punctuation would write it."""
    return " ".join(unpunctuated(text).split())


def read_annomi() -> list[dict]:
    """The counselling turns, or nothing where they are absent."""
    if not ANNOMI.exists():
        return []
    return [json.loads(row) for row in ANNOMI.read_text(encoding="utf-8").splitlines()]


def session_of(turn: dict) -> str:
    """The conversation that a counselling turn is from."""
    return str(turn["id"].split("-")[1])


def from_annomi(tokens: Tokens, turn: dict, *, plain: bool = False) -> Example:
    """A counselling turn: only its behaviour is known."""
    write = bare if plain else str
    window = next(tokens.windows(write(tidy(turn["line"])), write(tidy(turn["reply"]))))
    detail = turn.get(turn["primary"])
    wanted = turn["primary"] if detail is None else f"{turn['primary']}:{detail}"
    return Example(
        group=f"annomi-{session_of(turn)}",
        reply=turn["id"],
        ids=window.ids,
        segments=window.segments,
        first=window.first,
        behaviours=np.array([name.startswith(wanted) for name in BEHAVIOURS]),
    )


def from_reply(tokens: Tokens, reply: Reply, was: Reply | None = None) -> Example:
    """A reply of the corpus with all its labels; `was` is what a twin was made of."""
    was = was or reply
    here = reply.line == was.line  # of a reply told elsewhere nobody knows the kind for certain
    window = next(tokens.windows(reply.line.text, reply.text))
    tags = np.zeros((len(window.places), len(MOVE_NAMES)), dtype=np.float32)
    for move, start, end in reply.moves:
        inside = [start < stop and begin < end for begin, stop in window.places]
        tags[inside, MOVE_NAMES.index(move)] = 1.0
    wanted = reply.primary
    asked = {move for move, _, _ in reply.moves} & {"open_question", "closed_question"}
    if reply.primary == "question" and len(asked) == 1:
        wanted = "question:" + asked.pop().split("_")[0]
    return Example(
        group=reply.line.name,
        reply=was.text,
        ids=window.ids,
        segments=window.segments,
        first=window.first,
        behaviours=np.array([name.startswith(wanted) for name in BEHAVIOURS]),
        tags=tags,
        moves=np.array(
            [any(move == name for move, _, _ in reply.moves) for name in MOVE_NAMES],
            dtype=np.float32,
        ),
        quality=_spread(reply.quality) if here else ELSEWHERE,
        rank=float(reply.quality),
        facets=np.array([reply.facets[name] / 4 for name in FACET_NAMES], dtype=np.float32),
        level=LEVEL_NAMES.index(reply.level) if here else None,
        flavour=FLAVOURS.index(reply.flavour) if reply.flavour in FLAVOURS else None,
        kind=KIND_NAMES.index(reply.kind) if here else None,
        takes_up=here and reply.kind in TAKES_UP and reply.quality >= 3,
    )


STRAYED = 3
"""Of a line's true reflections so many are told to another line too, each to its own. Chosen."""
ELSEWHERE = np.array([0.05, 0.6, 0.25, 0.1, 0.0], dtype=np.float32)
"""Quality of a true reflection told to another line: most miss it, some fit it by chance."""


def _spread(quality: int) -> np.ndarray:
    """One step of quality is where labellers differ: a twelfth of the weight to each neighbour."""
    spread = np.zeros(5, dtype=np.float32)
    spread[quality] = 10 / 12
    for near in (quality - 1, quality + 1):
        spread[min(4, max(0, near))] += 1 / 12
    return spread


TAKES_UP = frozenset(("good", "stemless", "simple"))
"""Kinds that answer one line only: told to another, they are reflections of the wrong content."""
ATTACKS = frozenset(("blaming", "judging", "accusing"))
TURNS = {
    "i": "you", "me": "you", "my": "your", "mine": "yours", "myself": "yourself", "i'm": "you're",
    "i've": "you've", "i'd": "you'd", "i'll": "you'll", "am": "are", "you": "i", "your": "my",
    "yours": "mine", "you're": "i'm", "you've": "i've", "you'd": "i'd", "you'll": "i'll",
}  # fmt: skip
STEMS = (
    "",
    "",
    "",
    "so ",
    "so you're saying ",
    "what i'm hearing is ",
    "you said ",
    "i hear you, ",
    "it sounds like ",
)
FILLERS = ("um", "uh", "er", "like", "you know", "i mean")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """What one move is worth when it is all that is said."""

    quality: int
    kind: str
    primary: str
    level: str
    facets: dict[str, int]


_ATTACKS = {"primary": "other", "level": "attack", "facets": {"attacking": 3, "dismissing": 2}}
_TAKES_UP = {"quality": 3, "kind": "simple", "primary": "reflection", "level": "empathy"}
ALONE = {
    "blaming": Alone(quality=0, kind="blaming", **_ATTACKS),
    "judging": Alone(quality=0, kind="judging", **_ATTACKS),
    "minimising": Alone(
        quality=1, kind="minimising", primary="other", level="apathy", facets={"dismissing": 3}
    ),
    "defending": Alone(
        quality=1,
        kind="defending",
        primary="other",
        level="apathy",
        facets={"self_focus": 2, "dismissing": 1},
    ),
    "hijacking": Alone(
        quality=1,
        kind="hijacking",
        primary="other",
        level="apathy",
        facets={"self_focus": 4, "dismissing": 1},
    ),
    "advice": Alone(
        quality=1,
        kind="advice",
        primary="input",
        level="apathy",
        facets={"advising": 4, "dismissing": 1},
    ),
    "reflection_content": Alone(**_TAKES_UP, facets={"understanding": 3}),
    "reflection_feeling": Alone(**_TAKES_UP, facets={"understanding": 3}),
    "validation": Alone(
        quality=3,
        kind="validating",
        primary="other",
        level="empathy",
        facets={"validating": 3, "understanding": 1},
    ),
    "open_question": Alone(
        quality=3, kind="open", primary="question", level="empathy", facets={"inviting": 3}
    ),
}
NEEDS_A_GOOD_REPLY = frozenset(
    ("reflection_content", "reflection_feeling", "validation", "open_question")
)
FEWEST_CLIPPED, MOST_CLIPPED = 3, 0.7
"""Words, and share of the reply, that a stretch has which is told alone."""


def clipped(reply: Reply, rng: random.Random) -> Reply | None:
    """One move of a longer reply said alone: people answer in a few words more than writers do."""
    fit = [
        (move, start, end)
        for move, start, end in reply.moves
        if move in ALONE
        and len(reply.text[start:end].split()) >= FEWEST_CLIPPED
        and end - start <= MOST_CLIPPED * len(reply.text)
        and (move not in NEEDS_A_GOOD_REPLY or (reply.quality >= 3 and reply.level == "empathy"))
    ]
    if not fit:
        return None
    move, start, end = rng.choice(fit)
    alone = ALONE[move]
    text = reply.text[start:end]
    return replace(
        reply,
        text=text if reply.style == "heard" else f"{text[0].upper()}{text[1:]}",
        quality=alone.quality,
        kind=alone.kind,
        primary=alone.primary,
        level=alone.level,
        flavour=reply.flavour if alone.level == "empathy" else "-",
        facets=dict.fromkeys(FACET_NAMES, 0) | alone.facets,
        moves=tuple(
            (other, 0, len(text)) for other, at, to in reply.moves if (at, to) == (start, end)
        ),
    )


def told_elsewhere(reply: Reply, line: Line) -> Reply:
    """A true reflection said to the wrong line."""
    facets = dict.fromkeys(FACET_NAMES, 0) | {"inviting": reply.facets["inviting"]}
    return replace(
        reply,
        line=line,
        quality=1,
        kind="wrong_content",
        level="unclear",
        flavour="-",
        facets=facets,
    )


def said_back(line: Line, rng: random.Random) -> Reply:
    """The line's own words, pronouns turned or not, perhaps after a stem."""
    words = line.text.split()
    if rng.random() < 0.7:
        words = [_turned(word) for word in words]
    if len(words) > 8 and rng.random() < 0.4:
        cut = rng.randrange(5, len(words))
        words = words[:cut] if rng.random() < 0.5 else words[-cut:]
    text = rng.choice(STEMS) + " ".join(words)
    heard = rng.random() < 0.5
    text = bare(text) if heard else text[:1].upper() + text[1:]
    return Reply(
        line=line,
        text=text,
        quality=1,
        kind="parrot",
        style="heard" if heard else "clean",
        primary="reflection",
        level="unclear",
        flavour="-",
        facets=dict.fromkeys(FACET_NAMES, 0),
        moves=(("reflection_content", 0, len(text)),),
    )


def _turned(word: str) -> str:
    core = word.strip(".,!?;:").lower()
    return word.lower().replace(core, TURNS[core]) if core in TURNS else word


def as_heard(reply: Reply, rng: random.Random) -> Reply:
    """The same reply as a recogniser may write it: bare, with fillers, a word lost or doubled."""
    text, moves, place = "", [], []
    for word in re.finditer(r"\S+", reply.text):
        said = bare(word.group())
        chance = rng.random()
        if not said or chance < 0.01:
            place.append((word.start(), word.end(), len(text), len(text)))
            continue
        if chance < 0.04:
            text += rng.choice(FILLERS) + " "
        elif chance < 0.05:
            text += said + " "
        place.append((word.start(), word.end(), len(text), len(text) + len(said)))
        text += said + " "
    for move, start, end in reply.moves:
        inside = [(low, high) for begin, stop, low, high in place if begin < end and start < stop]
        if inside and inside[-1][1] > inside[0][0]:
            moves.append((move, inside[0][0], inside[-1][1]))
    return replace(reply, text=text.strip(), style="heard", moves=tuple(moves))


def spoilt(true: Reply, attack: Reply) -> Reply:
    """A true reply with an attack at its end: the end is what is heard."""
    at = len(true.text) + 1
    moves = tuple((move, start + at, end + at) for move, start, end in attack.moves)
    return replace(
        attack,
        text=f"{true.text} {attack.text}",
        kind="disguise",
        moves=true.moves + moves,
        facets=attack.facets | {"understanding": min(1, true.facets["understanding"])},
    )


def of_a_line(
    tokens: Tokens,
    replies: Sequence[Reply],
    elsewhere: Sequence[Line],
    rng: random.Random,
    *,
    most: int = 12,
) -> list[Example]:
    """A line's replies for one pass: some as heard, some twins, some told to other lines."""
    line = replies[0].line
    chosen = rng.sample(list(replies), min(most, len(replies)))
    true = [reply for reply in chosen if reply.kind in TAKES_UP and reply.quality >= 3]
    attacks = [reply for reply in chosen if reply.level == "attack" and reply.kind in ATTACKS]
    told = [(reply, reply) for reply in chosen]
    told += [
        (told_elsewhere(reply, other), reply)
        for reply, other in zip(true, elsewhere, strict=False)
        if other != line
    ]
    if true and attacks and rng.random() < 0.4:
        twin = spoilt(rng.choice(true), rng.choice(attacks))
        told.append((twin, twin))
    if rng.random() < 0.4:
        twin = said_back(line, rng)
        told.append((twin, twin))
    twin = clipped(rng.choice(chosen), rng)
    if twin is not None:
        told.append((twin, twin))
    return [
        from_reply(
            tokens,
            as_heard(reply, rng) if reply.style == "clean" and rng.random() < 0.35 else reply,
            was,
        )
        for reply, was in told
    ]
