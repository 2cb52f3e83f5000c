"""What the program tests share: the program that is tested, and an empty folder for each test."""
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv.pop(1)


def run(*arguments, data=None, embed="hashing:64", stdin=None, env=None):
    command = [PROGRAM] + (["--data", data] if data else []) + ["--embed", embed, *arguments]
    clean = {k: v for k, v in os.environ.items() if not k.startswith("CREATORDEX_")}
    return subprocess.run(command, capture_output=True, text=True, input=stdin, env={**clean, **(env or {})}, timeout=300)


def write_csv(path, rows):
    with open(path, "w") as out:
        out.write("platform,username,name,followers,bio,country,engagement_rate_percent\n")
        for i in range(rows):
            out.write(f'tiktok,user{i},Person {i},{1000 + i},"dance and samba, number {i}",BR,{i % 9}.5\n')


class Work(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)
        self.data = str(self.path / "data")

    def serve(self, *arguments):
        """A server on a port of its own, ended with the test; its address."""
        server = subprocess.Popen([PROGRAM, "--data", self.data, "--embed", "hashing:64", "--log-level", "error", "serve",
                                   "--port", "0", *arguments], stdout=subprocess.PIPE, text=True)

        def end():
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=20)
            server.stdout.close()

        self.addCleanup(end)
        return re.search(r"http://\S+", server.stdout.readline()).group(0)
