"""From the fitted network to what the program ships: int8 weights, calibration, a card."""

import shutil
import warnings
from pathlib import Path

import torch
from corpus import FLAVOURS
from examples import BEHAVIOURS, FACET_NAMES, KIND_NAMES, LEVEL_NAMES, MOVE_NAMES, SIZES
from net import Judge, start_folder
from torch import Tensor, nn

OUTPUTS = {
    "behaviours": BEHAVIOURS,
    "facets": FACET_NAMES,
    "flavour": FLAVOURS,
    "kind": KIND_NAMES,
    "level": LEVEL_NAMES,
    "moves": MOVE_NAMES,
    "quality": tuple("01234"),
}


class _Flat(nn.Module):
    """The network with its heads in a fixed order, as the exporter wants it."""

    def __init__(self, net: Judge) -> None:
        super().__init__()
        self.net = net

    def forward(self, ids: Tensor, segments: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        out = self.net(ids, segments, mask)
        return tuple(out[name] for name in SIZES)


def export(net: Judge, folder: Path) -> None:
    """Writes judge.onnx, int8 and dynamically quantised, and tokenizer.json."""
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    folder.mkdir(parents=True, exist_ok=True)
    whole, clean = folder / "whole.onnx", folder / "clean.onnx"
    example = tuple(torch.ones((2, 16), dtype=torch.long) for _ in range(3))
    axes = {name: {0: "replies", 1: "tokens"} for name in ("ids", "segments", "mask")}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Flat(net.eval().float()),
            example,
            str(whole),
            input_names=["ids", "segments", "mask"],
            output_names=list(SIZES),
            dynamic_axes=axes | {"tags": {0: "replies", 1: "tokens"}},
            opset_version=17,
            dynamo=False,
        )
    quant_pre_process(str(whole), str(clean))
    quantize_dynamic(
        str(clean),
        str(folder / "judge.onnx"),
        per_channel=True,
        reduce_range=False,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul", "Gemm", "Gather"],
    )
    whole.unlink()
    clean.unlink()
    shutil.copyfile(start_folder() / "tokenizer.json", folder / "tokenizer.json")
