"""delta1 verify against the reference of tests/checker/make_certificates.py: a resealed mutation is
accepted if and only if the reference accepts it, and no unsealed one is. The reference cannot judge
answers under dct mixing: those certificates, and mutations into them, are left out."""
import json
import os
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "tests", "checker"))
import test_checker as checker  # noqa: E402
from certificate_files import portion, write  # noqa: E402
from make_certificates import accepts, reseal  # noqa: E402

PROGRAM = os.path.abspath(os.path.join(os.environ.get("top_builddir", "."), "delta1"))
failures = []


def accepted(certificates):
    """Which of the certificates delta1 verify accepts."""
    paths = write([json.dumps(x) for x in certificates])
    result = subprocess.run([PROGRAM, "verify", *paths], capture_output=True, text=True, check=False)
    lines = result.stdout.splitlines()
    if result.returncode not in (0, 1, 2, 3) or len(lines) != len(paths) or result.stderr:
        sys.exit("delta1 verify: status %d, %d lines for %d files: %s"
                 % (result.returncode, len(lines), len(paths), result.stderr[-2000:]))
    return [line[len(path) + 2:].startswith("accepted:") for path, line in zip(paths, lines)], lines


def judge(name, path, what, certificate, taken, line):
    truth = accepts(certificate)
    if truth is not None and taken != truth:
        failures.append(name)
        print("FAILED: %s: %s %s: reference says %s\n  %s"
              % (name, checker.pattern(path), what, truth, line))


def main():
    every = [(name, x) for name, x in checker.true_certificates() if "dct" not in name]
    results, lines = accepted([x for _, x in every])
    for (name, _), taken, line in zip(every, results, lines):
        if not taken:
            failures.append(name)
            print("FAILED: a true certificate:", name, line)
    count = 0
    for name, x in checker.chosen(every):
        original = json.dumps(x, sort_keys=True)
        changed = portion([(p, w, y) for p, w, y in checker.mutations(x) if json.dumps(y, sort_keys=True) != original])
        results, lines = accepted([y for _, _, y in changed])
        for (path, what, _), taken, line in zip(changed, results, lines):
            if taken:
                failures.append(name)
                print("FAILED: unsealed: %s: %s %s\n  %s" % (name, checker.pattern(path), what, line))
        sealed = [(p, w, reseal(y)) for p, w, y in changed]
        sealed = [entry for entry in sealed if json.dumps(entry[2], sort_keys=True) != original]
        results, lines = accepted([y for _, _, y in sealed])
        for (path, what, y), taken, line in zip(sealed, results, lines):
            judge(name, path, what, y, taken, line)
        count += len(changed) + len(sealed)
    print("%d mutations of %d certificates, %d failures" % (count, len(every), len(failures)))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
