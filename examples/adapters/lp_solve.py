#!/usr/bin/python3
"""lp_solve 5.5 as a contestant: lp, and bp as the linear program x = u - v, u, v >= 0.

The library is called, since the program prints 6 digits.
"""

import ctypes
import ctypes.util

from delta1_client import by_linear_program, choice, compete, not_installed, say, stop

choice()
EQUAL, OPTIMAL = 3, 0
lp_solve = None


def load():
    global lp_solve
    for name in ("/usr/lib/lp_solve/liblpsolve55.so", ctypes.util.find_library("lpsolve55")):
        try:
            lp_solve = ctypes.CDLL(name) if name else None
        except OSError:
            continue
        if lp_solve:
            lp_solve.make_lp.restype = ctypes.c_void_p
            return
    not_installed("liblpsolve55.so is not found (Debian: apt-get install lp-solve)")


def solve_one(A, y):
    N = len(A[0])
    row = ctypes.c_double * (N + 1)  # entry 0 is not used
    lp = ctypes.c_void_p(lp_solve.make_lp(0, N))
    lp_solve.set_verbose(lp, 0)
    lp_solve.set_obj_fn(lp, row(0, *[1.0] * N))
    for a, b in zip(A, y):
        lp_solve.add_constraint(lp, row(0, *a), EQUAL, ctypes.c_double(b))
    status = lp_solve.solve(lp)
    if status != OPTIMAL:
        stop(1, f"lp_solve: not optimal (status {status})")
    say("OPTIMAL")
    z = (ctypes.c_double * N)()
    lp_solve.get_variables(lp, z)
    lp_solve.delete_lp(lp)
    return list(z)


compete(["lp", "bp"], load, by_linear_program(solve_one))
