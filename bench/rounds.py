"""Builds, measured: cold, warm, with nothing to do, after an edit of a header and back, and back from another branch.

The caches take turns within each step, so that a disturbance of the machine meets all of them. A server's processor time counts
for its cache, also what it still does after the build has ended. What a cache served is checked, and that the objects are those
of the build without a cache."""

import hashlib
import os
import subprocess
import sys
import time

KINDS = ("cold", "warm", "no-op", "edited", "edited back", "branch back")
COMMENT = "\n/* An edit that changes no object. */\n"
DECLARATION = "\nextern int compiler_cache_bench_branch;\n"


def say(text):
    print(text, file=sys.stderr, flush=True)


def median(values):
    """Of an even number of values the lower middle one."""
    return sorted(values)[(len(values) - 1) // 2]


def cpu_of_process(pid):
    """Seconds of processor time of all threads so far, and of ended children (sccache's server runs the compiler)."""
    try:
        own = time.clock_gettime(~pid << 3 | 2)  # the kernel's clock of that process
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return own + (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")
    except OSError:
        return 0.0


def settled_cpu_of_process(pid):
    """The same, once the process has nothing more to do."""
    before, now = -1.0, cpu_of_process(pid)
    for _ in range(100):
        if now - before < 0.0005:
            break
        time.sleep(0.2)
        before, now = now, cpu_of_process(pid)
    return now


def run_measured(command, environment, log):
    """(wall, processor) seconds of a program and all that it started and waited for."""
    with open(log, "wb") as file:
        began = time.monotonic()
        child = subprocess.Popen(command, env=environment, stdout=file, stderr=file)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - began
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        with open(log, encoding="utf-8", errors="replace") as file:
            raise SystemExit(f"{' '.join(command)} failed:\n{file.read()[-3000:]}")
    return wall, usage.ru_utime + usage.ru_stime


class Edit:
    """Text at the end of files, for as long as it is applied."""

    def __init__(self, paths, age):
        self.paths, self.age, self.before = paths, age, {}

    def apply(self, text):
        for path in self.paths:
            with open(path, "rb") as file:
                self.before[path] = file.read()
            with open(path, "ab") as file:
                file.write(text.encode())
        time.sleep(self.age)

    def undo(self):
        for path, content in self.before.items():
            with open(path, "wb") as file:
                file.write(content)
        self.before = {}
        time.sleep(self.age)


class Rounds:
    """The measured builds of one project. `results[kind][cache]` is a list of (wall, processor) seconds."""

    def __init__(self, project, caches, jobs, kinds=KINDS):
        self.project, self.jobs = project, jobs
        self.edits, self.switches = "edited" in kinds or "edited back" in kinds, "branch back" in kinds
        self.caches = [cache for cache in caches if not project.leaves_out(cache)]
        self.results = {kind: {} for kind in KINDS}
        self.warnings = []
        self.memory = {}
        header = os.path.join(project.source, project.header)
        age = max(cache.edit_age_s() for cache in self.caches)
        self.edit, self.branch = Edit([header], age), Edit([header, *project.sources()], age)

    def build(self, cache, kind=None, all_hits=False):
        build = self.project.build(cache)
        server, misses = cache.server(build), cache.misses(build) if all_hits else 0
        before = cpu_of_process(server) if server else 0.0
        environment = {**os.environ, **cache.environment}
        wall, processor = run_measured(["ninja", "-C", build, f"-j{self.jobs}"], environment, f"{build}.log")
        now = cache.server(build)
        if now:  # one that the build itself started has spent all its time on it
            processor += settled_cpu_of_process(now) - (before if now == server else 0.0)
        if kind:
            self.results[kind].setdefault(cache.name, []).append((wall, processor))
        if all_hits and cache.misses(build) != misses:
            self.warn(f"{cache.name}: {cache.misses(build) - misses} misses in a build that should have none ({kind})")

    def warn(self, text):
        text = f"{self.project.name}: {text}"
        if text not in self.warnings:
            self.warnings.append(text)
            say("warning: " + text)

    def measure(self, slow, fast):
        """`slow` rounds compile, `fast` rounds are answered from the caches."""
        for number in range(slow):
            say(f"{self.project.name}: slow round {number + 1} of {slow}")
            self.slow_round()
        if self.switches:
            self.visit_branch(first=True)
        for number in range(fast):
            say(f"{self.project.name}: fast round {number + 1} of {fast}")
            self.fast_round()
        self.compare_objects()
        self.read_memory()

    def slow_round(self):
        for cache in self.caches:
            self.project.clean(cache)
            cache.empty(self.project.build(cache))
            self.build(cache, "cold")
        if self.edits:
            self.edit.apply(COMMENT)
            for cache in self.caches:
                if cache.name != "floor":  # which looks at no input
                    self.build(cache, "edited")
            self.edit.undo()
            for cache in self.caches:
                self.build(cache, "edited back", all_hits=cache.name != "none")
        for cache in self.caches:
            self.build(cache, "no-op")

    def with_cache(self):
        return [cache for cache in self.caches if cache.name != "none"]

    def visit_branch(self, first):
        """To another branch and back. The first time it is compiled; without a cache it is so each time, and once is enough."""
        caches = self.caches if first else self.with_cache()
        self.branch.apply(DECLARATION)
        for cache in caches:
            self.build(cache)
        self.branch.undo()
        for cache in caches:
            self.build(cache, None if first and cache.name != "none" else "branch back", all_hits=cache.name != "none")

    def fast_round(self):
        caches = self.with_cache()
        for cache in caches:
            self.project.clean(cache)
            self.build(cache, "warm", all_hits=True)
        for cache in caches:
            self.build(cache, "no-op")
        if self.edits:
            self.edit.apply(COMMENT)
            for cache in caches:
                self.build(cache)
            self.edit.undo()
            for cache in caches:
                self.build(cache, "edited back", all_hits=True)
        if self.switches:
            self.visit_branch(first=False)

    def objects(self, cache):
        found, build = {}, self.project.build(cache)
        for folder, folders, names in os.walk(build):
            folders[:] = [name for name in folders if name != ".compiler-cache"]
            for name in names:
                if name.endswith((".o", ".a")):
                    path = os.path.join(folder, name)
                    with open(path, "rb") as file:
                        found[os.path.relpath(path, build)] = hashlib.sha256(file.read()).digest()
        return found

    def compare_objects(self):
        known = {cache.name: self.objects(cache) for cache in self.caches}
        for name, objects in known.items():
            for path, digest in known.get("none", {}).items():
                if objects.get(path) != digest:
                    self.warn(f"{name}: {path} is not what the build without a cache made")

    def read_memory(self):
        """MiB of the caches' servers at the end."""
        for cache in self.caches:
            server = cache.server(self.project.build(cache))
            if server:
                with open(f"/proc/{server}/status", encoding="ascii") as file:
                    fields = dict(line.split(":", 1) for line in file)
                self.memory[cache.name] = {name: int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM", "RssAnon")}

    def medians(self, kind):
        """(wall, processor) seconds of each cache."""
        return {name: (median([wall for wall, _ in times]), median([cpu for _, cpu in times]))
                for name, times in self.results[kind].items()}

    def close(self):
        for cache in self.caches:
            cache.close(self.project.build(cache))
