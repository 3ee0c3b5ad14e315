#!/usr/bin/python3
"""QSopt_ex as a contestant: the exact rational simplex, on exactly what was read. lp, and bp as the
linear program x = u - v, u, v >= 0.
"""

from fractions import Fraction

from delta1_client import (by_linear_program, choice, compete, find_program, run_solver, say, stop,
                           write_lp)

choice()


def read_solution(path):
    """The variables that are not 0, as exact fractions, between the words VARS and REDUCED COST."""
    z, variables, optimal = {}, False, False
    with open(path) as f:
        for line in map(str.strip, f):
            optimal = optimal or line == "status OPTIMAL"
            if line.startswith("status "):
                say(line.split(maxsplit=1)[1])
            if line.endswith(":"):
                variables = line == "VARS:"
            elif variables:
                name, value = line.split(" = ")
                z[int(name[1:])] = Fraction(value)
    if not optimal:
        stop(1, "esolver: not optimal")
    return z


def solve_one(A, y):
    z = run_solver(write_lp, A, y, lambda model, solution: ["esolver", "-L", "-O", solution, model],
                   read_solution)
    return [z.get(j, Fraction(0)) for j in range(len(A[0]))]


compete(["lp", "bp"], lambda: find_program("esolver", "qsopt-ex"), by_linear_program(solve_one),
        number=Fraction)
