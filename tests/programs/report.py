#!/usr/bin/env python3
"""delta1 report --quick: the page, and, where Chromium is installed, what a reader can do with it."""

import html
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

BUILD = os.path.abspath(os.environ.get("top_builddir", "."))
SANITIZERS = os.environ.get("SANITIZERS") == "yes"
CHROMIUM = None if SANITIZERS else shutil.which("chromium")

# Loads the page in frames of two widths, walks through the run of the adversary, moves the slider.
DRIVER = """<!DOCTYPE html><meta charset="utf-8"><pre id="result">not finished</pre>
<iframe id="narrow" style="width:360px;height:800px;border:0" srcdoc="PAGE"></iframe>
<iframe id="wide" style="width:1600px;height:800px;border:0" srcdoc="PAGE"></iframe>
<script>
addEventListener("load", () => {
  const result = { widths: {}, steps: [] };
  for (const name of ["narrow", "wide"]) {
    const page = document.getElementById(name).contentDocument;
    result.widths[name] = page.documentElement.scrollWidth;
    result.images = [...page.images].map((i) => i.naturalWidth > 0 && i.alt.length > 0);
    result.headings = [...page.querySelectorAll("h2")].map((h) => h.textContent);
    result.links = [...page.querySelectorAll("a")].map((a) => a.getAttribute("href"));
    result.rows = [...page.querySelectorAll("table")].map((t) => t.tBodies[0].rows.length);
    const wide = [...page.querySelectorAll("main *")].filter((e) => page.defaultView.getComputedStyle(e).overflowX === "auto");
    result.unreachable = (result.unreachable || 0) + wide.filter((e) => e.tabIndex < 0).length;
    result.attacks = [...page.getElementById("stability-table").tBodies[0].rows].map((r) => [...r.cells].map((c) => c.textContent));
  }
  const page = document.getElementById("wide").contentDocument;
  for (let i = 0; i < 40; i++) {
    result.steps.push(page.getElementById("said").textContent + "|" + page.getElementById("world-1").textContent);
    page.getElementById("step").click();
  }
  const slider = page.getElementById("digits");
  result.digits = [];
  for (let i = 0; i <= slider.max; i++) {
    slider.value = i;
    slider.dispatchEvent(new Event("input"));
    result.digits.push(page.getElementById("barrier-table").tHead.textContent);
  }
  document.getElementById("result").textContent = JSON.stringify(result);
});
</script>"""


class Report(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory()
        cls.directory = os.path.join(cls.place.name, "report")
        cls.done = subprocess.run([os.path.join(BUILD, "delta1"), "report", "--quick", "-o", cls.directory],
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        with open(os.path.join(cls.directory, "index.html"), encoding="utf-8") as file:
            cls.page = file.read()

    @classmethod
    def tearDownClass(cls):
        cls.place.cleanup()

    def test_made(self):
        self.assertEqual((self.done.returncode, self.done.stderr), (0, ""))
        self.assertEqual(self.done.stdout, os.path.join(self.directory, "index.html") + "\n")
        self.assertLess(len(self.page.encode()), 5_000_000)

    def test_whole_and_by_itself(self):
        self.assertNotIn("{{", self.page)
        self.assertNotRegex(self.page, r"(?:src|href)=\"https?:|@import|url\(")
        for data in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', self.page):
            json.loads(data)

    def test_certificates_and_links(self):
        for target in set(re.findall(r'href="([^"#][^"]*)"', self.page)):
            self.assertTrue(os.path.exists(os.path.join(self.directory, target)), target)
        found = [os.path.join(base, name) for base, _, names in os.walk(os.path.join(self.directory, "certificates"))
                 for name in names if name.endswith(".json")]
        self.assertGreater(len(found), 100)
        subprocess.run([os.path.join(BUILD, "delta1"), "verify", "--quiet", *found], check=True)
        small = [name for name in found if "/barrier-" in name or "/transcript/" in name]
        self.assertGreater(len(small), 100)
        subprocess.run([os.path.join(BUILD, "delta1-check"), "--quiet", *small], check=True)

    def test_commands_are_those_of_delta1(self):
        for command in re.findall(r'<code class="command">(delta1 [^<]*)</code>', self.page):
            name = command.split()[1]
            subprocess.run([os.path.join(BUILD, "delta1"), name, "--help"], check=True, stdout=subprocess.DEVNULL)

    @unittest.skipIf(CHROMIUM is None, "Chromium is not installed")
    def test_in_a_browser(self):
        driver = os.path.join(self.place.name, "driver.html")
        with open(driver, "w", encoding="utf-8") as file:
            file.write(DRIVER.replace("PAGE", html.escape(self.page)))
        done = subprocess.run(
            [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--no-first-run",
             "--user-data-dir=" + os.path.join(self.place.name, "profile"), "--window-size=1700,1700",
             "--virtual-time-budget=20000", "--dump-dom", "file://" + driver],
            capture_output=True, text=True, timeout=600, check=True)
        self.assertEqual([line for line in done.stderr.splitlines() if "CONSOLE" in line], [])
        result = json.loads(html.unescape(re.search(r'<pre id="result">(.*?)</pre>', done.stdout, re.S).group(1)))
        self.assertLessEqual(result["widths"]["narrow"], 360)
        self.assertLessEqual(result["widths"]["wide"], 1600)
        self.assertTrue(all(result["images"]))
        self.assertTrue(all(rows > 0 for rows in result["rows"]))
        for heading in ["The barrier: K, K − 1, K − 2", "The adversary at work", "The published table", "The stability paradox",
                        "FIRENET: digits that can be proved", "Stability: the bound, and the best attack"]:
            self.assertIn(heading, result["headings"])
        # what scrolls can be reached by keyboard; the best attack stays below the bound, at each size
        self.assertEqual(result["unreachable"], 0)
        self.assertEqual([row[0] for row in result["attacks"]], ["0.01 %", "0.1 %", "1 %", "10 %"])
        for _, found, proved, _, random in result["attacks"]:
            self.assertTrue(float(random) < float(found) <= float(proved), result["attacks"])
        # the run of the adversary: every question differs from the one before, and it ends with the verdict
        steps = result["steps"]
        self.assertEqual(steps[0].split("|")[0], "has not asked anything yet.")
        self.assertIn("asks for A[1, 1] to ", steps[1])
        last = next(i for i, text in enumerate(steps) if text.startswith("answers, everything on column"))
        self.assertGreater(last, 6)
        self.assertTrue(all(a != b for a, b in zip(steps[:last], steps[1:last + 1])))
        self.assertEqual(steps[last + 1], steps[0])
        # the slider: every K once, in order
        digits = [int(re.search(r"K = (\d+) digits", text).group(1)) for text in result["digits"]]
        self.assertEqual(digits, [3, 6, 1000])


if __name__ == "__main__":
    unittest.main(verbosity=1)
