"""Reads the weights of a CTranslate2 model file (version 6) without CTranslate2."""
import struct

import numpy as np

TYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def number(self, form):
        (value,) = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return value

    def text(self):
        length = self.number("H")
        raw = self.data[self.at : self.at + length]
        self.at += length
        return raw.rstrip(b"\0").decode()

    def tensor(self):
        name = self.text()
        shape = [self.number("I") for _ in range(self.number("B"))]
        kind, size = TYPES[self.number("B")], self.number("I")
        values = np.frombuffer(self.data, kind, count=size // np.dtype(kind).itemsize, offset=self.at).reshape(shape)
        self.at += size
        return name, values


def read_weights(path):
    """A dictionary of the tensors by name, names that stand for the same tensor included."""
    with open(path, "rb") as file:
        reader = Reader(file.read())
    version = reader.number("I")
    if version != 6:
        raise SystemExit(f"{path} is of version {version}, not 6")
    reader.text()  # the model's kind
    reader.number("I")  # its revision
    tensors = dict(reader.tensor() for _ in range(reader.number("I")))
    for _ in range(reader.number("I")):
        alias, name = reader.text(), reader.text()
        tensors[alias] = tensors[name]
    if reader.at != len(reader.data):
        raise SystemExit(f"{path}: {len(reader.data) - reader.at} bytes left over")
    return tensors
