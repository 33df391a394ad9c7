"""Static libraries: what an archiver is given, and what it is itself. Others cache none, so they are right."""

import os
import shutil
import subprocess

from cases import case

KIND = ("gcc",)
OPERATION = "qc"


def library(s, *members, operation=OPERATION):
    """The command that makes a library of these members, of which each is an object of a function of its name. Ours stands for
    the removal of an old one, which the scene does for every command."""
    for name in dict.fromkeys(members):
        compiled(s, name, f"int {os.path.basename(name)}(void) {{ return 1; }}\n")
    s.archive([s.archiver, operation, "a.a", *(name + ".o" for name in members)])


def compiled(s, name, text):
    """Made by somebody else, long ago by its time stamp."""
    s.write(name + ".c", text)
    s.make(s.c, "-c", name + ".c", "-o", name + ".made")
    with open(s.path(name + ".made"), "rb") as file:
        s.write(name + ".o", file.read())


@case("a member of a static library changes", KIND)
def member_changes(s):
    library(s, "one", "two")
    yield
    compiled(s, "two", "int two(void) { return 2; }\n")
    yield
    compiled(s, "two", "int three(void) { return 3; }\n")


@case("a member of a static library is written to in place, with its old size and time", KIND)
def member_changes_in_place(s):
    library(s, "one", "two")
    yield
    path = s.path("two.o")
    before = os.stat(path)
    with open(path, "r+b") as file:
        file.seek(72)
        file.write(b"X")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@case("a member of a static library is written to in place, just after it was made", KIND)
def member_changes_in_the_same_moment(s):
    library(s, "one", "two")
    yield
    for value in (2, 3):
        compiled(s, "two", f"int two(void) {{ return {value}; }}\n")
        with open(s.path("two.o"), "r+b") as file:
            file.seek(72 + value)
            file.write(b"Y")
        yield


@case("the members of a static library change places", KIND)
def members_reordered(s):
    library(s, "one", "two")
    yield
    s.command[-2:] = reversed(s.command[-2:])


@case("two members of a static library change names, each with the other's content", KIND)
def members_renamed(s):
    library(s, "one", "two")
    yield
    os.rename(s.path("one.o"), s.path("aside"))
    os.rename(s.path("two.o"), s.path("one.o"))
    os.rename(s.path("aside"), s.path("two.o"))


@case("a member of a static library gets another name, and has its old content", KIND)
def member_renamed(s):
    library(s, "one", "two")
    yield
    os.rename(s.path("two.o"), s.path("other.o"))
    s.command[-1] = "other.o"


@case("a static library has one member less", KIND)
def member_goes(s):
    library(s, "one", "two", "three")
    yield
    s.command.pop()


@case("a static library has a member twice", KIND)
def member_twice(s):
    library(s, "one", "two")
    yield
    s.command.append("two.o")


@case("a member of a static library is a link, which leads elsewhere", KIND)
def member_behind_a_link(s):
    library(s, "one", "two", "three")
    os.unlink(s.path("two.o"))
    os.symlink("one.o", s.path("two.o"))
    yield
    os.unlink(s.path("two.o"))
    os.symlink("three.o", s.path("two.o"))


@case("the members of a static library stand in a response file, which changes", KIND)
def members_in_a_response_file(s):
    library(s, "one", "two")
    s.write("members", "one.o two.o\n")
    s.command[-2:] = ["@members"]
    yield
    s.write("members", "two.o one.o\n")


@case("a member of a thin archive defines something else", KIND)
def member_of_a_thin_archive(s):
    library(s, "one", "two", operation="qcT")
    yield
    compiled(s, "two", "int three(void) { return 1; }\n")


@case("the letters of the archiver change: a thin archive, none with a symbol table", KIND)
def letters_change(s):
    library(s, "one", "two")
    yield
    s.command[1] = "qcT"
    yield
    s.command[1] = "qcS"


@case("the archiver is replaced in place", KIND)
def archiver_replaced(s):
    s.archiver = s.path("tools/ar")
    os.makedirs(s.path("tools"))
    shutil.copy(os.path.realpath(shutil.which("ar")), s.archiver)
    library(s, "one", "two")
    yield
    other_archiver(s, "tools/ar")


@case("another archiver appears earlier in the path", KIND)
def archiver_appears(s):
    os.mkdir(s.path("first"))
    s.environment["PATH"] = s.path("first") + ":" + s.environment["PATH"]
    s.archiver = "ar"
    library(s, "one", "two")
    yield
    other_archiver(s, "first/ar")


def other_archiver(s, name):
    """One that leaves out the symbol table."""
    real = os.path.realpath(shutil.which("ar"))
    s.program(name, f"""#include <string.h>
#include <unistd.h>
static char letters[] = "qcS";
int main(int argc, char** argv) {{
  if (argc > 2 && strcmp(argv[1], "qc") == 0) argv[1] = letters;
  execv("{real}", argv);
  return 1;
}}
""")


@case("a restored static library is written to in place, and wanted again", KIND)
def library_changed_in_place(s):
    s.same_result = True
    library(s, "one", "two")
    yield
    subprocess.run(["ar", "d", s.path("a.a"), "two.o"], check=True)
