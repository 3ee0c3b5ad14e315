"""Thousands of certificates as files for a checker, and copies of them: what takes time in tests of mutations."""
import atexit
import os
import pickle
import tempfile

_directory = tempfile.TemporaryDirectory()
atexit.register(_directory.cleanup)


def portion(cases):
    """Of cases (path, what, certificate): all; one in twenty under DELTA1_TEST_MULTIPLIER=0, which is to
    see only that a test runs. Sanitizers watch how a certificate is read, the same for every entry of an
    array: under them the first and the last of those that differ in indices only."""
    if os.environ.get("DELTA1_TEST_MULTIPLIER", "1") == "0":
        return cases[::20]
    if os.environ.get("SANITIZERS") != "yes" or os.environ.get("DELTA1_TEST_MULTIPLIER", "1") != "1":
        return cases
    first, last = {}, {}
    turn, before = 0, None
    for i, (path, what, _) in enumerate(cases):
        turn = turn + 1 if path == before else 0
        before = path
        key = (tuple("*" if isinstance(k, int) else k for k in path), turn, what.split(" ")[0])
        first.setdefault(key, i)
        last[key] = i
    kept = set(first.values()) | set(last.values())
    return [case for i, case in enumerate(cases) if i in kept]


def copied(x):
    """A deep copy of a JSON value; several times as fast as copy.deepcopy."""
    return pickle.loads(pickle.dumps(x, pickle.HIGHEST_PROTOCOL))


def write(texts):
    """The paths of files with these texts (str or bytes), good until the next call, which writes over
    them: removing thousands of files and making them again is what a file system is slowest at."""
    paths = []
    for i, text in enumerate(texts):
        paths.append(os.path.join(_directory.name, "%05d.json" % i))
        data = text if isinstance(text, bytes) else text.encode()
        # Not O_TRUNC: some file systems write a file out that was emptied and filled again.
        file = os.open(paths[-1], os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            done = 0
            while done < len(data):
                done += os.write(file, data[done:])
            os.ftruncate(file, len(data))
        finally:
            os.close(file)
    return paths
