"""Reads what `strace -f -y` wrote, and cuts it into compiles: what each compiler process that a launcher started did
with names in the file system.

A compile is one launcher process. What counts are the events of the processes below it, from the moment that each runs
a program of its own (the launcher's own files are no matter of the compiler's)."""

import os
import re

TRACE = "%file,%process,fchdir"

LINE = re.compile(r"^(\d+) +(?:(\w+)\((.*)|<\.\.\. (\w+) resumed>(.*))$")
RESULT = re.compile(r"^(.*)\)\s+= (-?\d+|\?)(?:<((?:[^>\\]|\\.)*)>)?(?: ([A-Z0-9]+))?")
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
FOLDER_ARGUMENT = re.compile(r"^(?:AT_FDCWD|\d+)<([^>]*)>, ")
ESCAPE = re.compile(r"\\([0-7]{1,3}|.)")

FORKS = {"fork", "vfork", "clone", "clone3"}
# Names are their first (and, for the second group, also their second) string argument.
ONE_NAME = {
    "open", "openat", "openat2", "creat", "stat", "lstat", "newfstatat", "statx", "access", "faccessat", "faccessat2",
    "readlink", "readlinkat", "execve", "execveat", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir", "chmod",
    "fchmodat", "chown", "lchown", "fchownat", "utime", "utimes", "utimensat", "futimesat", "truncate", "statfs",
    "chdir", "mknod", "mknodat", "getxattr", "lgetxattr", "listxattr", "llistxattr", "setxattr", "inotify_add_watch",
}
TWO_NAMES = {"rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat"}
WITHOUT_NAMES = {"getcwd", "fchdir", "exit", "exit_group", "wait4", "waitid", "kill", "tgkill", "pidfd_open",
                 "pidfd_send_signal", "rt_sigqueueinfo", "tkill"} | FORKS


class Event:
    """One system call on one name. `path` is absolute, as the process spelled it; `error` is "" when it worked."""

    def __init__(self, call, path, error, text, result, process):
        self.call, self.path, self.error, self.text = call, path, error, text
        self.result, self.process = result, process

    def opens(self):
        return self.call in ("open", "openat", "openat2", "creat")

    def writes(self):
        """Makes or changes a file or an entry."""
        if self.opens():
            return self.call == "creat" or re.search(r"\bO_(WRONLY|RDWR|CREAT|TRUNC)\b", self.text) is not None
        return self.call in TWO_NAMES or self.call.startswith(
            ("unlink", "mkdir", "rmdir", "chmod", "fchmodat", "chown", "lchown", "fchownat", "utim", "futimes",
             "truncate", "mknod", "setxattr"))

    def creates(self):
        return self.opens() and not self.error and self.writes() and re.search(r"\bO_(CREAT|TRUNC)\b", self.text)


class Compile:
    def __init__(self):
        self.events = []
        self.argv = None  # of the first program that the launcher ran
        self.programs = []  # all that were run
        self.cwd = None


def unescape(text):
    simple = {"n": "\n", "t": "\t", "r": "\r", "v": "\v", "f": "\f"}

    def one(match):
        code = match.group(1)
        return chr(int(code, 8)) if code[0] in "01234567" else simple.get(code, code)

    return ESCAPE.sub(one, text).encode("latin-1", "replace").decode("utf-8", "surrogateescape")


def calls(lines):
    """(process, call, arguments, result, error) for each complete call, in the order in which they ended."""
    begun = {}
    for line in lines:
        match = LINE.match(line.rstrip("\n"))
        if not match:
            continue  # a signal, or the end of a process
        process, call, rest, resumed, tail = match.groups()
        if resumed:
            call, rest = begun.pop(process, (resumed, ""))
            rest += tail
        if rest.endswith("<unfinished ...>"):
            begun[process] = (call, rest[: -len("<unfinished ...>")].rstrip())
            continue
        result = RESULT.match(rest)
        if result:
            yield process, call, result.group(1), result.group(2), result.group(4) or ""
        elif "(" not in rest and call not in WITHOUT_NAMES and "= ?" not in rest:
            raise ValueError("cannot read this line of strace: " + line)


def arguments_of(text):
    """The argv of an execve."""
    begin = text.index("[")
    return [unescape(word) for word in STRING.findall(text[begin: text.rindex("]")])]


class Reader:
    def __init__(self, lines, start_folder, is_launcher):
        self.start_folder, self.is_launcher = start_folder, is_launcher
        self.calls = list(calls(lines))
        self.parent, self.folder, self.launched, self.has_program = {}, {}, {}, set()
        self.compiles = {}

    def read(self):
        # A child's first calls may come before the call that made it ends: who is whose child comes first.
        for process, call, _, result, error in self.calls:
            if call in FORKS and not error and result not in ("?", "0"):
                self.parent[result] = process
        for process, call, text, result, error in self.calls:
            self.take(process, call, text, result, error)
        return [compile_ for compile_ in self.compiles.values() if compile_.argv]

    def folder_of(self, process):
        while process not in self.folder:
            if process not in self.parent:
                return self.start_folder
            process = self.parent[process]
        return self.folder[process]

    def launcher_of(self, process):
        """The launcher process that this one is or is below of; None for others."""
        while process is not None and process not in self.launched:
            process = self.parent.get(process)
        return process

    def take(self, process, call, text, result, error):
        if call in WITHOUT_NAMES:
            if call == "fchdir" and not error and "<" in text:
                self.folder[process] = text[text.index("<") + 1: text.rindex(">")]
            return
        if call not in ONE_NAME and call not in TWO_NAMES:
            raise ValueError("a system call that the oracle does not know: " + call)
        paths = self.paths_in(process, call, text)
        if call == "chdir" and not error and paths:
            self.folder[process] = paths[0]
        if call in ("execve", "execveat") and not error:
            if self.is_launcher(paths[0]):
                self.launched[process] = True
                self.has_program.discard(process)
                self.compiles[process] = Compile()
                return
            self.has_program.add(process)
        launcher = self.launcher_of(process)
        if launcher is None or process not in self.has_program:
            return
        compile_ = self.compiles[launcher]
        if call in ("execve", "execveat") and not error:
            compile_.programs.append(paths[0])
            if compile_.argv is None:
                compile_.argv, compile_.cwd = arguments_of(text), self.folder_of(process)
        for path in paths:
            compile_.events.append(Event(call, path, error, text, result, process))

    def paths_in(self, process, call, text):
        strings = STRING.findall(text)
        if call in ("execve", "execveat"):
            strings = strings[:1]
        elif call.startswith("symlink"):
            strings = strings[1:2]  # the first is what it points to
        elif call.startswith("readlink"):
            strings = strings[:1]
        else:
            strings = strings[: 2 if call in TWO_NAMES else 1]
        folder = FOLDER_ARGUMENT.match(text)
        base = folder.group(1) if folder else self.folder_of(process)
        # An empty name is the open file itself, which was an event when it was opened.
        return [os.path.join(base, unescape(name)) for name in strings if name]


def compiles_in(log, start_folder, is_launcher):
    with open(log, encoding="utf-8", errors="surrogateescape") as lines:
        return Reader(lines, start_folder, is_launcher).read()
