#!/usr/bin/env python3
"""Writes tests/golden/clip_model: what the reference CLIP makes of random weights that the tests make too.

  make_clip_golden.py FOLDER     needs tools/golden/clip_requirements.txt; FOLDER holds the wheel open-clip-torch 3.3.0,
                                 whose tokeniser is the reference

The network is the true ViT-B/32 of transformers' CLIPModel, at its published size. Every weight is a function of its name and
place (see made_up_clip.py), so that 600 MB of weights need not be kept: src/embed/openvino/made_up_clip.cpp computes the same.
Kept are vectors only: rows of little-endian 32-bit floats, scaled to length 1. Also kept are the ids that the reference
tokeniser gives for the sentences of sentences.py.
"""
import json
import pathlib
import sys

import numpy as np
import torch
import transformers

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "clip"))
import made_up_clip
import reference
import sentences

FOLDER = ROOT / "tests" / "golden" / "clip_model"
TEXTS = ["a photo of a red dress", "", "zwei Katzen auf einem Sofa", "street food in Bangkok 🍜🔥", "ランニングシューズ",
         "word " * 200, "A PHOTO of a Dog's best day &amp; night!", "x"]


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
                tensor.copy_(torch.from_numpy(made_up_clip.weight(name, tuple(tensor.shape))))
        images = units(model.get_image_features(pixel_values=torch.from_numpy(np.stack(list(made_up_clip.pictures())))))
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
