"""The table: the best peer, ours, the ratio, and what the machine would allow; and how each grows with n.

  python report.py [--write docs/performance.md]     replaces what stands between the two marks of that page
"""
import argparse
import collections
import datetime
import pathlib
import statistics

import data
import measure
from limits import ROW_BYTES, ROWS

BEGIN, END = "<!-- written by ./x bench peers -->", "<!-- end of what ./x bench peers writes -->"
OURS = "creatordex"


def latest(kind):
    """The rows of each engine's last run, by (engine, n, percent, vector fields, mapped, evicted): a run's rows share their build."""
    runs = {}
    for row in measure.rows(kind):
        key = (row["engine"], row["n"], row.get("percent"), row.get("vector_fields"), row.get("mapped"), row.get("evicted"))
        if key in runs and runs[key][-1].get("build_cpu_s", 0) == row.get("build_cpu_s"):
            runs[key].append(row)
        else:
            runs[key] = [row]
    return runs


def best_at(rows, reached, quality="recall"):
    """The fastest point that reaches so much; None when none does."""
    return max((row for row in rows if row.get(quality, 1) >= reached), key=lambda row: row["qps_cpu"], default=None)


def limits():
    """The best of every time this machine was looked at: neighbours only ever make it slower."""
    rows = measure.rows("limits")
    if not rows:
        return None
    out = dict(rows[-1])
    for key in out:
        if key.endswith("_ns"):
            out[key] = min(row[key] for row in rows if key in row)
        elif key.endswith("_gb_s"):
            out[key] = max(row[key] for row in rows if key in row)
    return out


def number(value):
    if value is None:
        return "–"
    if 0 < value < 0.00005:
        return "< 0.0001"
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}" if value >= 1 else f"{value:.3f}" if value >= 0.01 else f"{value:.4f}"


class Table:
    def __init__(self, n):
        self.n, self.lines, self.limits = n, [], limits()

    def add(self, what, unit, peers, ours, limit=None, smaller_is_better=False):
        """`peers`: (name, figure). `ours`: a figure or None."""
        peers = [(name, figure) for name, figure in peers if figure]
        choose = min if smaller_is_better else max
        name, peer = choose(peers, key=lambda one: one[1]) if peers else ("none measured", None)
        ratio = None
        if peer and ours:
            ratio = peer / ours if smaller_is_better else ours / peer
        self.lines.append(f"| {what} | {unit} | {name}: {number(peer)} | {number(ours)} | {'–' if ratio is None else f'{ratio:.2f}x'} "
                          f"| {number(limit)} |")

    def text(self):
        head = [f"| {self.n:,} creators | unit | best peer | creatordex | ratio | limit |", "| --- | --- | --- | --- | --- | --- |"]
        return "\n".join(head + self.lines)

    def rows_ms(self, rows):
        """Reading the codes of so many rows, from the cache or in order from memory, whichever is faster: who looks at so
        many cannot answer sooner, however cleverly they lie."""
        if not self.limits:
            return None
        return rows * min(self.limits[f"row_{ROWS[0]}_ns"], ROW_BYTES / self.limits["sequential_gb_s"]) / 1e6


def split(runs, n, **wanted):
    """-> peers' rows by name, and ours."""
    peers, ours = {}, []
    for (engine, count, percent, fields, mapped, evicted), rows in runs.items():
        if count != n or wanted.get("percent", percent) != percent or wanted.get("evicted", evicted) != evicted:
            continue
        if engine != OURS:
            peers[engine] = rows
        elif wanted.get("fields", fields) == fields and (not mapped or not ours):
            ours = rows
    return peers, ours


def of(rows, reached, key, quality="recall"):
    point = best_at(rows, reached, quality) if rows else None
    return point[key] if point and key in point else None


def nearest_lines(table, n):
    peers, ours = split(latest("ann"), n)
    for reached in (0.95, 0.99):
        compared = of(ours, reached, "compared")
        allowed = table.rows_ms(compared) if compared else None
        table.add(f"nearest 10, recall {reached}", "queries/CPU-s", [(name, of(rows, reached, "qps_cpu")) for name, rows in peers.items()],
                  of(ours, reached, "qps_cpu"), 1e3 / allowed if allowed else None)
    for what, key in (("index build", "build_cpu_s"), ("index memory", "anon_mb"), ("index on disk", "disk_mb")):
        graphs = [(name, rows[0][key]) for name, rows in peers.items() if of(rows, 0.95, key) and name != "faiss-flat"]
        figure = None
        if ours:  # the run that built
            mapped = key == "anon_mb" and ours[0].get("mapped")  # then all of it counts, whatever of it is in memory
            figure = max(row["build_cpu_s"] for row in ours) if key == "build_cpu_s" else ours[0]["disk_mb" if mapped else key]
        table.add(what, {"build_cpu_s": "CPU-s"}.get(key, "MB"), graphs, figure, smaller_is_better=True)
    for percent in data.FILTERS:
        peers, ours = split(latest("filter"), n, percent=percent)
        for reached in (0.95, 0.985):
            table.add(f"nearest 10 of the {percent} % that pass, recall {reached}", "CPU ms",
                      [(name, of(rows, reached, "cpu_p50_ms")) for name, rows in peers.items()], of(ours, reached, "cpu_p50_ms"),
                      table.rows_ms(n * data.FILTERS[percent]) if float(percent) <= 1 else None, smaller_is_better=True)


def mean_postings(n):
    """Of the words of a query together."""
    wanted = {word for query in data.queries() for word in query.split()}
    held = collections.Counter()
    for _, name, bio, tags, *_ in data.creators(n):
        held.update(wanted.intersection(f"{name} {bio} {tags}".split()))
    return statistics.mean(sum(held[word] for word in query.split()) for query in data.queries())


def words_lines(table, n):
    peers, ours = split(latest("text"), n)
    postings_ms = mean_postings(n) / table.limits["sequential_gb_s"] / 1e6 if table.limits and data.creators_file(n).exists() else None
    for key in ("cpu_p50_ms", "cpu_p99_ms"):
        table.add(f"words, best 10, {key[4:7]}", "CPU ms", [(name, of(rows, 0, key)) for name, rows in peers.items()], of(ours, 0.999, key),
                  postings_ms if key == "cpu_p50_ms" else None, smaller_is_better=True)
    table.add("words, build", "docs/CPU-s", [(name, of(rows, 0, "docs_per_cpu_s")) for name, rows in peers.items()], of(ours, 0, "docs_per_cpu_s"))
    table.add("words, on disk", "MB", [(name, of(rows, 0, "disk_mb")) for name, rows in peers.items()], of(ours, 0, "disk_mb"), smaller_is_better=True)


def hybrid_lines(table, n):
    runs = latest("hybrid")
    for fields in (1, 4):
        peers, ours = split(runs, n, fields=fields)
        for key in ("cpu_p50_ms", "cpu_p95_ms"):
            table.add(f"words + {fields} vector field{'s' if fields > 1 else ''} + 10 % filter, {key[4:7]}", "CPU ms",
                      [(name, of(rows, 0.95, key, "agreement")) for name, rows in peers.items()] if fields == 1 else [],
                      of(ours, 0.95, key, "agreement"), smaller_is_better=True)


def cold_lines(table, n):
    for evicted in (False, True):
        peers, ours = split(latest("cold"), n, evicted=evicted, fields=1)
        files = "files forgotten by the system" if evicted else "files in memory"
        table.add(f"from files to the first answer, {files}", "ms", [(f"{name}", rows[-1]["first_ms"]) for name, rows in peers.items()],
                  ours[-1]["first_ms"] if ours else None, smaller_is_better=True)


def growth(sizes):
    lines = [f"| growth | {' | '.join(f'{n:,}' for n in sizes)} |", "| --- |" + " --- |" * len(sizes)]
    engines = sorted({key[0] for kind in ("ann", "text", "hybrid") for key in latest(kind)})
    for what, kind, reached, quality, key in (
            ("nearest 10 at recall 0.99, queries/CPU-s", "ann", 0.99, "recall", "qps_cpu"),
            ("nearest, build CPU-s", "ann", 0.95, "recall", "build_cpu_s"),
            ("words p50, CPU ms", "text", 0, "recall", "cpu_p50_ms"),
            ("words + vector + filter p50, CPU ms", "hybrid", 0.9, "agreement", "cpu_p50_ms")):
        runs = latest(kind)
        for engine in engines:
            figures = []
            for n in sizes:
                rows = [row for run, found in runs.items() if run[0] == engine and run[1] == n and run[3] in (None, 1) for row in found]
                figures.append(of(rows, reached, key, quality))
            if any(figures) and engine != "faiss-flat":
                lines.append(f"| {what}: {engine} | {' | '.join(number(figure) for figure in figures)} |")
    return "\n".join(lines)


def page():
    sizes = sorted({key[1] for kind in ("ann", "text", "hybrid") for key in latest(kind)})
    known = limits()
    rows = [number(known[f"row_{count}_ns"]) for count in ROWS] if known else []
    out = [f"Measured {datetime.date.today().isoformat()}" + ("." if not known else
           f" on {known['machine']}, {known['cores']} cores; one thread. Memory in order {known['sequential_gb_s']:.1f} GB/s; a row of "
           f"{ROW_BYTES} bytes at a random place of a table of {' / '.join(f'{count:,}' for count in ROWS)} rows "
           f"{' / '.join(rows)} ns; "
           f"a dependent load {known['load_ns']:.0f} ns.")]
    for n in sizes:
        table = Table(n)
        nearest_lines(table, n)
        words_lines(table, n)
        hybrid_lines(table, n)
        cold_lines(table, n)
        out.append(table.text())
    out.append(growth(sizes))
    return "\n\n".join(out)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--write")
    asked = arguments.parse_args()
    text = page()
    print(text)
    if asked.write:
        file = pathlib.Path(asked.write)
        before, _, rest = file.read_text().partition(BEGIN)
        _, _, after = rest.partition(END)
        file.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")


if __name__ == "__main__":
    main()
