#!/usr/bin/env python3
"""Makes tiny_clip: a pair as exporters write it, whose answers can be told by hand. Needs onnx==1.19.1.

The vision tower gives the means of the three channels and 1; the text tower the first token's id / 49406, the largest id /
49407, the number of tokens up to the first largest one / 10, and 1.
"""
import pathlib

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

FOLDER = pathlib.Path(__file__).resolve().parent / "tiny_clip"


def value(name, kind, shape):
    return helper.make_tensor_value_info(name, kind, shape)


def save(name, nodes, inputs, outputs, constants):
    constants = [numpy_helper.from_array(numpy.array(data, dtype=kind), key) for key, (data, kind) in constants.items()]
    model = helper.make_model(helper.make_graph(nodes, "tiny", inputs, outputs, constants),
                              opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / name).write_bytes(model.SerializeToString())


node = helper.make_node
save("vision_model.onnx",
     [node("ReduceMean", ["pixel_values"], ["means"], axes=[2, 3], keepdims=0),
      node("ReduceSum", ["means", "across"], ["sum"], keepdims=1), node("Mul", ["sum", "nought"], ["zeros"]),
      node("Add", ["zeros", "one"], ["ones"]), node("Concat", ["means", "ones"], ["image_embeds"], axis=1),
      node("Identity", ["pixel_values"], ["last_hidden_state"])],
     [value("pixel_values", TensorProto.FLOAT, ["batch", 3, "height", "width"])],
     [value("image_embeds", TensorProto.FLOAT, ["batch", 4]),
      value("last_hidden_state", TensorProto.FLOAT, ["batch", 3, "height", "width"])],
     {"across": ([1], numpy.int64), "nought": ([0], numpy.float32), "one": ([1], numpy.float32)})
save("text_model.onnx",
     [node("Cast", ["input_ids"], ["real"], to=TensorProto.FLOAT),
      node("Gather", ["real", "from"], ["first"], axis=1), node("Div", ["first", "start"], ["a"]),
      node("ReduceMax", ["real"], ["most"], axes=[1], keepdims=1), node("Div", ["most", "end"], ["b"]),
      node("ArgMax", ["real"], ["place"], axis=1, keepdims=1), node("Cast", ["place"], ["p"], to=TensorProto.FLOAT),
      node("Div", ["p", "ten"], ["c"]), node("Mul", ["b", "nought"], ["zeros"]), node("Add", ["zeros", "one"], ["d"]),
      node("Concat", ["a", "b", "c", "d"], ["text_embeds"], axis=1)],
     [value("input_ids", TensorProto.INT64, ["batch", "sequence"])],
     [value("text_embeds", TensorProto.FLOAT, ["batch", 4])],
     {"from": ([0], numpy.int64),
      "start": ([49406], numpy.float32), "end": ([49407], numpy.float32), "ten": ([10], numpy.float32),
      "nought": ([0], numpy.float32), "one": ([1], numpy.float32)})
