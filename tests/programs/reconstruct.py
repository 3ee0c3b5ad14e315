#!/usr/bin/env python3
"""delta1 reconstruct from outside: what it claims, what it writes, and what it refuses."""

import hashlib
import json
import os
import struct
import subprocess
import tempfile
import unittest
import zlib

TOP = os.path.abspath(os.environ.get("top_srcdir", "."))
BUILD = os.path.abspath(os.environ.get("top_builddir", "."))
DELTA1 = os.path.join(BUILD, "delta1")
SMALL = ["reconstruct", "--side", "32", "--rate", "0.4", "--polish", "200"]


def run(*arguments, **options):
    return subprocess.run([DELTA1, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=300, check=False, **options)


def png(rows, colour=0):
    """An 8-bit PNG without filters: rows of bytes."""
    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", zlib.crc32(kind + data)))
    width = len(rows[0]) // (3 if colour == 2 else 1)
    header = struct.pack(">IIBBBBB", width, len(rows), 8, colour, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body)
            + chunk(b"IEND", b""))


def npy(count, kind="<c16", values=None):
    size = {"<c16": 2, "<f8": 1}[kind] * count
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': ({count},), }}".ljust(117)
    return (b"\x93NUMPY\x01\0" + struct.pack("<H", 118) + header.encode() + b"\n"
            + struct.pack(f"<{size}d", *(values or [1.0] * size)))


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


class Reconstruct(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name

    def path(self, name):
        return os.path.join(self.directory, name)

    def put(self, name, data):
        with open(self.path(name), "wb") as file:
            file.write(data)
        return self.path(name)

    def report(self, *arguments):
        done = run(*SMALL, "--json", self.path("r.json"), *arguments)
        self.assertEqual((done.returncode, done.stderr), (0, ""), arguments)
        with open(self.path("r.json"), encoding="utf-8") as file:
            return json.load(file), done.stdout

    def refused(self, arguments, *words):
        before = sorted(os.listdir(self.directory))
        done = run("reconstruct", *arguments, cwd=self.directory)
        said = f"{arguments}: {done.returncode}, {done.stdout!r}, {done.stderr!r}"
        self.assertEqual((done.returncode, done.stdout), (3, ""), said)
        self.assertTrue(done.stderr.startswith("delta1 reconstruct: "), said)
        self.assertEqual(done.stderr.count("\n"), 1, said)
        for word in words:
            self.assertIn(word, done.stderr, said)
        self.assertEqual(sorted(os.listdir(self.directory)), before, said)


class Claims(Reconstruct):
    def test_the_report(self):
        report, text = self.report()
        self.assertEqual((report["format"], report["version"]), ("delta1-reconstruct", 1))
        with open(os.path.join(TOP, "doc/report-reconstruct.md"), encoding="utf-8") as file:
            documented = file.read()
        for name, value in report.items():
            for member in [name, *(value if isinstance(value, dict) else [])]:
                self.assertIn(f"`{member}`", documented)
        for label in ["(a)", "(b)", "(c)", "(d)", "(e)", "certified", "conditional", "measured"]:
            self.assertIn(label, text)
        self.assertEqual(report["input"]["samples"], round(0.4 * 1024))
        network, gap = report["network"], report["gap"]
        self.assertEqual((network["inner"], network["restarts"]), (5, 16))
        self.assertAlmostEqual(network["lambda"], 0.2 / 410 ** 0.5, places=12)
        self.assertAlmostEqual(network["delta"] / network["eps_0"], 0.04, places=12)
        self.assertLess(float(report["rounding"]["relative"]), 1e-11)
        self.assertGreater(float(report["rounding"]["radius"]), 0)
        # Theorem 6.5: n (p - 1)/2 sqrt(tau sigma), rounded up
        self.assertTrue(32 <= float(report["stability"]["at_most"]) < 32.001)
        self.assertLessEqual(float(gap["polished"]), float(gap["computed"]))
        self.assertLess(report["error"]["computed"], report["error"]["zero_filled"])
        self.assertTrue(report["accuracy"]["conditional"])
        trace = report["trace"]
        self.assertEqual((len(trace["objective"]), len(trace["error"])), (80, 80))
        self.assertGreaterEqual(min(trace["objective"]), float(gap["minimum_at_least"]) * 0.999999)
        self.assertLess(trace["error"][79], trace["error"][0] / 2)

    def test_bounds_are_rounded_the_safe_way(self):
        # 16 (5 - 1)/2 sqrt(0.3 0.7) = 14.66424..., and no decimal
        report, text = self.report("--tau", "0.3", "--sigma", "0.7")
        exact = 32 * (0.3 * 0.7) ** 0.5
        self.assertTrue(exact < float(report["stability"]["at_most"]) < exact * (1 + 1e-6))
        self.assertIn("<= 1.47e+01", text)
        gap = report["gap"]
        self.assertGreaterEqual(float(gap["polished_relative"]),
                                float(gap["polished"]) / float(gap["minimum_at_least"]) * 0.999999)

    def test_the_polish_begins_where_the_network_ends(self):
        # From a dual point 0 one step leaves a gap of 0.74 of the minimum.
        report, _ = self.report("--polish", "1")
        self.assertLess(float(report["gap"]["polished_relative"]), 0.6)

    def test_the_true_rounding_error_is_below_its_radius(self):
        for more in [[], ["--operator", "walsh", "--wavelet", "db3"]]:
            report, text = self.report("--precision", "128", "--restarts", "4", *more)
            low, high = map(float, report["rounding"]["true"])
            self.assertTrue(0 < low <= high <= float(report["rounding"]["radius"]), report)
            self.assertGreater(low, high * 0.9)
            self.assertIn("in balls", text)

    def test_the_search_stays_below_the_bound(self):
        report, text = self.report("--attack", "--restarts", "4")
        self.assertIn("found by search", text)
        self.assertEqual(len(report["stability"]["search"]), 3)
        for attack in report["stability"]["search"]:
            self.assertLess(0, float(attack["at_least"]))
            self.assertLess(float(attack["at_least"]), float(attack["at_most"]))
            self.assertAlmostEqual(float(attack["at_least"]) / attack["found"], 1, places=3)
            self.assertAlmostEqual(float(attack["at_most"]), 8, places=3)

    def test_accuracy_is_bounded_where_the_theorem_applies(self):
        report, _ = self.report("--inner", "200", "--restarts", "5")
        accuracy = report["accuracy"]
        self.assertLessEqual(accuracy["least_inner"], 200)
        error = report["error"]["computed"] * 12  # ||x|| < 12
        self.assertTrue(error < float(accuracy["error"]) < 1000, report)
        report, text = self.report("--assume", "0.999,1000")
        self.assertEqual((report["accuracy"]["rho"], report["accuracy"]["gamma"]), (0.999, 1000))
        self.assertIn("no bound", text)

    def test_without_polish_there_is_no_gap(self):
        report, text = self.report("--polish", "0")
        self.assertIsNone(report["gap"])
        self.assertNotIn("(c)", text)

    def test_seed_and_threads(self):
        names = ["coefficients.npy", "data.npy", "mask.png", "dual.npy"]
        digests = []
        for options in [[], ["--threads", "1"], ["--threads", "3"], ["--seed", "2"]]:
            where = self.path("d" + "".join(options))
            done = run(*SMALL, "-o", where, *options)
            self.assertEqual(done.returncode, 0, done.stderr)
            digests.append([digest(os.path.join(where, name)) for name in names])
        self.assertEqual(digests[0], digests[1])
        self.assertEqual(digests[0], digests[2])
        for first, other in zip(digests[0], digests[3]):
            self.assertNotEqual(first, other)


class Files(Reconstruct):
    def test_what_is_written_is_read_again(self):
        where = self.path("out")
        first, _ = self.report("-o", where)
        expected = {"truth.png", "mask.png", "zero-filled.png", "reconstruction.png",
                    "difference.png", "polished.png", "polished-difference.png", "data.npy",
                    "coefficients.npy", "polished.npy", "dual.npy", "trace.csv", "trace.dat",
                    "trace.gp"}
        self.assertLessEqual(expected, set(os.listdir(where)))
        self.assertLessEqual(set(os.listdir(where)), expected | {"trace.svg", "trace.png"})
        with open(os.path.join(where, "trace.csv"), encoding="utf-8", newline="") as file:
            lines = file.read().split("\r\n")
        self.assertEqual(lines[0], "step,restart,objective,error")
        self.assertEqual(len(lines), 82)
        for k, line in enumerate(lines[1:81]):
            step, restart, objective, error = line.split(",")
            self.assertEqual((int(step), int(restart)), (k + 1, k // 5 + 1))
            self.assertEqual(float(objective), first["trace"]["objective"][k])
            self.assertEqual(float(error), first["trace"]["error"][k])
        # The same data as measurements from outside, without and with the truth.
        given = ["--mask", os.path.join(where, "mask.png"), "--data",
                 os.path.join(where, "data.npy")]
        for truth in [[], ["--phantom", "shepp-logan"]]:
            again, text = self.report("-o", self.path("again"), *given, *truth)
            self.assertEqual(again["rounding"], first["rounding"])
            self.assertEqual(again["gap"], first["gap"])
            for name in ["coefficients.npy", "polished.npy", "mask.png", "data.npy"]:
                self.assertEqual(digest(os.path.join(where, name)),
                                 digest(os.path.join(self.path("again"), name)), name)
            self.assertEqual("(e)" in text, bool(truth))
            self.assertEqual(again["error"]["computed"], truth and first["error"]["computed"]
                             or None)

    def test_images(self):
        grey = [[(5 * i * j) % 256 for j in range(16)] for i in range(16)]
        self.put("grey.png", png(grey))
        self.put("colour.png", png([[v for g in row for v in (g, g, g)] for row in grey], 2))
        reports = [self.report("--image", self.path(name + ".png"))[0]
                   for name in ["grey", "colour"]]
        self.assertEqual(reports[0]["input"]["side"], 16)
        self.assertEqual(reports[0]["rounding"], reports[1]["rounding"])

    def test_certificates(self):
        for options in [[], ["--operator", "walsh", "--wavelet", "db2"], ["--polish", "0"],
                        ["--weights", "none", "--phantom", "detail"]]:
            with self.subTest(options=options):
                path = self.path("c.json")
                done = run(*SMALL, "--certificate", path, *options)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                done = run("verify", path)
                self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
                self.assertIn("accepted", done.stdout)
        # one byte of an array
        array = self.path("c-data.npy")
        with open(array, "r+b") as file:
            file.seek(200)
            byte = file.read(1)
            file.seek(200)
            file.write(bytes([byte[0] ^ 1]))
        self.assertEqual(run("verify", path).returncode, 1)


class Refused(Reconstruct):
    def test_values(self):
        for option, value, *words in [
                ("--phantom", "cat", "shepp-logan, shepp-logan-1974, smooth, detail"),
                ("--side", "0", "8 to 8192"), ("--side", "12x", "8 to 8192"),
                ("--side", "48", "powers of two"),
                ("--operator", "cosine", "fourier, walsh"),
                ("--wavelet", "db5", "haar, db2, db3, db4"),
                ("--levels", "10", "1 to 9"), ("--levels", "0", "1 to"),
                ("--pattern", "", "das, radial, gauss, half"),
                ("--rate", "0", "above 0"), ("--rate", "1.1", "at most 1"),
                ("--rate", "nan", "above 0"),
                ("--threshold", "-1", "from 0"), ("--threshold", "1e5", "no coefficient"),
                ("--noise", "-0.1", "from 0"), ("--noise", "inf", "from 0"),
                ("--noise", "0", "--delta"),
                ("--seed", "-1", "0 to"), ("--seed", "1.5", "0 to"),
                ("--lambda", "0", "above 0"), ("--lambda", "x", "above 0"),
                ("--tau", "0", "above 0"), ("--sigma", "-1", "above 0"),
                ("--tau", "1.01", "at most 1", "tau sigma"),
                ("--inner", "0", "1 to"), ("--restarts", "0", "1 to"),
                ("--restarts", "99999", "100000 steps"),
                ("--delta", "0", "above 0"), ("--threads", "0", "1 to"),
                ("--polish", "-1", "0 to"), ("--precision", "10", "64 to"),
                ("--precision", "single", "64 to"),
                ("--assume", "1,1", "RHO,GAMMA"), ("--assume", "0.5", "RHO,GAMMA"),
                ("--assume", "0.5,", "RHO,GAMMA"), ("--assume", "0.5,1x", "RHO,GAMMA"),
                ("--image", "absent.png", "No such file"), ("--mask", "absent.png", "No such"),
                ("--data", "absent.npy", "--mask"),
                ("-o", "absent/d", "No such file"), ("--json", "absent/j", "No such file"),
                ("--certificate", "absent/c", "No such file")]:
            with self.subTest(option=option, value=value):
                self.refused([option, value], *words)
        self.refused(["--image", "a", "--phantom", "detail"], "one of them")
        self.refused(["--operator", "walsh", "--pattern", "radial"], "fourier")
        self.refused(["surplus"], "surplus")
        self.refused(["--colour"], "--colour")
        self.refused(["--side"], "--side", "value")

    def test_files(self):
        flat = [[9] * 16 for _ in range(16)]
        whole = png(flat)
        for name, data, word in [
                ("cut", whole[:-20], "damaged"), ("text", b"hello, world", "not a PNG"),
                ("empty", b"", "not a PNG"), ("wide", png([[1] * 16] * 8), "16 x 8"),
                ("odd", png([[1] * 24] * 24), "powers of two"),
                ("black", png([[0] * 16] * 16), "all 0")]:
            self.put(name + ".png", data)
            self.refused(["--image", name + ".png"], word)
        self.put("flat.png", whole)
        for name, data, word in [
                ("grey", whole, "neither black nor white"), ("nothing", png([[0] * 16] * 16),
                                                             "nothing is measured"),
                ("small", png([[255] * 8] * 8), "side 8")]:
            self.put(name + ".png", data)
            self.refused(["--image", "flat.png", "--mask", name + ".png"], word)
        self.put("mask.png", png([[255, 0] * 8] * 16))
        given = ["--image", "flat.png", "--mask", "mask.png", "--data", "y.npy"]
        for data, word in [
                (npy(127), "127"), (npy(128, "<f8"), "real"), (npy(128)[:-1], "ends"),
                (npy(128) + b"x", "goes on"), (b"x" * 200, "NPY"),
                (npy(128, values=[float("nan")] * 256), "not finite"),
                (npy(128, values=[0.0] * 256), "all 0"),
                (npy(128).replace(b"(128,)", b"(1e9,)"), "NPY")]:
            self.put("y.npy", data)
            self.refused(given, word)
        self.put("file", b"")
        self.refused(["-o", "file"], "Not a directory")
        self.refused(["-o", "new", "--json", "absent/j"], "--json absent/j")
        done = run(*SMALL, "-o", self.path("new"), "--json", self.path("new/r.json"),
                   "--certificate", self.path("new/c.json"))
        self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main(verbosity=1)
