#!/usr/bin/python3
"""R's glmnet as a contestant, for lasso.

lambda ||x||_1 + ||Ax - y||^2 is 2m times glmnet's ||y - Ax||^2/(2m) + l ||x||_1 with l = lambda/(2m):
the same minimisers. glmnet wants two columns and a datum that is not constant: a column and an
equation of zeros change nothing.
"""

import subprocess

from delta1_client import choice, compete, find_program, not_installed, stop

choice()

SCRIPT = """
suppressPackageStartupMessages(library(glmnet))
v <- as.numeric(scan(file("stdin"), what = "", quiet = TRUE))
m <- v[1]; N <- v[2]; R <- v[3]; l <- v[4]
A <- matrix(v[4 + seq_len(m * N)], m, N, byrow = TRUE)
Y <- matrix(v[4 + m * N + seq_len(R * m)], R, m, byrow = TRUE)
for (k in seq_len(R)) {
  top <- max(abs(t(A) %*% Y[k, ])) / m
  x <- rep(0, N)
  if (top > l) {
    fit <- glmnet(A, Y[k, ], lambda = exp(seq(log(top), log(l), length.out = 20)),
                  standardize = FALSE, intercept = FALSE, thresh = 1e-25, maxit = 1e7)
    if (ncol(fit$beta) < 20) stop("glmnet did not reach lambda")
    x <- as.numeric(fit$beta[, 20])
  }
  cat(sprintf("%a", x), "\\n")
}
"""


def rscript(script, text=""):
    return subprocess.run(["Rscript", "--vanilla", "-e", script], input=text, capture_output=True, text=True)


def load():
    find_program("Rscript", "r-cran-glmnet")
    if rscript("library(glmnet)").returncode != 0:
        not_installed("R has no package glmnet (Debian: apt-get install r-cran-glmnet)")


def solve(task, A, Y):
    A = [row + [0.0] for row in A] + [[0.0] * (task.N + 1)]
    Y = [y + [0.0] for y in Y]
    m = task.m + 1
    numbers = [m, task.N + 1, len(Y), float(task.parameter) / (2 * m)]
    numbers += [a for row in A + Y for a in row]
    run = rscript(SCRIPT, " ".join(float(v).hex() for v in numbers))
    if run.returncode != 0:
        stop(1, "glmnet: " + (run.stderr.strip() or "no output").splitlines()[-1])
    return [line.split()[:task.N] for line in run.stdout.splitlines()]


compete(["lasso"], load, solve)
