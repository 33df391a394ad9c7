"""The steps that change sources or settings: what developers do to a project.

A step is plain data, chosen once. Applied to a tree in which it has no meaning (another step was left out) it does nothing, so
that any subsequence of a list of steps is a list of steps.

Each step may carry "build": none, inc (as it is), clean (after cleaning), both (inc, then clean). Steps that Ninja may not
notice (it goes by time stamps, and by what was there before) are `blind`: only a clean build is compared afterwards.
"""

import os
import re
import shutil

NUMBER = re.compile(r"\b\d{4}\b")
NOTICED = (".h", ".c", ".cpp", ".cc", ".in")


def edited(text, step):
    """The text after one edit, or None where it does not apply."""
    what = step["what"]
    if what == "number":  # of the same size
        found = list(NUMBER.finditer(text))
        if not found:
            return None
        match = found[step["index"] % len(found)]
        return text[:match.start()] + step["value"] + text[match.end():]
    if what == "comment":
        return text + f"/* {step['value']} */\n"  # as old C and C++ alike have it
    if what == "line":  # moves __LINE__ and what diagnostics say
        return "\n" + text
    if what == "warning":
        return text + f"#warning {step['value']}\n"
    if what == "break":
        return text + f"#error {step['value']}\n"
    if what == "mend":
        return re.sub(r"#(error|warning) .*\n", "", text)
    return step["text"]


def edit(ws, step):
    if not ws.is_file(step["path"]):
        return False
    text = ws.read(step["path"])
    changed = edited(text, step)
    if changed is None or changed == text:
        return False
    ws.write(step["path"], changed, step["how"])
    return True


def touch(ws, step):
    if not ws.is_file(step["path"]):
        return False
    times = None if step["time"] is None else (step["time"], step["time"])
    os.utime(ws.path(step["path"]), times)
    return True


def has_room(path):
    """Whether a folder is at `path`, or can be made there."""
    while not os.path.lexists(path):
        path = os.path.dirname(path)
    return os.path.isdir(path)


def add(ws, step):
    """A new file, or another text for one that is there; folders come with it."""
    path = ws.path(step["path"])
    if os.path.isdir(path) or os.path.islink(path) or not has_room(os.path.dirname(path)):
        return False
    ws.write(step["path"], step["text"], step.get("how", "write"))
    return True


def copy(ws, step):
    source, target = ws.path(step["path"]), ws.path(step["to"])
    if not os.path.isfile(source) or os.path.isdir(target) or os.path.islink(target):
        return False
    if not has_room(os.path.dirname(target)) or os.path.exists(target) and os.path.samefile(source, target):
        return False
    os.makedirs(os.path.dirname(target), exist_ok=True)
    (shutil.copy2 if step["times"] else shutil.copyfile)(source, target)
    return True


def delete(ws, step):
    if not os.path.lexists(ws.path(step["path"])):
        return False
    ws.remove(step["path"])
    return True


def move(ws, step):
    source, target = ws.path(step["path"]), ws.path(step["to"])
    if not os.path.lexists(source) or os.path.lexists(target) or not has_room(os.path.dirname(target)):
        return False
    os.makedirs(os.path.dirname(target), exist_ok=True)
    os.rename(source, target)
    return True


def make_folder(ws, step):
    path = ws.path(step["path"])
    if os.path.lexists(path) or not has_room(os.path.dirname(path)):
        return False
    os.makedirs(path)
    return True


def link(ws, step):
    """A symbolic link, in the place of whatever was there but a folder."""
    path = ws.path(step["path"])
    if os.path.isdir(path) and not os.path.islink(path) or not has_room(os.path.dirname(path)):
        return False
    if os.path.islink(path) and os.readlink(path) == step["target"]:
        return False
    os.makedirs(os.path.dirname(path), exist_ok=True)
    ws.remove(step["path"])
    os.symlink(step["target"], path)
    return True


def hard_link(ws, step):
    source, target = ws.path(step["path"]), ws.path(step["to"])
    if not os.path.isfile(source) or os.path.islink(source) or os.path.lexists(target) or not has_room(os.path.dirname(target)):
        return False
    os.makedirs(os.path.dirname(target), exist_ok=True)
    os.link(source, target)
    return True


def save(ws, step):
    ws.save(step["name"])
    return True


def restore(ws, step):
    return ws.restore(step["name"], step["how"])


def setting(ws, step):
    """One entry of the model: what CMakeLists.txt or the command line says."""
    place = ws.model
    for name in step["at"][:-1]:
        place = place[name]
    if place.get(step["at"][-1]) == step["value"]:
        return False
    if step["value"] is None:
        place.pop(step["at"][-1], None)
    else:
        place[step["at"][-1]] = step["value"]
    return True


def source(ws, step):
    """A source joins a target, or leaves it; one stays."""
    names = ws.model["sources"][step["target"]]
    if step["there"] == (step["path"] in names):
        return False
    if step["there"]:
        if not ws.is_file(step["path"]):
            ws.write(step["path"], step["text"])
        names.append(step["path"])
    else:
        if len([name for name in names if ws.is_file(name)]) < 2:
            return False
        names.remove(step["path"])
    return True


CHANGES = {"edit": edit, "touch": touch, "add": add, "copy": copy, "delete": delete, "move": move, "folder": make_folder,
           "link": link, "hard-link": hard_link, "save": save, "restore": restore, "model": setting, "source": source}


def change(ws, step):
    """Applies a step to the source tree. Returns whether it changed anything."""
    applied = CHANGES[step["kind"]](ws, step)
    if applied:
        ws.render()
    return applied


def is_blind(step):
    """Whether Ninja may overlook what the step did."""
    kind = step["kind"]
    if kind == "edit":
        return step["how"].endswith("preserve") or not step["path"].endswith(NOTICED)
    if kind == "model":
        return step["at"][0] in ("env", "compiler")
    if kind == "touch":
        return step["time"] is not None
    return kind in CHANGES and kind not in ("source", "save", "folder")


def summary(step):
    """One line for people."""
    words = [step["kind"]]
    for name, value in step.items():
        if name not in ("kind", "text"):
            words.append(f"{name}={value}")
    if "text" in step:
        words.append("text=" + repr(step["text"][:60]))
    return " ".join(words)
