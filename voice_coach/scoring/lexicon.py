"""Words that need no learning: feelings by family, matters that belong together, small words.

Written for this project from how people talk at home; nothing is taken from a published list.
Phrases are in the spelled-out form of :mod:`voice_coach.scoring.said` ("i am", "do not").
"""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType

FEELINGS = MappingProxyType(
    {
        "hurt": (
            "hurt, hurts, hurting, wounded, crushed, gutted, disappointed, disappointing, "
            "painful, pain, let down, letting down, let you down, insulted, rejected, "
            "stings, stung, heartbreaking, hurtful"
        ),
        "angry": (
            "angry, mad, furious, frustrated, frustrating, annoyed, annoying, irritated, "
            "resentful, resent, fuming, livid, anger, bitter, infuriating, maddening, cross, "
            "narked, hacked off, fed up, sick of, pissed off, had it, had enough"
        ),
        "sad": (
            "sad, heartbroken, grieving, hopeless, miserable, sadness, grief, tears, "
            "crying, cried, depressed, discouraged, giving up, give up"
        ),
        "afraid": (
            "scared, afraid, worried, worry, worrying, anxious, nervous, terrified, "
            "frightened, frightening, scary, dread, dreading, uneasy, fear, panic, "
            "insecure, unsafe, shaken, wary, uncertain, unsure, anxiety, scares, worries, "
            "frightens, on edge, eggshells"
        ),
        "lonely": (
            "lonely, alone, abandoned, isolated, invisible, unseen, ignored, unimportant, "
            "forgotten, disconnected, excluded, distant, unwanted, overlooked, unwelcome, "
            "unchosen, a stranger, left out, shut out, left behind, pushed away, on your "
            "own, by yourself, on my own, by myself, come second, comes second, second "
            "place, last on the list, do not matter, did not matter, guarded, an "
            "afterthought"
        ),
        "ashamed": (
            "ashamed, embarrassed, embarrassing, humiliated, humiliating, foolish, idiot, "
            "stupid, fool, guilty, shame, small, ridiculed, mocked, put down, laughed at"
        ),
        "tired": (
            "tired, exhausted, exhausting, drained, draining, overwhelmed, overwhelming, "
            "burned, burnt, swamped, stressed, stressful, overloaded, worn, tiring, worn "
            "out, knackered, shattered, are done in, were done in, be done in, feel done in, "
            "look done in, sound done in, dead on your feet, running on fumes, at your "
            "limit, stretched thin, burned out, too much, run down, under pressure, never "
            "get a break, no break, on top of you, at the end of your rope"
        ),
        "unappreciated": (
            "unappreciated, disrespected, undervalued, unheard, dismissed, unloved, used, "
            "belittled, unfair, criticised, criticized, judged, misjudged, taken for "
            "granted, for granted, not good enough, not heard, not listened, not valued, "
            "not seen, not care, not caring, come first, not respected, nobody notices, "
            "nobody even notices, no one notices, walked over, more important than you, "
            "matters more, counts more"
        ),
        "betrayed": (
            "betrayed, cheated, deceived, misled, suspicious, distrust, mistrust, lied to, "
            "not trust, hard to trust, trust broken, not count on, not rely on, not "
            "believe, behind your back"
        ),
        "stuck": (
            "stuck, torn, lost, helpless, powerless, trapped, confused, confusing, "
            "cornered, controlled, suffocated, smothered, in the dark, in the middle, no "
            "say, no choice"
        ),
        "longing": (
            "longing, longed, hopeful, yearning, miss us, missing us, miss me, missed me, "
            "miss you, looking forward, miss it, miss being, miss having, wish we, hope we"
        ),
        "glad": (
            "happy, relieved, glad, proud, excited, grateful, thrilled, delighted, "
            "cheerful, content, joyful, calm, relaxed"
        ),
        "upset": ("upset, unhappy, upsetting, bothered, feel bad, felt bad, feeling bad, not okay"),
    }
)
"""Family → its words and phrases. "upset" fits every unhappy family, loosely."""

NEAR = MappingProxyType(
    {
        "hurt": {"sad", "lonely", "unappreciated", "betrayed", "ashamed", "angry"},
        "angry": {"hurt", "unappreciated", "betrayed", "tired", "stuck"},
        "sad": {"hurt", "lonely", "longing", "stuck", "tired"},
        "afraid": {"stuck", "lonely", "betrayed", "sad"},
        "lonely": {"hurt", "sad", "unappreciated", "longing", "afraid"},
        "ashamed": {"hurt", "unappreciated", "angry"},
        "tired": {"unappreciated", "angry", "stuck", "lonely", "sad"},
        "unappreciated": {"hurt", "angry", "lonely", "tired", "ashamed"},
        "betrayed": {"hurt", "angry", "afraid"},
        "stuck": {"angry", "afraid", "sad", "tired", "unappreciated"},
        "longing": {"lonely", "sad", "glad"},
        "glad": {"longing"},
        "upset": set[str](),
    }
)
"""Families a kind listener may name for one another. Chosen."""

IMPLIED = (
    (r"\b(again|always|never|every time|every single)\b", ("angry", "hurt")),
    (r"\b(everything|on my own|by myself|all of it|no help)\b", ("tired", "unappreciated")),
    (r"\b(do not|did not|never) (even )?(help|lift|do)\b", ("tired", "unappreciated")),
    (r"\b(promised?|said you would|you said|forgot|your word)\b", ("hurt", "angry", "betrayed")),
    (r"\b(listen\w*|notice\w*|care|phone|ignor\w*|screen)\b", ("lonely", "unappreciated", "hurt")),
    (r"\b(lied|lie|lying|hid|hiding|secret|behind my back|cheat\w*)\b", ("betrayed", "hurt")),
    (r"\b(what if|do not know (if|whether|how|what))\b", ("afraid", "stuck")),
    (r"\b(can not (do|take|keep)|anymore|any more)\b", ("tired", "sad", "angry")),
    (r"\b(in front of|laughed|joke|made fun|yelled|shouted)\b", ("ashamed", "hurt", "angry")),
    (r"\b(miss|used to|we never|not once)\b", ("sad", "lonely", "longing")),
    (r"\b(without (asking|telling)|decided|my say|ask me)\b", ("angry", "unappreciated", "stuck")),
    (r"\b(money|rent|bills?|lost (my|the|his|her) job|laid off|fired)\b", ("afraid", "ashamed")),
    (r"\b(died|death|funeral|cancer|hospital)\b", ("sad", "afraid")),
    (r"\b(criticis\w*|nothing i do|good enough|wrong)\b", ("unappreciated", "hurt")),
    (r"\b(waited|waiting|sat (here|there))\b", ("hurt", "lonely", "angry")),
)
"""What a line lets one guess although it names no feeling. Chosen; a guess counts less."""

MATTERS = tuple(
    frozenset(words.split())
    for words in (
        "late wait seven eight nine hour overdue clock time",
        "promise word rely count trust believe depend reliable said",
        "listen hear heard attention unheard ignore",
        "help share support carry load pitch alone myself yourself own",
        "work job office boss overtime career meeting laptop",
        "money pay spend spent afford cost bill rent debt account buy bought price saving",
        "kid child son daughter baby boy girl bedtime toddler teenager",
        "mum mother mom dad father parent family sister brother in-law",
        "phone screen scroll text message call ring",
        "clean dish laundry chore house mess kitchen tidy bin rubbish housework",
        "dinner meal food cook eat table supper",
        "forget remember birthday anniversary slip mind",
        "fight argue argument yell shout scream voice quarrel",
        "lie honest truth hide hid secret tell told",
        "friend party people front everyone",
        "decide decision ask consult choose say",
        "notice see seen invisible look thanks thank appreciate",
        "evening night weekend date together us sunday saturday friday",
        "leave left walk gone go home",
        "sick ill hospital doctor pain appointment",
        "holiday trip vacation travel cancel",
        "again always never everytime repeatedly keep constantly every pattern",
        "school grade homework teacher exam",
        "drink drank drunk bottle sober",
        "laugh joke funny mock embarrass tease",
        "everything all whole entire",
        "forward hope expect anticipate",
        "important matter priority first second come",
    )
)
"""Words that speak of the same matter, as stems. A word counts once, for its first group."""

HESITATIONS = frozenset({"um", "umm", "uh", "uhh", "er", "err", "erm", "uhm", "uhmm"})
"""What people say while they search, as recognisers and transcribers write it."""

CONTINUERS = tuple(
    "i see, mm-hm, mm hm, uh huh, yeah, yea, yes, right, okay, sure, oh, ah, aha, mm, mmm, hm, "
    "hmm, huh, mhm, mmhmm, uhuh, uhhuh, really, wow, true, exactly, mkay, kay, "
    "all right, ahuh, whoa, go on".split(", ")
)
"""What only says "I am listening", spelled out: in a reply an encourager, over the line no bid for
the floor. A pair counts as a pair only: "I ... I ..." is somebody trying to get in.
"""

AGREEMENTS = tuple(
    "okay then, of course, exactly, absolutely, definitely, totally, for sure, perfect, great, "
    "good, nice, very nice, cool, awesome, interesting, that is true, that is right, it is true, "
    "very true, i agree, i agree with that, you are right, makes sense, that makes sense, "
    "that make sense, make sense, good point, good idea, good call, that is good, that is fine, "
    "that is great, that is smart, sounds good, that sounds good, looks good, fair enough, fair, "
    "me too, same here, so did i, so do i, oh no, well yeah, got it, no problem, "
    "that is fair, i hear that, i see that, i am listening, i am sorry, i am so sorry, so sorry, "
    "please go on, go on please, take your time, tell me more, say more, that must hurt, "
    "that must have hurt, i know it hurts, of course it does, of course you do, of course you did, "
    "i hear you, i understand, i get it, i get that, oh dear, gosh, my god, no way".split(", ")
)
"""What only says that the other is right, spelled out: no bid for the floor where it stops there.
Chosen.
"""

EXCLAMATIONS = tuple(
    "ohh, ooh, ahh, aw, aww, oh my, oh boy, man, god, gosh, goodness, goodness me, my goodness, "
    "lord, good lord, jesus, christ, jeez, geez, gee, heavens, woww, damn, dang, crap, shit, "
    "holy shit, bloody hell, holy cow, blimey, crikey, whew, phew, oof, ouch, ow, ugh, yikes, "
    "aw no, aww no, ohh no, seriously, for real, no kidding, no wonder, you are kidding, dear me, "
    "poor you, poor thing, what a shame, i bet, i can imagine".split(", ")
)
"""What people exclaim while they listen, spelled out: no bid for the floor where it stops there.
Chosen.
"""

ASSESSED = tuple(
    "awful, terrible, horrible, dreadful, hard, tough, rough, sad, bad, rotten, scary, amazing, "
    "wonderful, lovely, brilliant, fantastic, incredible".split(", ")
)
"""What a listener says that it is, or was, without asking for the floor (Goodwin 1986). Chosen."""

EITHER_WAY = tuple("no, i know".split(", "))
"""What acknowledges some lines and cuts others short: "no" after a negative, "I know". Chosen."""

ANSWERS = tuple("yeah, yea, yes, sure, okay, of course, definitely".split(", "))
"""What says yes to a question; "mm-hm" and "right" are left out, for they mostly say "go on"."""

_LIGHT = """
a an the and or but so if then than as of to in on at by for with from about into over out up down
off i me my mine we our ours you your yours he him his she her hers it its they them their this
that these those there here what which who whom when where why how be am is are was were been being
do does did done doing have has had having will would can could should shall may might must not no
yes yeah okay well oh just really very too also even still only like kind sort bit little lot much
more most some any all one thing things stuff get got getting let us because while until again
going go gonna want know mean think guess say said right now um uh er mm-hm maybe actually honestly
sounds sound seems seem hear hearing feel feels feeling felt sorry please such quite pretty
"""
LIGHT = frozenset(_LIGHT.split())
"""Words too common, or too much the stem of a reflection, to show what a reply is about."""

_IRREGULAR = MappingProxyType(
    {
        "said": "say",
        "told": "tell",
        "felt": "feel",
        "forgot": "forget",
        "went": "go",
        "forgotten": "forget",
        "came": "come",
        "broke": "break",
        "broken": "break",
        "left": "leave",
        "kept": "keep",
        "made": "make",
        "sat": "sit",
        "heard": "hear",
        "kids": "kid",
        "children": "child",
        "saw": "see",
        "seen": "see",
        "lied": "lie",
        "lying": "lie",
        "cried": "cry",
        "ate": "eat",
        "knew": "know",
        "thought": "think",
        "bought": "buy",
        "lost": "lose",
        "spent": "spend",
        "gone": "go",
        "hid": "hide",
        "dishes": "dish",
        "promised": "promise",
        "promises": "promise",
        "bills": "bill",
        "called": "call",
        "rang": "ring",
        "rung": "ring",
        "missed": "miss",
        "ruined": "ruin",
        "cooled": "cold",
    }
)


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """A word without its common endings: "waiting", "waited" and "waits" meet in "wait"."""
    word = word.removesuffix("'s").removesuffix("'")
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    for ending in ("ing", "ed", "ly", "es", "s"):
        root = word.removesuffix(ending)
        if root != word and len(root) >= 3:  # shorter roots collide ("bed", "thing")
            if len(root) > 3 and root[-1] == root[-2] and root[-1] not in "ls":
                root = root[:-1]
            return root.rstrip("e") or root
    return word.rstrip("e") if len(word) > 3 else word


MATTER_OF = MappingProxyType(
    {stem(word): number for number, words in reversed(list(enumerate(MATTERS))) for word in words}
)
"""Stem → the number of its group in MATTERS."""


def _phrases() -> dict[str, str]:
    found: dict[str, str] = {}
    for family, listed in FEELINGS.items():
        for phrase in listed.split(", "):
            found.setdefault(phrase, family)
    return found


FAMILY_OF = MappingProxyType(_phrases())
_FEELING = re.compile(
    r"(?P<not>\b(?:not|never|no longer|no) (?:really |so |that |too )?)?"
    r"(?P<own>\bi (?:am|was|feel|felt|get|got) (?:\w+ )?)?"
    r"\b(?P<word>" + "|".join(sorted(map(re.escape, FAMILY_OF), key=len, reverse=True)) + r")\b"
)
_IMPLIED = tuple((re.compile(pattern), families) for pattern, families in IMPLIED)


def feelings_in(text: str, *, own: bool = True) -> tuple[tuple[str, str], ...]:
    """(word, family) of each feeling named in spelled-out text; denied ones are left out.

    Without ``own``, so are those the speaker tells of themselves ("i am scared").
    """
    return tuple(
        (match["word"], FAMILY_OF[match["word"]])
        for match in _FEELING.finditer(text)
        if not match["not"] and (own or not match["own"])
    )


def implied_by(text: str) -> frozenset[str]:
    """Families of feeling that a spelled-out line lets one guess without naming them."""
    return frozenset(
        family for pattern, families in _IMPLIED if pattern.search(text) for family in families
    )
