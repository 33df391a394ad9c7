"""The compiler itself changes: each of its parts is upgraded in place, under the same name, size and time stamp."""

import os
import shutil
import subprocess

from cases import BOTH, case
from scene import PAST_NS, Skip

GCC = ("gcc",)
SOURCE = "int x = V;\n"

# A program that hands on to another, with one argument more. What differs between versions has the same length.
HAND_ON = """#include <unistd.h>
int main(int argc, char **argv) {{
  char *words[1000];
  int n = 0;
  for (; n < argc && n < 990; ++n) words[n] = argv[n];
  words[0] = "{program}";
  words[n++] = "{argument}";
  words[n] = 0;
  execv(words[0], words);
  return 127;
}}
"""
BY_LIBRARY = """#include <unistd.h>
extern const char version[];
int main(int argc, char **argv) {{
  char *words[1000];
  int n = 0;
  for (; n < argc && n < 990; ++n) words[n] = argv[n];
  words[0] = "{program}";
  words[n++] = (char *)version;
  words[n] = 0;
  execv(words[0], words);
  return 127;
}}
"""


def real(s, name):
    """A program of the real GCC."""
    found = subprocess.run([s.c, "-print-prog-name=" + name], capture_output=True, text=True, check=True).stdout.strip()
    return found if "/" in found else "/usr/bin/" + found


def library(s, name, number):
    """A shared library that says -DV=number."""
    s.write("v.c", f'const char version[] = "-DV={number}";\n')
    os.makedirs(os.path.dirname(s.path(name)), exist_ok=True)
    # A package manager renames over the old one.
    s.make("gcc", "-shared", "-fPIC", "-Wl,-soname,libv.so", "-o", name + ".new", "v.c")
    os.rename(s.path(name + ".new"), s.path(name))
    os.utime(s.path(name), ns=(PAST_NS, PAST_NS))


def driver_with_library(s, *link):
    library(s, "lib1/libv.so", 1)
    s.program("cc", BY_LIBRARY.format(program=s.c), "-Llib1", "-lv", *link)
    s.source(SOURCE, compiler=s.path("cc"))


@case("the driver is upgraded in place")
def driver_upgraded(s):
    s.program("cc", HAND_ON.format(program=s.c, argument="-DV=1"))
    s.source(SOURCE, compiler=s.path("cc"))
    yield
    s.program("cc", HAND_ON.format(program=s.c, argument="-DV=2"))


@case("`cc1` is upgraded in place", GCC)
def cc1_upgraded(s):
    s.program("tools/cc1", HAND_ON.format(program=real(s, "cc1"), argument="-DV=1"))
    s.source(SOURCE, "-Btools/")
    yield
    s.program("tools/cc1", HAND_ON.format(program=real(s, "cc1"), argument="-DV=2"))


@case("the assembler is upgraded in place", GCC)
def assembler_upgraded(s):
    s.program("tools/as", HAND_ON.format(program=real(s, "as"), argument="-g"))
    s.source("int x = 1;\n", "-Btools/")
    yield
    s.program("tools/as", HAND_ON.format(program=real(s, "as"), argument="-R"))


@case("an assembler appears in a folder of `-B`", GCC)
def assembler_appears(s):
    os.makedirs(s.path("tools/x86_64-linux-gnu/12"))
    s.source("int x = 1;\n", "-Btools/")
    yield
    s.program("tools/as", HAND_ON.format(program=real(s, "as"), argument="-R"))
    yield
    s.program("tools/x86_64-linux-gnu/12/as",
              HAND_ON.format(program=real(s, "as"), argument="-mx86-used-note=yes"))


@case("a shared library of the compiler is upgraded in place")
def compiler_library_upgraded(s):
    driver_with_library(s, "-Wl,-rpath," + s.path("lib1"))
    yield
    library(s, "lib1/libv.so", 2)


@case("a shared library of the compiler appears in an earlier folder of `LD_LIBRARY_PATH`")
def compiler_library_appears(s):
    driver_with_library(s)
    os.mkdir(s.path("lib0"))
    s.environment["LD_LIBRARY_PATH"] = s.path("lib0") + ":" + s.path("lib1")
    yield
    library(s, "lib0/libv.so", 2)


@case("a specs file is upgraded in place", GCC)
def specs_upgraded(s):
    s.write("my.specs", "*cpp:\n+ -DV=1\n")
    s.source(SOURCE, "-specs=my.specs")
    yield
    s.write("my.specs", "*cpp:\n+ -DV=2\n")


@case("a file `specs` appears in a folder of `LIBRARY_PATH`", GCC)
def specs_appear(s):
    os.mkdir(s.path("libraries"))
    s.environment["LIBRARY_PATH"] = s.path("libraries")
    s.source("#ifndef V\n#define V 1\n#endif\n" + SOURCE)
    yield
    s.write("libraries/specs", "*cpp:\n+ -DV=2\n")
    yield
    s.write("libraries/specs", "*cpp:\n+ -DV=3\n")


@case("a configuration file changes", ("clang",))
def configuration_file(s):
    s.write("my.cfg", "-DV=1\n")
    s.source(SOURCE, "--config", s.path("my.cfg"))
    yield
    s.write("my.cfg", "-DV=2\n")


@case("the text of a wrapper script changes")
def wrapper_script(s):
    s.write("wrapper", f'#!/bin/sh\nexec {s.c} "$@" -DV=1\n', 0o755)
    s.source(SOURCE, compiler=s.path("wrapper"))
    yield
    s.write("wrapper", f'#!/bin/sh\nexec {s.c} "$@" -DV=2\n', 0o755)


@case("a wrapper script hands on to another compiler", between_builds=True)
def compiler_behind_wrapper(s):
    s.program("cc", HAND_ON.format(program=s.c, argument="-DV=1"))
    s.write("wrapper", f'#!/bin/sh\nexec {s.path("cc")} "$@"\n', 0o755)
    s.source(SOURCE, compiler=s.path("wrapper"))
    yield
    s.program("cc", HAND_ON.format(program=s.c, argument="-DV=2"))


@case("the compiler is a link to another cache, and the compiler behind that one changes", GCC)
def compiler_is_a_cache(s):
    other = shutil.which("ccache")
    if not other:
        raise Skip("ccache is not installed")
    # ccache runs the next one of its own name in PATH, and knows a compiler by its time.
    os.makedirs(s.path("links"))
    os.symlink(other, s.path("links/gcc"))
    s.environment["PATH"] = s.path("links") + ":" + s.path("bin") + ":" + s.environment["PATH"]
    s.environment["CCACHE_DIR"] = s.path("other-cache")
    s.program("bin/gcc", HAND_ON.format(program=s.c, argument="-DV=1"))
    s.source(SOURCE, compiler="gcc")
    yield
    s.program("bin/gcc", HAND_ON.format(program=s.c, argument="-DV=2"))
    os.utime(s.path("bin/gcc"), ns=(PAST_NS + 5_000_000_000, PAST_NS + 5_000_000_000))


@case("a symlink to the compiler is turned to another one", BOTH)
def compiler_symlink(s):
    for number in (1, 2):
        s.program(f"cc{number}", HAND_ON.format(program=s.c, argument=f"-DV={number}"))
    os.symlink("cc1", s.path("cc"))
    s.source(SOURCE, compiler=s.path("cc"))
    yield
    os.unlink(s.path("cc"))
    os.symlink("cc2", s.path("cc"))


@case("a plugin is upgraded in place", GCC)
def plugin_upgraded(s):
    s.write("plugin.c", '#include <stdio.h>\nint plugin_is_GPL_compatible;\nint plugin_init(void *i, void *v) '
                        '{ fputs("note 1\\n", stderr); return 0; }\n')
    s.make("gcc", "-shared", "-fPIC", "-o", "plugin.so", "plugin.c")
    s.source("int x = 1;\n", "-fplugin=./plugin.so")
    yield
    s.write("plugin.c", '#include <stdio.h>\nint plugin_is_GPL_compatible;\nint plugin_init(void *i, void *v) '
                        '{ fputs("note 2\\n", stderr); return 0; }\n')
    s.make("gcc", "-shared", "-fPIC", "-o", "plugin.so", "plugin.c")
