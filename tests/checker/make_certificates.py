"""Certificates of the tie family: a second implementation of doc/certificate.md, in exact fractions.

build(...) makes a true certificate; accepts(certificate) decides one (True, False, or None when only
the legality of answers with mixing dct is left open). Neither shares anything with delta1.
"""
import hashlib
import json
import math
import re
from fractions import Fraction as F

from certificate_files import copied

PROBLEMS = ("srlasso", "lasso", "qcbp", "bp", "lp")


class Bad(Exception):
    """The certificate is unreadable or false."""


def need(truth, why):
    if not truth:
        raise Bad(why)


def number(text, forms="ixfdh"):
    need(type(text) is str, "not a string")
    match = re.fullmatch(
        r"(?P<i>-?[0-9]+)|(?P<x>-?0[xX][0-9a-fA-F]+)|(?P<f>-?[0-9]+/[0-9]+)"
        r"|(?P<d>-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?)"
        r"|-?0[xX](?P<h>[0-9a-fA-F]+)(\.(?P<part>[0-9a-fA-F]+))?[pP](?P<e>[+-]?[0-9]+)", text)
    need(match is not None, "not a number")
    form = next(f for f in "ixfdh" if match[f] is not None)
    need(form in forms, "form of the number")
    if form == "x":
        return F(int(text, 16))
    if form == "h":
        part = match["part"] or ""
        value = F(int(match["h"] + part, 16)) * F(2) ** (int(match["e"]) - 4 * len(part))
        return -value if text[0] == "-" else value
    need(form != "f" or int(text.split("/")[1]) != 0, "zero denominator")
    return F(text)


def hex_float(m, n):
    return ("-" if m < 0 else "") + "0x%xp%d" % (abs(m), -n)


def count(x, least=0, limit=2**63 - 1):
    need(type(x) is int and least <= x <= limit, "count")
    return x


def members(x, names):
    need(type(x) is dict and set(x) == set(names.split()), "members")
    return x


def array(x, size=None):
    need(type(x) is list and (size is None or len(x) == size), "array")
    return x


def text(x):
    need(type(x) is str, "text")
    return x


def seal(certificate):
    certificate.pop("sha256", None)
    compact = json.dumps(certificate, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    certificate["sha256"] = hashlib.sha256(compact.encode()).hexdigest()
    return certificate


def hash_answers(answers):
    lines = "".join(" ".join(str(item) for item in a) + "\n" for a in answers)
    return hashlib.sha256(lines.encode()).hexdigest()


def reseal(certificate):
    """Recomputes the hashes of the transcripts and the seal, where there is something to hash."""
    many = certificate.get("transcripts")
    for t in many if type(many) is list else [certificate.get("transcript")]:
        if type(t) is dict and "sha256" in t and type(t.get("answers")) is list:
            t["sha256"] = hash_answers([a if type(a) is list else [a] for a in t["answers"]])
    return seal(certificate) if "sha256" in certificate else certificate


class Tie:
    """The family and the derived quantities."""

    def __init__(self, f):
        members(f, "name problem m N digits samples points parameter mixing columns")
        need(f["name"] == "tie" and f["problem"] in PROBLEMS, "names")
        self.problem = f["problem"]
        self.m, self.N = count(f["m"], 1, 4096), count(f["N"], f["m"] + 1, 10**6)
        self.K, self.L = count(f["digits"], 3, 4 * 10**7), count(f["samples"], 1, 4 * 10**7)
        self.R = count(f["points"], 1, 10**6)
        self.c, self.C = self.N - self.m + 1, self.N + (self.problem == "lp")
        if self.problem in ("bp", "lp"):
            need(f["parameter"] is None, "parameter")
        else:
            self.parameter = number(f["parameter"])
            need(0 < self.parameter <= 1, "parameter")
        array(f["columns"], self.C)
        need(sorted(count(j) for j in f["columns"]) == list(range(self.C)), "permutation")
        self.columns = f["columns"]
        m, mixing = self.m, f["mixing"]
        need(type(mixing) is dict, "mixing")
        self.mixing = mixing.get("kind")
        members(mixing, "kind reflections" if self.mixing == "rational" else "kind")
        need(self.mixing in ("none", "dct", "rational"), "mixing")
        U = [[F(i == k) for k in range(m)] for i in range(m)]
        if self.mixing == "rational":
            need(len(array(mixing["reflections"])) > 0, "no reflection")
            for v in mixing["reflections"]:
                v = [number(x, "ix") for x in array(v, m)]
                w = sum(x * x for x in v)
                need(w > 0, "zero vector")
                Uv = [sum(a * b for a, b in zip(row, v)) for row in U]
                U = [[U[i][k] - 2 * Uv[i] * v[k] / w for k in range(m)] for i in range(m)]
        self.U = U
        self.B = F(1)
        if self.mixing == "dct":
            norm = 1 / math.sqrt(m) + (1 / math.tan(math.pi / (4 * m)) - 1) / math.sqrt(2 * m)
            while self.B < norm - 1e-9:
                self.B *= 2
        while self.B < sum(abs(row[0]) for row in U):
            self.B *= 2

    def tier(self, name):
        t = "abc".index(name) if name in ("a", "b", "c") else -1
        need(t >= 0, "tier")
        self.alpha = (6 - 2 * t) * self.B
        s = 2 * F(10) ** (t - self.K)
        self.scales = [s * (1 - F(k, 4 * self.R)) for k in range(self.R)]
        self.data = [self.alpha * s for s in self.scales]
        if self.problem == "qcbp":
            self.data = [t + self.parameter for t in self.data]
        if self.problem == "lasso":
            self.data = [t + self.parameter / (2 * self.alpha) for t in self.data]

    def entry(self, i, place, chosen, gap):
        """U A at row i; chosen: the canonical column with alpha*, None for the tie."""
        j = self.columns.index(place)
        if j < self.c:
            return (self.alpha - (gap if chosen not in (None, j) else 0)) * self.U[i][0]
        if self.problem == "lp" and j == self.c:
            return -self.U[i][0]
        k = j - (self.C - self.m)
        return self.alpha * (math.isqrt(self.c - 1) + 1) * self.U[i][k]


def power_of_two(x):
    return x > 0 and x.numerator == 1 and x.denominator & (x.denominator - 1) == 0


def legal(tie, answers, inputs):
    for a in array(answers):
        kind, i, j, n, q = array(a, 5)
        need(kind in ("A", "y"), "kind of answer")
        count(n, 1, 10**8)
        q = number(q)
        count(i, 0, (tie.R if kind == "y" else tie.m) - 1)
        count(j, 0, (tie.m if kind == "y" else tie.C) - 1)
        need((q * 2**n).denominator == 1, "not in D_n")
        if tie.mixing == "dct":
            continue
        for chosen, gap in inputs:
            x = tie.data[i] * tie.U[j][0] if kind == "y" else tie.entry(i, j, chosen, gap)
            need(abs(q - x) <= F(1, 2**n), "not legal")


def distance(x, s, face):
    """Squared, to the scaled face, by trying every number of active places."""
    values = sorted((x[p] for p in face), reverse=True)
    for rho in range(len(values), 0, -1):
        tau = (sum(values[:rho]) - s) / rho
        if values[rho - 1] > tau:
            break
    rest = sum(x[p] ** 2 for p in range(len(x)) if p not in face)
    return rest + sum((v - max(v - tau, 0)) ** 2 for v in values)


def accepts(certificate):
    try:
        return decide(certificate)
    except Bad:
        return False


def transcript_of(x):
    members(x, "sha256 answers")
    for a in array(x["answers"]):
        array(a)
    need(x["sha256"] == hash_answers(x["answers"]), "hash of the transcript")
    return x["answers"]


def rows(tie, output):
    return [[number(x) for x in array(row, tie.C)] for row in array(output, tie.R)]


def decide(x):
    need(type(x) is dict, "object")
    need(x.get("format") == "delta1-certificate" and type(x.get("version")) is int
         and x["version"] == 1 and x.get("kind") in ("run", "seeds"), "format")
    many = x["kind"] == "seeds"
    members(x, "format version kind family input run claim sha256 "
            + ("transcripts runs" if many else "solution transcript output"))
    need(x["sha256"] == seal(dict(x))["sha256"], "seal")
    tie = Tie(x["family"])
    members(x["input"], "tier gap" if many else "tier column gap")
    tie.tier(x["input"]["tier"])
    gap = number(x["input"]["gap"])
    run = members(x["run"], "program oracle " + ("seeds" if many else "seed"))
    text(run["program"])
    need(run["oracle"] in ("adversary", "nearest", "random", "up", "down"), "oracle")
    claim = members(x["claim"], "digits verdict "
                    + ("halted successes" if many else "point error"))
    tolerance = F(10) ** (-2 * count(claim["digits"], 1, 4 * 10**7))
    chosen = None if many else x["input"]["column"]
    tier = x["input"]["tier"]
    if chosen is None and not many:
        need(tier == "a" and gap == 0, "tie")
        face = sorted(tie.columns[:tie.c])
    else:
        if many:
            need(tier != "c", "tier")
        else:
            count(chosen, 0, tie.c - 1)
            face = [tie.columns[chosen]]
        if tier == "c":
            if tie.mixing == "dct":  # only that B is a power of two that could be the one
                B = gap * 2**tie.L / 3
                need(B >= 1 and power_of_two(1 / B) and B * B < 4 * tie.m, "gap")
            else:
                need(gap == 3 * tie.B / 2**tie.L, "gap")
        else:
            need(power_of_two(gap) and gap <= F(1, 2), "gap")
    if many:
        T = count(run["seeds"], 1)
        need(claim["verdict"] == "seeds", "verdict")
        need(len(array(x["transcripts"])) > 0, "no transcript")
        for t in x["transcripts"]:
            legal(tie, transcript_of(t), [(j, gap) for j in range(tie.c)])
        successes, halted = [0] * tie.c, 0
        for r in array(x["runs"]):
            members(r, "transcript output count")
            count(r["transcript"], 0, len(x["transcripts"]) - 1)
            halted += count(r["count"], 1)
            output = rows(tie, r["output"])
            good = [all(distance(row, s, [tie.columns[j]]) <= tolerance
                        for row, s in zip(output, tie.scales)) for j in range(tie.c)]
            need(sum(good) <= 1, "two candidates")
            successes = [a + g * r["count"] for a, g in zip(successes, good)]
        need(halted <= T and count(claim["halted"]) == halted, "halted")
        need([count(n) for n in array(claim["successes"])] == successes, "successes")
    else:
        need(re.fullmatch("[0-9]+", text(run["seed"])), "seed")
        solution = members(x["solution"], "scales face")
        need([number(s) for s in array(solution["scales"])] == tie.scales, "scales")
        need([count(p) for p in array(solution["face"])] == face, "face")
        legal(tie, transcript_of(x["transcript"]), [(chosen, gap)])
        d = [distance(row, s, face) for row, s in zip(rows(tie, x["output"]), tie.scales)]
        need(count(claim["point"]) == d.index(max(d)), "point")
        low, high = (number(e, "id") for e in array(claim["error"], 2))
        need(low >= 0 and high >= 0 and low**2 <= max(d) <= high**2, "error")
        need(claim["verdict"] in ("wrong", "correct"), "verdict")
        need((max(d) > tolerance) == (claim["verdict"] == "wrong"), "verdict is false")
    return None if tie.mixing == "dct" else True


def decimal_root(square, up):
    """A decimal bound with 5 digits of the square root."""
    if square == 0:
        return "0"
    e = 0
    while F(10) ** (2 * e) > square:
        e -= 1
    while F(10) ** (2 * e + 2) <= square:
        e += 1
    scaled = square / F(10) ** (2 * e - 8)
    root = math.isqrt(scaled.numerator // scaled.denominator)
    return "%d.%04de%d" % ((root + (up and root**2 != scaled)) // 10**4,
                           (root + (up and root**2 != scaled)) % 10**4, e)


def build(problem="srlasso", m=2, N=4, digits=6, samples=5, points=1, mixing="none", tier="a",
          column=1, k=20, n=18, verdict="wrong", rng=None, many=False, textual=str):
    """A true certificate; column None is the tie; answers are to precision n, legal for all gaps."""
    C = N + (problem == "lp")
    columns = list(range(C))
    if rng:
        rng.shuffle(columns)
    family = {"name": "tie", "problem": problem, "m": m, "N": N, "digits": digits,
              "samples": samples, "points": points, "mixing": {"kind": mixing}, "columns": columns,
              "parameter": None if problem in ("bp", "lp") else "1/2"}
    if mixing == "rational":
        family["mixing"]["reflections"] = [[str(1 + (3 * i + r) % 4) for i in range(m)]
                                           for r in range(2)]
    tie = Tie(family)
    tie.tier(tier)
    gap = F(0) if column is None else 3 * tie.B / 2**samples if tier == "c" else F(1, 2**k)
    gap_text = "0" if column is None else hex_float(gap.numerator, gap.denominator.bit_length() - 1)
    n = min(n, samples - 2) if tier == "c" else n
    n = max(n, 1)

    def near(x):
        return hex_float(round(x * 2**n), n)

    chosen = None if many else column
    answers = [["A", i, j, n, near(tie.entry(i, j, chosen, gap))]
               for i in range(m) for j in range(C)]
    answers += [["y", p, i, n, near(tie.data[p] * tie.U[i][0])]
                for p in range(points) for i in range(m)]
    target = (column or 0) if verdict == "correct" or many else ((column or 0) + 1) % tie.c

    def output(j, shift=0):
        rows_ = [["0"] * C for _ in range(points)]
        for p in range(points):
            rows_[p][columns[j]] = textual(tie.scales[p])
            if verdict == "wrong" and not many:
                rows_[p][columns[-1]] = str(tie.scales[p] * 2)
            if shift:
                rows_[p][columns[0]] = str(shift)
        return rows_

    x = {"format": "delta1-certificate", "version": 1, "kind": "seeds" if many else "run",
         "family": family, "input": {"tier": tier, "gap": gap_text}}
    transcript = {"sha256": hash_answers(answers), "answers": answers}
    if many:
        good = digits - "abc".index(tier)
        x["run"] = {"program": "coin é", "oracle": "adversary", "seeds": 20}
        x["transcripts"] = [transcript, {"sha256": hash_answers(answers[:3]),
                                         "answers": answers[:3]}]
        x["runs"] = [{"transcript": 0, "output": output(0), "count": 9},
                     {"transcript": 0, "output": output(1), "count": 7},
                     {"transcript": 1, "output": output(0, F(1)), "count": 1}]
        x["claim"] = {"digits": good, "verdict": "seeds", "halted": 17,
                      "successes": [9, 7] + [0] * (tie.c - 2)}
        return seal(x)
    x["input"]["column"] = column
    face = sorted(columns[:tie.c]) if column is None else [columns[column]]
    x["solution"] = {"scales": [str(s) for s in tie.scales], "face": face}
    x["run"] = {"program": "ista:reading=once", "oracle": "adversary", "seed": "0"}
    x["transcript"] = transcript
    x["output"] = output(target)
    d = [distance(row, s, face) for row, s in zip(rows(tie, x["output"]), tie.scales)]
    low, high = decimal_root(max(d), False), decimal_root(max(d), True)
    x["claim"] = {"digits": digits - "abc".index(tier), "verdict": verdict,
                  "point": d.index(max(d)), "error": [low, high]}
    return seal(x)
