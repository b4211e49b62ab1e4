"""Spoken text as spelled-out words.

Works the same on clean text and on recogniser text: contractions are spelled out ("dont", "don't"
→ "do not"), fillers and stutters fall away.

::

    um im so sorry i was late  →  i am so sorry i was late
"""

from __future__ import annotations

import re
import unicodedata
from types import MappingProxyType

from voice_coach.scoring.lexicon import HESITATIONS, LIGHT, stem

_LETTERS = r"(?:[^\W_][\u0300-\u036f]*)+"  # of any alphabet, with accents that stand apart
_TOKEN = re.compile(rf"{_LETTERS}(?:['’-]{_LETTERS})*['’]?")
STUTTER = re.compile(r"\b([^\W_]+)-(?=\1)")
"""The broken-off beginnings in "w-w-was", in small letters."""
_NO_PUNCTUATION = re.compile(r"[^\w\s'-]+")
_FILLERS = HESITATIONS | {"ah", "hm", "hmm", "mm"}
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

NEGATIONS = frozenset({"not", "never", "nor"})
SUBJECTS = frozenset("i you we they he she it".split())
AUXILIARIES = frozenset(
    "do did does am are is was were will would can could should have had".split()
)
NOT_AFTER = frozenset({"why", "or", "if", "whether"})
NOT_WITHIN = 2
"""Words before a quote among which its "not" is looked for. Chosen."""


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


def words_of(text: str) -> tuple[str, ...]:
    """The spelled-out words in order, without fillers and stutters; none where nothing was said."""
    words: list[str] = []
    for token in _TOKEN.findall(text):
        new = spelled_out(token)
        if new[0] in _FILLERS or words[-len(new) :] == list(new):  # a stutter: it is said once
            continue
        words.extend(new)
    return tuple(words)


def plain(text: str) -> str:
    """The spelled-out words, one blank between: "You're, um, hurt." → "you are hurt"."""
    return " ".join(words_of(text))


def content_of(text: str) -> tuple[str, ...]:
    """Stems of the words that carry content, in order."""
    return tuple(stem(word) for word in words_of(text) if word not in LIGHT)


def with_its_not(reply: str, start: int) -> int:
    """Where a stretch begins with the "not" just before it: its quote would say the contrary.

    Not one of another clause, nor a stretch that has a subject of its own.
    """
    clause = re.split(r"[.?!,;:]", reply[:start])[-1]
    words = list(re.finditer(r"\S+", clause))
    own = re.match(r"\w+", reply[start:])
    if own is None or own.group().lower() in SUBJECTS:
        return start
    first = None
    for at in range(max(0, len(words) - NOT_WITHIN), len(words)):
        lead = words[at - 1].group().lower() if at else ""
        if NEGATIONS & set(spelled_out(words[at].group())) and lead not in NOT_AFTER:
            first = at if first is None else first
    if first is None:
        return start
    while first and words[first - 1].group().lower() in AUXILIARIES:
        first -= 1
    if first and spelled_out(words[first - 1].group())[0] in SUBJECTS:
        first -= 1
    return start - len(clause) + words[first].start()


def unpunctuated(text: str) -> str:
    """The text as a recogniser without punctuation gives it: lower case, words only."""
    return _NO_PUNCTUATION.sub(" ", text).lower()


def printable(text: str) -> str:
    """The text with halves of characters (lone surrogates), which nothing can print, replaced."""
    return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
