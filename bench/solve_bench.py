#!/usr/bin/python3
"""The certified lasso against scikit-learn's uncertified one, 62 x 2000, and the cost of digits."""

import os
import subprocess
import sys
import tempfile
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # processor times are compared

BUILD = sys.argv[1] if len(sys.argv) > 1 else "."
PROGRAM = os.path.join(BUILD, "bench", "solve_bench")


def best(run, count):
    times = []
    for _ in range(count):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times)


def compare():
    try:
        import numpy
        from sklearn.linear_model import Lasso
    except ImportError:
        print("solve_bench: no scikit-learn: not compared")
        return
    print("lasso 62 x 2000, scikit-learn at tolerance 1e-10 against 10 certified digits")
    print("  alpha/max  scikit-learn (s)  certified (s)  ratio  support")
    random = numpy.random.default_rng(1)
    A = random.standard_normal((62, 2000))
    x = numpy.zeros(2000)
    x[:12] = random.standard_normal(12) * 3
    y = A @ x + 0.3 * random.standard_normal(62)
    most = abs(A.T @ y).max() / 62
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "data")
        for part in (0.5, 0.2, 0.1, 0.05, 0.02, 0.01):
            alpha = part * most
            model = Lasso(alpha=alpha, fit_intercept=False, tol=1e-10, max_iter=1000000)
            F = numpy.asfortranarray(A)
            spent = best(lambda: model.fit(F, y), 5)
            numpy.concatenate([[62, 2000, 2 * 62 * alpha], A.ravel(), y]).tofile(path)
            words = subprocess.run([PROGRAM, path], stdout=subprocess.PIPE, text=True,
                                   check=True).stdout.split()
            print("  %9.2f  %16.4f  %13.4f  %5.2f  %7s"
                  % (part, spent, float(words[0]), float(words[0]) / spent, words[1]))


if __name__ == "__main__":
    compare()
    sys.stdout.flush()
    subprocess.run([PROGRAM], check=True)
