"""Holds what a compile did with the file system against what the helper recorded for it. Everything must be explained
by the record, be the compile's own output, or be in the table of what does no harm."""

import os
import re

# What a compiler may look at without our recording it: syscalls' path, and why no result can depend on it. A row is
# (pattern of the whole path, only these compilers, reason). Keep it short: each row is a hole if its reason is wrong.
HARMLESS = [
    (r"/proc/self/(exe|fd|fd/\d+)", "any", "the process itself: which program it is, and what it has open"),
    (r"/dev/(null|tty|urandom)", "any", "no content"),
    (r"(/tmp|/var/tmp|/usr/tmp)", "any", "where temporaries go; TMPDIR is in the key"),
    (r"/opt|/opt/rocm.*|.*/\.hipVersion|.*/bin/ptxas|.*/nvvm/libdevice(/.*)?|/usr/local/cuda.*|/usr/lib/cuda.*", "clang",
     "Clang looks for CUDA and ROCm before it knows the language; no language that we cache uses them"),
    (r".*/clang/[\d.]+/lib/.*", "clang", "runtime libraries: for links"),
    (r".*/lib(32|64|x32)?(/x86_64[-a-z]*|/\.\./lib(32|64|x32)?|/libc\+\+\.so)*/?", "clang",
     "folders and libraries that a link would use: Clang gathers them for every call"),
    (r".*/\.", "gcc", "library folders: GCC passes those that exist on to a linker, in LIBRARY_PATH"),
]


def plain(path):
    """Without ".", empty components and "..", but with links kept: the name by which somebody would record it."""
    parts = []
    for part in path.split("/"):
        if part in ("", "."):
            continue
        if part == ".." and parts:
            above = "/" + "/".join(parts)
            parts = os.path.realpath(above).split("/")[1:-1] if os.path.islink(above) else parts[:-1]
        elif part != "..":
            parts.append(part)
    return "/" + "/".join(parts)


def above(path):
    while path != "/":
        path = os.path.dirname(path)
        yield path


def links_on_the_way(path):
    """`path`, and what it leads to by links, one after the other."""
    seen = []
    while path not in seen:
        seen.append(path)
        if os.path.islink(path):
            path = plain(os.path.join(os.path.dirname(path), os.readlink(path)))
    return seen


class Names:
    """Names that must be absent. Of a name below a folder that is not there, the first component that is missing."""

    def __init__(self, absent, complete=()):
        """`complete`: folders in which nothing may come or go."""
        self.absent = {(plain(folder), name) for folder, name in absent}
        self.complete = complete

    def explain(self, path):
        folder, name = os.path.split(path)
        if (folder, name) in self.absent:
            return True
        if name.endswith(".gch") and (folder, "*.gch") in self.absent:
            return True
        while folder != "/" and not os.path.isdir(folder):
            folder, name = os.path.split(folder)
            if (folder, name) in self.absent:
                return True
        return folder in self.complete



class Record:
    """What the helper recorded for one compile: a variant, the compiler's identity and the search path. PATH itself, here
    `search_list`, is part of the question that the identity answers."""

    def __init__(self, variant, identity, searches, search_list):
        self.inputs = {plain(path) for path in variant["inputs"]}
        self.absent = Names(variant["absent"])
        self.programs = set()
        for path in identity["files"]:
            self.programs.update(links_on_the_way(plain(path)))
        self.watched = {plain(path) for path in identity["watched"]}
        self.watched_folders = {path for path in self.watched if os.path.isdir(path)}
        self.program_absent = Names(identity["absent"] + [os.path.split(path) for path in self.watched],
                                    self.watched_folders)
        self.folders = set(self.watched_folders)
        for folder in search_list.split(":"):
            self.folders.add(plain(folder))
        for search in searches:
            for folder in search["quote"] + search["angle"]:
                self.folders.add(plain(os.path.join(search["cwd"], folder)))
        must_stay = {plain(folder) for folder, _ in variant["absent"] + identity["absent"]}
        self.folders |= {folder for folder in must_stay if os.path.isdir(folder)}
        for path in self.inputs | self.programs | set(self.folders):
            self.folders.update(above(path))


class Explainer:
    def __init__(self, compile_, record, compiler):
        self.record, self.compiler = record, compiler
        self.cwd = plain(compile_.cwd)
        self.outputs = {plain(os.path.join(compile_.cwd, name)) for name in named_outputs(compile_.argv)}
        self.output_folders = {folder for path in self.outputs for folder in above(path)}
        self.made = set()  # by this compile, so far

    def explain(self, event):
        """Which class explains it; None: nothing does."""
        path = plain(event.path)
        if path in self.made:
            return "its own"
        if event.writes():
            if event.creates() or event.error in ("ENOENT", "EEXIST") or path in self.outputs:
                self.made.add(path)
                return "its own"
            return None
        if (path in self.outputs or path in self.output_folders) and not event.opens():
            return "its own"
        if event.error in ("ENOENT", "ENOTDIR"):
            return self.explain_missing(path, event)
        return self.explain_present(path, event)

    def explain_missing(self, path, event):
        if self.record.absent.explain(path):
            return "absent"
        if self.record.program_absent.explain(path):
            return "absent, of the compiler"
        return self.harmless(event)

    def explain_present(self, path, event):
        if path in self.record.inputs:
            return "input"
        if path in self.record.programs:
            return "program"
        if path in self.record.watched or os.path.dirname(path) in self.record.watched_folders:
            return "watched"
        if event.opens() and "O_DIRECTORY" in event.text:
            return self.harmless(event)  # whoever lists a folder that is not watched depends on all in it
        if os.path.isdir(path) and (path in self.record.folders or path == self.cwd or path in above(self.cwd)):
            return "folder"
        return self.harmless(event)

    def harmless(self, event):
        path = event.path if event.path.endswith("/.") else plain(event.path)
        for pattern, compiler, reason in HARMLESS:
            if compiler in ("any", self.compiler) and re.fullmatch(pattern, path):
                return "harmless: " + reason
        return None


def named_outputs(argv):
    names = []
    for i, word in enumerate(argv[:-1]):
        if word in ("-o", "-MF"):
            names.append(argv[i + 1])
    return names
