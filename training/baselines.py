"""What simpler means reach: `python training/baselines.py`.

A bag of words (and of letters, word ends that is) and frozen sentence embeddings, each under a
linear model, on what the network is measured on: AnnoMI in the same five folds, and our own test
lines.
"""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import scipy.sparse as sp
import torch
from corpus import MOVES, Reply, read_all, split_of
from examples import PRIMARIES, read_annomi
from net import Encoder, attention, start_folder
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import f1_score
from sklearn.preprocessing import StandardScaler
from torch.nn.utils.rnn import pad_sequence
from train import folds_of

from voice_coach.scoring.tokens import Tokens

STRENGTH, ROUNDS = 3.0, 300
"""Inverse of the regularisation, and steps a fit may take. Chosen."""
Pair = tuple[str, str]
Maker = Callable[[Sequence[Pair], Sequence[Pair]], tuple[object, object]]


def bag_of_words(train: Sequence[Pair], test: Sequence[Pair]) -> tuple[object, object]:
    """Words and letters of the reply, words of the line, and the words they share."""
    parts = []
    for side, settings in (
        (1, {"ngram_range": (1, 2), "min_df": 2}),
        (1, {"ngram_range": (2, 5), "min_df": 3, "analyzer": "char_wb"}),
        (0, {"ngram_range": (1, 1), "min_df": 2}),
    ):
        vectors = TfidfVectorizer(sublinear_tf=True, **settings)
        learnt = vectors.fit_transform([pair[side] for pair in train])
        parts.append((learnt, vectors.transform([pair[side] for pair in test])))
    return tuple(sp.hstack([part[n] for part in parts]).tocsr() for n in (0, 1))


def embeddings(train: Sequence[Pair], test: Sequence[Pair]) -> tuple[object, object]:
    """all-MiniLM-L6-v2 as it comes, of line and reply together: mean and first token."""
    tokens = Tokens(start_folder() / "tokenizer.json")
    encoder = Encoder.started().eval()

    def of(pairs: Sequence[Pair]) -> np.ndarray:
        rows = []
        for at in range(0, len(pairs), 64):
            windows = [next(tokens.windows(*pair)) for pair in pairs[at : at + 64]]
            ids, segments, mask = (
                pad_sequence([torch.tensor(part(one)) for one in windows], batch_first=True)
                for part in (lambda w: w.ids, lambda w: w.segments, lambda w: [1] * len(w.ids))
            )
            with torch.no_grad():
                far = (1.0 - mask[:, None, None, :].float()) * -1e4
                hidden = encoder.read(
                    ids,
                    segments % 2,
                    torch.arange(ids.shape[1]).expand_as(ids),
                    partial(attention, far=far),
                )
            told = ((segments % 2 == 1) & (mask > 0)).float()[:, :, None]
            mean = (hidden * told).sum(1) / told.sum(1).clamp(min=1)
            rows.append(torch.cat([hidden[:, 0], mean], dim=-1).numpy())
        return np.concatenate(rows)

    learnt, asked = of(train), of(test)
    scale = StandardScaler().fit(learnt)
    return scale.transform(learnt), scale.transform(asked)


def on_annomi(make: Maker) -> str:
    """Reflection F1 and four-way macro-F1, five folds by session."""
    turns = read_annomi()
    pairs = [(turn["line"], turn["reply"]) for turn in turns]
    right = np.array([PRIMARIES.index(turn["primary"]) for turn in turns])
    told = np.zeros_like(right)
    for at in folds_of(turns):
        learnt, asked = make(
            [pair for pair, out in zip(pairs, at, strict=True) if not out],
            [pair for pair, out in zip(pairs, at, strict=True) if out],
        )
        model = LogisticRegression(C=STRENGTH, max_iter=ROUNDS, class_weight="balanced")
        told[at] = model.fit(learnt, right[~at]).predict(asked)
    poor = np.array([turn["quality"] == "low" for turn in turns])
    calls = poor & (told == 0)
    return (
        f"AnnoMI: reflection F1 {f1_score(right == 0, told == 0):.3f}, four-way macro-F1 "
        f"{f1_score(right, told, average='macro'):.3f}, precision of reflection on poor sessions "
        f"{(right[calls] == 0).mean():.2f} ({calls.sum()} calls)"
    )


def on_corpus(make: Maker) -> str:
    """Order within a line, and macro-F1 over the moves, on the test lines."""
    replies = read_all()
    train = [reply for reply in replies if split_of(reply.line) == "train"]
    test = [reply for reply in replies if split_of(reply.line) == "test"]
    learnt, asked = make(*([(one.line.text, one.text) for one in part] for part in (train, test)))
    quality = Ridge(alpha=3.0).fit(learnt, [one.quality for one in train]).predict(asked)
    return (
        f"own test lines: pairs in order {_order(test, quality):.3f}, macro-F1 over the moves "
        f"{np.mean([_move_f1(move, learnt, asked, train, test) for move in MOVES.values()]):.3f}"
    )


def _order(replies: Sequence[Reply], told: np.ndarray) -> float:
    names = np.array([reply.line.name for reply in replies])
    true = np.array([reply.quality for reply in replies])
    gaps, wanted = told[:, None] - told[None, :], true[:, None] - true[None, :]
    pairs = (names[:, None] == names[None, :]) & (wanted > 0)
    return float((gaps[pairs] > 0).mean())


def _move_f1(move: str, learnt, asked, train: Sequence[Reply], test: Sequence[Reply]) -> float:  # noqa: ANN001
    has = [
        np.array([any(kind == move for kind, _, _ in one.moves) for one in part])
        for part in (train, test)
    ]
    model = LogisticRegression(C=STRENGTH, max_iter=ROUNDS, class_weight="balanced")
    return float(f1_score(has[1], model.fit(learnt, has[0]).predict(asked)))


if __name__ == "__main__":
    for name, make in (("bag of words", bag_of_words), ("frozen embeddings", embeddings)):
        print(f"{name}: {on_annomi(make)}; {on_corpus(make)}", flush=True)
