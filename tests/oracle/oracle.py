#!/usr/bin/env python3
"""oracle.py --repository R --launcher L --helper H --scratch S --project P --compiler C [--keep]

Builds a project through the cache while strace looks on, and holds what each compile opened, looked at and looked for in
vain against what the helper recorded for it. What the record does not explain is a file that could change without the
cache noticing: the test fails with compile, path and system call.

Then it shows that it would notice: with each recorded input left out in turn it must complain about that one.

Exit status 77: skipped, with the reason."""

import argparse
import collections
import json
import os
import shutil
import socket
import subprocess
import sys
import time

import explanation
import project
import strace_log

COMPILERS = {"gcc": ("gcc", "g++"), "clang": ("clang", "clang++")}
SEARCH_LIST = "/usr/local/bin:/usr/bin:/bin"  # PATH
LIMIT = 60  # seconds


def skip(reason):
    print("SKIPPED: " + reason)
    sys.exit(77)


class Build:
    """A project in a folder of its own, built through the cache under strace."""

    def __init__(self, options):
        self.options = options
        self.work = os.path.realpath(options.scratch)
        self.source, self.tree = self.work + "/source", self.work + "/build"
        self.log = self.work + "/strace"
        shutil.rmtree(self.work, ignore_errors=True)
        os.makedirs(self.work + "/libraries")
        # LIBRARY_PATH chooses nothing that a compile reads, one would think; GCC reads a file `specs` from there.
        self.environment = {"PATH": SEARCH_LIST, "LC_ALL": "C", "HOME": self.work,
                            "LIBRARY_PATH": self.work + "/libraries", "XDG_CACHE_HOME": self.work + "/user-cache"}

    def run(self, command, **more):
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, **more)
        if done.returncode != 0:
            sys.exit(f"FAILED: {' '.join(command)}\n{done.stdout}{done.stderr}")
        return done.stdout

    def place_programs(self):
        """The module builds launcher and helper from a source folder; this one "builds" them by copying."""
        programs = self.work + "/programs"
        for name, program in (("launcher", self.options.launcher), ("helper", self.options.helper)):
            os.makedirs(f"{programs}/{name}")
            os.symlink(program, f"{programs}/{name}/compiler-cache-{name}")
        with open(programs + "/CMakeLists.txt", "w", encoding="utf-8") as text:
            text.write("cmake_minimum_required(VERSION 3.21)\nproject(CompilerCache VERSION 0.0.1 LANGUAGES NONE)\n")
            for name in ("launcher", "helper"):
                text.write(f'add_custom_target(compiler-cache-{name} COMMAND "${{CMAKE_COMMAND}}" -E copy '
                           f'"${{CMAKE_SOURCE_DIR}}/{name}/compiler-cache-{name}" '
                           f'"${{CMAKE_RUNTIME_OUTPUT_DIRECTORY}}/compiler-cache-{name}" VERBATIM)\n')
        with open(self.work + "/module.cmake", "w", encoding="utf-8") as text:
            text.write(f'include("{self.options.repository}/cmake/CompilerCache.cmake")\n')

    def helper(self, *words):
        return [self.tree + "/.compiler-cache/bin/compiler-cache-helper", *words, "--tree", self.tree]

    def configure(self):
        self.place_programs()
        options = project.make(self.options.repository, self.options.project, self.source)
        c, cxx = (shutil.which(name, path=self.environment["PATH"]) for name in COMPILERS[self.options.compiler])
        if not cxx:
            skip(f"{self.options.compiler} is not installed")
        self.run(["cmake", "-S", self.source, "-B", self.tree, "-G", "Ninja", f"-DCMAKE_C_COMPILER={c}",
                  f"-DCMAKE_CXX_COMPILER={cxx}", "-DCOMPILER_CACHE_SHARED_DIR=", "-DCMAKE_BUILD_TYPE=Release",
                  f"-D_compiler_cache_source_root={self.work}/programs", *options])

    def start_helper(self):
        """Not under strace, which would wait for its end."""
        started = subprocess.Popen(self.helper("serve"), env=self.environment, start_new_session=True,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
                try:
                    probe.connect(f"/proc/self/fd/{self.tree_descriptor()}/.compiler-cache/sock")
                    return started
                except OSError:
                    time.sleep(0.02)
        sys.exit("FAILED: the helper does not answer")

    def tree_descriptor(self):
        if not hasattr(self, "_descriptor"):
            self._descriptor = os.open(self.tree, os.O_PATH)
        return self._descriptor

    def build(self):
        """What the compiles did, and what was recorded of them."""
        self.configure()
        # `serve` may return at once (it goes on in the background) or stay.
        helper = self.start_helper()
        try:
            self.run(["strace", "-f", "--seccomp-bpf", "-qq", "-y", "-s", "16384", "-e", "trace=" + strace_log.TRACE,
                      "-e", "signal=none", "-o", self.log, "ninja", "-j2"], cwd=self.tree)
        finally:
            self.run(self.helper("stop"))
            helper.wait(LIMIT)
        recorded = json.loads(self.run(self.helper("dump")))
        recorded["refused"] = json.loads(self.run(self.helper("stats", "--json")))["total"]["uncacheable_reasons"]
        compiles = strace_log.compiles_in(
            self.log, self.tree, lambda program: os.path.basename(program) == "compiler-cache-launcher")
        return compiles, recorded


def source_of(compile_):
    """The file behind -c; none for what is no compile."""
    for i, word in enumerate(compile_.argv[:-1]):
        if word == "-c":
            return explanation.plain(os.path.join(compile_.cwd, compile_.argv[i + 1]))
    return None


def variants_of(compile_, recorded):
    """What was recorded for it. Of two compiles that differ in the object's name only there is one variant."""
    source = source_of(compile_)
    target = compile_.argv[compile_.argv.index("-o") + 1] if "-o" in compile_.argv else None
    of_source = [variant for variant in recorded["variants"] if explanation.plain(variant["inputs"][0]) == source]
    return [variant for variant in of_source if target in variant["targets"]] or of_source


def unexplained(compile_, variant, recorded, compiler):
    """Events that no identity of this compiler explains, by the one that explains most; and the classes of the others."""
    best = None
    for identity in recorded["identities"]:
        if identity["files"][:1] != [compile_.programs[0]]:
            continue
        explainer = explanation.Explainer(
            compile_, explanation.Record(variant, identity, recorded["searches"], SEARCH_LIST), compiler)
        left, classes = [], collections.Counter()
        for event in compile_.events:
            reason = explainer.explain(event)
            if reason is None:
                left.append(event)
            else:
                classes[reason] += 1
        if best is None or len(left) < len(best[0]):
            best = (left, classes)
    if best is None:
        sys.exit(f"FAILED: no identity of {compile_.programs[0]} is recorded")
    return best


def complain(compile_, events):
    seen = set()
    for event in events:
        line = f"{event.path}: {event.call} {event.error}".rstrip()
        if line not in seen:
            seen.add(line)
            print(f"UNEXPLAINED {os.path.basename(source_of(compile_))}: {line}")
    return len(seen)


def check_forgetting(compile_, variant, recorded, compiler):
    """With one input left out, the oracle must complain about it. The inputs about which it does not.

    Not of those that the compile did not touch: a __has_include in code that is left out is recorded as well."""
    touched = {explanation.plain(event.path) for event in compile_.events if not event.error}
    silent = [] if source_of(compile_) in touched else ["the source"]
    for path in variant["inputs"]:
        if explanation.plain(path) not in touched:
            continue
        inputs = [other for other in variant["inputs"] if other != path]
        left, _ = unexplained(compile_, {**variant, "inputs": inputs}, recorded, compiler)
        if not any(explanation.plain(event.path) == explanation.plain(path) for event in left):
            silent.append(path)
    for what, without in (("absent names", {"absent": []}), ("inputs", {"inputs": variant["inputs"][:1]})):
        left, _ = unexplained(compile_, {**variant, **without}, recorded, compiler)
        if not left:
            silent.append("all " + what)
    nothing_watched = [{**identity, "watched": []} for identity in recorded["identities"]]
    if not unexplained(compile_, variant, {**recorded, "identities": nothing_watched}, compiler)[0]:
        silent.append("all watched places")
    return silent


def judge(options, compiles, recorded):
    failures, classes, checked, unrecorded = 0, collections.Counter(), 0, []
    for compile_ in compiles:
        if source_of(compile_) is None:
            continue
        variants = variants_of(compile_, recorded)
        if not variants:
            unrecorded.append(source_of(compile_))
            continue
        variant = min(variants, key=lambda one: len(unexplained(compile_, one, recorded, options.compiler)[0]))
        left, found = unexplained(compile_, variant, recorded, options.compiler)
        classes.update(found)
        checked += 1
        failures += complain(compile_, left)
        # Of a real project the first compile only: it takes a while.
        if not left and (options.project == "generated" or checked == 1):
            for path in check_forgetting(compile_, variant, recorded, options.compiler):
                print(f"BLIND {os.path.basename(source_of(compile_))}: without {path} there is no complaint")
                failures += 1
    print(f"{checked} compiles, {sum(classes.values())} events explained:")
    for name, count in classes.most_common():
        print(f"{count:8}  {name}")
    # What was refused with a reason has no record, and no hit.
    print(f"{len(unrecorded)} compiles were not kept; refused: {recorded['refused']}")
    if len(unrecorded) > sum(recorded["refused"].values()):
        print("UNRECORDED", *unrecorded)
        failures += 1
    if not checked:
        sys.exit("FAILED: no compile was seen")
    return failures


def main():
    parser = argparse.ArgumentParser()
    for name in ("repository", "launcher", "helper", "scratch"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--project", default="generated")
    parser.add_argument("--compiler", choices=sorted(COMPILERS), default="gcc")
    parser.add_argument("--keep", action="store_true", help="leave project and log behind")
    options = parser.parse_args()
    for tool in ("strace", "ninja", "cmake"):
        if not shutil.which(tool):
            skip(f"{tool} is not installed")
    if subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, check=False).returncode != 0:
        skip("strace may not trace here")
    build = Build(options)
    try:
        compiles, recorded = build.build()
    except project.CannotFetch as reason:
        skip(str(reason))
    failures = judge(options, compiles, recorded)
    if not options.keep and not failures:
        shutil.rmtree(build.work)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
