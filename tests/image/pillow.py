"""Finds Pillow for the tests of this folder: in this interpreter, or in the environment that the skip message names."""
import importlib.util
import os
import pathlib
import sys

SKIP = 77
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DATA = pathlib.Path(os.environ.get("CREATORDEX_SHARED", ROOT.parent / "shared")) / "data"


def skip(reason):
    print(f"SKIPPED: {reason}", file=sys.stderr)
    sys.exit(SKIP)


def need(environment, *modules):
    """Goes on under an interpreter that has these modules, or skips."""
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if not missing:
        return
    python = pathlib.Path(environment) / "bin" / "python"
    if python.exists() and pathlib.Path(sys.prefix) != pathlib.Path(environment):
        os.execv(python, [str(python), *sys.argv])
    skip(f"no {', '.join(missing)} here; to compare with Pillow: python3 -m venv {environment} && "
         f"{environment}/bin/pip install pillow pillow-heif numpy")


def need_data(name):
    folder = DATA / name
    if not folder.is_dir():
        skip(f"{folder} is not there")
    return folder
