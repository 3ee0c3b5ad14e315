#!/usr/bin/python3
"""make bench: what the barrier costs as the digits grow, and where the time goes.

    barrier_bench.py BUILD-DIRECTORY [--digits K ...] [--profile K]

One run; times are whole-process processor times on one core, memory the largest resident set. The last
column divides the time by that of the first row and by the ratio of K log^2 K: it stays near or below 1
when the cost grows no faster than that. The profile counts instructions (valgrind --tool=callgrind).
"""

import argparse
import math
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile

OURS = ("libdelta1", "lt-delta1", "delta1")
ARITHMETIC = ("libgmp", "libflint", "libarb", "libmpfr")


def run(build, arguments):
    """Seconds of processor time, and MB, of one run."""
    command = [os.path.join(build, "delta1"), "barrier", *arguments]
    pid = os.fork()
    if pid == 0:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        with open(os.devnull, "w") as null:
            os.dup2(null.fileno(), 1)
            os.execv(command[0], command)
    _, status, usage = os.wait4(pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(command)}: status {status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def growth(build, digits):
    print(f"{'digits':>8} {'seconds':>9} {'MB':>7} {'against K log^2 K':>18}")
    first = None
    for K in digits:
        seconds, memory = run(build, ["--digits", str(K), "--seeds", "0"])
        work = K * math.log(K) ** 2
        if first is None:
            first = seconds / work
        print(f"{K:>8} {seconds:>9.2f} {memory:>7.0f} {seconds / work / first:>18.2f}")


def with_certificates(build, K):
    """The same with every certificate written, and both checkers over them."""
    with tempfile.TemporaryDirectory() as directory:
        seconds, memory = run(build, ["--digits", str(K), "--seeds", "0", "--certificates", directory])
        files = sorted(os.path.join(directory, f) for f in os.listdir(directory))
        size = sum(map(os.path.getsize, files)) / 2**20
        print(f"\nwith {len(files)} certificates ({size:.1f} MB), K = {K}: {seconds:.2f} s, {memory:.0f} MB")
        for name in (["delta1-check", "--quiet"], ["delta1", "verify", "--quiet"]):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([os.path.join(build, name[0]), *name[1:], *files], check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            print(f"  {' '.join(name[:-1]):<14} {after.ru_utime - before.ru_utime:>6.2f} s")


def profile(build, K):
    """Shares of the instructions by library, from callgrind's per-object self costs."""
    if shutil.which("valgrind") is None:
        print("\nvalgrind is not installed: no profile")
        return
    with tempfile.TemporaryDirectory() as directory:
        out = os.path.join(directory, "callgrind.out")
        subprocess.run([os.path.join(build, "libtool"), "--mode=execute", "valgrind", "--tool=callgrind",
                        "--quiet", f"--callgrind-out-file={out}", os.path.join(build, "delta1"), "barrier",
                        "--digits", str(K), "--seeds", "0"], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        cost, names, current, skip = {}, {}, "?", False
        with open(out) as f:
            for line in f:
                found = re.match(r"ob=\((\d+)\)(?: (.*))?", line)
                if found:
                    if found[2]:
                        names[found[1]] = os.path.basename(found[2])
                    current = names.get(found[1], "?")
                elif line.startswith("cob=("):
                    found = re.match(r"cob=\((\d+)\)(?: (.*))?", line)
                    if found[2]:
                        names[found[1]] = os.path.basename(found[2])
                elif line.startswith("calls="):
                    skip = True  # the next line is the cost of the callee
                elif re.match(r"[0-9+*-]", line):
                    if not skip:
                        cost[current] = cost.get(current, 0) + int(line.split()[1])
                    skip = False
    total = sum(cost.values())
    print(f"\nshare of the instructions at K = {K}:")
    groups = {"delta1": 0, "GMP, MPFR, FLINT, Arb": 0, "the C library and others": 0}
    for name, value in cost.items():
        group = ("delta1" if name.startswith(OURS) else
                 "GMP, MPFR, FLINT, Arb" if name.startswith(ARITHMETIC) else "the C library and others")
        groups[group] += value
    for group, value in groups.items():
        print(f"  {group:<26} {100 * value / total:>5.1f} %")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build")
    parser.add_argument("--digits", type=int, nargs="*", default=[1000, 3000, 10000, 30000, 100000])
    parser.add_argument("--profile", type=int, default=10000)
    options = parser.parse_args()
    growth(options.build, options.digits)
    with_certificates(options.build, 10000)
    profile(options.build, options.profile)


main()
