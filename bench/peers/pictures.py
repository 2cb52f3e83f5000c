"""Pictures a second of CLIP's ViT-B/32: this program and onnxruntime's Python package on the same ONNX file.

    python bench/peers/pictures.py CLIP_BENCH FOLDER [--seconds 10]

CLIP_BENCH is this project's bench program (target clip_bench). FOLDER gets a pair of ONNX files with made-up weights, where
it has none: the network of the published ViT-B/32, operator by operator as exporters write it. Speed does not depend on what
the weights are. Also checked: that both give the same vectors as transformers did for these weights.

Needs numpy, onnx, onnxruntime. One thread on both sides, batches of 32 and of 1, turn by turn, median of the turns.
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools" / "golden"))
import made_up_clip

BASE = dict(vision_hidden=768, vision_layers=12, patch=32, text_hidden=512, text_layers=12, dimension=512)
MERGES = ROOT / ".deps" / "models" / "clip-merges" / "bpe_simple_vocab_16e6.txt.gz"
TURNS = 3


class Graph:
    """Nodes in order; every call returns the name of what it computes."""

    def __init__(self, weights):
        self.weights, self.nodes, self.constants, self.used = weights, [], [], set()

    def op(self, kind, *inputs, **attributes):
        name = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name

    def constant(self, value):
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def weight(self, name, transposed=False):
        key = name + (".T" if transposed else "")
        if key not in self.used:
            value = self.weights[name].T if transposed else self.weights[name]
            self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), key))
            self.used.add(key)
        return key

    def dense(self, x, name, bias=True):
        x = self.op("MatMul", x, self.weight(name + ".weight", True))
        return self.op("Add", x, self.weight(name + ".bias")) if bias else x

    def norm(self, x, name):
        return self.op("LayerNormalization", x, self.weight(name + ".weight"), self.weight(name + ".bias"), axis=-1,
                       epsilon=1e-5)

    def attention(self, x, name, hidden, mask):
        heads = hidden // 64
        split = self.constant(np.array([0, 0, heads, 64], np.int64))

        def part(which, order):
            return self.op("Transpose", self.op("Reshape", self.dense(x, f"{name}.{which}"), split), perm=order)

        scores = self.op("MatMul", part("q_proj", [0, 2, 1, 3]), part("k_proj", [0, 2, 3, 1]))
        scores = self.op("Mul", scores, self.constant(np.float32(0.125)))
        if mask:
            scores = self.op("Add", scores, mask)
        mixed = self.op("MatMul", self.op("Softmax", scores, axis=-1), part("v_proj", [0, 2, 1, 3]))
        joined = self.op("Reshape", self.op("Transpose", mixed, perm=[0, 2, 1, 3]),
                         self.constant(np.array([0, 0, hidden], np.int64)))
        return self.dense(joined, name + ".out_proj")

    def layers(self, x, tower, count, hidden, mask=None):
        for layer in range(count):
            at = f"{tower}.encoder.layers.{layer}."
            x = self.op("Add", x, self.attention(self.norm(x, at + "layer_norm1"), at + "self_attn", hidden, mask))
            y = self.dense(self.norm(x, at + "layer_norm2"), at + "mlp.fc1")
            gate = self.op("Sigmoid", self.op("Mul", y, self.constant(np.float32(1.702))))
            x = self.op("Add", x, self.dense(self.op("Mul", y, gate), at + "mlp.fc2"))
        return x

    def save(self, path, given, result, name):
        self.nodes[-1].output[0] = name
        out = helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", BASE["dimension"]])
        graph = helper.make_graph(self.nodes, "clip", [given], [out], self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        onnx.checker.check_model(model)
        onnx.save(model, path)
        assert result  # it was the last node


def write_vision(weights, path):
    graph, hidden = Graph(weights), BASE["vision_hidden"]
    at = "vision_model.embeddings."
    x = graph.op("Conv", "pixel_values", graph.weight(at + "patch_embedding.weight"), strides=[32, 32])
    x = graph.op("Transpose", graph.op("Reshape", x, graph.constant(np.array([0, hidden, -1], np.int64))), perm=[0, 2, 1])
    batch = graph.op("Slice", graph.op("Shape", "pixel_values"), graph.constant(np.array([0], np.int64)),
                     graph.constant(np.array([1], np.int64)))
    shape = graph.op("Concat", batch, graph.constant(np.array([1, hidden], np.int64)), axis=0)
    head = graph.op("Expand", graph.weight(at + "class_embedding"), shape)
    x = graph.op("Add", graph.op("Concat", head, x, axis=1), graph.weight(at + "position_embedding.weight"))
    x = graph.layers(graph.norm(x, "vision_model.pre_layrnorm"), "vision_model", BASE["vision_layers"], hidden)
    x = graph.op("Gather", x, graph.constant(np.int64(0)), axis=1)
    x = graph.dense(graph.norm(x, "vision_model.post_layernorm"), "visual_projection", bias=False)
    graph.save(path, helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, ["batch", 3, 224, 224]), x,
               "image_embeds")


def write_text(weights, path):
    graph, hidden = Graph(weights), BASE["text_hidden"]
    x = graph.op("Gather", graph.weight("text_model.embeddings.token_embedding.weight"), "input_ids")
    zero, one = (graph.constant(np.array([at], np.int64)) for at in (0, 1))
    tokens = graph.op("Slice", graph.op("Shape", "input_ids"), one, graph.constant(np.array([2], np.int64)))
    places = graph.op("Slice", graph.weight("text_model.embeddings.position_embedding.weight"), zero, tokens, zero)
    full = graph.constant(np.triu(np.full((77, 77), -1e9, np.float32), 1))
    mask = graph.op("Slice", graph.op("Slice", full, zero, tokens, zero), zero, tokens, one)
    x = graph.layers(graph.op("Add", x, places), "text_model", BASE["text_layers"], hidden, mask)
    x = graph.norm(x, "text_model.final_layer_norm")
    end = graph.op("ArgMax", "input_ids", axis=1, keepdims=0)  # the end token has the highest number
    index = graph.op("Expand", graph.op("Unsqueeze", graph.op("Unsqueeze", end, one), graph.constant(np.array([2], np.int64))),
                     graph.constant(np.array([1, 1, hidden], np.int64)))
    x = graph.op("Squeeze", graph.op("GatherElements", x, index, axis=1), one)
    x = graph.dense(x, "text_projection", bias=False)
    graph.save(path, helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "tokens"]), x, "text_embeds")


def onnx_pair(folder):
    if (folder / "text_model.onnx").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    weights = made_up_clip.weights(**BASE)
    write_vision(weights, folder / "vision_model.onnx")
    shutil.copy(MERGES, folder / MERGES.name)
    write_text(weights, folder / "text_model.onnx")


def check_vectors(session):
    """Against what transformers computed from the same weights (tests/golden/clip_model)."""
    wanted = np.fromfile(ROOT / "tests" / "golden" / "clip_model" / "pictures.f32", "<f4").reshape(-1, 512)
    got = session.run(None, {"pixel_values": np.stack(list(made_up_clip.pictures())).astype(np.float32)})[0]
    worst = float(((got / np.linalg.norm(got, axis=1, keepdims=True)) * wanted).sum(1).min())
    assert worst > 0.999999, worst
    return worst


def peer(session, batch, seconds):
    pixels = np.random.default_rng(1).standard_normal((batch, 3, 224, 224), np.float32)
    session.run(None, {"pixel_values": pixels})
    done, wall, cpu = 0, time.perf_counter(), time.process_time()
    while time.process_time() - cpu < seconds:
        session.run(None, {"pixel_values": pixels})
        done += batch
    return done / (time.perf_counter() - wall), done / (time.process_time() - cpu)


def ours(program, folder, seconds):
    """Batch -> (a second, a processor second), as clip_bench prints them."""
    calls = max(2, int(seconds * 20 / 32))
    lines = subprocess.run([program, folder, "1", str(calls)], capture_output=True, text=True, check=True).stdout.splitlines()
    out = {}
    for line in lines:
        if line.startswith("pictures"):
            numbers = [float(word) for word in line.split("at once" if "at once" in line else "at a time")[1].split()
                       if word.replace(".", "").isdigit()]
            out[32 if "32 at once" in line else 1] = (numbers[0], numbers[1])
    return out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seconds", type=float, default=10)
    flags = parser.parse_args()
    onnx_pair(flags.folder)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(flags.folder / "vision_model.onnx"), options, providers=["CPUExecutionProvider"])
    worst = check_vectors(session)
    turns = {(side, batch): [] for side in ("ours", "onnxruntime") for batch in (32, 1)}
    for _ in range(TURNS):
        for batch, figures in ours(flags.program, flags.folder, flags.seconds).items():
            turns["ours", batch].append(figures)
        for batch in (32, 1):
            turns["onnxruntime", batch].append(peer(session, batch, flags.seconds))
    for batch in (32, 1):
        row = {"batch": batch, "onnxruntime_version": onnxruntime.__version__, "cosine_to_transformers": round(worst, 9),
               "load": round(os.getloadavg()[0], 1)}
        for side in ("ours", "onnxruntime"):
            row[side + "_per_second"] = round(statistics.median(wall for wall, _ in turns[side, batch]), 1)
            row[side + "_per_processor_second"] = round(statistics.median(cpu for _, cpu in turns[side, batch]), 1)
        row["ratio"] = round(row["ours_per_processor_second"] / row["onnxruntime_per_processor_second"], 2)
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
