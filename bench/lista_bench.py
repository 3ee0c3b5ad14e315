#!/usr/bin/python3
"""make bench: LISTA training against PyTorch, and balls against doubles.

    lista_bench.py BUILD-DIRECTORY

One run on one core; processor times. The same network (10 layers x <- soft(W x + R y, t), all of it
learned, in double precision), the same number of pairs, batch size and Adam. Without python3-torch the
first comparison is left out.
"""

import json
import os
import subprocess
import sys
import time

LAYERS, STEPS, EPOCHS = 10, 8, 10


def ours(build, m, N, batch):
    command = [os.path.join(build, "bench", "network_bench"), *map(str, (LAYERS, m, N, batch, STEPS))]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def theirs(torch, m, N, batch):
    """Seconds of an epoch."""
    torch.manual_seed(1)
    double = torch.float64
    W = [torch.nn.Parameter(torch.eye(N, dtype=double)) for _ in range(LAYERS - 1)]
    R = [torch.nn.Parameter(torch.randn(m, N, dtype=double) / N) for _ in range(LAYERS)]
    t = [torch.nn.Parameter(torch.full((N,), 0.01, dtype=double)) for _ in range(LAYERS)]
    adam = torch.optim.Adam(W + R + t, lr=1e-3)
    y, x = torch.randn(batch * STEPS, m, dtype=double), torch.randn(batch * STEPS, N, dtype=double)

    def epoch():
        for rows in torch.randperm(len(y)).split(batch):
            for k in range(LAYERS):
                z = y[rows] @ R[k] if k == 0 else value @ W[k - 1] + y[rows] @ R[k]
                value = torch.relu(z - t[k]) - torch.relu(-z - t[k])
            adam.zero_grad()
            ((value - x[rows]) ** 2).sum(1).mean().backward()
            adam.step()
            with torch.no_grad():
                for threshold in t:
                    threshold.clamp_(min=0)
    epoch()
    start = time.process_time()
    for _ in range(EPOCHS):
        epoch()
    return (time.process_time() - start) / EPOCHS


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    try:
        import torch
        torch.set_num_threads(1)
    except ImportError:
        torch = None
        print("python3-torch is not installed: no comparison of training with it")
    print(f"{'m x N':>9} {'batch':>6} {'epoch':>10} {'PyTorch':>10} {'ratio':>6} "
          f"{'plain':>10} {'bound':>10} {'balls':>10} {'balls/plain':>11} {'balls/bound':>11}")
    for m, N, batch in (21, 22, 64), (21, 22, 1000), (64, 128, 64), (128, 256, 256):
        mine = ours(sys.argv[1], m, N, batch)
        other = theirs(torch, m, N, batch) if torch else float("nan")
        print(f"{f'{m} x {N}':>9} {batch:>6} {mine['epoch']:>10.5f} {other:>10.5f} {other / mine['epoch']:>6.2f} "
              f"{mine['plain']:>10.2e} {mine['doubles']:>10.2e} {mine['balls']:>10.2e} "
              f"{mine['balls'] / mine['plain']:>11.1f} {mine['balls'] / mine['doubles']:>11.1f}")


main()
