#!/usr/bin/env python3
"""Writes tests/golden/clip: what Pillow and numpy make of pictures that both they and the tests compute.

  clip_golden.py          needs pillow and numpy; run it again only when the preprocessing is to change

Each file holds every 7th value of each row and column of CLIP's input, 3 x 32 x 32 little-endian 32-bit floats, as
openai/CLIP's transform gives them: Resize(224, bicubic), CenterCrop(224), ToTensor, Normalize.
"""
import pathlib

import numpy as np
from PIL import Image

SIZES = [(640, 480), (333, 777), (100, 80), (224, 224), (1000, 225), (31, 1000), (226, 224), (227, 224)]
MEAN = np.array([0.48145466, 0.4578275, 0.40821073], dtype=np.float32)
DEVIATION = np.array([0.26862954, 0.26130258, 0.27577711], dtype=np.float32)


def picture(width, height):
    """The same integers as `pattern` in src/image/clip_input_test.cpp."""
    y, x = np.mgrid[0:height, 0:width]
    channels = [(x * 7 + y * 13) % 256, (x * y) % 256, ((x // 8 + y // 8) % 2) * 160 + (x + y) % 64]
    return Image.fromarray(np.stack(channels, axis=-1).astype(np.uint8))


def clip_input(image):
    short = min(image.size)
    width, height = (int(224 * side / short) for side in image.size)
    # Across, then down: so did every Pillow that CLIP was trained with. Pillow 13 goes down first where a picture is much
    # higher than wide, which rounds differently by a few values of 255.
    image = image.resize((width, image.height), Image.BICUBIC).resize((width, height), Image.BICUBIC)
    left, top = (int(round((side - 224) / 2)) for side in image.size)
    values = np.asarray(image.crop((left, top, left + 224, top + 224)), dtype=np.float32) / np.float32(255)
    return ((values - MEAN) / DEVIATION).transpose(2, 0, 1)


def main():
    folder = pathlib.Path(__file__).resolve().parent.parent / "tests" / "golden" / "clip"
    folder.mkdir(parents=True, exist_ok=True)
    for width, height in SIZES:
        values = clip_input(picture(width, height))[:, ::7, ::7]
        (folder / f"{width}x{height}.bin").write_bytes(values.astype("<f4").tobytes())


if __name__ == "__main__":
    main()
