"""The cases, each a generator: up to its first `yield` it sets the scene, and behind each `yield` it changes something."""

import importlib
import os


class Case:
    def __init__(self, play, title, kinds, mounts, between_builds):
        self.name, self.play, self.title, self.kinds, self.mounts = play.__name__, play, title, kinds, mounts
        self.between_builds = between_builds  # within one build, such a change is a stated limit (docs/key.md)
        self.group = play.__module__.removeprefix("cases_")


ALL = []
BOTH = ("gcc", "clang")
EVERY = ("gcc", "clang", "clang-cl")


def case(title, kinds=EVERY, mounts=False, between_builds=False):
    def register(play):
        ALL.append(Case(play, title, kinds, mounts, between_builds))
        return play

    return register


def swap(a, b):
    """Two folders or files change places, by renames only."""
    os.rename(a, a + ".aside")
    os.rename(b, a)
    os.rename(a + ".aside", b)


GROUPS = ("probes", "files", "outputs", "compiler", "environment", "archives")
for group in GROUPS:
    importlib.import_module("cases_" + group)
