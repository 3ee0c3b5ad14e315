#!/usr/bin/python3
"""GLPK as a contestant: lp, and bp as the linear program x = u - v, u, v >= 0.

    glpk.py [--method simplex|exact|interior]
"""

import argparse
import os
import subprocess
import shutil
import sys
import tempfile

from delta1_client import Client, does_not_attempt, not_installed, stop


def write_mps(path, A, y):
    """minimise sum z_j subject to A z = y, z >= 0; 17 digits give every double back."""
    with open(path, "w") as f:
        f.write("NAME delta1\nROWS\n N cost\n")
        f.writelines(f" E r{i}\n" for i in range(len(y)))
        f.write("COLUMNS\n")
        for j in range(len(A[0])):
            f.write(f" z{j} cost 1\n")
            f.writelines(f" z{j} r{i} {row[j]:.17g}\n" for i, row in enumerate(A) if row[j] != 0)
        f.write("RHS\n")
        f.writelines(f" rhs r{i} {value:.17g}\n" for i, value in enumerate(y))
        f.write("ENDATA\n")


def read_solution(path, count):
    """The columns of GLPK's raw solution file (glpk manual, "Raw solution file"). What GLPK calls infeasible
    or undefined, as inexact rows of an equation can be, is said on standard error; its last point counts."""
    z = [0.0] * count
    with open(path) as f:
        for words in map(str.split, f):
            if words[0] == "s" and words[4:-1] not in (["f", "f"], ["o"]):
                print("glpsol: not optimal (status", *words[4:-1], file=sys.stderr, end=")\n")
            if words[0] == "j":  # "j number [basis status] primal dual"
                z[int(words[1]) - 1] = float(words[-2])
    return z


def solve(method, A, y):
    with tempfile.TemporaryDirectory() as directory:
        model, solution = os.path.join(directory, "model.mps"), os.path.join(directory, "solution")
        write_mps(model, A, y)
        run = subprocess.run(["glpsol", "--" + method, "--freemps", model, "--write", solution],
                             stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if run.returncode != 0 or not os.path.exists(solution):
            lines = run.stdout.strip().splitlines() or ["no output"]
            stop(1, f"glpsol gave no solution: {lines[-1]}")
        return read_solution(solution, len(A[0]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--method", choices=["simplex", "exact", "interior"], default="simplex")
    method = parser.parse_args().method
    client = Client()
    if client.task.problem not in ("lp", "bp"):
        does_not_attempt(f"glpk.py solves lp and bp, not {client.task.problem}")
    if shutil.which("glpsol") is None:
        not_installed("glpsol is not found (Debian: apt-get install glpk-utils)")
    n = client.reading_precision()
    A = [[float(a) for a in row] for row in client.ask_A(n)]
    Y = [[float(y) for y in row] for row in client.ask_y(n)]
    if client.task.problem == "lp":
        client.answer([solve(method, A, y) for y in Y])
    split = [row + [-a for a in row] for row in A]
    answers = []
    for y in Y:
        z = solve(method, split, y)
        answers.append([u - v for u, v in zip(z[:client.task.N], z[client.task.N:])])
    client.answer(answers)


main()
