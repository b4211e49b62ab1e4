"""Fitting the network to examples, and asking it."""

import hashlib
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import numpy as np
import torch
from corpus import Reply
from examples import (
    PRIMARIES,
    PRIMARY_OF,
    SIZES,
    STRAYED,
    Example,
    from_annomi,
    of_a_line,
)
from net import LAYERS, WIDTH, Judge, Packed
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - as everybody calls it

from voice_coach.scoring.tokens import Tokens

WEIGHT = {
    "behaviours": 1.0, "tags": 4.0, "moves": 4.0, "quality": 1.0, "rank": 0.7,
    "own_line": 0.7, "near": 0.3,
    "facets": 2.0, "level": 0.6, "flavour": 0.2, "kind": 0.7,
}  # fmt: skip
"""What each part of the loss counts. Chosen so that each starts at about the same size."""


NEARNESS = 20.0
"""What a cosine between a line and a reply is multiplied by, as in the ranking loss with which
sentence encoders are fitted (Henderson et al. 2017)."""
SAVED_EVERY_S = 300.0
"""How often a fit is saved, that one broken off may be taken up. Chosen."""
HALF = any(torch.cpu.get_capabilities().get(name) for name in ("amx_bf16", "avx512_bf16"))
"""Whether this processor multiplies in bfloat16 itself. One that does not takes thrice as long as
with float32."""
MASK_TOKEN = 103
"""[MASK] in BERT's vocabulary; the special tokens stand up to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How to fit.

    Rates are per step; `layer_decay` makes the lower layers learn slower, `unread` is the share
    of tokens hidden from the network while it learns. Lines whose name begins with one of
    ``thrice`` come three times in a pass.
    """

    passes: int = 4
    rate: float = 2e-4
    head_rate: float = 1e-3
    layer_decay: float = 0.9
    weight_decay: float = 0.01
    dropout: float = 0.1
    lines_a_batch: int = 2
    turns_a_batch: int = 10
    plain_share: float = 0.3
    unread: float = 0.04
    keep: float = 0.995
    thrice: tuple[str, ...] = ()
    seed: int = 1


def run(
    net: Judge, examples: Sequence[Example], *, groups: int = 5, unread: float = 0.0
) -> dict[str, Tensor]:
    """Every head's logits, float32; "near" (examples, lines): how near each reply is to each line.

    A counselling turn has no match, and nothing in "near": only its behaviour is asked.
    """
    lines, replies = (
        list(dict.fromkeys(part(one) for one in examples if one.tags is not None))
        for part in (_line, _reply)
    )
    near = torch.zeros((len(examples), max(1, len(lines))))
    match = torch.zeros((len(examples), WIDTH))
    if lines:
        meant = _packed(lines + replies, groups, unread, net.meanings)
        of_lines, of_replies = meant[: len(lines)], meant[len(lines) :]
        known = [row for row, one in enumerate(examples) if one.tags is not None]
        at = [replies.index(_reply(examples[row])) for row in known]
        to = [lines.index(_line(examples[row])) for row in known]
        near = near.index_put((torch.tensor(known),), of_replies[at] @ of_lines.T)
        match = match.index_put((torch.tensor(known),), of_lines[to] * of_replies[at] * WIDTH**0.5)

    order = sorted(range(len(examples)), key=lambda n: len(examples[n].ids))
    segments = torch.tensor([each for n in order for each in examples[n].segments])
    packed = Packed([len(examples[n].ids) for n in order], -(-len(order) // groups))
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=HALF):
        out = net.packed(
            _hidden([examples[n].ids for n in order], unread), segments, packed, match[order]
        )
    back = torch.tensor(order).argsort()
    return {name: value.float()[back] for name, value in out.items()} | {"near": near}


def _line(one: Example) -> tuple[int, ...]:
    return one.ids[: one.first]


def _reply(one: Example) -> tuple[int, ...]:
    return one.ids[one.first :]


def _hidden(texts: Sequence[Sequence[int]], unread: float) -> Tensor:
    """All texts' tokens in one row, some of them masked."""
    ids = torch.tensor([each for text in texts for each in text])
    if not unread:
        return ids
    return ids.masked_fill((torch.rand(ids.shape) < unread) & (ids > MASK_TOKEN), MASK_TOKEN)


def _packed(
    texts: Sequence[Sequence[int]],
    groups: int,
    unread: float,
    read: Callable[[Tensor, Packed], Tensor],
) -> Tensor:
    """What `read` makes of the texts, one row for each, float32."""
    order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
    packed = Packed([len(texts[n]) for n in order], -(-len(order) // groups))
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=HALF):
        told = read(_hidden([texts[n] for n in order], unread), packed)
    return told.float()[torch.tensor(order).argsort()]


def loss_of(out: dict[str, Tensor], examples: Sequence[Example]) -> Tensor:
    """The weighted sum of every part that is known of these examples."""
    parts: dict[str, Tensor] = {}
    logs = torch.log_softmax(out["behaviours"], -1)
    fine = torch.tensor(np.stack([one.behaviours for one in examples]))
    coarse = torch.tensor(
        np.stack([np.isin(PRIMARY_OF, PRIMARY_OF[one.behaviours]) for one in examples])
    )
    parts["behaviours"] = (
        -torch.logsumexp(logs.masked_fill(~coarse, -1e4), -1).mean()
        - 0.3 * torch.logsumexp(logs.masked_fill(~fine, -1e4), -1).mean()
        - 0.05 * logs.mean()
    )
    known = [row for row, one in enumerate(examples) if one.tags is not None]
    if not known:
        return _total(parts)
    ours = [examples[row] for row in known]
    said, wanted = [], []
    for row, one in zip(known, ours, strict=True):
        said.append(out["tags"][row, one.first : one.first + len(one.tags)])
        wanted.append(torch.tensor(one.tags))
    parts["tags"] = F.binary_cross_entropy_with_logits(torch.cat(said), torch.cat(wanted))
    moves = torch.tensor(np.stack([one.moves for one in ours])) * 0.98 + 0.01
    parts["moves"] = F.binary_cross_entropy_with_logits(out["moves"][known], moves)
    quality = torch.tensor(np.stack([one.quality for one in ours]))
    parts["quality"] = F.cross_entropy(out["quality"][known], quality)
    expected = torch.softmax(out["quality"][known], -1) @ torch.arange(5.0)
    rank = torch.tensor([one.rank for one in ours])
    gap = expected[:, None] - expected[None, :]
    for name, alike in (("rank", "group"), ("own_line", "reply")):
        number = _numbered([getattr(one, alike) for one in ours])
        above = (rank[:, None] > rank[None, :] + 0.5) & (number[:, None] == number[None, :])
        if above.any():
            parts[name] = F.softplus(-3.0 * (gap - 0.3))[above].mean()
    true = [row for row, one in zip(known, ours, strict=True) if one.takes_up]
    if true:
        lines = list(dict.fromkeys(_line(one) for one in ours))
        own = torch.tensor([lines.index(_line(examples[row])) for row in true])
        parts["near"] = F.cross_entropy(NEARNESS * out["near"][true], own)
    facets = torch.tensor(np.stack([one.facets for one in ours]))
    parts["facets"] = F.binary_cross_entropy_with_logits(out["facets"][known], facets)
    for name in ("level", "flavour", "kind"):
        rows = [
            (row, getattr(one, name))
            for row, one in zip(known, ours, strict=True)
            if getattr(one, name) is not None
        ]
        if rows:
            at, right = zip(*rows, strict=True)
            parts[name] = F.cross_entropy(
                out[name][list(at)], torch.tensor(right), label_smoothing=0.05
            )
    return _total(parts)


def _total(parts: Mapping[str, Tensor]) -> Tensor:
    return sum((WEIGHT[name] * part for name, part in parts.items()), torch.zeros(()))


def _numbered(names: Sequence[str]) -> Tensor:
    """The same number for the same name."""
    place = {name: n for n, name in enumerate(dict.fromkeys(names))}
    return torch.tensor([place[name] for name in names])


def batches_a_pass(replies: Sequence[Reply], turns: Sequence[dict], settings: Settings) -> int:
    """How many batches go once through the lines; through the turns where there is no line."""
    if not replies:
        return -(-len(turns) // settings.turns_a_batch)
    names = {reply.line.name for reply in replies}
    return -(-sum(_often(name, settings) for name in names) // settings.lines_a_batch)


def _often(line: str, settings: Settings) -> int:
    """How often a line comes in a pass."""
    return 3 if line.startswith(settings.thrice) else 1


def a_pass(
    tokens: Tokens,
    replies: Sequence[Reply],
    turns: Sequence[dict],
    settings: Settings,
    rng: random.Random,
) -> Iterator[list[Example]]:
    """Batches of one pass: a few lines with their replies; counselling turns beside."""
    by_line: dict[str, list[Reply]] = {}
    for reply in replies:
        by_line.setdefault(reply.line.name, []).append(reply)
    known = [some[0].line for some in by_line.values()]
    lines = [some for name, some in by_line.items() for _ in range(_often(name, settings))]
    rng.shuffle(lines)
    pool: list[dict] = []
    step = settings.lines_a_batch
    for number in range(batches_a_pass(replies, turns, settings)):
        together = lines[number * step : (number + 1) * step]
        batch = [
            example
            for some in together
            for example in of_a_line(tokens, some, rng.sample(known, min(STRAYED, len(known))), rng)
        ]
        if len(pool) < settings.turns_a_batch:
            pool += rng.sample(list(turns), len(turns))
        drawn, pool = pool[: settings.turns_a_batch], pool[settings.turns_a_batch :]
        batch += [
            from_annomi(tokens, turn, plain=rng.random() < settings.plain_share) for turn in drawn
        ]
        yield batch


def _begin_with(net: Judge, start: Mapping[str, Tensor]) -> None:
    unknown = net.load_state_dict(start, strict=False).unexpected_keys
    if unknown:
        raise ValueError(f"weights that the network does not have: {unknown}")


def fit(
    tokens: Tokens,
    replies: Sequence[Reply],
    turns: Sequence[dict],
    settings: Settings,
    *,
    start: Mapping[str, Tensor] | None = None,
    tell: bool = True,
    saved: Path | None = None,
) -> Judge:
    """The network fitted to the replies and turns; the mean of its last steps is what is kept.

    ``start``: weights to begin with instead of the published encoder's and chance; what they do
    not hold begins by chance.
    ``saved``: where the fit is kept every few minutes. One of the same replies, turns and settings
    found there is taken up where it was broken off.
    """
    torch.manual_seed(settings.seed)
    net = Judge(SIZES, settings.dropout)
    _begin_with(net, start or {})
    optimiser = _optimiser(net, settings)
    pass_size = batches_a_pass(replies, turns, settings)
    count = pass_size * settings.passes
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / (0.08 * count)) * max(0.02, 1 - step / count)
    )
    kept = {name: value.detach().clone() for name, value in net.state_dict().items()}
    begun = hashlib.sha256(repr((settings, replies, turns)).encode()).hexdigest()
    done, losses, saved_at = 0, [], time.monotonic()
    if saved is not None and saved.exists():
        state = torch.load(saved)
        if state["begun"] == begun:
            done, losses, kept = state["done"], state["losses"], state["kept"]
            for part, name in ((net, "net"), (optimiser, "optimiser"), (schedule, "schedule")):
                part.load_state_dict(state[name])
            torch.set_rng_state(state["chance"])
            print(f"taken up after {done} of {count} batches", flush=True)
    rng = random.Random(settings.seed)
    batches = chain.from_iterable(
        a_pass(tokens, replies, turns, settings, rng) for _ in range(settings.passes)
    )
    net.train()
    for batch in islice(batches, done, None):
        loss = loss_of(run(net, batch, unread=settings.unread), batch)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
        done += 1
        share = min(settings.keep, (1 + done) / (10 + done))
        with torch.no_grad():
            for name, value in net.state_dict().items():
                kept[name].lerp_(value, 1 - share)
        if done % pass_size == 0:
            if tell:
                print(f"pass {done // pass_size}: loss {np.mean(losses):.3f}", flush=True)
            losses = []
        if saved is not None and time.monotonic() - saved_at > SAVED_EVERY_S:
            state = {"begun": begun, "done": done, "losses": losses, "kept": kept}
            state |= {"net": net.state_dict(), "optimiser": optimiser.state_dict()}
            state |= {"schedule": schedule.state_dict(), "chance": torch.get_rng_state()}
            _save(state, saved)
            saved_at = time.monotonic()
    net.load_state_dict(kept)
    return net.eval()


def _optimiser(net: Judge, settings: Settings) -> torch.optim.Optimizer:
    """AdamW; the lower a layer, the slower it learns."""
    groups = [
        {
            "params": [p for n, p in net.named_parameters() if not n.startswith("encoder")],
            "lr": settings.head_rate,
        }
    ]
    for name, weights in net.encoder.named_parameters():
        depth = int(name.split(".")[1]) + 1 if name.startswith("layers") else 0
        groups.append(
            {"params": [weights], "lr": settings.rate * settings.layer_decay ** (LAYERS - depth)}
        )
    return torch.optim.AdamW(
        groups, weight_decay=settings.weight_decay, betas=(0.9, 0.98), fused=True
    )


def _save(state: dict[str, object], path: Path) -> None:
    """Written beside and renamed: a fit broken off while saving leaves the last one whole."""
    beside = path.with_suffix(".new")
    torch.save(state, beside)
    beside.replace(path)


def ask(net: Judge, examples: Sequence[Example]) -> dict[str, np.ndarray | list[np.ndarray]]:
    """Every head's logits (examples, size); "tags" as a list of (reply tokens, moves)."""
    order = sorted(range(len(examples)), key=lambda n: len(examples[n].ids))
    parts: dict[int, dict[str, np.ndarray]] = {}
    with torch.no_grad():
        for at in range(0, len(order), 64):
            rows = order[at : at + 64]
            out = run(net, [examples[row] for row in rows])
            for n, row in enumerate(rows):
                parts[row] = {name: value[n].numpy() for name, value in out.items()}
    heads = [name for name in SIZES if name != "tags"]
    told: dict[str, np.ndarray | list[np.ndarray]] = {
        name: np.stack([parts[row][name] for row in range(len(examples))]) for name in heads
    }
    told["tags"] = [
        parts[row]["tags"][one.first : len(one.ids) - 1] for row, one in enumerate(examples)
    ]
    return told


def primaries(logits: np.ndarray) -> np.ndarray:
    """(n, 9) logits of the behaviours to (n, 4) probabilities of the four."""
    shares = np.exp(logits - logits.max(-1, keepdims=True))
    shares /= shares.sum(-1, keepdims=True)
    return np.stack([shares[:, n == PRIMARY_OF].sum(-1) for n in range(len(PRIMARIES))], axis=-1)
