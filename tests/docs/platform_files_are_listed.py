#!/usr/bin/env python3
"""docs/windows.md names every source file that includes a header of the platform, and no file that is not there."""

import glob
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ROOMS = ("base", "depscan", "protocol", "launcher", "helper")
PLATFORM = re.compile(r"#include <(unistd|fcntl|poll|signal|dirent|spawn|sched|pwd|dlfcn|sys/\w+|linux/\w+|netinet/\w+)\.h>")


def main():
    with open(os.path.join(ROOT, "docs", "windows.md"), encoding="utf-8") as file:
        text = file.read()
    named = set(re.findall(r"`((?:" + "|".join(ROOMS) + r")/[\w./]+\.(?:cc|h))`", text))
    wrong = [f"docs/windows.md names {name}, which is not there"
             for name in sorted(named) if not os.path.exists(os.path.join(ROOT, name))]
    knowing = 0
    for room in ROOMS:
        for path in sorted(glob.glob(os.path.join(ROOT, room, "*.cc")) + glob.glob(os.path.join(ROOT, room, "*.h"))):
            with open(path, encoding="utf-8") as file:
                header = PLATFORM.search(file.read())
            name = os.path.relpath(path, ROOT)
            knowing += bool(header)
            if header and name not in named:
                wrong.append(f"{name} includes {header[0].split()[1]}: say in docs/windows.md what a port makes of it")
    print("\n".join(wrong) or f"{knowing} files know the platform, and each is named")
    return 1 if wrong or not knowing else 0


if __name__ == "__main__":
    sys.exit(main())
