"""All that is said aloud in the exercises: several ways to say each thing, chosen by counting.

Each of the two is counted alone, so that both hear the same words in the same order. ``{who}`` is
the one addressed, ``{other}`` the other one; further names are given where the row is used. Short,
for it is heard, not read. It keeps the floor and never the truth: nothing here says who is right,
and what is rated is how something landed, never a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_SHARED = {
    "no_hurry": (
        "There is no hurry, {who}. Begin when you like, or say pass.",
        "Take the time you need, {who}. A few words are enough, or say pass.",
    ),
    "go_on_without": (
        "{who}, shall we go on without this? Yes goes on, no stops here.",
        "That is fine, {who}. Shall we leave this one and go on? No stops here.",
    ),
    "passed": ("That's fine.", "All right.", "Good, we go on."),
    "again_yes/no": ("{question} A plain yes or no is enough.", "{question} Just a yes or a no."),
    "again_0 to 10": (
        "{question} Any number will do.",
        "{question} Just a number.",
    ),
    "stopped": ("We stop here. You both made room for this.", "We leave it here. Thank you both."),
    "silence": (
        "We leave it here for now. You can come back to it whenever you both like.",
        "Let us leave it here. You can come back to it another day.",
    ),
    "reflect": (
        "{who}, what did you hear? Say it back in your own words.",
        "{who}, say in your own words what {other} told you.",
        "{who}, what matters to {other} in this? Say what you heard.",
    ),
    "reflect_again": (
        "{who}, once more, with that in it.",
        "{who}, try again, with what {other} just added.",
    ),
    "after_habit": (
        "Take your time, {who}.",
        "Whenever you are ready, {who}.",
    ),
    "landed": (
        "{who}, from zero to ten, how well did that catch it?",
        "{who}, how close was that, zero to ten?",
    ),
    "landed_yes_no": ("{who}, is that what you meant?", "{who}, did that catch it?"),
    "missed": (
        "{who}, what is still missing? One sentence.",
        "{who}, what would you like {other} to hear as well?",
    ),
    "not_all_the_way": (
        "It need not come across all at once. I keep it for next time.",
        "Not everything comes across in one evening. It is kept for another time.",
    ),
    "more": ("{who}, is there more?", "{who}, is there more to it?"),
    "end": ("Thank you both.", "That was it. Thank you both."),
    "takeaway": (
        "{who}, one thing you take with you?",
        "{who}, what will you keep from this?",
    ),
}

_HABITS = {
    "rebutting": (
        "Your answer to that will have its time. First, only what you heard.",
        "I think that was your answer already. It will have room. First say what reached you.",
    ),
    "persuading": (
        "That was your view; it will have its turn. First say what you heard.",
        "Your side counts too, and it will be heard. For now, only what {other} said.",
    ),
    "minimising": (
        "For {other} it may be bigger than that. Say what you heard, as big as it was told.",
        "That may sound small to {other}. Say it again, as big as you heard it.",
    ),
    "hijacking": (
        "That is your own story; it will have its turn. First stay with what {other} said.",
        "Yours matters as well, in a moment. For now, stay with {other}.",
    ),
    "solving": (
        "That may be a good idea, for later. First say what you heard.",
        "Keep that idea for afterwards. For now, only what {other} said.",
    ),
}

_SPEAKER_LISTENER = {
    "speaker_listener": (
        (
            "One speaks, the other says it back, until it has landed. Then you change places. "
            "Either of you can say pass at any time."
        ),
    ),
    "piece": (
        "{who}, you have the floor. One thing, in a few sentences, from your side.",
        "{who}, the floor is yours. Speak of yourself, a few sentences.",
    ),
    "next_piece": ("{who}, go on. The next piece.", "{who}, what else?"),
}

_MIRROR = {
    "mirror": (
        (
            "Three steps: say it back, say how it makes sense, say how it may feel. "
            "Either of you can say pass at any time."
        ),
    ),
    "send": (
        "{who}, what would you like {other} to understand? A few sentences.",
        "{who}, say what is on your heart. A few sentences.",
    ),
    "send_more": ("{who}, go on.", "{who}, what else is there?"),
    "mirror_back": (
        "{who}, begin with: what I heard is.",
        "{who}, say it back, beginning with: I heard.",
    ),
    "validate": (
        "{who}, how does that make sense, seen from {other}'s place? Begin with: it makes sense.",
        "{who}, seen with {other}'s eyes, say what makes sense. You need not agree.",
    ),
    "empathise": (
        "{who}, what might {other} be feeling? Begin with: I imagine you feel.",
        "{who}, what might it feel like to be {other} in this? Begin with: I imagine.",
    ),
    "feels_so": ("{who}, is that how it feels?", "{who}, does that name the feeling?"),
    "which_feeling": (
        "{who}, what is the feeling, in your own word?",
        "{who}, which word fits better?",
    ),
    "want_to_speak": ("{who}, would you like to be mirrored now?", "{who}, do you want a turn?"),
    "want_to_mirror": (
        "{who}, are you ready to mirror {other}?",
        "{who}, do you have room to mirror {other} now?",
    ),
    "another_day": (
        "Then {speaker}'s turn is kept for another day.",
        "Good to know. I keep a turn for {speaker} for next time.",
    ),
}

_ROLE_REVERSAL = {
    "role_reversal": (
        "First each says how they see it. Then each speaks for the other, as if it were their own.",
    ),
    "own_view": (
        "{who}, how do you see it? Two or three sentences.",
        "{who}, what is it like from where you stand?",
    ),
    "in_their_place": (
        "{who}, now speak as {other}. Say I, and mean {other}. Make it as strong as it is.",
        "{who}, take {other}'s place now, and speak for it as I.",
    ),
    "in_their_place_again": (
        "{who}, once more as {other}, with that in it.",
        "{who}, try it again in {other}'s place.",
    ),
    "how_like_you": (
        "{who}, from zero to ten, how much was that your view?",
        "{who}, zero to ten, how near was that to you?",
    ),
    "what_was_missing": (
        "{who}, what was missing? One sentence.",
        "{who}, what belongs in it too?",
    ),
}

_REPLAY = {
    "replay": (
        (
            "A quarrel, with the parts changed. I speak one part, "
            "and you answer as the other would. {setting}"
        ),
    ),
    "begin_part": (
        "{who}, you hear words from your own side. Answer as {other} would.",
        "{who}, now answer in {other}'s part.",
    ),
    "answer_as": (
        "{who}, as {other}?",
        "{who}, what would {other} say?",
    ),
    "how_true": (
        "{who}, from zero to ten, how true was that to you?",
        "{who}, zero to ten, how much of you was in that?",
    ),
    "really_like": (
        "{who}, what is it really like in you then? One sentence.",
        "{who}, what goes on in you at such a moment?",
    ),
}

_YES_AND = {
    "yes_and": (
        (
            "Build on each other's feelings. Begin with: yes, and. "
            "If a but slips in, you hear a soft sound, and simply go on."
        ),
    ),
    "first_feeling": ("{who}, begin with how something is for you just now.",),
    "and": (
        "{who}: yes, and?",
        "And you, {who}?",
        "{who}, go on from there.",
    ),
    "how_met": (
        "{who}, from zero to ten, how much did you feel met?",
        "{who}, zero to ten, how much were you together in this?",
    ),
}

_QUIET = {
    "quiet": (
        "{minutes} of quiet together. Nothing to do, nothing to say. Sit so that you are at ease.",
    ),
    "breathe_in": ("Breathe in.", "And in."),
    "breathe_out": ("And out, slowly.", "And slowly out."),
    "still_here": ("Still here, both of you. Breathe.", "Let your shoulders be heavy."),
    "one_word": ("{who}, one word for how you are now?", "{who}, how are you, in one word?"),
}

_CHECK_IN = {
    "check_in": (
        (
            "Your weekly check-in: a thank you, one hurt, one wish, and how the listening was. "
            "You can pass on any of them."
        ),
    ),
    "gratitude": (
        "{who}, what are you grateful to {other} for this week?",
        "{who}, one thing {other} did this week that was good for you?",
    ),
    "hurt": (
        "{who}, is there one thing that hurt this week? Say it from your side, or pass.",
        "{who}, one thing that stung? A few sentences, or pass.",
    ),
    "wish": (
        "{who}, one wish to {other} for the coming week?",
        "{who}, what would you wish for next week?",
    ),
    "listened": (
        "{who}, from zero to ten, how heard did you feel by {other} this week?",
        "{who}, zero to ten, how much did {other}'s listening reach you?",
    ),
    "what_helped": (
        "{who}, one sentence: what about the listening helps you?",
        "{who}, what would help you to feel heard even more?",
    ),
    "check_in_end": ("That was your week. Thank you both.", "Thank you both. Until next week."),
}

_BOUNDARIES = {
    "boundaries": (
        (
            "Each says: I feel, when, I need. The other says it back. "
            "Then you look for one agreement, if there is one."
        ),
    ),
    "boundary": (
        "{who}, say it in three parts: I feel. When. I need.",
        "{who}, begin with I feel, then when, then I need.",
    ),
    "part_feel": ("{who}, and what do you feel then?", "{who}, how does that feel?"),
    "part_when": ("{who}, and when is that?", "{who}, when does it happen?"),
    "part_need": ("{who}, and what do you need?", "{who}, what would you need then?"),
    "propose": (
        "{who}, what could you both agree on? One sentence, beginning with we.",
        "{who}, one sentence that you could both say yes to?",
    ),
    "propose_again": (
        "Then say it once more, {who}, the way you mean it.",
        "{who}, in which words, then?",
    ),
    "your_words": (
        "I heard: “{words}” {who}, are those your words, and do you say yes to them?",
        "It would read: “{words}” Right so, {who}, and a yes?",
    ),
    "their_words": (
        "{who}, the words are: “{words}” Do you say yes to them?",
        "“{words}” Can you say yes to that, {who}? A no is fine.",
    ),
    "agreed": (
        "Agreed, in these words: “{words}” I have written it down.",
        "You both said yes. It is written down: “{words}”",
    ),
    "not_agreed": (
        "Then there is no agreement today, and that is fine.",
        "No agreement for now, and that is all right.",
    ),
}

SAID: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **_SHARED,
        **{f"habit_{kind}": said for kind, said in _HABITS.items()},
        **_SPEAKER_LISTENER,
        **_MIRROR,
        **_ROLE_REVERSAL,
        **_REPLAY,
        **_YES_AND,
        **_QUIET,
        **_CHECK_IN,
        **_BOUNDARIES,
    }
)
"""What is said, by row."""
