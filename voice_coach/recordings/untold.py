"""That a file does not tell who spoke over whom: written into it, and found there again.

::

    RTTM        ;; Who spoke over whom is not told: on one microphone …
    WebVTT      NOTE Who spoke over whom is not told: on one microphone …
    TextGrid    "Who spoke over whom is not told: on one microphone …"    in the tier of overlaps

Without it a file that holds no overlaps would look as if nobody had come in over anybody.
"""

from __future__ import annotations

import re

NOT_TOLD = "Who spoke over whom is not told: "
_NOTED = re.compile(
    rf'^[ \t]*(?:;;|NOTE|(?:text = )?")[ \t]*{NOT_TOLD}(?P<reason>[^"\n]*[^"\n\s])"?[ \t]*$',
    re.MULTILINE,
)


def not_told(reason: str) -> str:
    """The sentence, on one line."""
    return " ".join(f"{NOT_TOLD}{reason}".split())


def why_untold(text: str) -> str | None:
    """The reason that a file of ours gives for telling of no overlaps; None where it gives none."""
    noted = _NOTED.search(text)
    return None if noted is None else noted["reason"]
