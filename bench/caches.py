"""What is compared: no cache, CompilerCache, its rivals, and the floor (bench/floor.c). Each has a store of its own that the
benchmark empties; nothing of the user's is touched."""

import json
import os
import re
import shutil
import socket
import subprocess
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NAMES = ("none", "ours", "ccache", "sccache", "floor")


def output_of(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Cache:
    """No cache, and what the others have in common."""

    name = "none"

    def __init__(self, work):
        self.work = work
        self.environment = {}

    def missing(self):
        """Why this cache cannot be measured here, or nothing."""
        return ""

    def cmake_options(self):
        return []

    def command(self, build):
        """What stands in front of a compiler's command line in that tree."""
        del build
        return []

    def prepare(self, build, source):
        """Makes a tree that CMake did not configure fit for the cache."""

    def empty(self, build):
        """Forgets everything, in memory too."""

    def edit_age_s(self):
        """How old an edit must be for the cache to trust the file: that of a person at work always is."""
        return 0.05

    def server(self, build):
        """Process id of the cache's server, if it has one that runs."""

    def misses(self, build):
        """A count that stays the same in a build that is answered from the cache alone."""
        del build
        return 0

    def close(self, build):
        """The tree is not needed any longer."""


class Ours(Cache):
    name = "ours"
    programs = ("compiler-cache-launcher", "compiler-cache-helper")

    def __init__(self, work, build=""):
        super().__init__(work)
        self.of_build = build  # of CompilerCache itself, whose programs are taken; without, as users get them

    def bin(self, build):
        return os.path.join(build, ".compiler-cache", "bin")

    def helper(self, build, *arguments):
        return output_of(os.path.join(self.bin(build), self.programs[1]), *arguments, "--tree", build)

    def cmake_options(self):
        return [f"-DCMAKE_PROJECT_INCLUDE={ROOT}/bench/inject.cmake", f"-DCOMPILER_CACHE_SHARED_DIR={self.work}/store-ours"]

    def command(self, build):
        return [os.path.join(self.bin(build), self.programs[0])]

    def prepare(self, build, source):
        config = ("compiler-cache-config 1\n"
                  f"source_root={source}\nbuild_root={build}\nshared_dir=\nmax_size=5G\nidle_timeout=600\n")
        os.makedirs(self.bin(build))
        for program in self.programs:
            shutil.copy(self.find_program(program), self.bin(build))
        with open(os.path.join(build, ".compiler-cache", "config"), "w", encoding="utf-8") as file:
            file.write(config)

    def find_program(self, program):
        if self.of_build:
            return os.path.join(self.of_build, program.rpartition("-")[2], program)
        return os.path.join(self.programs_of_users(), program)

    def programs_of_users(self):
        """From a tree that the CMake module has set up."""
        tree = os.path.join(self.work, "programs")
        if not os.path.isdir(self.bin(tree)):
            source = os.path.join(self.work, "programs-source")
            os.makedirs(source)
            with open(os.path.join(source, "CMakeLists.txt"), "w", encoding="utf-8") as file:
                file.write("cmake_minimum_required(VERSION 3.21)\nproject(programs LANGUAGES C)\n")
            output_of("cmake", "-G", "Ninja", "-S", source, "-B", tree, *self.cmake_options())
        return self.bin(tree)

    def empty(self, build):
        self.helper(build, "stop")
        self.helper(build, "clear", "--shared")

    def server(self, build):
        return json.loads(self.helper(build, "status", "--json")).get("pid") or None

    def misses(self, build):
        total = json.loads(self.helper(build, "stats", "--json"))["total"]
        return total["misses"] + total["errors"] + total["bypassed"]

    def close(self, build):
        if os.path.isdir(self.bin(build)):
            self.helper(build, "stop")


class Launcher(Cache):
    """One that CMake's launcher variables are enough for."""

    def missing(self):
        return "" if shutil.which(self.name) else f"{self.name} is not installed (scripts/install-dependencies bench)"

    def cmake_options(self):
        return [f"-DCMAKE_{language}_COMPILER_LAUNCHER={self.name}" for language in ("C", "CXX")]

    def command(self, build):
        return [shutil.which(self.name)]

    def edit_age_s(self):
        return 1.1  # of what changed in the second in which it is compiled, not all is kept

    def version(self):
        return output_of(self.name, "--version").splitlines()[0]


class Ccache(Launcher):
    name = "ccache"

    def __init__(self, work):
        super().__init__(work)
        self.environment = {"CCACHE_DIR": f"{work}/store-ccache", "CCACHE_CONFIGPATH": f"{work}/ccache.conf"}

    def empty(self, build):
        subprocess.run(["ccache", "-C", "-z"], check=True, stdout=subprocess.DEVNULL, env={**os.environ, **self.environment})

    def misses(self, build):
        stats = output_of("ccache", "--print-stats", env={**os.environ, **self.environment})
        return int(re.search(r"^cache_miss\t(\d+)", stats, re.MULTILINE)[1])


class Sccache(Launcher):
    """Its server is started before a build, and does not count where it starts."""

    name = "sccache"

    def __init__(self, work):
        super().__init__(work)
        self.process = None
        self.port = free_port()
        self.environment = {"SCCACHE_DIR": f"{work}/store-sccache", "SCCACHE_CONF": f"{work}/sccache.conf",
                            "SCCACHE_SERVER_PORT": str(self.port), "SCCACHE_IDLE_TIMEOUT": "0"}

    def empty(self, build):
        self.close(build)
        shutil.rmtree(self.environment["SCCACHE_DIR"], ignore_errors=True)
        self.start()

    def start(self):
        environment = {**os.environ, **self.environment, "SCCACHE_START_SERVER": "1", "SCCACHE_NO_DAEMON": "1"}
        with open(f"{self.work}/sccache.log", "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(["sccache"], env=environment, stdout=log, stderr=log)
        for _ in range(200):
            with socket.socket() as client:
                if client.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise SystemExit(f"sccache's server does not start: see {self.work}/sccache.log")

    def server(self, build):
        return self.process.pid if self.process else None

    def misses(self, build):
        stats = output_of("sccache", "--show-stats", env={**os.environ, **self.environment})
        return int(re.search(r"^Cache misses +(\d+)$", stats, re.MULTILINE)[1])

    def close(self, build):
        if self.process:
            self.process.terminate()
            self.process.wait()
            self.process = None


class Floor(Cache):
    name = "floor"

    def __init__(self, work):
        super().__init__(work)
        self.program, self.store = f"{work}/floor", f"{work}/store-floor"

    def build_program(self):
        compiler = "musl-gcc" if shutil.which("musl-gcc") else "gcc"
        output_of(compiler, "-O2", "-static", f"{ROOT}/bench/floor.c", "-o", self.program)

    def cmake_options(self):
        options = []
        for language in ("C", "CXX"):
            for step in ("COMPILER", "LINKER"):
                options.append(f"-DCMAKE_{language}_{step}_LAUNCHER={self.program};{self.store}")
            options.append(f"-DCMAKE_{language}_CREATE_STATIC_LIBRARY={self.program} {self.store} "
                           "<CMAKE_AR> qc <TARGET> <LINK_FLAGS> <OBJECTS>")
        return options

    def command(self, build):
        return [self.program, self.store]

    def empty(self, build):
        if not os.path.exists(self.program):
            self.build_program()
        shutil.rmtree(self.store, ignore_errors=True)
        os.makedirs(self.store)


def make(names, work, build=""):
    """The caches of these names that can be measured here, and a line about each that cannot."""
    kinds = {kind.name: kind for kind in (Cache, Ours, Ccache, Sccache, Floor)}
    used, notes = [], []
    for name in names:
        cache = Ours(work, build) if name == "ours" else kinds[name](work)
        if cache.missing():
            notes.append(f"skipped: {cache.missing()}")
        else:
            used.append(cache)
    return used, notes
