"""One run: a project, a cache, and steps, each followed by builds that are compared with the reference."""

import os
import re
import shutil
import signal
import subprocess

import builds
import events
import steps
from workspace import Workspace


# What ar and Clang leave when they are killed; ours would be named otherwise.
LEFT_BY_TOOLS = re.compile(r"(^|/)st\w{6}$|-[0-9a-f]{8}\.\w+\.tmp$")

NOT_KEPT = " not kept: input-changed-during-compile "


class Difference(Exception):
    """The cache's build is not what a build without one is."""

    def kinds(self):
        """What was found, without the names: a shorter list of steps must show the same kind."""
        lines = re.sub(r"^(clean )?build: ", "", str(self)).split("\n  ")
        return [re.sub(r"\d+", "N", line.split(":")[0].split("\n")[0]) for line in lines]


class Session:
    def __init__(self, root, project, make_cache, prefix, reference=None):
        self.root = root
        shutil.rmtree(root, ignore_errors=True)
        os.makedirs(os.path.join(root, "tmp"))
        self.ws = Workspace(root, project)
        self.cache = make_cache(root, self.ws.build)
        self.tree = builds.Tree(self.ws, self.ws.build, project.fixed_options() + self.cache.options())
        self.reference = builds.Reference(self.ws, prefix)
        if reference:  # what an earlier run of the same project has found out
            self.reference.known = reference
        self.blind = True  # Ninja may not know what changed
        self.legitimate = set()  # products that some build had
        self.counts = {}
        self.seen = {}
        self.unconfigured = 0  # builds left out because the project could not be configured

    def start(self, rng, compiler):
        self.ws.create(rng, compiler)
        self.tree.configure()
        self.clean_build()

    # ---- one step

    def perform(self, step):
        """Raises Difference."""
        try:
            self.do(step)
        except builds.ConfigureFailed as failed:
            self.need_both_to_fail(failed)

    def need_both_to_fail(self, failed):
        """A header that CMakeLists.txt names may be gone: no build then, but with the cache and without it alike."""
        for tree in (self.tree, self.reference.tree()):
            try:
                tree.configure(again=True)
            except builds.ConfigureFailed:
                continue
            raise Difference(f"configure fails {'without' if tree is self.tree else 'with'} the cache only: {failed}")
        self.unconfigured += 1
        self.blind = True
        self.cache.disturb("thaw")  # what the rest of the step would have done

    def do(self, step):
        if step["kind"] in steps.CHANGES:
            if steps.change(self.ws, step) and steps.is_blind(step):
                self.blind = True
            how = step.get("build", "both")
            if how in ("inc", "both"):
                self.build_as_it_is()
            if how in ("clean", "both"):
                self.clean_build()
        else:
            getattr(self, "do_" + step["kind"].replace("-", "_"))(step)

    def build_as_it_is(self):
        self.tree.configure()
        outcome = self.tree.build()
        if not self.blind:
            self.compare(outcome, "build", whole=False)
        self.count()

    def clean_build(self, at_edge=None):
        self.tree.configure()
        self.tree.clean()
        outcome = self.tree.build(at_edge)
        self.compare(outcome, "clean build", whole=True)
        self.blind = False
        self.count()
        return outcome

    def do_during(self, step):
        self.tree.configure()
        if step["clean"]:
            self.tree.clean()
        done = []
        action = events.changes_during(self.ws, step)
        self.tree.ninja(at_edge=lambda count, process: (done.append(count), action(count, process)))
        if len(done) < step["edge"]:
            action(step["edge"], None)
        self.blind = True
        self.clean_build()
        self.clean_build()

    def do_disturb(self, step):
        what = step["what"]
        if step["edge"] == 0:
            self.cache.disturb(what)
            self.clean_build()
        else:
            self.clean_build(events.at(step["edge"], lambda _: self.cache.disturb(what)))
        self.cache.disturb("thaw")
        self.clean_build()

    def do_damage(self, step):
        def action(_):
            if step["kill"]:
                self.cache.disturb("kill")
            self.cache.damage(step["how"], step["seed"])
        if step["edge"] == 0:
            action(None)
            self.clean_build()
        else:
            self.clean_build(events.at(step["edge"], action))
        self.clean_build()

    def do_interrupt(self, step):
        self.tree.configure()
        if step["clean"]:
            self.tree.clean()
        number = getattr(signal, step["signal"])
        self.tree.ninja(at_edge=events.at(step["edge"], lambda process: interrupt(process, number), step["wait_ms"]))
        for name in self.tree.products():
            if LEFT_BY_TOOLS.search(name):
                os.unlink(os.path.join(self.tree.path, name))
        self.build_as_it_is()
        self.clean_build()

    def do_at_once(self, step):
        """What two builds of one folder write into Ninja's own files is not to be relied on."""
        self.tree.configure()
        self.tree.clean()
        running = [subprocess.Popen(["ninja", "-C", self.ws.build, "-j2", "-k", "0", *targets], stdin=subprocess.DEVNULL,
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                    env=self.tree.environment | self.ws.environment())
                   for targets in step["targets"]]
        for process in running:
            process.wait(builds.LIMIT)
        for name in (".ninja_log", ".ninja_deps"):
            if os.path.exists(os.path.join(self.tree.path, name)):
                os.unlink(os.path.join(self.tree.path, name))
        self.clean_build()

    def do_fresh(self, _):
        self.count()
        self.counts = {}
        self.tree.wipe()
        self.clean_build()

    def do_again(self, _):
        """With nothing changed, and what was new when it was compiled compiled once more, everything is known but what fails. And
        what is new in each build: a header that is made only just before it is read may be no older than the compile."""
        self.clean_build()
        said = len(self.log())
        self.clean_build()
        too_new = {line.rsplit(": ", 1)[1] for line in self.log()[said:]
                   if NOT_KEPT + self.ws.build + "/" in line}
        before = dict(self.seen)
        outcome = self.clean_build()
        failed = len([name for name in outcome.failed if name.endswith((".o", ".gch", ".pch"))])
        missed = self.seen.get("misses", 0) - before.get("misses", 0)
        if missed > failed + len(too_new) and self.cache.name == "ours" and not self.blind:
            reasons = {name.split(".")[1]: value - before.get(name, 0) for name, value in self.seen.items()
                       if name.startswith("miss_reasons.") and value > before.get(name, 0)}
            raise Difference(f"nothing changed, and {missed} compiles were no hits, of which {failed} failed: {reasons}; too new before: "
                             f"{sorted(too_new)}")

    def log(self):
        """What launcher and helper have said so far."""
        try:
            with open(self.tree.environment.get("COMPILER_CACHE_LOG", os.devnull), encoding="utf-8", errors="replace") as file:
                return file.read().splitlines()
        except FileNotFoundError:
            return []

    # ---- looking

    def count(self):
        """Adds what the cache counted since the last time to `seen`; the cache may have been emptied in between."""
        counts, problem = self.cache.counts()
        if problem:
            raise Difference(problem)
        for name, value in flat(counts or {}).items():
            last = self.counts.get(name, 0)
            self.seen[name] = self.seen.get(name, 0) + (value - last if value >= last else value)
        self.counts = flat(counts or {})

    def compare(self, outcome, what, whole):
        expected = self.reference.outcome()
        found = differences(outcome, expected, whole)
        self.ws.used = {os.path.relpath(path, self.ws.src) for paths in expected.deps.values() for path in paths}
        if whole:
            found += [f"there is: {name}" for name in sorted(set(outcome.files) - set(expected.files))]
            self.legitimate |= set(expected.files)
        else:
            found += [f"there is: {name}" for name in sorted(set(outcome.files) - set(expected.files) - self.legitimate)]
        if found:
            self.keep_evidence(found)
            raise Difference(f"{what}: " + "\n  ".join(text[:3000] for text in found[:12]))

    def keep_evidence(self, found):
        """Both versions of what differs, beside each other in <root>/evidence."""
        folder = os.path.join(self.root, "evidence")
        shutil.rmtree(folder, ignore_errors=True)
        names = [text.split(": ", 1)[1] for text in found if text.startswith("other content: ")]
        for name in names:
            keep(os.path.join(self.tree.path, name), os.path.join(folder, "with", name))
        if names:
            self.reference.make()
            for name in names:
                keep(os.path.join(self.reference.tree().path, name), os.path.join(folder, "without", name))

    def end(self):
        """Raises Difference if the cache leaves a process behind."""
        left = self.cache.end()
        if left:
            raise Difference(left)


def differences(outcome, expected, whole):
    found = []
    if (outcome.status == 0) != (expected.status == 0):
        found.append(f"exit status {outcome.status}, without the cache {expected.status}")
    if outcome.failed != expected.failed:
        found.append(f"failed: {outcome.failed}, without the cache {expected.failed}")
    for name in sorted(expected.edges):
        if name not in outcome.edges:
            found += [f"not built: {name}"] if whole else []
        elif outcome.edges[name] != expected.edges[name]:
            found.append(f"other output: {name}\n--- with\n{outcome.edges[name].decode(errors='replace')}\n--- without\n"
                         f"{expected.edges[name].decode(errors='replace')}\n---")
    for name in sorted(expected.files):
        if name not in outcome.files:
            found.append(f"missing: {name}")
        elif outcome.files[name] != expected.files[name]:
            found.append(f"other content: {name}")
    for name in sorted(expected.deps):
        if outcome.deps.get(name) != expected.deps[name]:
            found.append(f"other dependencies: {name}: {outcome.deps.get(name)}, without the cache {expected.deps[name]}")
    if expected.idle and not outcome.idle:
        found.append("a second build would build again")
    return found


def interrupt(process, number):
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        pass


def keep(path, target):
    if os.path.exists(path):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copy2(path, target)


def flat(counts, before=""):
    """One level: uncacheable_reasons{time-macro} becomes uncacheable_reasons.time-macro."""
    found = {}
    for name, value in counts.items():
        if isinstance(value, dict):
            found |= flat(value, before + name + ".")
        else:
            found[before + name] = value
    return found
