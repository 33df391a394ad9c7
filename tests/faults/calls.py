#!/usr/bin/env python3
"""System call number N fails, for all N: of the launcher, and of the helper, in cold and in warm builds.

fail_call.cc makes them fail. Each compile must end well with the compiler's own outputs, nothing may be left behind, and the cache
must be of use once nothing fails any more.

  calls.py --launcher L --helper H --fail-call F [--who launcher|helper] [--errors ENOSPC,EIO] [--ways cold,warm] [--step N] [--root DIR]

`--step`: only every so manieth call, another share of them with each `--first`. All of them take minutes (launcher) and an
hour (helper). Exit status: 0 all well, 1 something was not, 77 it cannot be tried here.
"""

import argparse
import errno
import os
import shutil
import subprocess
import sys

from tree import Tree, UNITS, Wrong

MOST_CALLS = 5000
# What the launcher could not write to its user, a compiler could not have either (write). And one that nobody knows the end of
# runs twice (wait4).
UNHEARD = ("1", "61")


class Failure:
    """The words in front of a program whose call `n` is to fail, and whether it did."""

    def __init__(self, tree, options, error, n):
        self.record = os.path.join(tree.root, "failed")
        self.argv = [options.fail_call, str(n), str(getattr(errno, error)), self.record]

    def call(self):
        """Its number; empty when none failed."""
        with open(self.record, encoding="utf-8") as file:
            return file.read().strip()

    def happened(self):
        return self.call() != ""


def numbers(options):
    return range(options.first, MOST_CALLS, options.step)


def try_launcher(tree, options, error):
    """The helper is well. A hit and a miss in turn."""
    tried = 0
    for way in options.ways.split(","):
        tree.compile_all("at first")
        tree.compile_all("again")
        for n in numbers(options):
            what = f"launcher, {way}, call {n}, {error}"
            if way == "cold":
                tree.write_sources()
            tree.unstall()
            tree.clean()
            failure = Failure(tree, options, error, n)
            done = tree.run([*failure.argv, tree.launcher, *tree.command(UNITS[0])])
            what += f" ({failure.call()})"
            tree.check(UNITS[0], done, what, heard=failure.call() not in UNHEARD)
            if not failure.happened():
                break
            tried += 1
            tree.clean()
            tree.unstall()
            tree.check(UNITS[0], tree.run([tree.launcher, *tree.command(UNITS[0])]), what + ", again")
        tree.expect_good_cache(f"launcher, {way}, {error}")
    return tried


def helper_that_fails(tree, failure):
    """One that listens, or has given up."""
    helper = subprocess.Popen([*failure.argv, tree.helper, "serve", "--tree", tree.build],
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    socket = os.path.join(tree.own, "sock")
    tree.wait(lambda: os.path.exists(socket) or helper.poll() is not None, "the helper to listen")
    return helper


def try_helper(tree, options, error):
    tried = 0
    for way in options.ways.split(","):
        for n in numbers(options):
            what = f"helper, {way}, call {n}, {error}"
            shutil.rmtree(tree.store, ignore_errors=True)
            tree.make()
            if way == "warm":
                tree.compile_all("at first")
                tree.stop()
            failure = Failure(tree, options, error, n)
            helper = helper_that_fails(tree, failure)
            for again in ("", ", again"):
                tree.compile_all(what + again)
                tree.unstall()
            tree.stop()
            # It may give up, but in good order; or its libraries could not be loaded (127).
            if helper.wait() not in (0, 1, 127):
                raise Wrong(f"{what} ({failure.call()}): the helper ended with {helper.returncode}")
            tree.expect_good_cache(what)
            tree.stop()
            if not failure.happened():
                break
            tried += 1
    return tried


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--launcher", required=True)
    parser.add_argument("--helper", required=True)
    parser.add_argument("--fail-call", required=True)
    parser.add_argument("--who", choices=("launcher", "helper"), default="launcher")
    parser.add_argument("--errors", default="ENOSPC,EIO,EMFILE")
    parser.add_argument("--ways", default="cold,warm")
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--root", default="/tmp/compiler-cache-calls")
    options = parser.parse_args()
    if subprocess.run([options.fail_call, "0", "0", os.devnull, "/bin/true"], check=False).returncode == 77:
        print("SKIPPED: another machine, or nothing may be traced here")
        return 77
    shutil.rmtree(options.root, ignore_errors=True)
    tree = Tree(options.root, options.launcher, options.helper)
    if not tree.compiler:
        print("SKIPPED: no gcc here")
        return 77
    try:
        for error in options.errors.split(","):
            tried = (try_launcher if options.who == "launcher" else try_helper)(tree, options, error)
            print(f"{options.who}: {tried} calls failed with {error}", flush=True)
            if tried < 2:
                raise Wrong("hardly a call failed: is that a test?")
    except Wrong as wrong:
        print(f"FAILED: {wrong}\nleft in {options.root}")
        return 1
    finally:
        tree.stop()
    shutil.rmtree(options.root, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
