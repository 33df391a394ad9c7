"""The report: what was measured, as tables, and the bars that we hold ourselves to."""

import subprocess

import hits
import rounds
from caches import ROOT

# What a bar allows, as a ratio or in MiB.
HIT_BAR, HEADERS_BAR, COLD_BAR, MEMORY_BAR = 0.15, 1.15, 1.02, 60
WARM_BARS = {"leveldb": 0.4, "abseil": 0.15}
BUSY = ("The machine was busy with other work, as the load averages tell: wall times are too long, processor times and ratios less "
        "wrong.\n")


class Results:
    def __init__(self, machine, arguments, options):
        self.machine, self.arguments, self.options = machine, arguments, options
        self.hits = {}  # [headers, size][command]: (median, lower quartile, processor) in microseconds
        self.builds = []  # of type rounds.Rounds
        self.versions, self.notes = {}, []
        self.load_after = ()

    def build_of(self, name):
        return next((build for build in self.builds if build.project.name.startswith(name)), None)


def table(head, rows):
    """Markdown; the first column is text, the others are numbers."""
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]

    def line(row):
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))]
        return "| " + " | ".join(cells) + " |"

    rule = "|" + "-" * (widths[0] + 2) + "|" + "".join("-" * (width + 1) + ":|" for width in widths[1:])
    return "\n".join([line(head), rule, *(line(row) for row in rows)]) + "\n"


def ratio(part, whole):
    return f"{part / whole:.3f}" if whole else ""


def commit():
    """The last one that changed what is measured."""
    rooms = ("base", "cmake", "depscan", "helper", "launcher", "protocol")
    done = subprocess.run(["git", "-C", ROOT, "log", "-1", "--format=%h", "--", *rooms], check=False, capture_output=True, text=True)
    return done.stdout.strip() or "unknown"


def machine_table(results):
    rows = [*results.machine, *results.versions.items(), ("CompilerCache", f"commit {commit()}")]
    if results.load_after:
        rows.append(("load average after", " ".join(f"{value:.2f}" for value in results.load_after)))
    return "\n".join(["| | |", "|---|---|", *(f"| {what} | {value} |" for what, value in rows)]) + "\n"


def build_table(build):
    """A row for each kind of build and cache."""
    rows = []
    for kind in rounds.KINDS:
        medians = build.medians(kind)
        # With nothing to keep results in, a warm build is a cold one.
        none = medians.get("none") or (build.medians("cold").get("none") if kind == "warm" else None) or (0, 0)
        ccache = medians.get("ccache", (0, 0))
        for name, (wall, cpu) in medians.items():
            rows.append([f"{kind}, {name}", len(build.results[kind][name]), f"{wall:.3f}", ratio(wall, none[0]), ratio(wall, ccache[0]),
                         f"{cpu:.3f}", ratio(cpu, none[1])])
    return table(["build", "rounds", "wall, s", "to none", "to ccache", "CPU, s", "to none"], rows)


def hit_table(results, column):
    """`column` 0: wall time; 2: processor time."""
    names = list(next(iter(results.hits.values())))
    rows = []
    for (headers, size), times in results.hits.items():
        ours, ccache = (times.get(name, (0, 0, 0))[column] for name in ("ours", "ccache"))
        rows.append([f"{headers} headers, {size}", *(f"{times[name][column] / 1000:.2f}" for name in names), ratio(ours, ccache)])
    return table(["CPU, ms" if column else "wall, ms", *names, "ours to ccache"], rows)


def bars(results):
    """Lines (what, bar, measured, whether it is met) of what could be measured."""
    lines = []

    def check(what, bar, measured, digits=2):
        lines.append((what, f"{bar}", f"{measured:.{digits}f}", "met" if measured <= bar else "NOT met"))

    middle, many = (results.hits.get((headers, "250 kB"), {}) for headers in hits.HEADERS[1:])
    if "ours" in middle and "ccache" in middle:
        check("a hit with 242 headers, to ccache's", HIT_BAR, middle["ours"][0] / middle["ccache"][0])
    if "ours" in middle:
        check("a hit with 2,420 headers, to one with 242", HEADERS_BAR, many["ours"][0] / middle["ours"][0])
    for name, bar in WARM_BARS.items():
        warm = results.build_of(name).medians("warm") if results.build_of(name) else {}
        if "ours" in warm and "ccache" in warm:
            check(f"warm {name}, to ccache's", bar, warm["ours"][0] / warm["ccache"][0])
    for build in results.builds:
        cold = build.medians("cold")
        # The generated project's compiler does nothing that a cache could be compared with.
        if "ours" in cold and "none" in cold and not build.project.name.startswith("generated"):
            check(f"cold {build.project.name}, processor time to none's", COLD_BAR, cold["ours"][1] / cold["none"][1])
    generated = results.build_of("generated-5000")
    if generated and "ours" in generated.memory:
        check("helper's memory with 5,000 units, MiB (its budget is for results, which are tiny here)", MEMORY_BAR,
              generated.memory["ours"]["VmRSS"], 0)
    return lines


def bar_table(results):
    return table(["bar", "at most", "measured", ""], bars(results))


def text(results):
    options = results.options
    parts = ["# How fast it is\n", f"Written by `{' '.join(['bench/run', *results.arguments])}`. Ratios are what counts; how and what is "
             "measured is told at the heads of the files in `bench/`.\n", "![Times of hits and of warm builds](results.svg)\n",
             "## The machine\n", machine_table(results)]
    if results.load_after and results.load_after[0] > options.jobs + 1:
        parts.append(BUSY)
    if bars(results):
        parts += ["## Bars\n", bar_table(results)]
    if results.hits:
        parts += ["## One hit\n", "The launcher alone, in the middle of a build, without the shell that Ninja puts around each command; "
                  "medians. Headers and object's size; `floor` only copies the object and the depfile. Processor time with "
                  "the servers' share.\n", hit_table(results, 0), hit_table(results, 2)]
    for build in results.builds:
        parts += [f"## {build.project.name}\n", f"{build.project.about}; {options.jobs} jobs, medians.\n", build_table(build)]
        for name, memory in build.memory.items():
            parts.append(f"Memory of the server ({name}) at the end: {memory['VmRSS']:.0f} MiB, at most {memory['VmHWM']:.0f}.\n")
        parts += [f"Note: {warning}.\n" for warning in build.warnings[:5]]
    parts += [f"Note: {note}.\n" for note in results.notes]
    return "\n".join(parts)
