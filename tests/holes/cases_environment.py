"""The command stays, and a variable of the environment changes."""

import os

from cases import case
from cases_compiler import BY_LIBRARY, HAND_ON, SOURCE, driver_with_library, library, real

GCC, CLANG, CLANG_CL = ("gcc",), ("clang",), ("clang-cl",)


def becomes(s, name, first, second):
    if first is not None:
        s.environment[name] = first
    yield
    s.environment[name] = second


def two_headers(s):
    for number in (1, 2):
        s.write(f"inc{number}/x.h", f"#define X {number}\n")
    return s.path("inc1"), s.path("inc2")


@case("`PWD` is another name of the working directory, with `-g`")
def pwd(s):
    os.mkdir(s.path("real"))
    os.symlink("real", s.path("link"))
    s.cwd = s.path("real")
    s.source("int x = 1;\n", "-g")
    s.write("real/a.c", "int x = 1;\n")
    s.outputs = ["real/a.o", "real/a.d"]
    yield from becomes(s, "PWD", s.path("real"), s.path("link"))


@case("`TZ`, with `__TIMESTAMP__`")
def tz(s):
    s.source("const char *x = __TIMESTAMP__;\n")
    yield from becomes(s, "TZ", "UTC0", "XYZ-5")


@case("`SOURCE_DATE_EPOCH`, with `__DATE__`", GCC)  # Clang 14 does not know it
def source_date_epoch(s):
    s.source("const char *x = __DATE__;\n")
    yield from becomes(s, "SOURCE_DATE_EPOCH", "1000000000", "1500000000")


@case("`CPATH`")
def cpath(s):
    s.source('#include <x.h>\nint x = X;\n')
    yield from becomes(s, "CPATH", *two_headers(s))


@case("`C_INCLUDE_PATH`")
def c_include_path(s):
    s.source('#include <x.h>\nint x = X;\n')
    yield from becomes(s, "C_INCLUDE_PATH", *two_headers(s))


@case("`CPLUS_INCLUDE_PATH`")
def cplus_include_path(s):
    s.source('#include <x.h>\nint x = X;\n', name="a.cc")
    yield from becomes(s, "CPLUS_INCLUDE_PATH", *two_headers(s))


@case("`OBJC_INCLUDE_PATH`", CLANG)
def objc_include_path(s):
    s.source('#include <x.h>\nint x = X;\n', name="a.m", compiler=s.c)
    yield from becomes(s, "OBJC_INCLUDE_PATH", *two_headers(s))


@case("a header appears in a folder of `CPATH`")
def header_in_cpath(s):
    s.environment["CPATH"] = s.path("empty") + ":" + two_headers(s)[0]
    os.mkdir(s.path("empty"))
    s.source('#include <x.h>\nint x = X;\n')
    yield
    s.write("empty/x.h", "#define X 3\n")


@case("`LC_ALL`: the quotes in a diagnostic", GCC)
def lc_all(s):
    s.source("int f(void) { int unused = 1; return 0; }\n", "-Wall")
    yield from becomes(s, "LC_ALL", "C", "C.UTF-8")


@case("`LANG`: the quotes in a diagnostic", GCC)
def lang(s):
    del s.environment["LC_ALL"]
    s.source("int f(void) { int unused = 1; return 0; }\n", "-Wall")
    yield from becomes(s, "LANG", "C", "C.UTF-8")


@case("`GCC_COLORS`, with colours", GCC)
def gcc_colors(s):
    s.source("int f(void) { int unused = 1; return 0; }\n", "-Wall", "-fdiagnostics-color=always")
    yield from becomes(s, "GCC_COLORS", "warning=01;35", "warning=01;32")


@case("`TMPDIR` names a folder that is not there: the compiler fails", CLANG)
def tmpdir(s):
    os.mkdir(s.path("temporary"))
    s.source("int x = 1;\n", "-fno-integrated-as")
    yield from becomes(s, "TMPDIR", s.path("temporary"), s.path("none"))


@case("`TMP` and its kin name a folder that is not there: the compiler fails", CLANG)
def tmp(s):
    os.mkdir(s.path("temporary"))
    s.source("int x = 1;\n", "-fno-integrated-as")
    for name in ("TMP", "TEMP", "TEMPDIR"):
        yield from becomes(s, name, s.path("temporary"), s.path("none"))
        s.same_result = True
        yield
        s.same_result = False


@case("`COMPILER_PATH`: another `cc1`", GCC)
def compiler_path(s):
    for number in (1, 2):
        s.program(f"tools{number}/cc1", HAND_ON.format(program=real(s, "cc1"), argument=f"-DV={number}"))
    s.source(SOURCE)
    yield from becomes(s, "COMPILER_PATH", s.path("tools1"), s.path("tools2"))


@case("`GCC_EXEC_PREFIX`: another `cc1`", GCC)
def gcc_exec_prefix(s):
    folder = os.path.dirname(real(s, "cc1"))
    below = "/".join(folder.split("/")[-2:])
    for number in (1, 2):
        s.program(f"gcc{number}/{below}/cc1", HAND_ON.format(program=real(s, "cc1"), argument=f"-DV={number}"))
    s.source(SOURCE)
    yield from becomes(s, "GCC_EXEC_PREFIX", s.path("gcc1") + "/", s.path("gcc2") + "/")


@case("`PATH`: another assembler", GCC)
def path(s):
    for number, argument in ((1, "-g"), (2, "-R")):
        s.program(f"bin{number}/as", HAND_ON.format(program=real(s, "as"), argument=argument))
    s.source("int x = 1;\n")
    rest = s.environment["PATH"]
    yield from becomes(s, "PATH", s.path("bin1") + ":" + rest, s.path("bin2") + ":" + rest)


@case("an assembler appears in an earlier folder of `PATH`", GCC)
def assembler_in_path(s):
    os.mkdir(s.path("bin"))
    s.environment["PATH"] = s.path("bin") + ":" + s.environment["PATH"]
    s.source("int x = 1;\n")
    yield
    s.program("bin/as", HAND_ON.format(program=real(s, "as"), argument="-R"))


@case("`LD_LIBRARY_PATH`: another library of the compiler")
def ld_library_path(s):
    driver_with_library(s)
    library(s, "lib2/libv.so", 2)
    yield from becomes(s, "LD_LIBRARY_PATH", s.path("lib1"), s.path("lib2"))


@case("`LD_PRELOAD`: another library of the compiler")
def ld_preload(s):
    library(s, "lib1/libv.so", 1)
    library(s, "lib2/libv.so", 2)
    # Not copied into the program, as it would be without -fPIE.
    s.program("cc", BY_LIBRARY.format(program=s.c), "-fPIC", "-pie", "-Llib1", "-lv", "-Wl,-rpath," + s.path("lib1"))
    s.source(SOURCE, compiler=s.path("cc"))
    yield from becomes(s, "LD_PRELOAD", None, s.path("lib2/libv.so"))


@case("`CCC_OVERRIDE_OPTIONS`", CLANG)
def ccc_override_options(s):
    s.source("int x = V;\n", "-DV=1")
    yield from becomes(s, "CCC_OVERRIDE_OPTIONS", None, "#+-DV=2 +-UV +-DV=2")


@case("`DEPENDENCIES_OUTPUT`, which writes a file", GCC)
def dependencies_output(s):
    s.outputs.append("more.d")
    s.source("int x = 1;\n")
    s.command = [s.c, "-c", "a.c", "-o", "a.o"]
    yield from becomes(s, "DEPENDENCIES_OUTPUT", None, "more.d")


@case("`CL` of clang-cl", CLANG_CL)
def cl(s):
    s.source("int x = V;\n")
    s.without_depfile()
    yield from becomes(s, "CL", "/DV=1", "/DV=2")


@case("`_CL_` of clang-cl, with a number sign", CLANG_CL)
def cl_behind(s):
    s.source("int x = V;\n", "-DV=3")
    s.without_depfile()
    yield from becomes(s, "_CL_", "/UV /DV#1", "/UV /DV#2")


@case("`INCLUDE` of clang-cl", CLANG_CL)
def include(s):
    s.source('#include <x.h>\nint x = X;\n')
    s.without_depfile()
    yield from becomes(s, "INCLUDE", *two_headers(s))


@case("a header appears in a folder of `INCLUDE`", CLANG_CL)
def header_in_include(s):
    s.write("two/x.h", "#define X 1\n")
    os.mkdir(s.path("one"))
    s.environment["INCLUDE"] = s.path("one") + ";" + s.path("two")
    s.source('#include <x.h>\nint x = X;\n')
    s.without_depfile()
    yield
    s.write("one/x.h", "#define X 2\n")
