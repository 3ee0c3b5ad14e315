#!/usr/bin/python3
"""make bench: what it costs to count the pieces of a network exactly.

    pieces_bench.py BUILD-DIRECTORY [--depth L ...]

The folded hat of depth L has 2^L pieces; after a step of training at 32 bits its weights are no longer short
numbers. Processor seconds of the count on one core; MB is the largest resident set of the process, which does
not grow with the count.
"""

import argparse
import json
import os
import sys


def run(build, depth, bits):
    program = os.path.join(build, "bench", "pieces_bench")
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        os.dup2(write, 1)
        os.execv(program, [program, str(depth), str(bits)])
    os.close(write)
    with os.fdopen(read) as pipe:
        result = pipe.read()
    _, status, usage = os.wait4(pid, 0)
    if status != 0:
        sys.exit(f"pieces_bench {depth} {bits}: status {status}")
    return json.loads(result), usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--depth", type=int, nargs="+", default=[16, 20, 24])
    arguments = parser.parse_args()
    print(f"\n{'network':>24} {'pieces':>10} {'seconds':>9} {'ns/piece':>9} {'MB':>5}")
    for depth in arguments.depth:
        for bits in [0, 32] if depth <= 20 else [0]:
            name = f"folded hat {depth}" + (", 32 bits" if bits else "")
            result, memory = run(arguments.build, depth, bits)
            each = 1e9 * result["seconds"] / result["pieces"]
            print(f"{name:>24} {result['pieces']:>10} {result['seconds']:>9.2f} {each:>9.0f} {memory:>5.0f}")


if __name__ == "__main__":
    main()
