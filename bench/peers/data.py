"""The data both sides are measured on: made, not taken, and equal for equal seeds.

Vectors: 1,000 clusters of Zipf(0.8) sizes in a space of 40 dimensions, each with its own uneven spread, mapped to
384 dimensions by a random matrix, with noise and a common offset as real encoders have; unit rows. Queries come from
the same clusters and are not in the base.
Creators: words of WordNet with Zipf(1) frequencies, of which 35 % come from the 400 words of the creator's niche;
name 2 words, bio 16 to 31, tags 6. Fields: platform, followers (log-normal), niche, country, engagement (beta).
Vectors and words know nothing of each other: filters here are not correlated with the vectors.

  python data.py --n 100000        writes what is missing below PEERS_HOME/data
"""
import argparse
import os
import pathlib

import numpy as np

HOME = pathlib.Path(os.environ.get("PEERS_HOME", "peers-work")).resolve()
DATA = HOME / "data"
DIMENSION, QUERIES, SEED = 384, 1000, 1
CLUSTERS, LATENT, NOISE = 1000, 40, 0.25
VECTOR_CHUNK, TEXT_CHUNK = 100_000, 50_000
PLATFORMS = ("youtube", "tiktok", "instagram", "twitch", "x", "podcast")
NICHES, COUNTRIES, NICHE_WORDS, WORDS_DRAWN = 200, 60, 400, 40
FILTERS = {"50": 0.5, "10": 0.1, "1": 0.01, "0.1": 0.001}  # percent of the rows that pass


def shares(count, exponent):
    weights = np.arange(1, count + 1, dtype=np.float64) ** -exponent
    return weights / weights.sum()


class Clusters:
    """Where vectors are drawn from; the order of the draws is part of the definition."""

    def __init__(self, seed=SEED):
        source = np.random.default_rng(seed)
        self.sizes = shares(CLUSTERS, 0.8)
        self.centres = source.standard_normal((CLUSTERS, LATENT)).astype(np.float32)
        breadth = (0.35 + 0.5 * source.random((CLUSTERS, 1))).astype(np.float32)
        self.spreads = breadth * np.exp(0.4 * source.standard_normal((CLUSTERS, LATENT))).astype(np.float32)
        self.map = (source.standard_normal((LATENT, DIMENSION)) / np.sqrt(LATENT)).astype(np.float32)
        self.offset = 0.5 * (0.5 * source.standard_normal(DIMENSION)).astype(np.float32)

    def draw(self, source, count):
        of = source.choice(CLUSTERS, count, p=self.sizes)
        latent = self.centres[of] + self.spreads[of] * source.standard_normal((count, LATENT), dtype=np.float32)
        rows = latent @ self.map + self.offset + NOISE * source.standard_normal((count, DIMENSION), dtype=np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def vector_files(n):
    return DATA / f"synth_{n}_s{SEED}_b.npy", DATA / f"synth_{n}_s{SEED}_q.npy"


def make_vectors(n):
    base_file, query_file = vector_files(n)
    if base_file.exists() and query_file.exists():
        return
    clusters = Clusters()
    draft = base_file.with_suffix(".part.npy")
    base = np.lib.format.open_memmap(draft, "w+", np.float32, (n, DIMENSION))
    for chunk, first in enumerate(range(0, n, VECTOR_CHUNK)):
        rows = clusters.draw(np.random.default_rng([SEED, 10, chunk]), VECTOR_CHUNK)
        base[first:first + VECTOR_CHUNK] = rows[:n - first]
    base.flush()
    np.save(query_file, clusters.draw(np.random.default_rng([SEED, 99]), QUERIES))
    os.replace(draft, base_file)


def vectors(n):
    base_file, query_file = vector_files(n)
    return np.load(base_file), np.load(query_file)


def masks(n):
    """By percent: which rows pass. The same rows for every engine."""
    drawn = np.random.default_rng(11).random(n)
    return {percent: drawn < share for percent, share in FILTERS.items()}


def wordnet_folder():
    for folder in (HOME / "wordnet/usr/share/wordnet", pathlib.Path("/usr/share/wordnet")):
        if (folder / "index.noun").exists():
            return folder
    raise SystemExit("data.py: the word list is missing: install the Debian package wordnet-base")


def vocabulary():
    words = set()
    for part in ("noun", "verb", "adj", "adv"):
        with open(wordnet_folder() / f"index.{part}", encoding="latin-1") as lines:
            for line in lines:
                word = line.partition(" ")[0]
                if 3 <= len(word) <= 15 and word.isalpha() and word.islower():
                    words.add(word)
    words = np.array(sorted(words))
    np.random.default_rng(3).shuffle(words)
    return words.tolist()


def fields(n):
    source = np.random.default_rng([SEED, 21])
    return {
        "platform": source.choice(len(PLATFORMS), n, p=shares(len(PLATFORMS), 0.7)).astype(np.int32),
        "followers": np.exp(source.normal(9.2, 2.0, n)).astype(np.int64),
        "niche": source.choice(NICHES, n, p=shares(NICHES, 0.6)).astype(np.int32),
        "country": source.choice(COUNTRIES, n, p=shares(COUNTRIES, 1.0)).astype(np.int32),
        "engagement": source.beta(1.5, 30, n).astype(np.float32),
    }


def texts(n, niches, words):
    """Name, bio and tags of one creator after the other."""
    last = len(words) - 1
    cumulated = np.cumsum(shares(len(words), 1.0))
    pools = (np.random.default_rng([SEED, 22]).random((NICHES, NICHE_WORDS)) ** 2 * 20_000 + 50).astype(np.int64)
    pools = np.minimum(pools, last)
    for chunk, first in enumerate(range(0, n, TEXT_CHUNK)):
        source = np.random.default_rng([SEED, 23, chunk])
        count, shape = min(TEXT_CHUNK, n - first), (TEXT_CHUNK, WORDS_DRAWN)
        bio_words = source.integers(16, 32, TEXT_CHUNK)[:count]
        any_word = np.minimum(np.searchsorted(cumulated, source.random(shape)[:count]), last)
        niche_word = pools[niches[first:first + count, None], source.integers(0, NICHE_WORDS, shape)[:count]]
        chosen = np.where(source.random(shape)[:count] < 0.35, niche_word, any_word)
        for length, numbers in zip(bio_words.tolist(), chosen.tolist()):
            said = [words[number] for number in numbers]
            yield " ".join(said[:2]), " ".join(said[2:2 + length]), " ".join(said[34:])


def creators_file(n):
    return DATA / f"creators_{n}.tsv"


def make_creators(n):
    file = creators_file(n)
    if file.exists():
        return
    columns = fields(n)
    rows = zip(texts(n, columns["niche"], vocabulary()), *(column.tolist() for column in columns.values()))
    draft = file.with_suffix(".part")
    with open(draft, "w") as out:
        for number, ((name, bio, tags), platform, followers, niche, country, engagement) in enumerate(rows):
            out.write(f"{number}\t{name}\t{bio}\t{tags}\t{PLATFORMS[platform]}\t{followers}\tn{niche}\tc{country}\t{engagement:.5f}\n")
    os.replace(draft, file)


def creators(n):
    with open(creators_file(n)) as lines:
        for line in lines:
            number, name, bio, tags, platform, followers, niche, country, engagement = line.rstrip("\n").split("\t")
            yield int(number), name, bio, tags, platform, int(followers), niche, country, float(engagement)


BANDS = {"common": (5, 300), "mid": (300, 5000), "rare": (5000, 30_000)}  # ranks of words
SHAPES = (("common", "mid"), ("common", "mid", "rare"), ("common", "common"), ("mid", "rare"),
          ("common", "mid", "mid"), ("common", "common", "common"))


def query_file():
    return DATA / "textq.txt"


def make_queries(count=600):
    if query_file().exists():
        return
    words, source = vocabulary(), np.random.default_rng([SEED, 31])
    with open(query_file(), "w") as out:
        for i in range(count):
            out.write(" ".join(words[source.integers(*BANDS[band])] for band in SHAPES[i % len(SHAPES)]) + "\n")


def queries():
    return query_file().read_text().splitlines()


def ensure(n):
    DATA.mkdir(parents=True, exist_ok=True)
    make_vectors(n)
    make_creators(n)
    make_queries()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--n", type=int, required=True)
    ensure(arguments.parse_args().n)
