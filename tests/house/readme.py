#!/usr/bin/env python3
"""README.md: every block of code is run, and its output compared.

The commands run in a tree of their own that looks like the one README.md is about, quickstart, examples and
build/ in it. The programs in build/ are those of this build, behind a script that writes down each call.

- `console` blocks: run in order, what they print compared as in the manual. Among them is ./quickstart:
  dpkg-query says that every package is installed, and make, which would build what is being tested,
  does nothing but write down its call. The plays that the table and the excerpt are about (--problem
  srlasso) and the checker run; the other problems, for GLPK and scikit-learn, which need not be installed and
  take long, and the reconstruction, which stands in a block of its own, are only written down. The table
  is compared with the report that ./quickstart leaves.
- `sh` blocks: ./quickstart check would end in the test that this is, so in that run the programs only write
  down their calls: they must be those of ./quickstart, with make check after them. The
  line for building by hand runs with autoreconf, configure and make replaced in the same way; that this
  Makefile has the targets is looked up.
- The picture is drawn again. The curves must be the committed ones; the file itself only where the same
  version of gnuplot draws it.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

import console_blocks
from console_blocks import TOP

BUILD = os.path.abspath(os.environ.get("top_builddir", "."))
PROGRAMS = ["delta1", "delta1-check", "delta1-check-paradox"]

# $CALLS: where calls are written down. $ONLY_CALLS: nothing is run.
PROGRAM = """#!/bin/sh
[ -z "${CALLS-}" ] || printf '%s\\n' "@NAME@ $*" >>"$CALLS"
[ -z "${ONLY_CALLS-}" ] || exit 0
case "${QUICKSTART-} @NAME@ $* " in
  "yes delta1 "*" --problem srlasso "*) ;;
  "yes delta1 "*) exit 0 ;;
esac
exec "@BUILD@/@NAME@" "$@"
"""
RECORDER = """#!/bin/sh
printf '%s\\n' "$(basename "$0") $*" >>"$CALLS"
"""


def read(name):
    with open(os.path.join(TOP, name), encoding="utf-8") as file:
        return file.read()


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, 0o755)


def table_of(text):
    """The rows of the one table, its head first."""
    rows = re.findall(r"^\|(.*)\|$", text, flags=re.M)
    return [[cell.strip() for cell in row.split("|")] for row in rows if not set(row) <= set("-|")]


class Readme(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.text = read("README.md")
        cls.place = tempfile.mkdtemp()
        build = os.path.join(cls.place, "build")
        stubs = os.path.join(cls.place, "stubs")
        os.mkdir(build)
        os.mkdir(stubs)
        for name in ["quickstart", "examples", "doc"]:
            os.symlink(os.path.join(TOP, name), os.path.join(cls.place, name))
        for name in PROGRAMS:
            write(os.path.join(build, name), PROGRAM.replace("@NAME@", name).replace("@BUILD@", BUILD))
        for name in [*(os.path.join(stubs, stub) for stub in ["make", "autoreconf"]),
                     os.path.join(cls.place, "configure")]:
            write(name, RECORDER)
        write(os.path.join(stubs, "dpkg-query"), "#!/bin/sh\necho installed\n")
        # what ./quickstart looks at to see a tree that is configured
        for name in ["Makefile.in", "config.h.in", "build/config.status"]:
            write(os.path.join(cls.place, name), "")
        write(os.path.join(build, "Makefile"), f"abs_top_srcdir = {os.path.realpath(cls.place)}\n")
        cls.calls = os.path.join(cls.place, "calls")
        cls.environment = {name: value for name, value in os.environ.items()
                           if name not in ("DELTA1_BUILD", "MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
        cls.environment.update(PATH=stubs + os.pathsep + os.environ["PATH"], CALLS=cls.calls, LC_ALL="C.UTF-8",
                               PYTHONDONTWRITEBYTECODE="1")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.place)

    def calls_of(self, line, **more):
        """The calls that a line of shell makes, of which nothing is run."""
        write(self.calls, "")
        done = subprocess.run(["/bin/sh", "-c", line], cwd=self.place, env=dict(self.environment, ONLY_CALLS="1", **more),
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, f"{line}\n{done.stdout}{done.stderr}")
        with open(self.calls, encoding="utf-8") as file:
            return file.read().splitlines()

    def test_what_is_compared(self):
        printed = ["a", "b 1", "c", "b 2", "d"]
        for expected in [printed, ["..."], ["a", "..."], ["...", "d"], ["a", "...", "b ...", "d"], ["...", "b 1", "...", "b 2", "..."],
                         ["...", "a", "...", "d", "..."], ["a", "...", "b 1", "c", "b ...", "d"]]:
            self.assertTrue(console_blocks.matches(expected, printed), expected)
        for expected in [[], ["a"], printed[:-1], printed[1:], ["b 1", "..."], ["...", "c"], ["...", "b 2", "...", "b 1", "..."],
                         ["...", "a", "c", "..."], ["a", "...", "d", "...", "d"], ["a", "b", "..."], [*printed, "e"],
                         ["...", "d", "e", "..."], ["...", "b 2", "d", "e"], ["...", ".", "..."]]:
            self.assertFalse(console_blocks.matches(expected, printed), expected)

    def test_blocks_are_of_two_kinds(self):
        kinds = re.findall(r"^```(\w*)\n.*?^```$", self.text, flags=re.M | re.S)
        self.assertEqual(sorted(set(kinds)), ["console", "sh"])
        self.assertEqual(kinds.count("sh"), 2)

    def test_console_blocks_print_what_they_show(self):
        listed = console_blocks.commands(self.text)
        self.assertGreaterEqual(len(listed), 8)
        self.assertIn("./quickstart", [command for command, _ in listed])
        for command, expected in listed:
            quickstart = command == "./quickstart"
            write(self.calls, "")
            wrong = console_blocks.play("README.md", [(command, expected)], self.place,
                                        dict(self.environment, QUICKSTART="yes" if quickstart else ""))
            self.assertIsNone(wrong, wrong)
            if quickstart:
                with open(self.calls, encoding="utf-8") as file:
                    played = file.read().splitlines()
                for call in ["delta1 barrier .*--problem lasso ", "delta1 barrier .*--problem lp ", "delta1 reconstruct -o ",
                             "delta1 verify "]:
                    self.assertRegex("\n".join(played), call)
                with open(os.path.join(self.place, "build/certificates/srlasso.json"), encoding="utf-8") as file:
                    self.table_is_that_of(json.load(file))

    def table_is_that_of(self, report):
        head, *rows = table_of(self.text)
        self.assertEqual((head[0], head[3], len(rows)), ("digits asked", "beaten by the adversary", 4))
        family = report["family"]
        self.assertEqual(rows[2][1], f"L = {family['samples']} or more")
        self.assertEqual(rows[3][1], str(family["starved"]))
        for row, tier, less, limited in zip(rows, "abcc", [0, 1, 2, 2], [False, False, False, True]):
            plays = [play for play in report["plays"] if (play["tier"], play["oracle"]) == (tier, "adversary")
                     and not play["curve"] and (play["limit"] > 0) == limited]
            self.assertEqual({play["goal"] for play in plays}, {family["digits"] - less})
            self.assertEqual(row[0], f"K{f' - {less}' if less else ''} = {family['digits'] - less}")
            beaten = sum(play["verdict"] != "correct" for play in plays)
            self.assertEqual(row[3], f"{beaten} of {len(plays)}")
            self.assertIn(f" {len(plays)} programs that are built in", self.text)

    def test_the_two_commands(self):
        block = re.findall(r"^```sh\n(.*?)^```$", self.text, flags=re.M | re.S)[0]
        lines = [line.split("#")[0].strip() for line in block.splitlines()]
        self.assertEqual(lines, ["./quickstart", "./quickstart check"])
        plain, tested = map(self.calls_of, lines)
        self.assertGreaterEqual(len([call for call in plain if call.startswith("delta1 barrier ")]), 5)
        self.assertEqual(tested[:len(plain)], plain)
        self.assertEqual(len(tested), len(plain) + 1)
        self.assertRegex(tested[-1], r"^make -C \S+/build .*\bcheck\b")

    def test_building_by_hand(self):
        line = re.findall(r"^```sh\n(.*?)^```$", self.text, flags=re.M | re.S)[1]
        self.assertEqual(self.calls_of(line), ["autoreconf -fi", "configure ", "make ", "make check", "make install"])
        with open(os.path.join(BUILD, "Makefile"), encoding="utf-8") as file:
            targets = re.findall(r"^([a-z]+):", file.read(), flags=re.M)
        self.assertLessEqual({"all", "check", "install"}, set(targets))
        self.assertTrue(os.path.exists(os.path.join(TOP, "configure.ac")))
        # quickstart builds in the same way
        for part in ["quietly autoreconf -fi", 'quietly "$top/configure"', "make -j", "check VERBOSE=1"]:
            self.assertIn(part, read("quickstart"))

    def test_commands_between_the_lines(self):
        found = re.findall(r"(?<!`)`(build/delta1[^`\n]*)`", self.text)
        self.assertGreaterEqual(len(found), 2)
        for line in found:
            done = subprocess.run(["/bin/sh", "-c", line], cwd=self.place, env=self.environment, timeout=600,
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stdout == ""), (0, False), line)

    def test_three_sentences_and_one_picture(self):
        what = self.text.split("\n\n")[1]
        self.assertEqual(len(re.findall(r"\.(?=\s|$)", what)), 3, what)
        self.assertEqual(len(table_of(self.text)), 5)
        (alt, name), = re.findall(r"!\[(.*?)\]\((.*?)\)", self.text)
        self.assertGreater(len(alt), 100)
        picture = read(name)
        self.assertLess(len(picture.encode()), 100000)
        self.assertRegex(picture, r"^<\?xml[^>]*\?>\s*<svg ")

        command, = (line for line, _ in console_blocks.commands(self.text) if "--plot" in line)
        with tempfile.TemporaryDirectory() as directory:
            os.symlink(BUILD, os.path.join(directory, "build"))
            subprocess.run(["/bin/sh", "-c", command], cwd=directory, env=self.environment, check=True, timeout=60,
                           stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
            made = os.path.join(directory, "near-a-tie-lasso")
            with open(made + ".gp", encoding="utf-8") as file:
                script = file.read()
            for label in re.findall(r"^set (?:title|[xy]label) \"(.*?)\"", script, flags=re.M):
                self.assertIn(f">{label}<", picture)
            if not os.path.exists(made + ".svg"):
                print("no gnuplot: the picture is not drawn again")
                return
            with open(made + ".svg", encoding="utf-8") as file:
                again = file.read()

        def curves(text):
            return [re.findall(r"<g id=\"gnuplot_plot_\d+\" ?>(.*?)</g>", text, flags=re.S),
                    re.findall(r"<title>(.*?)</title>", text)]

        version = r"Produced by GNUPLOT ([^<]*?) *<"
        self.assertEqual(curves(again)[1], curves(picture)[1])
        self.assertEqual(len(curves(again)[0]), len(curves(picture)[0]))
        if re.findall(version, again) == re.findall(version, picture):
            self.assertEqual(again, picture)


if __name__ == "__main__":
    unittest.main(verbosity=1)
