#!/usr/bin/env python3
"""Certified supports along a path of two tables that scikit-learn ships, beside scikit-learn and
glmnet: with tight tolerances they must agree with what is certified; with their own, the lambdas
where the support is another one are listed."""

import csv
import json
import os
import subprocess
import tempfile
import unittest
import warnings

import numpy
from sklearn import datasets
from sklearn.linear_model import Lasso

BUILD = os.path.abspath(os.environ.get("top_builddir", "."))
DELTA1 = os.path.join(BUILD, "delta1")
LAMBDAS = 60
TABLES = {"diabetes": datasets.load_diabetes, "wine": datasets.load_wine}
GLMNET = """
suppressMessages(library(glmnet))
d <- read.csv("table.csv", check.names = FALSE)
x <- as.matrix(d[, 1:(ncol(d) - 1)])
l <- scan("lambdas.txt", quiet = TRUE)
f <- glmnet(x, d$target, lambda = l, thresh = THRESH, maxit = 1e7)
write.table(format(t(as.matrix(f$beta)), digits = 17), "beta.txt", row.names = FALSE,
            col.names = FALSE, quote = FALSE)
"""


def double(text):
    if "/" in text:
        above, below = text.split("/")
        return int(above) / int(below)
    return float.fromhex(text) if "x" in text else float(text)


class RealData(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name
        warnings.filterwarnings("ignore")

    def path(self, name):
        return os.path.join(self.directory, name)

    def write_table(self, table):
        with open(self.path("table.csv"), "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow([*table.feature_names, "target"])
            for row, target in zip(table.data, table.target):
                writer.writerow([repr(float(v)) for v in row] + [repr(float(target))])

    def certified_path(self, scaling, features):
        """The lambdas, the certified coefficients and supports."""
        done = subprocess.run([DELTA1, "solve", "--matrix", "table.csv", "--target", "target",
                               "--scaling", scaling, "--path", str(LAMBDAS), "--digits", "12",
                               "--json", "report.json"], cwd=self.directory, text=True,
                              capture_output=True, check=False, timeout=600)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        with open(self.path("report.json"), encoding="utf-8") as file:
            outcomes = json.load(file)["outcomes"]
        self.assertEqual({o["verdict"] for o in outcomes}, {"determined"})
        x = numpy.zeros((len(outcomes), features))
        for row, outcome in zip(x, outcomes):
            for entry in outcome["coefficients"]:
                if entry["feature"] != "intercept":
                    low, high = map(double, entry["enclosure"])
                    self.assertLess(high - low, 1e-12 + 1e-15 * abs(low))
                    self.assertTrue(low * entry["sign"] > 0)
                    row[entry["feature"]] = low
        return [double(o["parameter"]) for o in outcomes], x

    def compare(self, title, lambdas, certified, other, tight):
        wrong = [i for i in range(len(lambdas))
                 if set(numpy.nonzero(certified[i])[0]) != set(numpy.nonzero(other[i])[0])]
        error = max(numpy.linalg.norm(certified - other, axis=1))
        size = numpy.abs(certified).max()
        print(f"{title}: another support at {len(wrong)} of {len(lambdas)} lambdas; largest error "
              f"{error:.2g} (largest coefficient {size:.3g})")
        for i in wrong:
            print(f"    lambda {lambdas[i]:<10g} certified "
                  f"{sorted(map(int, numpy.nonzero(certified[i])[0]))}, there "
                  f"{sorted(map(int, numpy.nonzero(other[i])[0]))}")
        if tight:
            self.assertEqual(wrong, [])
            self.assertLess(error, 1e-3 * size)

    def test_scikit_learn(self):
        for name, load in TABLES.items():
            table = load()
            self.write_table(table)
            lambdas, certified = self.certified_path("scikit-learn", table.data.shape[1])
            for tight, options in [(False, {}), (True, {"tol": 1e-12, "max_iter": 1000000})]:
                other = numpy.array([Lasso(alpha=value, **options).fit(table.data, table.target)
                                     .coef_ for value in lambdas])
                self.compare(f"{name}, scikit-learn {options or '(defaults)'}", lambdas, certified,
                             other, tight)

    def test_glmnet(self):
        if subprocess.run(["sh", "-c", "Rscript -e 'library(glmnet)'"], capture_output=True,
                          check=False).returncode != 0:
            self.skipTest("no R with glmnet")
        for name, load in TABLES.items():
            table = load()
            self.write_table(table)
            lambdas, certified = self.certified_path("glmnet", table.data.shape[1])
            numpy.savetxt(self.path("lambdas.txt"), lambdas, fmt="%.17g")
            for thresh, tight in [("1e-7", False), ("1e-14", True)]:
                subprocess.run(["Rscript", "-e", GLMNET.replace("THRESH", thresh)],
                               cwd=self.directory, check=True, capture_output=True)
                other = numpy.loadtxt(self.path("beta.txt"))
                self.compare(f"{name}, glmnet, thresh = {thresh}", lambdas[:len(other)],
                             certified[:len(other)], other, tight)


if __name__ == "__main__":
    unittest.main(verbosity=1)
