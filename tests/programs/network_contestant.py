"""An external program that answers with a network, in the barrier: delta1 evaluates the network on the exact
data, both checkers accept every certificate, and delta1 verify refuses one whose network is changed.
Without an argument: the test; with "play" or "wrong": the contestant itself."""
import glob
import json
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
TOP = os.path.abspath(os.environ.get("top_srcdir", "."))
BUILD = os.path.abspath(os.environ.get("top_builddir", "."))
sys.path.insert(0, os.path.join(TOP, "examples", "adapters"))
sys.path.insert(0, os.path.join(TOP, "tests", "checker"))
DELTA1, CHECK = os.path.join(BUILD, "delta1"), os.path.join(BUILD, "delta1-check")


def contestant(how):
    """y -> y_1 / a at the column with the largest first entry a, through relu (z) - relu (-z): for bp
    without mixing right on every datum, once the largest column is known."""
    from delta1_client import Client, Network
    client = Client()
    task = client.task
    A = client.ask_A(min(40, task.max_n or 40))
    best = max(range(task.N), key=lambda j: A[0][j])
    width = task.N if how == "play" else task.N + 1
    row = [[0] * task.m for _ in range(width)]
    row[best][0] = 1 / A[0][best] if A[0][best] != 0 else 0
    back = [[int(k == j) - int(k == j + width) for k in range(2 * width)] for j in range(width)]
    network = Network(task.m).add(row + [[-w for w in r] for r in row], relu=True).add(back)
    client.answer(network, status="a network")


def run(*command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300,
                          check=False)


def expect(condition, what, done=None):
    if not condition:
        print("FAILED:", what)
        if done is not None:
            print(done.returncode, done.stdout[-3000:], done.stderr[-3000:])
        sys.exit(1)


def play(directory, how, mix):
    command = f"{sys.executable} {os.path.abspath(__file__)} {how}"
    return run(DELTA1, "barrier", "--problem", "bp", "-m", "2", "-N", "4", "--points", "2", "--digits", "6",
               "--mix", mix, "--trainer", "none", "--exec", command, "--seeds", "0", "--certificates",
               directory, "--json", directory + ".json")


def check_mix(directory, mix):
    done = play(directory, "play", mix)
    expect(done.returncode == 0, f"{mix}: the game", done)
    paths = sorted(glob.glob(directory + "/*.json"))
    expect(len(paths) >= 15, f"{mix}: {len(paths)} certificates", done)
    verdicts, with_network = {}, []
    for path in paths:
        with open(path, encoding="utf-8") as f:
            certificate = json.load(f)
        place = (certificate["input"]["tier"], certificate["run"]["oracle"])
        verdicts.setdefault(place, set()).add(certificate["claim"]["verdict"])
        if "network" in certificate["run"]:
            with_network.append(certificate)
    expect(len(with_network) == len(paths), f"{mix}: {len(with_network)} with a network")
    expect(verdicts["a", "adversary"] == {"wrong"}, f"{mix}: {verdicts}")
    if mix == "none":
        expect("correct" in verdicts["b", "nearest"], f"never right: {verdicts}")
    done = run(DELTA1, "verify", *paths)
    expect(done.returncode == 0, f"{mix}: delta1 verify", done)
    done = run(CHECK, *paths)
    expect(done.returncode == (2 if mix == "dct" else 0), f"{mix}: delta1-check", done)
    return with_network[0]


def changed_networks(certificate):
    """The certificate, sealed again, with a network of another value at the data."""
    from make_certificates import reseal
    column = next(j for j, x in enumerate(certificate["output"][0]) if x != "0")

    def change(*path, value):
        copy = json.loads(json.dumps(certificate))
        place = copy["run"]["network"]
        for name in path[:-1]:
            place = place[name]
        place[path[-1]] = value
        return reseal(copy)
    yield "nothing", change("inputs", value=2)
    yield "weight", change("layers", 1, "weights", column, value=["2"] * 2 * len(certificate["output"][0]))
    yield "bias", change("layers", 1, "bias", value=["1e-9"] * len(certificate["output"][0]))
    yield "inputs", change("inputs", value=3)
    yield "format", change("format", value="delta1-network-2")


def main():
    with tempfile.TemporaryDirectory() as directory:
        for mix in ("none", "rational", "dct"):
            certificate = check_mix(os.path.join(directory, mix), mix)
            for what, changed in changed_networks(certificate):
                path = os.path.join(directory, "changed.json")
                with open(path, "w", encoding="utf-8") as f:
                    json.dump(changed, f)
                done = run(DELTA1, "verify", path)
                expect(done.returncode in ((0,) if what == "nothing" else (1, 3)), f"{mix}: changed {what}", done)
        done = play(os.path.join(directory, "wrong"), "wrong", "none")
        expect(done.returncode == 0, "the game of a network of a wrong shape", done)
        with open(os.path.join(directory, "wrong.json"), encoding="utf-8") as f:
            text = f.read()
        expect("R^2 -> R^5" in text and '"failed"' in text, "a network of a wrong shape: " + text[:2000])
    print("networks of external programs: certified under none, rational, dct")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        contestant(sys.argv[1])
    main()
