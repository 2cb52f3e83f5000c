#!/usr/bin/env python3
"""The rules of the house that a compiler cannot see, as a test.

- Stairs: a room includes only rooms on lower floors.
- Front doors: outsiders include nothing of a room but its doors (DOOR in its CMakeLists.txt, and those of its twins).
- Twins: only app/wiring.cpp, tests and measurements name them.
- Documents: every relative link and every path in backticks exists.
- Leftovers: no TODO without an issue, no path of a machine, no host of a package registry.
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SRC = ROOT / "src"
COLLECTIONS = {"base", "io"}  # each header is a door
INCLUDE = re.compile(r'^\s*#include "([^"]+)"', re.M)
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
TICKED = re.compile(r"`((?:src|docs|web|tests|tools|cmake|bench|fuzz|packaging)/[\w./-]+)`")
MACHINE = re.compile(r"(?<![\w.])/(?:root|work)/")
# Spelt in pieces, so that this file does not name one itself.
HOSTS = re.compile("|".join(re.escape(".".join(parts)) for parts in (
    ("deb", "debian", "org"), ("pypi", "org"), ("python" "hosted", "org"), ("registry", "npmjs"), ("repo1", "maven"),
    ("repo", "maven"), ("proxy", "golang"), ("static", "crates"), ("index", "crates"))))
NOT_SOURCES = {".png", ".jpg", ".bin", ".npy", ".gz"}


def rooms():
    """Room name -> (floor, doors, twin doors), read from the build files."""
    found = {}
    for build in SRC.glob("*/CMakeLists.txt"):
        text = "\n".join(part.read_text() for part in sorted(build.parent.rglob("CMakeLists.txt")))
        room = build.parent.name
        call = re.search(r"cdx_room\(\s*%s\b(.*?)\)" % room, text, re.S)
        if not call:
            continue
        body = call.group(1)
        floor = int(re.search(r"FLOOR\s+(\d+)", body).group(1))
        doors = {f"{room}/{door}" for door in words_after(body, "DOOR")}
        twins, parts = set(), set()
        for twin in re.finditer(r"cdx_twin\((.*?)\)", text, re.S):
            twins |= {d if d.startswith(room + "/") else f"{room}/{d}" for d in words_after(twin.group(1), "DOOR")}
        for header in re.finditer(r"FILE_SET HEADERS.*?FILES\s+([^)]*)\)", text, re.S):
            parts |= {f"{room}/{d}" for d in header.group(1).split() if d.endswith(".h")}
        found[room] = (floor, doors | parts, with_folder(room, twins))
    return found


def with_folder(room, doors):
    """A twin's build file names its door beside itself; includes name it from src."""
    out = set()
    for door in doors:
        if (SRC / door).exists():
            out.add(door)
        out |= {str(p.relative_to(SRC)) for p in (SRC / room).rglob(pathlib.Path(door).name)}
    return out


def words_after(body, key):
    found = re.search(key + r"\s+((?:[\w./]+\s*)+)", body)
    if not found:
        return []
    out = []
    for word in found.group(1).split():
        if word.isupper():
            break
        out.append(word)
    return out


def check_includes(problems):
    known = rooms()
    for file in sorted(SRC.rglob("*")):
        if file.suffix not in (".h", ".cpp"):
            continue
        place = file.relative_to(SRC)
        room = place.parts[0]
        test = file.name.endswith("_test.cpp") or "_bench" in file.name
        for included in INCLUDE.findall(file.read_text(errors="replace")):
            other = included.split("/")[0]
            if other == room or other not in known or room not in known:
                continue
            floor, doors, twins = known[other]
            if test:  # tests may use twins and rooms beside them
                continue
            if floor >= known[room][0]:
                problems.append(f"src/{place}: includes {included}, which is not on a lower floor")
            if included in twins and str(place) not in ("app/wiring.cpp",) and room != "app":
                problems.append(f"src/{place}: names the twin {included}")
            elif other not in COLLECTIONS and included not in doors and included not in twins:
                problems.append(f"src/{place}: includes {included}, which is no front door of {other}")


def tracked():
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                            capture_output=True, text=True, check=True).stdout
    return [ROOT / line for line in listed.splitlines() if (ROOT / line).is_file()]


def check_documents(problems, files):
    for file in files:
        if file.suffix != ".md":
            continue
        text = re.sub(r"```.*?```", "", file.read_text(), flags=re.S)
        targets = [(t, file.parent / t) for t in LINK.findall(text) if "://" not in t and not t.startswith("mailto:")]
        targets += [(t, ROOT / t.rstrip(".")) for t in TICKED.findall(text)]
        for shown, path in targets:
            if "*" not in shown and not path.exists():
                problems.append(f"{file.relative_to(ROOT)}: {shown} does not exist")


def check_leftovers(problems, files):
    for file in files:
        if file.suffix in NOT_SOURCES or file == pathlib.Path(__file__).resolve():
            continue
        text = file.read_text(errors="replace")
        place = file.relative_to(ROOT)
        for number, line in enumerate(text.splitlines(), 1):
            if MACHINE.search(line):
                problems.append(f"{place}:{number}: a path of a machine")
            if HOSTS.search(line):
                problems.append(f"{place}:{number}: the host of a package registry")
            if re.search(r"\bTODO\b(?!\(#\d+\))", line) and file.suffix in (".h", ".cpp", ".ts", ".tsx", ".py"):
                problems.append(f"{place}:{number}: TODO without an issue")


def main():
    problems = []
    files = tracked()
    check_includes(problems)
    check_documents(problems, files)
    check_leftovers(problems, files)
    for problem in problems:
        print(problem)
    print(f"house check: {len(problems)} problems, {len(files)} files, {len(rooms())} rooms")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
