#!/usr/bin/env python3
"""holes.py --cache CACHE [--launcher L --helper H] [--group G] [--case NAME] [--json]

CACHE is ours, ccache, ccache-depend, sccache, none or always-first.

Plays each known hole of compiler caches: a tiny scene is compiled through the cache, something changes that a cache might
not notice, and it is compiled again, through the cache and by the compiler alone. Object, depfile, diagnostics and exit
status must be equal, byte for byte. Exit status 1 when one is not; 77 when all were skipped. `--list` names the cases.

always-first is a cache that is wrong on purpose. With it each case must end as WRONG: then `--all-wrong` succeeds."""

import argparse
import ctypes
import json
import os
import shutil
import sys
import tempfile
import traceback

import caches
import cases
import scene

CLONE_NEWNS = 0x00020000


def play(case, kind, cache_class, one_build=False):
    """(verdict, cached, detail). Verdicts: right, WRONG: ..., broken build: ..., broken test: ..., skipped: ..."""
    folder = os.path.realpath(tempfile.mkdtemp(prefix="holes-"))
    cache = None
    try:
        stage = scene.Scene(folder + "/scene", kind)
        cache = cache_class(folder + "/cache", stage.folder)
        if one_build:
            cache.play_all_in_one_build()
        judge = scene.Judge()
        verdict, cached = scene.play(case.play, stage, cache, judge)
        return verdict, cached, judge.detail
    except (scene.Skip, caches.Missing) as reason:
        return f"skipped: {reason}", False, ""
    finally:
        if cache:
            cache.stop()
        os.chdir("/")
        shutil.rmtree(folder, ignore_errors=True)


def play_in_own_mounts(case, kind, cache_class, one_build=False):
    """In a child that sees mounts of its own, so that nothing that it mounts outlives it."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        result = ("broken test: the child failed", False, "")
        try:
            libc = ctypes.CDLL(None, use_errno=True)
            if libc.unshare(CLONE_NEWNS) != 0 or os.system("mount --make-rprivate / 2>/dev/null") != 0:
                result = ("skipped: mounting is not permitted here", False, "")
            else:
                result = play(case, kind, cache_class, one_build)
        except BaseException:  # whatever it is, the parent must hear of it and the child must end here
            traceback.print_exc()
        os.write(write, json.dumps(result).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as answer:
        result = json.loads(answer.read() or '["broken test: no answer", false, ""]')
    os.waitpid(child, 0)
    return tuple(result)


def is_bad(verdict, all_wrong):
    if verdict.startswith("skipped"):
        return False
    return not verdict.startswith(("WRONG", "broken build")) if all_wrong else not verdict.startswith("right")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cache", choices=sorted(caches.ALL), default="ours")
    parser.add_argument("--launcher")
    parser.add_argument("--helper")
    parser.add_argument("--case", action="append")
    parser.add_argument("--group", choices=cases.GROUPS)
    parser.add_argument("--one-build", action="store_true",
                        help="ours: as if all compiles of a case were one run of a build tool, where files are watched")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--all-wrong", action="store_true", help="fail for each case that does not notice")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    if options.list:
        for case in cases.ALL:
            print(f"{case.group} {case.name}")
        return 0
    if options.one_build and options.cache != "ours":
        parser.error("--one-build is for ours")
    if options.cache == "ours" and not (options.launcher and options.helper):
        parser.error("ours needs --launcher and --helper")
    caches.Ours.programs = (options.launcher, options.helper)
    os.umask(0o022)
    results, bad, played = [], 0, 0
    for case in cases.ALL:
        if options.case and case.name not in options.case or options.group not in (None, case.group):
            continue
        if options.one_build and case.between_builds:
            continue
        for kind in case.kinds:
            act = play_in_own_mounts if case.mounts else play
            verdict, cached, detail = act(case, kind, caches.ALL[options.cache], options.one_build)
            played += not verdict.startswith("skipped")
            bad += is_bad(verdict, options.all_wrong)
            results.append({"case": case.name, "group": case.group, "title": case.title, "compiler": kind, "verdict": verdict,
                            "cached": cached})
            if not options.json:
                print(f"{case.name:34} {kind:6} {verdict}{'' if cached or verdict[0] != 'r' else ' (not cached)'}",
                      flush=True)
                if not verdict.startswith("right") and detail:
                    print(detail, flush=True)
    if options.json:
        json.dump(results, sys.stdout, indent=1)
    if not results:
        parser.error("no such case")
    if not played:
        return 77
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
