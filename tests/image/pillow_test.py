#!/usr/bin/env python3
"""CLIP preprocessing and perceptual hashes equal Pillow's on real photos.

  pillow_test.py IMAGE_PROBE PILLOW_ENVIRONMENT

The references are written out here: openai/CLIP's transform (torchvision's Resize and CenterCrop on a Pillow image) and
imagehash's phash. Skips loudly (77) without the photos, or where Pillow cannot be had.
"""
import subprocess
import sys

import pillow_environment

PROBE, ENVIRONMENT = sys.argv[1:3]
pillow_environment.enter(ENVIRONMENT)

import numpy as np
from PIL import Image, ImageOps

PHOTOS, SIDE = 200, 224
MOST = 2  # of 255


def clip_crop(path):
    image = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    width, height = image.size
    short = min(width, height)
    image = image.resize((int(SIDE * width / short), int(SIDE * height / short)), Image.BICUBIC)
    left, top = (int(round((side - SIDE) / 2)) for side in image.size)
    return np.asarray(image.crop((left, top, left + SIDE, top + SIDE)), dtype=np.int16)


def dct_hash(path, mirror):
    image = ImageOps.exif_transpose(Image.open(path)).convert("RGB").convert("L").resize((32, 32), Image.LANCZOS)
    pixels = np.asarray(image, dtype=np.float64)
    if mirror:
        pixels = pixels[:, ::-1]
    n, k = np.arange(32), np.arange(8)[:, None]
    cosines = np.cos(np.pi * k * (2 * n + 1) / 64)
    low = cosines @ pixels @ cosines.T
    return int("".join("1" if value > np.median(low) else "0" for value in low.flatten()), 2)


def main():
    photos = sorted(path for path in pillow_environment.data("photos").rglob("*") if path.is_file())[:PHOTOS]
    if len(photos) < PHOTOS:
        sys.exit(f"{len(photos)} photos, {PHOTOS} wanted")
    files = [str(path) for path in photos]
    bytes_out = subprocess.run([PROBE, "clip", *files], capture_output=True, check=True).stdout
    crops = np.frombuffer(bytes_out, dtype=np.uint8).reshape(-1, SIDE, SIDE, 3).astype(np.int16)
    assert len(crops) == PHOTOS, len(crops)
    worst, wrong = 0, []
    for path, crop in zip(photos, crops):
        difference = int(np.abs(crop - clip_crop(path)).max())
        worst = max(worst, difference)
        if difference > MOST:
            wrong.append(f"{path.name}: {difference}/255")
    print(f"CLIP input: {PHOTOS} photos, largest difference of any value {worst}/255; above {MOST}/255: {wrong or 'none'}")

    lines = subprocess.run([PROBE, "hash", *files], capture_output=True, check=True, text=True).stdout.split("\n")
    bits = [0, 0]
    for path, line in zip(photos, lines):
        for which, text in enumerate(line.split()):
            bits[which] = max(bits[which], (int(text, 16) ^ dct_hash(path, which == 1)).bit_count())
    print(f"perceptual hash: at most {bits[0]} of 64 bits differ, mirrored {bits[1]}")
    return 1 if wrong or max(bits) > 0 else 0


if __name__ == "__main__":
    sys.exit(main())
