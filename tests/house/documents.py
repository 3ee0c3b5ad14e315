#!/usr/bin/env python3
"""The pages a user reads: every command has a chapter in the manual, and a man page made of all of it and of
all that --help says of options; links lead somewhere. README.md's commands are run by readme.py, the
manual's by console_blocks.py."""

import os
import re
import shutil
import subprocess
import unittest

TOP = os.path.abspath(os.environ.get("top_srcdir", "."))
BUILD = os.path.abspath(os.environ.get("top_builddir", "."))


def read(name):
    with open(os.path.join(TOP, name), encoding="utf-8") as file:
        return file.read()


def help_of(*command):
    done = subprocess.run([os.path.join(BUILD, command[0]), *command[1:], "--help"],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def options_of_help(text):
    """The options that begin a line of the list, with those after a comma."""
    found = set()
    for line in text.splitlines():
        if re.match(r"  -", line):
            head = re.split(r"\s{2,}", line.strip())[0]
            found.update(re.findall(r"(?<!\S)(--?[A-Za-z][A-Za-z-]*)", head))
    return found


def words(text):
    return " ".join(text.split())


def plain(roff):
    """The text of a man page, its words in order."""
    lines = [re.sub(r'^\.(?:SH|SS|BR|I|B)\b ?', "", line) for line in roff.splitlines()]
    text = " ".join(line for line in lines if not line.startswith((".", "'")))
    text = re.sub(r"\\f(?:\(..|.)|\\&", "", text)
    for escape, character in {"-": "-", "(ha": "^", "(ti": "~", "(ga": "`", "(aq": "'", "(dq": '"', "(bu": "-",
                              "e": "\\"}.items():
        text = text.replace("\\" + escape, character)
    return words(text)


def options_of_man(roff):
    """The options that begin an item."""
    found = set()
    for item in re.findall(r"^\.TP\n(.*)", roff, flags=re.M):
        found.update(re.findall(r"(?<!\S)(--?[A-Za-z][A-Za-z-]*)", plain(item)))
    return found


def page_path(name):
    """Made in the build directory, or part of the archive."""
    return next((path for path in (os.path.join(top, "doc", name) for top in (BUILD, TOP)) if os.path.exists(path)), None)


def prose_and_blocks(chapter):
    """What of a chapter must be found in its man page: line by line, without markup; not tables."""
    block = False
    for line in chapter.splitlines()[1:]:
        if line.startswith("```"):
            block = not block
        elif block:
            yield line
        elif not line.startswith("|"):
            line = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", line)
            line = re.sub(r"^- ", "", line)
            yield re.sub(r"^#+ (.*)", lambda heading: heading.group(1).upper(), re.sub(r"`([^`]*)`|[*]", r"\1", line))


COMMANDS = re.findall(r"^  ([a-z0-9]+) ", help_of("delta1"), flags=re.M)
# page: (chapter, the command that it is about)
PAGES = {"delta1.1": ("doc/manual.md", ["delta1"])}
PAGES.update((f"delta1-{name}.1", (f"doc/manual/{name}.md", ["delta1", name])) for name in COMMANDS)
PAGES.update((f"delta1-{name}.1", (f"doc/manual/{name}.md", [f"delta1-{name}"])) for name in ["check", "check-paradox"])


class ManPages(unittest.TestCase):
    def setUp(self):
        if page_path("delta1.1") is None:
            with open(os.path.join(BUILD, "Makefile"), encoding="utf-8") as file:
                self.assertIsNone(re.search(r"^LOWDOWN = \S", file.read(), flags=re.M), "lowdown, and no man pages")
            self.skipTest("no lowdown, no man pages")

    def pages(self):
        for name, (chapter, command) in PAGES.items():
            with open(page_path(name), encoding="utf-8") as file:
                page = file.read()
            yield name, page, read(chapter), command

    def test_every_option_of_help_and_what_it_says(self):
        for name, page, _, command in self.pages():
            said = help_of(*command)
            wanted = options_of_help(said)
            self.assertEqual(options_of_man(page), wanted, name)
            if len(command) == 2 and command[1] != "trainers":
                self.assertGreaterEqual(len(wanted), 2, name)
            text = plain(page)
            lines = said.splitlines()
            start = next((at for at, line in enumerate(lines) if line.startswith("  -")), len(lines))
            terms = [plain(term) for term in re.findall(r"^\.TP\n(.*)", page, flags=re.M)]
            self.assertLess(max(map(len, terms), default=0), 40, name)  # not what it says of itself
            for line in lines[start:]:
                head, *rest = re.split(r" {2,}", line.strip(), maxsplit=1)
                if rest and line.startswith("  -"):
                    self.assertIn(head, terms, name)
                for part in re.split(r"Exit codes?:", line):
                    self.assertIn(words(part.rstrip(":")), text, name)
            for line in lines:
                usage = re.match(r"(?:[Uu]sage:|  +) *(delta1.*)", line)
                if usage:
                    self.assertIn(words(usage.group(1)), text, name)
            for option in re.findall(r"--[a-z-]+", said if len(command) == 1 else ""):
                self.assertIn(option, text)

    def test_all_of_the_chapter(self):
        for name, page, chapter, _ in self.pages():
            text = plain(page)
            for line in prose_and_blocks(chapter):
                self.assertIn(words(line), text, name)

    def test_form(self):
        for name, page, chapter, _ in self.pages():
            title = re.match(r"# (.*): (.*)\n", chapter)
            self.assertEqual(title.group(1).replace(" ", "-"), name[:-2])
            self.assertRegex(page, r"(?m)^\.TH " + name[:-2].upper() + r" 1 \d{4}-\d\d-\d\d ")
            self.assertIn(f"{name[:-2]} - {title.group(2)}", plain(page))
            sections = re.findall(r"^\.SH (.*)", page, flags=re.M)
            self.assertEqual(sections[:3], ["NAME", "SYNOPSIS", "DESCRIPTION"], name)
            self.assertLessEqual({"EXIT STATUS", "EXAMPLES"}, set(sections), name)
            self.assertEqual(len(sections), len(set(sections)), name)
            if shutil.which("mandoc"):
                done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", page_path(name)],
                                      capture_output=True, text=True, check=False)
                self.assertEqual((done.returncode, done.stdout), (0, ""))


class Documents(unittest.TestCase):
    def test_the_manual_names_every_command_and_chapter(self):
        table = read("doc/manual.md")
        for name, (chapter, command) in PAGES.items():
            if name != "delta1.1":
                self.assertIn(f"`{' '.join(command)}`]({chapter[4:]})", table)
        chapters = os.listdir(os.path.join(TOP, "doc/manual"))
        self.assertEqual({f"doc/manual/{name}" for name in chapters},
                         {chapter for chapter, _ in PAGES.values()} - {"doc/manual.md"})

    def test_links_lead_somewhere(self):
        names = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", *(chapter for chapter, _ in PAGES.values())]
        for name in names:
            for target in re.findall(r"\]\(([^)]+)\)", read(name)):
                if not target.startswith("http"):
                    self.assertTrue(os.path.exists(os.path.join(TOP, os.path.dirname(name), target)), f"{name}: {target}")


if __name__ == "__main__":
    unittest.main(verbosity=1)
