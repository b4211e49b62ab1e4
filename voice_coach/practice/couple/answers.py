"""Spoken answers: a yes or a no, a number from 0 to 10, a pass; from the recogniser's text.

None where it could be heard in more than one way: then the question is put again, which is kinder
than a wrong guess. Of two numbers the lower counts ("six or seven" is 6, and "seven and a half" 7,
"nearly an eight" 7): whoever wavers was not quite reached.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from voice_coach.practice.couple.steps import MOST, AnswerKind
from voice_coach.scoring.said import plain

_YES = """
yes|yeah|yea|yah|ya|aye|mm-hm|okay|sure|right|exactly|absolutely|definitely|certainly|totally
completely|correct|indeed|perfectly|perfect|true|agreed|please|fine|all right|probably|gladly
of course|why not|go ahead|i am ready|let us do it|let us try|not bad|not too bad
no doubt|no question|no problem|no objection|i do not mind|i would not mind
i think so|i guess so|i suppose so|i hope so|a little more|a bit more|a little bit more
go on|let us go on|carry on|keep going|continue|pretty much|very much so|i agree|sounds good
works for me|i would love to|i would say so|spot on|bang on|good|very good|great|not bad at all
one more|one thing more|something more|there is more|some more|much more|a lot more
"""
_NO = """
no|nope|nah|nay|not|never|hardly|no thanks|no thank you|not really|not at all|not yet|not quite
not exactly|not now|no way|nothing more|nothing else|no more|that is all|that is everything
that is enough|that was all|i am done|i am finished|i am through|i would rather not
i do not think so|probably not|of course not|absolutely not|definitely not|certainly not
i do not want to|let us not|stop|let us stop|stop here|i do not agree|not right now
i guess not|not even close|not a bit|no that is fine|no that is okay
no that is all right|no it is fine|no it is okay|no i am fine|no i am good|no i am okay|no all good
"""
_UNSURE = """
i am not sure|i am not so sure|i am not really sure|i am not quite sure|not sure|not so sure
not really sure|not quite sure|not too sure|not certain|not entirely|not completely|not fully
not totally|not always|i do not know|i do not really know|do not know|i can not say|i can not tell
no idea|hard to say|yes and no|yeah and no|kind of|sort of|kind of yes|kind of no|a little|a bit
a little bit|i am fine|i am good|i am okay|somewhat
partly|in part|half|halfway|almost|nearly|maybe|maybe not|maybe yes|maybe no
perhaps|perhaps not|possibly|it depends|depends|more or less|so so|in a way|never mind|mostly
"""
_SHORT = re.compile(
    r"(?:it|he|she|they|you|i|we|there|that) "
    r"(?:did|do|does|would|will|can|could|is|was|were|has|have)"
)
"""An answer such as "they did", which means yes only where nothing follows."""


def _phrases(text: str) -> list[str]:
    return [phrase for line in text.split("\n") for phrase in line.split("|") if phrase]


_MEANING: dict[str, bool | None] = {
    **dict.fromkeys(_phrases(_YES), True),
    **dict.fromkeys(_phrases(_NO), False),
    **dict.fromkeys(_phrases(_UNSURE)),
}
_LONGEST_FIRST = "|".join(sorted(_MEANING, key=len, reverse=True))
_SIGNAL = re.compile(rf"(?<![\w-])(?:{_LONGEST_FIRST})(?![\w-])")
_DENIED = re.compile(
    r"\bnot (?:so |very |that |all that |really |quite )?"
    r"(?:good|great|right|okay|fine|true|perfect|correct|well|all right)\b(?! now)"
)
_HUMMED_YES = re.compile(r"\bm+[\s-]*h+m+\b|\bu+h[\s-]+hu+h\b")
_HUMMED_NO = re.compile(r"\b(?:n|h)?u+h[\s-]+u+h\b")

_NUMBERS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()
    )
} | {"nought": 0, "nil": 0, "twenty": 20, "fifty": 50, "hundred": 100}
_ALONE = {"to": 2, "too": 2, "for": 4, "ate": 8, "won": 1}
"""What a recogniser may write for a number said alone. Chosen."""
_WORD = re.compile(r"\d+(?:\.\d+)?|[a-z]+(?:'[a-z]+)?|%")
_SCALE = re.compile(
    r"/ ?10\b|\b(?:out )?of (?:10|ten)\b|\b(?:zero|0) (?:to|and) (?:ten|10)\b|\bpoint (?:5|five)\b"
)
_JOINS = frozenset("or to and maybe perhaps a an even".split())
_TAKEN_BACK = frozenset("no sorry wait actually rather mean make".split())
"""Between two numbers these take the first one back: "six, no, seven"."""
_NEARLY = frozenset("almost nearly quite under".split())
_COUNTED = frozenset(
    "% percent people children hundred thousand of more thing time day minute hour o'clock am pm"
    " half".split()
)
"""After a number these say that something was counted, not rated."""
_NOT_PLURAL = frozenset("yes is was as this perhaps thanks always points us".split())
_POINTS = frozenset("that this no any every the which last each another some".split())
"""Before "one" these point: "that one"."""

_PASS = re.compile(
    r"""(?:(?:oh|well|please|sorry|okay|i\ think)\ )*
    (?:
      (?:(?:i|i\ (?:will|would\ like\ to|want\ to|would\ rather|have\ to)|can\ i|may\ i|let\ us)\ )?
      (?:pass|skip)(?:\ on)?(?:\ (?:this|that|it))?(?:\ one)?(?:\ (?:please|thanks|thank\ you))?
    | i\ (?:would\ rather\ not|do\ not\ want\ to|can\ not)
      (?:\ (?:say|answer|do))?(?:\ (?:that|anything|it|this))?
    | no(?:\ (?:thanks|thank\ you))? | nope | next(?:\ one)?(?:\ please)?
    | (?:no\ )?nothing(?:\ (?:really|more|else|to\ add|comes\ to\ mind))?
    | that\ (?:is|was)\ (?:all|it|everything) | i\ have\ nothing(?:\ to\ (?:say|add))?
    )""",
    re.VERBOSE,
)


def answer_in(text: str, answer: AnswerKind) -> bool | int | None:
    """The answer to a question of this kind; a plain yes or no also where a number was asked."""
    if answer == "yes/no":
        return yes_in(text)
    number = number_in(text)
    if number is not None or any(_number_of(word) is not None for word in _words(text)):
        return number
    return yes_in(text)


def yes_in(text: str) -> bool | None:
    """True for yes, False for no, None where it is neither, both, or half of each.

    ::

        "yeah, they did"          True
        "no, not really"          False
        "kind of", "yes and no"   None
    """
    said = plain(_HUMMED_NO.sub("no", _HUMMED_YES.sub("mm-hm", text.lower())))
    said = _DENIED.sub("no", said)
    if _SHORT.fullmatch(said):
        return True
    meanings = {_MEANING[phrase] for phrase in _SIGNAL.findall(said)}
    return meanings.pop() if len(meanings) == 1 else None


def number_in(text: str) -> int | None:
    """A rating from 0 to 10, None where there is none or more than one.

    ::

        "I'd say an eight"            8
        "7 out of 10"                 7
        "six or seven"                6
        "two things, and then five"   5
    """
    words = _words(text)
    if len(words) == 1 and words[0] in _ALONE:
        return _ALONE[words[0]]
    found = [at for at in range(len(words)) if _is_rating(words, at)]
    back = {at for at, after in pairwise(found) if _TAKEN_BACK & set(words[at + 1 : after])}
    found = [at for at in found if at not in back]
    ratings = {_rating(words, at) for at in found}
    joined = all(_JOINS.issuperset(words[at + 1 : after]) for at, after in pairwise(found))
    if not ratings or max(ratings) > MOST or not (joined or len(ratings) == 1):
        return None
    return min(ratings)


def wants_to_pass(text: str) -> bool:
    """Whether somebody who was given the floor says no more than that they pass."""
    return bool(_PASS.fullmatch(plain(text)))


def _words(text: str) -> list[str]:
    return _WORD.findall(_SCALE.sub(" ", text.lower().replace("’", "'")))


def _number_of(word: str) -> int | None:
    if word[0].isdigit():
        return int(float(word))
    return _NUMBERS.get(word)


def _is_rating(words: Sequence[str], at: int) -> bool:
    """Whether a word is a number that rates: not one that counts, points, or is denied."""
    if _number_of(words[at]) is None:
        return False
    before = words[max(0, at - 3) : at]
    after = words[at + 1] if at + 1 < len(words) else ""
    plural = after.endswith("s") and "'" not in after and after not in _NOT_PLURAL
    points = words[at] == "one" and before[-1:] != [] and before[-1] in _POINTS
    denied = any(word == "not" or word.endswith("n't") for word in before[-2:])
    return not (plural or points or after in _COUNTED or (denied and "quite" not in before))


def _rating(words: Sequence[str], at: int) -> int:
    """The number itself, or one less where it was only nearly reached."""
    number = _number_of(words[at]) or 0
    return max(0, number - 1) if _NEARLY & set(words[max(0, at - 2) : at]) else number
