"""What this machine allows on one thread: how fast memory can be read in order, and rows of tables of several sizes at
random places that are known beforehand.

  python limits.py        keeps one row of results, kind "limits"
"""
import os
import platform
import time

import numba
import numpy as np

from measure import keep

BYTES = 1 << 30
ROW_BYTES = 192  # 384 dimensions of 4 bits: what a search reads of a vector
ROWS = (10_000, 100_000, 1_000_000)  # of the tables read at random: small ones stay in the processor's caches


@numba.njit(fastmath=True)
def add_rows(table, rows):
    total = np.uint64(0)
    for row in rows:
        for value in table[row]:
            total += value
    return total


@numba.njit
def follow(next_line, steps):
    at = np.int64(0)
    for _ in range(steps):
        at = next_line[at]
    return at


def best_s(work, repeats=15):
    """CPU seconds, waiting for memory included; the best, since neighbours use the same memory."""
    work()  # compiles
    spent = []
    for _ in range(repeats):
        before = time.process_time()
        work()
        spent.append(time.process_time() - before)
    return min(spent)


def processor():
    with open("/proc/cpuinfo") as lines:
        names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def main():
    source = np.random.default_rng(5)
    values = np.ones(BYTES // 4, np.float32)
    matrix, vector = values[: BYTES // 4 // 384 * 384].reshape(-1, 384), np.ones(384, np.float32)
    sequential = matrix.nbytes / best_s(lambda: matrix @ vector) / 1e9  # what an exact scan does
    rows = {}
    for count in ROWS:
        table = values.view(np.uint64)[: count * ROW_BYTES // 8].reshape(count, ROW_BYTES // 8)
        chosen = source.integers(0, count, 200_000)
        rows[f"row_{count}_ns"] = best_s(lambda: add_rows(table, chosen)) / len(chosen) * 1e9
    lines = BYTES // 64
    order = source.permutation(lines)
    chain = np.zeros(lines * 8, np.int64)
    chain[order * 8] = np.roll(order, -1) * 8
    steps = 1_000_000
    load = best_s(lambda: follow(chain, steps), 3) / steps * 1e9
    keep("limits", machine=processor(), cores=os.cpu_count(), sequential_gb_s=sequential, load_ns=load, **rows)


if __name__ == "__main__":
    main()
