#!/usr/bin/env python3
"""Writes tests/golden/clip_model: what the reference CLIP makes of random weights that the tests make too.

  make_clip_golden.py FOLDER     needs tools/golden/clip_requirements.txt; FOLDER holds the wheel open-clip-torch 3.3.0,
                                 whose tokeniser is the reference

The network is the true ViT-B/32 of transformers' CLIPModel, at its published size. Every weight is a function of its name and
place (see `uniform`), so that 600 MB of weights need not be kept: src/embed/openvino/made_up_clip.cpp computes the same.
Kept are vectors only: rows of little-endian 32-bit floats, scaled to length 1. Also kept are the ids that the reference
tokeniser gives for the sentences of sentences.py.
"""
import json
import math
import pathlib
import sys

import numpy as np
import torch
import transformers

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "clip"))
import reference
import sentences

FOLDER = ROOT / "tests" / "golden" / "clip_model"
TEXTS = ["a photo of a red dress", "", "zwei Katzen auf einem Sofa", "street food in Bangkok 🍜🔥", "ランニングシューズ",
         "word " * 200, "A PHOTO of a Dog's best day &amp; night!", "x"]


def splitmix(x):
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def fnv1a(text):
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 % (1 << 64)
    return value


def uniform(name, shape):
    """The seed is FNV-1a of the name; then splitmix64; the upper 24 bits are a number in [-1, 1)."""
    count = math.prod(shape)
    with np.errstate(over="ignore"):
        steps = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(fnv1a(name))
        top = splitmix(steps) >> np.uint64(40)
    return (top.astype(np.float32) * np.float32(2**-23) - np.float32(1)).reshape(shape)


def weight(name, shape):
    """Scales under which every layer keeps the size of its input, and attention is neither flat nor a single peak."""
    if name.endswith(".bias"):
        base, scale = 0, 0.1
    elif "norm" in name or "layrnorm" in name:
        base, scale = 1, 0.5
    elif len(shape) < 2:
        base, scale = 0, 0.5
    else:
        base, scale = 0, math.sqrt(3 / math.prod(shape[1:]))
    return np.float32(base) + np.float32(scale) * uniform(name, shape)


def pictures():
    c, y, x = np.mgrid[0:3, 0:224, 0:224]
    for number in range(2):
        yield np.float32(2) * uniform(f"picture.{number}", (3, 224, 224))
    yield ((x * 7 + y * 13 + c * 31) % 256).astype(np.float32) / np.float32(64) - np.float32(2)
    yield ((x // 16 + y // 16 + c) % 2).astype(np.float32) * np.float32(3) - np.float32(1.5)


def units(rows):
    rows = rows.detach().numpy().astype(np.float64)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype("<f4")


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    wheel = next(pathlib.Path(sys.argv[1]).glob("open_clip_torch-*.whl"))
    simple, _ = reference.tokenizer(wheel, sys.argv[1])
    with open(FOLDER / "tokens.jsonl", "w", encoding="utf-8") as file:
        import ftfy
        for text in [*TEXTS, *(text for _, text in sentences.all_sentences())]:
            if ftfy.fix_text(text) == ftfy.fix_text(text, fix_encoding=False) and len(text) < 600:
                ids, cut = reference.expected(simple, text)
                print(json.dumps({"text": text, "ids": ids, "cut": cut}, ensure_ascii=True), file=file)
    torch.set_num_threads(2)
    model = transformers.CLIPModel(transformers.CLIPConfig()).eval()
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            if name != "logit_scale":
                tensor.copy_(torch.from_numpy(weight(name, tuple(tensor.shape))))
        images = units(model.get_image_features(pixel_values=torch.from_numpy(np.stack(list(pictures())))))
        rows = []
        for text in TEXTS:
            ids, _ = reference.expected(simple, text)
            rows.append(ids + [0] * (77 - len(ids)))
        texts = units(model.get_text_features(input_ids=torch.tensor(rows)))
    (FOLDER / "pictures.f32").write_bytes(images.tobytes())
    (FOLDER / "texts.f32").write_bytes(texts.tobytes())
    (FOLDER / "texts.json").write_text(json.dumps(TEXTS) + "\n")
    for name, rows in (("pictures", images), ("texts", texts)):
        print(name, "cosines among them:", np.round(rows @ rows.T, 3).tolist())


if __name__ == "__main__":
    main()
