#!/usr/bin/env python3
"""Many build trees at once, for long: does everything that was promised hold?

Several copies of one project, each built in several trees by both compilers and both generators. All trees share a store whose
limit is half of what they need. Until the time is over, at random: sources are edited and branches switched; trees are built,
cleaned, deleted and made anew; builds are interrupted, helpers stopped and killed, caches cleared. No build may fail, no object
may be another than the compiler's, the store's limit holds at every look, and afterwards no process and no file is left that
should not be.

  run.py --launcher L --helper H [--trees 20] [--seconds 1800] [--seed N]

Exit status: 0 all held, 1 something did not.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import threading
import time

import sources
from tree import JOBS, Tree, Wrong

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
WORKERS = 3
SETTINGS = [("g++", "Debug", "Ninja"), ("clang++", "Release", "Ninja"), ("g++", "RelWithDebInfo", "Unix Makefiles"),
            ("clang++", "Debug", "Ninja"), ("g++", "Release", "Ninja")]
# What the tree's folder of the cache may hold once its helper has stopped.
OWN_FILES = {".gitignore", "bin", "config", "lock", "start.lock", "log", "events.jsonl", "objects", "sessions", "history", "tmp", "bypassed"}
SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_OF_GRACE = 11  # what a killed helper left is not collected before


class Run:
    def __init__(self, options):
        self.options = options
        self.root = os.path.abspath(options.root)
        self.store = os.path.join(self.root, "store")
        self.lock = threading.Lock()
        self.problem = None
        self.done = {}
        self.checked = 0
        self.largest = 0  # bytes in the store at any look
        self.largest_blob = 0
        self.looks = 0
        self.limit = 0
        self.deadline = 0
        self.programs = (REPOSITORY, options.launcher, options.helper)
        shutil.rmtree(self.root, ignore_errors=True)
        os.makedirs(os.path.join(self.root, "tmp"))
        per_checkout = min(len(SETTINGS), options.trees)
        self.checkouts = [sources.Checkout(os.path.join(self.root, f"src{i}"), f"{options.seed}:{i}", options.sources, 8)
                          for i in range(-(-options.trees // per_checkout))]
        self.trees = [self.make_tree(i, self.checkouts[i // per_checkout], SETTINGS[i % per_checkout])
                      for i in range(options.trees)]

    def make_tree(self, number, checkout, setting):
        compiler, kind, generator = setting
        options = [f"-DCMAKE_CXX_COMPILER={compiler}", f"-DCMAKE_BUILD_TYPE={kind}"]
        # Each tree has programs and a folder of its own below the root; the store is one.
        root = os.path.join(self.root, f"tree{number}")
        os.makedirs(os.path.join(root, "tmp"))
        tree = Tree(root, "build", checkout, options, generator, self.programs)
        tree.cache.store = self.store
        return tree

    # ---- the limit

    def need(self):
        """Bytes that the trees of one copy of the sources store, times the number of copies."""
        first = [tree for tree in self.trees if tree.checkout is self.checkouts[0]]
        for tree in first:
            tree.build()
            self.end_helper(tree)
        found = sum(sizes_in(self.store)) * len(self.trees) // len(first)
        for tree in first:
            shutil.rmtree(tree.path)
        shutil.rmtree(self.store)
        return found

    def look(self):
        while not self.problem and time.monotonic() < self.deadline:
            self.measure()
            time.sleep(SECONDS_BETWEEN_LOOKS)

    def measure(self):
        sizes = sizes_in(self.store)
        self.looks += 1
        self.largest = max(self.largest, sum(sizes))
        self.largest_blob = max([self.largest_blob] + sizes)

    def most_allowed(self):
        """A twentieth of the limit is there for what is on its way; in a tiny store that is less than a blob for each compile."""
        return self.limit + max(0, WORKERS * JOBS * self.largest_blob - self.limit // 20)

    # ---- what happens

    def choose(self, rng):
        """A tree to work on, which is ours until it is given back; sources that nobody reads may be edited before."""
        with self.lock:
            for checkout in rng.sample(self.checkouts, len(self.checkouts)):
                if checkout.readers == 0 and rng.random() < 0.5:
                    checkout.edit(rng)
                    self.done["edit"] = self.done.get("edit", 0) + 1
            tree = rng.choice([tree for tree in self.trees if not tree.busy])
            tree.busy = True
            tree.checkout.readers += 1
            return tree

    def give_back(self, tree):
        with self.lock:
            tree.busy = False
            tree.checkout.readers -= 1

    def work(self, number):
        rng = random.Random(f"{self.options.seed}:worker {number}")
        while not self.problem and time.monotonic() < self.deadline:
            tree = self.choose(rng)
            try:
                what = rng.choices(list(ACTIONS), [weight for weight, _ in ACTIONS.values()])[0]
                ACTIONS[what][1](tree, rng)
                checked = tree.check_objects(rng, 4)
                tree.count()
                with self.lock:
                    self.done[what] = self.done.get(what, 0) + 1
                    self.checked += checked
            except (Wrong, OSError, subprocess.SubprocessError) as wrong:
                self.problem = f"{tree.path}: {type(wrong).__name__}: {wrong}"
            finally:
                self.give_back(tree)

    def go(self):
        need = self.need()
        self.limit = need // 2
        for tree in self.trees:
            tree.limit = self.limit
        self.deadline = time.monotonic() + self.options.seconds
        threads = [threading.Thread(target=self.work, args=(i,)) for i in range(WORKERS)] + [threading.Thread(target=self.look)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.problem:
            raise Wrong(self.problem)
        try:
            self.finish()
        finally:
            self.report(need)

    def end_helper(self, tree):
        left = tree.cache.end()
        if left:
            raise Wrong(f"{tree.path}: {left}")

    def finish(self):
        """Each tree is built once more, compared whole, and left without a helper."""
        time.sleep(SECONDS_OF_GRACE)
        rng = random.Random(self.options.seed)
        for tree in self.trees:
            tree.build()
            self.checked += tree.check_objects(rng)
            tree.count()
            before = tree.files()
            tree.clean()
            tree.build()
            if tree.files() != before:
                raise Wrong(f"{tree.path}: files that a clean build does not make: {sorted(before ^ tree.files())}")
            self.end_helper(tree)
            self.check_folder(tree)
        for folder, _, names in os.walk(self.store):
            for name in names:
                if not is_name_of_store(os.path.relpath(os.path.join(folder, name), self.store)):
                    raise Wrong(f"a stray file in the store: {folder}/{name}")
        self.measure()
        if self.largest > self.most_allowed():
            raise Wrong(f"the store had {self.largest} bytes, its limit is {self.limit}")
        for folder in [self.root] + [os.path.dirname(tree.path) for tree in self.trees]:
            left = os.listdir(os.path.join(folder, "tmp"))
            if left:
                raise Wrong(f"left in the folder for temporary files of {folder}: {left}")

    def check_folder(self, tree):
        folder = os.path.join(tree.path, ".compiler-cache")
        strange = [name for name in os.listdir(folder) if name not in OWN_FILES]
        strange += [name for name in os.listdir(os.path.join(folder, "sessions")) if "working" in name]
        strange += os.listdir(os.path.join(folder, "tmp"))
        if strange:
            raise Wrong(f"left in {folder}: {strange}")

    def report(self, need):
        figures = {}
        for tree in self.trees:
            for name, value in tree.figures.items():
                figures[name] = figures.get(name, 0) + value
        print(f"{len(self.trees)} trees, {self.options.seconds} s: " + ", ".join(f"{v} {k}" for k, v in sorted(self.done.items())))
        print("compiles: " + ", ".join(f"{value} {name}" for name, value in figures.items()))
        print(f"objects compared with the compiler's: {self.checked}")
        print(f"needed {need >> 10} KiB, limit {self.limit >> 10} KiB, most seen {self.largest >> 10} KiB at "
              f"{self.looks} looks, largest file {self.largest_blob >> 10} KiB")

    def tidy(self):
        for tree in self.trees:
            tree.cache.end()


def sizes_in(folder):
    """Of the files in it, each once, however many names it has."""
    found = {}
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                status = os.lstat(os.path.join(place, name))
                found[status.st_ino] = status.st_size
            except FileNotFoundError:
                pass
    return list(found.values())


def is_name_of_store(name):
    parts = name.split(os.sep)
    if len(parts) == 1:
        return parts[0] in ("collect.lock",)
    return parts[0] in ("objects", "variants") and all(set(part) <= set("0123456789abcdef.zst") for part in parts[1:])


def build_with(disturbance, wait=1.0):
    """A build, and what comes in its middle."""
    def action(tree, rng):
        thread = threading.Timer(rng.random() * wait, lambda: tree.cache.disturb(disturbance))
        if rng.random() < 0.5:
            tree.clean()
        thread.start()
        tree.build()
        thread.join()
    return action


def interrupted(tree, rng):
    tree.clean()
    tree.build(may_fail=True, interrupt_after=0.2 + rng.random())
    tree.build()


def cleaned(tree, _):
    tree.clean()
    tree.build()


def made_anew(tree, _):
    tree.wipe()
    tree.build()


def disturbed(disturbance):
    def action(tree, _):
        tree.cache.disturb(disturbance)
        tree.build()
    return action


# name -> how often, what
ACTIONS = {"build": (50, lambda tree, _: tree.build()), "clean build": (15, cleaned), "tree deleted": (10, made_anew),
           "interrupted": (6, interrupted), "helper stopped": (4, disturbed("stop")), "helper killed": (4, disturbed("kill")),
           "killed in a build": (4, build_with("kill")), "stopped in a build": (2, build_with("stop")),
           "ended in a build": (2, build_with("end")), "cleared in a build": (1, build_with("clear")),
           "cleared": (1, disturbed("clear"))}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--launcher", required=True, help="compiler-cache-launcher to test")
    parser.add_argument("--helper", required=True, help="compiler-cache-helper to test")
    parser.add_argument("--root", default="/tmp/stress", help="scratch folder; removed first")
    parser.add_argument("--trees", type=int, default=20)
    parser.add_argument("--sources", type=int, default=24, help="in each copy of the project")
    parser.add_argument("--seconds", type=int, default=1800)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def main():
    missing = [name for name in ("ninja", "make", "g++", "clang++") if shutil.which(name) is None]
    if missing:
        print(f"SKIPPED: {', '.join(missing)} not installed")
        return 77
    run = Run(arguments())
    try:
        run.go()
        return 0
    except Wrong as wrong:
        print(f"FAILED: {wrong}")
        return 1
    finally:
        run.tidy()


if __name__ == "__main__":
    sys.exit(main())
