#!/usr/bin/env python3
"""A differential fuzzer: does a build with the cache ever differ from one without?

A project goes through random steps of what developers do and what happens to machines: edits, headers that hide others, branch
switches, flags, compilers, links, interrupted builds, killed helpers, damaged stores. After each step it is built with the
cache, and from nothing without it, under the same paths; every object, depfile and other product, what Ninja learned, each edge's
output and the outcome are compared byte for byte. A difference is shrunk to the shortest list of steps that shows it.

  run.py --helper H --launcher L [--seed N] [--steps N] [--project generated|leveldb|re2|...] [--compiler gcc|clang|both]
  run.py ... --replay FILE      the steps of FILE (as a difference writes it) again; --shrink: shrinks them
  run.py ... --cache none       no cache at all: every difference is the fuzzer's own
  run.py ... --cache ccache     another cache

Exit status: 0 no difference, 1 difference or too few hits, 3 the fuzzer itself failed, 77 not possible here. mutants.py shows
that it finds broken caches.

  projects, generated   what is built          choose, events, steps   what happens to it
  workspace             sources, snapshots     builds, caches          with and without
  session               one run                shrink                  the shortest list
"""

import argparse
import json
import os
import random
import shutil
import signal
import sys
import time
import traceback

import builds
import caches
import events
import projects
import session
import shrink
import steps

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
STEPS_THAT_TELL = 50  # what fewer steps compile is mostly new to the cache


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--launcher", help="compiler-cache-launcher to test")
    parser.add_argument("--helper", help="compiler-cache-helper to test")
    parser.add_argument("--root", default="/tmp/differential", help="scratch folder; removed first")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=0, help="begin no further step after so long; 0: no limit")
    parser.add_argument("--project", default="generated")
    parser.add_argument("--compiler", choices=["gcc", "clang", "both"], default="both")
    parser.add_argument("--cache", choices=["ours", "ccache", "none"], default="ours")
    parser.add_argument("--replay", help="a file that a difference wrote")
    parser.add_argument("--shrink", action="store_true", help="with --replay: shrink it")
    parser.add_argument("--shrink-budget", type=int, default=60, help="runs that shrinking may take; 0: none")
    parser.add_argument("--hit-floor", type=float, default=0.25, help="least share of hits among hits and misses")
    parser.add_argument("--quiet", action="store_true", help="do not print each step")
    return parser.parse_args()


class Fuzzer:
    def __init__(self, options):
        self.options = options
        self.prefix = builds.isolation()
        self.reference = {}
        compilers = ["gcc", "clang"] if options.compiler == "both" else [options.compiler]
        self.first_compiler = compilers[options.seed % len(compilers)]
        self.project = (projects.Generated(compilers) if options.project == "generated" else
                        projects.Real(options.project, compilers, REPOSITORY))
        self.done = []  # steps
        self.session = None

    def cache(self, root, build):
        if self.options.cache == "ours":
            return caches.Ours(root, build, REPOSITORY, self.options.launcher, self.options.helper)
        return {"ccache": caches.Ccache, "none": caches.NoCache}[self.options.cache](root, build)

    def begin(self):
        self.session = session.Session(self.options.root, self.project, self.cache, self.prefix, self.reference)
        self.session.tree.environment["COMPILER_CACHE_LOG"] = os.path.join(self.options.root, "log")
        self.session.start(random.Random(self.options.seed), self.first_compiler)

    def finish(self, difference):
        """Ends what runs. A difference that was found already counts more than what is left behind."""
        try:
            self.session.end()
        except session.Difference as left:
            difference = difference or left
        return difference

    def step(self, rng):
        """The next step, as the sources are now."""
        ws = self.session.ws
        if rng.random() < 0.16:
            return events.choose(rng, lambda: self.project.change(ws, rng))
        step = self.project.change(ws, rng)
        step["build"] = "none" if rng.random() < 0.15 else rng.choice(["inc", "inc", "clean", "both"])
        if step["build"] == "inc" and steps.is_blind(step) and rng.random() < 0.8:
            step["build"] = rng.choice(["clean", "both"])
        return step

    def explore(self):
        """Random steps until one shows a difference. Returns that, or None."""
        began = time.monotonic()
        difference = None
        try:
            self.begin()
            for number in range(self.options.steps):
                if self.options.seconds and time.monotonic() - began > self.options.seconds:
                    break
                # Each step has numbers of its own, so that a step does not depend on how many the last one drew.
                step = self.step(random.Random(f"{self.options.seed}:{number}"))
                self.done.append(step)
                self.report_step(number, step, began)
                self.session.perform(step)
        except (session.Difference, builds.Hang) as found:
            difference = found
        return self.finish(difference)

    def report_step(self, number, step, began):
        if not self.options.quiet:
            print(f"{time.monotonic() - began:7.1f} {number:4} {steps.summary(step)}", flush=True)

    def repeat(self, chosen, verbose=False):
        """The difference that these steps show, or None."""
        self.done = chosen
        difference = None
        began = time.monotonic()
        try:
            self.begin()
            for number, step in enumerate(chosen):
                if verbose:
                    self.report_step(number, step, began)
                self.session.perform(step)
        except (session.Difference, builds.Hang) as found:
            difference = found
        return self.finish(difference)

    def shorten(self, chosen, difference):
        """The shortest list found; one that does not show the difference reliably stays as it is."""
        if not self.options.shrink_budget:
            return chosen
        kind = difference.kinds()[0]

        def shows(candidate):
            found = self.repeat(candidate)
            return found is not None and kind in found.kinds()

        if not shows(chosen):
            print(f"the same steps again do not show '{kind}': it depends on timing; the list is not shrunk", flush=True)
            return chosen
        last = chosen[-1:] if chosen else []
        return shrink.shrink(chosen, shows, self.options.shrink_budget) or last

    def write(self, path, chosen):
        names = ("seed", "project", "compiler", "cache")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({name: getattr(self.options, name) for name in names} | {"steps": chosen}, file, indent=1)

    def report(self):
        seen = self.session.seen if self.session else {}
        hits, misses = seen.get("hits", 0), seen.get("misses", 0)
        share = hits / (hits + misses) if hits + misses else 0.0
        print(f"{len(self.done)} steps, {self.session.reference.made} reference builds, {self.session.unconfigured} steps that "
              f"cannot be configured; of the compiles {hits} hits, {misses} misses ({share:.0%} hits)")
        self.archive_hits = seen.get("archives.hits", 0)
        for name in sorted(seen):
            if "." in name and seen[name] or name in ("uncacheable", "errors", "bypassed"):
                print(f"  {name}: {seen[name]}")
        return share


def found_difference(fuzzer, difference, chosen):
    options = fuzzer.options
    print(f"DIFFERENCE (seed {options.seed}, {options.project}, {options.compiler}, step {len(chosen)}):\n  {difference}")
    whole = options.root.rstrip("/") + ".steps.json"
    fuzzer.write(whole, chosen)
    log = options.root.rstrip("/") + ".log"  # shrinking begins with an empty folder, and timing may not come again
    if os.path.exists(os.path.join(options.root, "log")):
        shutil.copyfile(os.path.join(options.root, "log"), log)
    print(f"all steps: {whole}, what launcher and helper decided: {log}; shrinking", flush=True)
    short = fuzzer.shorten(chosen, difference)
    if short is not chosen:
        difference = fuzzer.repeat(short) or difference
    print(f"shortest list found, {len(short)} of {len(chosen)} steps:")
    for step in short:
        print("  " + json.dumps(step))
    print(f"  {difference}")
    fuzzer.write(options.root.rstrip("/") + ".short.json", short)
    print(f"again: --replay {options.root.rstrip('/')}.short.json; the folder is {options.root}")


def found_own_failure(fuzzer):
    """What is no difference but a mistake of the fuzzer's, with all that is needed to see it again."""
    options = fuzzer.options
    traceback.print_exc(file=sys.stdout)
    steps_file = options.root.rstrip("/") + ".failure.json"
    fuzzer.write(steps_file, fuzzer.done)
    print(f"FAILED: the fuzzer itself (seed {options.seed}, {options.project}, {options.compiler}, step {len(fuzzer.done)}), which says "
          f"nothing about the cache; the steps are in {steps_file}", flush=True)
    return 3


def replay(fuzzer):
    with open(fuzzer.options.replay, encoding="utf-8") as file:
        saved = json.load(file)
    difference = fuzzer.repeat(saved["steps"], verbose=True)
    if not difference:
        print("no difference")
        return 0
    print(f"DIFFERENCE:\n  {difference}")
    if fuzzer.options.shrink:
        found_difference(fuzzer, difference, saved["steps"])
    return 1


def fuzz(fuzzer):
    options = fuzzer.options
    difference = fuzzer.explore()
    if difference:
        found_difference(fuzzer, difference, fuzzer.done)
        return 1
    share = fuzzer.report()
    enough = len(fuzzer.done) >= min(STEPS_THAT_TELL, options.steps)
    if options.cache != "none" and fuzzer.done and enough and share < options.hit_floor:
        print(f"FAILED: only {share:.0%} hits: this is no test of a cache")
        return 1
    if options.cache == "ours" and options.project == "generated" and enough and options.hit_floor and not fuzzer.archive_hits:
        print("FAILED: no static library came from the cache")
        return 1
    return 0


def main():
    sys.stdout.reconfigure(errors="replace")
    options = arguments()
    if options.replay:
        with open(options.replay, encoding="utf-8") as file:
            saved = json.load(file)
        for name in ("seed", "project", "compiler"):
            setattr(options, name, saved[name])
    fuzzer = Fuzzer(options)
    if fuzzer.prefix is None:
        print("SKIPPED: no mount namespaces here, so that nothing can be built twice under one name")
        return 77
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(2))
    try:
        return replay(fuzzer) if options.replay else fuzz(fuzzer)
    except projects.Unobtainable as reason:
        print(f"SKIPPED: {reason}")
        return 77
    except Exception:  # pylint: disable=broad-except
        return found_own_failure(fuzzer)
    finally:
        if fuzzer.session:
            fuzzer.session.cache.end()


if __name__ == "__main__":
    sys.exit(main())
