#!/usr/bin/python3
"""Clp (COIN-OR) as a contestant: lp, and bp as the linear program x = u - v, u, v >= 0.

    clp.py [--method primal|dual|barrier]
"""

import struct

from delta1_client import (by_linear_program, choice, compete, find_program, run_solver, say,
                           stop, write_mps)

words = {"primal": ["-primalSimplex"], "dual": ["-dualSimplex"], "barrier": ["-barrier"]}
method = choice("method", list(words))


def command(model, solution):
    # The text of a solution has 8 digits; the saved one is binary.
    return ["clp", model, *words[method], "-status", "-saveSolution", solution]


def listen(text):
    """Clp's last sentence is "Optimal objective 2 - 3 iterations ..." or names what it found instead."""
    for line in reversed(text.splitlines()):
        if " objective " in line and " iterations " in line:
            say(line.split(" objective ")[0])
            return


def read_solution(path):
    """Clp's saved solution: two ints (rows, columns), the objective, then row and column doubles:
    primal rows, dual rows, primal columns, dual columns."""
    with open(path, "rb") as f:
        content = f.read()
    rows, columns = struct.unpack_from("=ii", content)
    if len(content) != 16 + 16 * (rows + columns):
        stop(1, "clp saved a solution of a form this adapter does not know")
    return list(struct.unpack_from(f"={columns}d", content, 16 + 16 * rows))


compete(["lp", "bp"], lambda: find_program("clp", "coinor-clp"),
        by_linear_program(lambda A, y: run_solver(write_mps, A, y, command, read_solution, listen)))
