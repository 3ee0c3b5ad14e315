#!/usr/bin/python3
"""numpy_agrees.py BUILD-DIRECTORY: the operators against numpy and scipy, to 1e-13; 77 without these."""

import os
import subprocess
import sys

try:
    import numpy as np
    import scipy.fft
    import scipy.linalg
except ImportError:
    print("python3-numpy or python3-scipy is not installed: skipped")
    sys.exit(77)


def values(side):
    state, x = 1, []
    for _ in range(2 * side * side):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2 ** 64
        x.append((state >> 11) / 2.0 ** 52 - 1)
    return (np.array(x[::2]) + 1j * np.array(x[1::2])).reshape(side, side)


def synthesis(x, levels):
    side = len(x)
    for level in range(levels, 0, -1):
        s = side >> level
        a, b, c, d = (x[i:i + s, j:j + s].copy() for i in (0, s) for j in (0, s))
        x[0:2 * s:2, 0:2 * s:2], x[0:2 * s:2, 1:2 * s:2] = (a + b + c + d) / 2, (a - b + c - d) / 2
        x[1:2 * s:2, 0:2 * s:2], x[1:2 * s:2, 1:2 * s:2] = (a + b - c - d) / 2, (a - b - c + d) / 2
    return x


def walsh(side):
    """Rows by the number of their changes of sign."""
    rows = scipy.linalg.hadamard(side)
    return rows[np.argsort((np.diff(rows) != 0).sum(axis=1))] / np.sqrt(side)


def main():
    program = os.path.join(sys.argv[1], "print_transform")
    for side, levels in (2, 1), (8, 3), (16, 0), (32, 5), (64, 2), (128, 7), (512, 9):
        image = synthesis(values(side), levels)
        wanted = {1: np.fft.fftshift(scipy.fft.fft2(image, norm="ortho")), 2: walsh(side) @ image @ walsh(side).T}
        for transform, reference in wanted.items():
            command = [program, *map(str, (transform, int(levels > 0), levels, side))]
            text = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
            numbers = np.array(text.split(), float).reshape(side, side, 2)
            error = np.abs(numbers[..., 0] + 1j * numbers[..., 1] - reference).max()
            if not error <= 1e-13:
                sys.exit(f"transform {transform}, side {side}, {levels} levels: {error} from numpy")


main()
