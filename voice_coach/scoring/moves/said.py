"""A reply as clauses of spelled-out words, each word knowing where it stands in the text.

Works the same on clean text and on recogniser text: contractions are spelled out ("dont", "don't"
→ "do not"), fillers and stutters fall away, and where there is no punctuation the words that
usually open a clause do its work.

::

    um im so sorry i was late you sat there waiting
       [i am so sorry][i was late][you sat there waiting]
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

from voice_coach.scoring.lexicon import LIGHT, stem

_LETTERS = r"(?:[^\W_][\u0300-\u036f]*)+"  # of any alphabet, with accents that stand apart
_TOKEN = re.compile(rf"{_LETTERS}(?:['’-]{_LETTERS})*['’]?|[.?!;:…—]+|,|\s[-–]+\s")
_NO_PUNCTUATION = re.compile(r"[^\w\s'-]+")
_FILLERS = frozenset({"um", "umm", "uh", "uhh", "er", "erm", "ah", "hm", "hmm", "mm"})
_SPELLED = MappingProxyType(
    {
        "im": "i am",
        "ive": "i have",
        "dont": "do not",
        "didnt": "did not",
        "doesnt": "does not",
        "cant": "can not",
        "can't": "can not",
        "cannot": "can not",
        "wont": "will not",
        "won't": "will not",
        "youre": "you are",
        "youve": "you have",
        "youll": "you will",
        "youd": "you would",
        "thats": "that is",
        "whats": "what is",
        "isnt": "is not",
        "wasnt": "was not",
        "couldnt": "could not",
        "arent": "are not",
        "shouldnt": "should not",
        "wouldnt": "would not",
        "havent": "have not",
        "hasnt": "has not",
        "werent": "were not",
        "theres": "there is",
        "lets": "let us",
        "hadnt": "had not",
        "aint": "is not",
        "ain't": "is not",
        "shant": "shall not",
        "shan't": "shall not",
        "yall": "you all",
        "y'all": "you all",
        "d'you": "do you",
        "d'ya": "do you",
        "gonna": "going to",
        "wanna": "want to",
        "gotta": "got to",
        "kinda": "kind of",
        "sorta": "sort of",
        "cause": "because",
        "cuz": "because",
        "ok": "okay",
        "y'know": "you know",
        "let's": "let us",
        "mhm": "mm-hm",
        "mm-hmm": "mm-hm",
        "uh-huh": "mm-hm",
        "mmhm": "mm-hm",
        "yep": "yeah",
        "yup": "yeah",
        "alright": "all right",
        "tho": "though",
        "should've": "should have",
        "could've": "could have",
        "would've": "would have",
        "dunno": "do not know",
        "lemme": "let me",
        "gimme": "give me",
        "til": "until",
        "em": "them",
    }
)
_ENDINGS = (("n't", " not"), ("'m", " am"), ("'re", " are"), ("'ve", " have"), ("'ll", " will"))
_IS = frozenset(
    "it that what there he she how who where here everything this why when everyone everybody"
    " someone somebody nobody".split()
)
_BINDS = frozenset(
    "like that when whenever because if how why what where who which than as while or since until"
    " hear see know understand think feel say said mean guess sorry wish hope sure is was am are"
    " to for of about me with imagine hearing saying tell get after before whether though not"
    " everything something anything nothing all unless believe so whatever do did does can could"
    " would will have has should might must may never always just"
    " in on at from by between without".split()
)
_OPENS = re.compile(
    r"(?:and |so |or )?(?:"
    r"i (?:am|was|had|have|did|do|can|could|hear|get|see|understand|will|would|want|need|should"
    r"|know|never|just|love|let|broke|said|told|told|think|feel|felt|guess|wish|appreciate|mean)"
    r"|you (?:should|need|always|never|feel|felt|are|were|must|have|could|had|do|did|just|said"
    r"|sat|wanted|want|waited|know|might|can|got|made|only|keep|started|think|thought|ought)"
    r"|(?:it|that|this) (?:sounds|seems|looks|must|makes|is|was|would|will|feels|hurts|does)"
    r"|sounds like|seems like|looks like|we (?:can|should|will|could|need|are|have)"
    r"|what (?:do|did|can|could|would|is|was|happened|are|about|else|i am hearing)"
    r"|how (?:do|did|can|could|are|about|was|is|long|come)|why (?:do|did|can|would|are|not|is)"
    r"|(?:do|did|does|are|can|could|would|will|have) (?:you|i|we|it|that|there)"
    r"|tell me|help me|no wonder|of course|let us|let me|thank you|maybe|at least|calm down|relax"
    r"|do not worry|talk to me|would you|anyone would|it will|there is|my (?:boss|day|mother|mom)"
    r"|if you|if i were|have you|why do not|please|am i|everyone|next time|my fault|poor"
    r")\b"
)
_JOINS = frozenset({"and", "but", "so", "or", "because", "well", "oh", "yeah", "no"})
_BINDS_OVER_ONE = frozenset({"how", "what", "will", "can", "could", "would"})
_COMMA_BREAKS = frozenset(
    "i you we it that this what how why do does did are is can could would will but and so there"
    " let maybe just try tell anyone because sounds am no of thank my if when even everyone poor"
    " which or have has right please calm relax".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One spelled-out word and the characters [start, end) of the text it stands for."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A stretch that does one thing. ``asks`` where a question mark ends it."""

    words: tuple[Said, ...]
    asks: bool = False

    @property
    def text(self) -> str:
        """The spelled-out words, one blank between."""
        return " ".join(said.word for said in self.words)

    @property
    def start(self) -> int:
        """First character in the text."""
        return self.words[0].start

    @property
    def end(self) -> int:
        """Behind the last character in the text."""
        return self.words[-1].end

    @property
    def content(self) -> tuple[str, ...]:
        """Stems of the words that carry content, in order."""
        return tuple(stem(said.word) for said in self.words if said.word not in LIGHT)


def spelled_out(token: str) -> tuple[str, ...]:
    """A token in lower case, contractions as full words: "You're" → ("you", "are")."""
    word = unicodedata.normalize("NFC", token).lower().replace("’", "'").strip("'")
    if word in _SPELLED:
        return tuple(_SPELLED[word].split())
    for ending, full in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending):
            return (word.removesuffix(ending), full.strip())
    if word.endswith("'d"):
        return (word.removesuffix("'d"), "would")
    if word.endswith("'s") and word[:-2] in _IS:
        return (word[:-2], "is")
    return (word,)


def clauses_of(text: str) -> tuple[Clause, ...]:
    """The clauses of a reply or line, in order; none where nothing was said."""
    found: list[Clause] = []
    words: list[Said] = []
    comma = False

    def close(asks: bool = False) -> None:
        nonlocal comma
        if words:
            found.extend(_split(words, asks))
            words.clear()
        comma = False

    for match in _TOKEN.finditer(text):
        piece = match.group()
        if piece == ",":
            comma = True
            continue
        if not piece[0].isalnum():
            close(asks="?" in piece)
            continue
        spelled = spelled_out(piece)
        if spelled[0] in _FILLERS:
            continue
        if comma and spelled[0] in _COMMA_BREAKS:
            close()
        comma = False
        new = [Said(word=word, start=match.start(), end=match.end()) for word in spelled]
        if [said.word for said in words[-len(new) :]] == list(spelled):
            words[-len(new) :] = new  # a stutter: the last try stands
        else:
            words.extend(new)
    close()
    return tuple(found)


def unpunctuated(text: str) -> str:
    """The text as a recogniser without punctuation gives it: lower case, words only."""
    return _NO_PUNCTUATION.sub(" ", text).lower()


def _split(words: list[Said], asks: bool) -> list[Clause]:
    """One sentence cut where a new clause opens, punctuation or not."""
    text = " ".join(said.word for said in words)
    starts: list[int] = []
    at = 0
    for said in words:
        starts.append(at)
        at += len(said.word) + 1
    cuts = [0]
    opened = _OPENS.match(text)
    opener_end = opened.end() if opened else 0
    for index in range(1, len(words)):
        before = words[index - 1]
        if words[index].start == before.start or starts[index] < opener_end:
            continue
        opened = _OPENS.match(text, starts[index])
        joins = words[index].word in {"and", "so", "or"}
        bound = (before.word in _BINDS and not joins) or (
            index > 1 and words[index - 2].word in _BINDS_OVER_ONE
        )
        bound = bound or (index == cuts[-1] + 1 and before.word in _JOINS)
        if words[index].word == "but" or (opened and not bound):
            cuts.append(index)
            opener_end = opened.end() if opened else 0
    cuts.append(len(words))
    return [
        Clause(words=tuple(words[begin:end]), asks=asks and end == len(words))
        for begin, end in pairwise(cuts)
    ]
