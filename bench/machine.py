"""On what was measured: processor, memory, file system, programs."""

import os
import platform
import re
import shutil
import subprocess


def first_line(*command):
    if not shutil.which(command[0]):
        return "none"
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout.partition("\n")[0]


def field(path, name):
    with open(path, encoding="utf-8") as file:
        match = re.search(rf"^{name}\s*:\s*(.*)$", file.read(), re.MULTILINE)
    return match[1] if match else "unknown"


def file_system(folder):
    """The type of the mount that holds the folder: the longest that its path begins with."""
    best = ("", "unknown")
    with open("/proc/self/mounts", encoding="utf-8") as file:
        for line in file:
            _, mount, kind = line.split()[:3]
            if os.path.realpath(folder).startswith(mount) and len(mount) >= len(best[0]):
                best = (mount, kind)
    return best[1]


def system():
    with open("/etc/os-release", encoding="utf-8") as file:
        match = re.search(r'^PRETTY_NAME="?(.*?)"?$', file.read(), re.MULTILINE)
    return f"{match[1] if match else 'Linux'}, Linux {platform.release().partition('-')[0]}"


def describe(folder):
    """Rows (what, value) of a table."""
    gib = int(field("/proc/meminfo", "MemTotal").split()[0]) / (1 << 20)
    return [
        ("processor", f"{field('/proc/cpuinfo', 'model name')}, {os.cpu_count()} of them"),
        ("memory", f"{gib:.0f} GiB"),
        ("file system", file_system(folder)),
        ("system", system()),
        ("compiler", first_line("c++", "--version")),
        ("CMake, Ninja", f"{first_line('cmake', '--version').removeprefix('cmake version ')}, {first_line('ninja', '--version')}"),
        ("launcher's C library", "musl" if shutil.which("musl-gcc") else "glibc, static"),
        ("load average before", " ".join(f"{value:.2f}" for value in os.getloadavg())),
    ]
