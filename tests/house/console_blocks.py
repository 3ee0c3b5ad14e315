#!/usr/bin/env python3
"""Runs the console blocks of documents and compares what they print.

    console_blocks.py [DOCUMENT ...]     default: doc/manual.md, its chapters and every page of examples/lessons
                                         (README.md is played by readme.py, in a tree that was built)

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


def environment():
    prefix = os.environ["PREFIX"]  # where delta1 is installed
    made = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", LC_ALL="C.UTF-8")
    made["PATH"] = os.path.join(prefix, "bin") + os.pathsep + made["PATH"]
    made["LD_LIBRARY_PATH"] = os.path.join(prefix, "lib")
    made["PKG_CONFIG_PATH"] = os.path.join(prefix, "lib", "pkgconfig")
    made["DELTA1_ADAPTERS"] = os.path.join(prefix, "share", "delta1", "adapters")
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
    """Whether the lines printed are the expected ones, `...` standing for any: the lines between two of
    them are looked for where they stand first, which is enough when nothing else is a wildcard."""
    groups = [[]]  # of lines that follow each other
    for line in expected:
        if line == "...":
            groups.append([])
        else:
            groups[-1].append(re.compile(re.escape(line).replace(r"\.\.\.", ".*")))

    def stands(group, at):
        return (at + len(group) <= len(printed)
                and all(line.fullmatch(text) for line, text in zip(group, printed[at:])))

    at = len(groups[0])
    if not stands(groups[0], 0):
        return False
    if len(groups) == 1:
        return len(printed) == at
    for group in groups[1:-1]:
        while not stands(group, at):
            at += 1
            if at + len(group) > len(printed):
                return False
        at += len(group)
    last = len(printed) - len(groups[-1])
    return at <= last and stands(groups[-1], last)


def play(document, listed, place, variables):
    """Runs the commands in the directory place: None, or what went wrong."""
    for command, expected in listed:
        done = subprocess.run(["/bin/sh", "-c", command], cwd=place, env=variables, timeout=300,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                              stderr=subprocess.STDOUT, check=False)
        printed = [line.rstrip() for line in done.stdout.splitlines()]
        if not matches(expected, printed):
            return f"{document}: $ {command}\nprints\n{done.stdout}instead of\n" + "\n".join(expected)
    print(f"{os.path.relpath(document, TOP)}: {len(listed)} commands")
    return None


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
        return play(document, listed, place, environment())


def main():
    documents = sys.argv[1:] or sorted(
        glob.glob(os.path.join(TOP, "examples/lessons/*/*.md")) + glob.glob(os.path.join(TOP, "doc/manual.md"))
        + glob.glob(os.path.join(TOP, "doc/manual/*.md")))
    assert documents, "no documents"
    wrong = [message for message in map(run, map(os.path.abspath, documents)) if message]
    print("\n\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
