"""The reference tokeniser for the test of this folder: open_clip's SimpleTokenizer out of its wheel, with ftfy and regex.

Neither is a dependency of the program; see tests/support/reference_environment.py.
"""
import importlib.util
import pathlib
import sys
import types
import zipfile

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import reference_environment
from reference_environment import data

WHEEL = "open-clip-torch==3.3.0"
NEEDED = ["ftfy==6.3.1", "regex", "numpy"]


def enter(folder):
    """Goes on in an environment that has what is needed. -> the wheel."""
    reference_environment.enter(folder, NEEDED, [WHEEL])
    return next((pathlib.Path(folder) / "wheels").glob("open_clip_torch-*.whl"))


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
