#!/usr/bin/env python3
"""The command line of delta1 and delta1-check, from outside: what a user sees when all is well, and
when an argument, a file or the standard output is not."""

import glob
import json
import os
import struct
import subprocess
import tempfile
import unittest

TOP = os.path.abspath(os.environ.get("top_srcdir", "."))
BUILD = os.path.abspath(os.environ.get("top_builddir", "."))
DELTA1 = os.path.join(BUILD, "delta1")
CHECK = os.path.join(BUILD, "delta1-check")
# Small and fast; the same wherever a game is needed.
GAME = ["barrier", "-m", "2", "-N", "3", "--digits", "3", "--seeds", "5",
        "--trainer", "theorem-k2", "--trainer", "coin"]


def run(*command, **options):
    options.setdefault("stdout", subprocess.PIPE)
    options.setdefault("timeout", 600)
    return subprocess.run(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                          check=False, **options)


class CommandLine(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)

    def path(self, name):
        return os.path.join(self.directory.name, name)

    def refused(self, arguments, *words, **options):
        """Exit 3, one line on stderr that holds the words, nothing on stdout, no file."""
        before = sorted(os.listdir(self.directory.name))
        done = run(DELTA1, *arguments, cwd=self.directory.name, **options)
        said = f"delta1 {' '.join(arguments)}: {done.returncode}, {done.stdout!r}, {done.stderr!r}"
        self.assertEqual(done.returncode, 3, said)
        self.assertEqual(done.stderr.count("\n"), 1, said)
        self.assertTrue(done.stderr.endswith("\n"), said)
        if done.stdout is not None:
            self.assertEqual(done.stdout, "", said)
        for word in words:
            self.assertIn(word, done.stderr, said)
        self.assertEqual(sorted(os.listdir(self.directory.name)), before, said)


class BadValues(CommandLine):
    def test_barrier(self):
        # option, value, what the line must hold besides
        for option, value, *allowed in [
                ("--problem", "ridge", "srlasso, lasso, qcbp, bp, lp"),
                ("--problem", "", "srlasso"),
                ("--digits", "2", "3 to"),
                ("--digits", "six", "3 to"),
                ("--digits", "99999999999999999999", "3 to"),
                ("--samples", "0", "1 to"),
                ("-m", "0", "1 to"),
                ("-m", "-1", "1 to"),
                ("-N", "1", "2 to"),
                ("--points", "0", "1 to"),
                ("--mix", "fourier", "none, rational, dct"),
                ("--seed", "-1", "0 to"),
                ("--seed", "1.5", "0 to"),
                ("--trainer", "adam", "theorem-k1"),
                ("--trainer", "coin:reading=never", "once"),
                ("--trainer", "coin:colour=red", "colour"),
                ("--exec", "", "--exec"),
                ("--seeds", "-1", "0 to"),
                ("--seeds", "1000001", "1000000"),
                ("--max-precision", "0", "1 to"),
                ("--timeout", "0", "above 0"),
                ("--timeout", "nan", "above 0"),
                ("--timeout", "soon", "above 0")]:
            with self.subTest(option=option, value=value):
                self.refused(["barrier", option, value, "--certificates", "c", "--json", "j"],
                             option, value, *allowed)

    def test_barrier_relations(self):
        for arguments, *words in [
                (["-m", "6"], "m = 6", "1 to 5"),
                (["--lambda", "x"], "lambda", "'x'", "p/q"),
                (["--lambda", "0"], "lambda", "0", "(0, 1]"),
                (["--lambda", "1/0"], "lambda", "1/0"),
                (["--lambda", "3/2"], "lambda", "3/2", "(0, 1]"),
                (["--problem", "qcbp", "--epsilon", "2"], "epsilon", "2", "(0, 1]"),
                (["--epsilon", "1/2"], "--epsilon 1/2", "--lambda"),
                (["--problem", "lp", "--lambda", "1/2"], "--lambda 1/2", "no parameter"),
                (["--problem", "bp", "--epsilon", "1/2"], "--epsilon 1/2", "no parameter"),
                (["--trainer", "none"], "srlasso", "delta1 trainers")]:
            with self.subTest(arguments=arguments):
                self.refused(["barrier", *arguments, "--json", "j"], *words)

    def test_oracle(self):
        for arguments, *words in [
                ([], "EXPRESSION"),
                (["pi"], "-n"),
                (["pi", "-n", "0"], "-n 0", "1 to 100000000"),
                (["pi", "-n", "100000001"], "100000001", "1 to 100000000"),
                (["pie", "-n", "3"], "pie"),
                (["1/0", "-n", "3"], "1/0"),
                (["pi", "-n", "3", "--rule", "even"], "--rule even", "nearest, random, up or down"),
                (["pi", "-n", "3", "--seed", "x"], "--seed x", "0 to 2^64 - 1"),
                (["--file", "absent", "-n", "3"], "--file absent", "No such file"),
                (["--entry", "3", "-n", "3", "--file", "absent"], "--entry 3", "I,J"),
                (["pi", "2", "-n", "3"], "2"),
                (["pi", "-n", "3", "--colour"], "--colour")]:
            with self.subTest(arguments=arguments):
                self.refused(["oracle", *arguments], *words)

    def test_paradox(self):
        with open(self.path("narrow.json"), "w", encoding="utf-8") as file:
            json.dump({"format": "delta1-network-1", "inputs": 3, "layers": [{"weights": [["1", "2", "3"]]}]}, file)
        with open(self.path("wide.json"), "w", encoding="utf-8") as file:
            json.dump({"format": "delta1-network-1", "inputs": 2, "layers": [{"weights": [["1", "2"]]}]}, file)
        with open(self.path("real.json"), "w", encoding="utf-8") as file:
            json.dump({"format": "delta1-network-1", "inputs": 2, "layers": [{"weights": [["pi", "0"]]}]}, file)
        with open(self.path("ragged.json"), "w", encoding="utf-8") as file:
            json.dump({"format": "delta1-network-1", "inputs": 2,
                       "layers": [{"weights": [["1", "2"], ["1"]]}]}, file)
        with open(self.path("no.onnx"), "w", encoding="utf-8") as file:
            file.write("not a model")
        for arguments, *words in [
                (["--points", "1"], "--points 1", "2 to"),
                (["--exponent", "-1"], "--exponent -1", "0 to"),
                (["--theta", "1"], "--theta 1", "below 1"),
                (["--theta", "0"], "--theta 0", "above 0"),
                (["--theta", "half"], "--theta", "half"),
                (["--widths", "2,8,8,2"], "the last is 1"),
                (["--widths", "1,8,1"], "at least 2"),
                (["--widths", "2"], "allowed 2 to"),
                (["--widths", "2,,1"], "--widths"),
                (["--widths", "2,x,1"], "--widths x"),
                (["--widths", "2,0,1"], "--widths 0"),
                (["--train", "newton"], "newton", "sgd, adam"),
                (["--precision", "1"], "--precision 1", "2 to 10000"),
                (["--precision", "float"], "float"),
                (["--rate", "0"], "--rate 0"),
                (["--steps", "-1"], "--steps -1"),
                (["--runs", "0"], "--runs 0"),
                (["--tolerance", "1/4"], "--tolerance 1/4", "below 1/4"),
                (["--adversary"], "--adversary", "--exec"),
                (["--exec", ""], "empty"),
                (["--exec", "true", "--adversary", "--points", "82"], "P", "K - 1 = 81"),
                (["--network", "absent"], "absent", "No such file"),
                (["--network", "narrow.json", "--widths", "2,1"], "narrow.json", "3 inputs; allowed: 2"),
                (["--network", "wide.json"], "wide.json", "1 layers; allowed: 3"),
                (["--network", "real.json", "--widths", "2,1"], "real.json", "pi"),
                (["--network", "ragged.json", "--widths", "2,1"], "ragged.json", "layer 0"),
                (["--network", "no.onnx"], "no.onnx"),
                (["--certificates", "absent/c"], "--certificates", "No such file"),
                (["surplus"], "surplus"),
                (["--colour"], "--colour")]:
            with self.subTest(arguments=arguments):
                self.refused(["paradox", *arguments], *words)
        done = run(DELTA1, "paradox", "--widths", "2,1", "--points", "9", "--network", self.path("wide.json"))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("wide.json: inaccurate: ", done.stdout)

    def test_backprop(self):
        for option, value, *allowed in [
                ("--experiment", "e4", "e1, e2, e3, all"),
                ("--precision", "1", "2 to 10000"),
                ("--precision", "10001", "2 to 10000"),
                ("--precision", "quad", "half, bfloat16, single, double"),
                ("--precision", "8-6", "range"),
                ("--precision", "half-8", "range"),
                ("--precision", "6-200", "100 in all"),
                ("--depth", "0", "1 to 500"),
                ("--seeds", "0", "1 to"),
                ("--rate", "-1", "0 to"),
                ("--steps", "0", "1 to"),
                ("--limit", "1", "2 to"),
                ("--csv", "absent/file", "No such file")]:
            with self.subTest(option=option, value=value):
                self.refused(["backprop", option, value], option, *allowed)
        self.refused(["backprop", "surplus"], "surplus")
        self.refused(["backprop", "--colour"], "--colour")

    def test_convergence(self):
        for arguments, *words in [
                (["--sparsity", "0"], "--sparsity 0", "1 to 8"),
                (["-s", "5"], "sparsity 5", "1 to 4", "64"),
                (["--order", "3"], "--order 3", "4 to 256"),
                (["--order", "32"], "order 32", "4, 16, 64, 256"),
                (["--restarts", "0"], "--restarts 0", "1 to 500"),
                (["--delta", "0"], "--delta 0", "(0, 1]"),
                (["--delta", "2"], "--delta 2", "(0, 1]"),
                (["--delta", "1e-99999999"], "--delta 1e-99999999", "(0, 1]"),
                (["--delta", "small"], "--delta small", "(0, 1]"),
                (["--precision", "63"], "--precision 63", "64 to 4096"),
                (["--seed", "-1"], "--seed -1", "0 to"),
                (["--digits", "101"], "--digits 101", "1 to 100"),
                (["--csv", "absent/t.csv"], "absent/t.csv", "No such file"),
                (["-s", "1", "--restarts", "1", "--certificate", "absent/c"], "absent/c"),
                (["surplus"], "surplus"),
                (["--colour"], "--colour")]:
            with self.subTest(arguments=arguments):
                self.refused(["convergence", *arguments], *words)

    def test_nullspace(self):
        with open(self.path("m.txt"), "w", encoding="utf-8") as file:
            file.write("1 0 1/3\n0 1 1/3\n")
        for arguments, *words in [
                (["-s", "1"], "0 matrices"),
                (["m.txt"], "--sparsity"),
                (["m.txt", "m.txt", "-s", "1"], "2 matrices"),
                (["absent", "-s", "1"], "absent", "No such file"),
                (["m.txt", "-s", "0"], "--sparsity 0", "1 to"),
                (["m.txt", "-s", "1,"], "--sparsity 1,"),
                (["m.txt", "-s", "4"], "sparsity 4", "1 to its length 3"),
                (["m.txt", "-s", "1,1"], "2 sparsities for 1 levels"),
                (["m.txt", "-s", "1,1", "--levels", "2,4"], "level 2", "up to 3"),
                (["m.txt", "-s", "1,1", "--levels", "1,2"], "end at 2", "N = 3"),
                (["m.txt", "-s", "1", "--weights", "1,2"], "2 weights for 1 levels"),
                (["m.txt", "-s", "1", "--weights", "0"], "--weights 0", "above 0"),
                (["m.txt", "-s", "1", "--eta", "x"], "--eta x", "above 0"),
                (["m.txt", "-s", "1", "--lambda", "-1"], "--lambda -1", "above 0"),
                (["m.txt", "-s", "1", "--method", "guess"], "--method guess", "coherence"),
                (["m.txt", "-s", "2", "--method", "exhaustive", "--limit", "2"], "2 maximal"),
                (["m.txt", "-s", "1", "--precision", "1"], "--precision 1", "2 to"),
                (["m.txt", "-s", "1", "--json", "absent/j"], "absent/j"),
                (["m.txt", "-s", "1", "--colour"], "--colour")]:
            with self.subTest(arguments=arguments):
                self.refused(["nullspace", *arguments], *words)

    def test_phantom(self):
        names = "shepp-logan, modified-shepp-logan, shepp-logan-1974, smooth, detail"
        for arguments, *words in [
                (["cat"], "cat", names), ([""], names), (["smooth", "detail"], "2 names"),
                (["-N", "0"], "--side 0", "1 to 16384"), (["-N", "16385"], "1 to 16384"),
                (["--side", "8x"], "--side 8x"), (["--depth", "12"], "--depth 12", "8, 16"),
                (["--depth", "8 "], "8, 16"), (["-o", "p.jpg"], "p.jpg", "FILE.png, FILE.pgm, FILE.npy"),
                (["-o", "png"], "FILE.png"), (["-o", ".png"], "FILE.png"),
                (["-o", "p.npy", "--depth", "16"], "--depth"),
                (["-o", "absent/p.png"], "absent/p.png", "No such file"),
                (["-o"], "-o", "value"), (["--colour"], "--colour")]:
            with self.subTest(arguments=arguments):
                self.refused(["phantom", *arguments], *words)

    def test_unknown_options_and_arguments(self):
        for command in ["barrier", "trainers", "verify"]:
            for option in ["--colour", "-z", "--help=yes"]:
                with self.subTest(command=command, option=option):
                    self.refused([command, option], option, f"delta1 {command} --help")
        # a wrong letter is named also when it is not the last of its word
        self.refused(["barrier", "-zh"], "-z")
        self.refused(["verify", "-qz", "x"], "-z")
        for option in ["--problem", "--digits", "--samples", "-m", "-N", "--points", "--lambda",
                       "--epsilon", "--mix", "--seed", "--trainer", "--exec", "--seeds",
                       "--max-precision", "--timeout", "--certificates", "--json"]:
            self.refused(["barrier", option], option, "value")
        for option in ["-n", "--file", "--entry", "--rule", "--seed"]:
            self.refused(["oracle", option], option, "value")
        self.refused(["barrier", "surplus"], "surplus")
        self.refused(["trainers", "surplus"], "surplus")
        self.refused(["table1", "surplus"], "surplus")
        self.refused(["table1", "--digits", "0"], "--digits", "1 to 100")
        self.refused(["table1", "--samples", "1001"], "--samples", "1 to 1000")
        self.refused(["table1", "--wrong"], "--wrong")
        self.refused(["verify"], "no file")
        commands = "barrier, trainers, table1, convergence, nullspace, reconstruct, attack, phantom, oracle, solve, solvers, " \
                   "paradox, backprop, plot, report, verify"
        self.refused([], commands)
        self.refused(["train"], "train", commands)

    def test_verify_and_check_name_the_file(self):
        for program in [[DELTA1, "verify"], [CHECK]]:
            done = run(*program, self.path("absent"))
            self.assertEqual(done.returncode, 3)
            self.assertEqual(done.stdout.count("\n"), 1)
            self.assertTrue(done.stdout.startswith(self.path("absent") + ": unreadable: "))
        done = run(CHECK)
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        done = run(CHECK, "--colour")
        self.assertEqual((done.returncode, done.stdout), (3, ""))


class Outputs(CommandLine):
    def test_results_that_cannot_be_written(self):
        with open(self.path("file"), "w", encoding="utf-8"):
            pass
        os.mkdir(self.path("directory"))
        for arguments, *words in [
                (["--json", "absent/report.json"], "--json", "absent", "No such file"),
                (["--json", "file/report.json"], "--json", "Not a directory"),
                (["--json", "directory"], "--json", "directory", "Is a directory"),
                (["--certificates", "absent/c"], "--certificates", "No such file"),
                (["--certificates", "file"], "--certificates", "file", "Not a directory")]:
            with self.subTest(arguments=arguments):
                self.refused([*GAME, *arguments], *words)
        if os.getuid() != 0:
            os.chmod(self.path("directory"), 0o500)
            self.refused([*GAME, "--json", "directory/j"], "--json", "Permission denied")
            self.refused([*GAME, "--certificates", "directory"], "Permission denied")

    @unittest.skipUnless(os.path.exists("/dev/full"), "no /dev/full")
    def test_full_disk(self):
        # Through a link: a delta1 that replaces what it should write to must not ruin the machine.
        os.symlink("/dev/full", self.path("full"))
        done = run(DELTA1, *GAME, "--json", self.path("full"))
        self.assertEqual((done.returncode, done.stderr.count("\n")), (3, 1), done.stderr)
        self.assertIn("No space left", done.stderr)
        self.assertTrue(os.path.islink(self.path("full")))
        for arguments in [["--help"], ["--version"], GAME, ["barrier", "--help"], ["trainers"],
                          ["oracle", "pi", "-n", "9"], ["oracle", "--help"], ["verify", "--help"],
                          ["verify", "absent"]]:
            with self.subTest(arguments=arguments), open("/dev/full", "w",
                                                          encoding="utf-8") as full:
                self.refused(arguments, "written", stdout=full)
        with open("/dev/full", "w", encoding="utf-8") as full:
            for argument in ["--help", "--version", self.path("absent")]:
                self.assertEqual(run(CHECK, argument, stdout=full).returncode, 3, argument)

    def test_closed_output(self):
        for arguments in ["trainers", "oracle pi -n 9", "verify absent", "--help"]:
            done = run("/bin/sh", "-c", f"exec '{DELTA1}' {arguments} >&-")
            self.assertEqual((done.returncode, done.stderr.count("\n")), (3, 1), arguments)

    @unittest.skipUnless(os.path.exists("/proc/self/fd/1"), "no /proc")
    def test_json_may_be_standard_output(self):
        os.symlink("/proc/self/fd/1", self.path("stdout"))
        done = run(DELTA1, *GAME, "--json", self.path("stdout"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(os.path.islink(self.path("stdout")))
        json.loads(done.stdout[done.stdout.index("\n{\n") + 1:])


class WhenAllIsWell(CommandLine):
    def test_help_and_version(self):
        for arguments in [["--help"], ["-h"], ["barrier", "--help"], ["barrier", "-h"],
                          ["trainers", "--help"], ["oracle", "--help"], ["verify", "--help"], ["paradox", "--help"], ["backprop", "--help"]]:
            done = run(DELTA1, *arguments)
            self.assertEqual((done.returncode, done.stderr), (0, ""), arguments)
            self.assertTrue(done.stdout.startswith("usage: delta1 "), arguments)
            self.assertLessEqual(max(map(len, done.stdout.splitlines())), 120, arguments)
        version = run(DELTA1, "--version").stdout.split()[1]
        self.assertEqual(run(CHECK, "--version").stdout.split(), ["delta1-check", version])
        with open(os.path.join(TOP, "CHANGELOG.md"), encoding="utf-8") as changelog:
            self.assertIn(f"## [{version}]", changelog.read())
        self.assertIn("Usage: delta1-check", run(CHECK, "--help").stdout)

    def test_backprop_tells_what_it_counted(self):
        done = run(DELTA1, "backprop", "--precision", "6,bfloat16", "--depth", "9", "--seeds", "3", "--steps", "40",
                   "--csv", self.path("rows.csv"), timeout=600)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("exact training, depths 1 to 9, 50 steps: no operation rounded", done.stdout)
        self.assertNotIn("exceeded", done.stdout)
        with open(self.path("rows.csv"), encoding="utf-8") as file:
            header, *rows = [line.rstrip("\n").split(",") for line in file]
        self.assertEqual(header, ["experiment", "precision", "depth", "seed", "step", "pieces"])
        self.assertEqual({row[0] for row in rows}, {"e1", "e2", "e3"})
        self.assertEqual(len([row for row in rows if row[0] == "e1"]), 18)
        for _, p, depth, _, _, pieces in (row for row in rows if row[0] == "e1"):
            self.assertLessEqual(float(pieces), 2 ** int(depth))
            self.assertLessEqual(int(p), 8)
        first = [row for row in rows if row[0] == "e2" and row[2] == "1"]
        self.assertEqual({(row[1], row[3]) for row in first},
                         {(p, s) for p in ("6", "bfloat16") for s in "123"})

    def test_trainers(self):
        done = run(DELTA1, "trainers")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        attempts, name = {}, None
        for line in done.stdout.splitlines():
            if line[0] != " ":
                name = line.split()[0]
            elif line.split()[0] == "attempts:":
                attempts[name] = line.split()[1:]
        self.assertIn("coin", attempts)
        for name, problems in attempts.items():  # each can be chosen
            problem = problems[0]
            done = run(DELTA1, "barrier", "--problem", problem, "-m", "2", "-N", "3", "--digits",
                       "3", "--trainer", name, "--seeds", "1", "--max-precision", "64")
            self.assertEqual(done.returncode, 0, name + done.stderr)
            self.assertIn(name, done.stdout)

    def test_certificates_are_accepted(self):
        expected = {"none": 0, "rational": 0, "dct": 2}
        for mix, code in expected.items():
            with self.subTest(mix=mix):
                where, report = self.path(mix), self.path(mix + ".json")
                done = run(DELTA1, *GAME, "--mix", mix, "--seed", "1", "--certificates", where,
                           "--json", report)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                files = sorted(glob.glob(where + "/*.json"))
                self.assertGreater(len(files), 20)
                done = run(DELTA1, "verify", "--quiet", *files)
                self.assertEqual((done.returncode, done.stdout), (0, ""))
                self.assertEqual(run(CHECK, "--quiet", *files).returncode, code)
                self.the_report_is_right(report, mix, files)

    def the_report_is_right(self, path, mix, files):
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
        self.assertEqual((report["format"], report["version"]), ("delta1-barrier", 1))
        self.assertEqual(set(report["family"]),
                         {"problem", "m", "N", "columns", "tied", "digits", "samples", "points",
                          "parameter", "mixing", "starved"})
        self.assertEqual(report["family"]["mixing"], mix)
        self.assertEqual(len(report["sentences"]), 3)
        named = [c["certificate"] for c in report["plays"] + report["seeds"] if c["certificate"]]
        self.assertEqual(sorted(named), files)
        always = {"program", "tier", "curve", "oracle", "limit", "goal", "verdict", "samples",
                  "queries", "bits", "input", "gap", "certificate", "reason", "exhausted",
                  "seconds"}
        with open(os.path.join(TOP, "doc/report.md"), encoding="utf-8") as file:
            documented = file.read()
        for play in report["plays"]:
            decided = play["verdict"] in ("correct", "wrong")
            self.assertEqual(set(play), always | ({"error", "digits"} if decided else set()))
            self.assertEqual(decided, play["certificate"] is not None)
        for seeds in report["seeds"]:
            self.assertLessEqual(sum(seeds["successes"]), seeds["halted"])
            self.assertLessEqual(seeds["halted"], seeds["seeds"])
            self.assertEqual(seeds["successes"][seeds["worst"]], min(seeds["successes"]))
        for member in [*report, *report["family"], *report["plays"][0], *report["seeds"][0]]:
            self.assertIn(f"`{member}`", documented)

    def test_phantom(self):
        def made(name, side, end, *options):
            path = self.path("p." + end)
            done = run(DELTA1, "phantom", name, "-N", str(side), "-o", path, *options)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertEqual(done.stdout, f"{path}: {name}, {side} x {side}\n")
            with open(path, "rb") as file:
                return file.read()

        listed = [line.split()[0] for line in run(DELTA1, "phantom", "--list").stdout.splitlines()]
        self.assertEqual(listed, ["shepp-logan", "shepp-logan-1974", "smooth", "detail"])
        pictures = set()
        for name, side in [(name, side) for name in listed for side in (1, 2, 37)]:
            data = made(name, side, "npy")[128:]
            values = struct.unpack(f"<{side * side}d", data)
            for depth, full in [(8, 255), (16, 65535)]:
                size = depth // 8
                grey = b"".join(round(v * full).to_bytes(size, "big") for v in values)
                pgm = made(name, side, "pgm", "--depth", str(depth))
                self.assertEqual(pgm, f"P5\n{side} {side}\n{full}\n".encode() + grey)
                png = made(name, side, "png", "--depth", str(depth))
                self.assertEqual(struct.unpack(">IIBB", png[16:26]), (side, side, depth, 0))
            pictures.add(data)
            self.assertTrue(0 <= min(values) <= max(values) <= 1)
        self.assertGreater(len(pictures), 8)
        self.assertEqual(made("shepp-logan", 37, "npy")[128:],
                         self.modified(37))
        # densities 2 of the skull, 1.02 of the brain, 1.00 of the dark ellipses
        values = struct.unpack("<4096d", made("shepp-logan-1974", 64, "npy")[128:])
        self.assertEqual((max(values), values[64 * 48 + 20], values[64 * 32 + 24]), (1, .51, .5))
        done = run(DELTA1, "phantom", "-N", "4", cwd=self.directory.name)
        self.assertEqual(done.stdout, "shepp-logan.png: shepp-logan, 4 x 4\n")
        self.assertEqual(sorted(os.listdir(self.directory.name)),
                         ["p.npy", "p.pgm", "p.png", "shepp-logan.png"])

    def modified(self, side):
        path = self.path("p.npy")
        run(DELTA1, "phantom", "modified-shepp-logan", "-N", str(side), "-o", path)
        with open(path, "rb") as file:
            return file.read()[128:]

    def test_nullspace(self):
        def ask(text, *arguments):
            with open(self.path("m.txt"), "w", encoding="utf-8") as file:
                file.write(text)
            done = run(DELTA1, "nullspace", self.path("m.txt"), "--json", self.path("j"), *arguments)
            self.assertEqual(done.stderr, "")
            with open(self.path("j"), encoding="utf-8") as file:
                return done, json.load(file)

        # [I, H/2], H 4 x 4: coherence 1/2, rho = s/2 for s = 1: C_1 = 3.75, C_2 = 6.5, p = 50
        hadamard = "".join(" ".join(
            ["1" if i == j else "0" for j in range(4)]
            + [f"{(-1) ** bin(i & j).count('1')}/2" for j in range(4)]) + "\n" for i in range(4))
        for method, sets in [("coherence", 0), ("exhaustive", 8)]:
            done, found = ask(hadamard, "-s", "1", "--method", method)
            self.assertEqual((done.returncode, found["property"]), (0, "certified"), done.stdout)
            self.assertEqual((found["method"], found["sets"]), (method, sets))
            self.assertEqual((found["rho"], found["C_1"]), ("5.00000e-01", "3.75000e+00"))
            self.assertAlmostEqual(float(found["gamma"]), 1, delta=1e-5)
            self.assertAlmostEqual(float(found["C_2"]), 6.5, delta=1e-4)
            self.assertEqual(found["inner"], 50)
        self.assertIn("C_2", done.stdout)
        done, found = ask(hadamard, "-s", "1", "--eta", "1/10")
        self.assertAlmostEqual(float(found["rho"]), 0.6 / 0.9, delta=1e-5)
        # rho = 2/3, gamma = 10/9, C_2 = 35/3; p >= 2 C_2 e (sqrt 2 + 1/10) = 96.04
        self.assertEqual((done.returncode, found["inner"]), (0, 97))
        done, found = ask(hadamard, "-s", "1", "--eta", "1")
        self.assertEqual((done.returncode, found["property"]), (2, "not decided"))
        done, found = ask(hadamard, "-s", "2")
        self.assertEqual((done.returncode, found["property"]), (2, "not decided"))
        done, found = ask("1 2\n2 4\n", "-s", "2")
        self.assertEqual((done.returncode, found["property"]), (1, "does not hold"))
        self.assertEqual((found["support"], found["column"]), ([0, 1], -1))

    def test_convergence(self):
        done = run(DELTA1, "convergence", "--order", "16", "--restarts", "6", "--digits", "4",
                   "--csv", self.path("t.csv"), "--certificate", self.path("c"),
                   "-o", self.path("p"))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        files = [self.path("c-s1.json"), self.path("c-s2.json")]
        with open(self.path("t.csv"), encoding="utf-8") as file:
            rows = [line.split(",") for line in file.read().splitlines()]
        self.assertEqual([row[0] for row in rows[1:]], (["error"] * 7 + ["layers"] * 4) * 2)
        for row in rows[1:]:
            if row[0] == "error":
                self.assertLess(float(row[4]), float(row[5]))
        for name in ["p-error.dat", "p-error.gp", "p-layers.dat", "p-layers.gp"]:
            self.assertTrue(os.path.exists(self.path(name)), name)
        drawn = set()
        for name in ["p-error.dat", "p-layers.dat"]:
            with open(self.path(name), encoding="utf-8") as file:
                drawn |= {word for line in file if line[0] != "#" for word in line.split()}
        for row in rows[1:]:  # what is in the tables is in the pictures
            wanted = row[4:6] if row[0] == "error" else [row[3]]
            self.assertLessEqual(set(wanted), drawn)
        accepted = run(DELTA1, "verify", *files)
        self.assertEqual((accepted.returncode, accepted.stdout.count("accepted: on [I, H/4]")),
                         (0, 2), accepted.stdout)
        # the same seed, the same certificate; sealed, so an edit is seen before it is judged
        again = run(DELTA1, "convergence", "--order", "16", "--restarts", "6", "-s", "2",
                    "--certificate", self.path("d"))
        self.assertEqual(again.returncode, 0, again.stderr)
        with open(self.path("d-s2.json"), encoding="utf-8") as file:
            text = file.read()
        with open(files[1], encoding="utf-8") as file:
            self.assertEqual(file.read(), text)
        with open(files[0], "w", encoding="utf-8") as file:
            file.write(text.replace('"sparsity": 2', '"sparsity": 1'))
        done = run(DELTA1, "verify", *files)
        self.assertEqual((done.returncode, done.stdout.count("unreadable: ")), (3, 1), done.stdout)

    def test_a_tampered_certificate_is_refused(self):
        where = self.path("c")
        self.assertEqual(run(DELTA1, *GAME, "--certificates", where).returncode, 0)
        files = sorted(glob.glob(where + "/*adversary.json"))
        with open(files[0], encoding="utf-8") as file:
            text = file.read()
        changed = text.replace('"verdict": "wrong"', '"verdict": "correct"')
        self.assertNotEqual(text, changed)
        with open(files[0], "w", encoding="utf-8") as file:
            file.write(changed)
        for program in [[DELTA1, "verify"], [CHECK]]:
            done = run(*program, *files)
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertIn(f"{files[0]}: refused: ", done.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=1)
