#!/usr/bin/env python3
"""Writes tests/golden/clip_model/large_*.f32: vectors of a made-up CLIP with the widths of ViT-L/14, two layers deep.

  make_clip_large_golden.py      needs numpy

The network is written down once more here, in numpy, from Radford et al. 2021 and Dosovitskiy et al. 2021. Before it is
believed it computes the full ViT-B/32 whose vectors transformers made (make_clip_golden.py): the cosine must be 0.9999999.
"""
import json
import pathlib

import numpy as np

import made_up_clip

FOLDER = pathlib.Path(__file__).resolve().parent.parent.parent / "tests" / "golden" / "clip_model"
BASE = dict(vision_hidden=768, vision_layers=12, patch=32, text_hidden=512, text_layers=12, dimension=512)
LARGE = dict(vision_hidden=1024, vision_layers=2, patch=14, text_hidden=768, text_layers=2, dimension=768)
LARGE_TEXTS = ["a photo of a red dress", "street food in Bangkok 🍜🔥"]


def norm(x, w, name):
    x = x - x.mean(-1, keepdims=True)
    return x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-5) * w[name + ".weight"] + w[name + ".bias"]


def dense(x, w, name):
    return x @ w[name + ".weight"].T + w[name + ".bias"]


def attention(x, w, name, causal):
    places, hidden = x.shape
    heads = hidden // 64
    split = lambda part: dense(x, w, f"{name}.{part}").reshape(places, heads, 64).transpose(1, 0, 2)
    scores = split("q_proj") @ split("k_proj").transpose(0, 2, 1) / 8
    if causal:
        scores = scores + np.triu(np.full((places, places), -np.inf), 1)
    scores = np.exp(scores - scores.max(-1, keepdims=True))
    mixed = scores / scores.sum(-1, keepdims=True) @ split("v_proj")
    return dense(mixed.transpose(1, 0, 2).reshape(places, hidden), w, name + ".out_proj")


def layers(x, w, tower, count, causal):
    for layer in range(count):
        at = f"{tower}.encoder.layers.{layer}."
        x = x + attention(norm(x, w, at + "layer_norm1"), w, at + "self_attn", causal)
        y = dense(norm(x, w, at + "layer_norm2"), w, at + "mlp.fc1")
        x = x + dense(y / (1 + np.exp(-1.702 * y)), w, at + "mlp.fc2")
    return x


def unit(x):
    return x / np.linalg.norm(x)


def picture(pixels, w, sizes):
    patch, across = sizes["patch"], 224 // sizes["patch"]
    cut = pixels[:, :across * patch, :across * patch].reshape(3, across, patch, across, patch)
    cut = cut.transpose(1, 3, 0, 2, 4).reshape(across * across, -1)
    x = cut @ w["vision_model.embeddings.patch_embedding.weight"].reshape(sizes["vision_hidden"], -1).T
    x = np.vstack([w["vision_model.embeddings.class_embedding"], x])
    x = norm(x + w["vision_model.embeddings.position_embedding.weight"], w, "vision_model.pre_layrnorm")
    x = layers(x, w, "vision_model", sizes["vision_layers"], False)
    return unit(norm(x[:1], w, "vision_model.post_layernorm")[0] @ w["visual_projection.weight"].T)


def text(ids, w, sizes):
    x = w["text_model.embeddings.token_embedding.weight"][ids]
    x = x + w["text_model.embeddings.position_embedding.weight"][:len(ids)]
    x = norm(layers(x, w, "text_model", sizes["text_layers"], True), w, "text_model.final_layer_norm")
    return unit(x[int(np.argmax(ids))] @ w["text_projection.weight"].T)


def both(sizes, pixels, token_rows):
    w = {name: value.astype(np.float64) for name, value in made_up_clip.weights(**sizes).items()}
    return (np.stack([picture(one.astype(np.float64), w, sizes) for one in pixels]),
            np.stack([text(ids, w, sizes) for ids in token_rows]))


def main():
    known = {row["text"]: row["ids"] for row in map(json.loads, open(FOLDER / "tokens.jsonl", encoding="utf-8"))}
    pixels = list(made_up_clip.pictures())
    texts = [one for one in json.loads((FOLDER / "texts.json").read_text()) if one in known]
    rows = both(BASE, pixels, [known[one] for one in texts])
    every = json.loads((FOLDER / "texts.json").read_text())
    for what, got, places in (("pictures", rows[0], range(len(pixels))), ("texts", rows[1], map(every.index, texts))):
        wanted = np.fromfile(FOLDER / f"{what}.f32", "<f4").reshape(-1, 512)[list(places)]
        worst = float((got * wanted).sum(1).min())
        print(f"ViT-B/32, {what}: worst cosine to transformers' {worst:.9f} of {len(got)}")
        assert worst > 0.9999999, what
    shown, said = both(LARGE, pixels[:2], [known[one] for one in LARGE_TEXTS])
    for name, values in (("large_pictures", shown), ("large_texts", said)):
        (FOLDER / f"{name}.f32").write_bytes(values.astype("<f4").tobytes())
        print(name, "cosines among them:", np.round(values @ values.T, 3).tolist())


if __name__ == "__main__":
    main()
