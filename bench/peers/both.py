"""Peers in words and vector and filter together: platform youtube and at least 27,150 followers (about 10 %), the best
100 by words and by vector joined by their ranks (k = 60), the best 10 of that. Agreement: with the same join over
exhaustive BM25 (k1 1.2, b 0.75) and exact inner products.

  python both.py composed|lucene --n 100000
"""
import argparse
import collections
import importlib.metadata
import json

import numpy as np

import data
from measure import K, SCRATCH, Cost, anonymous_mb, disk_mb, exact, keep, timed
from words import LUCENE, fresh, java

PLATFORM, MIN_FOLLOWERS = "youtube", 27_150
LEG, RRF_K, QUERIES = 100, 60, 200


def join(*legs):
    scores = collections.defaultdict(float)
    for leg in legs:
        for rank, row in enumerate(leg):
            scores[int(row)] += 1 / (RRF_K + 1 + rank)
    return sorted(scores, key=lambda row: (-scores[row], row))[:K]


def exhaustive(n):
    """The ten that an engine which leaves nothing out would give, for each query."""
    kept = data.DATA / f"exhaustive_{n}.json"
    if kept.exists():
        return json.loads(kept.read_text())
    base, queries = data.vectors(n)
    asked = [query.split() for query in data.queries()[:QUERIES]]
    wanted = {word for words in asked for word in words}
    postings, lengths, passing = collections.defaultdict(list), np.empty(n), np.empty(n, bool)
    for number, name, bio, tags, platform, followers, *_ in data.creators(n):
        words = f"{name} {bio} {tags}".split()
        lengths[number], passing[number] = len(words), platform == PLATFORM and followers >= MIN_FOLLOWERS
        for word, count in collections.Counter(word for word in words if word in wanted).items():
            postings[word].append((number, count))
    held_back = 1.2 * (0.25 + 0.75 * lengths / lengths.mean())
    near = exact(base, queries[:QUERIES], k=LEG, mask=passing, name=f"{n}_both")
    out = []
    for words, by_vector in zip(asked, near):
        scores = np.zeros(n)
        for word in words:
            if word in postings:
                rows, counts = np.array(postings[word]).T
                rarity = np.log(1 + (n - len(rows) + 0.5) / (len(rows) + 0.5))
                scores[rows] += rarity * 2.2 * counts / (counts + held_back[rows])
        scores[~passing] = 0
        by_words = np.argsort(-scores, kind="stable")[:LEG]
        out.append(join(by_vector, by_words[scores[by_words] > 0]))
    kept.write_text(json.dumps(out))
    return out


def agreement(answers, n):
    return float(np.mean([len(set(answer) & set(true)) / max(len(true), 1) for answer, true in zip(answers, exhaustive(n))]))


def composed(n):
    """The best libraries put together by hand: tantivy for words and filter, FAISS for the vector, joined in Python."""
    import faiss
    import tantivy as engine
    base, queries = data.vectors(n)
    rows = list(data.creators(n))
    path = fresh(f"composed_{n}")
    before = anonymous_mb()
    with Cost() as build:
        schema = engine.SchemaBuilder()
        schema.add_integer_field("id", stored=False, indexed=False, fast=True)
        schema.add_text_field("text", stored=False, tokenizer_name="default", index_option="freq")
        schema.add_text_field("platform", stored=False, tokenizer_name="raw", index_option="basic")
        schema.add_integer_field("followers", stored=False, indexed=True, fast=True)
        index = engine.Index(schema.build(), path=str(path))
        writer = index.writer(heap_size=1_000_000_000, num_threads=1)
        for number, name, bio, tags, platform, followers, *_ in rows:
            document = engine.Document()
            document.add_integer("id", number)
            document.add_text("text", f"{name} {bio} {tags}")
            document.add_text("platform", platform)
            document.add_integer("followers", followers)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        faiss.omp_set_num_threads(1)
        lists = min(2048, max(32, n // 400))
        near = faiss.index_factory(base.shape[1], f"IVF{lists},PQ192x4fs,RFlat", faiss.METRIC_INNER_PRODUCT)
        near.train(base[:60_000])
        near.add(base)
    faiss.write_index(near, str(path / "vectors"))
    memory = anonymous_mb() - before
    searcher, schema, query = index.searcher(), index.schema, engine.Query
    must, should = engine.Occur.Must, engine.Occur.Should
    passes = query.const_score_query(query.boolean_query([
        (must, query.term_query(schema, "platform", PLATFORM, "basic")),
        (must, query.range_query(schema, "followers", engine.FieldType.Integer, MIN_FOLLOWERS, 2**62))]), 0.0)
    platforms = np.array([row[4] == PLATFORM for row in rows])
    followers = np.array([row[5] for row in rows])
    del rows

    def by_words(words):
        any_word = query.boolean_query([(should, query.term_query(schema, "text", word, "freq")) for word in words.split()])
        hits = searcher.search(query.boolean_query([(must, any_word), (must, passes)]), LEG, count=False).hits
        return searcher.fast_field_values("id", [address for _, address in hits]) if hits else []

    def by_vector(vector):
        bits = np.packbits(platforms & (followers >= MIN_FOLLOWERS), bitorder="little")
        probes = faiss.SearchParametersIVF(nprobe=32, sel=faiss.IDSelectorBitmap(bits))
        parameters = faiss.IndexRefineSearchParameters(k_factor=4, base_index_params=probes)
        return near.search(vector[None], LEG, params=parameters)[1][0].tolist()

    asked = list(zip(data.queries()[:QUERIES], queries))
    row, answers = timed(lambda pair: join(by_vector(pair[1]), by_words(pair[0])), asked)
    keep("hybrid", engine="tantivy+faiss", version=f"{importlib.metadata.version('tantivy')}, {faiss.__version__}", n=n, threads=1,
         agreement=agreement(answers, n), build_cpu_s=build.cpu_s, anon_mb=memory, disk_mb=disk_mb(path), **row)


def lucene(n):
    path = SCRATCH / f"lucene_both_{n}"
    base_file, query_file = data.vector_files(n)
    built = path.with_suffix(".json")
    if not (path.exists() and built.exists()):
        fresh(path.name)
        built.write_text(json.dumps(java("BothBench", "index", path, data.creators_file(n), base_file)))
    row = java("BothBench", "search", path, data.query_file(), query_file, PLATFORM, MIN_FOLLOWERS)
    answers = row.pop("ids")
    keep("hybrid", engine="lucene", version=LUCENE, n=n, threads=1, agreement=agreement(answers, n), disk_mb=disk_mb(path),
         **json.loads(built.read_text()), **row)


ENGINES = {"composed": composed, "lucene": lucene}


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("engine", choices=ENGINES)
    arguments.add_argument("--n", type=int, required=True)
    asked = arguments.parse_args()
    SCRATCH.mkdir(parents=True, exist_ok=True)
    ENGINES[asked.engine](asked.n)


if __name__ == "__main__":
    main()
