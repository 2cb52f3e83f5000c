"""Peers in words alone: BM25, any of 2 or 3 words, the best 10; name, bio and tags as one text.

  python words.py tantivy|lucene --n 100000
"""
import argparse
import importlib.metadata
import json
import os
import pathlib
import shutil
import subprocess

import data
from measure import K, SCRATCH, Cost, disk_mb, keep, resident_mb, timed

JAVA = pathlib.Path(__file__).parent / "java"
LUCENE = "9.12.1"


def fresh(name):
    path = SCRATCH / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def tantivy(n):
    import tantivy as engine
    path = fresh(f"tantivy_words_{n}")
    schema = engine.SchemaBuilder()
    schema.add_integer_field("id", stored=True, indexed=False, fast=True)
    schema.add_text_field("text", stored=False, tokenizer_name="default", index_option="freq")
    index = engine.Index(schema.build(), path=str(path))
    rows = [(row[0], f"{row[1]} {row[2]} {row[3]}") for row in data.creators(n)]
    with Cost() as build:
        writer = index.writer(heap_size=1_000_000_000, num_threads=1)
        for number, text in rows:
            document = engine.Document()
            document.add_integer("id", number)
            document.add_text("text", text)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
    del rows
    index.reload()
    searcher, schema = index.searcher(), index.schema

    def ask(query):
        terms = [(engine.Occur.Should, engine.Query.term_query(schema, "text", word, "freq")) for word in query.split()]
        return searcher.search(engine.Query.boolean_query(terms), K, count=False).hits

    row, answers = timed(ask, data.queries())
    keep("text", engine="tantivy", version=importlib.metadata.version("tantivy"), n=n, threads=1, segments=searcher.num_segments,
         build_cpu_s=build.cpu_s, docs_per_cpu_s=n / build.cpu_s, disk_mb=disk_mb(path), rss_mb=resident_mb(), **row)
    return [[score for score, _ in hits] for hits in answers[:50]]


def lucene_classes():
    """-> what java needs on its class path; compiles the measurements."""
    jars = [str(data.HOME / "jars" / f"{name}-{LUCENE}.jar") for name in ("lucene-core", "lucene-analysis-common")]
    out = SCRATCH / "classes"
    out.mkdir(parents=True, exist_ok=True)
    subprocess.run(["javac", "-nowarn", "-cp", os.pathsep.join(jars), "-d", str(out), *map(str, sorted(JAVA.glob("*.java")))], check=True)
    return os.pathsep.join([str(out), *jars])


def java(program, *arguments):
    done = subprocess.run(["java", "-Xmx6g", "-XX:+UseSerialGC", "--add-modules", "jdk.incubator.vector", "-cp", lucene_classes(),
                           program, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{program}: {done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def lucene(n):
    path = fresh(f"lucene_words_{n}")
    build = java("WordsBench", "index", path, data.creators_file(n))
    row = java("WordsBench", "search", path, data.query_file())
    scores = row.pop("scores")
    keep("text", engine="lucene", version=LUCENE, n=n, threads=1, segments=1, docs_per_cpu_s=n / build["build_cpu_s"],
         disk_mb=disk_mb(path), **build, **row)
    return scores


ENGINES = {"tantivy": tantivy, "lucene": lucene}


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("engine", choices=ENGINES)
    arguments.add_argument("--n", type=int, required=True)
    asked = arguments.parse_args()
    scores = ENGINES[asked.engine](asked.n)
    (SCRATCH / f"scores_{asked.engine}_{asked.n}.json").write_text(json.dumps(scores))


if __name__ == "__main__":
    main()
