"""The delta1 process protocol for Python programs; standard library only.

    from delta1_client import Client
    client = Client()                   # reads the task from standard input
    task = client.task                  # task.problem, .m, .N, .R, .parameter, .digits, .seed, .max_n,
                                        # .network: whether a network may be the answer
    n = client.reading_precision()      # enough for the digits asked for, within the budget
    A = client.ask_A(n)                 # m rows of N Fractions, each within 2^-n of the entry
    Y = client.ask_y(n)                 # R rows of m Fractions
    a = client.entry("A", 0, 2, 100)    # one entry: A[0][2] within 2^-100
    client.answer(X)                    # R rows of N Fractions, ints, floats or strings; ends the program
    client.answer(X, status="optimal")  # the same, with the solver's own status word (at most 200 bytes count)
    client.answer(network)              # a Network phi: the answer for datum y is phi (y), judged on the exact y

A float is taken as the exact number it is. A program that cannot run calls not_installed (why), one
that is not made for the task does_not_attempt (why), both before the first question. delta1 ends the
program as soon as it has read the answer: remove temporary files before. Standard output belongs to
the protocol: print notes to standard error.

What adapters of solvers have in common is below Client:

    compete(["lasso"], load, solve)     # the whole program; solve(task, A, Y) gives X, in doubles
    compete(["lp", "bp"], load, by_linear_program(solve_one))
    compete(["lasso"], load, by_learning(train))    # train(task, A, pairs) gives a Network

load() imports or finds what is adapted, or calls not_installed. With --probe on the command line
compete only loads: exit status 0 when all is there, 77 when not. solve may call say (word) with what
the solver says of its answer: compete sends it as the status.
"""

import argparse
import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
from fractions import Fraction

if hasattr(sys, "set_int_max_str_digits"):  # Python 3.11 and later refuse long integers otherwise
    sys.set_int_max_str_digits(0)


def stop(code, why):
    """Ends the program with one line on standard error."""
    print(why, file=sys.stderr, flush=True)
    sys.exit(code)


def not_installed(why):
    stop(77, why)


def does_not_attempt(why):
    stop(78, why)


class Task:
    """What is asked. `parameter`: lambda (lasso, srlasso) or epsilon (qcbp) as a Fraction, else None;
    `max_n`: the largest precision that may be asked, None when there is no limit."""

    def __init__(self, line):
        self.problem = line["problem"]
        self.m, self.N, self.R = line["m"], line["N"], line["R"]
        value = line.get("lambda", line.get("epsilon"))
        self.parameter = None if value is None else Fraction(value)
        self.digits = line["digits"]
        self.seed = line["seed"]
        self.max_n = line.get("max_n")
        self.network = line.get("network", False)


def exact(x):
    """The number as delta1 reads it. float () also of a NumPy scalar; NaN and infinity are refused there."""
    if isinstance(x, (int, Fraction)):
        return str(Fraction(x))
    return x if isinstance(x, str) else float(x).hex()


class Network:
    """phi: layer after layer z = W x + R y + c, y the input of the network, then its units. Weights are
    floats, ints or Fractions, and mean exactly what they are."""

    def __init__(self, inputs):
        self.inputs, self.layers = inputs, []

    def add(self, weights, skip=None, bias=None, relu=False, soft=None):
        """weights: W, rows; skip: R, rows of `inputs` numbers; bias: c. relu: every z becomes max (z, 0);
        soft: a list of thresholds t >= 0, z becomes sign (z) max (|z| - t, 0). Gives the network."""
        self.layers.append({"weights": weights, "skip": skip, "bias": bias, "relu": relu, "soft": soft})
        return self

    def __call__(self, y):
        x = y
        for layer in self.layers:
            z = [sum(w * v for w, v in zip(row, x)) for row in layer["weights"]]
            if layer["skip"] is not None:
                z = [a + sum(r * v for r, v in zip(row, y)) for a, row in zip(z, layer["skip"])]
            if layer["bias"] is not None:
                z = [a + c for a, c in zip(z, layer["bias"])]
            if layer["relu"]:
                z = [max(a, 0) for a in z]
            if layer["soft"] is not None:
                z = [max(a - t, 0) - max(-a - t, 0) for a, t in zip(z, layer["soft"])]
            x = z
        return x

    def in_units(self, y_unit, x_unit):
        """y -> x_unit phi (y / y_unit) for units > 0: exact when they are powers of two. The units of a
        layer are positively homogeneous."""
        def times(factor, rows):
            return None if rows is None else [[a * factor for a in row] for row in rows]
        made = Network(self.inputs)
        for j, layer in enumerate(self.layers):
            out = x_unit if j + 1 == len(self.layers) else 1
            made.add(times(out / y_unit if j == 0 else out, layer["weights"]),
                     times(out / y_unit, layer["skip"]),
                     None if layer["bias"] is None else [c * out for c in layer["bias"]], layer["relu"],
                     None if layer["soft"] is None else [t * out for t in layer["soft"]])
        return made

    def document(self):
        """The network as doc/network.md describes it."""
        layers = []
        for layer in self.layers:
            out = {"weights": [[exact(w) for w in row] for row in layer["weights"]]}
            if layer["skip"] is not None:
                out["skip"] = [[exact(r) for r in row] for row in layer["skip"]]
            if layer["bias"] is not None:
                out["bias"] = [exact(c) for c in layer["bias"]]
            entries = list(range(len(layer["weights"])))
            if layer["relu"]:
                out["units"] = [{"unit": "relu", "entries": entries}]
            if layer["soft"] is not None:
                out["units"] = [{"unit": "soft", "entries": entries,
                                 "thresholds": [exact(t) for t in layer["soft"]]}]
            layers.append(out)
        return {"format": "delta1-network-1", "inputs": self.inputs, "layers": layers}


class Client:
    def __init__(self):
        self.task = Task(self._receive())

    def reading_precision(self):
        """53 bits more than 10^-digits has, but not above the budget."""
        n = math.ceil(max(self.task.digits, 0) * math.log2(10)) + 53
        return n if self.task.max_n is None else min(n, self.task.max_n)

    def ask_A(self, n):
        return self._sample({"ask": "A", "n": n})

    def ask_y(self, n):
        return self._sample({"ask": "y", "n": n})

    def entry(self, what, row, column, n):
        """A[row][column] for what = "A"; entry `column` of datum `row` for what = "y"."""
        names = ("i", "j") if what == "A" else ("k", "i")
        self._send({"ask": what, names[0]: row, names[1]: column, "n": n})
        return Fraction(int(self._receive()["m"]), 1 << n)

    def answer(self, X, status=None):
        """X: R rows of N numbers, or, when task.network says so, a Network; status: what the solver says
        of them. Does not return."""
        if isinstance(X, Network):
            message = {"network": X.document()}
        else:
            message = {"x": [[exact(x) for x in row] for row in X]}
        if status is not None:
            message["status"] = status.encode(errors="replace")[:200].decode(errors="ignore")
        self._send(message)
        sys.exit(0)

    def _sample(self, question):
        self._send(question)
        one = 1 << question["n"]
        return [[Fraction(int(m), one) for m in row] for row in self._receive()["m"]]

    @staticmethod
    def _send(message):
        print(json.dumps(message), flush=True)

    @staticmethod
    def _receive():
        line = sys.stdin.readline()
        if not line:
            stop(1, "standard input ended: this program is run by delta1 (--exec)")
        return json.loads(line)


# --- adapters -------------------------------------------------------------------------------------

def find_module(name, package):
    """The module, or the excuse of a program that cannot run."""
    try:
        return __import__(name, fromlist=["*"])
    except ImportError as error:
        not_installed(f"{error} (Debian: apt-get install {package})")


def find_program(name, package):
    if shutil.which(name) is None:
        not_installed(f"{name} is not found (Debian: apt-get install {package})")


said = []


def say(word):
    """What the solver says of its answer; the words of several data are joined."""
    if word not in said:
        said.append(word)


def compete(problems, load, solve, number=float):
    """Runs the adapter and does not return. load(): see above; solve(task, A, Y): the answer from A,
    m rows of N, and Y, R rows of m, of `number` (float, or Fraction: exactly what was read). A Network
    is the answer itself where the task takes one, else its values at Y are."""
    if "--probe" in sys.argv[1:]:
        load()
        sys.exit(0)
    client = Client()
    task = client.task
    if task.problem not in problems:
        name = os.path.basename(sys.argv[0])
        does_not_attempt(f"{name} solves {' and '.join(problems)}, not {task.problem}")
    load()
    n = client.reading_precision()
    A = [[number(a) for a in row] for row in client.ask_A(n)]
    Y = [[number(y) for y in row] for row in client.ask_y(n)]
    X = solve(task, A, Y)
    if isinstance(X, Network) and not task.network:
        X = [X(y) for y in Y]
    client.answer(X, status=", ".join(said) if said else None)


def choice(option=None, choices=()):
    """Reads the command line: the value of its one option, the first choice when it is not given.
    Without an option: there is none. Anything else is refused."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--probe", action="store_true", help="only see whether it is installed")
    if option is not None:
        parser.add_argument("--" + option, choices=choices, default=choices[0])
    return getattr(parser.parse_args(), option or "probe")


def by_linear_program(solve_one):
    """lp and bp from solve_one(A, y) = z that minimises sum z_j subject to A z = y, z >= 0: bp is
    the linear program x = u - v, u, v >= 0."""
    def solve(task, A, Y):
        if task.problem == "lp":
            return [solve_one(A, y) for y in Y]
        split = [row + [-a for a in row] for row in A]
        answers = [solve_one(split, y) for y in Y]
        return [[u - v for u, v in zip(z[:task.N], z[task.N:])] for z in answers]
    return solve


def write_mps(path, A, y):
    """The linear program in free MPS; 17 digits give every double back."""
    with open(path, "w") as f:
        f.write("NAME delta1 FREE\nROWS\n N cost\n")
        f.writelines(f" E r{i}\n" for i in range(len(y)))
        f.write("COLUMNS\n")
        for j in range(len(A[0])):
            f.write(f" z{j} cost 1\n")
            f.writelines(f" z{j} r{i} {row[j]:.17g}\n" for i, row in enumerate(A) if row[j] != 0)
        f.write("RHS\n")
        f.writelines(f" rhs r{i} {value:.17g}\n" for i, value in enumerate(y))
        f.write("ENDATA\n")


def write_lp(path, A, y):
    """The linear program in the LP format with fractions p/q, which is exact."""
    with open(path, "w") as f:
        f.write("Problem\n delta1\nMinimize\n cost:\n")
        f.writelines(f" + z{j}\n" for j in range(len(A[0])))
        f.write("Subject To\n")
        for i, row in enumerate(A):
            f.write(f" r{i}:\n")
            f.writelines(f" {'-' if a < 0 else '+'} {abs(a)} z{j}\n" for j, a in enumerate(row) if a != 0)
            f.write(f" = {y[i]}\n")
        f.write("End\n")


def run_solver(write, A, y, command, read, listen=None):
    """Writes the linear program to a file, runs command(model, solution), a list of words, and gives
    read(path of the solution). listen(text) hears what it printed."""
    with tempfile.TemporaryDirectory() as directory:
        model, solution = os.path.join(directory, "model"), os.path.join(directory, "solution")
        write(model, A, y)
        words = command(model, solution)
        run = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if run.returncode != 0 or not os.path.exists(solution):
            lines = (run.stdout.strip() or run.stderr.strip() or "no output").splitlines()
            stop(1, f"{words[0]} gave no solution: {lines[-1]}")
        if listen is not None:
            listen(run.stdout)
        return read(solution)


# --- learned maps ---------------------------------------------------------------------------------

def shrinkage(task, A):
    """What the parameter takes away from the length of a datum y = s a, a the longest column, before
    the rest is divided by ||a||: the minimiser is s again when ||y|| is that much larger."""
    if task.problem == "lasso":
        return float(task.parameter) / (2 * max(math.sqrt(sum(a * a for a in c)) for c in zip(*A)))
    return float(task.parameter) if task.problem == "qcbp" else 0.0


def sparse_training_set(task, A, lengths, count):
    """`count` pairs (y, x): x has one entry, sometimes two, of random size (for lp positive); y = Ax is
    scaled to one of the lengths, and x is what the shrinkage leaves of it. Pairs in which columns
    cancel each other are left out: there is a shorter x for their y."""
    rng = random.Random(task.seed)
    shift = shrinkage(task, A)
    columns = [math.sqrt(sum(a * a for a in column)) for column in zip(*A)]
    pairs = []
    while len(pairs) < count:
        x = [0.0] * task.N
        for j in rng.sample(range(task.N), min(task.N, 1 if rng.random() < 0.8 else 2)):
            x[j] = rng.uniform(0.5, 1.0) * (1 if task.problem == "lp" else rng.choice((-1, 1)))
        y = [sum(a * v for a, v in zip(row, x)) for row in A]
        norm = math.sqrt(sum(v * v for v in y))
        if norm > 0.5 * max(c * abs(v) for c, v in zip(columns, x)) > 0:
            length = rng.choice(lengths)
            pairs.append(([v / norm * length for v in y], [v / norm * max(length - shift, 0.0) for v in x]))
    return pairs


def power_of_two(sizes):
    """The least one >= all sizes; 1 when they are 0."""
    largest = max(sizes)
    return 2.0 ** math.ceil(math.log2(largest)) if largest > 0 else 1.0


def by_learning(train):
    """A Network from train(task, A, pairs) = phi, a Network with x ~ phi (y) for the pairs (y, x). All
    are given to it in units that are powers of two, so that no number is above 1, A too: A x ~ y."""
    def solve(task, A, Y):
        lengths = [length for length in (math.sqrt(sum(v * v for v in y)) for y in Y) if length > 0]
        if not lengths or not any(a != 0 for row in A for a in row):
            return [[0.0] * task.N for _ in Y]
        pairs = sparse_training_set(task, A, lengths, 2000)
        y_unit = power_of_two([abs(v) for y, x in pairs for v in y])
        x_unit = power_of_two([abs(v) for y, x in pairs for v in x])
        pairs = [([v / y_unit for v in y], [v / x_unit for v in x]) for y, x in pairs]
        matrix = [[a * x_unit / y_unit for a in row] for row in A]
        return train(task, matrix, pairs).in_units(y_unit, x_unit)
    return solve
