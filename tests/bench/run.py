#!/usr/bin/env python3
"""A small run of bench/run: every kind of build is reported for every cache, nothing that should be a hit was none (the benchmark
notes that itself), and the drawing is well-formed. No time is looked at."""

import argparse
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CACHES = ("none", "ours", "floor")
KINDS = {kind: CACHES for kind in ("cold", "no-op", "edited back", "branch back")} | {"warm": ("ours", "floor"), "edited": ("none", "ours")}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", required=True, help="a folder to work in, made anew")
    parser.add_argument("--build", required=True, help="the build of CompilerCache")
    options = parser.parse_args()
    shutil.rmtree(options.root, ignore_errors=True)
    os.makedirs(options.root)
    command = [f"{ROOT}/bench/run", "--quick", "--no-hits", "-p", "generated-30", "-c", ",".join(CACHES), "-j", "2", "--build",
               options.build, "--write", "--output", options.root]
    run = subprocess.run(command, check=False, capture_output=True, text=True, env={**os.environ, "TMPDIR": options.root})
    failures = [] if run.returncode == 0 else [f"exit status {run.returncode}"]
    rows = set(re.findall(r"^\| ([a-z -]+, [a-z]+) *\|", run.stdout, re.MULTILINE))
    failures += [f"no row '{kind}, {name}'" for kind, names in KINDS.items() for name in names if f"{kind}, {name}" not in rows]
    failures += re.findall(r"^Note: .*$", run.stdout, re.MULTILINE)
    if not failures:
        with open(f"{options.root}/RESULTS.md", encoding="utf-8") as file:
            failures += [] if file.read().rstrip() == run.stdout.rstrip() else ["what was written is not what was printed"]
        texts = xml.etree.ElementTree.parse(f"{options.root}/results.svg").getroot().itertext()
        failures += [] if "CompilerCache" in texts else ["the picture does not name us"]
    for failure in failures:
        print(failure)
    if failures:
        print(run.stdout + run.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
