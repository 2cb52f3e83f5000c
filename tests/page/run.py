#!/usr/bin/env python3
"""The page in a real browser against the real program: sample set, import, serve with the real model, then web/tests.

  run.py PROGRAM WEB_FOLDER SHOTS_FOLDER

Skips loudly (exit 77) when the browser or the page's node modules are not there.
"""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

import made_pictures

SKIP = 77


def skip(reason):
    print(f"SKIPPED page tests: {reason}")
    sys.exit(SKIP)


def start_server(program, data):
    server = subprocess.Popen([program, "--data", data, "--log-level", "warning", "serve", "--port", "0"],
                              stdout=subprocess.PIPE, text=True)
    line = server.stdout.readline()
    found = re.search(r"http://\S+", line)
    if not found:
        sys.exit(f"the server did not start: {line!r}")
    return server, found.group(0)


def wait_ready(url):
    for _ in range(300):
        try:
            status = json.load(urllib.request.urlopen(url + "/v1/status", timeout=2))
            if status["indexed"] > 0 and status["embedded"]["done"] == status["embedded"]["total"] > 0:
                return
        except OSError:
            pass
        time.sleep(0.1)
    sys.exit("the server did not become ready")


def wait_pictures(url, given):
    for _ in range(300):
        pictures = json.load(urllib.request.urlopen(url + "/v1/status", timeout=2))["pictures"]
        if pictures["done"] == pictures["total"] >= given:
            return
        time.sleep(0.1)
    sys.exit(f"the pictures were not taken up: {pictures}, {given} were given")


def wait_still(url):
    """Judging goes on behind searches and changes creators: until nothing has changed for two seconds."""
    last, since, end = None, time.monotonic(), time.monotonic() + 300
    while time.monotonic() < end:
        now = json.load(urllib.request.urlopen(url + "/v1/status", timeout=10))["revision"]
        if now != last:
            last, since = now, time.monotonic()
        elif time.monotonic() - since > 2:
            return
        time.sleep(0.1)
    sys.exit("creators go on changing")


def main():
    program, web, shots = (str(pathlib.Path(argument).resolve()) for argument in sys.argv[1:4])
    node = shutil.which("node") or skip("no node")
    if not pathlib.Path(web, "node_modules").is_dir():
        skip(f"{web}/node_modules is missing; ./x build makes it")
    if not pathlib.Path("/usr/bin/chromium").exists():
        skip("no chromium")
    pathlib.Path(shots).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        data, sample = f"{work}/data", f"{work}/sample"
        subprocess.run([program, "sample", "--creators", "120", "--seed", "15", "--out", sample], check=True)
        subprocess.run([program, "--data", data, "import", f"{sample}/accounts.ndjson", "--source", "sample",
                        "--licence", "CC0-1.0", "--basis", "synthetic"], check=True)
        # All meaning first: while it fills in, counts move, and these tests compare counts.
        subprocess.run([program, "--data", data, "embed"], check=True)
        server, url = start_server(program, data)
        try:
            wait_ready(url)
            wait_pictures(url, made_pictures.give_pictures(url))
            wait_still(url)
            environment = dict(os.environ, CREATORDEX_URL=url, CREATORDEX_SHOTS=shots)
            tests = subprocess.run([node, "--test", "--test-concurrency=1", "tests/page.test.mjs", "tests/match.test.mjs", "tests/campaign.test.mjs",
                                    "tests/pictures.test.mjs"], cwd=web, env=environment)
        finally:
            server.send_signal(signal.SIGTERM)
            stopped = server.wait(timeout=20)
    if stopped != 0:
        sys.exit(f"the server stopped with {stopped}")
    sys.exit(tests.returncode)


if __name__ == "__main__":
    main()
