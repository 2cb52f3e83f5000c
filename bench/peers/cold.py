"""Peers from their files to the first answer: fresh processes over what vectors.py and words.py of this run have saved.
`first_ms` is opening and answering, `process_ms` the whole process with its interpreter and imports.

  python cold.py --n 100000
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

import data
from measure import SCRATCH, disk_mb, keep

STARTS = 5
BEGIN = "import json, time, numpy as np; query = np.load({query!r})[:1]; import {module}; begin = time.perf_counter();"
END = "print(json.dumps({{'first_ms': (time.perf_counter() - begin) * 1e3, 'found': found}}))"
FAISS = "index = faiss.read_index({path!r}, faiss.IO_FLAG_MMAP); found = int((index.search(query, 10)[1] >= 0).sum());"
CASES = {
    "tantivy": ("tantivy_words_{n}", "tantivy",
                "index = tantivy.Index.open({path!r}); search = index.searcher();"
                "words = [(tantivy.Occur.Should, tantivy.Query.term_query(index.schema, 'text', word, 'freq')) for word in {words!r}];"
                "found = len(search.search(tantivy.Query.boolean_query(words), 10, count=False).hits);"),
    "hnswlib": ("hnswlib_{n}.index", "hnswlib",
                "index = hnswlib.Index('ip', query.shape[1]); index.load_index({path!r}); found = len(index.knn_query(query, k=10)[0][0]);"),
    "faiss-flat": ("faiss-flat_{n}.index", "faiss", FAISS),
    "faiss-fastscan": ("faiss-fastscan_{n}.index", "faiss", FAISS),
}


def forget(path):
    """Asks the system to drop the files from its memory; the host of a virtual machine may still hold them."""
    for file in path.rglob("*") if path.is_dir() else [path]:
        if file.is_file():
            descriptor = os.open(file, os.O_RDONLY)
            os.fdatasync(descriptor)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)


def measure(engine, n, evicted):
    name, module, work = CASES[engine]
    path = SCRATCH / name.format(n=n)
    if not path.exists():
        return
    given = {"path": str(path), "query": str(data.vector_files(n)[1]), "words": data.queries()[0].split(), "module": module}
    program = (BEGIN + work + END).format(**given)
    runs = []
    for _ in range(STARTS):
        if evicted:
            forget(pathlib.Path(path))
        before = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        runs.append({**json.loads(done.stdout), "process_ms": (time.perf_counter() - before) * 1e3})
    keep("cold", engine=engine, n=n, evicted=evicted, disk_mb=disk_mb(path), best_ms=min(run["first_ms"] for run in runs),
         **{key: statistics.median(run[key] for run in runs) for key in runs[0]})


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--n", type=int, required=True)
    n = arguments.parse_args().n
    for engine in CASES:
        for evicted in (False, True):
            measure(engine, n, evicted)


if __name__ == "__main__":
    main()
