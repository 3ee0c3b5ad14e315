#!/usr/bin/python3
"""scikit-learn's Lasso (coordinate descent) or LassoLars as a contestant, for lasso.

    sklearn_lasso.py [--estimator lasso|lars]

lambda ||x||_1 + ||Ax - y||^2 is 2m times scikit-learn's ||y - Ax||^2/(2m) + alpha ||x||_1 with
alpha = lambda/(2m): the same minimisers.
"""

from delta1_client import choice, compete, find_module

estimator = choice("estimator", ["lasso", "lars"])


def load():
    return find_module("sklearn.linear_model", "python3-sklearn")


def solve(task, A, Y):
    alpha = float(task.parameter / (2 * task.m))
    if estimator == "lasso":
        model = load().Lasso(alpha=alpha, fit_intercept=False, tol=1e-15, max_iter=1000000)
    else:
        model = load().LassoLars(alpha=alpha, fit_intercept=False, max_iter=1000000)
    return [model.fit(A, y).coef_ for y in Y]


compete(["lasso"], load, solve)
