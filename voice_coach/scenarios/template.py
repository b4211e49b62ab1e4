"""What a new scenario begins as: a whole small one, with a comment at each field."""

from __future__ import annotations

TEMPLATE = """\
# A scenario: someone close to you says something hard, and you answer aloud.
# Change the words and keep the form. When you have changed something, run
#   voice-coach scenarios check SCENARIO-ID.yaml

id: SCENARIO-ID
title: SCENARIO-TITLE
about: couple             # couple, family, friends or work
heat: tense               # calm, tense or heated

# Read out before the first line: where, when, and what just happened.
setting: >-
  It is Sunday morning. Last night you said you would see to the kitchen,
  and then you went to bed. Robin is standing at the sink.

partner:
  name: Robin
  voice: female           # female or male
  relation: your partner

learner: You live with Robin.   # who you are in this; may be left out

start: kitchen            # the id of the first line

lines:
  - id: kitchen
    # What the partner says: short, concrete, the way people talk.
    says: >-
      I came down this morning and it was all still there. The pans, the table,
      everything. You said you'd do it.
    feels: [tired, let down]
    needs: [help that does not have to be asked for]
    facts: [the kitchen was not done, you said you would do it]
    # Two or more good replies, the best first. Fresh words for what happened
    # and for how it feels; no defence, no repair yet.
    replies:
      - >-
        I gave you my word and then left you the whole mess. That's a rotten
        start to a Sunday.
      - >-
        You came down hoping for a clear table and found my promise lying there
        with the pans. What was that like?
    # Where it goes next: the id of a line, or null to end there.
    branches:
      softens: asking     # they felt heard
      repeats: kitchen    # the reply passed them by: this line once more
      escalates: tired    # the reply made it worse

  - id: tired
    says: >-
      Don't tell me you were tired. I was tired too. Somebody still has to do
      it, and it's always me.
    feels: [angry, worn out]
    needs: [fairness]
    facts: [both were tired, it always falls to them]
    replies:
      - >-
        We were both done in, and I let it land on you. Again. No wonder you're
        angry.
      - >-
        You'd had just as long a day and nobody let you off. I'd have had
        enough of it too.
    branches:
      softens: asking
      repeats: tired
      escalates: null

  - id: asking
    says: >-
      It's not really the pans. I hate asking. When I have to ask, I feel like
      your mother.
    feels: [worn down, distant]
    needs: [to be a couple again]
    facts: [they hate asking, they feel like a mother]
    replies:
      - >-
        So it's the reminding that wears you down. It makes you my parent, when
        you'd rather just be with me.
      - >-
        Every time you have to nag me, we're a bit less of a couple. Have I got
        that right?
    branches:
      softens: together
      repeats: asking
      escalates: tired

  - id: together
    says: >-
      Yes. I'd just like to sit down on a Saturday night and know that we both
      did our bit.
    feels: [hopeful, tired]
    needs: [an easy evening together]
    facts: [sitting down on a Saturday night, both did their bit]
    replies:
      - >-
        You'd love to flop on the sofa with me and have nothing hanging over
        either of us. I'd love that too.
      - >-
        An evening where neither of us is keeping count. I can hear how much
        you've missed that.
    branches:
      softens: null
      repeats: null
      escalates: asking
"""
