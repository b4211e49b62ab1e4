"""Words beyond an exercise: threats, violence told of, despair; and plain insults.

Plain patterns, for what a network that learnt from ordinary quarrels has hardly seen: it took a
threat for an offer. What they find must be all but beyond doubt in spoken English, for a false
alarm ends an exercise; what they miss, the network judges as it judges anything.
``benchmarks/safety.py`` measures how much that is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from voice_coach.scoring.danger import shipped

AlarmKind = Literal["threat", "violence", "insult", "despair"]
"""Violence is what somebody tells of, control ("he has my keys") too."""

_WILL = r"i(?:['’]?ll| will|['’]?m going to|['’]?m gonna| am going to| swear i['’]?ll)"
_HARM = (
    r"(?:kill|beat|hit|hurt|slap|punch|smack|strangle|choke|stab|shoot|destroy|ruin|belt|burn|cut)"
)
_HARMED = (
    r"(?:hit|hits|slapped|slaps|punched|punches|kicked|kicks|choked|chokes|strangled|beat|beats|bit"
    r"|bites|burned|burnt|stabbed|shoved|headbutted|raped)"
)
_THING = (
    r"(?:phone|laptop|door|window|car|telly|tv|face|head|teeth|nose|jaw|fingers|arm|arms|neck|legs)"
)
_NAME = (
    r"(?:bitch|idiot|moron|bastard|asshole|arsehole|cow|pig|whore|slut|psycho|loser|disgrace"
    r"|waste of space)"
)
_DO_NOT = r"(?:don['’]?t|do not|didn['’]?t|did not)"
_BY = r"(?:he|she|you|my (?:husband|wife|partner|boyfriend|girlfriend|ex|dad|father|mum|mom))"
_MINE = r"my (?:arm|arms|wrist|wrists|rib|ribs|nose|jaw|lip|throat|neck|hair|face|stomach|leg|eye)"
_PATTERNS: dict[AlarmKind, tuple[str, ...]] = {
    "despair": (
        r"\bi (?:just |really |still |sometimes )?(?:want|wanna|wish) to (?:die|be dead)\b",
        r"\bi(?:['’]?d| would) (?:rather|sooner) (?:die|be dead)\b(?! than (?:go|eat|wear|watch|sit))",
        r"\bi wish i (?:was|were) (?:dead|never born)\b|\bi wish i['’]?d never been born\b",
        (
            r"\bi(?:['’]?d| would| might|['’]?ll| will| could| want to| wanna|['’]?m going to|['’]?m gonna)"
            r" (?:just )?(?:harm|hurt|kill|hang|cut) myself\b(?! for| when i| if i (?:forget|miss))"
        ),
        r"(?<!could )(?<!not )\b(?:killing|harming|hurting|cutting|burning|hanging) myself\b",
        r"\btried to (?:hang|kill|drown) myself\b|\btried to (?:die|end it)\b",
        r"\bi\b.{0,20} end (?:it all|my (?:own )?life)\b|\bthink about (?:dying|ending it)\b",
        r"\b(?:ending|finish) my (?:own )?life\b|\btake my own life\b|\bthoughts of suicide\b",
        rf"\bi {_DO_NOT} want to (?:live|be alive|wake up|exist)\b",
        r"\bi don['’]?t (?:just )?wan(?:t to|na) be here any ?more\b(?! with)",
        r"\b(?:go|going) to sleep (?:tonight )?and (?:not|never) (?:wake up|have to)\b",
        r"\bbetter off (?:without me|if i (?:was|were) (?:dead|gone)|if i wasn['’]?t (?:here|around))\b",
        (
            r"\bno ?(?:one|body)(?: would|['’]?d|['’]?ll| will| will even)? (?:miss me|notice)"
            r" if i (?:was|were|died|disappeared)\b"
        ),
        r"\bno (?:point|reason)(?: for me)?(?: in| to| of)? (?:me )?(?:living|live|being alive|going on living)\b",
        (
            r"\bi(?:['’]?ve| have) (?:been )?(?:saving|saved|counted|counting)(?: up)? (?:my |the )?"
            r"(?:tablets|pills)\b"
        ),
        r"\bhow many (?:of (?:the|them|my) )?(?:tablets|pills|paracetamol)(?: \w+){0,3} (?:take|takes)\b",
    ),
    "threat": (
        rf"\b{_WILL} (?:just |really |fucking |bloody )?{_HARM} you\b(?! (?:to it|at|home|up for|off a))",
        rf"\b{_WILL} (?:\w+ )?(?:break|smash|snap|twist|knock|burn) (?:your|that|this|the) (?:\w+ )?{_THING}\b",
        rf"\b{_WILL} (?:make sure|see to it) you (?:never|don['’]?t)\b",
        (
            rf"\b{_WILL} (?:put (?:you|the pair of you) in (?:hospital|the ground)|wring your neck"
            r"|knock your teeth|put (?:your|my fist|a fist))\b"
        ),
        rf"\b{_WILL} make you (?:regret|pay|suffer|sorry)\b",
        r"\byou(?:['’]?ll| will) (?:regret|pay for) (?:this|it|that)\b",
        (
            r"\byou(?:['’]?ll| will) (?:never see (?:the|your|those|them|my) ?(?:kids|children|babies|boys|girls|again)"
            r"|be sorry you)\b"
        ),
        r"\byou (?:deserve|need|want|are asking for|['’]?re asking for) (?:a (?:good )?(?:slap|hiding|beating|smack))\b",
        r"\b(?:do you|d['’]you) want a (?:slap|smack|hiding)\b",
        r"\b(?:sleep|sleeping) with one eye open\b",
        r"\bif i can['’]?t have you,? (?:no ?body|no ?one)\b",
        r"\bone more word (?:and|about .{0,30}and) (?:i['’]?ll|i |see what)",
        r"\bsay (?:that|it) (?:again|one more time) and see what\b|\bsee what (?:happens|you get)\W*$",
        r"\bi (?:know where (?:you|your .{1,20}) lives?)\b",
        rf"\bor (?:else )?{_WILL} (?:leave you|throw you out|{_HARM} you)\b",
        rf"\bor (?:else )?{_WILL} take the (?:kids|children)\b",
    ),
    "violence": (
        (
            rf"\b{_BY} (?:\w+ ){{0,2}}?{_HARMED} (?:me|her|him|us)\b(?! (?:up|with (?:a|this|that|the) (?:news|"
            r"bill|question|idea)|out of nowhere|to it|home|off|for six|like a|at (?:chess|cards)))"
        ),
        rf"\b{_BY} (?:\w+ )?(?:broke|cracked|busted|burned|burnt|twisted|grabbed|grab) {_MINE}\b",
        (
            rf"\b{_BY} (?:pushed|threw|shoved|dragged|held|pinned) (?:me|her|him) (?:down|against|into|by"
            r"|across|onto|on) "
        ),
        r"\b(?:your|his|her) hands? (?:round|around|on) (?:my|her|his) (?:throat|neck)\b",
        (
            r"\bi (?:only )?(?:hit|slapped|punched|choked|shook|belted|shoved|pinned|strangled) "
            r"(?:you|her|him|the baby|our|my (?:wife|husband|son|daughter|kid))\b(?! with (?:a|the) (?:news|bill))"
        ),
        r"\b(?:scared|afraid|frightened|terrified) of what (?:he|she|you)(?:['’]?ll| will| might) do\b",
        r"\b(?:gave|given) me a black eye\b|\bi (?:don['’]?t|do not) feel safe (?:at home|with|next|sleeping)",
        r"\bi said no\b.{0,40}\b(?:carried on|kept going|didn['’]?t stop|did it)\b",
        r"\b(?:he|she|you)(?:['’]?s| has|['’]?ve| have| is)? (?:locks?|locked|locking) me (?:in|out|up)\b",
        (
            r"\b(?:i|he|she|you|they)(?:['’]?ve| have|['’]?s| has|['’]?m)? (?:got |took |taken |hidden |hid "
            r"|keeps? |holding |have |has )?(?:your|my) (?:car )?keys\b.{0,60}\b(?:going (?:any|no)where|leave|get away"
            r"|sit down|run off)\b"
        ),
        r"\byou['’]?re not going anywhere,? i(?:['’]?ve| have) (?:got )?(?:your|the) keys\b",
        r"\b(?:i['’]?m|she['’]?s|he['’]?s|you['’]?re) not allowed (?:money|to (?:see|have|call|phone|leave|go out|work))\b",
        r"\b(?:those|your|my|the) (?:naked |nude )?(?:photos|pictures|videos|nudes) (?:go|to|of you)\b",
    ),
    "insult": (
        r"\b(?:fuck|screw) you\b(?! (?:must|have|were|are|really|poor))",
        r"(?:^|[.!?,] *|\bjust |\byou can )(?:go to hell|drop dead|piss off|fuck off)\b",
        r"(?:^|[.!?,] *|\bjust |\boh )shut (?:the (?:fuck|hell) )?up\b",
        rf"\byou (?:stupid|fucking|bloody|lazy|pathetic|selfish|dumb|ugly) (?:\w+ )?{_NAME}\b",
        rf"^\W*(?:stupid|fucking|bloody|lazy|pathetic|selfish|dumb|ugly) {_NAME}\W*$",
        rf"(?:^|[.!?,] *|\bbecause |\bbut )you(?:['’]re| are) (?:such )?an? (?:\w+ )?{_NAME}\b",
    ),
}
_FIGURE_OF_SPEECH = re.compile(
    r"\b(?:stabbed me in the back|(?:hit|burned|slapped|punched|stab\w*) \w+(?: in the face)? with (?:a|an|this|that|the)"
    r" (?!knife|fork|bottle|belt|pan|fist|stick|iron|chair|plate|book|shoe)|hit (?:me|you) (?:up|where it hurts|out of)"
    r"|with (?:this|that)\b|at (?:tennis|chess|cards|pool|golf|darts|scrabble)|in (?:your|my|his|her) sleep"
    r"|already down|out of your (?:heart|life)|locked me out again|(?:into|to) (?:it|getting|going|this)\b|twisted my arm (?:to|into)"
    r"|(?:never|not|n['’]t|not saying you|not like you|like you) (?:\w+ )?(?:hit|hurt|slapped|kicked|touch\w*)"
    r"|live (?:with|in|next|near|like|here)|wake up (?:next|to|with|at|early)|(?:myself|die) (?:trying|for|over|to|than|of)"
    r"|(?:shoot|hit) you (?:up|a)\b|pay for (?:dinner|your|the|it)|sorry you (?:missed|did|asked)"
    r"|if you (?:tell|leave the|forget|eat|touch my|spoil|wake)|word and i (?:will|won)|put your (?:number|name|things|coat)"
    r"|slapped (?:me|you) down|it hit|to have an? |felt like (?:he|she|you)|as if you)",
    re.IGNORECASE,
)
"""Blows and deaths that nobody means."""
AROUND = 24
"""Characters around what was found in which a figure of speech shows itself. Chosen."""
_COMPILED = {
    kind: re.compile("|".join(patterns), re.IGNORECASE) for kind, patterns in _PATTERNS.items()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Words beyond an exercise, and the characters [start, end) where they stand."""

    kind: AlarmKind
    start: int
    end: int


_REPORTED = re.compile(r"\b(?:said|says|told|tells|threaten\w*)\b[^.?!]*$", re.IGNORECASE)


def alarm_in(text: str) -> Alarm | None:
    """The gravest alarm in what was said, if there is one: despair, threats, then insults.

    A threat that somebody tells of is violence. Where no pattern is found the network is asked;
    what it takes for a threat is not scored either, for it can be wrong.
    """
    named = _named(text)
    if named is not None and named.kind != "insult":
        return named
    learnt = shipped().find(text)
    if learnt is None:
        return named
    kind: AlarmKind = "despair" if learnt.kind == "self_harm" else "violence"
    return Alarm(kind=kind, start=learnt.start, end=learnt.end)


def _named(text: str) -> Alarm | None:
    for kind, pattern in _COMPILED.items():
        for found in pattern.finditer(text):
            around = text[max(0, found.start() - AROUND) : found.end() + AROUND]
            if kind != "insult" and _FIGURE_OF_SPEECH.search(around):
                continue
            lead = len(found.group()) - len(found.group().lstrip(" .,!?"))
            told = kind == "threat" and _REPORTED.search(text[: found.start()]) is not None
            return Alarm(
                kind="violence" if told else kind, start=found.start() + lead, end=found.end()
            )
    return None
