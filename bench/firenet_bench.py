#!/usr/bin/python3
"""make bench: FIRENET with its rounding certificate against numpy, FFTW and BART.

    firenet_bench.py BUILD-DIRECTORY

512 x 512, Fourier and Haar, about 15 % of the frequencies, 16 restarts of 5 inner steps. One run on one
core, processor times; except for the threads, which are in real time. What is not installed
(python3-numpy with python3-scipy, libfftw3-dev, bart) is left out.
"""

import json
import os
import resource
import struct
import subprocess
import sys
import tempfile
import time

SIDE, RESTARTS, INNER = 512, 16, 5

NUMPY = '''
import sys, time
import numpy as np
import scipy.fft

side, restarts, inner = map(int, sys.argv[1:])
random = np.random.default_rng(1)
r = np.hypot(*np.mgrid[-side // 2:side // 2, -side // 2:side // 2]) / side
mask = np.flatnonzero(np.fft.ifftshift(random.random(r.shape) < 0.01 / (r * r + 0.01) + 0.05))
y = random.random(mask.size) - 0.5 + 0j


def analysis(x):
    x, s = x.copy(), side
    while s > 1:
        a, b, c, d = x[0:s:2, 0:s:2], x[0:s:2, 1:s:2], x[1:s:2, 0:s:2], x[1:s:2, 1:s:2]
        p, q, t, u = a + b, a - b, c + d, c - d
        h = s // 2
        x[:h, :h], x[:h, h:s], x[h:s, :h], x[h:s, h:s] = (p + t) / 2, (q + u) / 2, (p - t) / 2, (q - u) / 2
        s = h
    return x


def synthesis(x):
    x, s = x.copy(), 2
    while s <= side:
        h = s // 2
        a, b, c, d = x[:h, :h], x[:h, h:s], x[h:s, :h], x[h:s, h:s]
        p, q, t, u = a + b, a - b, c + d, c - d
        x[0:s:2, 0:s:2], x[0:s:2, 1:s:2], x[1:s:2, 0:s:2], x[1:s:2, 1:s:2] = (
            (p + t) / 2, (q + u) / 2, (p - t) / 2, (q - u) / 2)
        s *= 2
    return x


def forward(x):
    return scipy.fft.fft2(synthesis(x), norm="ortho", overwrite_x=True).ravel()[mask]


def adjoint(v):
    image = np.zeros(side * side, complex)
    image[mask] = v
    return analysis(scipy.fft.ifft2(image.reshape(side, side), norm="ortho", overwrite_x=True))


def network(tau=0.99, sigma=0.99, weight=0.001, delta=1e-6):
    psi, eps = np.zeros((side, side), complex), float(side)
    for _ in range(restarts):
        eps = (eps + delta) / np.e
        alpha = 2 / (inner * sigma * eps)
        x, v, total, datum = alpha * psi, np.zeros(mask.size, complex), 0, alpha * y
        for _ in range(inner):
            z = x - tau * adjoint(v)
            length = np.abs(z)
            new = z * (np.maximum(length - tau * weight, 0) / np.maximum(length, 1e-300))
            v += sigma * (forward(2 * new - x) - datum)
            v /= max(1, np.linalg.norm(v))
            total, x = total + new, new
        psi = total / (inner * alpha)
    return psi


times = []
for _ in range(3):
    start = time.process_time()
    network()
    times.append(time.process_time() - start)
print(min(times))
'''


def ours(build):
    command = [os.path.join(build, "bench", "firenet_bench"), str(SIDE), "2"]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def numpy():
    """Seconds of the network in numpy and scipy, with whichever Python has them."""
    one = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
    for python in sys.executable, "/usr/bin/python3":
        run = subprocess.run([python, "-c", NUMPY, *map(str, (SIDE, RESTARTS, INNER))],
                             env={**os.environ, **one}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if run.returncode == 0:
            return float(run.stdout)
    return None


def write_cfl(name, pairs):
    """pairs: SIDE^2 complex numbers, as floats."""
    with open(name + ".hdr", "w", encoding="ascii") as header:
        header.write(f"# Dimensions\n{SIDE} {SIDE} 1 1 1\n")
    with open(name + ".cfl", "wb") as data:
        data.write(struct.pack(f"<{len(pairs)}f", *pairs))


def bart(tool):
    """Seconds of one iteration of BART (single precision, wavelet regularisation), or None."""
    state, kspace = 1, []
    for i in range(SIDE * SIDE):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2 ** 64
        r2 = ((i // SIDE - SIDE // 2) ** 2 + (i % SIDE - SIDE // 2) ** 2) / SIDE ** 2
        kept = state / 2 ** 64 < 0.01 / (r2 + 0.01) + 0.05
        kspace += [(state % 1000 - 500) / 500 if kept else 0, 0]
    with tempfile.TemporaryDirectory() as work:
        write_cfl(os.path.join(work, "kspace"), kspace)
        write_cfl(os.path.join(work, "ones"), [1, 0] * (SIDE * SIDE))

        def spent(iterations):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(["bart", tool, "-l1", "-r0.001", f"-i{iterations}", "kspace", "ones", "out"], cwd=work,
                           env={**os.environ, "OMP_NUM_THREADS": "1"}, check=True, stdout=subprocess.DEVNULL)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        try:
            return (spent(60) - spent(10)) / 50
        except (OSError, subprocess.CalledProcessError):
            return None


def line(what, mine, other, wanted):
    if other is None:
        print(f"{what:<58} not installed")
    else:
        print(f"{what:<58} {mine:>10.5f} {other:>10.5f} {mine / other:>7.3f}  {wanted}")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    mine = ours(sys.argv[1])
    transforms = 2 * RESTARTS * INNER
    print(f"{f'FIRENET, {SIDE} x {SIDE}, Fourier and Haar (seconds)':<58} {'delta1':>10} {'other':>10} {'ratio':>7}")
    line("certified network against numpy and scipy", mine["network"], numpy(), "<= 0.5")
    line(f"certified network against {transforms} transforms of FFTW", mine["network"], mine["fftw"], "<= 1.8")
    line("the same network with and without its certificate", mine["network"], mine["bare"], "<= 1.3")
    line("two threads against one (real time, the least of 41 turns)", mine["several"], mine["one"], "<= 0.625")
    line("  the median of 41 turns", mine["median"], 1, "<= 0.625")
    line("  as arithmetic that shares nothing does it here", mine["arithmetic"], 1, "0.5 on two cores of their own")
    line("  a line of the cache there and back (microseconds)", 1e6 * mine["round trip"], 0.2, "1 within one cache")
    line("Walsh-Hadamard transform against a plain one", mine["walsh"], mine["plain walsh"], "<= 1")
    for tool in "pics", "sqpics":
        line(f"one iteration against bart {tool} (single precision)", mine["network"] / (RESTARTS * INNER), bart(tool),
             "<= 0.2")
    print(f"{'relative rounding radius of that certificate':<58} {mine['radius']:>10.2g} {'':>10} {'':>7}  <= 1e-11")
    print(f"{'memory, in complex images':<58} {mine['arrays']:>10.2f} {'':>10} {'':>7}  <= 12")


main()
