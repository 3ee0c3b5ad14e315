#!/usr/bin/env python3
"""delta1 attack from outside: what it finds, that anybody can find it again from its files, and what it refuses."""

import ast
import json
import os
import struct
import subprocess
import tempfile
import unittest

TOP = os.path.abspath(os.environ.get("top_srcdir", "."))
BUILD = os.path.abspath(os.environ.get("top_builddir", "."))
DELTA1 = os.path.join(BUILD, "delta1")
SMALL = ["--side", "32", "--rate", "0.4", "--restarts", "4"]


def run(*arguments, **options):
    return subprocess.run([DELTA1, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=300, check=False, **options)


def read_npy(path):
    with open(path, "rb") as file:
        data = file.read()
    start = 10 + struct.unpack("<H", data[8:10])[0]
    header = ast.literal_eval(data[10:start].decode())
    return header["shape"], struct.unpack(f"<{(len(data) - start) // 8}d", data[start:])


def norm(values):
    return sum(v * v for v in values) ** 0.5


def apart(a, b):
    return norm([x - y for x, y in zip(a, b)])


class Attack(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name

    def path(self, name):
        return os.path.join(self.directory, name)

    def report(self, *arguments):
        done = run("attack", *SMALL, "--json", self.path("r.json"), *arguments)
        self.assertEqual((done.returncode, done.stderr), (0, ""), arguments)
        with open(self.path("r.json"), encoding="utf-8") as file:
            return json.load(file), done.stdout

    def refused(self, arguments, *words):
        before = sorted(os.listdir(self.directory))
        done = run("attack", *arguments, cwd=self.directory)
        said = f"{arguments}: {done.returncode}, {done.stdout!r}, {done.stderr!r}"
        self.assertEqual((done.returncode, done.stdout), (3, ""), said)
        self.assertTrue(done.stderr.startswith("delta1 attack: "), said)
        self.assertEqual(done.stderr.count("\n"), 1, said)
        for word in words:
            self.assertIn(word, done.stderr, said)
        self.assertEqual(sorted(os.listdir(self.directory)), before, said)

    def test_the_report(self):
        report, text = self.report()
        self.assertEqual((report["format"], report["version"]), ("delta1-attack", 1))
        with open(os.path.join(TOP, "doc/report-attack.md"), encoding="utf-8") as file:
            documented = file.read()
        for name, value in report.items():
            inner = value if name in ["jacobian", "seconds"] else value[0] if name == "search" else []
            for member in [name, *inner]:
                self.assertIn(f"`{member}`", documented)
        bound = float(report["at_most"])
        self.assertTrue(8 <= bound < 8.001)  # n (p - 1)/2 sqrt(tau sigma) = 4 x 4/2
        self.assertEqual([one["relative"] for one in report["search"]], [1e-4, 1e-3, 1e-2, 1e-1])
        self.assertEqual((report["jacobian"]["steps"], report["search"][0]["steps"]), (20, 20))
        for one in report["search"]:
            at_least = float(one["at_least"])
            self.assertTrue(0 < float(one["random"]) < at_least < bound, one)
            self.assertAlmostEqual(at_least / one["found"], 1, places=3)
            self.assertTrue(0.99999 * at_least / bound < float(one["share"]) <= (at_least + 1e-6) / bound, one)
            self.assertAlmostEqual(float(one["distance"]) / report["input"]["length"] / one["relative"], 1, places=4)
            self.assertIn(f"{one['relative']:g} ", text)
        # Near y the network is what its derivative is, and the search begins there.
        first = report["search"][0]
        self.assertGreater(first["found"], 0.98 * report["jacobian"]["norm"])

    def test_its_files_show_what_it_says(self):
        """||phi(y + e) - phi(y)||/||e|| again, from the data it wrote and two runs of delta1 reconstruct."""
        for kind in ["fourier", "walsh"]:
            where = self.path(kind)
            report, _ = self.report("-o", where, "--norms", "1e-3,0.1", "--operator", kind)
            self.assertEqual(sorted(os.listdir(where)), sorted(
                ["data.npy", "mask.png", "reconstruction.png"]
                + [f"{what}-{size}.{end}" for size in ["0.001", "0.1"] for what, end in
                   [("data", "npy"), ("perturbation", "png"), ("reconstruction", "png"), ("change", "png")]]))
            network = report["network"]
            same = ["--operator", kind, "--mask", os.path.join(where, "mask.png"), "--restarts", "4", "--delta",
                    repr(network["delta"]), "--lambda", repr(network["lambda"]), "--polish", "0"]
            out = {}
            for name in ["data", "data-0.001", "data-0.1"]:
                data = os.path.join(where, name + ".npy")
                done = run("reconstruct", data, "--npy", self.path("x.npy"), "-o", self.path("x.png"), *same)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                out[name] = read_npy(data)[1], read_npy(self.path("x.npy"))[1]
            for one in report["search"]:
                y, x = out["data"]
                perturbed, moved = out[f"data-{one['relative']:g}"]
                self.assertAlmostEqual(apart(perturbed, y) / norm(y) / one["relative"], 1, places=6)
                # eps_0 = ||y|| differs between the two runs, by what was asked for
                self.assertAlmostEqual(apart(moved, x) / apart(perturbed, y) / float(one["at_least"]), 1, places=1)

    def test_time_and_steps(self):
        report, text = self.report("--time", "0.000001", "--norms", "1")
        self.assertEqual((report["jacobian"]["steps"], report["search"][0]["steps"]), (1, 1))
        few, _ = self.report("--steps", "3", "--norms", "1e-3")
        many, _ = self.report("--steps", "30", "--norms", "1e-3")
        self.assertEqual((few["jacobian"]["steps"], few["search"][0]["steps"]), (3, 3))
        self.assertGreater(many["search"][0]["found"], few["search"][0]["found"])
        again, _ = self.report("--steps", "30", "--norms", "1e-3", "--threads", "2")
        other, _ = self.report("--steps", "30", "--norms", "1e-3", "--seed", "2")
        self.assertEqual(again["search"], many["search"])
        self.assertNotEqual(other["search"], many["search"])

    def test_refused(self):
        for option, value, *words in [
                ("--norms", "", "above 0"), ("--norms", "1,", "above 0"), ("--norms", "0", "above 0"),
                ("--norms", "-1", "above 0"), ("--norms", "nan", "above 0"), ("--norms", "1,x", "above 0"),
                ("--norms", ",".join(["1"] * 17), "at most 16"),
                ("--steps", "0", "1 to"), ("--steps", "x", "1 to"), ("--time", "0", "--time"),
                ("--time", "x", "--time"), ("--rate", "2", "at most 1"), ("--operator", "cosine", "fourier, walsh"),
                ("--side", "48", "powers of two"), ("--tau", "1.01", "tau sigma"),
                ("-o", "absent/d", "No such file"), ("--json", "absent/j", "No such file")]:
            with self.subTest(option=option, value=value):
                self.refused([option, value], *words)
        self.refused(["absent.png", "-o", "new"], "No such file")
        self.refused(["--polish", "3"], "--polish")
        self.refused(["a", "b"], "argument b")


if __name__ == "__main__":
    unittest.main(verbosity=1)
