"""Makes the small network that knows words of danger: `python training/danger_net.py`.

Reads what somebody said, without the line before it, and says whether it is a threat, violence
told of, coercion, a wish to die, or none of these. Begins with all-MiniLM-L6-v2, learns from
`danger/building*.tsv` and from the corpus's replies (which hold no danger), writes int8 weights and
a card into training/danger-model. The threshold comes from phrases that are not learnt from.
"""

import argparse
import json
import random
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from corpus import HERE, read_all, split_of
from danger import DANGERS, DARK, Phrase, held_out, read_phrases
from examples import bare
from net import POOLED, Encoder, Packed, start_folder
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - as everybody calls it

NAME, VERSION = "danger", 1
MASK_TOKEN = 103
MOST_TOKENS = 128
"""Of a longer text the end is read. Chosen."""
HALF = any(torch.cpu.get_capabilities().get(name) for name in ("amx_bf16", "avx512_bf16"))
FALSE_ALARMS, AMONG_REPLIES = 0.01, 0.001
"""The most everyday phrases (half of them hard), and replies of the corpus, that may be taken for
danger. Chosen: a false alarm breaks into an exercise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How to fit. Shares are chances for each phrase, each time it is read."""

    passes: int = 6
    rate: float = 2.5e-4
    head_rate: float = 1e-3
    batch: int = 64
    everyday: int = 24
    layer_decay: float = 0.9
    dropout: float = 0.1
    unread: float = 0.06
    as_heard: float = 0.5
    inside: float = 0.35
    keep: float = 0.99
    seed: int = 1


class Alarm(nn.Module):
    """The encoder and one linear head over a text's first, mean and greatest vectors."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.encoder = Encoder.started(dropout)
        self.head = nn.Linear(POOLED, len(DANGERS))
        self.dropout = dropout

    def forward(self, ids: Tensor) -> Tensor:
        """Logits (1, kinds) of one text (1, tokens)."""
        from net import attention

        places = torch.arange(ids.shape[1], device=ids.device).expand_as(ids)
        far = torch.zeros((1, 1, 1, 1))
        hidden = self.encoder.read(
            ids, torch.zeros_like(ids), places, lambda qkv: attention(qkv, far)
        )
        return self.head(torch.cat([hidden[:, 0], hidden.mean(1), hidden.amax(1)], dim=-1))

    def packed(self, ids: Tensor, packed: Packed) -> Tensor:
        """The same of packed texts."""
        rows = packed.rows
        places = (rows - rows[:, :1])[rows < packed.count]
        hidden = self.encoder.read(ids, torch.zeros_like(ids), places, packed.attention)
        padded = packed.padded(hidden, rows)
        real = (rows < packed.count)[:, :, None].to(padded.dtype)
        mean = (padded * real).sum(1) / real.sum(1)
        most = (padded - (1.0 - real) * 1e4).amax(1)
        pooled = torch.cat([padded[:, 0], mean, most], dim=-1)
        return self.head(F.dropout(pooled, self.dropout, self.training))


class Pieces:
    """Texts to tokens, between their marks."""

    def __init__(self) -> None:
        from tokenizers import Tokenizer

        self._pieces = Tokenizer.from_file(str(start_folder() / "tokenizer.json"))
        self._pieces.no_padding()
        self._pieces.no_truncation()

    def __call__(self, text: str) -> list[int]:
        """Between the marks of start and end."""
        ids = self._pieces.encode(text, add_special_tokens=False).ids[-MOST_TOKENS:]
        return [101, *ids, 102]


def run(net: Alarm, texts: Sequence[list[int]], unread: float = 0.0) -> Tensor:
    """Logits (texts, kinds)."""
    order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
    packed = Packed([len(texts[n]) for n in order], -(-len(order) // 5))
    ids = torch.tensor([each for n in order for each in texts[n]])
    if unread:
        hide = (torch.rand(ids.shape) < unread) & (ids > MASK_TOKEN)
        ids = ids.masked_fill(hide, MASK_TOKEN)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=HALF):
        out = net.packed(ids, packed)
    return out.float()[torch.tensor(order).argsort()]


def everyday() -> list[str]:
    """Replies of the corpus without danger: good ones, and others without a dark word."""
    return [
        reply.text
        for reply in read_all()
        if split_of(reply.line) == "train" and (reply.quality >= 3 or not DARK.search(reply.text))
    ] + sorted(
        {
            reply.line.text
            for reply in read_all()
            if split_of(reply.line) == "train" and not DARK.search(reply.line.text)
        }
    )


def a_pass(
    phrases: Sequence[Phrase], beside: Sequence[str], settings: Settings, rng: random.Random
) -> Iterator[list[Phrase]]:
    """Batches of one pass: phrases as they are said, everyday replies beside them."""
    order = rng.sample(list(phrases), len(phrases))
    for at in range(0, len(order), settings.batch):
        batch = []
        for phrase in order[at : at + settings.batch]:
            text = phrase.text
            if rng.random() < settings.inside:
                other = rng.choice(beside)
                text = f"{text} {other}" if rng.random() < 0.5 else f"{other} {text}"
            if rng.random() < settings.as_heard:
                text = bare(text)
            batch.append(Phrase(kind=phrase.kind, text=text))
        for text in rng.sample(list(beside), settings.everyday):
            said = f"{text} {rng.choice(beside)}" if rng.random() < settings.inside else text
            batch.append(Phrase(kind="none", text=bare(said) if rng.random() < 0.5 else said))
        yield batch


def fit(phrases: Sequence[Phrase], beside: Sequence[str], settings: Settings) -> Alarm:
    """The network fitted; the mean of its last steps is kept."""
    torch.manual_seed(settings.seed)
    rng = random.Random(settings.seed)
    pieces, net = Pieces(), Alarm(settings.dropout)
    groups = [{"params": list(net.head.parameters()), "lr": settings.head_rate}]
    for name, weights in net.encoder.named_parameters():
        depth = int(name.split(".")[1]) + 1 if name.startswith("layers") else 0
        groups.append(
            {"params": [weights], "lr": settings.rate * settings.layer_decay ** (6 - depth)}
        )
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    count = -(-len(phrases) // settings.batch) * settings.passes
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / (0.08 * count)) * max(0.02, 1 - step / count)
    )
    kept = {name: value.detach().clone() for name, value in net.state_dict().items()}
    net.train()
    done = 0
    for number in range(settings.passes):
        losses, began = [], time.monotonic()
        for batch in a_pass(phrases, beside, settings, rng):
            right = torch.tensor([DANGERS.index(one.kind) for one in batch])
            out = run(net, [pieces(one.text) for one in batch], settings.unread)
            loss = F.cross_entropy(out, right, label_smoothing=0.03)
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
        print(
            f"pass {number + 1}: {np.mean(losses):.3f} ({time.monotonic() - began:.0f} s)",
            flush=True,
        )
    net.load_state_dict(kept)
    return net.eval()


def export(net: Alarm, folder: Path) -> None:
    """Writes danger.onnx, int8 and dynamically quantised."""
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    folder.mkdir(parents=True, exist_ok=True)
    whole, clean = folder / "whole.onnx", folder / "clean.onnx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            net.eval().float(),
            (torch.full((1, 16), 1000, dtype=torch.long),),
            str(whole),
            input_names=["ids"],
            output_names=["danger"],
            dynamic_axes={"ids": {1: "tokens"}},
            opset_version=17,
            dynamo=False,
        )
    quant_pre_process(str(whole), str(clean))
    quantize_dynamic(
        str(clean), str(folder / "danger.onnx"), per_channel=True, reduce_range=False,
        weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gemm", "Gather"],
    )  # fmt: skip
    whole.unlink()
    clean.unlink()


def asked(folder: Path, texts: Sequence[str]) -> np.ndarray:
    """The shipped weights' probability of any danger, for each text."""
    import onnxruntime

    pieces = Pieces()
    session = onnxruntime.InferenceSession(
        str(folder / "danger.onnx"), providers=["CPUExecutionProvider"]
    )
    rows = [session.run(None, {"ids": np.array([pieces(text)])})[0][0] for text in texts]
    z = np.exp(np.array(rows) - np.max(rows, axis=1, keepdims=True))
    return 1 - z[:, DANGERS.index("none")] / z.sum(1)


def least_of(folder: Path, phrases: Sequence[Phrase], replies: Sequence[str]) -> float:
    """From which probability no more than the chosen shares are false alarms."""
    texts = [phrase.text for phrase in phrases] + [bare(phrase.text) for phrase in phrases]
    sure = asked(folder, texts)
    real = np.array([phrase.kind != "none" for phrase in phrases] * 2)
    other = asked(folder, replies)
    for least in np.arange(0.3, 0.995, 0.005):
        false = (sure[~real] >= least).mean(), (other >= least).mean()
        if false[0] <= FALSE_ALARMS and false[1] <= AMONG_REPLIES:
            break
    for at in (0.5, 0.7, 0.9, least):
        print(
            f"from {at:.3f}: {(sure[real] >= at).mean():.1%} of {real.sum()} caught, false "
            f"{(sure[~real] >= at).mean():.2%} of {(~real).sum()}, {(other >= at).mean():.2%} of "
            f"{len(other)} replies",
            flush=True,
        )
    return round(float(least), 3)


def main() -> None:
    """Fit, export, calibrate, write the card."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument(
        "--to", type=Path, default=HERE / "danger-model", help="where the weights go"
    )
    folder = options.parse_args().to
    settings, phrases = Settings(), read_phrases()
    net = fit([one for one in phrases if not held_out(one)], everyday(), settings)
    export(net, folder)
    dev = [
        reply.text for reply in read_all() if split_of(reply.line) == "dev" and reply.quality >= 3
    ]
    least = least_of(folder, [one for one in phrases if held_out(one)], dev)
    card = {"name": NAME, "version": VERSION, "kinds": DANGERS, "least": least}
    (folder / "card.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
