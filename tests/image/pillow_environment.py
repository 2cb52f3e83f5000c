"""Pillow for the tests of this folder; see tests/support/reference_environment.py."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import reference_environment
from reference_environment import data

NEEDED = ["pillow==13.0.0", "pillow-heif==1.8.1", "numpy"]


def enter(folder):
    """Goes on in an environment with Pillow and numpy."""
    reference_environment.enter(folder, NEEDED)
