#!/usr/bin/python3
"""A contestant to copy: iterative soft thresholding (ISTA) in doubles, for lasso."""

from delta1_client import Client, does_not_attempt

client = Client()
task = client.task
if task.problem != "lasso":
    does_not_attempt(f"template.py solves lasso, not {task.problem}")
n = client.reading_precision()
A = [[float(a) for a in row] for row in client.ask_A(n)]
Y = [[float(y) for y in row] for row in client.ask_y(n)]
step = 0.5 / (sum(a * a for row in A for a in row) or 1.0)  # at most 1/(2 ||A||^2)
shift = step * float(task.parameter)

X = []
for y in Y:
    x = [0.0] * task.N
    for _ in range(10000):
        residual = [sum(a * v for a, v in zip(row, x)) - b for row, b in zip(A, y)]
        for j in range(task.N):
            v = x[j] - 2 * step * sum(row[j] * r for row, r in zip(A, residual))
            x[j] = max(v - shift, 0.0) + min(v + shift, 0.0)
    X.append(x)
client.answer(X)
