#!/usr/bin/env python3
"""always_first.py STORE COMPILER ARGUMENT...: a cache that is wrong wherever a cache can be wrong. What a command line gave
the first time is what it gives for ever; all it knows of a result are the files behind -o, -MF and /Fo. Of a static library it
knows the name alone. It hands out links to its store."""

import contextlib
import hashlib
import json
import os
import subprocess
import sys


def outputs_and_key(command):
    """The files that are kept, and what names the result: the command without the names of outputs and targets."""
    if os.path.basename(command[0]) == "ar":
        return command[2:3], hashlib.sha256("\0".join((command[0], command[2])).encode()).hexdigest()
    outputs, rest, words = [], [], iter(command)
    for word in words:
        word = word.removeprefix("/clang:")
        if word in ("-o", "-MF", "-MT", "-MQ"):
            value = next(words, "").removeprefix("/clang:")
            if word in ("-o", "-MF"):
                outputs.append(value)
        elif word.startswith("/Fo"):
            outputs.append(word[len("/Fo"):])
        else:
            rest.append(word)
    return outputs, hashlib.sha256("\0".join(rest).encode()).hexdigest()


def main():
    store, command = sys.argv[1], sys.argv[2:]
    outputs, key = outputs_and_key(command)
    entry = os.path.join(store, key)
    if not os.path.exists(entry):
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        kept = [done.returncode, done.stdout.decode("latin-1"), done.stderr.decode("latin-1")]
        for i, name in enumerate(outputs):
            with contextlib.suppress(FileNotFoundError):
                os.link(name, f"{entry}.{i}")
        with open(entry, "w", encoding="utf-8") as file:
            json.dump(kept, file)
    else:
        with open(store + "/hits", "a", encoding="utf-8") as file:
            file.write("hit\n")
        for i, name in enumerate(outputs):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(name)
            with contextlib.suppress(FileNotFoundError):
                os.link(f"{entry}.{i}", name)
        with open(entry, encoding="utf-8") as file:
            kept = json.load(file)
    sys.stdout.buffer.write(kept[1].encode("latin-1"))
    sys.stderr.buffer.write(kept[2].encode("latin-1"))
    return kept[0]


if __name__ == "__main__":
    sys.exit(main())
