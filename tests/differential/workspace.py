"""The source tree that the steps change, the model beside it, and the snapshots ("branches") of both.

What a build without a cache makes of the tree is a function of key(); that is what the reference is remembered by.
"""

import hashlib
import json
import os
import shutil
import stat


class Workspace:
    def __init__(self, root, project):
        self.root = root
        self.src = os.path.join(root, "src")
        self.build = os.path.join(root, "build")
        self.snapshots = os.path.join(root, "snapshots")
        self.project = project
        self.model = {}
        self.used = set()  # files that the last build read

    def create(self, rng, compiler):
        os.makedirs(self.src)
        os.makedirs(self.snapshots)
        self.model = self.project.create(self, rng, compiler)
        self.render()

    # ---- files

    def path(self, relative):
        return os.path.join(self.src, relative)

    def exists(self, relative):
        return os.path.exists(self.path(relative))

    def is_file(self, relative):
        return os.path.isfile(self.path(relative))

    def read(self, relative):
        with open(self.path(relative), "rb") as file:
            return file.read().decode("utf-8", "surrogateescape")

    def write(self, relative, text, how="write"):
        """how: write (in place), replace (by rename); with -preserve the old times are put back afterwards."""
        path = self.path(relative)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        before = os.stat(path) if os.path.exists(path) else None
        target = path + ".new~" if how.startswith("replace") else path
        with open(target, "wb") as file:
            file.write(text.encode("utf-8", "surrogateescape"))
        if how.endswith("preserve") and before:
            os.utime(target, ns=(before.st_atime_ns, before.st_mtime_ns))
        if target != path:
            os.rename(target, path)

    def remove(self, relative):
        path = self.path(relative)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        elif os.path.lexists(path):
            os.unlink(path)

    def files(self, suffixes=None):
        """Regular files, no links, sorted, relative to the source tree."""
        found = []
        for folder, _, names in os.walk(self.src):
            for name in names:
                path = os.path.join(folder, name)
                if os.path.islink(path) or (suffixes and not name.endswith(suffixes)):
                    continue
                found.append(os.path.relpath(path, self.src))
        return sorted(found)

    # ---- the model

    def render(self):
        """Brings what the project derives from its model (CMakeLists.txt) up to date."""
        for relative, text in self.project.derived(self).items():
            if not self.exists(relative) or self.read(relative) != text:
                self.write(relative, text)

    def environment(self):
        return {name: value.replace("{src}", self.src) for name, value in self.model["env"].items()}

    # ---- snapshots

    def save(self, name):
        target = os.path.join(self.snapshots, name)
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self.src, target, symlinks=True)
        with open(target + ".json", "w", encoding="utf-8") as file:
            json.dump(self.model, file)

    def restore(self, name, how):
        """how: checkout (what differs is written anew), old (with its old times), swap (the whole folder is another)."""
        saved = os.path.join(self.snapshots, name)
        if not os.path.isdir(saved):
            return False
        with open(saved + ".json", encoding="utf-8") as file:
            self.model = json.load(file)
        if how == "swap":
            shutil.copytree(saved, self.src + ".new", symlinks=True)
            os.rename(self.src, self.src + ".old")
            os.rename(self.src + ".new", self.src)
            shutil.rmtree(self.src + ".old")
        else:
            remove_strangers(self.src, saved)
            copy_differing(saved, self.src, keep_times=how == "old")
        return True

    # ---- what a build depends on

    def state(self):
        """relative path -> what is there. Folders count, as a folder may hide or be searched."""
        found = {}
        for folder, folders, names in os.walk(self.src):
            for name in folders + names:
                path = os.path.join(folder, name)
                found[os.path.relpath(path, self.src)] = describe(path)
        return found

    def key(self):
        text = json.dumps([sorted(self.state().items()), self.twins(), self.project.configure_arguments(self),
                           sorted(self.environment().items())])
        return hashlib.sha256(text.encode()).hexdigest()

    def twins(self):
        """Of files with equal content, which have the same time: GCC takes those for one file where #pragma once is in them."""
        groups = {}
        for relative in self.files():
            status = os.stat(self.path(relative))
            groups.setdefault((describe(self.path(relative)), int(status.st_mtime)), []).append(relative)
        return sorted(group for group in groups.values() if len(group) > 1)


def describe(path):
    status = os.lstat(path)
    if stat.S_ISLNK(status.st_mode):
        return "link " + os.readlink(path)
    if stat.S_ISDIR(status.st_mode):
        return "folder"
    with open(path, "rb") as file:
        return "file " + hashlib.sha256(file.read()).hexdigest()


def remove_strangers(folder, model):
    """Removes from folder what is not in model, or is of another kind there."""
    for entry in list(os.scandir(folder)):
        twin = os.path.join(model, entry.name)
        is_folder = entry.is_dir(follow_symlinks=False)
        if is_folder and os.path.isdir(twin) and not os.path.islink(twin):
            remove_strangers(entry.path, twin)
        elif is_folder:
            shutil.rmtree(entry.path)
        elif not os.path.lexists(twin) or describe(twin) != describe(entry.path) and describe(twin)[:4] != "file":
            os.unlink(entry.path)


def copy_differing(source, target, keep_times):
    os.makedirs(target, exist_ok=True)
    for entry in list(os.scandir(source)):
        path = os.path.join(target, entry.name)
        if entry.is_dir(follow_symlinks=False):
            copy_differing(entry.path, path, keep_times)
        elif not os.path.lexists(path) or describe(path) != describe(entry.path):
            if os.path.lexists(path):
                os.unlink(path)
            (shutil.copy2 if keep_times else shutil.copyfile)(entry.path, path, follow_symlinks=False)
