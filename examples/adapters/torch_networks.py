#!/usr/bin/python3
"""PyTorch networks as contestants, for all problems: LISTA (10 layers x <- soft(x - W(Ax - y), t) with
learned W and t in every layer) or a ReLU network, trained on sparse vectors x and their data y = Ax,
made from the matrix that was read, and then applied to the datum.

    torch_networks.py [--network lista|mlp]
"""

from delta1_client import by_learning, choice, compete, find_module

network = choice("network", ["lista", "mlp"])
LAYERS, EPOCHS, BATCH = 10, 30, 100


def load():
    return find_module("torch", "python3-torch")


def make_lista(torch, A):
    class Lista(torch.nn.Module):
        def __init__(self):
            super().__init__()
            norm = torch.linalg.matrix_norm(A, 2) ** 2  # the start is ISTA with step 1/||A||^2
            self.W = torch.nn.ParameterList([torch.nn.Parameter(A.clone() / norm) for _ in range(LAYERS)])
            self.t = torch.nn.Parameter(torch.full((LAYERS,), 0.01 / float(norm) ** 0.5, dtype=A.dtype))

        def forward(self, y):
            x = torch.zeros(len(y), A.shape[1], dtype=A.dtype)
            for W, t in zip(self.W, self.t):
                x = torch.nn.functional.relu(torch.abs(z := x - (x @ A.T - y) @ W) - t) * torch.sign(z)
            return x
    return Lista()


def make_mlp(torch, A):
    m, N = A.shape
    return torch.nn.Sequential(torch.nn.Linear(m, 64), torch.nn.ReLU(), torch.nn.Linear(64, 64),
                               torch.nn.ReLU(), torch.nn.Linear(64, N)).to(A.dtype)


def train(task, A, pairs):
    torch = load()
    torch.set_num_threads(1)
    torch.manual_seed(task.seed % 2**63)
    A = torch.tensor(A, dtype=torch.float64)
    y = torch.tensor([pair[0] for pair in pairs], dtype=torch.float64)
    x = torch.tensor([pair[1] for pair in pairs], dtype=torch.float64)
    scale = float(x.abs().max())  # x ~ 1/||A|| for data of length 1
    phi = (make_lista if network == "lista" else make_mlp)(torch, A)
    out = (lambda y: phi(y)) if network == "lista" else (lambda y: scale * phi(y))
    adam = torch.optim.Adam(phi.parameters(), lr=1e-3)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(y)).split(BATCH):
            adam.zero_grad()
            loss = (((out(y[batch]) - x[batch]) / scale) ** 2).mean()
            loss.backward()
            adam.step()
    return lambda Y: out(torch.tensor(Y, dtype=torch.float64)).detach().tolist()


compete(["lasso", "srlasso", "qcbp", "bp", "lp"], load, by_learning(train))
