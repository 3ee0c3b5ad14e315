"""The delta1 process protocol for Python programs; standard library only.

    from delta1_client import Client
    client = Client()                   # reads the task from standard input
    task = client.task                  # task.problem, .m, .N, .R, .parameter, .digits, .seed, .max_n
    n = client.reading_precision()      # enough for the digits asked for, within the budget
    A = client.ask_A(n)                 # m rows of N Fractions, each within 2^-n of the entry
    Y = client.ask_y(n)                 # R rows of m Fractions
    a = client.entry("A", 0, 2, 100)    # one entry: A[0][2] within 2^-100
    client.answer(X)                    # R rows of N Fractions, ints, floats or strings; ends the program

A float is taken as the exact number it is. A program that cannot run calls not_installed (why), one
that is not made for the task does_not_attempt (why), both before the first question. delta1 ends the
program as soon as it has read the answer: remove temporary files before. Standard output belongs to
the protocol: print notes to standard error.
"""

import json
import math
import sys
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

    def answer(self, X):
        """X: R rows of N numbers. Does not return."""
        self._send({"x": [[self._text(x) for x in row] for row in X]})
        sys.exit(0)

    @staticmethod
    def _text(x):
        if isinstance(x, (int, Fraction)):
            return str(Fraction(x))
        # float () also of a NumPy scalar. A hex float is exact; NaN and infinity are refused by delta1.
        return x if isinstance(x, str) else float(x).hex()

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
