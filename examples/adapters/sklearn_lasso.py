#!/usr/bin/python3
"""scikit-learn's Lasso (coordinate descent) or LassoLars as a contestant, for lasso.

    sklearn_lasso.py [--estimator lasso|lars]

lambda ||x||_1 + ||Ax - y||^2 is 2m times scikit-learn's ||y - Ax||^2/(2m) + alpha ||x||_1 with
alpha = lambda/(2m): the same minimisers.
"""

import argparse

from delta1_client import Client, does_not_attempt, not_installed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--estimator", choices=["lasso", "lars"], default="lasso")
    estimator = parser.parse_args().estimator
    client = Client()
    task = client.task
    if task.problem != "lasso":
        does_not_attempt(f"sklearn_lasso.py solves lasso, not {task.problem}")
    try:
        import numpy
        from sklearn.linear_model import Lasso, LassoLars
    except ImportError as error:
        not_installed(f"{error} (Debian: apt-get install python3-sklearn)")
    n = client.reading_precision()
    A = numpy.array([[float(a) for a in row] for row in client.ask_A(n)])
    Y = numpy.array([[float(y) for y in row] for row in client.ask_y(n)])
    alpha = float(task.parameter / (2 * task.m))
    if estimator == "lasso":
        model = Lasso(alpha=alpha, fit_intercept=False, tol=1e-15, max_iter=1000000)
    else:
        model = LassoLars(alpha=alpha, fit_intercept=False, max_iter=1000000)
    client.answer([model.fit(A, y).coef_ for y in Y])


main()
