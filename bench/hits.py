"""What one hit costs in the middle of a build, by number of headers and size of the object: the launcher alone, without the shell
that Ninja puts around each command. Processor time is that of the launcher and, an equal share for each hit, of the server."""

import os
import shutil
import subprocess

import generated
from caches import ROOT, output_of
from rounds import say, settled_cpu_of_process

HEADERS = (24, 242, 2420)
# Bytes of the object, and how many runs are enough.
SIZES = {"2 kB": (0, 1000), "250 kB": (250_000, 500), "20 MB": (20_000_000, 40)}
WARMUP = 3
SLOW = 10  # how much fewer runs of sccache
# Half noise and half zeros, as compressible as machine code.
DATA = """__asm__(".section .rodata\\n.set i, 1\\n.rept %d\\n.set i, i * 6364136223846793005 + 1442695040888963407\\n"
        ".quad i\\n.quad 0\\n.endr\\n.text\\n");
"""


class Hits:
    """`results[headers, size][command]` is (median, lower quartile, processor time) in microseconds."""

    def __init__(self, work, caches):
        self.work, self.caches = work, [cache for cache in caches if cache.name != "none"]
        self.results = {}
        self.source, self.build = os.path.join(work, "source"), os.path.join(work, "build")
        os.makedirs(self.build)
        self.driver, self.empty = os.path.join(work, "hits"), os.path.join(work, "empty")
        output_of("gcc", "-O2", f"{ROOT}/bench/hits.c", "-o", self.driver)
        generated.write(self.empty + ".c", "int main(void) { return 0; }\n")
        compiler = "musl-gcc" if shutil.which("musl-gcc") else "gcc"
        output_of(compiler, "-O2", "-static", self.empty + ".c", "-o", self.empty)
        for cache in self.caches:
            cache.prepare(self.build, self.source)
            cache.empty(self.build)

    def measure(self, quick):
        # The largest last: theirs are removed at once.
        for size, (data, runs) in SIZES.items():
            for headers in HEADERS:
                say(f"hits: {headers} headers, object of {size}")
                self.results[headers, size] = self.case(headers, data, runs // 10 if quick else runs)

    def case(self, headers, data, runs):
        name = f"unit-{headers}-{data}"
        folder = os.path.join(self.source, name)
        includes = generated.write_headers(folder, headers)
        generated.write(os.path.join(folder, "unit.c"), includes + (DATA % (data // 16)) + "int unit(void) { return 0; }\n")
        compile_command = [shutil.which("gcc"), "-O2", f"-I{folder}", "-MD", "-MF", f"{name}.o.d", "-c", f"{folder}/unit.c",
                           "-o", f"{name}.o"]
        aside = os.path.join(self.work, "aside")
        os.makedirs(aside, exist_ok=True)
        words = [self.driver, "{runs}", str(WARMUP), f"{name}.o", aside, "--", self.empty]
        for cache in self.caches:
            words += ["--", *([f"@{SLOW}"] if cache.name == "sccache" else []), *cache.command(self.build), *compile_command]
        self.under_ninja([word.format(runs=1) for word in words], misses=1)
        servers = {cache.name: cache.server(self.build) for cache in self.caches}
        before = {cache: settled_cpu_of_process(pid) if pid else 0.0 for cache, pid in servers.items()}
        lines = self.under_ninja([word.format(runs=runs) for word in words], misses=0)
        results = {}
        for name, line in zip(["empty program", *servers], lines):
            count, wall, quartile, processor = (float(number) for number in line.split())
            if servers.get(name):
                processor += (settled_cpu_of_process(servers[name]) - before[name]) / (count + WARMUP) * 1e6
            results[name] = (wall, quartile, processor)
        if data == max(data for data, _ in SIZES.values()):
            shutil.rmtree(aside)
        return results

    def under_ninja(self, words, misses):
        """Run by Ninja in the tree: for our helper all of it is one build, as it is with the others in any case."""
        with open(os.path.join(self.build, "build.ninja"), "w", encoding="utf-8") as file:
            file.write(f"rule run\n  command = {' '.join(words)} > result\nbuild result: run\n")
        result = os.path.join(self.build, "result")
        if os.path.exists(result):
            os.unlink(result)
        environment = dict(os.environ)
        for cache in self.caches:
            environment.update(cache.environment)
        before = {cache.name: cache.misses(self.build) for cache in self.caches}
        done = subprocess.run(["ninja", "-C", self.build], env=environment, check=False, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"the hits cannot be measured:\n{done.stdout[-3000:]}")
        for cache in self.caches:
            found = cache.misses(self.build) - before[cache.name]
            if cache.name != "floor" and found != misses:
                raise SystemExit(f"{cache.name}: {found} misses where {misses} were expected")
        with open(result, encoding="ascii") as file:
            return file.read().splitlines()

    def close(self):
        for cache in self.caches:
            cache.close(self.build)
