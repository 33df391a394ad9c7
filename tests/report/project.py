"""A build tree with a history: a few sources, one of them with a name that a careless page would run, built by Ninja
through the launcher, cold, from the cache, and after an edit."""

import json
import os
import shutil
import subprocess

PATIENCE_S = 120
ENVIRONMENT = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C"}
EVIL = b"<\x2fscript><img src=x onerror=window.hacked=1>&lt;\xff.cpp"
UNITS = 8


class Project:
    def __init__(self, root, launcher, helper):
        self.root = os.path.abspath(root)
        shutil.rmtree(self.root, ignore_errors=True)
        self.source, self.build = os.path.join(self.root, "source"), os.path.join(self.root, "build")
        own = os.path.join(self.build, ".compiler-cache")
        os.makedirs(os.path.join(own, "bin"))
        os.makedirs(self.source)
        self.helper = os.path.join(own, "bin", "compiler-cache-helper")
        shutil.copy(launcher, os.path.join(own, "bin", "compiler-cache-launcher"))
        shutil.copy(helper, self.helper)
        with open(os.path.join(own, "config"), "w", encoding="utf-8") as file:
            file.write(f"compiler-cache-config 1\nsource_root={self.source}\nbuild_root={self.build}\n"
                       f"shared_dir={self.root}/store\nmax_size=1G\nidle_timeout=600\n")
        self.header("shared.h", 1)
        self.header("some.h", 1)
        self.units = [f"unit{n}.cpp".encode() for n in range(UNITS)] + [EVIL]
        for number, unit in enumerate(self.units):
            path = os.path.join(self.source.encode(), unit)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                some = f'#include "{self.source}/some.h"\n' if number < 3 else ""
                when = "const char* when() { return __TIME__; }\n" if number == 5 else ""
                file.write(f'#include "{self.source}/shared.h"\n{some}int unit{number}() {{ return SHARED; }}\n{when}')
        self.rules("-O0")

    def header(self, name, value):
        with open(os.path.join(self.source, name), "w", encoding="utf-8") as file:
            file.write(f"#define {name.split('.', maxsplit=1)[0].upper()} {value}\n")

    def rules(self, flags):
        def quoted(path):
            return path.replace(b"$", b"$$").replace(b" ", b"$ ").replace(b":", b"$:")
        lines = [b"rule cxx", b"  command = .compiler-cache/bin/compiler-cache-launcher g++ " + flags.encode() +
                 b" -MD -MF $out.d -c $in -o $out", b"  depfile = $out.d", b"  deps = gcc"]
        for number, unit in enumerate(self.units):
            lines.append(b"build " + f"{number}.o".encode() + b": cxx " + quoted(self.source.encode() + b"/" + unit))
        with open(os.path.join(self.build, "build.ninja"), "wb") as file:
            file.write(b"\n".join(lines) + b"\n")

    def ninja(self, *arguments):
        done = subprocess.run(["ninja", "-j2", *arguments], cwd=self.build, env=ENVIRONMENT, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=PATIENCE_S, check=False)
        if done.returncode != 0:
            raise RuntimeError(done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace"))

    def run(self, subcommand, *arguments):
        return subprocess.run([self.helper, subcommand, "--tree", self.build, *arguments], env=ENVIRONMENT,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE_S, check=True).stdout.decode()

    def json(self, subcommand):
        return json.loads(self.run(subcommand, "--json"))

    def make_history(self):
        """The last build: three misses by a header, hits, and one that cannot be cached."""
        self.ninja()
        self.ninja("-t", "clean")
        self.ninja()
        self.header("some.h", 2)
        self.ninja("-t", "clean")
        self.ninja()

    def stop(self):
        subprocess.run([self.helper, "stop", "--tree", self.build], env=ENVIRONMENT, stdin=subprocess.DEVNULL,
                       capture_output=True, timeout=PATIENCE_S, check=False)
