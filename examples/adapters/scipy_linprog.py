#!/usr/bin/python3
"""scipy's linprog (HiGHS) as a contestant: lp, and bp as the linear program x = u - v, u, v >= 0.

    scipy_linprog.py [--method highs-ds|highs-ipm]
"""

from delta1_client import by_linear_program, choice, compete, find_module, say, stop

method = choice("method", ["highs-ds", "highs-ipm"])


def load():
    return find_module("scipy.optimize", "python3-scipy")


def solve_one(A, y):
    result = load().linprog([1.0] * len(A[0]), A_eq=A, b_eq=y, method=method)
    if result.status != 0:
        stop(1, f"linprog: {result.message}")
    say(result.message.split(" (")[0])
    return list(result.x)


compete(["lp", "bp"], load, by_linear_program(solve_one))
