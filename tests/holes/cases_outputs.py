"""What a compile leaves behind, and what is made of it: objects that are edited, precompiled headers, modules."""

import os
import shutil
import subprocess

from cases import BOTH, case


def edited_in_place(s, edit):
    """The restored object is changed where it stands, and then wanted once more."""
    s.same_result = True
    s.source("int x = 1;\nint f(void) { return x; }\n", "-g")
    yield
    edit(s.path("a.o"))
    yield
    edit(s.path("a.o"))


@case("a restored object is stripped in place, and wanted again")
def strip_in_place(s):
    yield from edited_in_place(s, lambda path: subprocess.run(["strip", "-g", path], check=True))


@case("a restored object is edited by objcopy, and wanted again")
def objcopy_in_place(s):
    yield from edited_in_place(
        s, lambda path: subprocess.run(["objcopy", "--rename-section", ".text=.other", path], check=True))


@case("another file is copied over a restored object, and it is wanted again")
def copied_over(s):
    def edit(path):
        os.chmod(path, 0o644)
        with open("/bin/true", "rb") as other, open(path, "wb") as target:
            shutil.copyfileobj(other, target)

    yield from edited_in_place(s, edit)


@case("a restored object is written to in place, and wanted again")
def written_in_place(s):
    def edit(path):
        os.chmod(path, 0o644)
        with open(path, "r+b") as file:
            file.seek(-1, os.SEEK_END)
            file.write(b"!")

    yield from edited_in_place(s, edit)


def all_outputs(s, *arguments, more):
    """Of a result with more files than one, all are wanted again."""
    s.same_result = True
    s.outputs += more
    s.required = more
    s.source("int f(int *p);\nint x;\nint f(int *p) { return *p + x; }\n", *arguments)
    yield


@case("the mode of the object of a hit, and another umask")
def object_mode(s):
    s.modes_count = True
    s.source("int x = 1;\n")
    yield
    before = os.umask(0o027)
    try:
        yield
    finally:
        os.umask(before)
        s.same_result = True


@case("`-gsplit-dwarf`: the `.dwo` of a hit", BOTH)
def split_dwarf(s):
    # GCC needs the seed to give the same bytes twice.
    yield from all_outputs(s, "-gsplit-dwarf", "-g", *(["-frandom-seed=1"] if s.kind == "gcc" else []), more=["a.dwo"])


@case("`-ftest-coverage`: the `.gcno` of a hit", BOTH)
def coverage_notes(s):
    yield from all_outputs(s, "-ftest-coverage", *(["-frandom-seed=1"] if s.kind == "gcc" else []), more=["a.gcno"])


@case("`-fstack-usage`: the `.su` of a hit", BOTH)
def stack_usage(s):
    yield from all_outputs(s, "-fstack-usage", more=["a.su"])


@case("`--serialize-diagnostics`: its file of a hit", ("clang",))
def serialized_diagnostics(s):
    yield from all_outputs(s, "-Wall", "--serialize-diagnostics", "a.dia", more=["a.dia"])


@case("`-save-temps`: the preprocessed text of a hit", BOTH)
def temporaries(s):
    yield from all_outputs(s, "-save-temps=obj", more=["a.i", "a.s"])


PCH_KINDS = ("gcc",)


def precompiled(s, text):
    s.write("p.h", text)
    s.make(s.c, "-x", "c-header", "p.h", "-o", "p.h.gch")


@case("a GCC precompiled header is made anew from a changed header", PCH_KINDS)
def gcc_pch_changes(s):
    precompiled(s, "#define X 1\n")
    s.source('#include "p.h"\nint x = X;\n')
    yield
    precompiled(s, "#define X 2\n")


@case("a GCC precompiled header is used by `-include`, and made anew from a changed header", PCH_KINDS)
def gcc_pch_forced(s):
    precompiled(s, "#define X 1\n")
    s.source("int x = X;\n", "-include", "p.h")
    yield
    precompiled(s, "#define X 2\n")


@case("a precompiled header of other content appears beside a header", PCH_KINDS)
def gcc_pch_appears(s):
    s.write("p.h", "#define X 1\n")
    s.source('#include "p.h"\nint x = X;\n')
    yield
    s.write("p.h", "#define X 2\n")
    s.make(s.c, "-x", "c-header", "p.h", "-o", "made.gch")
    s.write("p.h", "#define X 1\n")
    os.rename(s.path("made.gch"), s.path("p.h.gch"))


@case("a precompiled header appears in an earlier folder", PCH_KINDS)
def gcc_pch_in_earlier_folder(s):
    s.write("inc/p.h", "#define X 1\n")
    os.mkdir(s.path("first"))
    s.source('#include <p.h>\nint x = X;\n', "-Ifirst", "-Iinc")
    yield
    s.write("made.h", "#define X 2\n")
    s.make(s.c, "-x", "c-header", "made.h", "-o", "first/p.h.gch")


def clang_precompiled(s, number):
    s.write("p.h", f"#define X {number}\n")
    s.make(s.c, "-x", "c-header", "p.h", "-o", "p.pch")


@case("a Clang precompiled header is made anew from a changed header", ("clang",))
def clang_pch_changes(s):
    clang_precompiled(s, 1)
    s.source("int x = X;\n", "-include-pch", "p.pch")
    yield
    clang_precompiled(s, 2)


def gcc_module(s, number):
    s.write("m.cc", f"export module m;\nexport inline int value() {{ return {number}; }}\n")
    s.make(s.cxx, "-std=c++20", "-fmodules-ts", "-c", "m.cc", "-o", "m.o")


@case("a module's interface changes behind GCC's `gcm.cache`", ("gcc",))
def gcc_module_changes(s):
    gcc_module(s, 1)
    s.source("import m;\nint x() { return value(); }\n", "-std=c++20", "-fmodules-ts", name="a.cc")
    yield
    gcc_module(s, 2)


@case("a module's interface changes behind `-fmodule-mapper=`", ("gcc",))
def gcc_mapped_module_changes(s):
    s.write("map", "m gcm.cache/m.gcm\n")
    gcc_module(s, 1)
    s.source("import m;\nint x() { return value(); }\n", "-std=c++20", "-fmodules-ts", "-fmodule-mapper=map", name="a.cc")
    yield
    gcc_module(s, 2)


def clang_module(s, number):
    os.makedirs(s.path("bmi"), exist_ok=True)
    s.write("m.cppm", f"export module m;\nexport inline int value() {{ return {number}; }}\n")
    s.make(s.cxx, "-std=c++20", "--precompile", "m.cppm", "-o", "bmi/m.pcm")


@case("a module's interface changes behind `-fmodule-file=`", ("clang",))
def module_file_changes(s):
    clang_module(s, 1)
    s.source("import m;\nint x() { return value(); }\n", "-std=c++20", "-fmodule-file=m=bmi/m.pcm", name="a.cc")
    yield
    clang_module(s, 2)


@case("a module's interface changes behind `-fprebuilt-module-path=`", ("clang",))
def prebuilt_module_changes(s):
    clang_module(s, 1)
    s.source("import m;\nint x() { return value(); }\n", "-std=c++20", "-fprebuilt-module-path=bmi", name="a.cc")
    yield
    clang_module(s, 2)


@case("a header of a module map changes under `-fmodules`", ("clang",))
def clang_header_module_changes(s):
    s.write("m/module.modulemap", 'module m { header "m.h" }\n')
    s.write("m/m.h", "enum { value = 1 };\n")
    s.source('#include "m.h"\nint x = value;\n', "-fmodules", "-fmodules-cache-path=cache", "-Im")
    yield
    s.write("m/m.h", "enum { value = 22 };\n")


@case("a list for a sanitizer changes", ("clang",))
def sanitizer_list(s):
    s.write("list", "fun:g\n")
    s.source("int f(int *p) { return *p; }\n", "-fsanitize=address", "-fsanitize-ignorelist=list")
    yield
    s.write("list", "fun:f\n")


PROFILED = "int hot(int a) { return a * 3; }\nint f(int a) { if (a > 5) return hot(a); return a / 7; }\n"
RUN = "int f(int a);\nint main(int n, char **v) { int s = 0; for (int i = 0; i < 100; ++i) s += f(n > 1 ? 9 : 1); return s < 0; }\n"


def profile(s, target, *words):
    """Runs the program with counters, whose profile then is at `target`."""
    s.write("main.c", RUN)
    if s.kind == "gcc":
        s.make(s.c, "-O2", "-fprofile-generate", "-fprofile-update=single", "-c", "a.c", "-o", "a.o")
        s.make(s.c, "-fprofile-generate", "-o", "run", "main.c", "a.o")
        s.make("./run", *words)
        os.rename(s.path("a.gcda"), s.path(target))
    else:
        s.make(s.c, "-O2", "-fprofile-instr-generate", "-o", "run", "main.c", "a.c")
        s.make("./run", *words)
        s.make("llvm-profdata-14" if shutil.which("llvm-profdata-14") else "llvm-profdata", "merge", "-o", target,
               "default.profraw")


@case("the profile behind `-fprofile-use` changes", BOTH)
def profile_changes(s):
    name = "a.gcda" if s.kind == "gcc" else "a.profile"
    s.source(PROFILED, "-O2", "-fprofile-use" if s.kind == "gcc" else "-fprofile-use=" + name)
    profile(s, name)
    yield
    profile(s, name, "many")


@case("the profile behind `-fprofile-use` appears", ("gcc",))
def profile_appears(s):
    s.source(PROFILED, "-O2", "-fprofile-use", "-Wno-missing-profile")
    yield
    profile(s, "a.gcda", "many")


@case("a VFS overlay names another file", ("clang",))
def vfs_overlay(s):
    overlay = ('{{"version": 0, "roots": [{{"type": "file", "name": "{0}/virtual/x.h", '
               '"external-contents": "{0}/{1}"}}]}}')
    s.write("one.h", "#define X 1\n")
    s.write("two.h", "#define X 2\n")
    s.write("overlay", overlay.format(s.folder, "one.h"))
    s.source('#include <x.h>\nint x = X;\n', "-ivfsoverlay", "overlay", f"-I{s.folder}/virtual")
    yield
    s.write("overlay", overlay.format(s.folder, "two.h"))


@case("clang-cl with `-clang:-MD`: the depfile of a hit", ("clang-cl",))
def clang_cl_depfile(s):
    s.same_result = True
    s.write("x.h", "#define X 1\n")
    s.source('#include "x.h"\nint x = X;\n')
    s.command = [s.c, "-c", "a.c", "-o", "a.o", "-clang:-MD", "-clang:-MFa.d"]
    yield
    yield


@case("clang-cl with `/Z7`: the object's name, which is inside", ("clang-cl",))
def clang_cl_object_name(s):
    s.source("int x;\n", "/Z7")
    s.outputs.append("b.o")
    s.without_depfile()
    yield
    s.command = [word.replace("a.o", "b.o") for word in s.command]


@case("clang-cl with `/Z7`: the depfile's name, which is inside", ("clang-cl",))
def clang_cl_depfile_name(s):
    s.source("int x;\n", "/Z7")
    s.outputs.append("b.d")
    yield
    s.command = [word.replace("a.d", "b.d") for word in s.command]
