"""Peers in nearest neighbours, plain and filtered; one engine a process, so that memory is its own.

  python vectors.py ENGINE --n 100000 [--only plain|filter]
"""
import argparse
import importlib.metadata
import os
import shutil

import numpy as np

import data
from measure import K, SCRATCH, Cost, anonymous_mb, disk_mb, exact, keep, recall, timed

ASKED, ASKED_FILTERED = 600, 300
EFFORTS = (10, 16, 20, 24, 32, 40, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024)
ENOUGH, TOO_FEW = 0.995, 0.90  # recall at which a sweep ends, and below which a point is not kept


class Engine:
    """What the measurement asks of a peer. `passing` may be prepared once: that is not counted, as filters repeat."""
    package, efforts, efforts_filtered = "", EFFORTS, EFFORTS

    def build(self, base): raise NotImplementedError
    def effort(self, value): raise NotImplementedError
    def ask(self, query, k=K): raise NotImplementedError
    def save(self, path): raise NotImplementedError

    def prepare(self, mask):
        """Without a filter of its own an engine is asked for more than needed, and the rest is dropped."""
        return mask, min(len(mask), int(2 * K / mask.mean()) + K)

    def ask_filtered(self, query, prepared):
        mask, count = prepared
        found = self.ask(query, count)
        return found[mask[found]][:K]


class Hnswlib(Engine):
    package = "hnswlib"
    efforts_filtered = tuple(effort for effort in EFFORTS if effort >= 32)

    def build(self, base):
        import hnswlib
        self.index = hnswlib.Index(space="ip", dim=base.shape[1])
        self.index.init_index(max_elements=len(base), M=16, ef_construction=128)
        self.index.add_items(base, num_threads=1)
        self.index.set_num_threads(1)

    def effort(self, value): self.index.set_ef(value)
    def ask(self, query, k=K): return self.index.knn_query(query, k=k, num_threads=1)[0][0]
    def save(self, path): self.index.save_index(str(path))
    def prepare(self, mask): return mask.tolist().__getitem__  # called for every row that is looked at

    def ask_filtered(self, query, prepared):
        try:
            return self.index.knn_query(query, k=K, num_threads=1, filter=prepared)[0][0]
        except RuntimeError:  # fewer than k were reached
            return []


class Svs(Engine):
    """Vamana of degree 32. LVQ runs on processors of its maker only and says so; then there is no row for it."""
    package = "scalable-vs"

    def __init__(self, kind): self.kind = kind

    def build(self, base):
        import svs
        parameters = svs.VamanaBuildParameters(graph_max_degree=32, window_size=64, alpha=0.95, prune_to=28)
        rows = base
        if self.kind == "float16":
            rows = base.astype(np.float16)
        elif self.kind == "int8":
            self.scale = 127 / np.abs(base).max()
            rows = np.round(base * self.scale).astype(np.int8)
        elif self.kind == "lvq4x8":
            file = SCRATCH / f"svs_{os.getpid()}.fvecs"
            svs.write_vecs(base, str(file))
            rows = svs.LVQLoader(svs.VectorDataLoader(str(file), svs.DataType.float32, dims=base.shape[1]),
                                 primary=4, residual=8, strategy=svs.LVQStrategy.Turbo)
        self.index = svs.Vamana.build(parameters, rows, svs.DistanceType.MIP, num_threads=1)
        self.index.num_threads = 1
        if self.kind == "lvq4x8":
            file.unlink()

    def effort(self, value): self.window = value

    def ask(self, query, k=K):
        self.index.search_window_size = max(k, self.window)
        if self.kind == "int8":
            query = np.clip(np.round(query * self.scale), -127, 127).astype(np.int8)
        return self.index.search(query[None], k)[0][0].astype(np.int64)

    def save(self, path):
        path.mkdir()
        self.index.save(str(path / "config"), str(path / "graph"), str(path / "data"))


class Faiss(Engine):
    package = "faiss-cpu"

    def __init__(self, recipe):
        import faiss
        self.faiss, self.recipe = faiss, recipe
        if recipe == "Flat":
            self.efforts = self.efforts_filtered = (0,)
        elif recipe.startswith("IVF"):
            self.efforts = self.efforts_filtered = tuple((probes, 10) for probes in (4, 8, 16, 32, 64, 128, 256))

    def build(self, base):
        self.faiss.omp_set_num_threads(1)
        self.index = self.faiss.index_factory(base.shape[1], self.recipe, self.faiss.METRIC_INNER_PRODUCT)
        if self.recipe.startswith("HNSW"):
            self.index.hnsw.efConstruction = 128
        if not self.index.is_trained:
            chosen = np.random.default_rng(0).choice(len(base), min(len(base), 60_000), replace=False)
            self.index.train(base[np.sort(chosen)])
        self.index.add(base)

    def effort(self, value): self.value = value

    def parameters(self, selector=None):
        chosen = {} if selector is None else {"sel": selector}
        if self.recipe.startswith("HNSW"):
            return self.faiss.SearchParametersHNSW(efSearch=self.value, **chosen)
        if self.recipe.startswith("IVF"):
            probes, factor = self.value
            self.inner = self.faiss.SearchParametersIVF(nprobe=probes, **chosen)
            return self.faiss.IndexRefineSearchParameters(k_factor=factor, base_index_params=self.inner)
        return self.faiss.SearchParameters(**chosen)

    def ask(self, query, k=K): return self.index.search(query[None], k, params=self.parameters())[1][0]
    def save(self, path): self.faiss.write_index(self.index, str(path))

    def prepare(self, mask):
        self.bits = np.packbits(mask, bitorder="little")  # borrowed by the selector
        return self.faiss.IDSelectorBitmap(self.bits)

    def ask_filtered(self, query, prepared):
        return self.index.search(query[None], K, params=self.parameters(prepared))[1][0]


ENGINES = {
    "hnswlib": Hnswlib,
    "svs-lvq4x8": lambda: Svs("lvq4x8"),
    "svs-float16": lambda: Svs("float16"),
    "svs-int8": lambda: Svs("int8"),
    "faiss-flat": lambda: Faiss("Flat"),
    "faiss-hnsw32": lambda: Faiss("HNSW32,Flat"),
    "faiss-fastscan": lambda: Faiss("IVF1024,PQ192x4fs,RFlat"),
    "faiss-fastscan4k": lambda: Faiss("IVF4096,PQ192x4fs,RFlat"),
}


def measure_plain(engine, head, queries, truth):
    before = 0.0
    for effort in engine.efforts:
        engine.effort(effort)
        sample = recall([engine.ask(query) for query in queries[:60]], truth)
        if sample < TOO_FEW and effort != engine.efforts[-1]:
            continue
        row, answers = timed(engine.ask, queries)
        reached = recall(answers, truth)
        keep("ann", **head, effort=str(effort), recall=reached, **row)
        if reached >= ENOUGH or (reached < before + 1e-4 and reached > TOO_FEW):
            break
        before = reached


def measure_filtered(engine, head, base, queries, n):
    for percent, mask in data.masks(n).items():
        prepared = engine.prepare(mask)
        if type(engine).prepare is Engine.prepare and prepared[1] > 5000:
            continue  # to ask for most of the base and drop it is no way to filter
        truth = exact(base, queries, mask=mask, name=f"{n}_{percent}")
        for effort in engine.efforts_filtered:
            engine.effort(effort)
            row, answers = timed(lambda query: engine.ask_filtered(query, prepared), queries, seconds=1.0)
            reached = recall(answers, truth)
            if reached >= TOO_FEW or effort == engine.efforts_filtered[-1]:
                keep("filter", **head, percent=percent, effort=str(effort), recall=reached, **row)
            if reached >= 0.99 or row["cpu_ms"] > 200:
                break


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("engine", choices=ENGINES)
    arguments.add_argument("--n", type=int, required=True)
    arguments.add_argument("--only", choices=("plain", "filter"))
    asked = arguments.parse_args()
    base, queries = data.vectors(asked.n)
    truth = exact(base, queries[:ASKED], name=f"{asked.n}")
    engine = ENGINES[asked.engine]()
    before = anonymous_mb()
    try:
        with Cost() as build:
            engine.build(base)
    except RuntimeError as refused:
        raise SystemExit(f"{asked.engine}: {refused}")
    memory = anonymous_mb() - before
    SCRATCH.mkdir(parents=True, exist_ok=True)
    path = SCRATCH / f"{asked.engine}_{asked.n}.index"
    shutil.rmtree(path, ignore_errors=True)
    engine.save(path)
    head = dict(engine=asked.engine, version=importlib.metadata.version(engine.package), n=asked.n, threads=1,
                build_cpu_s=build.cpu_s, anon_mb=memory, disk_mb=disk_mb(path))
    if asked.only != "filter":
        measure_plain(engine, head, queries[:ASKED], truth)
    if asked.only != "plain":
        measure_filtered(engine, head, base, queries[:ASKED_FILTERED], asked.n)


if __name__ == "__main__":
    main()
