from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from voice_coach.errors import UserError
from voice_coach.scoring.network import Network, shipped
from voice_coach.scoring.tokens import REPLY_TOKENS

LINE = "You said seven. It's nearly nine."
REPLY = "You waited two hours and you felt let down."


def test_what_it_says_are_probabilities() -> None:
    reading = shipped().read(LINE, REPLY)
    for shares in (reading.kinds, reading.levels, reading.flavours, reading.primaries):
        assert sum(shares.values()) == pytest.approx(1.0)
    assert sum(reading.quality) == pytest.approx(1.0)
    assert all(0 <= value <= 1 for value in (*reading.moves.values(), *reading.facets.values()))
    assert set(reading.moves) == set(reading.thresholds)


def test_every_token_of_the_reply_has_its_place_and_its_tags() -> None:
    reading = shipped().read(LINE, REPLY)
    assert reading.tags.shape == (len(reading.places), len(reading.moves))
    assert "".join(REPLY[start:end] for start, end in reading.places) == REPLY.replace(" ", "")


def test_a_very_long_reply_is_read_to_its_end() -> None:
    long = "It was late and the train stood still. " * 60 + "You're so dramatic."
    reading = shipped().read(LINE, long)
    assert len(reading.places) > REPLY_TOKENS
    assert reading.places[-1][1] == len(long)
    judging = reading.tags[:, list(reading.moves).index("judging")]
    assert judging[-1] > 0.5 > judging[:-8].max()  # found where it was said, in its last words


def test_nothing_said_can_be_read() -> None:
    reading = shipped().read("", "")
    assert reading.places == ()
    assert np.isfinite(reading.quality).all()


def test_the_same_words_give_the_same_reading() -> None:
    assert shipped().read(LINE, REPLY).quality == shipped().read(LINE, REPLY).quality


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"judge\.onnx is missing"):
        Network(tmp_path)
