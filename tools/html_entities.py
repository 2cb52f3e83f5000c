#!/usr/bin/env python3
"""Writes src/text/html_entities.inc: the named character references of HTML, as Python's html.entities.html5 has them.

Run again only when HTML gets new ones, which its standard rules out. One name a word: "name=code[+code]", and "*" before a
name that also counts without its semicolon.
"""
import html.entities
import pathlib


def words():
    known = html.entities.html5
    for name in sorted(key[:-1] for key in known if key.endswith(";")):
        codes = "+".join(f"{ord(c):x}" for c in known[name + ";"])
        yield f"{'*' if name in known else ''}{name}={codes}"


def main():
    lines, line = [], ""
    for word in words():
        if len(line) + len(word) > 100:
            lines.append(line)
            line = ""
        line += word + " "
    lines.append(line)
    target = pathlib.Path(__file__).resolve().parent.parent / "src" / "text" / "html_entities.inc"
    target.write_text("// Written by tools/html_entities.py.\n" + "".join(f'"{line}"\n' for line in lines))


if __name__ == "__main__":
    main()
