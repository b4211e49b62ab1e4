"""The shipped int8 weights as weights that can be fitted further."""

from pathlib import Path

import torch
from torch import Tensor

SUFFIX = "_quantized"


def shipped_state(folder: Path) -> dict[str, Tensor]:
    """The state of a :class:`net.Judge` from ``judge.onnx``: (int8 − zero point) × scale.

    What the rounding to int8 took is lost, which is less than a step of fitting changes.
    """
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(folder / "judge.onnx")).graph
    values = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    state: dict[str, Tensor] = {}

    def whole(name: str) -> Tensor:
        core = name.removesuffix(SUFFIX)
        zero = values.get(f"{core}_zero_point", 0)
        raised = values[name].astype("float32") - zero.astype("float32")
        return torch.tensor(raised * values[f"{core}_scale"])

    for name, value in values.items():
        if name.startswith("net.") and name.endswith((".weight", ".bias")):
            state[name.removeprefix("net.")] = torch.tensor(value)
        elif name.startswith("net.encoder.") and name.endswith(SUFFIX):
            state[name.removeprefix("net.").removesuffix(SUFFIX)] = whole(name)
    for node in graph.node:
        if node.op_type == "MatMulInteger" and node.input[1].endswith(SUFFIX):
            state[f"{_place(node.output[0])}.weight"] = whole(node.input[1]).T.contiguous()
    return state


def _place(output: str) -> str:
    """Where in the network a product belongs, from the name of what it gives out."""
    parts = output.strip("/").split("/")
    if len(parts) == 1:  # "quality_MatMul_output_quantized"
        return f"heads.{output.partition('_MatMul')[0]}"
    inside = ".".join(parts[1:-1])
    return inside if inside == "tags" else f"encoder.{inside}"
