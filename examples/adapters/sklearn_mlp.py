#!/usr/bin/python3
"""scikit-learn's MLPRegressor as a contestant, for all problems: a ReLU network trained on sparse
vectors x and their data y = Ax, made from the matrix that was read. Where the task takes a network it
answers with the one that was trained, weight by weight.
"""

import warnings

from delta1_client import Network, by_learning, choice, compete, find_module

choice()


def load():
    return find_module("sklearn.neural_network", "python3-sklearn")


def train(task, A, pairs):
    warnings.simplefilter("ignore")  # that the iteration limit was reached
    model = load().MLPRegressor((64, 64), random_state=task.seed % 2**32, max_iter=100,
                                learning_rate_init=2e-3)
    model.fit([y for y, x in pairs], [x for y, x in pairs])
    phi, last = Network(task.m), len(model.coefs_) - 1
    for j, (weights, bias) in enumerate(zip(model.coefs_, model.intercepts_)):
        phi.add(weights.T.tolist(), bias=bias.tolist(), relu=j < last)
    return phi


compete(["lasso", "srlasso", "qcbp", "bp", "lp"], load, by_learning(train))
