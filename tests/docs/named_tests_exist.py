#!/usr/bin/env python3
"""Every test that the documents name is there: `Suite.name`, `.name` (of the suite named last), `folder.case`.

A name may be cut short by `…`, and end in `*`. Words in backquotes of which no suite is known are no tests.
"""

import glob
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CASES = ("builds", "module")  # a file for each
SCRIPTED = ("stress", "differential", "oracle", "holes", "faults")  # named in CMakeLists.txt


def known_tests():
    found = {}
    for path in glob.glob(os.path.join(ROOT, "tests", "**", "*.cc"), recursive=True):
        with open(path, encoding="utf-8") as file:
            for suite, name in re.findall(r"^TEST(?:_[FP])?\(\s*(\w+),\s*(\w+)\)", file.read(), re.MULTILINE):
                found.setdefault(suite, set()).add(name)
    for suite in CASES:
        found[suite] = {os.path.basename(path)[:-len(".sh")]
                        for path in glob.glob(os.path.join(ROOT, "tests", suite, "cases", "*.sh"))}
    for suite in SCRIPTED:
        with open(os.path.join(ROOT, "tests", suite, "CMakeLists.txt"), encoding="utf-8") as file:
            found[suite] = set(re.findall(r"\b" + suite + r"\.([\w-]*)", file.read()))
    with open(os.path.join(ROOT, "tests", "faults", "cases.py"), encoding="utf-8") as file:
        found["faults"] |= set(re.findall(r"^def (\w+)\(case\):", file.read(), re.MULTILINE))
    found["faults"] |= {"launcher_calls_that_fail", "helper_calls_that_fail"}  # one line of CMake for both
    return found


def named_tests(text):
    """(suite, name, whether it is cut short, whether the suite is given) of each."""
    suite = None
    for word in re.findall(r"`([^`\s]+)`", text):
        match = re.fullmatch(r"(\w*)\.([A-Za-z_]\w*)?(…|\*)?[\w…]*", word)
        if not match or not (match[2] or match[3]):
            continue
        if match[1]:
            suite = match[1]
        yield suite, match[2] or "", bool(match[3]), bool(match[1])


def main():
    tests = known_tests()
    failures, checked = [], 0
    for path in sorted(glob.glob(os.path.join(ROOT, "docs", "*.md"))):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for suite, name, cut, full in named_tests(text):
            if suite in tests and (full or re.match(r"[A-Z]|\w+_\w+_", name)):
                checked += 1
                there = any(known.startswith(name) for known in tests[suite]) if cut else name in tests[suite]
                if not there:
                    failures.append(f"{os.path.basename(path)}: {suite}.{name}{'…' if cut else ''}")
            elif full and re.fullmatch(r"[A-Z]\w*Test", suite or ""):
                failures.append(f"{os.path.basename(path)}: no suite {suite}")
    for failure in failures:
        print("no such test:", failure)
    print(f"{checked} names of tests in the documents")
    return 1 if failures or checked < 50 else 0


if __name__ == "__main__":
    sys.exit(main())
