"""The certificates of delta1 solvers against a second implementation of doc/certificate-solver.md, in exact
fractions: delta1 verify accepts every one that is written; of their mutations none that is not sealed
again, and of those that are sealed again just those that the reference accepts. delta1-check says that the
kind is not for it. Without an argument: the test; with one: a solver that answers in that way."""
import json
import os
import re
import subprocess
import sys
import tempfile
from fractions import Fraction as F

sys.dont_write_bytecode = True
TOP = os.path.abspath(os.environ.get("top_srcdir", "."))
BUILD = os.path.abspath(os.environ.get("top_builddir", "."))
sys.path[:0] = [os.path.join(TOP, "tests", "checker"), os.path.join(TOP, "examples", "adapters")]
PROGRAM, CHECK = os.path.join(BUILD, "delta1"), os.path.join(BUILD, "delta1-check")
from certificate_files import copied, portion, write  # noqa: E402

failures = []


def solver(how):
    """In doubles: the first of the largest columns; far away; with a status that is not a word."""
    from delta1_client import Client
    client = Client()
    task = client.task
    A = [float(a) for a in client.ask_A(min(60, task.max_n or 60))[0]]
    best = A.index(max(A))
    x = [0.0] * task.N
    shrink = float(task.parameter) / (2 * A[best]) if task.parameter else 0.0
    x[best] = (1 - shrink) / A[best]
    if how == "far":
        x[0] += 1e10
    client.answer([x], status={"doubles": "optimal", "far": 'p\u00e4ivi "\\\x1b[31m'}.get(how))


# --- the reference --------------------------------------------------------------------------------

def decide(x):
    """Raises Bad unless the certificate is readable and true."""
    from make_certificates import array, count, hash_answers, members, need, number, seal, text
    need(type(x) is dict, "object")
    need(x.get("format") == "delta1-certificate" and type(x.get("version")) is int
         and x["version"] == 1 and x.get("kind") == "solver", "format")
    members(x, "format version kind family input solution run transcript output claim sha256")
    need(x["sha256"] == seal(dict(x))["sha256"], "seal")
    family = members(x["family"], "name exponent larger")
    need(family["name"] in ("lp", "lasso") and family["larger"] in ("last", "first"), "family")
    lp = family["name"] == "lp"
    c = F(1, 2) if lp else F(1)
    A = [c, c + F(1, 2) ** count(family["exponent"], 1, 100000)]
    if family["larger"] == "first":
        A.reverse()
    A += [F(-1)] if lp else []
    N = len(A)

    def row(value, size):
        return [number(v) for v in array(array(value, 1)[0], size)]
    members(x["input"], "matrix data parameter")
    need(row(x["input"]["matrix"], N) == A and row(x["input"]["data"], 1) == [1], "input")
    if lp:
        need(x["input"]["parameter"] is None, "parameter")
    else:
        need(number(x["input"]["parameter"]) == F(1, 2), "parameter")

    solution = members(x["solution"], "support x dual slack")
    j = count(array(solution["support"], 1)[0], 0, N - 1)
    z, (p,), slack = row(solution["x"], N), row(solution["dual"], 1), row(solution["slack"], N)
    need(all(z[i] == 0 for i in range(N) if i != j), "x off the support")
    rest = 1 - sum(a * v for a, v in zip(A, z))
    if lp:
        need(rest == 0 and z[j] > 0, "x is not feasible")
        need(slack == [1 - a * p for a in A], "reduced costs")
    else:
        need(p == 2 * rest, "dual")
        need(slack == [F(1, 2) - abs(a * p) for a in A], "slack")
        need(z[j] != 0 and A[j] * p == (F(1, 2) if z[j] > 0 else -F(1, 2)), "sign")
    need(A[j] != 0 and slack[j] == 0 and all(slack[i] > 0 for i in range(N) if i != j), "not strict")

    run = members(x["run"], "program oracle seed status")
    need(run["status"] is None or len(text(run["status"]).encode()) <= 200, "status")
    need(run["oracle"] == "nearest" and re.fullmatch("[0-9]+", text(run["seed"])), "labels")
    text(run["program"])

    transcript = members(x["transcript"], "sha256 answers")
    for answer in array(transcript["answers"]):
        kind, first, second, n, q = array(answer, 5)
        need(kind in ("A", "y"), "kind of answer")
        count(first, 0, 0)
        count(second, 0, N - 1 if kind == "A" else 0)
        q = number(q)
        need((q * 2 ** count(n, 1, 10**8)).denominator == 1, "not in D_n")
        need(abs(q - (A[second] if kind == "A" else 1)) <= F(1, 2**n), "not legal")
    need(transcript["sha256"] == hash_answers(transcript["answers"]), "hash of the transcript")

    claim = members(x["claim"], "digits verdict error")
    d = sum((a - b) ** 2 for a, b in zip(row(x["output"], N), z))
    low, high = (number(e, "id") for e in array(claim["error"], 2))
    need(0 <= low and 0 <= high and low**2 <= d <= high**2, "error")
    need(claim["verdict"] in ("wrong", "correct"), "verdict")
    need((d > F(10) ** (-2 * count(claim["digits"], 1, 4 * 10**7))) == (claim["verdict"] == "wrong"), "false")


def accepts(x):
    from make_certificates import Bad
    try:
        decide(x)
        return True
    except Bad:
        return False


# --- mutations ------------------------------------------------------------------------------------

def with_solution(x, A, y, parameter, z, p, j):
    """x for another input and another point, with what follows from them: slack, error, verdict; a solver
    that asked nothing."""
    from make_certificates import decimal_root, hash_answers
    lasso = x["family"]["name"] == "lasso"
    out = copied(x)
    out["input"] = {"matrix": [[str(a) for a in A]], "data": [[str(y)]],
                    "parameter": str(parameter) if lasso else None}
    out["solution"] = {"support": [j], "x": [[str(v) for v in z]], "dual": [[str(p)]],
                       "slack": [[str(parameter - abs(a * p) if lasso else 1 - a * p) for a in A]]}
    out["transcript"] = {"sha256": hash_answers([]), "answers": []}
    answer = [F(2)] + [F(0)] * (len(A) - 1)
    d = sum((a - b) ** 2 for a, b in zip(answer, z))
    out["output"] = [[str(v) for v in answer]]
    out["claim"].update(verdict="wrong" if d > F(1, 10**12) else "correct",
                        error=[decimal_root(d, False), decimal_root(d, True)])
    return out


def planted(x):
    """False in one place only, all else made to fit."""
    lasso, j = x["family"]["name"] == "lasso", x["solution"]["support"][0]
    A = [F(a) for a in x["input"]["matrix"][0]]
    half = F(1, 2)

    def minimiser(A, y, parameter, j):
        z = [F(0)] * len(A)
        z[j] = (y - parameter / (2 * A[j])) / A[j] if lasso else y / A[j]
        return with_solution(x, A, y, parameter, z, parameter / A[j] if lasso else 1 / A[j], j)
    z, p = [F(0)] * len(A), half / A[j] if lasso else 1 / A[j]
    z[j] = (1 - 1 / (4 * A[j])) / A[j] if lasso else 1 / A[j]
    yield "nothing", True, minimiser(A, F(1), half, j)
    other = 1 - j
    for what, factor in (("the smaller column", other), ("the larger column", j)):
        B = list(A)
        B[factor] *= F(1025, 1024) if factor == j else F(1023, 1024)
        yield what, False, minimiser(B, F(1), half, j)
    yield "the datum", False, minimiser(A, F(2), half, j)
    if lasso:
        yield "lambda", False, minimiser(A, F(1), F(1, 4), j)
    else:
        yield "the third column", False, minimiser(A[:2] + [F(-2)], F(1), half, j)
        # feasible, with all slacks right, but negative
        yield "a negative vertex", False, with_solution(x, A, F(1), half, [F(0), F(0), F(-1)], F(-1), 2)
    yield "the smaller column's vertex", False, minimiser(A, F(1), half, other)
    # another point with the same Ax
    v = list(z)
    v[other] += 1
    if lasso:
        v[j] -= A[other] / A[j]
    else:
        v[2] += A[other]
    yield "entries off the support", False, with_solution(x, A, F(1), half, v, p, j)
    # a slack that is not 0 on the support
    v = list(z)
    if lasso:
        v[j] = (1 - 1 / (8 * A[j])) / A[j]
    yield "a dual that is not tight", False, with_solution(x, A, F(1), half, v, p / 2, j)
    v = list(z)
    v[j] *= 2
    yield "a multiple of the minimiser", False, with_solution(x, A, F(1), half, v, p, j)
    if lasso:
        v[j] = (1 + 1 / (4 * A[j])) / A[j]
        yield "the wrong sign", False, with_solution(x, A, F(1), half, v, -half / A[j], j)


def mutations(x):
    """Those of the barrier's certificates, and what is particular here."""
    import test_checker as checker
    from make_certificates import reseal
    yield from checker.mutations(x)
    for name, value in (("name", "lp"), ("name", "lasso"), ("larger", "first"), ("larger", "last")):
        if x["family"][name] != value:
            yield ("family", name), value, checker.replaced(x, ("family", name), value)
    # Every other part exchanged for that of the input with the other order, or with another exponent.
    for part in ("input", "solution", "transcript", "output"):
        y = copied(x)
        for row in (y["input"]["matrix"], y["solution"]["x"], y["solution"]["slack"], y["output"]):
            row[0][0], row[0][1] = row[0][1], row[0][0]
        y["solution"]["support"] = [1 - x["solution"]["support"][0]]
        for answer in y["transcript"]["answers"]:
            if answer[0] == "A" and answer[2] < 2:
                answer[2] = 1 - answer[2]
        yield (part,), "other order", checker.replaced(x, (part,), y[part])
    # A point that is no minimiser, with the slack that belongs to its dual.
    column = x["solution"]["support"][0]
    A = [F(a) for a in x["input"]["matrix"][0]]
    other = 1 - column
    for p in (1 / A[other], F(0), -1 / A[column]):
        y = copied(x)
        lasso = x["family"]["name"] == "lasso"
        y["solution"].update(support=[other], dual=[[str(p)]],
                             slack=[[str(F(1, 2) - abs(a * p) if lasso else 1 - a * p) for a in A]])
        y["solution"]["x"][0] = ["0"] * len(A)
        y["solution"]["x"][0][other] = str((1 - p / 2) / A[other] if lasso else 1 / A[other])
        yield ("solution",), "the other column, p = %s" % p, y
    for what, truth, y in planted(x):
        if accepts(reseal(copied(y))) != truth:
            sys.exit("the reference is wrong about %s" % what)
        yield (), what, y
    for verdict in ("wrong", "correct"):
        yield ("claim",), "no digits, " + verdict, checker.replaced(x, ("claim",), dict(
            x["claim"], digits=0, verdict=verdict))
    for status in ("", "x" * 200, "x" * 201, "\u00e9" * 101, 7, None, ["optimal"]):
        yield ("run", "status"), repr(status), checker.replaced(x, ("run", "status"), status)


def lines_of(program, certificates):
    paths = write([json.dumps(x) for x in certificates])
    result = subprocess.run([program, *(["verify"] if program == PROGRAM else []), *paths],
                            capture_output=True, text=True, check=False)
    lines = result.stdout.splitlines()
    if result.returncode not in (0, 1, 2, 3) or len(lines) != len(paths) or result.stderr:
        sys.exit("%s: status %d, %d lines for %d files: %s" % (program, result.returncode, len(lines),
                                                               len(paths), result.stderr[-2000:]))
    return [line[len(path) + 2:] for path, line in zip(paths, lines)]


def written(directory):
    """What delta1 solvers writes."""
    commands = []
    for how in ("doubles", "far", "silent"):
        commands += ["--exec", f"{sys.executable} {os.path.abspath(__file__)} {how}"]
    for first, last in ((1, 3), (26, 26), (53, 54)):
        done = subprocess.run(
            [PROGRAM, "solvers", "--from", str(first), "--to", str(last), "--certificates", directory,
             "--trainer", "separate", "--trainer", "simplex", "--trainer", "homotopy", "--trainer", "ista",
             *commands], capture_output=True, text=True, check=False)
        if done.returncode != 0 or done.stderr:
            sys.exit("delta1 solvers: %d: %s" % (done.returncode, done.stderr))
    certificates = []
    for name in sorted(os.listdir(directory)):
        with open(os.path.join(directory, name), encoding="utf-8") as f:
            certificates.append((name, json.load(f)))
    return certificates


def fail(name, *more):
    failures.append(name)
    print("FAILED:", name, *more)


def main():
    import test_checker as checker
    from make_certificates import reseal
    with tempfile.TemporaryDirectory() as directory:
        every = written(directory)
    # 6 exponents, 2 orders, 3 built-in and 3 external solvers for lasso, 2 and 3 for lp
    if len(every) != 6 * 2 * (6 + 5):
        fail("%d certificates" % len(every))
    verdicts = {x["claim"]["verdict"] for _, x in every}
    if verdicts != {"wrong", "correct"}:
        fail("verdicts", verdicts)
    for (name, x), line in zip(every, lines_of(PROGRAM, [x for _, x in every])):
        if not line.startswith("accepted: ") or not accepts(x):
            fail(name, "not accepted:", line)
    for line in lines_of(CHECK, [x for _, x in every[:3]]):
        if not line.startswith("unreadable: ") or "kind" not in line:
            fail("delta1-check:", line)
    names = ("lp-01-simplex-first-003", "lasso-02-homotopy-last-002", "lp-04-.*-last-054", "lasso-05-.*-first-001",
             "lasso-03-ista-last-026")
    chosen = [(name, x) for name, x in every for wanted in names if re.match(wanted, name)]
    if len(chosen) != len(names):
        fail("%d of %d are there" % (len(chosen), len(names)))
    count = true = 0
    for name, x in chosen:
        original = json.dumps(x, sort_keys=True)
        changed = portion([entry for entry in mutations(x) if json.dumps(entry[2], sort_keys=True) != original])
        for (path, what, _), line in zip(changed, lines_of(PROGRAM, [y for _, _, y in changed])):
            if line.startswith("accepted"):
                fail(name, "unsealed:", checker.pattern(path), what, line)
        sealed = [(path, what, reseal(copied(y))) for path, what, y in changed]
        sealed = [entry for entry in sealed if json.dumps(entry[2], sort_keys=True) != original]
        for (path, what, y), line in zip(sealed, lines_of(PROGRAM, [y for _, _, y in sealed])):
            truth = accepts(y)
            true += truth
            if line.startswith("accepted") != truth:
                fail(name, checker.pattern(path), what, "reference says", truth, line)
            if truth and path and path[0] in ("family", "input", "solution", "format", "kind", "version") \
                    and not what.startswith("number"):
                fail(name, checker.pattern(path), what, "left the certificate true")
        count += len(changed) + len(sealed)
    print("%d mutations of %d certificates, %d of them true, %d failures" % (count, len(every), true,
                                                                            len(failures)))
    return 1 if failures else 0


if __name__ == "__main__":
    if len(sys.argv) > 1:
        solver(sys.argv[1])
    sys.exit(main())
