#!/usr/bin/python3
"""PyTorch networks as contestants, for all problems: LISTA (10 layers x <- soft(x - W(Ax - y), t) with
learned W and t >= 0 in every layer) or a ReLU network, trained on sparse vectors x and their data y = Ax,
made from the matrix that was read. Where the task takes a network they answer with the one that was
trained, weight by weight.

    torch_networks.py [--network lista|mlp]
"""

from delta1_client import Network, by_learning, choice, compete, find_module

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

        def step_taken(self):
            self.t.data.clamp_(min=0)  # a threshold below 0 is none

        def network(self):
            """Two layers for one: (x, Ax - y), and x - W^T (Ax - y) with the threshold; x = 0 first."""
            m, N = A.shape
            one = torch.eye(N, dtype=A.dtype)
            phi = Network(m)
            for k, (W, t) in enumerate(zip(self.W, self.t.tolist())):
                if k == 0:
                    phi.add(W.T.tolist(), soft=[t] * N)
                    continue
                below = torch.cat([torch.zeros(N, m, dtype=A.dtype), -torch.eye(m, dtype=A.dtype)])
                phi.add(torch.cat([one, A]).tolist(), skip=below.tolist())
                phi.add(torch.cat([one, -W.T], 1).tolist(), soft=[t] * N)
            return phi
    return Lista()


def make_mlp(torch, A):
    class Mlp(torch.nn.Sequential):
        def step_taken(self):
            pass

        def network(self):
            phi, linear = Network(A.shape[0]), [part for part in self if hasattr(part, "weight")]
            for part in linear:
                phi.add(part.weight.tolist(), bias=part.bias.tolist(), relu=part is not linear[-1])
            return phi
    m, N = A.shape
    return Mlp(torch.nn.Linear(m, 64), torch.nn.ReLU(), torch.nn.Linear(64, 64), torch.nn.ReLU(),
               torch.nn.Linear(64, N)).to(A.dtype)


def train(task, A, pairs):
    torch = load()
    torch.set_num_threads(1)
    torch.manual_seed(task.seed % 2**63)
    A = torch.tensor(A, dtype=torch.float64)
    y = torch.tensor([pair[0] for pair in pairs], dtype=torch.float64)
    x = torch.tensor([pair[1] for pair in pairs], dtype=torch.float64)
    phi = (make_lista if network == "lista" else make_mlp)(torch, A)
    adam = torch.optim.Adam(phi.parameters(), lr=1e-3)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(y)).split(BATCH):
            adam.zero_grad()
            loss = ((phi(y[batch]) - x[batch]) ** 2).mean()
            loss.backward()
            adam.step()
            phi.step_taken()
    with torch.no_grad():
        return phi.network()


compete(["lasso", "srlasso", "qcbp", "bp", "lp"], load, by_learning(train))
