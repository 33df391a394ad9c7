#!/usr/bin/env python3
"""Does the fuzzer find a broken cache? Breaks the helper in a scratch copy, one way at a time, and lets run.py look for it.

  mutants.py [--root DIR] [--seeds N] [--shrink-budget N] [NAME...]

Prints for each mutant the seed, and how many steps its shortest list has. Exit status 1 if one was not found. It compiles the helper
once for each mutant, so it is run by hand.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))

# name: (file, text, what stands there instead)
MUTANTS = {
    "absent-names-ignored": ("helper/graph.cc", "if (!violated(listings_, absent.folder, paths_[absent.name])) continue;",
                             "continue;"),
    "last-input-ignored": ("helper/graph.cc", "if (same) continue;", "if (same || &input == &entry.inputs.back()) continue;"),
    "ctime-ignored": ("helper/file_system.h", "ctime_ns == other.ctime_ns", "size == other.size"),
    "standard-error-lost": ("helper/exchange_learning.cc", "add_text(std::move(report_.standard_error), "
                            "variant.artifact.standard_error);", "report_.standard_error.clear();"),
    "old-library-kept": ("launcher/step.cc", "return unlink(step.library) == 0 || errno == ENOENT;",
                         "return step.library != nullptr;"),
    "changes-during-the-compile-kept": ("helper/content_index.cc", "return stat.ctime_ns + granularity_ns(stat) >= moment_ns;",
                                        "return stat.ctime_ns + granularity_ns(stat) < 0 && moment_ns != 0;"),
}


def build(root, name):
    """A copy of the sources with this mutant in it, built. The programs' folder, or None if it does not apply."""
    source, folder = os.path.join(root, "source"), os.path.join(root, "build")
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(REPOSITORY, source, ignore=shutil.ignore_patterns("build", ".git"))
    file, before, after = MUTANTS[name]
    path = os.path.join(source, file)
    with open(path, encoding="utf-8") as opened:
        text = opened.read()
    if before not in text:
        return None
    with open(path, "w", encoding="utf-8") as opened:
        opened.write(text.replace(before, after))
    launcher = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
    subprocess.run(["cmake", "-S", source, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS_DEBUG=-O0",
                    "-DCOMPILER_CACHE_BUILD_TESTS=OFF", *launcher], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", folder, "-j2", "compiler-cache-helper", "compiler-cache-launcher"], check=True,
                   stdout=subprocess.DEVNULL)
    return folder


def hunt(root, folder, seeds, shrink_budget):
    """The first seed that shows a difference, and the length of its shortest list; or None."""
    for seed in range(1, seeds + 1):
        ran = subprocess.run([sys.executable, "-B", os.path.join(HERE, "run.py"), "--quiet", "--seed", str(seed), "--steps", "150",
                              "--shrink-budget", str(shrink_budget), "--root", os.path.join(root, "run"), "--hit-floor", "0",
                              "--launcher", os.path.join(folder, "launcher", "compiler-cache-launcher"),
                              "--helper", os.path.join(folder, "helper", "compiler-cache-helper")],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        with open(os.path.join(root, f"run.{seed}.log"), "wb") as file:
            file.write(ran.stdout)
        if ran.returncode == 1 and b"DIFFERENCE" in ran.stdout:
            with open(os.path.join(root, "run.short.json"), encoding="utf-8") as file:
                return seed, json.load(file)["steps"]
        if ran.returncode != 0:
            print(ran.stdout.decode(errors="replace")[-2000:])
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="all: " + ", ".join(MUTANTS))
    parser.add_argument("--root", default="/tmp/differential-mutants")
    parser.add_argument("--seeds", type=int, default=3, help="seeds to try for each")
    parser.add_argument("--shrink-budget", type=int, default=40, help="runs that shrinking each may take; 0: none")
    options = parser.parse_args()
    os.makedirs(options.root, exist_ok=True)
    missed = []
    for name in options.names or MUTANTS:
        folder = build(options.root, name)
        if folder is None:
            print(f"{name}: does not apply to {MUTANTS[name][0]} any more", flush=True)
            missed.append(name)
            continue
        found = hunt(options.root, folder, options.seeds, options.shrink_budget)
        if not found:
            print(f"{name}: NOT FOUND", flush=True)
            missed.append(name)
            continue
        print(f"{name}: found with seed {found[0]}, {len(found[1])} steps:", flush=True)
        for step in found[1]:
            print("  " + json.dumps(step)[:200], flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
