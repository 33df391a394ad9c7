"""The cache under test: how a tree is configured for it, what it counts, and what can be done to it."""

import glob
import json
import os
import random
import shutil
import signal
import subprocess

PROGRAMS = """cmake_minimum_required(VERSION 3.21)
project(CompilerCache VERSION 0.0.1 LANGUAGES NONE)
foreach(name IN ITEMS launcher helper)
  add_custom_target(compiler-cache-${name} COMMAND "${CMAKE_COMMAND}" -E copy
    "${CMAKE_SOURCE_DIR}/${name}/compiler-cache-${name}" "${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/compiler-cache-${name}" VERBATIM)
endforeach()
"""


class NoCache:
    """To see that the fuzzer itself finds no difference where there is none."""
    name = "none"

    def __init__(self, root, build):
        self.root, self.build = root, build

    def options(self):
        return []

    def counts(self):
        """The figures since the tree was made or emptied, or None; and what is wrong with them, or None."""
        return None, None

    def folders(self):
        return []

    def store_files(self):
        found = []
        for top in self.folders():
            for folder, _, names in os.walk(top):
                found += [os.path.join(folder, name) for name in names]
        return sorted(found)

    def damage(self, how, seed):
        """how: delete, truncate (some files each), folder (one of them), shared (all that trees share)."""
        rng = random.Random(seed)
        files = self.store_files()
        if how in ("delete", "truncate"):
            for path in rng.sample(files, min(len(files), rng.randrange(1, 20))):
                try:
                    if how == "delete":
                        os.unlink(path)
                    else:
                        os.chmod(path, 0o600)
                        os.truncate(path, rng.randrange(os.path.getsize(path) + 1))
                except OSError:
                    pass  # gone meanwhile
        elif self.folders():
            shutil.rmtree(rng.choice(self.folders()) if how == "folder" else self.folders()[-1], ignore_errors=True)

    def disturb(self, what):
        pass

    def processes(self):
        return []

    def end(self):
        """Stops what runs; returns what is left behind, as a sentence, or None."""


class Ccache(NoCache):
    name = "ccache"

    def options(self):
        return ["-DCMAKE_C_COMPILER_LAUNCHER=ccache", "-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"]

    def folders(self):
        return [os.path.join(self.root, "ccache")]

    def counts(self):
        text = subprocess.run(["ccache", "--print-stats"], capture_output=True, check=False,
                              env=os.environ | {"CCACHE_DIR": self.folders()[0]}).stdout.decode()
        figures = dict(line.split("\t") for line in text.splitlines() if "\t" in line)
        hits = int(figures.get("direct_cache_hit", 0)) + int(figures.get("preprocessed_cache_hit", 0))
        return {"hits": hits, "misses": int(figures.get("cache_miss", 0))}, None


class Ours(NoCache):
    name = "ours"

    def __init__(self, root, build, repository, launcher, helper):
        super().__init__(root, build)
        self.module = os.path.join(repository, "cmake", "CompilerCache.cmake")
        self.programs = os.path.join(root, "programs")
        self.store = os.path.join(root, "store")
        for name, program in (("launcher", launcher), ("helper", helper)):
            os.makedirs(os.path.join(self.programs, name))
            os.symlink(os.path.realpath(program), os.path.join(self.programs, name, "compiler-cache-" + name))
        with open(os.path.join(self.programs, "CMakeLists.txt"), "w", encoding="utf-8") as file:
            file.write(PROGRAMS)
        self.environment = {"PATH": os.environ["PATH"], "HOME": root}

    def options(self):
        return [f"-DCMAKE_PROJECT_INCLUDE={self.module}", f"-D_compiler_cache_source_root={self.programs}",
                f"-DCOMPILER_CACHE_SHARED_DIR={self.store}"]

    def tree(self):
        return os.path.join(self.build, ".compiler-cache")

    def folders(self):
        return [os.path.join(self.tree(), "objects"), os.path.join(self.tree(), "sessions"), self.store]

    def run(self, *words):
        program = os.path.join(self.tree(), "bin", "compiler-cache-helper")
        if not os.path.exists(program):
            return None
        return subprocess.run([program, *words, "--tree", self.build], env=self.environment, capture_output=True, timeout=60,
                              check=False)

    def counts(self):
        ran = self.run("stats", "--json")
        if ran is None:
            return None, "no helper program in the tree"
        if ran.returncode != 0:
            return None, "stats failed: " + ran.stderr.decode(errors="replace")
        stats = json.loads(ran.stdout)
        for part in ("total", "last_build"):
            counts = stats[part]
            outcomes = sum(counts[name] for name in ("hits", "misses", "uncacheable", "errors", "bypassed"))
            if outcomes != counts["requests"]:
                return None, f"the outcomes of {part} do not add up: {ran.stdout.decode()}"
        return stats["total"], None

    def processes(self):
        """Helpers of this tree only: by their program's path."""
        found = []
        for path in glob.glob("/proc/[0-9]*/cmdline"):
            try:
                with open(path, "rb") as file:
                    program = file.read().split(b"\0")[0].decode(errors="replace")
            except OSError:
                continue
            if program.startswith(self.build + "/") and program.endswith("/compiler-cache-helper"):
                found.append(int(path.split("/")[2]))
        return found

    def signal(self, number):
        for process in self.processes():
            try:
                os.kill(process, number)
            except ProcessLookupError:
                pass

    def disturb(self, what):
        if what in ("stop", "clear"):
            self.run(what)
        else:
            self.signal({"kill": signal.SIGKILL, "freeze": signal.SIGSTOP, "thaw": signal.SIGCONT, "end": signal.SIGTERM}[what])

    def end(self):
        self.disturb("thaw")
        self.run("stop")
        left = self.processes()
        self.signal(signal.SIGKILL)
        return f"still running after stop: helper {left}" if left else None
