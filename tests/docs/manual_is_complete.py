#!/usr/bin/env python3
"""The man pages have every subcommand, variable and target, and none that is not there; the README every variable and target.

One argument: the folder of the man pages.
"""

import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HIDDEN = {"dump"}  # for those who work on the helper


def read(*parts):
    with open(os.path.join(*parts), encoding="utf-8") as file:
        return file.read()


def headed(page, section):
    """What the tagged paragraphs of a section are about."""
    text = re.search(r"^\.SH " + section + r"\n(.*?)(?=^\.SH |\Z)", page, re.MULTILINE | re.DOTALL)[1]
    return {name.replace("\\-", "-") for name in re.findall(r"^\.TP\n\.BI? (\S+)", text, re.MULTILINE)}


def compare(what, there, documented, exact=True):
    wrong = [f"{what}: {name} is missing" for name in sorted(there - documented)]
    if exact:
        wrong += [f"{what}: there is no {name}" for name in sorted(documented - there)]
    return wrong


def main():
    man = sys.argv[1]
    subcommands = set(re.findall(r'^    \{"([a-z-]+)", "', read(ROOT, "helper", "main.cc"), re.MULTILINE)) - HIDDEN
    variables = set(re.findall(r"_compiler_cache_option\((\w+) ", read(ROOT, "cmake", "CompilerCacheOptions.cmake")))
    variables.add("COMPILER_CACHE")
    targets = {"cache-" + name for name in
               re.findall(r'_compiler_cache_add_target\((\w+) "', read(ROOT, "cmake", "CompilerCacheTree.cmake"))}
    options = set(re.findall(r'(?:add_option|add_flag)\("(--[a-z-]+)"', read(ROOT, "helper", "main.cc")))
    if len(subcommands) < 5 or len(variables) < 10 or len(targets) < 4 or len(options) < 5:
        print("the sources are not read rightly any more", subcommands, variables, targets, options)
        return 1
    program, module = read(man, "compiler-cache-helper.1.in"), read(man, "CompilerCache.7.in")
    readme = set(re.findall(r"^\| `([\w-]+)` \|", read(ROOT, "README.md"), re.MULTILINE))
    wrong = compare("compiler-cache-helper(1)", subcommands, headed(program, "SUBCOMMANDS"))
    wrong += compare("compiler-cache-helper(1)", options, headed(program, "OPTIONS") | {"--help", "--version"}, False)
    wrong += compare("CompilerCache(7)", variables, headed(module, "VARIABLES"))
    wrong += compare("CompilerCache(7)", targets, headed(module, "TARGETS"))
    wrong += compare("README.md", variables | targets, readme, False)
    print("\n".join(wrong) or f"{len(subcommands)} subcommands, {len(variables)} variables, {len(targets)} targets")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
