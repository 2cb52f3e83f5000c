#!/usr/bin/env python3
"""Makes tiny.onnx: inputs like a BERT's, and piece n becomes (1, n, n * n, 10). Needs onnx==1.19.1."""
import pathlib

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

table = numpy.array([[1, n, n * n, 10] for n in range(8)], dtype=numpy.float32)
kinds = numpy.array([[0, 0, 0, 0], [1000, 1000, 1000, 1000]], dtype=numpy.float32)
names = ("input_ids", "attention_mask", "token_type_ids")
graph = helper.make_graph(
    [
        helper.make_node("Gather", ["table", "input_ids"], ["words"]),
        helper.make_node("Gather", ["kinds", "token_type_ids"], ["types"]),
        helper.make_node("Add", ["words", "types"], ["sum"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["column"]),
        # Padding gets vectors of its own, which the pooling must leave out.
        helper.make_node("Sub", ["column", "one"], ["absent"]),
        helper.make_node("Add", ["sum", "absent"], ["last_hidden_state"]),
    ],
    "tiny",
    [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "sequence"]) for name in names],
    [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "sequence", 4])],
    [
        numpy_helper.from_array(table, "table"),
        numpy_helper.from_array(kinds, "kinds"),
        numpy_helper.from_array(numpy.array([2], dtype=numpy.int64), "last"),
        numpy_helper.from_array(numpy.array([1], dtype=numpy.float32), "one"),
    ],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
model.ir_version = 8
onnx.checker.check_model(model)
(pathlib.Path(__file__).resolve().parent / "tiny.onnx").write_bytes(model.SerializeToString())
