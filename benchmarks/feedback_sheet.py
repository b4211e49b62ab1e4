"""What learners would hear, to be read by people: ``python benchmarks/feedback_sheet.py``.

Prints attempts at the lines of our own scenarios side by side: the line, the reply (from corpus
lines that the weights were not fitted to, where a line has them), the score with its level, and the
feedback. Nothing is measured here; it is for reading as the person who spoke would.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "training"))
from corpus import Reply, read_all, split_of

from voice_coach.coaching.feedback import choose_feedback
from voice_coach.conversation import Span, Timeline, Word
from voice_coach.scenarios.library import list_scenarios
from voice_coach.scoring.attempt import Attempt, judge_attempt

SEED = 1
LIMIT = 200
WORD_S = 0.4
"""How long each word is taken to last, about 150 a minute. Chosen."""


def attempt_at(reply: Reply, partner: str) -> Attempt:
    """The reply as if it had been spoken calmly, a second after the line."""
    words = tuple(
        Word(text=word, span=Span(start_s=1.0 + WORD_S * at, end_s=1.0 + WORD_S * (at + 1)))
        for at, word in enumerate(reply.text.split())
    )
    return Attempt(
        line=reply.line.text,
        partner=partner,
        feels=reply.line.feels,
        needs=reply.line.needs,
        facts=reply.line.facts,
        line_span=Span(start_s=-5.0, end_s=0.0),
        words=words,
        activity=Timeline.of([Span(start_s=1.0, end_s=words[-1].span.end_s)]),
    )


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--limit", type=int, default=LIMIT)
    chosen = options.parse_args()
    known = {
        f"scn-{scenario.id}-{line.id}": (scenario.partner.name, line.replies)
        for scenario in list_scenarios()
        for line in scenario.lines
    }
    replies = [
        one for one in read_all() if one.line.name in known and split_of(one.line) != "train"
    ]
    random.Random(SEED).shuffle(replies)  # noqa: S311 - an order to read in, nothing secret
    for number, reply in enumerate(replies[: chosen.limit]):
        partner, models = known[reply.line.name]
        card = judge_attempt(attempt_at(reply, partner))
        told = choose_feedback(
            card,
            line=reply.line.text,
            model_replies=models,
            partner=partner,
            feels=reply.line.feels,
            variant=number,
        )
        score = card.listening.score
        print(f"{number + 1}. {partner}: {reply.line.text}")
        print(f"   You: {reply.text}")
        print(f"   [{'not scored' if score is None else score}, {card.judged.level}]")
        print(f"   Keep: {told.keep}\n   Change: {told.change}\n   Try: {told.say_instead}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
