#!/usr/bin/env python3
"""Models of pictures in use: compare, switch, rollback and status, with a service running that must not notice.

  models_test.py PROGRAM MERGES_FOLDER

Two CLIPs are made up here: of the true architecture, small, with seeded weights. They see nothing in pictures, but each
sees it in a space of its own.
"""
import array
import base64
import json
import math
import os
import pathlib
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request
import zlib

PROGRAM, MERGES = sys.argv.pop(1), pathlib.Path(sys.argv.pop(1)) / "bpe_simple_vocab_16e6.txt.gz"
HIDDEN, LAYERS, PICTURES = 64, 1, 40


def png(seed, side=96):
    """Soft stripes and a block: every seed another picture."""
    chance = random.Random(seed)
    ground, ink = ([chance.randrange(256) for _ in range(3)] for _ in range(2))
    period, left, top = chance.randrange(6, 40), chance.randrange(side // 2), chance.randrange(side // 2)
    rows = bytearray()
    for y in range(side):
        rows.append(0)
        for x in range(side):
            inside = left <= x < left + side // 3 and top <= y < top + side // 3
            rows += bytes(ink if inside or (x + y) // period % 2 else ground)
    chunk = lambda kind, body: struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(rows))) + chunk(b"IEND", b"")


def tensors(dimension):
    out = {"vision_model.embeddings.class_embedding": [HIDDEN],
           "vision_model.embeddings.patch_embedding.weight": [HIDDEN, 3, 32, 32],
           "vision_model.embeddings.position_embedding.weight": [50, HIDDEN],
           "text_model.embeddings.token_embedding.weight": [49408, HIDDEN],
           "text_model.embeddings.position_embedding.weight": [77, HIDDEN],
           "visual_projection.weight": [dimension, HIDDEN], "text_projection.weight": [dimension, HIDDEN]}
    pairs = {"vision_model.pre_layrnorm": [HIDDEN], "vision_model.post_layernorm": [HIDDEN],
             "text_model.final_layer_norm": [HIDDEN]}
    for tower in ("vision_model", "text_model"):
        for layer in range(LAYERS):
            at = f"{tower}.encoder.layers.{layer}."
            pairs |= {at + "self_attn." + part: [HIDDEN, HIDDEN] for part in ("q_proj", "k_proj", "v_proj", "out_proj")}
            pairs |= {at + "layer_norm1": [HIDDEN], at + "layer_norm2": [HIDDEN], at + "mlp.fc1": [4 * HIDDEN, HIDDEN],
                      at + "mlp.fc2": [HIDDEN, 4 * HIDDEN]}
    for name, shape in pairs.items():
        out[name + ".weight"], out[name + ".bias"] = shape, shape[:1]
    return out


def write_clip(folder, seed, dimension):
    folder.mkdir(parents=True)
    shutil.copy(MERGES, folder / MERGES.name)
    chance, header, values = random.Random(seed), {}, array.array("f")
    for name, shape in tensors(dimension).items():
        count, begin = math.prod(shape), 4 * len(values)
        scale = 0.1 if name.endswith(".bias") else math.sqrt(3 / math.prod(shape[1:]))
        base = 1 if "norm" in name and name.endswith(".weight") else 0
        drawn = array.array("h", chance.randbytes(2 * count))
        values.extend(base + scale * one / 32768 for one in drawn)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [begin, 4 * len(values)]}
    text = json.dumps(header).encode()
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + values.tobytes())


class World:
    """A data folder with creators and their pictures, made once."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        path = pathlib.Path(self.folder.name)
        self.data = path / "data"
        table = path / "creators.csv"
        table.write_text("platform,username,name,followers,bio\n" + "".join(
            f"instagram,user{i},Person {i},{1000 + i},pictures of the sea number {i}\n" for i in range(PICTURES // 2)))
        self.run("import", str(table))
        hits = json.loads(self.run("search", "", "--json", "--limit", "100"))["hits"]
        self.creators = sorted(hit["id"] for hit in hits)
        for number, creator in enumerate(self.creators):
            files = []
            for i in (2 * number, 2 * number + 1):
                file = path / f"{i}.png"
                file.write_bytes(png(i))
                files.append(str(file))
            self.run("images", "add", *files, "--creator", creator)
        # Installed once the index has begun without them: what serves is not changed by what lies there.
        write_clip(self.data / "models" / "made-up-one", 1, 48)
        write_clip(self.data / "models" / "made-up-two", 2, 64)

    def command(self, *arguments):
        return [PROGRAM, "--data", str(self.data), "--embed", "hashing:64", *arguments]

    def environment(self):
        clean = {k: v for k, v in os.environ.items() if not k.startswith("CREATORDEX_")}
        return {**clean, "CREATORDEX_IMAGE_THREADS": "1"}

    def run(self, *arguments, ok=True):
        done = subprocess.run(self.command(*arguments), capture_output=True, text=True, env=self.environment(), timeout=300)
        if ok and done.returncode != 0:
            raise AssertionError(f"{arguments}: {done.stderr}")
        return done.stdout if ok else done

    def manifest(self):
        return [json.loads(line) for line in (self.data / "embedding_manifest.jsonl").read_text().splitlines()]

    def status(self):
        return json.loads(self.run("model", "status", "--json"))


class Service:
    """Runs meanwhile; asks for words and pictures without a break and counts what fails."""

    def __init__(self, world):
        self.world = world
        # Its log goes to a file: a pipe that nobody reads would fill up and hold it.
        with open(pathlib.Path(world.folder.name) / "serve.log", "w") as log:
            self.process = subprocess.Popen(world.command("serve", "--port", "0"), stdout=subprocess.PIPE, stderr=log,
                                            text=True, env=world.environment())
        self.port = int(self.process.stdout.readline().rsplit(":", 1)[1])
        self.asked, self.failed, self.spaces = 0, [], []
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.ask_on)

    def post(self, path, body):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def ask_on(self):
        picture = base64.b64encode(png(7)).decode()
        while not self.stopping.is_set():
            try:
                self.post("/v1/creators/search", {"q": "pictures of the sea"})
                answer = self.post("/v1/images/search", {"image": picture, "limit": 3})
                if not self.spaces or self.spaces[-1] != answer["picture_space"]:
                    self.spaces.append(answer["picture_space"])
                if not answer["hits"] or not answer["hits"][0]["pictures"]:
                    self.failed.append("nothing found in " + self.spaces[-1])
                elif self.spaces[-1] == self.spaces[0] and answer["hits"][0]["pictures"][0]["similarity"] < 0.999:
                    self.failed.append(f"not itself: {answer['hits'][0]['pictures'][0]}")
            except urllib.error.HTTPError as error:
                self.failed.append(f"{error.code} {error.read().decode()}")
            except Exception as error:  # whatever it is, it failed
                self.failed.append(repr(error))
            self.asked += 1

    def until(self, what, check, seconds=60):
        end = time.monotonic() + seconds
        while not check():
            if time.monotonic() > end or self.process.poll() is not None:
                raise AssertionError(f"{what} did not come: {self.spaces}, {self.failed[-3:]}")
            time.sleep(0.1)

    def ready(self):
        try:
            answer = self.post("/v1/images/search", {"image": base64.b64encode(png(7)).decode(), "limit": 3})
            return bool(answer["hits"]) and answer["hits"][0]["pictures"][0]["similarity"] > 0.999
        except (OSError, IndexError, KeyError):
            return False

    def stop(self):
        self.stopping.set()
        if self.thread.is_alive():
            self.thread.join()
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=60)


class Models(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World()

    @classmethod
    def tearDownClass(cls):
        cls.world.folder.cleanup()

    def test_1_switch_and_rollback_while_a_service_answers(self):
        world = self.world
        service = Service(world)
        try:
            service.until("the first picture", service.ready)
            service.thread.start()
            begun = world.status()["in_use"]
            self.assertTrue(begun.startswith("layout-"), begun)
            world.run("model", "switch", "made-up-one")
            service.until("the first switch", lambda: service.spaces[-1].startswith("made-up-one-"))
            world.run("model", "switch", "made-up-two")
            service.until("the second switch", lambda: service.spaces[-1].startswith("made-up-two-"))
            rolled = world.run("model", "rollback", ok=False)
            self.assertEqual(rolled.returncode, 0, rolled.stderr)
            self.assertIn(f"0 of {PICTURES} pictures embedded", rolled.stderr)  # their vectors were kept
            service.until("the rollback", lambda: service.spaces[-1].startswith("made-up-one-"))
            world.run("model", "switch", "layout")
            service.until("the way back", lambda: service.spaces[-1] == begun)
        finally:
            service.stop()
        self.assertEqual(service.failed, [])
        self.assertGreater(service.asked, 20)
        lines = world.manifest()
        in_use = [line["space"].rsplit("-", 1)[0] for line in lines if line["event"] in ("use", "switch", "rollback")]
        self.assertEqual(in_use, ["layout", "made-up-one", "made-up-two", "made-up-one", "layout"])
        for line in lines:
            if line["event"] in ("switch", "rollback", "embed"):
                self.assertEqual(line["count"], PICTURES, line)
                self.assertEqual(len(line["checksum"]), 64)
        # The vectors of a model are the same when it comes back, and others than another's.
        sums = {}
        for line in lines:
            if line["checksum"] and line["event"] != "use":
                self.assertEqual(sums.setdefault(line["space"], line["checksum"]), line["checksum"])
        self.assertEqual(len(set(sums.values())), 3)

    def test_2_status_tells_what_is_kept(self):
        status = self.world.status()
        self.assertEqual(status["pictures"], PICTURES)
        self.assertTrue(status["in_use"].startswith("layout-"))
        self.assertTrue(status["rollback_to"].startswith("made-up-one-"))
        self.assertEqual({one["space"].rsplit("-", 1)[0]: one["vectors"] for one in status["spaces"]},
                         {"layout": PICTURES, "made-up-one": PICTURES, "made-up-two": PICTURES})

    def test_3_compare_measures_agreement_and_speed(self):
        same = json.loads(self.world.run("model", "compare", "made-up-one", "made-up-one", "--json"))
        self.assertEqual(same["sample"], PICTURES)
        self.assertEqual(same["overlap_at_10"], 1)
        self.assertAlmostEqual(same["rank_correlation"], 1, places=9)
        other = json.loads(self.world.run("model", "compare", "layout", "made-up-two", "--sample", "30", "--json"))
        self.assertEqual(other["sample"], 30)
        self.assertLess(other["overlap_at_10"], 1)
        for model, dimension in zip(other["models"], (219, 64)):
            self.assertEqual(model["dimension"], dimension)
            self.assertEqual(model["bytes_of_all"], 4 * dimension * PICTURES)
            self.assertGreater(model["pictures_per_processor_second"], 0)
        self.assertEqual([line["event"] for line in self.world.manifest()[-2:]], ["compare"] * 2)

    def test_4_what_cannot_be_is_said_with_a_way_out(self):
        for arguments, words in [(("model", "switch", "no-such-model"), "creatordex model pull clip-vit-base-patch32"),
                                 (("model", "switch", "clip:/no/such/folder"), "/no/such/folder"),
                                 (("model", "compare", "layout", "none"), "makes no vectors")]:
            refused = self.world.run(*arguments, ok=False)
            self.assertNotEqual(refused.returncode, 0, arguments)
            self.assertIn(words, refused.stderr)
        before = self.world.status()["in_use"]
        # Weights that changed under a name are another space: a rollback to what they were is refused.
        weights = self.world.data / "models" / "made-up-one" / "model.safetensors"
        whole = weights.read_bytes()
        weights.write_bytes(whole[:-4] + struct.pack("<f", 0.123))
        try:
            refused = self.world.run("model", "rollback", ok=False)
            self.assertNotEqual(refused.returncode, 0)
            self.assertIn("its weights are others", refused.stderr)
        finally:
            weights.write_bytes(whole)
        self.assertEqual(self.world.status()["in_use"], before)

    def test_5_a_switch_that_was_killed_goes_on(self):
        world = self.world
        with subprocess.Popen(world.command("model", "switch", "made-up-two"), env=world.environment(),
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            time.sleep(0.5)
            process.kill()
        self.assertTrue(world.status()["in_use"])  # whichever it is, there is one
        world.run("model", "switch", "made-up-two")
        self.assertTrue(world.status()["in_use"].startswith("made-up-two-"))
        world.run("model", "switch", "none")
        self.assertEqual(world.status()["in_use"], "")
        world.run("model", "rollback")
        self.assertTrue(world.status()["in_use"].startswith("made-up-two-"))


if __name__ == "__main__":
    if not MERGES.exists():
        print(f"SKIPPED: {MERGES} is missing; run tools/fetch_deps.py", file=sys.stderr)
        sys.exit(77)
    unittest.main(verbosity=2)
