"""A project that always builds, whatever is edited: some sources are light, some have the standard library in them."""

import base64
import hashlib
import os
import random
import re

NUMBER = re.compile(r"(?<= )\d{4}\b")
HEAVY = ["vector", "string", "map", "algorithm", "functional", "memory"]


class Checkout:
    """One copy of the sources. Whoever builds from it has it to read; it is edited while nobody does."""

    def __init__(self, folder, seed, sources, headers):
        self.folder = folder
        self.readers = 0
        self.branches = {}
        rng = random.Random(seed)
        texts = {f"h{i}.h": header(rng, i, headers) for i in range(headers)}
        texts |= {f"s{i}.cpp": source(rng, i, headers) for i in range(sources)}
        calls = " + ".join(f"f{i}(n)" for i in range(sources))
        texts["main.cpp"] = "".join(f"int f{i}(int);\n" for i in range(sources)) + f"int main(int n, char**) {{ return ({calls}) == 0; }}\n"
        texts["CMakeLists.txt"] = CMAKE.replace("SOURCES", " ".join(f"s{i}.cpp" for i in range(sources)))
        os.makedirs(folder)
        for name, text in texts.items():
            self.write(name, text)
        self.save("first")

    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def names(self):
        return sorted(name for name in os.listdir(self.folder) if name.endswith((".h", ".cpp")))

    def save(self, branch):
        self.branches[branch] = {name: self.read(name) for name in self.names()}

    def switch(self, branch):
        """What differs is written anew, as version control does it."""
        for name, text in self.branches[branch].items():
            if self.read(name) != text:
                self.write(name, text)

    def edit(self, rng):
        """Returns what was done, for the log."""
        what = rng.random()
        if what < 0.15:
            self.save(f"branch{rng.randrange(3)}")
            return "save"
        if what < 0.4:
            self.switch(rng.choice(sorted(self.branches)))
            return "switch"
        name = rng.choice([name for name in self.names() if name.endswith(".h" if what < 0.55 else ".cpp")])
        if what > 0.95:
            os.utime(self.path(name))
            return "touch " + name
        text = self.read(name)
        found = list(NUMBER.finditer(text))
        if what > 0.9 or not found:
            self.write(name, text + f"// {rng.random()}\n")
            return "comment " + name
        match = rng.choice(found)
        self.write(name, text[:match.start()] + str(rng.randrange(1000, 1020)) + text[match.end():])
        return "edit " + name

    def digest(self):
        found = hashlib.sha256()
        for name in self.names():
            found.update(f"{name}\0{self.read(name)}\0".encode())
        return found.hexdigest()


CMAKE = """cmake_minimum_required(VERSION 3.21)
project(Stress LANGUAGES CXX)
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
add_library(parts STATIC SOURCES)
add_executable(app main.cpp)
target_link_libraries(app parts)
"""


def header(rng, number, count):
    later = range(number + 1, count)
    lines = ["#pragma once"] + [f'#include "h{i}.h"' for i in rng.sample(later, min(len(later), rng.randrange(3)))]
    return "\n".join(lines + [f"inline int in_h{number}(int x) {{ return x * {rng.randrange(1000, 1020)}; }}"]) + "\n"


def noise(rng):
    """Text that makes objects large, whatever compresses them, and takes the compiler no time."""
    return base64.b64encode(rng.randbytes(45_000)).decode()


def source(rng, number, headers):
    included = rng.sample(range(headers), min(headers, rng.randrange(1, 4)))
    lines = [f'#include "h{i}.h"' for i in included]
    lines.append(f'extern const char t{number}[];\nconst char t{number}[] = "{noise(rng)}";')
    body = " + ".join(f"in_h{i}(x)" for i in included)
    if number % 4 == 0:
        lines += [f"#include <{name}>" for name in rng.sample(HEAVY, 3)] + ["#include <vector>", "#include <string>"]
        body += " + static_cast<int>(std::vector<std::string>(x, \"text\").size())"
    return "\n".join(lines + [f"int f{number}(int x);", f"int f{number}(int x) {{ return {body} + {rng.randrange(1000, 1020)}; }}"]) + "\n"
