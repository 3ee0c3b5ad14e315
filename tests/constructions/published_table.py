"""An independent run of the published table at many digits, compared with `delta1 table1 --json`.

Two routes: the problem as it is published, 21 x 22 with the DCT and the formulas with gamma_1 and tt
(for one entry), and the two tied columns alone, to which it is equal (for all entries)."""

import json
import subprocess
import sys
import tempfile

import mpmath as mp

DIGITS = 400
P, RESTARTS, N1, N2 = 50, 30, 2, 20


def first_row(K, n, place):
    delta, lam = mp.mpf(1) / 6, 1
    gamma = mp.sqrt(2) * (1 - delta) * mp.mpf(10) ** K / (3 * lam)
    u = mp.mpf(2) ** (-n - 1) / (gamma * lam)
    tt = u * (1 - delta) ** 2 / (1 + u * (1 - delta))
    row = [gamma * lam / (1 - delta)] * N1
    row[place] = gamma * lam / (1 - delta - tt)
    return row, (1 - delta - tt) / (lam * gamma)


def steps(version, norm):
    if version == "steps":
        return mp.mpf(999) / 1000 / norm
    return mp.sqrt(1 / norm) - mp.mpf(1) / 10000


def soft(z, t):
    return mp.sign(z) * max(abs(z) - t, 0)


def network(A, y, norm, tau):
    """A: rows; y: one number a row."""
    m, N = len(A), len(A[0])
    columns = [[A[i][j] for i in range(m)] for j in range(N)]
    psi, eps = [mp.mpf(0)] * N, mp.mpf(1)
    for _ in range(RESTARTS):
        eps = mp.exp(-1) * (mp.mpf(1) / 10**6 + eps)
        alpha = 2 * norm / (eps * P)
        x = [alpha * t for t in psi]
        v, total = [mp.mpf(0)] * m, [mp.mpf(0)] * N
        for _ in range(P):
            new = [soft(x[j] - tau * mp.fdot(columns[j], v), tau) for j in range(N)]
            z = [2 * a - b for a, b in zip(new, x)]
            v = [v[i] + tau * (mp.fdot(A[i], z) - alpha * y[i]) for i in range(m)]
            length = mp.sqrt(mp.fdot(v, v))
            if length > 1:
                v = [t / length for t in v]
            x = new
            total = [a + b for a, b in zip(total, x)]
        psi = [t / P / alpha for t in total]
    return psi


def error(K, n, version, dense):
    j = {1: 0, 3: 1, 6: 2}[K] if version == "script" else 2
    place = range(N1)[j - 1]
    row, scale = first_row(K, n, place)
    norm = mp.sqrt(mp.fdot(row, row))
    if dense:
        m = N2 + 1
        weight = [mp.sqrt(mp.mpf(1 if k == 0 else 2) / m) for k in range(m)]
        U = [[weight[k] * mp.cos(mp.pi * (2 * i + 1) * k / (2 * m)) for i in range(m)] for k in range(m)]
        A = [[row[0] * u[0], row[1] * u[0]] + [norm * t for t in u[1:]] for u in U]
        x = network(A, [u[0] for u in U], norm, steps(version, norm))
    else:
        x = network([row], [mp.mpf(1)], norm, steps(version, norm)) + [mp.mpf(0)] * N2
    x_star = [mp.mpf(0)] * (N1 + N2)
    x_star[range(N1 + N2)[j - 2]] = scale
    return mp.sqrt(sum((a - b) ** 2 for a, b in zip(x, x_star)))


def agree(text, value, what):
    """text: the rounded decimal of the program."""
    digits = len(text.split("e")[0].replace(".", ""))
    mine = mp.nstr(value, digits, min_fixed=0, max_fixed=0, strip_zeros=False)
    theirs = mp.mpf(text)
    if abs(mp.mpf(mine) - theirs) > abs(theirs) * mp.mpf(10) ** (-digits - 5):
        sys.exit(f"{what}: delta1 has {text}, this script {mine}")
    print(f"{what}: {text}")


def main():
    mp.mp.dps = DIGITS
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        subprocess.run([sys.argv[1], "table1", "--json", file.name], check=True, stdout=subprocess.DEVNULL)
        with open(file.name, encoding="utf-8") as text:
            rows = json.load(text)["rows"]
    if len(rows) != 9:
        sys.exit(f"{len(rows)} rows, not 9")
    for row in rows:
        K, n = row["K"], row["n"]
        if row["matrix_distance_at_most_2^-n"] != "holds":
            sys.exit(f"K = {K}, n = {n}: {row}")
        _, scale = first_row(K, n, 0)
        agree(row["x_n_distance"]["digits"], mp.sqrt(2) * scale, f"K = {K}, n = {n}, distance")
        difference = mp.mpf(row["lista"]["digits"]) - mp.sqrt(2) * scale
        assert abs(difference) < 3e-6 * scale, f"K = {K}, n = {n}: LISTA is off by {difference}"
        for cell in row["firenet"]:
            version = cell["version"]
            if cell["condition"] != ("holds" if version == "steps" else "violated"):
                sys.exit(f"K = {K}, n = {n}, {version}: the condition {cell['condition']}")
            what = f"K = {K}, n = {n}, {version}"
            agree(cell["error"]["digits"], error(K, n, version, False), what)
            if (K, n, version) == (1, 10, "script"):
                agree(cell["error"]["digits"], error(K, n, version, True), what + ", dense")


main()
