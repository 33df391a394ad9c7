"""A build tree of a few C files without a build tool: compiles are made one by one through the launcher, and what comes out
is compared with what the compiler makes without us."""

import json
import os
import shutil
import subprocess
import time

UNITS = ("a", "b", "c")
PATIENCE_S = 60
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C"}


class Wrong(Exception):
    pass


class Tree:
    def __init__(self, root, launcher, helper, name="build"):
        self.root = os.path.abspath(root)
        self.source, self.store = os.path.join(self.root, "source"), os.path.join(self.root, "store")
        self.build = os.path.join(self.root, name)
        self.own = os.path.join(self.build, ".compiler-cache")
        self.programs = launcher, helper
        self.launcher = os.path.join(self.own, "bin", "compiler-cache-launcher")
        self.helper = os.path.join(self.own, "bin", "compiler-cache-helper")
        self.compiler = shutil.which("gcc", path=ENVIRONMENT["PATH"])
        self.expected = {}
        self.generation = 0
        os.makedirs(self.source, exist_ok=True)
        self.write_sources()
        self.make()

    def make(self):
        shutil.rmtree(self.build, ignore_errors=True)
        os.makedirs(os.path.dirname(self.launcher))
        for program, path in zip(self.programs, (self.launcher, self.helper)):
            shutil.copy(program, path)
        with open(os.path.join(self.own, "config"), "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(f"compiler-cache-config 1\nsource_root={self.source}\nbuild_root={self.build}\n"
                       f"shared_dir={self.store}\nmax_size=1G\nidle_timeout=600\n")

    def write_sources(self):
        """Another content each time; a warning, so that there is something to replay."""
        self.generation += 1
        with open(os.path.join(self.source, "shared.h"), "w", encoding="utf-8") as file:
            file.write(f"#define GENERATION {self.generation}\n")
        for unit in UNITS:
            with open(os.path.join(self.source, unit + ".c"), "w", encoding="utf-8") as file:
                file.write(f'#include "shared.h"\nint {unit}(void) {{ int unused; return GENERATION; }}\n')
        os.makedirs(os.path.join(self.root, "expected"), exist_ok=True)
        os.makedirs(self.build, exist_ok=True)
        for unit in UNITS:
            self.expect(unit)

    def expect(self, unit):
        """What the compiler makes of it now."""
        self.clean()
        done = self.run(self.command(unit))
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        self.expected[unit] = (self.outputs(unit), done.stderr)
        self.clean()

    def command(self, unit):
        return [self.compiler, "-Wall", "-g", "-MD", "-MF", unit + ".d", "-c", os.path.join(self.source, unit + ".c"),
                "-o", unit + ".o"]

    def run(self, argv, **more):
        return subprocess.run(argv, cwd=self.build, env={**ENVIRONMENT, **more.pop("env", {})}, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", errors="surrogateescape",
                              timeout=PATIENCE_S, check=False, **more)

    def outputs(self, unit):
        found = []
        for name in (unit + ".o", unit + ".d"):
            try:
                with open(os.path.join(self.build, name), "rb") as file:
                    found.append(file.read())
            except FileNotFoundError:
                found.append(None)
        return found

    def clean(self):
        for name in os.listdir(self.build):
            if name != ".compiler-cache":
                os.unlink(os.path.join(self.build, name))

    def check(self, unit, done, what, heard=True):
        """It ended as the compiler would have, and left what that would have left."""
        outputs, said = self.expected[unit]
        if done.returncode != 0:
            raise Wrong(f"{what}: {unit} ended with {done.returncode}: {done.stderr}")
        if self.outputs(unit) != outputs:
            raise Wrong(f"{what}: other outputs of {unit}")
        if heard and done.stderr != said:
            raise Wrong(f"{what}: {unit} said: {done.stderr}")
        strange = sorted(set(os.listdir(self.build)) - {".compiler-cache"} -
                         {one + end for one in UNITS for end in (".o", ".d")})
        if strange:
            raise Wrong(f"{what}: left behind: {strange}")

    def compile_all(self, what, **more):
        self.clean()
        for unit in UNITS:
            self.check(unit, self.run([self.launcher, *self.command(unit)], **more), what)

    # ---- the helper

    def stop(self):
        """Asked again, since the call that fails may be the one that hears of it."""
        def is_gone():
            self.run([self.helper, "stop", "--tree", self.build])
            return not self.helpers()
        self.wait(is_gone, "the helper to end")

    def helpers(self):
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    words = file.read().split(b"\0")
            except OSError:
                continue
            if words[0] == os.fsencode(self.helper) and b"serve" in words:
                found.append(int(pid))
        return found

    def unstall(self):
        """Launchers leave a helper alone for some seconds after a bad experience; a test does not wait for that."""
        try:
            os.unlink(os.path.join(self.own, "stalled"))
        except FileNotFoundError:
            pass

    def stats(self):
        done = self.run([self.helper, "stats", "--tree", self.build, "--json"])
        if done.returncode != 0:
            raise Wrong(f"no statistics: {done.stderr}")
        total = json.loads(done.stdout)["total"]
        if total["requests"] != sum(total[part] for part in ("hits", "misses", "uncacheable", "errors", "bypassed")):
            raise Wrong(f"the outcomes do not add up: {total}")
        return total

    def expect_good_cache(self, what):
        """With nothing wrong any more: at most one round of compiles, and then all is hit."""
        self.unstall()
        self.compile_all(what + ", afterwards")
        before = self.stats()
        self.compile_all(what + ", in the end")
        after = self.stats()
        if after["hits"] - before["hits"] != len(UNITS):
            raise Wrong(f"{what}: the cache is of no use afterwards: {before} {after}")

    @staticmethod
    def wait(condition, what):
        end = time.monotonic() + PATIENCE_S
        while not condition():
            if time.monotonic() > end:
                raise Wrong(f"waited in vain for {what}")
            time.sleep(0.005)
