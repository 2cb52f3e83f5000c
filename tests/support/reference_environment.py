"""Python environments for tests that hold the program against a library which is no dependency of it.

An environment is made at the first run, from the registry by name; where that cannot be done the test skips (77) and says why.
"""
import fcntl
import os
import pathlib
import subprocess
import sys

SKIP = 77
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DATA = pathlib.Path(os.environ.get("CREATORDEX_SHARED", ROOT.parent / "shared")) / "data"


def skip(reason):
    print(f"SKIPPED: {reason}", file=sys.stderr)
    sys.exit(SKIP)


def data(name):
    folder = DATA / name
    if not folder.is_dir():
        skip(f"{folder} is not there")
    return folder


def enter(folder, needed, wheels=()):
    """Goes on in an environment that has what is needed; `wheels` are only fetched, into folder/wheels."""
    folder = pathlib.Path(folder)
    python = folder / "bin" / "python"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{folder}.lock", "w") as lock:  # tests that share an environment run side by side
        fcntl.flock(lock, fcntl.LOCK_EX)
        recipe = "\n".join([*needed, *wheels])
        ready = folder / "ready"
        if not ready.exists() or ready.read_text() != recipe:
            install(folder, python, needed, wheels)
            ready.write_text(recipe)
    if pathlib.Path(sys.prefix).resolve() != folder.resolve():
        os.execv(str(python), [str(python), *sys.argv])


def install(folder, python, needed, wheels):
    pip = [str(python), "-m", "pip"]
    quiet = ["--quiet", "--disable-pip-version-check"]
    steps = [[sys.executable, "-m", "venv", "--clear", str(folder)], [*pip, "install", *quiet, *needed]]
    if wheels:
        steps.append([*pip, "download", *quiet, "--no-deps", "--dest", str(folder / "wheels"), *wheels])
    for step in steps:
        done = subprocess.run(step, check=False, capture_output=True, text=True)
        if done.returncode != 0:
            skip(f"the reference cannot be installed: {' '.join(step[:5])}…: {done.stderr.strip()[-300:]}")
