"""Building: the tree whose compiles go through the cache, and the reference, which has none.

The reference must be built under the same name, since paths land in objects. So it runs in a mount namespace of its own, where
its folder lies over the build folder of the other; the tree under test stays outside. The reference is always made from
nothing; it is remembered by what it depends on (Workspace.key), so that switching back and forth costs nothing.
"""

import hashlib
import os
import re
import shutil
import signal
import subprocess

MARK = b"@edge@ "
FAILED = re.compile(rb"(?:\x1b\[31m)?FAILED: (?:\x1b\[0m)?(.*)")
LIMIT = 600  # seconds that no build may take
PRODUCTS_WITHOUT_A_FIXED_TEXT = (".gch", ".pch")  # GCC's differ from run to run, Clang's hold times
BOOKKEEPING = (".ninja_log", ".ninja_deps", ".ninja_lock", "CMakeFiles/CMakeOutput.log", "CMakeFiles/CMakeError.log")
CONFIGURE_EDGE = "Re-running CMake..."  # a restored CMakeLists.txt may be newer than what was made of the same text
OVERLAY = 'mount --bind "$1" "$2" && shift 2 && exec "$@"'


class Hang(Exception):
    """A build that does not end."""

    def kinds(self):
        return ["hang"]


class ConfigureFailed(Exception):
    """What the project is now cannot be configured, perhaps for a reason that has nothing to do with the cache."""


class Outcome:
    """What one build left behind."""

    def __init__(self):
        self.status = 0
        self.edges = {}   # what Ninja calls it -> what it printed
        self.failed = []  # the outputs of the edges that failed
        self.files = {}   # relative to the build folder -> digest
        self.deps = {}    # output -> what Ninja read from the depfile
        self.idle = True  # a second build would do nothing


def isolation():
    """The command that gives a process mounts of its own, or None where that is not permitted."""
    for command in (["unshare", "-m"], ["unshare", "-rm"]):
        try:
            if subprocess.run(command + ["mount", "--bind", "/tmp", "/tmp"], capture_output=True, check=False).returncode == 0:
                return command
        except OSError:
            return None
    return None


def clean_environment(root):
    kept = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
    return kept | {"LC_ALL": "C", "HOME": root, "TMPDIR": os.path.join(root, "tmp"), "NINJA_STATUS": MARK.decode(),
                   "CLICOLOR_FORCE": "1", "XDG_CACHE_HOME": os.path.join(root, "user-cache"),
                   "CCACHE_DIR": os.path.join(root, "ccache")}


class Tree:
    """One configured build folder. `path` is where it really is, ws.build what the build calls it."""

    def __init__(self, workspace, path, configure_options, prefix=()):
        self.ws = workspace
        self.path = path
        self.options = list(configure_options)
        self.prefix = list(prefix)
        self.configured = None
        self.compiler = None
        self.kept = set()  # files of the configure step
        self.environment = clean_environment(workspace.root)

    # ---- running

    def command(self, words):
        if not self.prefix:
            return list(words)
        os.makedirs(self.ws.build, exist_ok=True)
        return self.prefix + ["sh", "-c", OVERLAY, "sh", self.path, self.ws.build] + list(words)

    def configure(self, again=False):
        wanted = self.ws.project.configure_key(self.ws)
        if wanted == self.configured and not again:
            return
        before = self.all_files()
        self.configured = None
        words = ["cmake", "-S", self.ws.project.cmake_folder(self.ws), "-B", self.ws.build, "-G", "Ninja"]
        if self.compiler not in (None, self.ws.model["compiler"]):
            words.append("--fresh")
        os.makedirs(self.path, exist_ok=True)
        ran = subprocess.run(self.command(words + self.options + self.ws.project.configure_arguments(self.ws)),
                             env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=LIMIT, check=False)
        self.kept |= self.all_files() - before
        if ran.returncode != 0:
            raise ConfigureFailed(ran.stdout.decode(errors="replace"))
        self.configured = wanted
        self.compiler = self.ws.model["compiler"]
        return ran.stdout.decode(errors="replace")

    def ninja(self, *arguments, at_edge=None, jobs=2):
        """Builds; at_edge(count, process) is called after each finished edge. Returns status and output."""
        words = self.command(["ninja", "-C", self.ws.build, "-d", "keepdepfile", f"-j{jobs}", "-k", "0", *arguments])
        process = subprocess.Popen(words, env=self.environment | self.ws.environment(), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        previous = signal.signal(signal.SIGALRM, lambda *_: on_hang(process))
        signal.alarm(LIMIT)
        try:
            lines, count = [], 0
            for line in process.stdout:
                lines.append(line)
                if line.startswith(MARK):
                    count += 1
                    if at_edge:
                        at_edge(count, process)
            return process.wait(), b"".join(lines)
        finally:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, previous)

    def tool(self, *arguments):
        return subprocess.run(self.command(["ninja", "-C", self.ws.build, *arguments]), env=self.environment,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=LIMIT, check=False).stdout

    # ---- files

    def all_files(self):
        found = set()
        for folder, folders, names in os.walk(self.path):
            if folder == self.path and ".compiler-cache" in folders:
                folders.remove(".compiler-cache")
            found.update(os.path.relpath(os.path.join(folder, name), self.path) for name in names)
        return found

    def products(self):
        return {name for name in self.all_files() - self.kept if name not in BOOKKEEPING}

    def clean(self, with_tool=True):
        """Nothing that a build made is left, not even what Ninja does not know of."""
        if with_tool:
            self.tool("-t", "clean")
        for name in self.products():
            os.unlink(os.path.join(self.path, name))

    def wipe(self):
        shutil.rmtree(self.path, ignore_errors=True)
        if os.path.exists(self.path):  # a helper that still published into it
            shutil.rmtree(self.path)
        self.configured, self.compiler, self.kept = None, None, set()

    def digest(self, name):
        path = os.path.join(self.path, name)
        if name.endswith(PRODUCTS_WITHOUT_A_FIXED_TEXT):
            return "there"
        mode = oct(os.stat(path).st_mode)
        with open(path, "rb") as file:
            return mode + " " + hashlib.sha256(file.read()).hexdigest()

    # ---- looking

    def build(self, at_edge=None):
        outcome = Outcome()
        outcome.status, text = self.ninja(at_edge=at_edge)
        outcome.edges, outcome.failed = edges_of(text)
        outcome.files = {name: self.digest(name) for name in self.products()}
        outcome.deps = deps_of(self.tool("-t", "deps"))
        outcome.idle = outcome.status != 0 or b"no work to do" in self.tool("-n")
        return outcome


def on_hang(process):
    os.killpg(process.pid, signal.SIGKILL)
    raise Hang(f"a build did not end within {LIMIT} s")


def edges_of(text):
    """What each edge printed, without the command of those that failed; and the outputs of those."""
    edges, failed = {}, []
    for block in text.split(MARK)[1:]:
        lines = block.split(b"\n")
        name, kept, skip = lines[0].decode(errors="replace"), [], False
        for line in lines[1:]:
            if skip:
                skip = False  # the command: with a cache it begins with the launcher
            elif FAILED.match(line):
                failed.append(FAILED.match(line)[1].decode(errors="replace").strip())
                skip = True
            elif not line.startswith(b"ninja: "):
                kept.append(line)
        if name != CONFIGURE_EDGE:
            edges[name] = b"\n".join(kept)
    return edges, sorted(failed)


def deps_of(text):
    deps, current = {}, None
    for line in text.decode(errors="replace").split("\n"):
        match = re.match(r"(.*): #deps \d+, deps mtime -?\d+ \((\w+)\)", line)
        if match:
            current = match[1] if match[2] == "VALID" else None
            if current:
                deps[current] = []
        elif line.startswith("    ") and current:
            deps[current].append(line.strip())
    return deps


class Reference:
    """Builds without a cache, in a folder per compiler."""

    def __init__(self, workspace, prefix):
        self.ws = workspace
        self.prefix = prefix
        self.known = {}
        self.trees = {}
        self.made = 0

    def tree(self):
        compiler = self.ws.model["compiler"]
        if compiler not in self.trees:
            path = os.path.join(self.ws.root, "reference", compiler)
            self.trees[compiler] = Tree(self.ws, path, self.ws.project.fixed_options(), self.prefix)
        return self.trees[compiler]

    def outcome(self):
        key = self.ws.key()
        if key not in self.known:
            self.known[key] = self.make()
        return self.known[key]

    def make(self):
        """From nothing, whatever was there."""
        tree = self.tree()
        tree.clean(with_tool=False)
        for name in (".ninja_log", ".ninja_deps"):
            if os.path.exists(os.path.join(tree.path, name)):
                os.unlink(os.path.join(tree.path, name))
        tree.configure()
        self.made += 1
        return tree.build()
