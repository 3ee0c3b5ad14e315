#!/usr/bin/env python3
"""Runs the console blocks of documents and compares what they print.

    console_blocks.py [DOCUMENT ...]     default: doc/manual.md and every page of examples/lessons

A block is fenced by ```console. A line `$ command` is run by sh, the lines up to the next one are what it
prints on both streams; a line `...` stands for any number of lines, and `...` in a line for anything. A
here-document goes to its end. The blocks of one document run in order
in one fresh copy of its directory, so that a file that one makes is there for the next. A document that
names a program in a line `<!-- needs: PROGRAM -->` is left out where there is none.
"""

import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

TOP = os.path.abspath(os.environ.get("top_srcdir", "."))
PREFIX = os.environ["PREFIX"]  # where delta1 is installed


def environment():
    made = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", LC_ALL="C.UTF-8")
    made["PATH"] = os.path.join(PREFIX, "bin") + os.pathsep + made["PATH"]
    made["LD_LIBRARY_PATH"] = os.path.join(PREFIX, "lib")
    made["PKG_CONFIG_PATH"] = os.path.join(PREFIX, "lib", "pkgconfig")
    made["DELTA1_ADAPTERS"] = os.path.join(PREFIX, "share", "delta1", "adapters")
    return made


def commands(text):
    """(command, expected lines) of all blocks, in order."""
    found = []
    for block in re.findall(r"^```console\n(.*?)^```", text, flags=re.M | re.S):
        here = None  # the word that ends a here-document
        for line in block.splitlines():
            if here is None and line.startswith("$ "):
                found.append((line[2:], []))
                word = re.search(r"<<'(\w+)'", line)
                here = word.group(1) if word else None
            elif here is not None or found[-1][0].endswith("\\"):
                found[-1] = (found[-1][0] + "\n" + line, [])
                here = None if line == here else here
            else:
                found[-1][1].append(line)
    return found


def matches(expected, printed):
    """Whether the lines printed are the expected ones, `...` standing for any."""
    pattern = "".join("(?:.*\n)*" if line == "..." else re.escape(line).replace(r"\.\.\.", ".*") + "\n"
                      for line in expected)
    return re.fullmatch(pattern, "".join(line + "\n" for line in printed)) is not None


def run(document):
    """None, or what went wrong."""
    with open(document, encoding="utf-8") as file:
        text = file.read()
    for program in re.findall(r"^<!-- needs: (\S+) -->$", text, flags=re.M):
        if shutil.which(program) is None:
            print(f"{os.path.relpath(document, TOP)}: no {program}: left out")
            return None
    listed = commands(text)
    with tempfile.TemporaryDirectory() as directory:
        place = os.path.join(directory, "lesson")
        shutil.copytree(os.path.dirname(document), place)
        subprocess.run(["chmod", "-R", "u+w", place], check=True)
        for command, expected in listed:
            done = subprocess.run(["/bin/sh", "-c", command], cwd=place, env=environment(), timeout=300,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                                  stderr=subprocess.STDOUT, check=False)
            printed = [line.rstrip() for line in done.stdout.splitlines()]
            if not matches(expected, printed):
                return f"{document}: $ {command}\nprints\n{done.stdout}instead of\n" + "\n".join(expected)
    print(f"{os.path.relpath(document, TOP)}: {len(listed)} commands")
    return None


def main():
    documents = sys.argv[1:] or sorted(
        glob.glob(os.path.join(TOP, "examples/lessons/*/*.md")) + glob.glob(os.path.join(TOP, "doc/manual.md")))
    assert documents, "no documents"
    wrong = [message for message in map(run, map(os.path.abspath, documents)) if message]
    print("\n\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
