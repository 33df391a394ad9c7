"""A folder in which one case plays: sources, a compiler, an environment, and a command that is run again and again,
through the cache and without it."""

import contextlib
import itertools
import os
import shutil
import subprocess
import time

REAL = {"gcc": ("gcc", "g++"), "clang": ("clang", "clang++"), "clang-cl": ("clang", "clang")}
WITH_VALUE = ("-MF", "-MT", "-MQ", "-isystem", "-iquote", "-idirafter", "-include", "-imacros")
OUTPUTS = ("a.o", "a.d")
REPEATS = 4
PAST_NS = 1_600_000_000_000_000_000


class Skip(Exception):
    pass


def beside_clang():
    """clang-cl is where Clang is, but not always in the path."""
    clang = shutil.which(REAL["clang"][0])
    return clang and shutil.which(os.path.join(os.path.dirname(os.path.realpath(clang)), "clang-cl"))


def in_msvc_dialect(command):
    """The same for clang-cl: what it has no words for, Clang's own options, is handed through. Without a time in the
    object."""
    words, translated = iter(command[1:]), [command[0], "/Brepro"]
    for word in words:
        if word == "-o":
            translated.append("/Fo" + next(words))
        elif word in WITH_VALUE:
            translated += ["/clang:" + word, "/clang:" + next(words)]
        elif word == "-c" or word.startswith(("-I", "-D", "-W", "-clang:", "/", "@")) or not word.startswith("-"):
            translated.append(word)
        else:
            translated.append("/clang:" + word)
    return translated


class Scene:
    def __init__(self, folder, kind):
        self.folder, self.kind = folder, kind
        os.makedirs(folder)
        c, cxx = (shutil.which(name) for name in REAL[kind]) if kind != "clang-cl" else (beside_clang(), beside_clang())
        if not cxx:
            raise Skip(f"{kind} is not installed")
        self.c, self.cxx = c, cxx
        self.archiver = shutil.which("ar")
        self.command = []
        self.step = []  # what stands between a cache and a command that is no compile, where the cache knows such
        self.cwd = folder
        self.environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "HOME": folder}
        self.outputs = list(OUTPUTS)
        self.required = []  # files that the compiler must leave, or the case is no case
        self.once = None  # called just before the first compile through the cache
        self.repeats = True  # the first compile is repeated: then it should be a hit
        self.same_result = False  # the change makes no difference to the compiler
        self.modes_count = False  # whether outputs must have the modes that the compiler gives them
        self.by_the_clock = False  # results differ from second to second

    # ---- setting

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text, mode=None):
        """As an editor does it, long ago by its time stamp."""
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
        with open(path, "w" if isinstance(text, str) else "wb") as file:
            file.write(text)
        if mode:
            os.chmod(path, mode)
        os.utime(path, ns=(PAST_NS, PAST_NS))

    def overwrite(self, name, text):
        """In place, in the same inode."""
        with open(self.path(name), "r+", encoding="utf-8") as file:
            file.write(text)
            file.truncate()
        os.utime(self.path(name), ns=(PAST_NS, PAST_NS))

    def source(self, text, *arguments, name="a.c", compiler=None):
        self.write(name, text)
        driver = compiler or (self.c if name.endswith(".c") else self.cxx)
        self.command = [driver, *arguments, "-MD", "-MF", "a.d", "-c", name, "-o", "a.o"]

    def archive(self, command):
        """What makes the library a.a. Without a cache, the scene has removed the old one."""
        if not self.archiver:
            raise Skip("ar is not installed")
        self.command = command
        self.step = ["--archive", "a.a", ":"]
        self.outputs = ["a.a"]
        self.required = ["a.a"]

    def without_depfile(self):
        words = iter(self.command)
        self.command = [word for word in words if word not in ("-MD", "-MF") or (word == "-MF" and not next(words))]

    def make(self, *command):
        """Something that the case needs; not through the cache."""
        done = subprocess.run(command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Skip(f"cannot prepare: {' '.join(command)}: {done.stderr.strip()[:200]}")

    def program(self, name, text, *arguments):
        """A program from C, with a time stamp of long ago: as from a package."""
        self.write(name + ".src.c", text)
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
        self.make(REAL["gcc"][0], "-O1", "-o", name, name + ".src.c", *arguments)
        os.utime(path, ns=(PAST_NS, PAST_NS))

    # ---- running

    def run(self, cache):
        """Exit status, output and files of the command as it is now."""
        for name in self.outputs:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self.path(name))
        environment = {**self.environment, **(cache.environment if cache else {})}
        # A shell would set it; a case that is about it has done so.
        environment.setdefault("PWD", self.cwd)
        command = in_msvc_dialect(self.command) if self.kind == "clang-cl" else self.command
        prefix = cache.prefix_of(self.step) if cache else []
        done = subprocess.run([*prefix, *command], cwd=self.cwd, env=environment,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False)
        files = {}
        for name in self.outputs:
            with contextlib.suppress(FileNotFoundError):
                with open(self.path(name), "rb") as file:
                    files[name] = (file.read(), oct(os.fstat(file.fileno()).st_mode) if self.modes_count else "")
        return done.returncode, done.stdout, done.stderr, files

    def both(self, cache):
        """Without and with the cache, within one second where that counts."""
        for _ in range(5):
            begin = int(time.time())
            plain, cached = self.run(None), self.run(cache)
            if not self.by_the_clock or int(time.time()) == begin:
                return plain, cached
        raise Skip("a compile takes longer than a second")


def wait_for_the_next_second():
    begin = int(time.time())
    while int(time.time()) == begin:
        time.sleep(0.01)


def judge(plain, cached):
    """right, WRONG: what differs, or broken build."""
    if plain[0] == 0 and cached[0] != 0:
        return f"broken build: {cached[2].decode(errors='replace').strip()[:200]}"
    if plain == cached:
        return "right"
    differing = [what for what, a, b in zip(("exit status", "stdout", "stderr"), plain, cached) if a != b]
    differing += [name for name in plain[3].keys() | cached[3].keys() if plain[3].get(name) != cached[3].get(name)]
    return "WRONG: other " + ", ".join(sorted(differing))


def difference(plain, cached):
    """For people: what the compiler gives alone and what came through the cache, where they differ and can be read."""
    lines = []
    for what, a, b in zip(("exit status", "stdout", "stderr"), plain, cached):
        if a != b:
            lines += [f"  {what}, compiler alone: {a!r:.600}", f"  {what}, with the cache:  {b!r:.600}"]
    for name in sorted(plain[3].keys() | cached[3].keys()):
        (a, mode), (b, other) = plain[3].get(name, (b"", "none")), cached[3].get(name, (b"", "none"))
        if mode != other:
            lines.append(f"  {name}: mode {mode}, with the cache {other}")
        if a != b:
            lines.append(f"  {name}: {len(a)} bytes, with the cache {len(b)}")
            if name.endswith(".d"):
                lines += [f"    compiler alone: {a!r:.600}", f"    with the cache:  {b!r:.600}"]
    return "\n".join(lines)


class Judge:
    """Compares, and remembers what the last difference was."""

    def __init__(self):
        self.detail = ""

    def verdict(self, plain, cached):
        self.detail = difference(plain, cached)
        return judge(plain, cached)


def play(case, scene, cache, judge):
    """The verdict, and whether the cache had cached anything at all. Of the changes that the case makes, the first that a
    cache gets wrong decides."""
    acts = case(scene)
    next(acts)
    before = scene.run(None)
    if before[0] != 0:
        raise Skip(f"the compiler itself fails: {before[2].decode(errors='replace').strip()[:300]}")
    missing = [name for name in scene.required if name not in before[3]]
    if missing:
        return "broken test: the compiler does not write " + ", ".join(missing), False
    if scene.once:
        scene.once()
    first = scene.run(cache)
    cached = False
    if scene.repeats:
        if not scene.by_the_clock and judge.verdict(before, first) != "right":
            return judge.verdict(before, first) + " (at first)", cached
        # What was written a moment ago may rightly not be kept at first.
        for _ in range(REPEATS):
            hits = cache.hits()
            again = scene.run(cache)
            if not scene.by_the_clock and judge.verdict(before, again) != "right":
                return judge.verdict(before, again) + " (when repeated)", cached
            cached = cache.hits() > hits
            if cached:
                break
    # A generator makes its last change when it ends: that one is judged as well.
    for _ in itertools.chain(acts, ("the last",)):
        plain, now = scene.both(cache)
        if not scene.same_result and plain == before:
            return "broken test: the change makes no difference to the compiler", cached
        verdict = judge.verdict(plain, now)
        if verdict != "right":
            return verdict, cached
    return "right", cached
