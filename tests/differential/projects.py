"""What is built: a generated project, or one of the distribution."""

import json
import os
import re
import shutil
import subprocess

import choose
import generated

COMPILERS = {"gcc": ["-DCMAKE_C_COMPILER=gcc", "-DCMAKE_CXX_COMPILER=g++"],
             "clang": ["-DCMAKE_C_COMPILER=clang", "-DCMAKE_CXX_COMPILER=clang++"]}


# Linking takes a third of the time and shows nothing: what is "linked" is the objects, one after the other. Static libraries
# are what they are: by CMake's own rule in the reference, by the module's with the cache.
LINKS = [f"-DCMAKE_{language}_{rule}=cat <OBJECTS> ><TARGET>" for language in ("C", "CXX")
         for rule in ("LINK_EXECUTABLE", "CREATE_SHARED_LIBRARY")]


class Unobtainable(Exception):
    """The source of a real project is not to be had here."""


class Generated:
    name = "generated"

    def __init__(self, compilers):
        self.compilers = compilers

    def create(self, ws, rng, compiler):
        model = generated.write_first(ws.write, rng, compiler)
        os.symlink("spare", ws.path(generated.LINK))
        return model

    def derived(self, ws):
        return {"CMakeLists.txt": generated.cmake_text(ws.model, ws.is_file)}

    def cmake_folder(self, ws):
        return ws.src

    def fixed_options(self):
        return LINKS

    def configure_arguments(self, ws):
        return COMPILERS[ws.model["compiler"]] + ["-DCMAKE_BUILD_TYPE=" + ws.model["type"]]

    def configure_key(self, ws):
        return json.dumps([self.configure_arguments(ws), self.derived(ws)])

    def change(self, ws, rng):
        return choose.change(ws, rng, self.compilers)


class Real:
    """A project of the distribution. Its model is compiler, configuration and flags; its steps are edits, headers that hide
    others, branches.
    They are optimised only where a step asks for it, which costs time and shows little."""
    OPTIONS = {"leveldb": ["-DLEVELDB_BUILD_TESTS=OFF", "-DLEVELDB_BUILD_BENCHMARKS=OFF"],
               "re2": ["-DRE2_BUILD_TESTING=OFF"], "fmtlib": ["-DFMT_TEST=OFF", "-DFMT_DOC=OFF"],
               "cjson": ["-DENABLE_CJSON_TEST=ON", "-DENABLE_CJSON_UTILS=ON"], "lz4": ["-DLZ4_BUILD_LEGACY_LZ4C=OFF"]}
    CHEAP = ["-DCMAKE_C_FLAGS_RELEASE=-DNDEBUG", "-DCMAKE_CXX_FLAGS_RELEASE=-DNDEBUG"]
    # The same file twice over, or many of a kind: these are not built.
    LEFT_OUT = {"cjson": ("tests/CMakeLists.txt", r"^ +(parse_(hex4|string|array|object)|print_(number|array|value)|cjson_add|"
                                                  r"minify_tests|compare_tests|readme_examples|parse_with_opts)\n")}
    FOLDERS = {"lz4": "build/cmake"}
    SUFFIXES = (".h", ".c", ".cc", ".cpp")
    FLAGS = ["", "", "-DFUZZ=1", "-g1", "-O1", "-Wall -Wextra", "-fno-inline", "-march=native"]

    def __init__(self, name, compilers, repository):
        self.name, self.compilers, self.repository = name, compilers, repository

    def create(self, ws, rng, compiler):
        os.rmdir(ws.src)
        ran = subprocess.run([os.path.join(self.repository, "scripts", "fetch-source"), self.name, ws.src],
                             capture_output=True, check=False)
        if ran.returncode != 0:
            raise Unobtainable(f"no source of {self.name}: {ran.stderr.decode(errors='replace').strip()[-200:]}")
        shutil.rmtree(ws.path(".pc"), ignore_errors=True)  # copies of what the distribution's patches changed: not built
        if self.name in self.LEFT_OUT:
            path, lines = self.LEFT_OUT[self.name]
            ws.write(path, re.sub(lines, "", ws.read(path), flags=re.MULTILINE))
        return {"compiler": compiler, "type": rng.choice(["Debug", "Release"]), "flags": "", "env": {}}

    def derived(self, _):
        return {}

    def cmake_folder(self, ws):
        return os.path.join(ws.src, self.FOLDERS.get(self.name, "."))

    def fixed_options(self):
        return self.OPTIONS.get(self.name, []) + self.CHEAP + LINKS

    def configure_arguments(self, ws):
        flags = ws.model["flags"]
        return COMPILERS[ws.model["compiler"]] + ["-DCMAKE_BUILD_TYPE=" + ws.model["type"], "-DCMAKE_C_FLAGS=" + flags,
                                                  "-DCMAKE_CXX_FLAGS=" + flags]

    def configure_key(self, ws):
        return json.dumps(self.configure_arguments(ws))

    # ---- its steps

    def change(self, ws, rng):
        kinds = [(self.edit, 40), (self.touch, 8), (self.shadow, 14), (self.unshadow, 10), (self.branch, 14), (self.settings, 8),
                 (self.away, 30 if ws.files((".away",)) else 6), (self.link, 5)]
        while True:
            step = rng.choices([kind for kind, _ in kinds], [weight for _, weight in kinds])[0](ws, rng)
            if step:
                return step

    def some(self, ws, rng):
        """Mostly a source: few are compiled again then, and a round is short. Mostly one that some compile read."""
        suffixes = (".h",) if rng.random() < 0.35 else self.SUFFIXES[1:]
        found = ws.files(suffixes) or ws.files(self.SUFFIXES)
        used = [path for path in found if path in ws.used]
        return rng.choice(used if used and rng.random() < 0.9 else found)

    def edit(self, ws, rng):
        value = generated.number(rng)
        what = rng.choices(["comment", "line", "text", "warning", "mend"], [15, 20, 40, 10, 15])[0]
        path = self.some(ws, rng)
        warning = [name for name in ws.used if ws.is_file(name) and "\n#warning" in ws.read(name)]
        if warning and rng.random() < 0.3:  # many a project takes a warning for an error, and what fails is not cached
            what, path = "mend", rng.choice(sorted(warning))
        step = {"kind": "edit", "path": path, "what": what, "value": str(value), "how": rng.choice(choose.HOW)}
        if what == "text":  # something that lands in the object
            line = f"static const int fuzz_{value} __attribute__((used)) = {value};\n"
            text = re.sub(r"static const int fuzz_.*\n", "", ws.read(path)) if rng.random() < 0.4 else ws.read(path)
            step["text"] = line + text if rng.random() < 0.3 else text + line
        return step

    def touch(self, ws, rng):
        return {"kind": "touch", "path": self.some(ws, rng), "time": rng.choice([None, 1000000000])}

    def shadow(self, ws, rng):
        """A changed copy of an included header, beside the file that includes it: found before the other."""
        path = self.some(ws, rng)
        includes = re.findall(r'#include "([^"]+)"', ws.read(path))
        if includes:
            name = rng.choice(includes)
            found = [header for header in ws.files((".h",)) if header.endswith("/" + name) or header == name]
            target = os.path.normpath(os.path.join(os.path.dirname(path), name))
            if found and not ws.exists(target):
                text = ws.read(found[0])
                value = generated.number(rng)
                return {"kind": "add", "path": target,
                        "text": text + (f"static const int fuzz_{value} __attribute__((used)) = {value};\n" * rng.randrange(2))}
        return None

    def unshadow(self, ws, rng):
        with_twin = {}
        for path in ws.files((".h",)):
            with_twin.setdefault(os.path.basename(path), []).append(path)
        paths = [path for group in with_twin.values() if len(group) > 1 for path in group if path.count("/") > 1]
        return {"kind": "delete", "path": rng.choice(paths)} if paths else None

    def branch(self, ws, rng):
        return choose.branch(ws, rng)

    def settings(self, ws, rng):
        if ws.files((".away",)):
            return None  # if CMakeLists.txt names that header, there would be nothing to build
        at, values = rng.choice([("flags", self.FLAGS), ("flags", self.FLAGS), ("type", ["Debug", "Release"]),
                                 ("compiler", self.compilers)])
        return {"kind": "model", "at": [at], "value": rng.choice(values)}

    def away(self, ws, rng):
        """A header goes, or what went comes back."""
        gone = [path for path in ws.files((".away",))]
        if gone:
            return {"kind": "move", "path": gone[0], "to": gone[0][:-len(".away")]}
        path = rng.choice(ws.files((".h",)))
        return {"kind": "move", "path": path, "to": path + ".away"}

    def link(self, ws, rng):
        """Another place for a header, and a link to it where it was."""
        path = rng.choice(ws.files((".h",)))
        if rng.random() < 0.5:
            return {"kind": "hard-link", "path": path, "to": f"twins/{rng.randrange(1000)}.twin"}
        twins = ws.files((".twin",))
        if not twins:
            return None
        return {"kind": "edit", "path": rng.choice(twins), "what": "line", "how": rng.choice(choose.HOW[:4])}
