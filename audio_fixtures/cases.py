"""What the recorded replies say, and what a fair listener should make of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SCENARIO = "late-home"

LINES = {
    "arrival": (
        "You said seven. It's nearly nine. I sat here with the dinner going cold, and I felt like "
        "an idiot for believing you again."
    ),
    "not-the-dinner": (
        "It isn't even the dinner. It's that I never know if you'll really be there. I stop "
        "looking forward to things, because it hurts less."
    ),
    "one-evening": (
        "I don't need you home every night. I just want one evening a week that nothing can take "
        "away from us."
    ),
}

TYPICAL_COME_IN_S = 0.6
SPEECH_LEVEL_DB = -20.0
QUIET_LEVEL_DB = -46.0
ROOM_SNR_DB = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One reply: what is said, with its silences in seconds between the pieces.

    ``come_in_s`` is the first sound relative to the line's end. ``apart`` counts the first pieces
    that are said during the line; the silence after them is no pause of the reply. ``snr_db`` adds
    the noise of a room that far under the speech, None adds none.
    """

    name: str
    about: str
    pieces: tuple[str | float, ...]
    line_id: str = "arrival"
    listening: Literal["high", "low", "none"]
    primary: Literal["reflection", "question", "input", "other"] | None
    facets_high: tuple[str, ...] = ()
    interruptions: Literal["none", "backchannel", "terminal", "interruption"] = "none"
    come_in_s: float = TYPICAL_COME_IN_S
    speaker: Literal["man", "woman"] = "man"
    pace: float = 0.95
    level_db: float = SPEECH_LEVEL_DB
    snr_db: float | None = None
    apart: int = 0


_REFLECTS: tuple[str | float, ...] = (
    "You waited for me, and the dinner went cold.",
    0.5,
    "And you felt like a fool, for trusting me again.",
    0.7,
    "That must have really hurt.",
    0.5,
    "What was it like, sitting here?",
)
_LISTENS = ("understanding", "validating")

CASES = (
    Case(
        name="reflects",
        about="gives back what happened and how it felt, then asks",
        pieces=_REFLECTS,
        listening="high",
        primary="reflection",
        facets_high=(*_LISTENS, "inviting"),
        pace=0.93,
    ),
    Case(
        name="reflects-2",
        about="hears what lies under the dinner",
        line_id="not-the-dinner",
        pieces=(
            "So it's not really about tonight.",
            0.6,
            "You never know if you can count on me, and um, it feels safer not to hope.",
            0.7,
            "That sounds so lonely.",
        ),
        listening="high",
        primary="reflection",
        facets_high=_LISTENS,
        pace=0.88,
    ),
    Case(
        name="reflects-3",
        about="gives back the wish and checks it",
        line_id="one-evening",
        pieces=(
            "One evening a week that belongs to us, and nothing gets to take it.",
            0.5,
            "You want to be able to look forward to us again.",
            0.6,
            "Is that right?",
        ),
        listening="high",
        primary="reflection",
        facets_high=("understanding", "inviting"),
        speaker="woman",
        pace=0.82,
    ),
    Case(
        name="fixes",
        about="jumps to advice",
        pieces=(
            "Okay, look, next time just put my plate in the oven, and start without me.",
            0.4,
            "You should text me at six. Then you'd know.",
        ),
        listening="low",
        primary="input",
        facets_high=("advising",),
    ),
    Case(
        name="defends",
        about="the traffic and the boss",
        pieces=(
            "The bridge was completely jammed, and my boss kept me until half past six.",
            0.4,
            "It wasn't my fault. I did try to get here, you know.",
        ),
        listening="low",
        primary="other",
        facets_high=("self_focus",),
        pace=0.92,
    ),
    Case(
        name="hijacks",
        about="makes the evening about the one who came late",
        pieces=(
            "You think you had a bad night? I've been on my feet since five this morning.",
            0.4,
            "Nobody asked me how my day was. I'm exhausted.",
        ),
        listening="low",
        primary="other",
        facets_high=("self_focus",),
    ),
    Case(
        name="minimises",
        about="makes it small",
        pieces=(
            "Oh, come on. It's only dinner.",
            0.4,
            "We can warm it up. You're making a big thing out of nothing.",
        ),
        listening="low",
        primary="other",
        facets_high=("dismissing",),
    ),
    Case(
        name="blames",
        about="blame in reflective clothing",
        pieces=(
            "Sounds like you just want to fight.",
            0.4,
            "So you feel like everything is always my fault, great. You always do this.",
        ),
        listening="low",
        primary="other",
        facets_high=("attacking",),
    ),
    Case(
        name="parrots",
        about="says the line back, word for word",
        pieces=(
            "I said seven. It's nearly nine.",
            0.4,
            "You sat here with the dinner going cold,",
            0.3,
            "and you felt like an idiot for believing me again.",
        ),
        listening="low",
        primary="reflection",
    ),
    Case(
        name="validates-then-but",
        about="takes the understanding back with a but",
        pieces=(
            "I get it, you're upset, and that makes sense.",
            0.3,
            "But I can't just walk out of a meeting. You have to see it from my side.",
        ),
        listening="low",
        primary="other",
        facets_high=("self_focus",),
        pace=0.85,
    ),
    Case(
        name="apologises",
        about="an apology that has understood",
        pieces=(
            "I'm sorry.",
            0.5,
            "I said seven, and you sat here feeling foolish for trusting me.",
            0.6,
            "You had every right to count on me. I let you down.",
        ),
        listening="high",
        primary="reflection",
        facets_high=_LISTENS,
        speaker="woman",
        pace=0.9,
    ),
    Case(
        name="sympathises",
        about="pity from above",
        pieces=(
            "Oh, you poor thing. I feel so bad for you.",
            0.4,
            "I'm sure it'll all look better in the morning.",
        ),
        listening="low",
        primary="other",
        speaker="woman",
        pace=0.82,
    ),
    Case(
        name="long-pause",
        about="thinks for a second and a half in the middle",
        pieces=(
            "You felt let down.",
            1.5,
            "And it's, um, it's not the first time, so it's hard to believe me when I promise.",
        ),
        listening="high",
        primary="reflection",
        facets_high=("understanding",),
        pace=0.93,
    ),
    Case(
        name="thinks-first",
        about="three seconds of silence before answering",
        pieces=(
            "You trusted me, and I left you sitting here.",
            0.6,
            "You must have felt so let down.",
        ),
        listening="high",
        primary="reflection",
        facets_high=_LISTENS,
        come_in_s=3.2,
        pace=0.86,
    ),
    Case(
        name="backchannel",
        # neither voice can hum an "mm-hm" that a listener recognises, so the murmur is a word
        about="a murmur while she speaks, then a real answer",
        pieces=(
            "Yeah.",
            4.2,
            "You felt foolish, waiting here for me.",
            0.5,
            "And it keeps happening, so my word doesn't mean much right now.",
        ),
        listening="high",
        primary="reflection",
        facets_high=_LISTENS,
        interruptions="backchannel",
        come_in_s=-4.0,
        apart=1,
    ),
    Case(
        name="agrees-at-length",
        about="agrees for so long that she falls silent and goes on, then answers",
        pieces=(
            "Yeah, right, of course, yeah.",
            7.0,
            "You felt foolish, waiting here for me.",
            0.5,
            "And it keeps happening, so my word doesn't mean much right now.",
        ),
        listening="high",
        primary="reflection",
        facets_high=_LISTENS,
        interruptions="backchannel",
        come_in_s=-5.0,
        apart=1,
    ),
    Case(
        name="interrupts",
        about="talks over her",
        pieces=(
            "But I never said that.",
            0.4,
            "I said I would try to make it by seven. You never listen.",
        ),
        listening="low",
        primary="other",
        interruptions="interruption",
        come_in_s=-2.5,
        pace=0.9,
    ),
    Case(
        name="terminal",
        about="comes in on her last word, kindly",
        pieces=(
            "I can hear how hurt you are.",
            0.5,
            "You couldn't rely on what I told you.",
        ),
        listening="high",
        primary="reflection",
        facets_high=_LISTENS,
        interruptions="terminal",
        come_in_s=-0.3,
        pace=0.82,
    ),
    Case(
        name="fast",
        about="means well and races",
        pieces=(
            "I know, you waited for ages and the food went cold and you felt stupid to trust me.",
            0.3,
            "Honestly, I would be furious too, so tell me, what was the worst part of it?",
        ),
        listening="high",
        primary="reflection",
        facets_high=_LISTENS,
        pace=1.4,
    ),
    Case(
        name="slow",
        about="every word with care",
        pieces=(
            "You waited here.",
            0.9,
            "I didn't come.",
            1.1,
            "And you felt foolish for believing me.",
        ),
        listening="high",
        primary="reflection",
        facets_high=("understanding",),
        pace=0.65,
    ),
    Case(name="short", about="one word", pieces=("Okay.",), listening="none", primary="other"),
    Case(name="silent", about="nobody says anything", pieces=(), listening="none", primary=None),
    Case(
        name="noisy",
        about="the start of the first reply, with the noise of a room",
        pieces=_REFLECTS[:3],
        listening="high",
        primary="reflection",
        facets_high=_LISTENS,
        snr_db=ROOM_SNR_DB,
        pace=0.9,
    ),
    Case(
        name="quiet-voice",
        about="a voice hardly above a whisper's level",
        pieces=(
            "You trusted me, and I left you sitting here.",
            0.6,
            "That must have hurt a lot.",
        ),
        listening="high",
        primary="reflection",
        facets_high=_LISTENS,
        level_db=QUIET_LEVEL_DB,
        pace=0.86,
    ),
)
