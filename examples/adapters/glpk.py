#!/usr/bin/python3
"""GLPK as a contestant: lp, and bp as the linear program x = u - v, u, v >= 0.

    glpk.py [--method simplex|exact|interior]
"""

import sys

from delta1_client import (by_linear_program, choice, compete, find_program, run_solver, say,
                           write_mps)

method = choice("method", ["simplex", "exact", "interior"])


def read_solution(path):
    """The columns of GLPK's raw solution file (glpk manual, "Raw solution file")."""
    z = {}
    with open(path) as f:
        for words in map(str.split, f):
            if words[:2] == ["c", "Status:"]:
                say(" ".join(words[2:]))
            if words[0] == "s" and words[4:-1] not in (["f", "f"], ["o"]):
                # Inexact rows of an equation can be infeasible: said, and GLPK's last point counts.
                print("glpsol: not optimal (status", *words[4:-1], file=sys.stderr, end=")\n")
            if words[0] == "j":  # "j number [basis status] primal dual"
                z[int(words[1]) - 1] = float(words[-2])
    return [z[j] for j in range(len(z))]


def command(model, solution):
    return ["glpsol", "--" + method, "--freemps", model, "--write", solution]


compete(["lp", "bp"], lambda: find_program("glpsol", "glpk-utils"),
        by_linear_program(lambda A, y: run_solver(write_mps, A, y, command, read_solution)))
