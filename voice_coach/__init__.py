"""Voice Coach: a private sparring partner for hard conversations.

Rooms, each importing only from the ones below it::

    cli                  commands; no logic
    practice             the sittings: engine, events, store, history
    coaching             scorecard to feedback; the voices that speak it
    scoring              listening, pacing, interruptions: values in, scorecard out
    speech               samples to words and activity
    audio | scenarios    samples in and out | the scripted conflicts
    conversation         what was said and when: values only

Importing the package is cheap: heavy libraries load where they are used.
"""

__version__ = "0.1.0"
