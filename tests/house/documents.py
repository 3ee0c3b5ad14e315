#!/usr/bin/env python3
"""The pages a user reads: man pages name exactly the options of --help, and what README.md and the
man pages show as commands runs."""

import os
import re
import shutil
import subprocess
import tempfile
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


def options_of_man(text):
    """The flags of the .It lines: the words after Fl, and after a comma while Fl still rules."""
    found = set()
    for line in text.splitlines():
        macro = flag_due = None
        for word in line.split()[1:] if line.startswith(".It Fl") else []:
            if re.fullmatch(r"[A-Z][a-z]", word):
                macro, flag_due = word, word == "Fl"
            elif word == ",":
                flag_due = macro == "Fl"
            elif flag_due:
                found.add("-" + word)
                flag_due = False
    return found


class Documents(unittest.TestCase):
    def test_man_page_and_help_name_the_same_options(self):
        sections = re.split(r"^\.Sh ", read("doc/delta1.1"), flags=re.M)
        sections = {s.split("\n", 1)[0]: s for s in sections}
        for command in ["barrier", "trainers", "table1", "convergence", "nullspace", "reconstruct", "oracle", "paradox",
                        "backprop", "report", "solve", "verify"]:
            wanted = options_of_help(help_of("delta1", command)) - {"-h", "--help"}
            if command != "trainers":
                self.assertGreaterEqual(len(wanted), 2, command)
            self.assertEqual(options_of_man(sections[command.upper()]) - {"-h", "--help"}, wanted,
                             command)
        self.assertEqual(set(re.findall(r"--[a-z-]+", help_of("delta1-check")))
                         | {"--help", "--version"},
                         options_of_man(read("doc/delta1-check.1")))

    def test_trainers_and_commands_in_the_man_page(self):
        page = read("doc/delta1.1")
        for command in re.findall(r"^  ([a-z0-9]+) ", help_of("delta1"), flags=re.M):
            self.assertIn(f".Sh {command.upper()}\n", page)

    def test_man_pages_are_well_formed(self):
        for name in ["doc/delta1.1", "doc/delta1-check.1"]:
            path = os.path.join(TOP, name)
            if shutil.which("mandoc"):
                done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", path],
                                      capture_output=True, text=True, check=False)
                self.assertEqual((done.returncode, done.stdout), (0, ""))
            page = read(name)
            for macro in [".Dd ", ".Dt ", ".Os", ".Sh NAME", ".Nd ", ".Sh SYNOPSIS",
                          ".Sh DESCRIPTION", ".Sh EXIT STATUS", ".Sh EXAMPLES"]:
                self.assertIn("\n" + macro, "\n" + page, name)
            # no line begins with a macro that is none
            for line in page.splitlines():
                if line.startswith("."):
                    self.assertRegex(line, r"^\.[A-Z][a-z]( |$)", name)

    def test_links_lead_somewhere(self):
        for name in ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]:
            for target in re.findall(r"\]\(([^)]+)\)", read(name)):
                if not target.startswith("http"):
                    self.assertTrue(os.path.exists(os.path.join(TOP, target)), f"{name}: {target}")

    def run_lines(self, lines):
        with tempfile.TemporaryDirectory() as directory:
            os.symlink(BUILD, os.path.join(directory, "build"))
            os.symlink(os.path.join(TOP, "examples"), os.path.join(directory, "examples"))
            environment = dict(os.environ, PATH=BUILD + os.pathsep + os.environ["PATH"],
                               PYTHONDONTWRITEBYTECODE="1")
            for line in lines:
                done = subprocess.run(["/bin/sh", "-c", line], cwd=directory, env=environment,
                                      stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                      timeout=600, check=False)
                self.assertEqual(done.returncode, 0, f"{line}\n{done.stdout}\n{done.stderr}")

    def test_commands_of_the_readme(self):
        blocks = re.findall(r"```sh\n(.*?)```", read("README.md"), flags=re.S)
        lines = [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]
        self.assertEqual(lines[:2], ["./quickstart", "./quickstart check"])
        # how to build is what brought us here
        lines = [line for line in lines if line.startswith("build/")]
        self.assertEqual(len(lines), 4)
        self.run_lines(lines)

    def test_commands_of_the_man_pages(self):
        for name in ["doc/delta1.1", "doc/delta1-check.1"]:
            blocks = re.findall(r"^\.Bd -literal.*?\n(.*?)^\.Ed", read(name), flags=re.M | re.S)
            lines = [line for block in blocks for line in block.splitlines()]
            self.assertGreaterEqual(len(lines), 2)
            self.run_lines(lines)

    def test_the_excerpt_of_the_readme_is_real(self):
        excerpt = re.findall(r"```\n(Tier a.*?)```", read("README.md"), flags=re.S)[0]
        done = subprocess.run([os.path.join(BUILD, "delta1"), "barrier", "--seeds", "0"],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                              check=True)
        table = done.stdout.splitlines()
        for line in excerpt.splitlines():
            self.assertIn(line, table)


if __name__ == "__main__":
    unittest.main(verbosity=1)
