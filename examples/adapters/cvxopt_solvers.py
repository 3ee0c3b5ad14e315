#!/usr/bin/python3
"""CVXOPT's interior-point methods as a contestant: lp; bp as the linear program and lasso as the
quadratic program x = u - v, u, v >= 0.
"""

from delta1_client import by_linear_program, choice, compete, find_module, say, stop

choice()


def load():
    cvxopt = find_module("cvxopt", "python3-cvxopt")
    cvxopt.solvers = find_module("cvxopt.solvers", "python3-cvxopt")
    return cvxopt


def best(options, method, *problem):
    """The solution to the least tolerance at which the method neither overflows nor gives up."""
    why = ""
    for tolerance in (1e-13, 1e-11, 1e-9, 1e-7):
        options.update(show_progress=False, abstol=tolerance, reltol=tolerance, feastol=tolerance)
        try:
            result = method(*problem)
        except (ArithmeticError, ValueError) as error:
            why = str(error)
            continue
        if result["status"] == "optimal":
            say(result["status"])
            return list(result["x"])
        why = result["status"]
    stop(1, f"cvxopt: {why}")


def minus_identity(cvxopt, count):
    return cvxopt.spmatrix(-1.0, range(count), range(count))


def linear(A, y):
    cvxopt = load()
    N = len(A[0])
    return best(cvxopt.solvers.options, cvxopt.solvers.lp, cvxopt.matrix(1.0, (N, 1)),
                minus_identity(cvxopt, N), cvxopt.matrix(0.0, (N, 1)), cvxopt.matrix(A).T,
                cvxopt.matrix(y))


def quadratic(task, A, Y):
    """lambda sum (u + v) + ||B z - y||^2, B = [A, -A], z = (u, v)."""
    cvxopt = load()
    B = cvxopt.matrix([row + [-a for a in row] for row in A]).T
    bound = minus_identity(cvxopt, 2 * task.N), cvxopt.matrix(0.0, (2 * task.N, 1))
    X = []
    for y in Y:
        q = float(task.parameter) - 2 * B.T * cvxopt.matrix(y)
        z = best(cvxopt.solvers.options, cvxopt.solvers.qp, 2 * B.T * B, q, *bound)
        X.append([u - v for u, v in zip(z[:task.N], z[task.N:])])
    return X


def solve(task, A, Y):
    return (quadratic if task.problem == "lasso" else by_linear_program(linear))(task, A, Y)


compete(["lp", "bp", "lasso"], load, solve)
