#!/usr/bin/env python3
"""How long after a changed bio is committed the match of a kept brief shows it, by words and by meaning.

  match_freshness.py PROGRAM [--embed openvino] [--creators 1000] [--rounds 11]

Starts `creatordex serve` over an invented set, changes one creator's bio with `creatordex import` from another process, and
asks POST /v1/match every 10 ms. Printed: medians and worst of the time from the import's end (what it committed is durable
then; the server may have seen it before) until the creator leads the ranking, and until its vector counts as well.
"""
import argparse
import json
import pathlib
import re
import signal
import statistics
import subprocess
import tempfile
import time
import urllib.request

WORDS = ["cork yoga mat", "sourdough oven", "vintage synthesizer", "alpine ski touring", "watercolour brushes", "carbon road bike"]


def post(url, body):
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def bio_of(number):
    words = WORDS[number % len(WORDS)]
    return f"{words}, every week something new about the {words}, edition {number}", words


def change(program, data, embed, number):
    bio, words = bio_of(number)
    file = pathlib.Path(data, "..", "change.ndjson").resolve()
    file.write_text(json.dumps({"platform": "tiktok", "user_id": "t900", "handle": "changes", "name": "Changes", "bio": bio, "followers": 90000}) + "\n")
    subprocess.run([program, "--data", data, "--embed", embed, "import", str(file)], check=True, capture_output=True)
    return words


def wait_for(url, brief, shown, limit_s=60):
    start = time.perf_counter()
    while time.perf_counter() - start < limit_s:
        if shown(post(url + "/v1/match", {"brief": brief, "campaign_id": "cm_0000000000005", "explain": True})):
            return (time.perf_counter() - start) * 1000
        time.sleep(0.01)
    raise SystemExit("the change never showed")


def leads(answer):
    return bool(answer["matches"]) and answer["matches"][0]["handle"] == "changes"


def by_meaning(answer):
    if not leads(answer):
        return False
    relevance = next(part for part in answer["matches"][0]["parts"] if part["name"] == "relevance")
    return any(one["name"] == "similarity" and one["value"] > 0.6 for one in relevance["details"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--embed", default="openvino")
    parser.add_argument("--creators", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=11)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data, sample = f"{folder}/data", f"{folder}/sample"
        common = [options.program, "--data", data, "--embed", options.embed]
        subprocess.run([*common, "sample", "--creators", str(options.creators), "--seed", "3", "--out", sample], check=True, capture_output=True)
        subprocess.run([*common, "import", f"{sample}/accounts.ndjson"], check=True, capture_output=True)
        change(options.program, data, options.embed, 5)
        subprocess.run([*common, "embed"], check=True, capture_output=True)
        server = subprocess.Popen([*common, "--log-level", "error", "serve", "--port", "0"], stdout=subprocess.PIPE, text=True)
        try:
            url = re.search(r"http://\S+", server.stdout.readline()).group(0)
            while json.load(urllib.request.urlopen(url + "/v1/status"))["indexed"] < options.creators // 2:
                time.sleep(0.1)
            words_ms, meaning_ms = [], []
            for number in range(6, 6 + options.rounds):
                _, words = bio_of(number)
                brief = {"product_name": words, "product_description": f"everything about the {words}"}
                wait_for(url, brief, lambda answer: not leads(answer))
                change(options.program, data, options.embed, number)
                first = wait_for(url, brief, leads)
                words_ms.append(first)
                meaning_ms.append(first + wait_for(url, brief, by_meaning))
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=20)
    for what, times in (("leads the match", words_ms), ("with its vector", meaning_ms)):
        print(f"{what}: median {statistics.median(times):.0f} ms, worst {max(times):.0f} ms of {len(times)}")


if __name__ == "__main__":
    main()
