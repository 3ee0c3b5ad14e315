#!/usr/bin/env python3
"""delta1 reconstruct against numpy: the same network on the mask, the data and the constants that
delta1 wrote, and the same claims, computed by the formulas of doc/mathematics.md, Section 6."""

import json
import math
import os
import struct
import subprocess
import sys
import tempfile
import zlib

import numpy as np

# side, options of delta1, filter
CASES = [
    (512, [], "haar"),
    (128, ["--rate", "0.3", "--wavelet", "db2", "--levels", "3"], "db2"),
    (64, ["--rate", "0.5", "--operator", "walsh", "--phantom", "detail"], "haar"),
    (64, ["--rate", "0.5", "--weights", "none", "--inner", "3", "--tau", "2", "--sigma", "0.25",
          "--pattern", "radial"], "haar"),
    (32, ["--rate", "0.6", "--pattern", "half", "--operator", "walsh", "--wavelet", "db2",
          "--lambda", "0.01", "--delta", "0.3"], "db2"),
    (32, ["--rate", "0.6", "--inner", "400", "--restarts", "3"], "haar"),
]
ROOT3 = math.sqrt(3)
FILTERS = {
    "haar": [1 / math.sqrt(2)] * 2,
    "db2": [(1 + ROOT3) / math.sqrt(32), (3 + ROOT3) / math.sqrt(32),
            (3 - ROOT3) / math.sqrt(32), (1 - ROOT3) / math.sqrt(32)],
}
ELLIPSES = [  # value, half axes, centre, degrees
    (1, .69, .92, 0, 0, 0), (-.8, .6624, .8740, 0, -.0184, 0), (-.2, .11, .31, .22, 0, -18),
    (-.2, .16, .41, -.22, 0, 18), (.1, .21, .25, 0, .35, 0), (.1, .046, .046, 0, .1, 0),
    (.1, .046, .046, 0, -.1, 0), (.1, .046, .023, -.08, -.605, 0),
    (.1, .023, .023, 0, -.606, 0), (.1, .023, .046, .06, -.605, 0)]


def shepp_logan(side):
    grid = (2 * np.arange(side) + 1 - side) / side
    x, y = np.meshgrid(grid, -grid)
    image = np.zeros((side, side))
    for value, a, b, cx, cy, degrees in ELLIPSES:
        c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        u, v = (x - cx) * c + (y - cy) * s, (y - cy) * c - (x - cx) * s
        image += value * ((u / a) ** 2 + (v / b) ** 2 <= 1)
    return image


def read_png(path):
    """A grey PNG of 8 bits, not interlaced."""
    with open(path, "rb") as file:
        data = file.read()
    at, body, width, height = 8, b"", 0, 0
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        chunk = data[at + 8:at + 8 + length]
        if kind == b"IHDR":
            width, height, bits, colour, _, _, interlace = struct.unpack(">IIBBBBB", chunk)
            assert (bits, colour, interlace) == (8, 0, 0)
        elif kind == b"IDAT":
            body += chunk
        at += 12 + length
    raw = np.frombuffer(zlib.decompress(body), np.uint8).reshape(height, width + 1)
    image = np.zeros((height, width), np.int64)
    for i in range(height):
        kind, line = raw[i, 0], raw[i, 1:].astype(np.int64)
        above = image[i - 1] if i else np.zeros(width, np.int64)
        for j in range(width) if kind in (1, 3, 4) else []:
            left = image[i, j - 1] if j else 0
            corner = above[j - 1] if j else 0
            guess = left + above[j] - corner
            paeth = min((left, above[j], corner), key=lambda p: abs(guess - p))
            image[i, j] = (line[j] + {1: left, 3: (left + above[j]) // 2, 4: paeth}[kind]) % 256
        if kind in (0, 2):
            image[i] = (line + (above if kind == 2 else 0)) % 256
    return image


def wavelet_matrix(side, taps):
    """One level on a line: low parts first."""
    matrix = np.zeros((side, side))
    for i in range(side // 2):
        for k, h in enumerate(taps):
            matrix[i, (2 * i + k) % side] += h
            matrix[side // 2 + i, (2 * i + k) % side] += (-1) ** k * taps[-1 - k]
    return matrix


class Operator:
    """A = P F W*, as firenet/sampled.h has it."""

    def __init__(self, mask, levels, taps, walsh):
        self.side = side = mask.shape[0]
        self.levels = [wavelet_matrix(side >> k, taps) for k in range(levels)]
        self.walsh = walsh
        self.mask = mask  # Fourier: with DC in the middle
        if walsh:
            h = np.ones((1, 1))
            while h.shape[0] < side:
                h = np.block([[h, h], [h, -h]])
            changes = (np.diff(h, axis=1) != 0).sum(axis=1)
            self.h = h[np.argsort(changes)] / math.sqrt(side)

    def analyse(self, image):
        c = np.array(image)
        for m in self.levels:
            n = m.shape[0]
            c[:n, :n] = m @ c[:n, :n] @ m.T
        return c

    def synthesise(self, c):
        image = np.array(c)
        for m in reversed(self.levels):
            n = m.shape[0]
            image[:n, :n] = m.T @ image[:n, :n] @ m
        return image

    def forward(self, c):
        image = self.synthesise(c)
        if self.walsh:
            return (self.h @ image @ self.h.T)[self.mask]
        return np.fft.fftshift(np.fft.fft2(image, norm="ortho"))[self.mask]

    def adjoint(self, y):
        z = np.zeros((self.side, self.side), y.dtype)
        z[self.mask] = y
        if self.walsh:
            return self.analyse(self.h.T @ z @ self.h)
        return self.analyse(np.fft.ifft2(np.fft.ifftshift(z), norm="ortho"))


def soft(x, threshold):
    size = np.abs(x)
    return x * np.maximum(1 - threshold / np.maximum(size, 1e-300), 0)


def firenet(A, y, network, w):
    p, tau, sigma = network["inner"], network["tau"], network["sigma"]
    lam, delta, eps = network["lambda"], network["delta"], network["eps_0"]
    psi = np.zeros((A.side, A.side), y.dtype)
    for _ in range(network["restarts"]):
        eps = (delta + eps) / math.e
        alpha = 2 / (p * sigma * eps)
        x, v, total = alpha * psi, np.zeros_like(y), 0
        for _ in range(p):
            following = soft(x - tau * A.adjoint(v), tau * lam * w)
            v = v + sigma * A.forward(2 * following - x) - sigma * alpha * y
            v = v / max(1, np.linalg.norm(v))
            x = following
            total = total + x
        psi = total / p / alpha
    return psi


def check(delta1, side, options, name):
    with tempfile.TemporaryDirectory() as directory:
        report_path = os.path.join(directory, "report.json")
        subprocess.run([delta1, "reconstruct", "--side", str(side), "-o", directory, "--json",
                        report_path, *options], check=True, stdout=subprocess.DEVNULL)
        with open(report_path, encoding="utf-8") as file:
            report = json.load(file)
        mask = read_png(os.path.join(directory, "mask.png")) == 255
        y = np.load(os.path.join(directory, "data.npy"))
        computed = np.load(os.path.join(directory, "coefficients.npy")).reshape(side, side)
        polished = np.load(os.path.join(directory, "polished.npy")).reshape(side, side)
        dual = np.load(os.path.join(directory, "dual.npy"))
        shown = read_png(os.path.join(directory, "reconstruction.png"))
        difference = read_png(os.path.join(directory, "difference.png"))
        truth_shown = read_png(os.path.join(directory, "truth.png"))
    network, given = report["network"], report["input"]
    A = Operator(mask, given["levels"], FILTERS[name], given["transform"] == "walsh")
    assert mask.sum() == given["samples"] == len(y)
    # weights sqrt(s/s_k), constant on levels
    s = given["sparsity"]
    weights = [1.0 if "--weights" in options else math.sqrt(sum(s) / k) for k in s]
    assert np.allclose(weights, network["weights"], rtol=1e-14)
    level = np.zeros((side, side), int)
    for k in reversed(range(given["levels"])):
        n = side >> (given["levels"] - 1 - k)
        level[:n, :n] = k
    w = np.array(weights)[level]
    lam = network["lambda"]

    # the operator, by data without noise: what is left is the noise that was asked for
    if "detail" in options:
        truth = truth_shown / 255  # of 8 bits
    else:
        truth = shepp_logan(side)
        assert np.abs(truth - truth_shown / 255).max() < 0.003
        exact = A.forward(A.analyse(truth.astype(y.dtype)))
        noise = np.linalg.norm(y - exact) / np.linalg.norm(exact)
        assert abs(noise - given["noise"]) < 1e-5, noise

    # the network itself
    x = firenet(A, y, network, w)
    radius = float(report["rounding"]["radius"])
    off = np.linalg.norm(x - computed)
    assert off <= 1e-9 * np.linalg.norm(x) and off >= 0, off
    error = np.linalg.norm(A.synthesise(x) - truth) / np.linalg.norm(truth)
    assert abs(error / report["error"]["computed"] - 1) < 0.02, (error, report["error"])
    image = A.synthesise(computed).real
    assert np.abs(np.clip(image, 0, 1) * 255 - shown).max() < 0.51
    if "detail" not in options:  # white is 0.1
        assert np.abs(np.clip(np.abs(image - truth), 0, 0.1) * 2550 - difference).max() < 0.51
    steps = network["inner"] * network["restarts"]
    assert radius <= 1.6e-15 * steps ** 2 * np.linalg.norm(computed), radius  # 80: 1e-11

    # the claims
    assert np.linalg.norm(dual) <= 1 and (np.abs(A.adjoint(dual)) <= lam * w * (1 + 1e-12)).all()
    bound = -np.vdot(dual, y).real  # <= F*
    for point, key in ((computed, "computed"), (polished, "polished")):
        value = lam * (w * np.abs(point)).sum() + np.linalg.norm(A.forward(point) - y)
        gap = float(report["gap"][key + "_relative"])
        assert (value - bound) / bound <= gap * (1 + 1e-5) + 1e-9, (key, value, bound, gap)
        assert (value - bound) / bound >= gap * 0.99 - 1e-9, (key, value, bound, gap)
    if side == 512:
        assert float(report["gap"]["polished_relative"]) <= 1e-4
    lipschitz = (network["restarts"] * (network["inner"] - 1) / 2
                 * math.sqrt(network["tau"] * network["sigma"]))
    assert lipschitz <= float(report["stability"]["at_most"]) <= lipschitz * (1 + 1e-5)
    # (d): mathematics.md 6.3 for the polished point, C_1 = lambda sqrt(xi) C_2
    rho, gamma = report["accuracy"]["rho"], report["accuracy"]["gamma"]
    xi = sum(k * v * v for k, v in zip(s, weights))
    kappa = xi / min(k * v * v for k, v in zip(s, weights))
    c_1 = (rho + (1 + rho) * kappa ** .25 / 2) * (1 + rho) / (1 - rho)
    c_2 = (2 / (1 - rho) * (rho + (1 + rho) * kappa ** .25 / 2) + 1 + kappa ** .25 / 2) * gamma
    if lam <= c_1 / (c_2 * math.sqrt(xi)) and "detail" not in options:
        c = A.analyse(truth)
        defect = sum(weights[k] * np.sort(np.abs(c[level == k]))[::-1][s[k]:].sum()
                     for k in range(len(s)))
        residual = np.linalg.norm(y - exact)
        expected = c_1 / (lam * math.sqrt(xi)) * (float(report["gap"]["polished"])
                                                  + 2 * lam * defect + 2 * residual)
        assert abs(float(report["accuracy"]["error_polished"]) / expected - 1) < 1e-4, expected
        # and for what the network computes: Corollary 6.3b with c = 1
        p, tau, sigma = network["inner"], network["tau"], network["sigma"]
        c_2, delta = c_1 / (lam * math.sqrt(xi)), 2 * lam * defect + 2 * residual
        eps, excess = network["eps_0"], np.linalg.norm(y)
        for _ in range(network["restarts"]):
            eps = (network["delta"] + eps) / math.e
            excess = 2 * (c_2 * (delta + excess) / p) ** 2 / (sigma * tau * eps) + eps / 2
            if excess > 1e100:  # too few inner steps: the bound says nothing
                break
        else:
            expected = c_2 * (delta + excess)
            assert abs(float(report["accuracy"]["error"]) / expected - 1) < 1e-4, expected
            checked.add("network")
        checked.add("accuracy")
    # the trace ends where the average of the last restart is near
    assert len(report["trace"]["objective"]) == steps
    print(f"side {side} {' '.join(options)}: error {error:.4g}, numpy and delta1 differ by "
          f"{off / np.linalg.norm(x):.2g}, radius {radius / np.linalg.norm(x):.2g}")


checked = set()


def main():
    for side, options, name in CASES:
        check(os.path.abspath(sys.argv[1]), side, options, name)
    assert checked == {"accuracy", "network"}


main()
