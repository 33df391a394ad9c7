#!/usr/bin/env python3
"""Limits, kills, damage, strangers and strange names, one case each: every compile ends well with the compiler's own outputs,
and the cache is of use afterwards.

  cases.py --launcher L --helper H --case NAME [--rounds N] [--seed N] [--root DIR]
  cases.py --list

Without --rounds the random ones are short. Exit status: 0 all well, 1 something was not, 77 it cannot be tried here.
"""

import argparse
import concurrent.futures
import json
import os
import random
import resource
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading

from tree import ENVIRONMENT, Tree, UNITS, Wrong

SOMEBODY = 65534
MIB = 1 << 20


class Skip(Exception):
    pass


class Case:
    def __init__(self, options):
        self.options = options
        self.random = random.Random(options.seed)

    def tree(self, name="build"):
        tree = Tree(self.options.root, self.options.launcher, self.options.helper, name)
        if not tree.compiler:
            raise Skip("no gcc here")
        self.trees.append(tree)
        return tree

    trees = []

    def rounds(self, short):
        return self.options.rounds or short


def limited(kind, soft, hard=None):
    return lambda: resource.setrlimit(kind, (soft, hard or soft))


def start(tree, **more):
    """The helper, by hand; it may end by itself."""
    return subprocess.Popen([tree.helper, "serve", "--tree", tree.build], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL, env=ENVIRONMENT, **more)


def listens(tree):
    end = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        folder = os.open(tree.own, os.O_PATH)
        end.connect(f"/proc/self/fd/{folder}/sock")
        os.close(folder)
        return end
    except OSError:
        end.close()
        return None


def connect(tree):
    found = []
    tree.wait(lambda: found.append(listens(tree)) or found[-1], "the helper to listen")
    return found[-1]


def memory_kib(pid, what="VmRSS"):
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(what + ":"))


def status(tree):
    return tree.run([tree.helper, "status", "--tree", tree.build]).stdout


def many(tree, count, what):
    """That many launchers at once; each compiles a unit to a name of its own."""
    tree.clean()
    unit = UNITS[0]
    expected, _ = tree.expected[unit]

    def one(i):
        command = [word.replace(unit + ".o", f"{unit}{i}.o") if word == unit + ".o" else word for word in tree.command(unit)]
        command[command.index("-MF") + 1] = f"{unit}{i}.d"
        done = tree.run([tree.launcher, *command])
        with open(os.path.join(tree.build, f"{unit}{i}.o"), "rb") as file:
            return done.returncode == 0 and file.read() == expected[0]

    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        if not all(pool.map(one, range(count))):
            raise Wrong(f"{what}: a compile failed, or its object is another")
    tree.clean()


# ---- limits

def few_descriptors(case):
    """Of 64 that it may have, others hold all that the helper can get: who comes is turned away, and compiles."""
    tree = case.tree()
    helper = start(tree, preexec_fn=limited(resource.RLIMIT_NOFILE, 64))
    held = [connect(tree)]
    tree.compile_all("with descriptors left")
    held += [listens(tree) for _ in range(100)]
    for _ in range(2):
        tree.compile_all("with no descriptors left")
    for end in held:
        if end:
            end.close()
    tree.wait(lambda: "too few files" in status(tree), "the status to tell of it")
    tree.expect_good_cache("descriptors")
    if tree.helpers() != [helper.pid]:
        raise Wrong("the helper did not go on")
    tree.stop()
    helper.wait()


def hardly_any_descriptors(case):
    """So few that a helper cannot live: it ends in good order, and the compilers run."""
    tree = case.tree()
    for limit in range(4, 42, 3):
        tree.make()
        helper = start(tree, preexec_fn=limited(resource.RLIMIT_NOFILE, limit))
        tree.wait(lambda helper=helper: helper.poll() is not None or listens(tree), "the helper to listen or to end")
        tree.compile_all(f"of {limit} descriptors")
        tree.unstall()
        tree.stop()
        # Its libraries could not be loaded: 127.
        if helper.wait() not in (0, 1, 127):
            raise Wrong(f"of {limit} descriptors: the helper ended with {helper.returncode}")
    tree.expect_good_cache("hardly any descriptors")


def little_memory(case):
    """The helper has too little memory for what it is to keep, or to start at all."""
    tree = case.tree()
    big = os.path.join(tree.source, UNITS[0] + ".c")
    with open(big, "a", encoding="utf-8") as file:
        file.write("char big[40 << 20] = {1};\n")
    tree.make()
    tree.expect(UNITS[0])
    told = 0
    for mib in (8, 24, 48, 96, 160, 240, 400):
        shutil.rmtree(tree.store, ignore_errors=True)
        tree.make()
        helper = start(tree, preexec_fn=limited(resource.RLIMIT_AS, mib * MIB))
        tree.wait(lambda: helper.poll() is not None or os.path.exists(os.path.join(tree.own, "sock")), "the helper")
        for _ in range(2):
            tree.unstall()
            tree.compile_all(f"{mib} MiB")
        tree.stop()
        # 127: it could not even be loaded; a signal: libuv found none for its threads.
        if helper.wait() == 1:
            told += "out-of-memory" in status(tree)
        tree.expect_good_cache(f"{mib} MiB")
        tree.stop()
    if not told:
        raise Wrong("no status told that memory was short")


# ---- kills

def killed_helpers(case):
    """At random moments of cold and warm builds."""
    tree = case.tree()
    for i in range(case.rounds(20)):
        tree.unstall()
        if i % 3 == 0:
            tree.write_sources()
        done = threading.Event()

        def kill(delay=case.random.random() * 0.12, done=done):
            done.wait(delay)
            for pid in tree.helpers():
                os.kill(pid, signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        tree.compile_all(f"round {i}")
        done.set()
        killer.join()
    tree.expect_good_cache("kills")


def killed_launchers(case):
    """At random moments of hits and misses. What they leave is what a killed compiler leaves, and nothing of it is kept."""
    tree = case.tree()
    tree.compile_all("at first")
    killed = 0
    for i in range(case.rounds(40)):
        if i % 2 == 0:
            tree.write_sources()
        tree.clean()
        command = tree.command(UNITS[0])
        if i % 4 > 1:  # with a depfile of ours
            del command[command.index("-MD"):command.index("-MD") + 3]
        launcher = subprocess.Popen([tree.launcher, *command], cwd=tree.build, env=ENVIRONMENT,
                                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        threading.Event().wait(case.random.random() * (0.03 if i % 2 == 0 else 0.002))
        launcher.kill()
        killed += launcher.wait() == -signal.SIGKILL
        tree.compile_all(f"round {i}")
    if killed < 3:
        raise Wrong("hardly a launcher was killed")
    tree.expect_good_cache("kills")
    tree.stop()
    with open(os.path.join(tree.own, "tmp", "1-1.d"), "w", encoding="utf-8"):  # hardly one is killed when it has just written it
        pass
    tree.compile_all("with the next helper")
    if os.listdir(os.path.join(tree.own, "tmp")):
        raise Wrong("files of killed launchers are left to the next helper")


def launchers_at_once(case):
    """64, and no helper: one is started."""
    tree = case.tree()
    for i in range(case.rounds(3)):
        many(tree, 64, f"round {i}")
        if len(tree.helpers()) != 1:
            raise Wrong(f"helpers: {tree.helpers()}")
        tree.stop()
    with open(os.path.join(tree.own, "events.jsonl"), encoding="utf-8") as file:
        spawned = sum(json.loads(line)["event"] == "spawn" for line in file)
    if spawned != case.rounds(3):
        raise Wrong(f"{spawned} helpers were started in {case.rounds(3)} rounds")


# ---- damage

def damage(case, path):
    size = os.path.getsize(path)
    how = case.random.choice(("flip", "cut", "zeros", "noise", "remove"))
    os.chmod(path, 0o600)
    if how == "remove" or size == 0:
        os.unlink(path)
    elif how == "cut":
        os.truncate(path, case.random.randrange(size))
    else:
        with open(path, "r+b") as file:
            at = case.random.randrange(size)
            file.seek(at)
            byte = file.read(1)[0]
            file.seek(at)
            file.write({"flip": bytes([byte ^ 1 << case.random.randrange(8)]), "zeros": b"\0" * 64,
                        "noise": case.random.randbytes(64)}[how])
    return f"{how} {path}"


def damaged_files(case):
    """Random files of both stores and of the sessions, with and without a helper that runs."""
    tree = case.tree()
    for _ in range(5):
        tree.compile_all("to fill the store")
        tree.write_sources()
    for i in range(case.rounds(25)):
        if i % 2:
            tree.stop()
        files = [os.path.join(folder, name) for top in (tree.store, os.path.join(tree.own, "objects"),
                                                        os.path.join(tree.own, "sessions"))
                 for folder, _, names in os.walk(top) for name in names]
        what = ", ".join(damage(case, path) for path in case.random.sample(sorted(files), min(len(files), 1 + i % 7)))
        tree.compile_all(f"round {i}: {what}")
        tree.compile_all(f"round {i}, again: {what}")
    tree.expect_good_cache("damage")


# ---- strangers and strange names

def greedy_clients(case):
    """A thousand that say nothing, half a frame, or garbage: the helper neither stops nor grows."""
    tree = case.tree()
    tree.compile_all("at first")
    pid, = tree.helpers()
    before = memory_kib(pid)
    resource.setrlimit(resource.RLIMIT_NOFILE, (2048, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    held = []
    for i in range(1000):
        end = connect(tree)
        end.settimeout(60)
        held.append(end)
        try:
            if i % 3 == 0:
                end.sendall(struct.pack("<I", 4 * MIB) + bytes(3 * MIB))  # and never the rest
            elif i % 3 == 1:
                end.sendall(case.random.randbytes(64))
        except OSError:
            pass  # hung up on
    tree.compile_all("beside them")
    peak = memory_kib(pid, "VmHWM")
    for end in held:
        end.close()
    # Sanitizers reserve terabytes, and have a memory of their own for each byte.
    sanitized = memory_kib(pid, "VmSize") > 100 << 20
    if peak - before > 400 * 1024 and not sanitized:
        raise Wrong(f"the helper has grown from {before} to {peak} KiB")
    tree.expect_good_cache("clients")
    if tree.helpers() != [pid]:
        raise Wrong("the helper did not go on")


def strange_names(case):
    """Build trees and source folders of names that shells, depfiles and configuration files trip over."""
    for name in ("with space", "qu'o\"te", "dollar$HOME", "hash#tag", "back\\slash", "per%cent", "col:on", "semi;colon",
                 os.fsdecode(b"not-utf-8-\xff\xfe"), "new\nline", "d" * 200 + "/" + "e" * 100):
        root = os.path.join(case.options.root, name)
        os.makedirs(root)
        tree = Tree(root, case.options.launcher, case.options.helper)
        case.trees.append(tree)
        tree.compile_all(f"{name!r}, cold")
        tree.compile_all(f"{name!r}, warm")
        if "\n" not in name:  # no depfile can tell of such a name
            tree.expect_good_cache(repr(name))
        elif tree.stats()["errors"]:
            raise Wrong(f"{name!r}: {tree.stats()}")
        tree.stop()


def another_user(case):
    """In a tree that everybody may write to, somebody else compiles beside the owner's helper."""
    if os.geteuid() != 0:
        raise Skip("only the superuser can be two users")
    os.chmod(case.options.root, 0o755)
    tree = case.tree()
    tree.compile_all("the owner")
    os.chmod(tree.build, 0o777)
    folder = case.options.root
    while folder != "/":
        if not os.stat(folder).st_mode & 0o001:
            raise Skip(f"{folder} is not everybody's to enter")
        folder = os.path.dirname(folder)
    tree.stats()
    before = tree.stats()
    tree.compile_all("somebody", user=SOMEBODY, group=SOMEBODY, extra_groups=[])
    for path in (os.path.join(tree.own, "sock"), tree.store):
        seen = tree.run(["test", "-r", path], user=SOMEBODY, group=SOMEBODY, extra_groups=[])
        if seen.returncode == 0:
            raise Wrong(f"{path} is everybody's to read")
    asked = tree.run([tree.helper, "clear", "--tree", tree.build], user=SOMEBODY, group=SOMEBODY, extra_groups=[])
    if asked.returncode == 0:
        raise Wrong("somebody else may clear the cache")
    if tree.stats() != before:
        raise Wrong(f"somebody else was served: {before} {tree.stats()}")
    tree.expect_good_cache("two users")


CASES = {one.__name__: one for one in (few_descriptors, hardly_any_descriptors, little_memory, killed_helpers, killed_launchers,
                                       launchers_at_once, damaged_files, greedy_clients, strange_names, another_user)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--launcher")
    parser.add_argument("--helper")
    parser.add_argument("--case", choices=CASES)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--root", default="/tmp/compiler-cache-cases")
    options = parser.parse_args()
    if options.list:
        print("\n".join(CASES))
        return 0
    shutil.rmtree(options.root, ignore_errors=True)
    os.makedirs(options.root)
    case = Case(options)
    try:
        CASES[options.case](case)
    except Skip as skip:
        print(f"SKIPPED: {skip}")
        return 77
    except Wrong as wrong:
        print(f"FAILED: {wrong}\nleft in {options.root}")
        return 1
    finally:
        for tree in case.trees:
            tree.stop()
    shutil.rmtree(options.root, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
