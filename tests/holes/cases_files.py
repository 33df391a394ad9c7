"""What is read or looked for changes in a way that is easily missed."""

import mmap
import os
import subprocess

from cases import BOTH, case, swap
from scene import PAST_NS, Skip, wait_for_the_next_second

USE = '#include <x.h>\nint x = X;\n'


def layers(s):
    s.write("second/x.h", "#define X 1\n")
    s.source(USE, "-Ifirst", "-Isecond")


@case("a header appears in an earlier `-I` folder")
def header_in_earlier_folder(s):
    layers(s)
    os.mkdir(s.path("first"))
    yield
    s.write("first/x.h", "#define X 2\n")
    yield
    os.unlink(s.path("first/x.h"))
    os.mkdir(s.path("first/x.h"))  # passed over
    s.same_result = True


@case("an earlier `-I` folder appears, with the header")
def earlier_folder_appears(s):
    layers(s)
    yield
    s.write("first/x.h", "#define X 2\n")


@case("the header goes, and one in a later folder is found")
def header_goes(s):
    layers(s)
    s.write("first/x.h", "#define X 2\n")
    yield
    os.unlink(s.path("first/x.h"))


@case("a file that `.incbin` takes in changes")
def incbin(s):
    s.write("data.bin", "one")
    s.source('__asm__(".incbin \\"data.bin\\"");\n')
    yield
    s.write("data.bin", "two")


@case("the same, with `.incbin` in a string of two parts")
def incbin_in_two_strings(s):
    s.write("data.bin", "one")
    s.source('__asm__(".inc" "bin \\"data.bin\\"");\n')
    yield
    s.write("data.bin", "two")


@case("the same, with the parts from macros")
def incbin_from_macros(s):
    s.write("data.bin", "one")
    s.source('#define TEXT_(x) #x\n#define TEXT(x) TEXT_(x)\n#define TAKE bin\n'
             '__asm__(".inc" TEXT(TAKE) " \\"data.bin\\"");\n')
    yield
    s.write("data.bin", "two")


@case("the same, spelled with escapes")
def incbin_with_escapes(s):
    s.write("data.bin", "one")
    s.source('__asm__("\\x2e\\151ncbin \\"data.bin\\"");\n')
    yield
    s.write("data.bin", "two")


@case("the same, put together by a macro of the assembler")
def incbin_from_assembler_macro(s):
    s.write("data.bin", "one")
    s.source('__asm__(".macro take x\\n.inc\\\\x \\"data.bin\\"\\n.endm\\ntake bin");\n')
    yield
    s.write("data.bin", "two")


@case("a file that `.incbin` takes in changes, from an assembler source")
def incbin_in_assembler(s):
    s.write("data.bin", "one")
    s.source('.incbin "data.bin"\n', name="a.S", compiler=s.c)
    yield
    s.write("data.bin", "two")


@case("a file that `.include` takes in changes, in assembler from C")
def asm_include(s):
    s.write("data.inc", ".byte 1\n")
    s.source('__asm__(".include \\"data.inc\\"");\n')
    yield
    s.write("data.inc", ".byte 2\n")


@case("a `-isystem` header changes under `-MMD`")
def system_header_under_mmd(s):
    s.write("system/x.h", "#define X 1\n")
    s.source(USE, "-isystem", "system")
    s.command[s.command.index("-MD")] = "-MMD"
    yield
    s.write("system/x.h", "#define X 2\n")


@case("a header gets other content of the same size, with the old time stamp")
def same_size_and_mtime(s):
    s.write("x.h", "#define X 1\n")
    s.source(USE, "-I.")
    yield
    s.write("x.h", "#define X 2\n")
    yield
    s.overwrite("x.h", "#define X 3\n")


@case("a header becomes an older one (a clock set back, an unpacked archive)")
def older_header(s):
    s.write("x.h", "#define X 1\n")
    s.source(USE, "-I.")
    yield
    s.write("x.h", "#define X 2\n")
    os.utime(s.path("x.h"), ns=(PAST_NS // 2, PAST_NS // 2))


@case("a header from the future gets other content")
def header_from_the_future(s):
    future = 4_000_000_000_000_000_000
    s.write("x.h", "#define X 1\n")
    os.utime(s.path("x.h"), ns=(future, future))
    s.source(USE, "-I.")
    yield
    s.write("x.h", "#define X 2\n")
    os.utime(s.path("x.h"), ns=(future, future))
    yield
    s.write("x.h", "#define X 3\n")
    os.utime(s.path("x.h"), ns=(future // 2, future // 2))


@case("the same source text in another folder, beside another header of the same name")
def other_working_folder(s):
    for number in (1, 2):
        s.write(f"{number}/x.h", f"#define X {number}\n")
        s.write(f"{number}/a.c", '#include "x.h"\nint x = X;\n')
    s.source("")
    s.cwd = s.path("1")
    s.command = [s.c, "-MD", "-MF", "../a.d", "-c", "a.c", "-o", "../a.o"]
    yield
    s.cwd = s.path("2")


@case("the source gets other content of the same size, with the old time stamp")
def source_with_same_size_and_mtime(s):
    s.source("int x = 1;\n")
    yield
    s.overwrite("a.c", "int x = 2;\n")


@case("a symlink to a header is turned to another file")
def symlink_retarget(s):
    s.write("one.h", "#define X 1\n")
    s.write("two.h", "#define X 2\n")
    os.symlink("one.h", s.path("x.h"))
    s.source(USE, "-I.")
    yield
    os.unlink(s.path("x.h"))
    os.symlink("two.h", s.path("x.h"))


@case("a symlink to an include folder is turned to another folder")
def folder_symlink_retarget(s):
    s.write("one/x.h", "#define X 1\n")
    s.write("two/x.h", "#define X 2\n")
    os.symlink("one", s.path("now"))
    s.source(USE, "-Inow")
    yield
    os.unlink(s.path("now"))
    os.symlink("two", s.path("now"))


@case("an include folder is moved away, another takes its place, and back")
def folder_moved_away(s):
    s.write("inc/x.h", "#define X 1\n")
    s.write("other/x.h", "#define X 2\n")
    s.source(USE, "-Iinc")
    yield
    swap(s.path("inc"), s.path("other"))
    yield
    s.same_result = True
    swap(s.path("inc"), s.path("other"))


@case("the folder above the include folder is swapped")
def grandparent_swapped(s):
    s.write("a/inc/x.h", "#define X 1\n")
    s.write("b/inc/x.h", "#define X 2\n")
    s.source(USE, "-Ia/inc")
    yield
    swap(s.path("a"), s.path("b"))


@case("a header is edited through a hard link elsewhere")
def hard_linked_twin(s):
    s.write("elsewhere/x.h", "#define X 1\n")
    os.mkdir(s.path("inc"))
    os.link(s.path("elsewhere/x.h"), s.path("inc/x.h"))
    s.source(USE, "-Iinc")
    yield
    s.overwrite("elsewhere/x.h", "#define X 2\n")


@case("a header is edited through a writable mapping")
def mapped_write(s):
    s.write("x.h", "#define X 1\n")
    s.source(USE, "-I.")
    yield
    with open(s.path("x.h"), "r+b") as file, mmap.mmap(file.fileno(), 0) as mapped:
        mapped[10:11] = b"2"
    os.utime(s.path("x.h"), ns=(PAST_NS, PAST_NS))


@case("another folder is mounted over the include folder", mounts=True)
def bind_mount(s):
    s.write("inc/x.h", "#define X 1\n")
    s.write("other/x.h", "#define X 2\n")
    s.source(USE, "-Iinc")
    yield
    done = subprocess.run(["mount", "--bind", s.path("other"), s.path("inc")], capture_output=True, check=False)
    if done.returncode != 0:
        raise Skip("mounting is not permitted here")
    try:
        yield
    finally:
        subprocess.run(["umount", s.path("inc")], check=False)
        s.same_result = True


def changing_compiler(s, text):
    """A wrapper that runs `text` once, when the compile proper begins, if `armed` is there: no waiting needed."""
    s.write("wrapper", f"""#!/bin/sh
case " $* " in
  *" -E "*|*" -### "*|*" -v "*) ;;
  *" -c "*) if mv armed disarmed 2>/dev/null; then {text}; fi ;;
esac
exec {s.c} "$@"
""", 0o755)
    s.once = lambda: s.write("armed", "")
    s.repeats, s.same_result = False, True


def ending_compiler(s, text):
    """A wrapper that runs `text` once, when the compiler has read everything, if `armed` is there."""
    s.write("wrapper", f"""#!/bin/sh
{s.c} "$@" || exit
case " $* " in
  *" -E "*|*" -### "*|*" -v "*) ;;
  *" -c "*) if mv armed disarmed 2>/dev/null; then {text}; fi ;;
esac
exit 0
""", 0o755)
    s.once = lambda: s.write("armed", "")
    s.repeats = False


@case("the source is edited while the compiler starts, and changed back")
def source_edited_during_compile(s):
    changing_compiler(s, "mv edited a.c")
    s.source("int x = 1;\n", compiler=s.path("wrapper"))
    s.write("edited", "int x = 2;\n")
    yield
    s.write("a.c", "int x = 1;\n")


@case("a header is edited while the compiler starts, and changed back")
def header_edited_during_compile(s):
    changing_compiler(s, "mv edited x.h")
    s.write("x.h", "#define X 1\n")
    s.source(USE, "-I.", compiler=s.path("wrapper"))
    s.write("edited", "#define X 2\n")
    yield
    s.write("x.h", "#define X 1\n")


@case("a header appears in an earlier folder while the compiler starts, and goes again")
def header_appears_during_compile(s):
    changing_compiler(s, "mv edited first/x.h")
    layers(s)
    os.mkdir(s.path("first"))
    s.command[0] = s.path("wrapper")
    s.write("edited", "#define X 2\n")
    yield
    os.unlink(s.path("first/x.h"))


@case("an include folder is swapped while the compiler starts, and swapped back while it ends")
def folder_swapped_during_compile(s):
    s.write("inc/x.h", "#define X 1\n")
    s.write("other/x.h", "#define X 2\n")
    swapping = "mv inc aside; mv other inc; mv aside other"
    s.write("wrapper", f"""#!/bin/sh
armed=
case " $* " in
  *" -E "*|*" -### "*|*" -v "*) ;;
  *" -c "*) if mv armed disarmed 2>/dev/null; then armed=1; {swapping}; fi ;;
esac
{s.c} "$@" || exit
if [ "$armed" ]; then {swapping}; fi
""", 0o755)
    s.once = lambda: s.write("armed", "")
    s.repeats, s.same_result = False, True
    s.source(USE, "-Iinc", compiler=s.path("wrapper"))
    yield


@case("a link to an include folder is turned while the compiler starts, and turned back while it ends")
def link_turned_during_compile(s):
    s.write("one/x.h", "#define X 1\n")
    s.write("two/x.h", "#define X 2\n")
    os.symlink("one", s.path("now"))
    s.write("wrapper", f"""#!/bin/sh
armed=
case " $* " in
  *" -E "*|*" -### "*|*" -v "*) ;;
  *" -c "*) if mv armed disarmed 2>/dev/null; then armed=1; ln -sfn two now; fi ;;
esac
{s.c} "$@" || exit
if [ "$armed" ]; then ln -sfn one now; fi
""", 0o755)
    s.once = lambda: s.write("armed", "")
    s.repeats, s.same_result = False, True
    s.source(USE, "-Inow", compiler=s.path("wrapper"))
    yield


@case("the source is edited while the compiler ends")
def source_edited_at_the_end(s):
    ending_compiler(s, "mv edited a.c")
    s.source("int x = 1;\n", compiler=s.path("wrapper"))
    s.write("edited", "int x = 2;\n")
    yield


@case("a header is edited while the compiler ends")
def header_edited_at_the_end(s):
    ending_compiler(s, "mv edited x.h")
    s.write("x.h", "#define X 1\n")
    s.source(USE, "-I.", compiler=s.path("wrapper"))
    s.write("edited", "#define X 2\n")
    yield


@case("`__DATE__` in a header, a day later")
def date_in_header(s):
    # Today's date is what a library says that is loaded before all others.
    s.write("now", "1600000000\n")
    s.write("clock.c", """#include <stdio.h>
#include <time.h>
time_t time(time_t *result) {
  long now = 0;
  FILE *file = fopen("%s", "r");
  if (file) { if (fscanf(file, "%%ld", &now) != 1) now = 0; fclose(file); }
  if (result) *result = now;
  return now;
}
""" % s.path("now"))
    s.make("gcc", "-shared", "-fPIC", "-o", "clock.so", "clock.c")
    s.environment["LD_PRELOAD"] = s.path("clock.so")
    s.write("x.h", "#define X __DATE__\n")
    s.source('#include <x.h>\nconst char *x = X;\n', "-I.")
    yield
    s.write("now", "1600086400\n")


@case("`__TIME__` in a header, a second later")
def time_in_header(s):
    s.by_the_clock = True
    s.write("x.h", "#define X __TIME__\n")
    s.source('#include <x.h>\nconst char *x = X;\n', "-I.")
    yield
    wait_for_the_next_second()


@case("`__TIME__` by a macro of the command line, a second later")
def time_on_command_line(s):
    s.by_the_clock = True
    s.source("const char *x = X;\n", "-DX=__TIME__")
    yield
    wait_for_the_next_second()


@case("`__TIMESTAMP__`, and the source is touched")
def timestamp(s):
    s.source("const char *x = __TIMESTAMP__;\n")
    yield
    os.utime(s.path("a.c"), ns=(PAST_NS + 5_000_000_000, PAST_NS + 5_000_000_000))


@case("`__TIMESTAMP__` in a header, and the source is touched")
def timestamp_in_header(s):
    s.write("x.h", "#define X __TIMESTAMP__\n")
    s.source('#include <x.h>\nconst char *x = X;\n', "-I.")
    yield
    os.utime(s.path("a.c"), ns=(PAST_NS + 5_000_000_000, PAST_NS + 5_000_000_000))


@case("the content of a response file changes")
def response_file(s):
    s.write("flags", "-DX=1")
    s.source("int x = X;\n", "@flags")
    yield
    s.write("flags", "-DX=2")


@case("a `-include` header appears in the working directory, before the one found by `-I`")
def forced_include(s):
    s.write("inc/x.h", "#define X 1\n")
    s.source("int x = X;\n", "-include", "x.h", "-Iinc")
    yield
    s.write("x.h", "#define X 2\n")


@case("a file that only a diagnostic quotes changes", ("gcc",))
def quoted_file(s):
    s.write("grammar.y", "one line\n")
    s.source('#line 1 "grammar.y"\nint f(void) { int unused = 1; return 0; }\n', "-Wall")
    yield
    s.write("grammar.y", "another line\n")


TWIN = "#pragma once\n#include <stddef.h>\n"


def twins(s):
    """Two headers that GCC takes for one: bytes and time are the same. It does not name the second in the depfile."""
    s.write("a/x.h", TWIN)
    s.write("b/y.h", TWIN)
    s.source('#include "a/x.h"\n#include "b/y.h"\n#ifndef Y\n#define Y 0\n#endif\nint y = Y;\n')


@case("a header with `#pragma once` that was passed over as the copy of another changes")
def once_twin_changes(s):
    twins(s)
    yield
    s.write("b/y.h", "#define Y 2\n")


@case("a header with `#pragma once` becomes the copy of another, and changes")
def once_twin_comes(s):
    twins(s)
    s.write("b/y.h", "#pragma once\n#define Y 1\n")
    yield
    s.write("b/y.h", TWIN)
    yield
    s.write("b/y.h", "#pragma once\n#define Y 2\n")


@case("the copy of a header with `#pragma once` gets the time of the other", ("gcc",))
def once_twin_touched(s):
    twins(s)
    os.utime(s.path("b/y.h"), ns=(PAST_NS + 5_000_000_000, PAST_NS + 5_000_000_000))
    yield
    os.utime(s.path("b/y.h"), ns=(PAST_NS, PAST_NS))


@case("a header that `#include_next` passed over as the copy of another changes")
def once_twin_of_next(s):
    text = "#pragma once\n#include_next <x.h>\n"
    s.write("a/x.h", text)
    s.write("b/x.h", text)
    s.write("c/x.h", "")
    s.source('#include <x.h>\n#ifndef X\n#define X 1\n#endif\nint x = X;\n', "-Ia", "-Ib", "-Ic")
    yield
    s.write("b/x.h", "#define X 2\n")


@case("an object is used under another name: the depfile's target changes", BOTH)
def other_target(s):
    s.source("int x = 1;\n")
    s.outputs += ["b.o", "b.d"]
    yield
    s.command = [word.replace("a.o", "b.o").replace("a.d", "b.d") for word in s.command]


@case("the depfile is wanted with another target")
def other_depfile_target(s):
    s.source("int x = 1;\n", "-MT", "one")
    yield
    s.command[s.command.index("one")] = "two"
    yield
    s.command[s.command.index("-MT")] = "-MQ"
    s.command[s.command.index("two")] = "$two"


@case("clang-cl: a header appears beside the source, before the one that another header's `#include` finds", ("clang-cl",))
def header_beside_an_includer(s):
    s.write("sub/y.h", '#include "x.h"\n')
    s.write("later/x.h", "#define X 1\n")
    s.source('#include "sub/y.h"\nint x = X;\n', "-Ilater")
    s.without_depfile()
    yield
    s.write("x.h", "#define X 2\n")


@case("Clang: a header that `#pragma include_alias` puts for another is found in an earlier folder", ("clang", "clang-cl"))
def aliased_header(s):
    s.write("later/real.h", "#define X 1\n")
    os.mkdir(s.path("first"))
    s.source('#pragma include_alias("x.h", "real.h")\n#include "x.h"\nint x = X;\n', "-fms-extensions", "-Ifirst", "-Ilater")
    yield
    s.write("first/real.h", "#define X 2\n")
