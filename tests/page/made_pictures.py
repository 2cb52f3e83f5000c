"""Pictures of creators for the page's tests: drawn here, so that none of anybody's is needed."""
import json
import math
import random
import struct
import urllib.request
import zlib


def png(width, height, colour_at):
    """A PNG file; colour_at(x, y) in [0, 1) x [0, 1) gives (red, green, blue)."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            rows.extend(colour_at(x / width, y / height))

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(rows), 6)) + chunk(b"IEND", b"")


def scene(seed, width=120, height=120):
    """Sky over ground with a sun, hills and things: no two seeds alike, neighbours of a family near one another."""
    dice = random.Random(seed)
    family = seed % 4
    sky = [(40, 90, 200), (235, 120, 60), (20, 24, 60), (150, 200, 160)][family]
    land = [(210, 190, 120), (90, 40, 30), (60, 60, 90), (30, 110, 50)][family]
    shift = [dice.randint(-18, 18) for _ in range(3)]
    sun = (dice.uniform(0.15, 0.85), dice.uniform(0.1, 0.4), dice.uniform(0.06, 0.14))
    waves = [(dice.uniform(2, 9), dice.uniform(0, 6.3), dice.uniform(0.02, 0.08)) for _ in range(3)]
    level = dice.uniform(0.5, 0.7)
    # Things that stand about: without them two of a family would be as alike as two takes of one view.
    things = [(dice.random(), dice.random(), dice.uniform(0.04, 0.2), dice.uniform(0.04, 0.2), dice.uniform(0.35, 1.7)) for _ in range(14)]

    def colour_at(x, y):
        hill = level + sum(height * math.sin(speed * x + phase) for speed, phase, height in waves)
        if math.hypot(x - sun[0], y - sun[1]) < sun[2]:
            return (250, 236, 170)
        base, shade = (sky, 1 - 0.4 * y) if y < hill else (land, 1.2 - 0.5 * y)
        for left, top, wide, high, light in things:
            if left <= x < left + wide and top <= y < top + high:
                shade *= light
        return tuple(max(0, min(255, int((c + s) * shade))) for c, s in zip(base, shift))

    return png(width, height, colour_at)


def upload(url, creator, files, caption=""):
    """POST /upload; the answer. `files` are (name, bytes)."""
    edge = "edge-of-the-page-tests"
    parts = [("creator_id", None, creator.encode()), ("role", None, b"content"), ("caption", None, caption.encode())]
    parts += [("file", name, data) for name, data in files]
    body = b""
    for field, name, data in parts:
        if not data:
            continue
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{field}"'
        head += f'; filename="{name}"\r\nContent-Type: image/png' if name else ""
        body += head.encode() + b"\r\n\r\n" + data + b"\r\n"
    body += f"--{edge}--\r\n".encode()
    request = urllib.request.Request(url + "/upload", body, {"Content-Type": f"multipart/form-data; boundary={edge}"})
    return json.load(urllib.request.urlopen(request, timeout=60))


def give_pictures(url, creators=100):
    """One to three scenes to each of the first creators; the same file to two of them. How many accounts show one."""
    query = json.dumps({"limit": creators, "highlight": False}).encode()
    request = urllib.request.Request(url + "/v1/creators/search", query, {"Content-Type": "application/json"})
    hits = json.load(urllib.request.urlopen(request, timeout=30))["hits"]
    given = 0
    for number, hit in enumerate(hits):
        seeds = [7 * number + one for one in range(1 + number % 3)]
        if number == 5:
            seeds.append(0)  # the first creator's picture once more
        shapes = [(120, 120), (160, 100), (80, 132)]
        files = [(f"{seed}.png", scene(seed, *shapes[seed % 3])) for seed in seeds]
        taken = upload(url, hit["id"], files, f"scene {number}")
        if taken["refused"]:
            raise SystemExit(f"pictures were refused: {taken}")
        given += len(seeds)
    return given
