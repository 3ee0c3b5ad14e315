#!/usr/bin/python3
"""scikit-learn's Lasso (coordinate descent) or LassoLars as a contestant, for lasso.

    sklearn_lasso.py [--estimator lasso|lars|lasso-default]

lasso and lars ask for all a double has, lasso-default for what Lasso asks by itself: tol=1e-4, max_iter=1000.

lambda ||x||_1 + ||Ax - y||^2 is 2m times scikit-learn's ||y - Ax||^2/(2m) + alpha ||x||_1 with
alpha = lambda/(2m): the same minimisers.
"""

import warnings

from delta1_client import choice, compete, find_module, say

estimator = choice("estimator", ["lasso", "lars", "lasso-default"])


def load():
    return find_module("sklearn.linear_model", "python3-sklearn")


def solve(task, A, Y):
    alpha = float(task.parameter / (2 * task.m))
    if estimator == "lasso":
        model = load().Lasso(alpha=alpha, fit_intercept=False, tol=1e-15, max_iter=1000000)
    elif estimator == "lasso-default":
        model = load().Lasso(alpha=alpha, fit_intercept=False)
    else:
        model = load().LassoLars(alpha=alpha, fit_intercept=False, max_iter=1000000)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        X = [model.fit(A, y).coef_.copy() for y in Y]
    for warning in caught:
        say(warning.category.__name__)
    if not caught:
        say("converged")
    return X


compete(["lasso"], load, solve)
