#!/usr/bin/env python3
"""delta1 solve, from outside: what it answers is compared with the optimality conditions, solved over
the rationals here; what it refuses, and in which words."""

import itertools
import json
import os
import random
import struct
import subprocess
import tempfile
import unittest
from fractions import Fraction

TOP = os.path.abspath(os.environ.get("top_srcdir", "."))
BUILD = os.path.abspath(os.environ.get("top_builddir", "."))
DELTA1 = os.path.join(BUILD, "delta1")
SEED = int(os.environ.get("DELTA1_TEST_SEED", "1"))
ROUNDS = int(os.environ.get("DELTA1_TEST_MULTIPLIER", "1"))


def solve_exactly(matrix, right):
    """The solution of a square system, or None."""
    rows = [list(row) + [b] for row, b in zip(matrix, right)]
    n = len(rows)
    for k in range(n):
        pivot = next((i for i in range(k, n) if rows[i][k] != 0), None)
        if pivot is None:
            return None
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [x / rows[k][k] for x in rows[k]]
        for i in range(n):
            if i != k:
                rows[i] = [x - rows[i][k] * z for x, z in zip(rows[i], rows[k])]
    return [row[n] for row in rows]


def exact_lasso(matrix, data, parameter, weights, intercept):
    """The minimiser of ||y - b - Ax||^2 + parameter sum w|x| as (x, b), and whether the inequalities
    are strict: over all supports and signs. Over the rationals."""
    m, columns = len(matrix), len(matrix[0])
    mean = [sum(row[j] for row in matrix) / m if intercept else 0 for j in range(columns)]
    mean_y = sum(data) / m if intercept else 0
    a = [[row[j] - mean[j] for j in range(columns)] for row in matrix]
    y = [value - mean_y for value in data]
    for size in range(columns + 1):
        for support in itertools.combinations(range(columns), size):
            for signs in itertools.product((-1, 1), repeat=size):
                gram = [[sum(row[i] * row[j] for row in a) for j in support] for i in support]
                right = [sum(row[j] * b for row, b in zip(a, y)) - parameter * weights[j] * s / 2
                         for j, s in zip(support, signs)]
                values = solve_exactly(gram, right)
                if values is None or any(v * s <= 0 for v, s in zip(values, signs)):
                    continue
                x = [Fraction(0)] * columns
                for j, v in zip(support, values):
                    x[j] = v
                rest = [b - sum(r * v for r, v in zip(row, x)) for row, b in zip(a, y)]
                slack = [parameter * weights[j] - 2 * abs(sum(row[j] * r for row, r in zip(a, rest)))
                         for j in range(columns) if j not in support]
                if all(s >= 0 for s in slack):
                    return x, mean_y - sum(q * v for q, v in zip(mean, x)), all(s > 0 for s in slack)
    raise AssertionError("no minimiser")


def number(text):
    """A number of src/number.h."""
    if "x" not in text:
        return Fraction(text)
    sign = -1 if text.startswith("-") else 1
    mantissa, exponent = text.lstrip("-").split("p")
    return sign * int(mantissa, 16) * Fraction(2) ** int(exponent)


def run(*command, **options):
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=300, check=False, **options)


class Solve(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name
        self.random = random.Random(SEED)

    def path(self, name):
        return os.path.join(self.directory, name)

    def write(self, name, content):
        with open(self.path(name), "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return name

    def table(self, name, rows, header=None):
        lines = ([header] if header else []) + [",".join(map(str, row)) for row in rows]
        return self.write(name, "\n".join(lines) + "\n")

    def run_solve(self, *arguments):
        return run(DELTA1, "solve", *map(str, arguments), cwd=self.directory)

    def report(self, code, *arguments):
        """The JSON of a run with this exit code."""
        done = self.run_solve(*arguments, "--json", "report.json")
        self.assertEqual((done.returncode, done.stderr), (code, ""), f"{arguments}\n{done.stdout}")
        with open(self.path("report.json"), encoding="utf-8") as file:
            return json.load(file)

    def coefficients(self, outcome, columns):
        """x and b as intervals; 0 for what is not listed."""
        x, b = [(Fraction(0), Fraction(0))] * columns, None
        for entry in outcome["coefficients"]:
            low, high = map(number, entry["enclosure"])
            if entry["value"] is not None:
                value = Fraction(entry["value"])
                unit = Fraction(1, 10 ** len(entry["value"].partition(".")[2]))
                if "e" not in entry["value"]:
                    self.assertLessEqual(abs(value - low), unit / 2)
                    self.assertLessEqual(abs(value - high), unit / 2)
            if entry["feature"] == "intercept":
                b = (low, high)
            else:
                x[entry["feature"]] = (low, high)
                if entry["sign"] != 0:
                    self.assertGreater(min(low * entry["sign"], high * entry["sign"]), 0)
        return x, b


class Answers(Solve):
    def check_lasso(self, rows, data, parameter, weights, options, scaling, intercept):
        m, columns = len(rows), len(rows[0])
        theirs = parameter if scaling == "delta1" else parameter * 2 * m
        x, b, strict = exact_lasso(rows, data, theirs, weights, intercept)
        outcome = self.report(0 if strict else 2, "--matrix", self.table("A.csv", rows), "--data",
                              self.table("y.csv", [[v] for v in data]), "--lambda", parameter,
                              "--scaling", scaling, "--max-precision", 300, "--no-condition",
                              *options)["outcomes"][0]
        if not strict:
            self.assertEqual(outcome["verdict"], "undecided")
            return
        self.assertEqual(outcome["verdict"], "determined")
        got, got_b = self.coefficients(outcome, columns)
        for value, (low, high) in zip(x, got):
            self.assertEqual(value == 0, low == high == 0)
            self.assertTrue(low <= value <= high, f"{value} not in [{low}, {high}]")
            self.assertLess(high - low, Fraction(1, 10 ** 6))
        self.assertEqual(got_b is not None, intercept)
        if intercept:
            self.assertTrue(got_b[0] <= b <= got_b[1])

    def test_random_lassos_against_the_rationals(self):
        stretch = self.random.randrange
        for turn in range(24 * ROUNDS):
            m, columns = 2 + stretch(4), 1 + stretch(3)
            rows = [[Fraction(stretch(-30, 31), 1 + stretch(9)) for _ in range(columns)]
                    for _ in range(m)]
            data = [Fraction(stretch(-30, 31), 1 + stretch(9)) for _ in range(m)]
            parameter = Fraction(1 + stretch(60), 1 + stretch(20))
            weights, options = [Fraction(1)] * columns, []
            scaling = ["delta1", "scikit-learn", "glmnet"][turn % 3]
            intercept = scaling != "delta1"
            if turn % 2:
                intercept = not intercept
                options.append("--intercept" if intercept else "--no-intercept")
            if scaling == "glmnet":
                options.append("--no-standardize")
            elif turn % 5 == 0:
                weights = [Fraction(1 + stretch(9), 1 + stretch(9)) for _ in range(columns)]
                options += ["--weights", self.table("w.csv", [weights])]
            with self.subTest(turn=turn, seed=SEED):
                self.check_lasso(rows, data, parameter, weights, options, scaling, intercept)

    def test_standardized(self):
        # Columns with standard deviations 2 and 1/2: w.
        rows = [[2, 1], [-2, 1], [2, 0], [-2, 0]]
        rows = [[Fraction(a), Fraction(b)] for a, b in rows]
        data = [Fraction(v) for v in (5, -3, 4, -6)]
        weights = [Fraction(2), Fraction(1, 2)]
        for options, scaling in [([], "glmnet"), (["--standardize"], "scikit-learn"),
                                 (["--standardize", "--intercept"], "delta1")]:
            with self.subTest(options=options):
                self.check_lasso(rows, data, Fraction(1, 5), weights, options, scaling, True)
        # glmnet's standard deviations are about the mean also without an intercept
        self.check_lasso(rows, data, Fraction(1, 5), weights, ["--no-intercept"], "glmnet", False)

    def test_digits_that_are_printed(self):
        # x = soft (y, 1) for A = I
        self.table("I.csv", [[1, 0, 0], [0, 1, 0], [0, 0, 1]], "first,second,third")
        self.table("y.csv", [[3], [0.5], ["-4/3"]])
        done = self.run_solve("--matrix", "I.csv", "--data", "y.csv", "--lambda", 2, "--digits", 12)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for line in ["selected: 2 of 3", "  first     2.000000000000", "  third    -0.333333333333",
                     "certainly excluded: 1\n  second\n", "certified: "]:
            self.assertIn(line, done.stdout)
        self.table("y.csv", [[3], [1], [-4]])
        done = self.run_solve("--matrix", "I.csv", "--data", "y.csv", "--lambda", 2,
                              "--max-precision", 200)
        self.assertEqual((done.returncode, done.stderr), (2, ""))
        for line in ["undecided to 1e-6, with 200 bits", "of second is in", "--max-precision"]:
            self.assertIn(line, done.stdout)

    def test_other_problems(self):
        self.table("A.csv", [[1, 0, "1/2"], [0, 1, "1/2"]])
        self.table("y.csv", [[1], ["1/3"]])
        files = ["--matrix", "A.csv", "--data", "y.csv", "--no-condition"]
        for problem in ("bp", "lp"):  # a tie: the third column is the mean of the others
            outcome = self.report(2, "--problem", problem, *files, "--max-precision", 200)
            self.assertEqual(outcome["outcomes"][0]["verdict"], "undecided")
        self.table("A.csv", [[1, 0, "2/5"], [0, 1, "2/5"]])
        for problem in ("bp", "lp"):
            outcome = self.report(0, "--problem", problem, *files)["outcomes"][0]
            x, _ = self.coefficients(outcome, 3)
            for (low, high), value in zip(x, (1, Fraction(1, 3), 0)):
                self.assertTrue(low <= value <= high)
        # qcbp: minimise x1 + x2 on the disc about (1, 1/3) of radius 1/4: moved by 1/(4 sqrt 2)
        outcome = self.report(0, "--problem", "qcbp", "--epsilon", "0.25", *files)["outcomes"][0]
        x, _ = self.coefficients(outcome, 3)
        for (low, high), value in zip(x, (1, Fraction(1, 3), 0)):
            if value:
                self.assertLess(abs(float(value - low) - 0.25 / 2 ** 0.5), 1e-6)
                self.assertLess(high - low, Fraction(1, 10 ** 6))
        # srlasso with lambda < 1/sqrt 2 follows y
        outcome = self.report(0, "--problem", "srlasso", "--lambda", "0.5", *files)["outcomes"][0]
        x, _ = self.coefficients(outcome, 3)
        self.assertTrue(x[0][0] <= 1 <= x[0][1] and x[1][0] <= Fraction(1, 3) <= x[1][1])

    def test_accuracy(self):
        self.table("A.csv", [[1, 0], [0, 1]])
        self.table("y.csv", [[3], ["1/2"]])
        files = ["--matrix", "A.csv", "--data", "y.csv", "--lambda", 1, "--no-condition"]
        # y_2 = lambda/2 is a tie, to every accuracy; the data cannot tell which side.
        for options in [[], ["--accuracy", "exact"], ["--accuracy", "0,0.25"], ["--bits", 40],
                        ["--accuracy", "exact,1e-3", "--digits", 2], ["--accuracy", "1e-9"]]:
            report = self.report(2, *files, *options, "--max-precision", 200)
            self.assertNotEqual(report["outcomes"][0]["verdict"], "determined")
        self.table("y.csv", [[3], ["1/5"]])
        report = self.report(2, *files, "--accuracy", "0.4,1/10", "--digits", 3)
        self.assertEqual(report["outcomes"][0]["verdict"], "not determined")
        self.assertEqual(report["accuracy"], {"matrix": "2/5", "data": "1/10"})
        self.table("y.csv", [[3], ["1/8"]])
        determined = self.report(0, *files, "--accuracy", "1e-3", "--digits", 1)
        self.assertEqual(determined["accuracy"], {"matrix": "1/1000", "data": "1/1000"})
        x, _ = self.coefficients(determined["outcomes"][0], 2)
        # the least and the largest first entry that the data allow: y/a - 1/(2 a^2)
        for a in (Fraction(999, 1000), Fraction(1001, 1000)):
            for y in (Fraction(2999, 1000), Fraction(3001, 1000)):
                self.assertTrue(x[0][0] <= y / a - 1 / (2 * a * a) <= x[0][1])
        self.assertEqual(self.report(0, *files, "--bits", 10, "--digits", 1)["accuracy"],
                         {"matrix": "1/1024", "data": "1/1024"})
        # two digits: 1 and 3 are known to 0.05, 1/8 to 0.005, zeros exactly
        report = self.report(0, *files, "--significant", 2, "--digits", 0)
        self.assertEqual(report["accuracy"], {"significant_digits": 2})
        x, _ = self.coefficients(report["outcomes"][0], 2)
        for a in (Fraction(95, 100), Fraction(105, 100)):
            for y in (Fraction(295, 100), Fraction(305, 100)):
                self.assertTrue(x[0][0] <= y / a - 1 / (2 * a * a) <= x[0][1])
        self.assertLess(x[0][1] - x[0][0], 2)

    def test_not_determined(self):
        # Nearly the same columns, six significant digits: which one, the data do not tell.
        self.table("A.csv", [["1.00000", "1.00001", "0.5"], ["2.00000", "2.00000", "0.1"],
                             ["0.5", "0.500002", "3"]], "left,right,other")
        self.table("y.csv", [[2], [4], [1]])
        files = ["--matrix", "A.csv", "--data", "y.csv", "--lambda", "0.1"]
        report = self.report(2, *files, "--accuracy", "5e-6", "--digits", 1, "--certificate", "c")
        outcome = report["outcomes"][0]
        self.assertEqual(outcome["verdict"], "not determined")
        self.assertGreater(number(outcome["separation"][0]), Fraction(2, 10))
        first, second = ({c["feature"] for c in w if c["sign"]} for w in outcome["witnesses"])
        self.assertNotEqual(first, second)
        done = run(DELTA1, "verify", self.path("c"))
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("accepted", done.stdout)
        done = self.run_solve(*files, "--accuracy", "5e-6", "--digits", 1)
        for words in ["not determined to 1e-1 by these data: proved", "input 1", "left", "right",
                      "Lemma 1.1"]:
            self.assertIn(words, done.stdout)
        # With --significant the entries that are 0 or small set the size of what may move.
        report = self.report(2, *files, "--significant", 6, "--digits", 1)
        self.assertEqual(report["outcomes"][0]["verdict"], "undecided")

    def test_what_is_certain_of_single_features(self):
        # Two equal columns: which of them, nobody knows; of the others all is certain.
        self.table("t.csv", [[1, 1, 0, 0, 5], [0, 0, 1, 0, -4], [0, 0, 0, 1, "1/4"]],
                   "twin,copy,other,small,y")
        files = ["--matrix", "t.csv", "--target", "y", "--lambda", 1]
        for options in [[], ["--accuracy", "1e-12,1e-12"]]:
            outcome = self.report(2, *files, *options, "--max-precision", 200)["outcomes"][0]
            self.assertIsNone(outcome["coefficients"])
            self.assertEqual(outcome["certain"],
                             {"selected": [2], "excluded": [3], "undecided": [0, 1]})
        done = self.run_solve(*files, "--max-precision", 200)
        for words in ["certainly selected: 1 of 4\n  other\n", "excluded: 1 of 4\n  small\n",
                      "not decided: 2 of 4\n  twin, copy\n"]:
            self.assertIn(words, done.stdout)

    def test_certificate(self):
        self.table("t.csv", [[1, 2, 3], [4, 5, "0.25"], [2, "1/3", 1]], "a,b,y")
        done = self.run_solve("--matrix", "t.csv", "--target", "y", "--lambda", "0.5",
                              "--certificate", "c.json")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(run(DELTA1, "verify", "--quiet", self.path("c.json")).returncode, 0)
        os.remove(self.path("c.json"))
        self.table("t.csv", [[1, 1, 3], [4, 4, "0.25"], [2, 2, 1]], "a,b,y")
        done = self.run_solve("--matrix", "t.csv", "--target", "y", "--lambda", "0.5",
                              "--certificate", "c.json", "--max-precision", 200)
        self.assertEqual(done.returncode, 2)
        self.assertIn("no certificate is written", done.stdout)
        self.assertFalse(os.path.exists(self.path("c.json")))


class Paths(Solve):
    def setUp(self):
        super().setUp()
        self.rows = [[1, 2, 0], [0, 3, 1], [2, 1, 1], [1, 0, 4]]
        self.data = [3, 1, -2, 5]
        self.table("A.csv", self.rows, "a,b,c")
        self.table("y.csv", [[v] for v in self.data])

    def test_every_lambda_is_right(self):
        for scaling, factor in [("delta1", 1), ("scikit-learn", 8)]:
            report = self.report(0, "--matrix", "A.csv", "--data", "y.csv", "--path", 12,
                                 "--scaling", scaling, "--ratio", "1e-2")
            rows = [[Fraction(v) for v in row] for row in self.rows]
            data = [Fraction(v) for v in self.data]
            mean = sum(data) / 4 if factor > 1 else 0
            most = max(abs(2 * sum(row[j] * (v - mean) for row, v in zip(rows, data)))
                       for j in range(3)) / factor
            low, high = map(number, report["lambda_max"])
            self.assertTrue(low <= most <= high and high - low < Fraction(1, 10 ** 9))
            lambdas = [number(o["parameter"]) for o in report["outcomes"]]
            self.assertEqual(len(lambdas), 12)
            self.assertTrue(most < lambdas[0] < most * Fraction(1001, 1000))
            self.assertLess(abs(lambdas[-1] / most - Fraction(1, 100)), Fraction(1, 10 ** 4))
            self.assertEqual(lambdas, sorted(lambdas, reverse=True))
            for outcome, value in zip(report["outcomes"], lambdas):
                x, b, _ = exact_lasso(rows, data, value * factor, [1, 1, 1], factor > 1)
                got, got_b = self.coefficients(outcome, 3)
                for v, (below, above) in zip(x, got):
                    self.assertTrue(below <= v <= above)
                self.assertTrue(factor == 1 or got_b[0] <= b <= got_b[1])

    def test_what_is_printed(self):
        done = self.run_solve("--matrix", "A.csv", "--data", "y.csv", "--path", 8, "--plot",
                              "picture")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("support certified at 8 of 8", done.stdout)
        self.assertRegex(done.stdout, r"\n  [0-9.]+ +0 +certified")
        self.assertRegex(done.stdout, r"\n  [0-9.]+ +[123] +certified +.*\+c")
        with open(self.path("picture.dat"), encoding="utf-8") as file:
            self.assertNotIn("not certified", file.read())
        done = self.run_solve("--matrix", "A.csv", "--data", "y.csv", "--path", 8, "--plot",
                              "picture", "--accuracy", "0.3", "--digits", 0)
        self.assertEqual((done.returncode, done.stderr), (2, ""))
        self.assertRegex(done.stdout, r"\n  [0-9.]+ +\? +(undecided|not determined) ")
        with open(self.path("picture.dat"), encoding="utf-8") as file:
            blocks = file.read().split("\n\n\n")
        self.assertIn('"not certified"', blocks[0])
        corners = [list(map(float, line.split())) for line in blocks[0].splitlines()
                   if line and not line.startswith("#")]
        self.assertEqual(len(corners) % 4, 0)

    def test_srlasso(self):
        report = self.report(0, "--matrix", "A.csv", "--data", "y.csv", "--path", 6, "--problem",
                             "srlasso", "--ratio", "0.1")
        self.assertEqual(report["outcomes"][0]["coefficients"], [])
        self.assertTrue(all(o["coefficients"] for o in report["outcomes"][1:]))


class Formats(Solve):
    def test_the_same_from_every_format(self):
        rows, data = [[1, 0.5], [0.25, 2], [3, 1]], [1, 2, 4]
        flat = struct.pack("<6d", *(v for row in rows for v in row))

        def npy(shape, numbers):
            head = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
            return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + numbers

        self.write("A.npy", npy("(3, 2)", flat))
        self.write("y.npy", npy("(3,)", struct.pack("<3d", *data)))
        self.write("A.mtx", "%%MatrixMarket matrix array real general\n3 2\n1\n.25\n3\n.5\n2\n1\n")
        self.write("y.csv", "1,2,4\n")
        self.table("A.csv", rows)
        self.write("T.csv", "1 0.25 3\n0.5 2 1\n")
        self.write("all.csv", ";y;u;v\nr1;1;1;0.5\nr2;2;0.25;2\nr3;4;3;1\n")
        answers = []
        for arguments in [["--matrix", "A.npy", "--data", "y.npy"],
                          ["--matrix", "A.mtx", "--data", "y.csv"],
                          ["--matrix", "A.csv", "--data", "y.npy"],
                          ["--matrix", "T.csv", "--transpose", "--data", "y.csv"],
                          ["--matrix", "all.csv", "--target", "y"]]:
            report = self.report(0, *arguments, "--lambda", "0.1")
            answers.append(report["outcomes"][0]["coefficients"])
        for answer in answers[1:]:
            self.assertEqual(answer, answers[0])
        self.assertEqual((report["features"], report["target"], report["rows"]),
                         (["u", "v"], "y", 3))

    def test_the_report_is_documented(self):
        self.table("A.csv", [[1, 0], [0, 1]])
        self.write("y.csv", "3 0.2")
        with open(os.path.join(TOP, "doc/solve-report.md"), encoding="utf-8") as file:
            documented = file.read()
        always = {"parameter", "verdict", "digits", "precision", "attempts", "coefficients",
                  "seconds"}
        for options, code, more in [
                ([], 0, {"error"}),
                (["--accuracy", "0.5", "--digits", 0], 2, {"open", "reason"}),
                (["--accuracy", "0.1", "--digits", 3], 2,
                 {"open", "reason", "separation", "witnesses"})]:
            report = self.report(code, "--matrix", "A.csv", "--data", "y.csv", "--lambda", 1,
                                 *options)
            self.assertEqual((report["format"], report["version"]), ("delta1-solve", 1))
            outcome = report["outcomes"][0]
            self.assertLessEqual(always, set(outcome))
            self.assertLessEqual(more, set(outcome))
            for member in [*report, *outcome, *(report["condition"] or {}), *report["accuracy"]]:
                self.assertIn(f"`{member}`", documented)


class Refusals(Solve):
    def refused(self, arguments, *words):
        before = sorted(os.listdir(self.directory))
        done = self.run_solve(*arguments)
        said = f"{arguments}: {done.returncode}, {done.stdout!r}, {done.stderr!r}"
        self.assertEqual(done.returncode, 3, said)
        self.assertEqual(done.stderr.count("\n"), 1, said)
        self.assertTrue(done.stderr.startswith("delta1 solve: "), said)
        self.assertEqual(done.stdout, "", said)
        for word in words:
            self.assertIn(word, done.stderr, said)
        self.assertEqual(sorted(os.listdir(self.directory)), before, said)

    def setUp(self):
        super().setUp()
        self.table("A.csv", [[1, 0, 2], [0, 1, 1]], "a,b,c")
        self.write("y.csv", "3\n0.2\n")
        self.good = ["--matrix", "A.csv", "--data", "y.csv", "--lambda", "1", "--json", "report"]

    def test_files(self):
        for name, content, *words in [
                ("ragged.csv", "a,b\n1,2\n3\n", "--matrix ragged.csv", "line 3 has 1 field",
                 "the lines before have 2"),
                ("nan.csv", "a,b\n1,2\n3,nan\n", "line 3, field 2 (b)", "missing"),
                ("empty.csv", "", "--matrix empty.csv", "no number"),
                ("header.csv", "a,b\n", "under its header"),
                ("words.csv", "a,b\n1,two\n", "line 2, field 2 (b): 'two'"),
                ("power.csv", "1,1e1000000000\n2,3\n", "exponents to"),
                ("huge.mtx", "%%MatrixMarket matrix coordinate real general\n"
                             "1000000 1000000 1\n1 1 1\n", "too large as a full table"),
                ("short.npy", b"\x93NUMPY", "NPY header"),
                ("line.npy", b"\x93NUMPY\x01\x00\x40\x00"
                             b"{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}        \n"
                             + struct.pack("<2d", 1, 2), "2 numbers in one dimension"),
                ("z.npy", b"\x93NUMPY\x01\x00\x40\x00"
                          b"{'descr': '<c16', 'fortran_order': False, 'shape': (1,2)}      \n"
                          + struct.pack("<4d", 1, 2, 3, 4), "complex numbers")]:
            with self.subTest(name=name):
                self.write(name, content)
                self.refused(["--matrix", name, *self.good[2:]], *words)
        self.refused(["--matrix", "absent", *self.good[2:]], "--matrix absent", "No such file")
        self.refused(["--matrix", "A.csv:x", *self.good[2:]], "--matrix A.csv:x", "No such file")

    def test_shapes(self):
        self.write("three.csv", "1\n2\n3\n")
        self.refused(["--matrix", "A.csv", "--data", "three.csv", "--lambda", "1"],
                     "3 numbers, but the matrix has 2 rows (and 3 columns)", "--transpose")
        self.write("four.csv", "1,2,3,4\n")
        self.refused(["--matrix", "A.csv", "--data", "four.csv", "--lambda", "1"],
                     "4 numbers, but the matrix has 2 rows (and 3 columns): as many numbers as rows "
                     "are due\n")
        self.write("square.csv", "1,2\n3,4\n")
        self.refused(["--matrix", "A.csv", "--data", "square.csv", "--lambda", "1"],
                     "2 x 2 numbers; one column, or one row, of 2 is due")
        self.write("tall.csv", "1\n2\n")
        for problem in ["bp", "lp"]:
            self.refused(["--matrix", "tall.csv", "--data", "y.csv", "--problem", problem],
                         "2 rows and 1 columns", f"{problem} needs rows <= columns")
        self.refused(["--matrix", "A.csv", "--target", "d", "--lambda", "1"], "--target d",
                     "a, b, c")
        self.refused(["--matrix", "square.csv", "--target", "a", "--lambda", "1"], "no header")
        self.refused(["--matrix", "y.csv", "--data", "square.csv", "--target", "a"], "--target a",
                     "--data")
        self.write("twice.csv", "a,a,b\n1,2,3\n4,5,6\n")
        self.refused(["--matrix", "twice.csv", "--target", "a", "--lambda", "1"],
                     "columns 0 and 1 (from 0) both")
        self.write("w.csv", "1,2\n")
        self.refused([*self.good, "--weights", "w.csv"], "--weights w.csv", "the 3 features")
        self.write("w.csv", "1,0,2\n")
        self.refused([*self.good, "--weights", "w.csv"], "weight of b is not positive")
        self.write("constant.csv", "a,one\n1,1\n2,1\n")
        self.refused(["--matrix", "constant.csv", *self.good[2:], "--standardize"],
                     "one is constant")

    def test_values(self):
        for option, value, *words in [
                ("--lambda", "0", "> 0"), ("--lambda", "-1", "> 0"), ("--lambda", "x", "'x'"),
                ("--lambda", "nan", "'nan'"), ("--lambda", "1e99999999999", "exponents"),
                ("--epsilon", "1", "lasso has none"),
                ("--problem", "ridge", "srlasso, lasso, qcbp, bp, lp"),
                ("--scaling", "lars", "delta1, scikit-learn, glmnet"),
                ("--accuracy", "-1", ">= 0"), ("--accuracy", "1,x", "'x'"),
                ("--accuracy", "", "''"), ("--bits", "-1", "0 to"), ("--bits", "x", "0 to"),
                ("--significant", "0", "1 to"), ("--digits", "-1", "0 to"),
                ("--path", "5", "--lambda 1"), ("--path", "1", "2 to"),
                ("--ratio", "1", "between 0 and 1"), ("--ratio", "0", "> 0"),
                ("--max-precision", "0", "1 to"), ("--timeout", "0", "above 0"),
                ("--threads", "0", "1 to"), ("--plot", "p", "--path"),
                ("--json", "absent/x", "No such file"), ("--certificate", "absent/x", "No such")]:
            with self.subTest(option=option, value=value):
                self.refused([*self.good, option, value], option, *words)

    def test_relations(self):
        files = ["--matrix", "A.csv", "--data", "y.csv"]
        for arguments, *words in [
                (["--data", "y.csv", "--lambda", "1"], "--matrix is missing"),
                (["--matrix", "A.csv", "--lambda", "1"], "--data FILE is missing", "--target"),
                (files, "--lambda is missing", "--path"),
                ([*files, "--problem", "qcbp"], "--epsilon is missing"),
                ([*files, "--problem", "bp", "--lambda", "1"], "bp has none"),
                ([*files, "--problem", "qcbp", "--path", "4"], "qcbp has no lambda"),
                ([*files, "--problem", "bp", "--intercept"], "--intercept", "not with bp"),
                ([*files, "--problem", "lp", "--standardize"], "--standardize", "not with lp"),
                ([*files, "--problem", "srlasso", "--scaling", "glmnet", "--lambda", "1"],
                 "--scaling glmnet", "only lasso"),
                ([*self.good, "--standardize", "--weights", "y.csv"], "--weights", "--standardize"),
                ([*self.good, "--bits", "3", "--accuracy", "1"], "--accuracy", "--bits"),
                ([*self.good, "--significant", "3", "--certificate", "c"], "--certificate",
                 "--significant"),
                ([*files, "--path", "3", "--certificate", "c"], "--certificate", "--path"),
                ([*self.good, "--colour"], "--colour", "delta1 solve --help"),
                ([*self.good, "surplus"], "surplus"),
                (["--matrix"], "--matrix", "value"),
                (["--matrix", "A.csv", "--target", "a", "--transpose", "--lambda", "1"],
                 "--transpose")]:
            with self.subTest(arguments=arguments):
                self.refused(arguments, *words)
        self.write("zeros.csv", "0\n0\n")
        done = self.run_solve("--matrix", "A.csv", "--data", "zeros.csv", "--path", "3")
        self.assertEqual((done.returncode, done.stderr.count("\n")), (3, 1))
        self.assertIn("lambda_max", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=1)
