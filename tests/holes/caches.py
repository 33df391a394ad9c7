"""The caches that can be put in front of a compiler: ours, ccache, ccache in depend mode, sccache, none, and one that is wrong
on purpose.

Each is fresh, with its default configuration, and lives in a folder of its own."""

import ctypes
import json
import os
import shutil
import socket
import subprocess
import sys


PR_SET_NAME = 15


class Missing(Exception):
    pass


class NoCache:
    name = "none"
    prefix = []
    environment = {}

    def __init__(self, folder, scene):
        os.makedirs(folder)

    def hits(self):
        return 0

    def prefix_of(self, step):
        """What is put in front of a command; `step`: the words by which ours is told that it is no compile. Most caches know
        compiles only."""
        return [] if step else self.prefix

    def stop(self):
        pass

    @classmethod
    def version(cls):
        return ""


class Ours(NoCache):
    name = "ours"
    programs = ()  # launcher and helper

    def __init__(self, folder, scene):
        super().__init__(folder, scene)
        # A configured build tree, as the CMake module leaves it.
        self.scene = scene
        tree = scene + "/.compiler-cache"
        os.makedirs(tree + "/bin")
        for program, name in zip(self.programs, ("launcher", "helper")):
            shutil.copy(program, f"{tree}/bin/compiler-cache-{name}")
        with open(tree + "/config", "w", encoding="utf-8") as text:
            text.write(f"compiler-cache-config 1\nsource_root={scene}\nbuild_root={scene}\nshared_dir={folder}/shared\n"
                       "idle_timeout=60\n")
        # Each call is a build of its own: a shell that goes by the name of a build tool.
        os.symlink("/bin/sh", folder + "/ninja")
        self.prefix = [folder + "/ninja", "-c", '"$@"; exit $?', "ninja", tree + "/bin/compiler-cache-launcher"]

    def play_all_in_one_build(self):
        """This process goes by the name of a build tool from now on, and every call is part of its build."""
        ctypes.CDLL(None).prctl(PR_SET_NAME, b"ninja")
        os.chdir(self.scene)
        self.prefix = self.prefix[-1:]

    def helper(self, *words):
        done = subprocess.run([self.scene + "/.compiler-cache/bin/compiler-cache-helper", *words, "--tree", self.scene],
                              capture_output=True, text=True, check=True)
        return done.stdout

    def prefix_of(self, step):
        return [*self.prefix, *step]

    def hits(self):
        total = json.loads(self.helper("stats", "--json"))["total"]
        return total["hits"] + total["archives"]["hits"]

    def stop(self):
        self.helper("stop")


class Ccache(NoCache):
    name = "ccache"
    prefix = ["ccache"]
    depend = False

    def __init__(self, folder, scene):
        super().__init__(folder, scene)
        if not shutil.which("ccache"):
            raise Missing("ccache is not installed")
        self.environment = {"CCACHE_DIR": folder + "/cache", "CCACHE_CONFIGPATH": folder + "/none"}
        if self.depend:
            self.environment["CCACHE_DEPEND"] = "1"

    def hits(self):
        text = subprocess.run(["ccache", "--print-stats"], env={**os.environ, **self.environment}, capture_output=True,
                              text=True, check=True).stdout
        return sum(int(line.split()[1]) for line in text.splitlines()
                   if line.split()[0] in ("direct_cache_hit", "preprocessed_cache_hit"))

    @classmethod
    def version(cls):
        return subprocess.run(["ccache", "--version"], capture_output=True, text=True, check=True).stdout.split()[2]


class CcacheDepend(Ccache):
    name = "ccache-depend"
    depend = True


class Sccache(NoCache):
    name = "sccache"
    prefix = ["sccache"]

    def __init__(self, folder, scene):
        super().__init__(folder, scene)
        if not shutil.which("sccache"):
            raise Missing("sccache is not installed")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.environment = {"SCCACHE_DIR": folder + "/cache", "SCCACHE_SERVER_PORT": str(port),
                            "SCCACHE_IDLE_TIMEOUT": "120", "SCCACHE_CONF": folder + "/none"}
        # From outside of the scene: a server that the first compile starts would have its environment.
        self.tool("--start-server")

    def tool(self, *words):
        # Not a pipe: the server would keep it open.
        with open("/dev/null", "w", encoding="utf-8") as nothing:
            return subprocess.run(["sccache", *words], env={**os.environ, **self.environment}, stdout=nothing,
                                  stderr=nothing, check=False)

    def hits(self):
        text = subprocess.run(["sccache", "--show-stats", "--stats-format=json"],
                              env={**os.environ, **self.environment}, capture_output=True, text=True,
                              check=True).stdout
        return sum(json.loads(text)["stats"]["cache_hits"]["counts"].values())

    def stop(self):
        self.tool("--stop-server")

    @classmethod
    def version(cls):
        return subprocess.run(["sccache", "--version"], capture_output=True, text=True, check=True).stdout.split()[1]


class AlwaysFirst(NoCache):
    name = "always-first"

    def __init__(self, folder, scene):
        super().__init__(folder, scene)
        self.store = folder
        program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "always_first.py")
        # Isolated: what the environment of a case says is not for this program.
        self.prefix = [sys.executable, "-I", program, folder]

    def prefix_of(self, step):
        return self.prefix

    def hits(self):
        try:
            return os.path.getsize(self.store + "/hits")
        except FileNotFoundError:
            return 0


ALL = {cache.name: cache for cache in (Ours, Ccache, CcacheDepend, Sccache, NoCache, AlwaysFirst)}
