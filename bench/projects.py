"""What is built: real projects from the distribution's source packages, and a generated large one."""

import os
import shutil
import subprocess

import generated
from caches import ROOT


class Project:
    """A source folder that all caches share, and a build tree for each of them.

    Edits: `header`, which much includes, and `switched`, a share of the sources, which with the header make the other branch."""

    def __init__(self, name, about, header):
        self.name, self.about, self.header = name, about, header
        self.work = self.source = ""

    def build(self, cache):
        return os.path.join(self.work, "build-" + cache.name)

    def fetch(self, work):
        self.work, self.source = work, os.path.join(work, "source")

    def leaves_out(self, cache):
        """Why a cache is not measured with this project, or nothing."""
        del cache
        return ""

    def sources(self):
        """The sources of the other branch: every third."""
        found = []
        for folder, _, names in os.walk(self.source):
            found += [os.path.join(folder, name) for name in names if name.endswith((".cc", ".c", ".cpp"))]
        return sorted(found)[::3]


class Package(Project):
    def __init__(self, name, about, header, settings):
        super().__init__(name, about, header)
        self.settings = settings

    def fetch(self, work):
        super().fetch(work)
        subprocess.run([f"{ROOT}/scripts/fetch-source", self.name, self.source], check=True)

    def configure(self, cache):
        command = ["cmake", "-G", "Ninja", "-S", self.source, "-B", self.build(cache), "-DCMAKE_BUILD_TYPE=Release",
                   *self.settings, *cache.cmake_options()]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"configuring {self.name} with {cache.name} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        if cache.name == "ours" and "CompilerCache: active" not in done.stdout:
            raise SystemExit(f"CompilerCache is not active in {self.name}")

    def clean(self, cache):
        subprocess.run(["ninja", "-C", self.build(cache), "-t", "clean"], check=True, stdout=subprocess.DEVNULL)


class Generated(Project):
    def __init__(self, units, headers=300):
        super().__init__(f"generated-{units}", f"{units} units of {headers} headers each, compiler played", "part0/header0.h")
        self.units, self.headers = units, headers

    def fetch(self, work):
        super().fetch(work)
        generated.write_sources(self.source, self.units, self.headers)
        generated.write_compiler(os.path.join(work, "gcc"))

    def leaves_out(self, cache):
        return "takes minutes for each build of this size" if cache.name == "sccache" else ""

    def configure(self, cache):
        build = self.build(cache)
        os.makedirs(build)
        cache.prepare(build, self.source)
        command = [*cache.command(build), os.path.join(self.work, "gcc")]
        generated.write_build(build, self.source, self.units, self.headers,
                              f"{' '.join(command)} -I{self.source} -MD -MF $out.d -c $in -o $out")

    def clean(self, cache):
        objects = os.path.join(self.build(cache), "o")
        shutil.rmtree(objects)
        os.makedirs(objects)


def find(name):
    """The project of that name, or nothing; generated-N has N units."""
    prefix, _, units = name.partition("-")
    if prefix == "generated" and units.isdecimal() and int(units) > 0:
        return Generated(int(units))
    return next((project for project in make_all() if project.name == name), None)


def make_all():
    return [
        Package("leveldb", "C++, small", "util/coding.h", ["-DLEVELDB_BUILD_TESTS=OFF", "-DLEVELDB_BUILD_BENCHMARKS=OFF"]),
        Package("abseil", "C++, many archives", "absl/strings/string_view.h",
                ["-DABSL_BUILD_TESTING=OFF", "-DCMAKE_CXX_STANDARD=17"]),
        Package("fmtlib", "C++, heavy headers, programs", "include/fmt/core.h", ["-DFMT_TEST=ON", "-DFMT_DOC=OFF"]),
        Package("libuv1", "C, programs", "include/uv.h", ["-DBUILD_TESTING=ON"]),
        Generated(5000),
    ]
