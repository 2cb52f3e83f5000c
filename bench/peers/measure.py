"""How things are measured, the same for every engine.

Queries run one at a time on one thread. What counts is CPU time (of the whole process, so that an engine's own
threads are not free): on a machine shared with others wall time measures the neighbours. The list runs three times
after a short warm-up; figures are those of the median run. Memory is what the process holds more than before, without
mapped files (anonymous pages). A row of results is one JSON line in PEERS_HOME/results/KIND.jsonl.
"""
import ctypes
import datetime
import json
import pathlib
import time

import numpy as np

import data

RESULTS = data.HOME / "results"
SCRATCH = data.HOME / "tmp"
REPEATS, WARM_UP = 3, 20
K = 10


class Cost:
    """with Cost() as cost: ...  then cost.cpu_s and cost.wall_s, of all threads."""

    def __enter__(self):
        self.wall, self.cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_):
        self.wall_s, self.cpu_s = time.perf_counter() - self.wall, time.process_time() - self.cpu


def anonymous_mb():
    ctypes.CDLL("libc.so.6").malloc_trim(0)
    for line in pathlib.Path("/proc/self/smaps_rollup").read_text().splitlines():
        if line.startswith("Anonymous:"):
            return int(line.split()[1]) / 1024
    return float("nan")


def resident_mb():
    for line in pathlib.Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return float("nan")


def disk_mb(path):
    path = pathlib.Path(path)
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file()) / 2**20


def timed(ask, questions, seconds=8.0, repeats=REPEATS):
    """Asks every question `repeats` times over; a run ends early after so many CPU seconds. -> figures, answers."""
    answers, runs = [], []
    for question in questions[:WARM_UP]:
        ask(question)
    for repeat in range(repeats):
        cpu, wall, spent = [], [], 0.0
        for question in questions:
            wall_0, cpu_0 = time.perf_counter_ns(), time.process_time_ns()
            answer = ask(question)
            cpu.append((time.process_time_ns() - cpu_0) / 1e6)
            wall.append((time.perf_counter_ns() - wall_0) / 1e6)
            if repeat == 0:
                answers.append(answer)
            spent += cpu[-1] / 1e3
            if spent > seconds and len(cpu) >= WARM_UP:
                break
        runs.append((np.array(cpu), np.array(wall)))
    runs.sort(key=lambda run: run[0].mean())
    return figures(*runs[len(runs) // 2]), answers


def figures(cpu_ms, wall_ms):
    out = {"queries": len(cpu_ms), "qps_cpu": 1e3 / cpu_ms.mean(), "qps_wall": 1e3 / wall_ms.mean(), "cpu_ms": cpu_ms.mean()}
    for percent in (50, 95, 99):
        out[f"cpu_p{percent}_ms"] = np.percentile(cpu_ms, percent)
        out[f"p{percent}_ms"] = np.percentile(wall_ms, percent)
    return out


def exact(base, queries, k=K, mask=None, name=""):
    """Rows of the k largest inner products among those the mask lets pass; kept by name, -1 where there are fewer."""
    kept = data.DATA / f"exact_{name}.npy"
    if name and kept.exists():
        return np.load(kept)
    rows = np.arange(len(base)) if mask is None else np.flatnonzero(mask)
    best = np.full((len(queries), k), -np.inf, np.float32)
    found = np.full((len(queries), k), -1, np.int64)
    for first in range(0, len(rows), 20_000):
        part = rows[first:first + 20_000]
        scores = np.concatenate([best, queries @ base[part].T], axis=1)
        number = np.concatenate([found, np.broadcast_to(part, (len(queries), len(part)))], axis=1)
        order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
        best, found = np.take_along_axis(scores, order, 1), np.take_along_axis(number, order, 1)
    if name:
        np.save(kept, found)
    return found


def recall(answers, truth):
    hits = wanted = 0
    for answer, true in zip(answers, truth):
        true = set(int(row) for row in true if row >= 0)
        hits += len(true.intersection(int(row) for row in answer))
        wanted += len(true)
    return hits / max(wanted, 1)


def keep(kind, **row):
    """Appends a row to the results and shows it."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    row = {key: round(float(value), 5) if isinstance(value, (float, np.floating)) else value for key, value in row.items()}
    row["at"] = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
    line = json.dumps(row)
    with open(RESULTS / f"{kind}.jsonl", "a") as out:
        out.write(line + "\n")
    print(kind, line, flush=True)


def rows(kind):
    file = RESULTS / f"{kind}.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
