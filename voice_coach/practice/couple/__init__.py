"""Exercises for couples: two people, one laptop, a fair third ear.

::

    steps        what an exercise wants done, and what came of it
    answers      spoken answers: yes, no, 0 to 10, pass
    habits       habits of listening that shut a door, and every "but"
    wording      all that is said
    talk         how every exercise speaks, hears and asks
    reflecting   saying back what was heard, until it lands
    exercises    the eight, by name; a module each

It keeps the floor, not the truth: no step says who is right, and nothing compares the two. Nothing
here touches sound, clocks, screens or stores; what carries the steps out does.
"""
