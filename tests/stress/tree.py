"""One build tree with its helper, and the objects that the compiler alone would have made in it."""

import hashlib
import json
import os
import random
import shlex
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "differential"))
import caches  # noqa: E402  pylint: disable=wrong-import-position

LIMIT = 300  # seconds that no command may take
JOBS = 2


class Wrong(Exception):
    """A promise that was not kept."""


class Tree:
    def __init__(self, root, name, checkout, options, generator, programs):
        self.path = os.path.join(root, name)
        self.checkout = checkout
        self.busy = False
        self.options = ["-G", generator] + options
        self.cache = caches.Ours(root, self.path, *programs)
        self.environment = {"PATH": os.environ["PATH"], "HOME": root, "TMPDIR": os.path.join(root, "tmp"), "LC_ALL": "C"}
        self.limit = None
        self.known = {}    # (object, sources) -> digest of what the compiler alone makes
        self.figures = {}  # what the cache has counted, over all lives of the tree
        self.last = {}

    # ---- building

    def run(self, words, may_fail=False, interrupt_after=None):
        process = subprocess.Popen(words, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, start_new_session=True)
        try:
            text = process.communicate(timeout=interrupt_after or LIMIT)[0]
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGINT if interrupt_after else signal.SIGKILL)
            text = process.communicate(timeout=LIMIT)[0]
            if not interrupt_after:
                raise Wrong(f"{words} did not end within {LIMIT} s") from None
        if process.returncode != 0 and not may_fail:
            raise Wrong(f"{words} failed:\n{text.decode(errors='replace')[-4000:]}")

    def configure(self):
        options = self.options + self.cache.options()
        if self.limit:
            options.append(f"-DCOMPILER_CACHE_MAX_SIZE={self.limit}")
        self.run(["cmake", "-S", self.checkout.folder, "-B", self.path] + options)

    def build(self, **how):
        if not os.path.exists(os.path.join(self.path, "CMakeCache.txt")):
            self.configure()
        self.run(["cmake", "--build", self.path, f"-j{JOBS}"], **how)

    def clean(self):
        if os.path.exists(self.path):
            self.run(["cmake", "--build", self.path, "--target", "clean"])

    def wipe(self):
        """As a person does it, who does not stop the helper before."""
        self.count()
        self.last = {}
        shutil.rmtree(self.path, ignore_errors=True)
        if os.path.exists(self.path):
            shutil.rmtree(self.path)

    # ---- looking

    def count(self):
        """Adds up what was counted since the last time; less than then means that the cache forgot it, being killed."""
        if not os.path.exists(self.path):
            return
        counts, problem = self.cache.counts()
        if problem:
            raise Wrong(f"{self.path}: {problem}")
        for name in ("requests", "hits", "misses", "uncacheable", "errors", "bypassed"):
            now, last = counts[name], self.last.get(name, 0)
            self.figures[name] = self.figures.get(name, 0) + (now - last if now >= last else 0)
            self.last[name] = now

    def commands(self):
        with open(os.path.join(self.path, "compile_commands.json"), encoding="utf-8") as file:
            for entry in json.load(file):
                words = shlex.split(entry["command"])
                yield words, words.index("-o") + 1

    def check_objects(self, rng, count=None):
        """Some objects, or all, against those of the compiler alone. Returns how many."""
        commands = list(self.commands())
        chosen = commands if count is None else rng.sample(commands, min(len(commands), count))
        sources = self.checkout.digest()
        for words, at in chosen:
            name = words[at]
            if (name, sources) not in self.known:
                self.known[name, sources] = self.reference(words, at)
            if digest(os.path.join(self.path, name)) != self.known[name, sources]:
                raise Wrong(f"another object than the compiler's: {self.path}/{name}")
        return len(chosen)

    def reference(self, words, at):
        output = os.path.join(self.environment["TMPDIR"], f"{os.path.basename(self.path)}-{random.getrandbits(48):x}.o")
        ran = subprocess.run(words[:at] + [output] + words[at + 1:], cwd=self.path, env=self.environment, capture_output=True,
                             timeout=LIMIT, check=False)
        if ran.returncode != 0:
            raise Wrong(f"the reference does not compile: {words}\n{ran.stderr.decode(errors='replace')}")
        found = digest(output)
        os.unlink(output)
        return found

    def files(self):
        """Everything in the tree but the cache's own folder and what CMake writes while it configures."""
        found = set()
        for folder, folders, names in os.walk(self.path):
            if folder == self.path:
                folders.remove(".compiler-cache")
            found |= {os.path.relpath(os.path.join(folder, name), self.path) for name in names}
        return {name for name in found if not name.startswith(("CMakeFiles/3.", "CMakeFiles/CMakeTmp/", "CMakeFiles/_CMakeLTO"))}


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()
