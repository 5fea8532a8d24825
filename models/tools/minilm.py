"""
all-MiniLM-L6-v2 (Reimers & Gurevych 2019) to minilm-l6-v2.onnx: pooling and normalising inside, weights of 8 bits.

usage: minilm.py SOURCE OUT

SOURCE is the folder of the unpacked package with config.json and the weights, as `transformers` reads it.
"""
import os
import sys
import tempfile

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import AutoModel

from common import show, simplify, store_float16

HEADS, HEAD, HIDDEN = 12, 32, 384
# What a masked token's score gets.
MASKED = -1e4


class Encoder(torch.nn.Module):
    """BERT written out, so that the tracer finds plain products only; the mean over the tokens, of length 1."""

    def __init__(self, network):
        super().__init__()
        self.n = network

    def forward(self, input_ids, attention_mask):
        mask = (1.0 - attention_mask[:, None, None, :].float()) * MASKED
        x = self.n.embeddings(input_ids=input_ids)
        for layer in self.n.encoder.layer:
            x = layer.attention.output(attend(layer.attention.self, x, mask), x)
            x = layer.output(layer.intermediate(x), x)
        kept = attention_mask[:, :, None].float()
        return torch.nn.functional.normalize((x * kept).sum(1) / kept.sum(1).clamp(min=1e-9), p=2, dim=1)


def attend(attention, x, mask):
    batch, length, _ = x.shape

    def heads(values):
        return values.view(batch, length, HEADS, HEAD).transpose(1, 2)

    query, key, value = heads(attention.query(x)), heads(attention.key(x)), heads(attention.value(x))
    weights = torch.softmax(query @ key.transpose(2, 3) / HEAD**0.5 + mask, -1)
    return (weights @ value).transpose(1, 2).reshape(batch, length, HIDDEN)


def compare(network, encoder, ids, mask):
    """Stops where the written-out network gives other numbers than the original."""
    with torch.no_grad():
        states = network(input_ids=ids, attention_mask=mask).last_hidden_state
        kept = mask[:, :, None].float()
        mean = torch.nn.functional.normalize((states * kept).sum(1) / kept.sum(1), dim=1)
        difference = (mean - encoder(ids, mask)).abs().max().item()
    if difference > 1e-4:
        raise SystemExit(f"the written-out network differs by {difference}")


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    source, target = sys.argv[1:]
    network = AutoModel.from_pretrained(source, attn_implementation="eager").eval()
    encoder = Encoder(network).eval()
    ids = torch.randint(1000, 20000, (3, 17))
    mask = torch.ones_like(ids)
    mask[1, 10:] = 0
    compare(network, encoder, ids, mask)
    both = {0: "batch", 1: "length"}
    with tempfile.TemporaryDirectory() as folder:
        plain, small = os.path.join(folder, "float32.onnx"), os.path.join(folder, "int8.onnx")
        torch.onnx.export(
            encoder,
            (ids, mask),
            plain,
            input_names=["input_ids", "attention_mask"],
            output_names=["embedding"],
            dynamic_axes={"input_ids": both, "attention_mask": both, "embedding": {0: "batch"}},
            opset_version=17,
            dynamo=False,
        )
        simplify(plain)
        quantize_dynamic(plain, small, op_types_to_quantize=["MatMul", "Gather"], per_channel=True, weight_type=QuantType.QInt8)
        store_float16(small, target)
    show(target)


if __name__ == "__main__":
    main()
