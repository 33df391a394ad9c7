"""The projects that the oracle builds: a generated one that looks for headers in every way that there is, and real ones
of the distribution."""

import os
import pathlib
import subprocess

GENERATED = {
    "CMakeLists.txt": """cmake_minimum_required(VERSION 3.21)
project(Oracle LANGUAGES C CXX)
include("${CMAKE_SOURCE_DIR}/../module.cmake")
add_custom_command(OUTPUT "${CMAKE_BINARY_DIR}/made/made.h" COMMAND "${CMAKE_COMMAND}" -E copy
  "${CMAKE_SOURCE_DIR}/made.in" "${CMAKE_BINARY_DIR}/made/made.h" DEPENDS made.in)
add_library(parts OBJECT layers.cpp probes.cpp plain.c forced.c made.cpp computed.cpp "${CMAKE_BINARY_DIR}/made/made.h")
target_include_directories(parts PRIVATE first second "${CMAKE_BINARY_DIR}/made" not/there link)
target_include_directories(parts SYSTEM PRIVATE third)
set_source_files_properties(forced.c PROPERTIES COMPILE_OPTIONS "-include;forced.h;-imacros;macros.h")
""",
    "made.in": "#pragma once\nint made();\n",
    "layers.cpp": '#include <layered.h>\n#include "sub/deep.h"\n#include <vector>\n#include <system_layer.h>\n'
                  "int layers() { return LAYER + DEEP + SYSTEM + int(std::vector<int>(3).size()); }\n",
    "probes.cpp": '#if __has_include(<absent.h>)\n#include <absent.h>\n#endif\n#if __has_include("present.h")\n'
                  '#include "present.h"\n#endif\n#if 0\n#include "never.h"\n#endif\n#include <linked.h>\n'
                  "int probes() { return PRESENT + LINKED; }\n",
    "plain.c": "#include <stdio.h>\n#include <limits.h>\n#include_next <limits.h>\nint plain(void) { return puts(\"\"); }\n",
    "forced.c": "int forced(void) { return FORCED + MACROS; }\n",
    "made.cpp": '#include "made.h"\nint made() { return 1; }\n',
    "computed.cpp": '#define NAME <layered.h>\n#include NAME\nint computed() { return LAYER; }\n',
    "first/sub/deep.h": '#define DEEP 1\n#include "../beside.h"\n',
    "first/beside.h": "#pragma once\n",
    "first/forced.h": "#define FORCED 1\n",
    "first/macros.h": "#define MACROS 1\n",
    "second/layered.h": "#define LAYER 2\n",
    "second/present.h": "#define PRESENT 1\n",
    "second/never.h": "#error never\n",
    "third/system_layer.h": "#define SYSTEM 3\n",
    "linked/real.h": "#define LINKED 1\n",
}


def generate(source):
    for name, text in GENERATED.items():
        path = pathlib.Path(source, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    os.symlink("linked", os.path.join(source, "link"))
    os.symlink("real.h", os.path.join(source, "linked/linked.h"))
    return []


class CannotFetch(Exception):
    pass


def fetch(repository, package, source):
    done = subprocess.run([f"{repository}/scripts/fetch-source", package, source], capture_output=True, text=True,
                          check=False)
    if done.returncode == 3:
        raise CannotFetch(f"no source of {package}: {done.stderr.strip()}")
    done.check_returncode()
    options = {
        "leveldb": ["-DLEVELDB_BUILD_TESTS=OFF", "-DLEVELDB_BUILD_BENCHMARKS=OFF"],
        "fmtlib": ["-DFMT_DOC=OFF"],
    }
    return options.get(package, []) + ["-DCMAKE_PROJECT_INCLUDE=" + os.path.join(source, "../module.cmake")]


def make(repository, name, source):
    """Puts the project there; the options that its configure wants."""
    return generate(source) if name == "generated" else fetch(repository, name, source)
