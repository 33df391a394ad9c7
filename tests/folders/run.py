#!/usr/bin/env python3
"""Is a result used in another folder only where it is what the compiler would write there?

Each way of ways.py is compiled through the cache in one folder and then in another one with the same files, once as it is and
once with the paths mapped. In the second folder object, depfile and messages must be those of the compiler alone, and the cache
must have taken the first folder's result or compiled anew, as the way expects.

  run.py --launcher L --helper H [--compiler gcc|clang] [--only NAME]

Exit status: 0 all as expected, 1 not, 77 not possible here.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time

from ways import BOUND, FREE, REFUSED, WAYS

LIMIT_SECONDS = 60
MAPS = ["-ffile-prefix-map={source}=/mapped.s", "-ffile-prefix-map={build}=/mapped.b"]


class Folder:
    """A source and a build tree with the cache in it."""

    def __init__(self, root, arguments, store):
        self.source, self.build = root + "/source", root + "/build"
        self.cache = self.build + "/.compiler-cache"
        os.makedirs(self.cache + "/bin")
        os.makedirs(self.source)
        self.launcher = shutil.copy(arguments.launcher, self.cache + "/bin/compiler-cache-launcher")
        self.helper = shutil.copy(arguments.helper, self.cache + "/bin/compiler-cache-helper")
        with open(self.cache + "/config", "w") as config:
            config.write(f"compiler-cache-config 1\nsource_root={self.source}\nbuild_root={self.build}\n"
                         f"shared_dir={store}\nidle_timeout=60\n")

    def counts(self):
        shown = subprocess.run([self.helper, "stats", "--tree", self.build, "--json"], capture_output=True, check=True)
        return json.loads(shown.stdout)["total"]

    def stop(self):
        subprocess.run([self.helper, "stop", "--tree", self.build], capture_output=True, check=True)


class Runner:
    def __init__(self, arguments):
        self.arguments = arguments
        self.root = os.path.realpath(arguments.root)
        shutil.rmtree(self.root, ignore_errors=True)
        self.other = self.root + "/other"
        os.makedirs(self.other)
        with open(self.other + "/o.h", "w") as header:
            header.write("#define O 1\n")
        program = {"gcc": "g++", "clang": "clang++"}[arguments.compiler]
        self.compiler = shutil.which(program)
        if self.compiler is None:
            print(f"SKIPPED: {program} is not installed")
            sys.exit(77)
        self.wrapper = self.other + "/wrapper"
        with open(self.wrapper, "w") as script:
            script.write(f'#!/bin/sh\nexec {self.compiler} "$@"\n')
        os.chmod(self.wrapper, 0o755)
        self.folders = [Folder(self.root + place, arguments, self.root + "/store") for place in ("/first", "/another/and/longer")]
        self.failures = []

    def fill(self, text, folder, way):
        for name, value in {"source": folder.source, "build": folder.build, "first": self.folders[0].source,
                            "second": self.folders[1].source, "other": self.other,
                            "name": way.name, "language": way.language, "unique": str(self.folders.index(folder))}.items():
            text = text.replace("{" + name + "}", value)
        return text

    def write(self, folder, way):
        files = {"x." + way.language: way.text, **way.files}
        if folder is self.folders[1]:
            files.update(way.second)
        for name, text in files.items():
            path = f"{folder.source}/{way.name}/{name}"
            os.makedirs(os.path.dirname(path), exist_ok=True)
            text = self.fill(text, folder, way)
            if text.startswith("-> "):
                os.symlink(text[3:], path)
            else:
                with open(path, "w") as file:
                    file.write(text)

    def command(self, folder, way, mapped):
        options = way.options + (MAPS if mapped else [])
        name = f"{way.name}-{'mapped' if mapped else 'plain'}"
        source = self.fill(way.source, folder, way)
        return [self.wrapper if way.wrapper else self.compiler, *[self.fill(option, folder, way) for option in options], "-MD", "-MT",
                name + ".o", "-MF", name + ".d", "-c", source, "-o", name + ".o"], name

    def run(self, folder, way, mapped, cached):
        """What came of the command: exit status, messages, and the files that it wrote."""
        command, name = self.command(folder, way, mapped)
        for suffix in (".o", ".d", ".gcno", ".dwo"):
            if os.path.exists(f"{folder.build}/{name}{suffix}"):
                os.remove(f"{folder.build}/{name}{suffix}")
        environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        environment.update({name: self.fill(value, folder, way) for name, value in way.environment.items()})
        environment["COMPILER_CACHE_LOG"] = folder.build + "/log"
        ended = subprocess.run(([folder.launcher] if cached else []) + command, cwd=folder.build, env=environment, capture_output=True)
        effect = {"status": ended.returncode, "output": ended.stdout, "messages": ended.stderr}
        for suffix in (".o", ".d", ".dwo"):
            path = f"{folder.build}/{name}{suffix}"
            effect[suffix] = open(path, "rb").read() if os.path.exists(path) else None
        return effect

    def cached(self, folder, way, mapped):
        """The effect, and what the cache counted: hits, misses or uncacheable."""
        before = folder.counts()
        effect = self.run(folder, way, mapped, True)
        end = time.monotonic() + LIMIT_SECONDS
        while (after := folder.counts())["requests"] == before["requests"]:
            if time.monotonic() > end:
                return effect, "nothing"
            time.sleep(0.01)
        return effect, next((name for name in ("hits", "misses", "uncacheable") if after[name] > before[name]), "something else")

    def fail(self, way, mapped, what):
        self.failures.append(f"{way.name} ({'mapped' if mapped else 'plain'}): {what}")

    def first(self, way, mapped):
        effect, counted = self.cached(self.folders[0], way, mapped)
        wanted = "uncacheable" if (way.mapped if mapped else way.plain) == REFUSED else "misses"
        if effect["status"] != 0:
            self.fail(way, mapped, "does not compile: " + effect["messages"].decode(errors="replace"))
        elif counted != wanted:
            self.fail(way, mapped, f"the first folder had {counted}")
        return effect

    def second(self, way, mapped, first):
        folder = self.folders[1]
        alone = self.run(folder, way, mapped, False)
        effect, counted = self.cached(folder, way, mapped)
        expected = way.mapped if mapped else way.plain
        if mapped and self.arguments.compiler == "clang" and way.mapped_by_clang:
            expected = way.mapped_by_clang
        if counted != {FREE: "hits", BOUND: "misses", REFUSED: "uncacheable"}[expected]:
            self.fail(way, mapped, f"expected {expected}, but the second folder had {counted}")
        for part, value in effect.items():
            if value != alone[part] and not (part == ".o" and way.bytes_vary):
                self.fail(way, mapped, f"not what the compiler does: {part}")
        if (way.knows_mapped if mapped else way.knows) and first[".o"] == alone[".o"]:
            self.fail(way, mapped, "the objects are the same in both folders: this way shows nothing")

    def run_all(self):
        ways = [way for way in WAYS if way.only in ("", self.arguments.compiler) and self.arguments.only in ("", way.name)]
        for way in ways:
            for folder in self.folders:
                self.write(folder, way)
        cases = [(way, mapped) for way in ways for mapped in (False, True)]
        try:
            effects = [self.first(way, mapped) for way, mapped in cases]
            self.folders[0].stop()  # all that it shares is there then
            for (way, mapped), effect in zip(cases, effects):
                self.second(way, mapped, effect)
        finally:
            for folder in self.folders:
                folder.stop()
        return len(cases)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--launcher", required=True)
    parser.add_argument("--helper", required=True)
    parser.add_argument("--compiler", choices=["gcc", "clang"], default="gcc")
    parser.add_argument("--root", default="/tmp/compiler-cache-folders")
    parser.add_argument("--only", default="")
    runner = Runner(parser.parse_args())
    count = runner.run_all()
    for failure in runner.failures:
        print("FAILED:", failure)
    print(f"{count} ways, {len(runner.failures)} not as expected")
    if not runner.failures:
        shutil.rmtree(runner.root, ignore_errors=True)
    return 1 if runner.failures else 0


if __name__ == "__main__":
    sys.exit(main())
