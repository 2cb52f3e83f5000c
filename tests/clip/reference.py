"""The reference tokeniser for the test of this folder: open_clip's SimpleTokenizer out of its wheel, with ftfy and regex.

Neither is a dependency of the program. They are fetched by name into a folder of the build once; where that cannot be done
the test skips and says why.
"""
import importlib.util
import os
import pathlib
import subprocess
import sys
import types
import zipfile

SKIP = 77
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DATA = pathlib.Path(os.environ.get("CREATORDEX_SHARED", ROOT.parent / "shared")) / "data"
WHEEL = "open-clip-torch==3.3.0"
NEEDED = ["ftfy==6.3.1", "regex"]
MODULES = ["ftfy", "regex", "numpy"]


def skip(reason):
    print(f"SKIPPED: {reason}", file=sys.stderr)
    sys.exit(SKIP)


def run(command):
    return subprocess.run(command, check=False, capture_output=True, text=True)


def enter(folder):
    """Goes on in an environment that has what is needed, made at the first run."""
    folder = pathlib.Path(folder)
    python = folder / "bin" / "python"
    wheels = folder / "wheels"
    if not (folder / "ready").exists():
        steps = [
            [sys.executable, "-m", "venv", str(folder)],
            [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *NEEDED, "numpy"],
            [str(python), "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--dest",
             str(wheels), WHEEL],
        ]
        for step in steps:
            done = run(step)
            if done.returncode != 0:
                skip(f"the reference cannot be installed: {' '.join(step[:5])}…: {done.stderr.strip()[-300:]}")
        (folder / "ready").touch()
    if pathlib.Path(sys.prefix).resolve() != folder.resolve():
        os.execv(str(python), [str(python), *sys.argv])
    return next(wheels.glob("open_clip_torch-*.whl"))


def tokenizer(wheel, folder):
    """(the SimpleTokenizer, the path of its table unpacked). Its module wants torch for one type's name only."""
    import gzip

    source = pathlib.Path(folder) / "open_clip"
    source.mkdir(exist_ok=True)
    with zipfile.ZipFile(wheel) as archive:
        for name in ("tokenizer.py", "bpe_simple_vocab_16e6.txt.gz"):
            (source / name).write_bytes(archive.read(f"open_clip/{name}"))
    sys.modules.setdefault("torch", types.SimpleNamespace(LongTensor=list, Tensor=list, long=int))
    spec = importlib.util.spec_from_file_location("clip_reference", source / "tokenizer.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    merges = source / "bpe.txt"
    merges.write_bytes(gzip.decompress((source / "bpe_simple_vocab_16e6.txt.gz").read_bytes()))
    return module.SimpleTokenizer(), merges


def expected(simple, text, longest=77):
    """The ids without padding, and whether the text was cut: what SimpleTokenizer.__call__ puts into its row."""
    ids = [simple.sot_token_id, *simple.encode(text), simple.eot_token_id]
    cut = len(ids) > longest
    if cut:
        ids = [*ids[:longest - 1], simple.eot_token_id]
    return ids, cut
