#!/usr/bin/env python3
"""`creatordex images inspect` on hostile and odd files: a picture or a reason for each, within memory and time.

  inspect_test.py PROGRAM PILLOW_ENVIRONMENT

The verdicts are held against Pillow's; the agreement is counted over the formats that are decoded. Skips loudly (77) without
the files, or where Pillow cannot be had.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

import pillow_environment

PROGRAM, ENVIRONMENT = sys.argv[1:3]
DECODED = {"jpeg", "png", "webp", "gif", "heif", "avif"}
MOST_MB, MOST_SECONDS, LEAST_AGREEMENT = 512, 5.5, 0.95


class Peak(threading.Thread):
    """The largest resident memory of a process and of its workers, each by itself, in MB."""

    def __init__(self, process):
        super().__init__(daemon=True)
        self.process, self.peak = process, 0.0

    def run(self):
        while self.process.poll() is None:
            for status in pathlib.Path("/proc").glob("[0-9]*/status"):
                try:
                    fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
                except OSError:
                    continue
                if str(self.process.pid) in (fields.get("Pid", "").strip(), fields.get("PPid", "").strip()):
                    self.peak = max(self.peak, int(fields.get("VmHWM", "0 kB").split()[0]) / 1024)
            time.sleep(0.02)


def inspect(*paths):
    process = subprocess.Popen([PROGRAM, "images", "inspect", "--json", "--workers", "1", *map(str, paths)],
                               stdout=subprocess.PIPE, text=True)
    peak = Peak(process)
    peak.start()
    lines, slowest, last = [], 0.0, time.monotonic()
    for line in process.stdout:
        now = time.monotonic()
        if lines:  # the first waits for the program and its worker to start
            slowest = max(slowest, now - last)
        last = now
        lines.append(json.loads(line))
    process.wait()
    return process.returncode, lines, peak.peak, slowest


def pillow_verdict(path):
    """Whether Pillow opens and loads the first frame. In a process of its own: some of these files crash it."""
    code = ("import sys, warnings; warnings.simplefilter('ignore')\n"
            "from PIL import Image\nimport pillow_heif\npillow_heif.register_heif_opener()\n"
            "for line in sys.stdin:\n"
            "    try:\n"
            "        with Image.open(line.rstrip('\\n')) as image: image.load()\n"
            "        print(1, flush=True)\n"
            "    except Exception: print(0, flush=True)\n")
    if not hasattr(pillow_verdict, "process") or pillow_verdict.process.poll() is not None:
        pillow_verdict.process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE,
                                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    pillow_verdict.process.stdin.write(str(path) + "\n")
    pillow_verdict.process.stdin.flush()
    return pillow_verdict.process.stdout.readline().strip() == "1"


def check_the_command(problems):
    """What does not exist is said, in place, and in the exit code; hostile names do not break a line."""
    with tempfile.TemporaryDirectory() as folder:
        text = pathlib.Path(folder) / "two\nlines.png"
        text.write_text("no picture")
        done = subprocess.run([PROGRAM, "images", "inspect", str(text), "/nonexistent/file"], capture_output=True, text=True)
        lines = done.stdout.splitlines()
        if done.returncode == 0 or len(lines) != 2 or "unsupported" not in lines[0] or "no such file" not in lines[1]:
            problems.append(f"the command: exit {done.returncode}, {lines}")


def main():
    pillow_environment.enter(ENVIRONMENT)
    problems = []
    check_the_command(problems)
    folder = pillow_environment.data("odd_images")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    code, lines, peak, slowest = inspect(folder)
    print(f"{len(lines)} of {len(files)} files inspected; largest process {peak:.0f} MB, slowest file {slowest:.2f} s")
    if code != 0 or len(lines) != len(files):
        problems.append(f"exit {code}, {len(lines)} lines for {len(files)} files")
    problems += [f"{line['path']}: no picture and no reason" for line in lines if line["status"] != "ok" and not line["reason"]]
    problems += [f"{line['path']}: {line['reason']}" for line in lines if "crashed" in line["reason"]]
    if peak > MOST_MB or slowest > MOST_SECONDS:
        problems.append(f"{peak:.0f} MB, {slowest:.2f} s")
    for problem in problems:
        print(problem)
    if problems:
        return 1

    same = {True: [0, 0], False: [0, 0]}  # by whether the format is decoded: agreed, all
    for line in lines:
        ours, theirs = line["status"] == "ok", pillow_verdict(line["path"])
        decoded = line["format"] in DECODED
        same[decoded][0] += ours == theirs
        same[decoded][1] += 1
        if ours != theirs and decoded:
            place = os.path.relpath(line["path"], folder)
            print(f"  {place}: {line['status']} {line['reason']}; Pillow: {'ok' if theirs else 'no picture'}")
    share = same[True][0] / same[True][1]
    print(f"agreement with Pillow: {same[True][0]} of {same[True][1]} files in formats that are decoded ({share:.1%}); "
          f"{same[False][0]} of {same[False][1]} in others, where Pillow has a picture of the rest")
    return 0 if share >= LEAST_AGREEMENT else 1


if __name__ == "__main__":
    sys.exit(main())
