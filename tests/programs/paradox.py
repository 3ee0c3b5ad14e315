#!/usr/bin/env python3
"""delta1 paradox from outside, and its certificates against a second implementation of
doc/certificate-paradox.md in exact fractions: `delta1 verify` and delta1-check-paradox accept a resealed
mutation if and only if the reference accepts it, and no unsealed one."""
import glob
import json
import os
import subprocess
import sys
import tempfile
from fractions import Fraction as F

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "tests", "checker"))
import make_certificates as reference  # noqa: E402
import test_checker as checker  # noqa: E402
from certificate_files import copied, portion, write  # noqa: E402
from make_certificates import Bad, array, count, members, need, number, reseal, text  # noqa: E402

DELTA1 = os.path.abspath(os.path.join(os.environ.get("top_builddir", "."), "delta1"))
CHECKERS = [[DELTA1, "verify"], [DELTA1 + "-check-paradox"]]
VERDICTS = {"accepted": 0, "refused": 1, "unreadable": 3}
failures = []
checker.ENUMS = {"verdict": ("broken", "unbroken", "inaccurate", "stable", "not minimal"),
                 "kind": ("run", "paradox"), "unit": ("relu", "modulus", "square")}


def fail(*what):
    failures.append(what)
    print("FAILED:", *what)


# --- the second implementation ---------------------------------------------------------------------

UNITS = {"relu": lambda z: max(z, F(0)), "modulus": abs}


def read_network(x):
    need(type(x) is dict, "network")
    if "sha256" in x:
        need(reference.seal(dict(x))["sha256"] == x["sha256"], "seal of the network")
        x = {k: v for k, v in x.items() if k != "sha256"}
    members(x, "format inputs layers")
    need(x["format"] == "delta1-network-1", "format")
    m = before = count(x["inputs"], 1)
    layers = []
    for layer in array(x["layers"]):
        need(type(layer) is dict and "weights" in layer
             and set(layer) <= {"weights", "skip", "bias", "units"}, "layer")
        W = [[number(w) for w in array(row, before)] for row in array(layer["weights"])]
        need(len(W) > 0, "width")
        R = [[number(w) for w in array(row, m)] for row in array(layer["skip"], len(W))] if "skip" in layer else None
        c = [number(w) for w in array(layer["bias"], len(W))] if "bias" in layer else [F(0)] * len(W)
        units = [None] * len(W)
        for group in array(layer.get("units", [])):
            members(group, "unit entries")
            need(group["unit"] in UNITS, "unit")
            for i in array(group["entries"]):
                need(units[count(i, 0, len(W) - 1)] is None, "entry twice")
                units[i] = group["unit"]
        layers.append((W, R, c, units))
        before = len(W)
    need(layers, "layers")
    return m, layers


def evaluate(network, y):
    x = y
    for W, R, c, units in network[1]:
        z = [sum((w * v for w, v in zip(row, x)), b) for row, b in zip(W, c)]
        if R is not None:
            z = [v + sum(w * u for w, u in zip(row, y)) for v, row in zip(z, R)]
        x = [v if unit is None else UNITS[unit](v) for v, unit in zip(z, units)]
    return x[0]


def constant(network, low, high, value):
    """Whether a network of one hidden ReLU layer that sees x_1 only has this value on [low, high]."""
    m, layers = network
    need(len(layers) == 2 and all(R is None for _, R, _, _ in layers), "kind of network")
    W, _, b, units = layers[0]
    need(all(u == "relu" for u in units) and all(not any(row[1:]) for row in W), "kind of network")
    kinks = sorted({-c / row[0] for row, c in zip(W, b) if row[0]} | {low, high})
    points = [t for t in kinks if low <= t <= high]
    return all(evaluate(network, [t] + [F(0)] * (m - 1)) == value for t in points)


def decide(x):
    need(type(x) is dict, "object")
    claim = x.get("claim")
    need(type(claim) is dict and type(claim.get("verdict")) is str, "claim")
    training = claim.get("verdict") == "not minimal"
    members(x, "format version kind family program network claim sha256" + (" transcript" if training else ""))
    need(reference.seal(dict(x))["sha256"] == x["sha256"], "seal")
    need(x["format"] == "delta1-certificate" and x["version"] == 1 and type(x["version"]) is int
         and x["kind"] == "paradox", "kind")
    text(x["program"])
    family = members(x["family"], "name points delta widths")
    need(family["name"] == "paradox", "family")
    K, delta = count(family["points"], 2, 10**6), number(family["delta"])
    widths = [count(n, 1, 2**20) for n in array(family["widths"])]
    need(2 <= len(widths) <= 1001 and widths[0] >= 2 and widths[-1] == 1 and delta >= 0, "family")
    P = 1
    for n in widths[1:-1]:
        P *= n + 1
    network = read_network(x["network"])
    need([network[0]] + [len(layer[0]) for layer in network[1]] == widths, "architecture")
    need(all(u is None for u in network[1][-1][3]), "last layer")
    points = range(2, K + 2)

    def value(k, height):
        return evaluate(network, [F(2, 2 * k - 1), height] + [F(0)] * (widths[0] - 2))

    if claim["verdict"] == "stable":
        members(claim, "verdict theta")
        radius = number(claim["theta"]) / ((K + 1) * (2 * K + 1))
        need(radius >= 0, "theta")
        need(all(constant(network, F(2, 2 * k - 1) - radius, F(2, 2 * k - 1) + radius, k % 2)
                 for k in points), "constant")
        return True
    if training:
        members(claim, "verdict tolerance")
        answers = reference.transcript_of(x["transcript"])
        for kind, i, j, n, q in (array(a, 5) for a in answers):
            need(kind in ("A", "y"), "kind of answer")
            count(n, 1, 10**8)
            count(i, 0, (K if kind == "y" else widths[0]) - 1)
            count(j, 0, (widths[0] if kind == "y" else 1) - 1)
            k = i + 2
            true = F(0) if kind == "A" or j > 1 else F(2, 2 * k - 1) if j == 0 else delta * (k % 2)
            need((number(q) * 2**n).denominator == 1 and abs(number(q) - true) <= F(1, 2**n), "legal")
        tolerance = number(claim["tolerance"])
        need(tolerance >= 0 and (delta > 0 or P < K - 1), "least loss")
        loss = max(abs(value(k, delta * (k % 2)) - k % 2) for k in points)
        need(loss > tolerance + (0 if delta > 0 else F(1, 2)), "loss")
        return True
    members(claim, "verdict correct broken line floor")
    at = {k: [(value(k, h) >= F(1, 2)) == (k % 2 == 1) for h in (delta * (k % 2), delta * (k % 2 - 1), F(0))]
          for k in points}
    correct = sum(a[0] for a in at.values())
    broken = [sum(a[0] and not a[1] for k, a in at.items() if k % 2 == label) for label in (0, 1)]
    line = sum(not a[2] for a in at.values())
    name = "inaccurate" if correct < K else "broken" if any(broken) else "unbroken"
    true = {"verdict": name, "correct": correct, "broken": broken, "line": line,
            "floor": max(0, -((P + 1 - K) // 2))}
    need(json.dumps(claim, sort_keys=True) == json.dumps(true, sort_keys=True), "counts")
    return True


def accepts(x):
    try:
        return decide(x)
    except Bad:
        return False


# --- against delta1 --------------------------------------------------------------------------------

def verify(certificates):
    """For each certificate the lines of the checkers, and whether each accepts it."""
    paths = write([json.dumps(x) for x in certificates])
    every = []
    for command in CHECKERS:
        done = subprocess.run([*command, *paths], capture_output=True, text=True, check=False)
        lines = [line[len(path) + 2:] for path, line in zip(paths, done.stdout.splitlines())]
        if len(done.stdout.splitlines()) != len(paths) or done.stderr:
            sys.exit("%s: %d lines for %d files: %s" % (command, len(lines), len(paths), done.stderr[-2000:]))
        codes = {VERDICTS.get(line.split(":")[0], -1) for line in lines} or {0}
        if done.returncode != next((c for c in (3, 1, 0) if c in codes), -1) or -1 in codes:
            fail(command, "exit status", done.returncode, "with", codes)
        for line in lines:
            if "was stopped" in line:
                fail(command, line)
        every.append(lines)
    return [(list(lines), [line.startswith("accepted:") for line in lines]) for lines in zip(*every)]


def by_itself(certificate):
    """What only the command line of delta1-check-paradox can show, and files that no mutation makes."""
    def expect(code, output, *arguments):
        done = subprocess.run([*CHECKERS[1], *arguments], capture_output=True, text=True, check=False)
        if done.returncode != code or output not in done.stdout + done.stderr:
            fail("delta1-check-paradox", arguments, done.returncode, done.stdout, done.stderr)
        return done.stdout

    x = copied(certificate)
    x["family"]["points"] += 1
    run = reseal(dict(copied(certificate), kind="run"))
    good = json.dumps(certificate).encode()
    with tempfile.TemporaryDirectory() as directory:
        paths = write([good, json.dumps(reseal(x)).encode(), json.dumps(run).encode(), good[:-9],
                       good[:-1] + b', "program": ""}', b"[]", b""])
        expect(0, "Usage: delta1-check-paradox", "--help")
        expect(0, "delta1-check-paradox ", "--version")
        expect(3, "Usage: ")
        expect(3, "Usage: ", "--unknown", paths[0])
        expect(0, ": accepted: ", paths[0])
        expect(1, ": refused: ", paths[0], paths[1])
        for path in paths[2:] + [directory, directory + "/none"]:
            expect(3, path + ": unreadable: ", paths[1], path)
            if expect(3, "", "--quiet", paths[1], path):
                fail("--quiet is not quiet")


def extremes(certificate):
    """Certificates of by_hand changed so that truth turns on one number or one unit."""
    x = copied(certificate)
    x["network"]["layers"][0]["skip"] = [["0", "-1/7"], ["-1/3", "0"]]
    x["network"]["layers"][0]["units"] = [{"unit": "modulus", "entries": [1]}]
    x["network"]["layers"][1].update(weights=[["-3", "0x1.8p1"]], skip=[["-2", "0"]])
    x["network"] = reference.seal(x["network"])
    delta = number(x["family"]["delta"])
    loss = max(abs(evaluate(read_network(x["network"]), [F(2, 2 * k - 1), delta * (k % 2)]) - k % 2)
               for k in range(2, x["family"]["points"] + 2))
    for tolerance in (F(0), loss / 2, loss - F(1, 10**30), loss, loss + F(1, 10**30), 2 * loss):
        y = copied(x)
        y["claim"]["tolerance"] = str(tolerance)
        yield "loss above %s" % tolerance, reference.seal(y)
    y = copied(x)
    y["network"]["sha256"] = "0" * 64
    yield "a false seal inside", reference.seal(y)
    y = copied(certificate)
    y["transcript"]["sha256"] = "0" * 64
    yield "a false hash of the answers", reference.seal(y)
    y = copied(certificate)
    y["network"]["layers"][1]["units"] = [{"unit": "relu", "entries": [0]}]
    yield "a unit in the last layer", reference.seal(y)
    y = copied(certificate)
    y["claim"]["tolerance"] = "-1/8"
    yield "a tolerance below 0", reference.seal(y)
    for points in (4, 5):
        y = copied(certificate)
        y["family"].update(delta="0", points=points)
        y["network"]["layers"][1]["bias"] = ["3/4"]
        yield "T_0, P = 3, K = %d" % points, reference.seal(y)
    y = constant_half(certificate)
    y["family"]["points"] = 10
    y["claim"].update(correct=5)
    yield "P is 3", reference.seal(y)
    y = constant_half(certificate)
    yield "1/2 is class 1, an odd number of pairs", reference.seal(y)
    y = constant_half(certificate)
    y["claim"].update(correct=5, line=4)
    yield "1/2 is not class 0", reference.seal(y)
    for theta in ("0", "1", str(1 + F(1, 10**30)), "2", "5"):
        yield "stable, " + theta, step(certificate, theta, [])
    for place in ("2/3", "2/5", "1/3", "8/15"):  # in and at the end of an interval, and outside
        yield "stable with a tent at " + place, step(certificate, "1", [
            (str(w), "20000", str(20000 * (at - F(place)))) for w, at in ((1, F(1, 10**4)), (-2, 0), (1, F(-1, 10**4)))])
    yield "false at the left end only", step(certificate, "1", [], slope="-5", bias="10/3")
    yield "false at the right end only", step(certificate, "1", [], slope="-5", bias="3")
    yield "intervals that meet", step(certificate, "3", [], slope="-15/4", bias="7/4")
    y = step(certificate, "1", [])
    y["network"]["layers"][1]["skip"] = [["0", "1"]]
    yield "stable with a skip connection", reference.seal(y)


def constant_half(certificate):
    y = copied(certificate)
    y.pop("transcript")
    y["family"]["points"] = 9
    y["claim"] = {"verdict": "inaccurate", "correct": 4, "broken": [0, 0], "line": 5, "floor": 3}
    return y


def step(certificate, theta, more, slope="-15/2", bias="9/2"):
    """1 up to a place (7/15) and 0 from another (3/5), by units of slope below 0, with a constant unit, and more units."""
    units = [("1", slope, bias), ("-1", slope, str(F(bias) - 1)), ("3", "0", "2"), ("5", "0", "-2")] + more
    y = copied(certificate)
    y.pop("transcript")
    y["family"] = {"name": "paradox", "points": 2, "delta": "1/16", "widths": [2, len(units), 1]}
    y["claim"] = {"verdict": "stable", "theta": theta}
    y["network"]["layers"] = [
        {"weights": [[a, "0"] for _, a, _ in units], "bias": [b for _, _, b in units],
         "units": [{"unit": "relu", "entries": list(range(len(units)))}]},
        {"weights": [[w for w, _, _ in units]], "bias": ["-6"]}]
    return reference.seal(y)


def by_hand():
    """Constant 1/2 of an architecture with P = 3, read as T_0: not minimal on T_{1/16}."""
    layer = {"weights": [["0", "0"], ["0", "0"]], "units": [{"unit": "relu", "entries": [0, 1]}]}
    last = {"weights": [["0", "0"]], "bias": ["1/2"]}
    answers = [["y", 1, 1, 4, "0"], ["y", 1, 0, 2, "1/2"], ["y", 0, 1, 9, "0"], ["A", 1, 0, 3, "0"]]
    x = {"format": "delta1-certificate", "version": 1, "kind": "paradox",
         "family": {"name": "paradox", "points": 8, "delta": "1/16", "widths": [2, 2, 1]},
         "program": "by hand", "network": {"format": "delta1-network-1", "inputs": 2, "layers": [layer, last]},
         "claim": {"verdict": "not minimal", "tolerance": "1/8"},
         "transcript": {"sha256": reference.hash_answers(answers), "answers": answers}}
    yield "T_delta", reference.seal(x)
    y = copied(x)
    y["family"]["delta"] = "0"
    y["network"]["layers"][1]["bias"] = ["3/4"]
    yield "T_0", reference.seal(y)


def contestant(n):
    """Reads the height of p_3 to precision n: x_2 over it through ReLU, or the constant 1/2 when it is 0."""
    task = json.loads(sys.stdin.readline())
    need(task["problem"] == "supervised" and task["network"] and task["m"] == task["widths"][0], "task")
    need([row[0] for row in task["targets"]] == [str(k % 2) for k in range(2, task["R"] + 2)], "targets")
    print(json.dumps({"ask": "y", "k": 1, "i": 1, "n": n}), flush=True)
    height = F(int(json.loads(sys.stdin.readline())["m"]), 2**n)
    layers = []
    for j in range(1, len(task["widths"])):
        W = [["0"] * task["widths"][j - 1] for _ in range(task["widths"][j])]
        layers.append({"weights": W})
        if j + 1 < len(task["widths"]):
            layers[-1]["units"] = [{"unit": "relu", "entries": list(range(len(W)))}]
        if height:
            W[0][1 if j == 1 else 0] = str(1 / height) if j == 1 else "1"
        elif j + 1 == len(task["widths"]):
            layers[-1]["bias"] = ["1/2"]
    print(json.dumps({"network": {"format": "delta1-network-1", "inputs": task["m"], "layers": layers}}))


def play(directory, *options):
    """delta1 paradox against the contestant, and its certificates; what it prints."""
    command = "%s %s contestant" % (sys.executable, os.path.abspath(__file__))
    done = subprocess.run([DELTA1, "paradox", "--widths", "3,2,2,1", "--points", "14", "--exponent", "9", "--exec",
                           command, "--runs", "2", "--certificates", directory, *options],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0 or done.stderr:
        sys.exit("delta1 paradox --exec: %d %s %s" % (done.returncode, done.stdout, done.stderr))
    return done.stdout


def contests(directory):
    out = play(directory + "/honest")
    if "2 runs: 2 accurate; of each of these at least 7" not in out:
        fail("honest data:", out)
    out = play(directory + "/adversary", "--adversary")
    if "2 runs: 2 beaten" not in out or "asked up to n = 30" not in out:
        fail("the adversary:", out)
    out = play(directory + "/poor", "--adversary", "--max-precision", "29")
    if "2 runs: 0 beaten, 2 without a network" not in out:
        fail("a budget of 29:", out)
    for path in sorted(glob.glob(directory + "/*/program-*.json")):
        with open(path, encoding="utf-8") as f:
            x = json.load(f)
        if x["claim"]["verdict"] != "not minimal" or number(x["family"]["delta"]) != F(1, 2**30):
            fail("what is revealed:", path)
        yield path[len(directory):], x


def from_file(where, options):
    """The network of a certificate, given with --network: the same counts."""
    with open(where + "/unstable.json", encoding="utf-8") as f:
        network = json.load(f)["network"]
    with open(where + "/given.network", "w", encoding="utf-8") as f:
        json.dump(network, f)
    done = subprocess.run([DELTA1, "paradox", *options, "--network", where + "/given.network"], capture_output=True,
                          text=True, check=False)
    counts = [line.split(": ", 1)[1] for line in done.stdout.splitlines() if ": broken: " in line]
    if done.returncode != 0 or len(counts) < 2 or len(set(counts[:2])) != 1:
        fail("--network:", done.returncode, done.stdout, done.stderr)


def true_certificates(directory):
    for i, options in enumerate([
            ["--widths", "2,2,1", "--points", "9"], ["--widths", "3,2,2,1", "--points", "5", "--train", "adam"],
            ["--widths", "2,1", "--points", "4", "--theta", "1/3", "--train", "sgd", "--steps", "10", "--runs", "2"]]):
        where = os.path.join(directory, str(i))
        done = subprocess.run([DELTA1, "paradox", *options, "--certificates", where], capture_output=True,
                              text=True, check=False)
        if done.returncode != 0 or done.stderr:
            sys.exit("delta1 paradox %s: %d %s" % (" ".join(options), done.returncode, done.stderr))
        for path in sorted(glob.glob(where + "/*.json")):
            with open(path, encoding="utf-8") as f:
                yield path[len(directory):], json.load(f)
        from_file(where, options)
    yield from by_hand()
    yield from contests(directory)


def main():
    mutated = true = 0
    with tempfile.TemporaryDirectory() as directory:
        every = list(true_certificates(directory))
    by_itself(every[0][1])
    turning = list(extremes(next(by_hand())[1]))
    truths = [accepts(x) for _, x in turning]
    if [int(t) for t in truths] != [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]:
        fail("extremes:", truths)
    for (name, _), truth, (lines, accepted) in zip(turning, truths, verify([x for _, x in turning])):
        if accepted != [truth] * len(CHECKERS):
            fail("extremes:", name, "reference says %s:" % truth, *lines)
    for name, x in every:
        if not accepts(x):
            fail("the reference refuses", name)
        lines, accepted = verify([x])[0]
        if not all(accepted):
            fail("refused:", name, *lines)
        original = json.dumps(x, sort_keys=True)
        changed = portion([m for m in checker.mutations(x) if json.dumps(m[2], sort_keys=True) != original])
        for (path, what, _), (lines, accepted) in zip(changed, verify([y for _, _, y in changed])):
            if any(accepted):
                fail("unsealed:", name, checker.pattern(path), what, *lines)
        sealed = [(p, w, reseal(copied(y))) for p, w, y in changed if type(y) is dict]
        for (path, what, y), (lines, accepted) in zip(sealed, verify([y for _, _, y in sealed])):
            truth = accepts(y)
            true += truth
            if accepted != [truth] * len(CHECKERS):
                fail("resealed:", name, checker.pattern(path), what, "reference says %s:" % truth, *lines)
        mutated += len(changed) + len(sealed)
    print("%d certificates, %d mutations (%d still true), %d failures" % (len(every), mutated, true, len(failures)))
    return 1 if failures or len(every) < 13 else 0


if __name__ == "__main__":
    if sys.argv[1:] == ["contestant"]:
        contestant(30)
    else:
        sys.exit(main())
