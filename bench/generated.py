"""A generated project: many small units, each of which includes the same headers, built by Ninja with a played compiler that
writes object and depfile at once, so that what is measured is the cache."""

import os
import subprocess

FOLDERS = 12  # that the headers lie in
COMPILER = r"""
#include <stdio.h>
#include <string.h>
#include <unistd.h>
/* Compiles nothing: the object holds the source's name, the depfile what the file `headers` lists. Asked about itself it is gcc. */
int main(int argc, char** argv) {
  const char *object = 0, *depfile = 0, *source = 0;
  int compiles = 0;
  for (int i = 1; i < argc; ++i) {
    if (!strcmp(argv[i], "-###")) compiles = -1;
    if (!strcmp(argv[i], "-c") && compiles == 0) compiles = 1;
    if (!strcmp(argv[i], "-o")) object = argv[i + 1];
    if (!strcmp(argv[i], "-MF")) depfile = argv[i + 1];
    if (argv[i][0] != '-' && strstr(argv[i], ".c") && access(argv[i], R_OK) == 0) source = argv[i];
  }
  if (compiles != 1 || !object) { argv[0] = "/usr/bin/gcc"; execv(argv[0], argv); return 1; }
  static char deps[1 << 20];
  if (depfile) {
    FILE* list = fopen("headers", "r");
    size_t size = list ? fread(deps, 1, sizeof deps, list) : 0;
    FILE* file = fopen(depfile, "w");
    fprintf(file, "%s: %s \\\n", object, source);
    fwrite(deps, 1, size, file);
    fclose(file);
  }
  FILE* out = fopen(object, "w");
  fprintf(out, "%s\n", source);
  return fclose(out);
}
"""


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def write_headers(source, count):
    """`count` small headers in a few folders; returns the lines that include them all."""
    for i in range(count):
        write(os.path.join(source, f"part{i % FOLDERS}", f"header{i}.h"),
              f"#pragma once\nint function{i}(int);\n" + "/* some text of a header */\n" * 20)
    return "".join(f'#include "part{i % FOLDERS}/header{i}.h"\n' for i in range(count))


def write_sources(source, units, headers):
    includes = write_headers(source, headers)
    for i in range(units):
        write(os.path.join(source, f"unit{i}.c"), includes + f"int unit{i}(void) {{ return {i}; }}\n")


def write_compiler(path):
    write(path + ".c", COMPILER)
    subprocess.run(["gcc", "-O2", "-static", "-w", path + ".c", "-o", path], check=True)


def write_build(build, source, units, headers, command):
    """A build tree whose compiles are `command` (in Ninja's words, with $in and $out)."""
    names = [os.path.join(source, f"part{i % FOLDERS}", f"header{i}.h") for i in range(headers)]
    write(os.path.join(build, "headers"), "".join(f" {name} \\\n" for name in names) + "\n")
    os.makedirs(os.path.join(build, "o"))
    write(os.path.join(build, "build.ninja"),
          f"rule cc\n  command = {command}\n  depfile = $out.d\n  deps = gcc\n" +
          "".join(f"build o/unit{i}.o: cc {source}/unit{i}.c\n" for i in range(units)))


def write_config(build, source, shared=""):
    """What the CMake module would have written for CompilerCache."""
    write(os.path.join(build, ".compiler-cache", "config"),
          f"compiler-cache-config 1\nsource_root={source}\nbuild_root={build}\nshared_dir={shared}\nmax_size=5G\n"
          "idle_timeout=600\n")
