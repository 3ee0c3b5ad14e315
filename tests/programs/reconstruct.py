#!/usr/bin/env python3
"""delta1 reconstruct from outside: what it claims, what it writes, and what it refuses."""

import ast
import cmath
import hashlib
import json
import operator
import os
import re
import shutil
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


def npy(count, kind="<c16", values=None, shape=None):
    size = {"<c16": 2, "<f8": 1}[kind] * count
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape or (count,)}, }}".ljust(117)
    return (b"\x93NUMPY\x01\0" + struct.pack("<H", 118) + header.encode() + b"\n"
            + struct.pack(f"<{size}d", *(values or [1.0] * size)))


def grey_pixels(data):
    """The bytes of an 8-bit grey PNG, with filters of every kind."""
    width, height, bits, colour = struct.unpack(">IIBB", data[16:26])
    assert (bits, colour) == (8, 0)
    body, at = b"", 8
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        body += data[at + 8:at + 8 + size] if kind == b"IDAT" else b""
        at += size + 12
    body, before, pixels = zlib.decompress(body), [0] * width, []
    for i in range(height):
        method, row = body[i * (width + 1)], list(body[i * (width + 1) + 1:(i + 1) * (width + 1)])
        for j, value in enumerate(row):
            a, b, c = (row[j - 1] if j else 0), before[j], (before[j - 1] if j else 0)
            paeth = min((abs(b - c), 0, a), (abs(a - c), 1, b), (abs(a + b - 2 * c), 2, c))[2]
            row[j] = (value + [0, a, b, (a + b) // 2, paeth][method]) % 256
        pixels += row
        before = row
    return bytes(pixels)


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
        return self.reported(SMALL, *arguments)

    def measured(self, *arguments):
        """Without the side and the rate of SMALL."""
        return self.reported(["reconstruct", "--polish", "200"], *arguments)

    def reported(self, basis, *arguments):
        done = run(*basis, "--json", self.path("r.json"), *arguments)
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
                    "coefficients.npy", "polished.npy", "dual.npy", "trace.csv", "page.bin",
                    "page.dat", "page.gp"}
        self.assertLessEqual(expected, set(os.listdir(where)))
        self.assertLessEqual(set(os.listdir(where)), expected | {"page.svg", "page.png"})
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
        given = [os.path.join(where, "data.npy"), "--mask", os.path.join(where, "mask.png")]
        for truth in [[], ["--phantom", "shepp-logan"]]:
            again, text = self.measured("-o", self.path("again"), *given, *truth)
            self.assertEqual(again["rounding"], first["rounding"])
            self.assertEqual(again["gap"], first["gap"])
            for name in ["coefficients.npy", "polished.npy", "mask.png", "data.npy"]:
                self.assertEqual(digest(os.path.join(where, name)),
                                 digest(os.path.join(self.path("again"), name)), name)
            self.assertEqual("(e)" in text, bool(truth))
            self.assertEqual(again["error"]["computed"], truth and first["error"]["computed"]
                             or None)

    def page(self, *arguments, path=None):
        """What the page of one run consists of."""
        basis = SMALL if "--mask" not in arguments else ["reconstruct", "--polish", "200"]
        where = self.path("page of " + " ".join([*arguments, "."]).replace("/", "_"))
        environment = dict(os.environ, **({"PATH": path} if path else {}))
        done = run(*basis, "-o", where, *arguments, env=environment)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        parts = {}
        for name in ["bin", "dat", "gp", "svg", "png"]:
            try:
                with open(os.path.join(where, "page." + name), "rb") as file:
                    parts[name] = file.read()
            except FileNotFoundError:
                parts[name] = None
        return where, done.stdout, parts

    def panels(self, parts):
        """Title -> pixels, from the script and the bytes; and the titles of the series."""
        script = parts["gp"].decode()
        script = script[:script.index("unset multiplot")]
        found = re.findall(r'^set title "(.*?)" noenhanced offset.*?skip=(\d+) array=\((\d+),(\d+)\)',
                           script, flags=re.M | re.S)
        series = re.findall(r'title "(.*?)" with', script)
        pixels, end = {}, 0
        for title, skip, width, height in found:
            self.assertEqual(int(skip), end)
            end += int(width) * int(height)
            self.assertEqual((width, height), ("32", "32"))
            pixels[title.replace("\\174", "|")] = parts["bin"][int(skip):end]
        self.assertEqual(len(parts["bin"]), end)
        return pixels, series

    def check_pictures(self, parts):
        if shutil.which("gnuplot") is None:
            self.assertIsNone(parts["svg"])
            return
        size = re.search(rb'<svg[^>]*?width="(\d+)" height="(\d+)"', parts["svg"], flags=re.S)
        width, height = map(int, size.groups())
        self.assertEqual(width, 1200)
        self.assertEqual(struct.unpack(">II", parts["png"][16:24]), (2 * width, 2 * height))
        self.assertEqual(parts["svg"].count(b"<image "), len(self.panels(parts)[0]))

    def test_the_page_where_the_truth_is_known(self):
        where, text, parts = self.page()
        pixels, series = self.panels(parts)
        self.assertEqual(list(pixels), ["samples taken (white)", "zero-filled", "reconstruction",
                                        "after the polish", "truth", "|zero-filled - truth|",
                                        "|reconstruction - truth|", "|polished - truth|"])
        self.check_pictures(parts)
        for title, name in [("samples taken (white)", "mask"), ("zero-filled", "zero-filled"),
                            ("reconstruction", "reconstruction"), ("after the polish", "polished"),
                            ("truth", "truth"), ("|reconstruction - truth|", "difference"),
                            ("|polished - truth|", "polished-difference")]:
            with open(os.path.join(where, name + ".png"), "rb") as file:
                written = grey_pixels(file.read())
                self.assertEqual(len(pixels[title]), len(written))
                self.assertLessEqual(max(abs(a - b) for a, b in zip(pixels[title], written)), 1,
                                     name) # halves are rounded either way
        # every line of what was printed, but for the seconds
        script = parts["gp"].decode().replace("\\174", "|").replace("\\045", "%")
        script = script.replace("\\074", "<").replace("\\173", "{").replace("\\175", "}")
        for line in text[:text.index("\nseconds")].split("\n"):
            self.assertIn(f'set label "{line}" at screen', script)
        self.assertEqual(len(series), 6)

    def test_the_curves_of_the_page(self):
        where, _, parts = self.page("--json", self.path("r.json"), "--inner", "200", "--restarts", "5")
        with open(self.path("r.json"), encoding="utf-8") as file:
            report = json.load(file)
        pixels, series = self.panels(parts)
        self.assertEqual(len(pixels), 8)
        blocks = [[list(map(float, line.split())) for line in block.split("\n")
                   if line and not line.startswith("#")]
                  for block in parts["dat"].decode().split("\n\n\n")]
        blocks = [block for block in blocks if block]
        self.assertEqual([len(block) for block in blocks], [1000, 1, 2, 1000, 1, 2, 6])
        self.assertIn("(d) bound after each restart, if rho = 0.5, gamma = 1", series)
        gap, minimum = report["gap"], float(report["gap"]["minimum_at_least"])
        for (step, value), objective in zip(blocks[0], report["trace"]["objective"]):
            self.assertAlmostEqual(value / (objective / minimum - 1), 1, places=4)
        self.assertEqual(blocks[0][-1][0], 1000)
        self.assertEqual(blocks[1][0][0], 1000)
        for block, name in [(blocks[1], "computed_relative"), (blocks[2], "polished_relative")]:
            for _, value in block: # the JSON is rounded up
                self.assertLessEqual(float(gap[name]) * (1 - 1e-5), value)
                self.assertLessEqual(value, float(gap[name]))
        length = report["trace"]["error"][0] / blocks[3][0][1]
        for (_, value), error in zip(blocks[3], report["trace"]["error"]):
            self.assertAlmostEqual(value * length / error, 1, places=9)
        self.assertAlmostEqual(blocks[4][0][1], report["error"]["computed"], places=9)
        self.assertAlmostEqual(blocks[5][0][1], report["error"]["polished"], places=9)
        self.assertEqual([k for k, _ in blocks[6]], [0, 200, 400, 600, 800, 1000])
        self.assertAlmostEqual(blocks[6][5][1] * length / float(report["accuracy"]["error"]), 1,
                               places=4)
        for k, bound in blocks[6][1:]:
            self.assertGreater(bound, blocks[3][int(k) - 1][1])

    def test_the_page_of_measurements(self):
        where, _, _ = self.page()
        for scale in [1, 1000]:
            with open(os.path.join(where, "data.npy"), "rb") as file:
                data = file.read()
            count = (len(data) - 128) // 8
            values = [scale * v for v in struct.unpack(f"<{count}d", data[128:])]
            measured = [self.put("y.npy", npy(count // 2, values=values)), "--mask",
                        os.path.join(where, "mask.png")]
            for more, titles in [([], ["samples taken (white)", "zero-filled", "reconstruction",
                                       "after the polish"]),
                                 (["--polish", "0"], ["samples taken (white)", "zero-filled",
                                                      "reconstruction"])]:
                _, _, parts = self.page(*measured, *more)
                pixels, series = self.panels(parts)
                self.assertEqual(list(pixels), titles)
                self.assertEqual(max(pixels["reconstruction"]), 255)
                self.assertEqual(len(series), 1 if more else 3)
                self.check_pictures(parts)

    def test_the_page_without_gnuplot(self):
        # what a program that is not installed yet needs to begin with (libtool), and no gnuplot
        tools = self.path("tools")
        os.mkdir(tools)
        for name in ["sh", "ls", "sed", "cat", "dirname", "basename", "expr", "uname", "echo", "grep", "rm", "mv"]:
            if shutil.which(name):
                os.symlink(shutil.which(name), os.path.join(tools, name))
        _, text, parts = self.page(path=tools)
        self.assertIn("gnuplot is not installed", text)
        self.assertIn("page.dat", text)
        self.assertIsNone(parts["svg"])
        self.assertIsNone(parts["png"])
        self.assertEqual(len(parts["bin"]), 8 * 32 * 32)

    def test_images(self):
        grey = [[(5 * i * j) % 256 for j in range(16)] for i in range(16)]
        self.put("grey.png", png(grey))
        self.put("colour.png", png([[v for g in row for v in (g, g, g)] for row in grey], 2))
        reports = [self.measured(self.path(name + ".png"))[0] for name in ["grey", "colour"]]
        self.assertEqual(reports[0]["input"]["side"], 16)
        self.assertEqual(reports[0]["rounding"], reports[1]["rounding"])

    def test_certificates(self):
        # delta1 verify runs the network in balls, once for each restart
        for options in [[], ["--operator", "walsh", "--wavelet", "db2"],
                        ["--polish", "0", "--restarts", "4"],
                        ["--weights", "none", "--phantom", "detail", "--restarts", "4"]]:
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


def read_npy(path):
    """Shape and numbers, complex or real."""
    with open(path, "rb") as file:
        data = file.read()
    start = 10 + struct.unpack("<H", data[8:10])[0]
    header = ast.literal_eval(data[10:start].decode())
    values = struct.unpack(f"<{(len(data) - start) // 8}d", data[start:])
    if header["descr"] == "<c16":
        values = [complex(*values[k:k + 2]) for k in range(0, len(values), 2)]
    return header["shape"], list(values)


def fourier(picture, origin):
    """The unitary transform of a square, its rows in order, DC in the middle, `origin` the place of the pixel 0."""
    side = len(picture)
    wave = [[cmath.exp(-2j * cmath.pi * (k - side // 2) * (j - origin) / side) / side ** 0.5
             for j in range(side)] for k in range(side)]
    rows = [[sum(map(operator.mul, w, row)) for w in wave] for row in picture]
    columns = list(zip(*rows))
    return [[sum(map(operator.mul, w, column)) for column in columns] for w in wave]


class Inputs(Reconstruct):
    """Measurements that a program of its own makes of a picture give the picture back."""
    SIDE = 16
    # all samples but a few, so that what is wrong by a sign or a transposition is seen
    EXACT = ["--noise", "1e-6", "--restarts", "30", "--inner", "20", "--polish", "0"]

    def picture(self):
        side = self.SIDE
        return [[(3 * i + 5 * j * j + i * j) % 17 / 17 for j in range(side)] for i in range(side)]

    def array(self, rows):
        side = len(rows)
        flat = [part for row in rows for z in row for part in (z.real, z.imag)]
        return npy(side * side, values=flat, shape=(side, side))

    def near(self, path, picture, most=0.02):
        shape, values = read_npy(path)
        self.assertEqual(shape, (len(picture), len(picture[0])))
        worst = max(abs(z - x) for z, x in zip(values, [x for row in picture for x in row]))
        self.assertLess(worst, most)

    def put_bart(self, name, rows, sizes=None):
        side = len(rows)
        flat = [part for j in range(side) for i in range(side) for part in (rows[i][j].real, rows[i][j].imag)]
        self.put(name + ".cfl", struct.pack(f"<{len(flat)}f", *flat))
        sizes = sizes or [side, side] + [1] * 14
        self.put(name + ".hdr", ("# Dimensions\n" + " ".join(map(str, sizes)) + " \n").encode())

    def test_k_space_of_numpy_and_of_bart(self):
        picture = self.picture()
        out = self.path("x.npy")
        self.put("k.npy", self.array(fourier(picture, 0)))
        self.put_bart("k", fourier(picture, self.SIDE // 2))
        self.put("all.png", png([[255] * self.SIDE] * self.SIDE))
        for name in ["k.npy", "k.cfl", "k.hdr", "k"]:
            for mask in [[], ["--mask", self.path("all.png")], ["--pattern", "half", "--rate", "1"]]:
                if name == "k" and mask:
                    continue
                with self.subTest(name=name, mask=mask):
                    done = run("reconstruct", self.path(name), "--npy", out, *self.EXACT, *mask)
                    self.assertEqual((done.returncode, done.stderr), (0, ""))
                    self.assertIn("256 samples (100.0 %)", done.stdout)
                    self.near(out, picture)

    def test_samples_are_taken_from_the_array(self):
        k = fourier(self.picture(), 0)
        k[0] = [0] * self.SIDE
        self.put("k.npy", self.array(k))
        report, text = self.reported(["reconstruct", "--polish", "5"], self.path("k.npy"))
        self.assertEqual(report["input"]["samples"], 240)
        self.assertIn("nonzero samples", text)
        mask = [[255 * ((i + j) % 3 == 0) for j in range(16)] for i in range(16)]
        self.put("m.png", png(mask))
        where = self.path("d")
        self.assertEqual(run("reconstruct", self.path("k.npy"), "--mask", self.path("m.png"), "-o", where).returncode, 0)
        _, data = read_npy(os.path.join(where, "data.npy"))
        self.assertEqual(data, [k[i][j] for i in range(16) for j in range(16) if mask[i][j]])

    def test_pictures_of_any_size(self):
        wide = [[min(255, 9 * i + 11 * j) for j in range(22)] for i in range(13)]
        self.put("wide.png", png(wide))
        self.put("wide.pgm", b"P5 22 13 255\n" + b"".join(map(bytes, wide)))
        reports = []
        for name in ["wide.png", "wide.pgm"]:
            out, where = self.path("out.png"), self.path("d" + name[-3:])
            report, text = self.measured(self.path(name), "--rate", "1", "--noise", "1e-6", "--restarts", "30", "--inner",
                                         "20", "-o", where, "--npy", self.path("x.npy"), "--trace", self.path("t.csv"))
            self.assertIn("padded with black from 22 x 13", text)
            given = report["input"]
            self.assertEqual((given["side"], given["width"], given["height"], given["padded"]), (32, 22, 13, True))
            self.near(self.path("x.npy"), [[v / 255 for v in row] for row in wide])
            for picture in ["truth", "reconstruction", "difference", "zero-filled"]:
                self.assertEqual(size(os.path.join(where, picture + ".png")), (22, 13))
            self.assertEqual(size(os.path.join(where, "mask.png")), (32, 32))
            self.assertEqual(digest(self.path("t.csv")), digest(os.path.join(where, "trace.csv")))
            reports.append(report["rounding"])
            done = run("reconstruct", self.path(name), "-o", out, "--polish", "0")
            self.assertEqual((done.returncode, done.stderr, size(out)), (0, "", (22, 13)))
        self.assertEqual(reports[0], reports[1])

    def test_a_picture_alone_is_the_one_of_the_directory(self):
        self.assertEqual(run(*SMALL, "-o", self.path("one.png")).returncode, 0)
        self.assertEqual(sorted(os.listdir(self.directory)), ["one.png"])
        self.assertEqual(run(*SMALL, "-o", self.path("d")).returncode, 0)
        self.assertEqual(digest(self.path("one.png")), digest(self.path("d/reconstruction.png")))
        for name in ["walsh", "fourier"]:
            self.assertEqual(run(*SMALL, "--operator", name, "--npy", self.path("x.npy")).returncode, 0)
            shape, values = read_npy(self.path("x.npy"))
            self.assertEqual((shape, isinstance(values[0], complex)), ((32, 32), name == "fourier"))

    def test_refused(self):
        self.put("odd.npy", self.array([[1] * 24] * 24))
        self.refused(["odd.npy"], "24 x 24", "power of two")
        self.put("vector.npy", npy(40))
        self.refused(["vector.npy"], "vector of 40", "--mask")
        self.put("k.npy", self.array([[1] * 16] * 16))
        self.refused(["k.npy", "--operator", "walsh"], "complex", "walsh")
        self.put("small.png", png([[255] * 8] * 8))
        self.refused(["k.npy", "--mask", "small.png"], "side 8", "side 16")
        self.put("m32.png", png([[255] * 32] * 32))
        self.refused(["vector.npy", "--mask", "m32.png"], "vector of 40", "1024")
        self.put("wide.png", png([[9] * 22] * 13))
        self.put("m16.png", png([[255] * 16] * 16))
        self.refused(["wide.png", "--mask", "m16.png"], "side 16", "side 32")
        self.refused(["wide.png", "--phantom", "detail"], "one of them")
        self.put("huge.npy", npy(128, shape=(50000, 50000)))
        self.refused(["huge.npy"], "huge.npy")
        self.put("text", b"hello, world")
        self.refused(["text"], "neither")
        self.put_bart("b", [[1] * 16] * 16, [50000, 50000])
        self.refused(["b.cfl"], "b")
        self.put_bart("b", [[1] * 16] * 16, [16, 16, 2])
        self.refused(["b.cfl"], "b")
        self.put_bart("b", [[1] * 16] * 16, [32, 8])
        self.refused(["b.cfl"], "32 x 8")
        self.put_bart("b", [[float("nan")] + [1] * 15] + [[1] * 16] * 15)
        self.refused(["b.cfl"], "finite")
        os.remove(self.path("b.hdr"))
        self.refused(["b.cfl", "-o", "new", "--npy", "x.npy"], "b.hdr")
        self.refused(["wide.png", "-o", "absent/x.png"], "--output absent/x.png")
        self.refused(["wide.png", "--npy", "absent/x"], "--npy absent/x")
        self.refused(["wide.png", "--trace", "absent/x"], "--trace absent/x")


def size(path):
    with open(path, "rb") as file:
        return struct.unpack(">II", file.read(24)[16:])


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
                ("--mask", "absent.png", "No such"),
                ("-o", "absent/d", "No such file"), ("--json", "absent/j", "No such file"),
                ("--certificate", "absent/c", "No such file")]:
            with self.subTest(option=option, value=value):
                self.refused([option, value], *words)
        self.refused(["absent.png"], "No such file")
        self.refused(["absent.npy"], "No such file")
        self.refused(["absent"], "No such file")
        self.refused(["--weights", "levels,none"], "levels, none")
        self.refused(["a.png", "--side", "64"], "without INPUT")
        self.refused(["--mask", "m.png", "--rate", "0.2"], "one of them")
        self.refused(["--operator", "walsh", "--pattern", "radial"], "--operator fourier")
        self.refused(["a.png", "surplus"], "surplus")
        self.refused(["--colour"], "--colour")
        self.refused(["--side"], "--side", "value")

    def test_files(self):
        flat = [[9] * 16 for _ in range(16)]
        whole = png(flat)
        for name, data, word in [
                ("cut", whole[:-20], "damaged"), ("text", b"hello, world", "PNG"),
                ("empty", b"", "PNG"), ("black", png([[0] * 16] * 16), "all 0")]:
            self.put(name + ".png", data)
            self.refused([name + ".png"], word)
        self.put("flat.png", whole)
        for name, data, word in [
                ("grey", whole, "neither black nor white"), ("nothing", png([[0] * 16] * 16),
                                                             "nothing is measured"),
                ("small", png([[255] * 8] * 8), "side 8")]:
            self.put(name + ".png", data)
            self.refused(["flat.png", "--mask", name + ".png"], word)
        self.put("mask.png", png([[255, 0] * 8] * 16))
        given = ["y.npy", "--mask", "mask.png", "-o", "new", "--npy", "new.npy"]
        for data, word in [
                (npy(127), "127"), (npy(128, "<f8"), "real"), (npy(128)[:-1], "ends"),
                (npy(128) + b"x", "goes on"), (b"x" * 200, "NPY"),
                (npy(128, values=[float("nan")] * 256), "not finite"),
                (npy(128, values=[0.0] * 256), "all 0"),
                (npy(128).replace(b"(128,)", b"(1e9,)"), "NPY"),
                (npy(128, shape=(50000, 50000)), "50000")]:
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
