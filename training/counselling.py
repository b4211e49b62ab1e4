"""Counselling talks of our own, beside AnnoMI's: reading and checking them.

`python training/counselling.py` checks every file in training/counselling and prints counts. A file
holds talks::

    == a short topic | good
    C: what the client says
    T reflection:complex | what the counsellor answers

The labels are the main behaviours of motivational interviewing (`BEHAVIOURS` in examples.py).
"""

import re
import sys
from collections import Counter
from pathlib import Path

FOLDER = Path(__file__).parent / "counselling"
DETAILS = {
    "reflection": ("simple", "complex"),
    "question": ("open", "closed"),
    "input": ("information", "advice", "options", "negotiation"),
    "other": (None,),
}
QUALITIES = {"good": "high", "poor": "low"}
_TURN = re.compile(r"T (\w+)(?::(\w+))? \| (.+)")
_TALK = re.compile(r"== (.+) \| (good|poor)")


def read_counselling() -> list[dict]:
    """Every counsellor's turn, as AnnoMI's rows are: id, line, reply, primary, its detail.

    Raises:
        ValueError: a row that is none of the three, or a label that there is not.
    """
    turns: list[dict] = []
    for file in sorted(FOLDER.glob("*.txt")):
        talk, topic, quality, line = 0, "", "", None
        for number, told in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            row = told.strip()
            if not row or row.startswith("#"):
                continue
            where = f"{file.name}:{number}"
            if found := _TALK.fullmatch(row):
                talk, topic, quality, line = talk + 1, found[1], QUALITIES[found[2]], None
            elif row.startswith("C:"):
                line = row[2:].strip()
            elif (found := _TURN.fullmatch(row)) and line is not None:
                primary, detail, reply = found.groups()
                if detail not in DETAILS.get(primary, ()):
                    raise ValueError(f"{where}: there is no {primary}:{detail}")
                turns.append(
                    {
                        "id": f"{file.stem}-{file.stem}{talk}-{number}",
                        "quality": quality,
                        "topic": topic,
                        "line": line,
                        "reply": reply,
                        "primary": primary,
                        primary: detail,
                    }
                )
            else:
                raise ValueError(f"{where}: neither a talk, a client nor a counsellor: {row[:40]}")
    return turns


def main() -> int:
    """Prints what the talks hold."""
    try:
        turns = read_counselling()
    except ValueError as fault:
        print(f"error: {fault}", file=sys.stderr)
        return 2
    print(f"{len(turns)} turns of {len({turn['id'].split('-')[1] for turn in turns})} talks")
    print(Counter((turn["quality"], turn["primary"]) for turn in turns).most_common())
    twice = [text for text, n in Counter(turn["reply"].lower() for turn in turns).items() if n > 2]
    print(f"said more than twice: {len(twice)} {twice[:8]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
