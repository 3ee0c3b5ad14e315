"""delta1-check against the reference of make_certificates.py: true certificates are accepted, every
mutation gets the reference's answer, planted lies are refused, damaged files never accepted."""
import json
import os
import random
import resource
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import make_certificates as reference  # noqa: E402
from certificate_files import copied, portion, write  # noqa: E402
from make_certificates import F, accepts, build, number, reseal, seal  # noqa: E402

CHECKER = os.path.abspath(os.path.join(os.environ.get("top_builddir", "."), "delta1-check"))
with open(CHECKER, "rb") as program:
    SANITIZED = b"__asan_init" in program.read()
SEED = int(os.environ.get("DELTA1_TEST_SEED", "20240229"))
ROUNDS = int(os.environ.get("DELTA1_TEST_MULTIPLIER", "1"))
rng = random.Random(SEED)
failures = []
legitimate = {}  # path pattern -> number of resealed mutations that stay true
counted = {"true": 0, "unsealed": 0, "resealed": 0, "refused after resealing": 0, "damaged": 0,
           "planted": 0}


def limits():
    seconds = 300  # a limit for what hangs, not for what is slow
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not SANITIZED:  # a sanitizer reserves more address space than there is memory
        resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31))


def fail(what, *more):
    failures.append(what)
    print("FAILED:", what, *more)


def check_many(texts, *options):
    """The exit code and line for each text, checked in one run; the lines are in order."""
    paths = write(texts)
    result = subprocess.run([CHECKER, *options, *paths], capture_output=True, preexec_fn=limits)
    lines = result.stdout.decode(errors="replace").splitlines()
    codes = []
    for path, line in zip(paths, lines):
        verdict = line[len(path) + 2:].split(":")[0]
        codes.append({"accepted": 0, "refused": 1, "cannot decide": 2, "unreadable": 3}[verdict])
        if "was stopped" in line:
            fail("the check was stopped", line, texts[paths.index(path)][:300])
    if len(lines) != len(texts):
        fail("%d lines for %d files" % (len(lines), len(texts)), result.stderr.decode()[-2000:])
        codes += [-1] * (len(texts) - len(lines))
    expected = next((c for c in (3, 1, 2, 0) if c in codes), 0)
    if result.returncode != expected or result.stderr:
        fail("exit code %d instead of %d" % (result.returncode, expected), result.stderr.decode())
    return codes, lines


def expect(name, certificate, codes):
    code, lines = check_many([json.dumps(certificate)])
    if code[0] not in codes:
        fail(name, "code", code[0], "instead of", codes, lines)
    return code[0]


def true_certificates():
    for mixing in ("none", "rational", "dct"):
        for t, problem in enumerate(reference.PROBLEMS):
            tier = "abc"[t % 3]
            yield "%s %s" % (problem, mixing), build(problem, mixing=mixing, rng=rng, tier=tier)
            yield "correct %s %s" % (problem, mixing), build(
                problem, m=3, N=5, mixing=mixing, points=3, verdict="correct", rng=rng,
                tier="abc"[(t + 1) % 3], column=2)
            yield "tie %s %s" % (problem, mixing), build(
                problem, m=1 + t % 3, mixing=mixing, N=4, column=None, points=1 + t % 2, rng=rng,
                verdict="correct" if t % 2 else "wrong")
        for tier in "ab":
            yield "seeds %s %s" % (tier, mixing), build(
                "lasso", mixing=mixing, points=2, tier=tier, many=True, rng=rng)
    yield "tie, fractional face", midpoint()
    for scale in (1, 3):
        yield "m 1", build("bp", m=1, N=2, points=scale, k=1, n=1)


def midpoint():
    """Outputs whose projection on the face of the tie has one, two and all coordinates active."""
    x = build("srlasso", m=2, N=5, points=3, column=None, digits=3)
    x["output"] = [["1", "0.25", "-3", "0", "7/3"], ["1/2000", "0x1p-11", "-0.1", "1e-4", "0"],
                   ["0x1p-11", "0x1p-11", "0x1p-11", "0x1.8p-11", "-1/3"]]
    tie = reference.Tie(x["family"])
    tie.tier("a")
    d = [reference.distance([number(v) for v in row], s, x["solution"]["face"])
         for row, s in zip(x["output"], tie.scales)]
    x["claim"].update(verdict="wrong", point=d.index(max(d)), error=[
        reference.decimal_root(max(d), False), reference.decimal_root(max(d), True)])
    return seal(x)


def leaves(x, path=()):
    yield path, x
    if isinstance(x, (dict, list)):
        for key in x if isinstance(x, dict) else range(len(x)):
            yield from leaves(x[key], path + (key,))


def replaced(x, path, value):
    y = copied(x)
    at = y
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return y


ENUMS = {"problem": reference.PROBLEMS, "tier": "abcd", "verdict": ("wrong", "correct", "seeds"),
         "oracle": ("nearest", "adversary", "none"), "kind": ("run", "seeds", "none", "dct")}


def mutations(x):
    for path, value in leaves(x):
        if path:
            y = copied(x)
            at = y
            for key in path[:-1]:
                at = at[key]
            if isinstance(at, list):
                at.insert(path[-1], copied(value))
                yield path, "duplicated", copied(y)
                del at[path[-1]]
            del at[path[-1]]
            yield path, "deleted", y
            if value is not None:
                yield path, "null", replaced(x, path, None)
        if isinstance(value, dict):
            for name in ("unknown", "m N", "sha"):
                yield path, "unknown member", (
                    dict(x, **{name: 1}) if not path else
                    replaced(x, path, dict(copied(value), **{name: 1})))
            if path:
                yield path, "type", replaced(x, path, [])
        elif isinstance(value, list):
            yield path, "type", replaced(x, path, {})
            yield path, "empty", replaced(x, path, [])
            if len(value) > 1:
                yield path, "swap", replaced(x, path, [value[1], value[0]] + value[2:])
        elif value is None:
            for other in (0, "0", "1/2", "1"):
                yield path, "value", replaced(x, path, other)
        elif type(value) is int:
            for other in (value + 1, value - 1, 2 * value, -value - 1, 10**15, 10**30, str(value),
                          value + 0.0, True):
                if other != value or type(other) is not int:
                    yield path, "integer %r" % other, replaced(x, path, other)
        elif path[-1] == "sha256" or path[-1] in ("format", "name", "program"):
            yield path, "text", replaced(x, path, value[:-1] + ("0" if value[-1] != "0" else "1"))
            yield path, "upper", replaced(x, path, value.upper() + " ")
        elif path[-1] in ENUMS:
            for other in ENUMS[path[-1]]:
                if other != value:
                    yield path, "name " + other, replaced(x, path, other)
        else:
            yield path, "integer", replaced(x, path, 1)
            others = ["", " " + value, value + "z", value + " ", "+" + value, "1/0", "nan", "0x", "y"]
            try:
                q = number(value)
                tiny = q / 2**40 or F(1, 2**60)
                others += [str(2 * q), str(-q), str(q + tiny), str(q - tiny), str(q + 1), "0",
                           str(q), "%d/%d" % (3 * q.numerator, 3 * q.denominator), value + "0",
                           "%de-0" % q.numerator, str(q * F(4, 3)), str(q / 2), str(q / 8)]
                if len(path) > 1 and path[-3:-2] == ("answers",) or path[-1] == 4:
                    n = x
                    for key in path[:-1]:
                        n = n[key]
                    others += [str(q + s * F(1, 2 ** n[3])) for s in (-2, -1, 1, 2)]
            except (reference.Bad, IndexError, TypeError):
                pass
            for other in others:
                if other != value:
                    yield path, "number " + other, replaced(x, path, other)


def pattern(path):
    return ".".join("*" if isinstance(key, int) else key for key in path)


# The leaves where a change can leave a certificate true, because the statement does not depend on
# them, or only through an inequality. Anything else that stays accepted is a defect of the format.
MAY_STAY_TRUE = {
    "run.program": "a label", "run.oracle": "a label", "run.seed": "a label",
    "run.seeds": "more seeds that did not halt",
    "family.m": "another class, with dct",
    "family.samples": "L matters in tier c only",
    "family.problem": "bp and lp have no parameter; the data may agree to precision n",
    "family.parameter": "srlasso does not use lambda; the same value in another form",
    "family.mixing.reflections": "one more vector of the same line; dct has no legality here",
    "family.mixing.reflections.*": "as above, and sign or length of a vector",
    "family.mixing.reflections.*.*": "the same value in another form",
    "family.columns": "columns that the answers do not tell apart",
    "family.mixing.kind": "to dct: the answers are not checked",
    "input.tier": "to b, c with dct", "input.column": "a tied column nobody asked about closely",
    "input.gap": "a gap below the precision; another form", "input": "",
    "solution.scales.*": "the same value in another form",
    "transcript.answers": "fewer, repeated or reordered answers",
    "transcript.answers.*": "one answer less or twice",
    "transcript.answers.*.*": "another entry, precision or legal answer",
    "transcripts": "transcripts that no run needs", "transcripts.*": "as above",
    "transcripts.*.answers": "as for one run", "transcripts.*.answers.*": "as for one run",
    "transcripts.*.answers.*.*": "as for one run",
    "output": "rows that agree in the claim", "output.*": "a permutation that keeps the error",
    "output.*.*": "the error stays in its enclosure",
    "runs": "the order of the runs", "runs.*.output": "", "runs.*.output.*": "",
    "runs.*.output.*.*": "as good or as bad for every candidate",
    "runs.*.transcript": "the other transcript is as legal", "runs.*.count": "a run that failed",
    "claim.digits": "fewer or more digits and the same verdict",
    "claim.error.*": "a wider bound", "claim.successes": "equal counts",
    "runs.*": "", "claim.verdict": "never", "solution.face": "never", "solution.scales": "never",
}
NEVER = {k for k, v in MAY_STAY_TRUE.items() if v == "never"}


def mutate(name, x):
    changed = portion([(p, what, y) for p, what, y in mutations(x)
                    if y != x or json.dumps(y) != json.dumps(x)])
    batch = 1500
    for start in range(0, len(changed), batch):
        part = changed[start:start + batch]
        codes, lines = check_many([json.dumps(y) for _, _, y in part])
        for (path, what, y), code, line in zip(part, codes, lines):
            if code not in (1, 3):
                fail("%s: %s %s unsealed" % (name, pattern(path), what), line)
        counted["unsealed"] += len(part)
        original = json.dumps(x, sort_keys=True)
        part = [(p, what, reseal(y)) for p, what, y in part]  # a changed hash is put right again
        part = [entry for entry in part if json.dumps(entry[2], sort_keys=True) != original]
        sealed = [y for _, _, y in part]
        truths = []
        for y in sealed:
            truths.append(accepts(y))
        codes, lines = check_many([json.dumps(y) for y in sealed])
        for (path, what, _), y, code, truth, line in zip(part, sealed, codes, truths, lines):
            allowed = {True: (0,), None: (2,), False: (1, 3)}[truth]
            if code not in allowed:
                fail("%s: %s %s resealed: reference says %s" % (name, pattern(path), what, truth),
                     line)
            if truth is False:
                counted["refused after resealing"] += 1
            else:
                legitimate[pattern(path)] = legitimate.get(pattern(path), 0) + 1
                if pattern(path) not in MAY_STAY_TRUE or pattern(path) in NEVER:
                    fail("%s: %s %s may not stay true" % (name, pattern(path), what), line)
        counted["resealed"] += len(part)


def planted():
    base = build("srlasso", m=2, N=4, digits=6, column=1, k=20, n=18, points=2)

    def lie(name, change, x=base):
        y = copied(x)
        change(y)
        if accepts(reseal(y)) is not False:
            fail("the lie '%s' is true" % name)
        expect("planted: " + name, y, (1,))
        counted["planted"] += 1

    good = build("lasso", m=2, N=4, verdict="correct")
    lie("a correct output called wrong", lambda y: y["claim"].update(verdict="wrong"), good)
    lie("a wrong output called correct", lambda y: y["claim"].update(verdict="correct"))

    def move(y, t, by, unit=1):
        a = y["transcript"]["answers"][t]
        q, n = number(a[4]) * 2 ** a[3], a[3]
        a[4] = reference.hex_float(int(q) + by, n) if unit == 1 else str(q / 2**n + by * unit)

    for t in (0, 1, 4, 7, 8, 10):
        for by in (-2, 2):
            lie("an answer beyond legality", lambda y, t=t, by=by: move(y, t, by))
    lie("an answer not in D_n", lambda y: move(y, 0, 1, F(1, 2**40)))
    lie("an answer not dyadic", lambda y: y["transcript"]["answers"][4].__setitem__(4, "1/3000000"))
    lie("a transcript of another input", lambda y: y["transcript"]["answers"][0].__setitem__(3, 40))
    lie("another solution face", lambda y: y["solution"].update(face=[0]))
    lie("solution of another column", lambda y: (y["solution"].update(face=[2]),
                                                 y["input"].update(column=2)), exact_input())
    lie("the face of the tie for one column", lambda y: y["solution"].update(face=[0, 1, 2]))
    lie("another scale", lambda y: y["solution"]["scales"].__setitem__(1, "1/500000"))
    lie("a gap that is no power of two", lambda y: y["input"].update(gap="3e-7"))
    lie("a gap of one", lambda y: y["input"].update(gap="1"))
    lie("a negative gap", lambda y: y["input"].update(gap="-0x1p-20"))
    lie("no gap without the tie", lambda y: y["input"].update(gap="0"))
    lie("a tie in tier b", lambda y: y["input"].update(tier="b"), build(column=None))
    lie("a tie with a gap", lambda y: y["input"].update(gap="0x1p-60"), build(column=None))
    lie("half the gap of tier c", lambda y: y["input"].update(gap="0x3p-6"), build(tier="c", n=1))
    lie("a parameter above one", lambda y: y["family"].update(parameter="1.0000001"))
    lie("parameter zero", lambda y: y["family"].update(parameter="0"))
    lie("columns twice the same", lambda y: y["family"]["columns"].__setitem__(3, 2))
    lie("a lower bound above", lambda y: y["claim"]["error"].__setitem__(0, y["claim"]["error"][1]))
    lie("an upper bound below", lambda y: y["claim"]["error"].__setitem__(1, y["claim"]["error"][0]))
    lie("a negative lower bound", lambda y: y["claim"]["error"].__setitem__(0, "-1e-9"))
    lie("the point with the smaller error", lambda y: y["claim"].update(point=1))
    same = build("bp", m=1, N=2, points=2, k=1, n=1)
    same["output"][1] = same["output"][0] = ["1", "1000000"]
    lie("m not below N", lambda y: y["family"].update(N=2))
    lie("two digits", lambda y: y["family"].update(digits=2))
    many = build("bp", m=2, N=4, many=True)
    lie("a success too many", lambda y: y["claim"]["successes"].__setitem__(2, 1), many)
    lie("more halted than seeds", lambda y: (y["run"].update(seeds=16)), many)
    lie("halted not the sum", lambda y: y["claim"].update(halted=16), many)
    lie("tolerance so large that outputs are correct twice",
        lambda y: y["claim"].update(digits=4, successes=[16, 16, 16]), many)
    lie("tier c for seeds", lambda y: y["input"].update(tier="c", gap="0x3p-5"), many)
    lie("legal for one candidate only", lambda y: y["transcripts"][0]["answers"].append(
        ["A", 0, 0, 22, "0x6p0"]), many)
    lie("legal for the other candidates only", lambda y: y["transcripts"][0]["answers"].append(
        ["A", 0, 0, 22, "0x17ffffcp-22"]), many)
    for tier in "bc":
        lie("a consistent tie in tier " + tier, lambda y: None, build(tier=tier, column=None, n=3))
    lie("consistent seeds in tier c", lambda y: None, build(tier="c", many=True))
    # A seal that is right over a hash of the transcript that is not.
    for name, x in (("run", base), ("seeds", many)):
        y = copied(x)
        t = y["transcript"] if name == "run" else y["transcripts"][1]
        for change in ("0" * 64, t["sha256"].upper(), t["sha256"][:-1], ""):
            t["sha256"] = change
            expect("planted: hash of the transcript", seal(y), (1,))
        t["sha256"] = reference.hash_answers(t["answers"][1:])
        expect("planted: hash of another transcript", seal(y), (1,))
    spelled = copied(base)
    spelled["transcript"]["answers"][0][4] = "00" + str(
        number(base["transcript"]["answers"][0][4]))
    expect("planted: the hash is of q as it stands", seal(spelled), (1,))
    # Exactly at the boundary: |q - x| = 2^-n is legal; d = 10^-digits is correct, not wrong.
    edge = copied(base)
    edge["transcript"]["answers"][1][4] = "0x180001p-18"
    expect("an answer off by exactly 2^-n", reseal(edge), (0,))
    edge = build("bp", m=1, N=2, digits=6, verdict="correct", k=20, n=3)
    edge["output"] = [["0", str(F(2, 10**6) + F(1, 10**6))]]
    edge["claim"]["error"] = ["1e-6", "0.000001"]
    expect("an error of exactly 10^-digits is correct", reseal(edge), (0,))
    lie("an error of exactly 10^-digits called wrong", lambda y: y["claim"].update(verdict="wrong"),
        edge)
    tied = build("bp", m=1, N=2, points=2, verdict="correct", k=20, n=3)
    tied["output"] = [["0", str(F(s) + 1)] for s in tied["solution"]["scales"]]
    tied["claim"].update(verdict="wrong", error=["1", "1"], point=0)
    expect("equal errors: the least point", reseal(tied), (0,))
    lie("equal errors: not the least point", lambda y: y["claim"].update(point=1), tied)


def exact_input():
    """Answers precise enough to tell the columns apart."""
    return build("srlasso", m=2, N=4, column=1, k=10, n=14)


def hostile():
    base = build("srlasso", m=2, N=4)
    # Together such numbers take ten seconds at the limit of 40000000, which each alone has below.
    far = 40000000 if ROUNDS > 1 else 4000000
    texts = []
    for path, value in (
            (("output", 0, 0), "1e40000000"), (("output", 0, 0), "1e40000001"),
            (("output", 0, 0), "0x1p99999999999999999999"),
            (("transcript", "answers", 0, 4), "0x1p-40000000"),
            (("family", "digits"), 40000000), (("family", "digits"), 40000001),
            (("family", "samples"), 2**62), (("family", "m"), 2**62), (("family", "N"), 10**6),
            (("family", "points"), 10**6), (("claim", "digits"), 40000000),
            (("transcript", "answers", 0, 3), 10**8), (("transcript", "answers", 0, 3), 10**9),
            (("input", "gap"), "0x1p-40000000"), (("family", "parameter"), "1e-40000000"),
            (("output", 0), ["1e-%d" % far, "1e%d" % far, "3e-%d" % (far - 1), "1/7"]),
            (("output", 0, 0), "0x" + "f" * 10**6), (("output", 0, 0), "9" * 10**6)):
        y = replaced(base, path, value)
        texts.append(json.dumps(reseal(y)))
    for text in texts:
        code, lines = check_many([text])
        if code[0] not in (0, 1, 3):
            fail("hostile", lines)
    accepted = check_many([json.dumps(base)])[0]
    if accepted != [0]:
        fail("base")


def damaged():
    text = json.dumps(build("lasso", m=2, N=3, points=2)).encode()
    texts = [text[:n] for n in range(0, len(text), 7 if ROUNDS < 2 else 1)] + [text[:-1]]
    texts += [rng.randbytes(rng.randrange(300)) for _ in range(200 * ROUNDS)]
    for _ in range(600 * ROUNDS):
        flipped = bytearray(text)
        for _ in range(rng.randrange(1, 4)):
            flipped[rng.randrange(len(text))] ^= 1 << rng.randrange(8)
        if json_of(flipped) != json.loads(text):
            texts.append(bytes(flipped))
    texts += [b"", b"{}", b"[]", b"null", b"[" * 10**6, b'{"a":' * 10**5, b"\x00" * 100,
              text + b"x", text + text, b"\xef\xbb\xbf" + text,
              text.replace(b'"version": 1', b'"version": 1, "version": 1'),
              text.replace(b'"version": 1', b'"version": 2'),
              text.replace(b'"tier": "a"', b'"tier": "a", "tier": "a"')]
    codes, lines = check_many(texts)
    for code, line in zip(codes, lines):
        if code not in (1, 3):
            fail("damaged file accepted", line)
    for data in (b"", b"{}", b"[]", b"{" + text[1:-1]):
        if check_many([data])[0] != [3]:
            fail("not unreadable", data)
    counted["damaged"] += len(texts)


def json_of(data):
    try:
        return json.loads(bytes(data))
    except ValueError:
        return None


def command_line():
    def run(*arguments, **more):
        return subprocess.run([CHECKER, *arguments], capture_output=True, text=True, **more)

    for arguments, code in ((("--help",), 0), (("--version",), 0), ((), 3), (("--nonsense",), 3),
                            (("--quiet",), 3), (("/",), 3), (("/dev/zero",), 3), (("/nowhere",), 3)):
        result = run(*arguments)
        if result.returncode != code:
            fail("command line", arguments, result)
    good, bad = json.dumps(build()), json.dumps(replaced(build(), ("version",), 1.5))
    wrong = json.dumps(replaced(build(), ("claim", "digits"), 7))
    dct = json.dumps(build(mixing="dct"))
    for texts, code in (((good, good), 0), ((good, dct), 2), ((dct, wrong), 1),
                        ((wrong, bad, dct), 3)):
        for options in ((), ("--quiet",)):
            paths = write(texts)
            result = run(*options, *paths)
            if result.returncode != code or len(result.stdout.splitlines()) != (
                    0 if options else len(texts)):
                fail("several files", result)


def main():
    print("seed", SEED)
    command_line()
    every = list(true_certificates())
    for name, x in every:
        truth = accepts(x)
        if truth is False:
            reference.decide(x)
        if expect("true: " + name, x, (0,) if truth else (2,)) >= 0:
            counted["true"] += 1
    planted()
    hostile()
    damaged()
    for name, x in every if ROUNDS > 1 else chosen(every):
        mutate(name, x)
    print(counted)
    print("stayed true after resealing:", legitimate)
    print("FAILED: %d" % len(failures) if failures else "all well")
    return 1 if failures else 0


def chosen(every):
    """One certificate for each way through the checker; all of them when the tests run longer."""
    names = {"srlasso none", "lasso rational", "correct qcbp rational", "lp rational", "tie lp none",
             "tie bp rational", "correct lasso dct", "seeds a none", "seeds b rational", "m 1",
             "tie, fractional face", "correct lasso none", "srlasso dct"}
    return [(name, x) for name, x in every if name in names]


if __name__ == "__main__":
    sys.exit(main())
