"""The wording of the feedback: several ways to say each thing, chosen by the variant.

``{partner}`` is the partner's name, ``{quote}`` the person's own words. In every pair the second
form does without the quote. Keeps complete "You …". Kind, concrete, no term of the trade.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TypeAlias

Pair: TypeAlias = tuple[str, str]

KEEPS = MappingProxyType(
    {
        "reflection_feeling": (
            ("named how it felt for {partner}: “{quote}”.", "named how it felt for {partner}."),
            ("put {partner}'s feeling into words: “{quote}”.", "put the feeling into words."),
            ("saw what {partner} feels: “{quote}”.", "saw the feeling."),
        ),
        "apology": (
            ("owned your part: “{quote}”. That takes courage.", "owned your part."),
            ("said it plainly: “{quote}”. That counts.", "took your part on yourself."),
        ),
        "sorry": (
            ("said sorry straight out.", "said sorry."),
            ("were the one to say sorry.", "said sorry."),
        ),
        "validation": (
            ("took {partner} seriously: “{quote}”.", "took {partner} seriously."),
            ("let {partner}'s side count: “{quote}”.", "let {partner}'s side count."),
        ),
        "reflection_content": (
            ("showed you had heard it: “{quote}”.", "showed you had heard it."),
            ("stayed with what {partner} said: “{quote}”.", "stayed with what {partner} said."),
        ),
        "boundary": (
            ("said where your limit is: “{quote}”.", "said calmly where your limit is."),
            ("were honest about your limit.", "were honest about your limit."),
        ),
        "asked": (
            ("made room for {partner}: “{quote}”.", "made room for {partner}."),
            ("asked, and left it open: “{quote}”.", "asked, and left it open."),
        ),
        "encourager": (
            ("left {partner} room to go on.", "left {partner} room."),
            ("kept the door open.", "kept the door open."),
        ),
        "closed_question": (
            ("took an interest.", "took an interest."),
            ("asked, rather than guessed.", "asked, rather than guessed."),
        ),
        "support": (
            ("showed you want to be there: “{quote}”.", "showed you want to be there."),
            ("offered something real: “{quote}”.", "offered something real."),
        ),
        "sympathy": (
            ("showed that it touches you: “{quote}”.", "showed that it touches you."),
            ("let {partner} see you care: “{quote}”.", "let {partner} see you care."),
        ),
        "held": (
            ("held on to what {partner} said.", "held on to {partner}'s words."),
            ("caught every word {partner} said.", "caught every word."),
        ),
        "tried": (
            ("tried to put yourself in {partner}'s place.", "tried to see {partner}'s side."),
            ("tried to say it from {partner}'s side.", "tried to see {partner}'s side."),
        ),
        "felt_for": (
            ("were looking for the feeling. Good instinct.", "were looking for the feeling."),
            ("were looking for what {partner} feels.", "were looking for the feeling."),
        ),
        "useful": (
            ("want to make things better.", "want to make things better."),
            ("looked for a way to help.", "looked for a way to help."),
        ),
        "waited": (
            ("took {seconds} seconds before answering. That is a real skill.", "took your time."),
            ("gave it {seconds} quiet seconds first. Keep that.", "gave it a quiet moment first."),
        ),
        "let_finish": (
            ("let {partner} finish before you spoke.", "let {partner} finish."),
            ("heard {partner} out to the end.", "heard {partner} out."),
            ("gave {partner} room to say it all.", "gave {partner} room."),
            ("waited until {partner} was done.", "waited for {partner}."),
        ),
        "pause": (
            ("can stop here for a moment. Breathe.", "can stop here."),
            ("may leave this for now. Breathe first.", "may leave this for now."),
        ),
        "stayed": (
            ("stayed in a hard moment. That is not nothing.", "stayed in a hard moment."),
            ("are here to practise. That is not nothing.", "are here to practise."),
        ),
    }
)

BETTER = MappingProxyType(
    {
        "attack": ("left the blame out this time.", "let go of the blame this time."),
        "dismiss": ("took it seriously this time.", "let it be as big as it is."),
        "defending": ("let go of explaining this time.", "held back the reasons this time."),
        "hijacking": ("stayed with {partner} this time.", "kept it on {partner} this time."),
        "advice": ("left the fixing for later this time.", "held back the advice this time."),
        "score": ("reached {partner} better than last time.", "were warmer this time."),
    }
)
WAITED = ("took your time first.", "paused before answering.")

CHANGES = MappingProxyType(
    {
        "threat": (
            (
                "“{quote}” can frighten. Step away, and get help if somebody could be hurt.",
                "That can frighten. Step away, and get help if somebody could be hurt.",
            ),
            (
                "“{quote}” frightens. Walk away now, and call for help if you might do it.",
                "That frightens. Walk away now, and call for help if you might do it.",
            ),
        ),
        "disguised": (
            (
                "“{quote}” lands as blame, however it starts.",
                "That lands as blame. Answer the hurt first.",
            ),
            (
                "{partner} hears blame in “{quote}”. Answer the hurt.",
                "{partner} hears blame in that. Answer the hurt first.",
            ),
        ),
        "accusing": (
            ("“{quote}” sounds like an accusation. Ask what hurts.", "Ask what hurts instead."),
            ("Behind “{quote}” {partner} hears blame. Ask gently.", "Ask more gently."),
        ),
        "blaming": (
            (
                "“{quote}” makes {partner} defend. Start with what {partner} feels.",
                "Start with what {partner} feels, before your side.",
            ),
            (
                "After “{quote}” {partner} can't hear you. Answer the hurt first.",
                "That may hurt {partner}. Answer the hurt first.",
            ),
        ),
        "judging": (
            (
                "“{quote}” is about who {partner} is. Speak about what happened.",
                "Speak about what happened, not about who {partner} is.",
            ),
            (
                "“{quote}” stings. Say what you heard instead.",
                "That stings. Say what you heard instead.",
            ),
        ),
        "hollow": (
            (
                "“{quote}” leaves {partner} alone with it. Be sorry for what happened.",
                "Be sorry for what happened, not for the feeling.",
            ),
            (
                "Name what you are sorry for. That helps {partner}.",
                "Name what you are sorry for.",
            ),
        ),
        "minimising": (
            ("“{quote}” makes it small. First say that it matters.", "First say that it matters."),
            (
                "For {partner} it is big. “{quote}” closes the door.",
                "For {partner} it is big. Start there.",
            ),
        ),
        "turned": (
            (
                "Your “but” takes the kindness back. Stop just before it.",
                "Stop just before the “but”.",
            ),
            ("Leave out what follows the “but”, for now.", "Stop just before the “but”."),
        ),
        "defending": (
            (
                "“{quote}” may be true. It can wait until {partner} feels heard.",
                "Let your reasons wait until {partner} feels heard.",
            ),
            (
                "With “{quote}” you explain. First say what it did to {partner}.",
                "Before explaining, say what it did to {partner}.",
            ),
        ),
        "hijacking": (
            ("“{quote}” turns it to you. Stay with {partner} first.", "Stay with {partner} first."),
            (
                "Your side matters too, later. First stay with {partner}.",
                "Your side matters too, later. First stay with {partner}.",
            ),
        ),
        "advice": (
            (
                "“{quote}” is a fix. Let {partner} feel understood first.",
                "Before fixing, let {partner} feel understood.",
            ),
            (
                "Hold “{quote}” for later. First say what you heard.",
                "Keep the idea for later. First say what you heard.",
            ),
        ),
        "nearer": (
            (
                "You are close. Stay nearer to what {partner} just said.",
                "Stay nearer to what {partner} just said.",
            ),
            ("Tie it more to what {partner} just said.", "Tie it more to {partner}'s words."),
        ),
        "parrot": (
            ("Say it in your own words, and name the feeling.", "Use your own words."),
            ("Less of {partner}'s words, more of what they mean.", "Use your own words."),
        ),
        "misnamed": (
            ("“{word}” may not be {partner}'s feeling. Listen for it again.", "Listen again."),
            ("{partner} might not feel {word}. Check with a question.", "Check with a question."),
        ),
        "misread": (
            ("That may not be what {partner} feels. Listen again.", "Listen again."),
            (
                "There may be something else underneath. Listen for it.",
                "Listen for what is underneath.",
            ),
        ),
        "elsewhere": (
            (
                "Stay closer to what {partner} just said.",
                "Stay closer to what {partner} just said.",
            ),
            ("Tie it to what {partner} just said.", "Tie it to what {partner} just said."),
        ),
        "sorry_for": (
            ("Say what you are sorry for, so {partner} feels seen.", "Say what for."),
            (
                "Then say how it must have felt for {partner}.",
                "Then say how it must have felt for {partner}.",
            ),
        ),
        "sympathy": (
            ("Go one step nearer: say what hurts {partner}.", "Say what hurts {partner}."),
            ("That's kind. Now say what you understood.", "Now say what you understood."),
        ),
        "ask_after": (
            ("Before you ask, say in a few words what you heard.", "First say what you heard."),
            ("Give something back first: what did {partner} say?", "First say what you heard."),
        ),
        "feeling": (
            ("Now add the feeling: how is it for {partner}?", "Now say how {partner} might feel."),
            ("Name what it feels like for {partner}, too.", "Now say how {partner} might feel."),
        ),
        "feeling_word": (
            ("Now add the feeling. Maybe “{word}”?", "Now say how {partner} might feel."),
            ("Name the feeling, too: perhaps “{word}”.", "Now say how {partner} might feel."),
            ("Is it “{word}” for {partner}, perhaps? Say so.", "Now say how {partner} might feel."),
        ),
        "content": (
            ("Add what happened, so {partner} knows you heard it.", "Add what happened."),
            ("Say what it is about, too.", "Say what it is about, too."),
        ),
        "heard": (
            ("First say back what {partner} told you.", "First say what you heard."),
            ("Start with {partner}: what did you hear?", "Start with what you heard."),
        ),
        "interrupted": (
            ("Let {partner} finish the last words before you start.", "Let {partner} finish."),
            ("Wait until {partner} is through, then one breath.", "Let {partner} finish."),
        ),
        "fast": (
            ("Speak a little slower, so it can sink in.", "Speak a little slower."),
            ("Say the words themselves more slowly.", "Speak a little slower."),
        ),
        "open_question": (
            ("As a next step, ask: “What do you need from me?”", "End with an open question."),
            ("A small step more: ask what that is like.", "End with an open question."),
        ),
        "next": (
            ("Only this: leave a quiet moment after it.", "Leave a quiet moment after it."),
            ("That was good. Now let {partner} answer.", "Now let {partner} answer."),
        ),
    }
)

NOT_HEARD: tuple[Pair, ...] = (
    ("No words reached me this time. That is all right.", "Try again, nearer the microphone."),
    ("I couldn't make out any words. No harm done.", "Try again, a bit louder if you like."),
)
ONLY_OVER_LINE: tuple[Pair, ...] = (
    ("I could hear you, but your words were lost in the line.", "Let {partner} end, then answer."),
    (
        "I heard your voice. Over the line I cannot make out words.",
        "Answer once {partner} is done.",
    ),
)
NOT_ENGLISH: tuple[Pair, ...] = (
    ("That did not sound like English to me, so I give no score.", "I only understand English."),
)
BEYOND: tuple[Pair, ...] = (
    (
        "Thank you for saying that aloud. Let us stop the exercise here.",
        "Please tell somebody you trust now, or call a crisis line.",
    ),
    (
        "That matters more than any exercise.",
        "Please stop here, and talk to somebody now: a friend, a doctor, a crisis line.",
    ),
)
UNSURE: tuple[Pair, ...] = (
    ("I can hear this in two ways, so I give no score.", "Say it another way, if you like."),
    ("I'm not sure how this lands, so no score this time.", "Would it comfort {partner}?"),
)
TOO_SHORT: tuple[Pair, ...] = (
    ("A start. It was too short for me to say more.", "Give {partner} one whole sentence."),
    ("You answered. A few more words, and I can say more.", "Say what you heard, in a sentence."),
)
WAITED_ALONE = ("You took your time before answering. Good.", "You let it be quiet first. Good.")
NO_MODEL_REPLY = (
    "I hear that this hurts. Tell me more, I want to understand.",
    "This matters to you. I'm listening. What was it like?",
)
