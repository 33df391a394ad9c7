"""Chooses the next step for a generated project: a draw from what the tree, as it is now, allows."""

import os

import generated

HOW = ["write", "write", "replace", "preserve", "replace-preserve"]
BUILDS = ["inc", "inc", "clean", "both"]
SNAPSHOTS = ["main", "topic", "old"]
TWIN_LAYERS = ["inc/one", "inc/two", "inc/three", "inc/late", "sys", "core"]


def some_header(ws, rng, folders=("inc", "sys", "core", "clib", "objs", "pre", "cpre")):
    found = [path for path in ws.files((".h",)) if path.startswith(tuple(folder + "/" for folder in folders))]
    return rng.choice(found) if found else None


def some_source(ws, rng):
    target = rng.choice(list(generated.TARGETS))
    return rng.choice([path for path in ws.model["sources"][target] if path != "app/main.cpp"] or ["app/main.cpp"])


def layered(rng, folder=None):
    """A name in a folder that is searched: it hides another, or is hidden."""
    folder = folder or rng.choice(generated.LAYERS + ["sys", "inc/spare", "inc/after", "inc/quote", "inc/environment"])
    if folder == generated.LINK:
        folder = "inc/spare"
    return folder, rng.choice(generated.HEADERS)


def edit(ws, rng):
    path = some_header(ws, rng) if rng.random() < 0.6 else some_source(ws, rng)
    if rng.random() < 0.08:
        path = rng.choice(["gen/generated.in", "data/blob.bin"])
    what = rng.choices(["number", "comment", "line", "warning", "break", "mend"], [50, 12, 15, 8, 3, 12])[0]
    return {"kind": "edit", "path": path, "what": what, "index": rng.randrange(20), "value": str(generated.number(rng)),
            "how": rng.choice(HOW)}


def rewrite(ws, rng):
    if rng.random() < 0.5:
        path = some_source(ws, rng)
        if path == "app/main.cpp":
            return None
        text = generated.source_text(rng, path)
    else:
        folder, name = layered(rng)
        path, text = f"{folder}/{name}", generated.header_text(rng, name, folder)
        if not ws.is_file(path):
            return None
    return {"kind": "edit", "path": path, "what": "text", "text": text, "how": rng.choice(HOW)}


def touch(ws, rng):
    path = some_header(ws, rng) if rng.random() < 0.7 else some_source(ws, rng)
    return {"kind": "touch", "path": path, "time": rng.choice([None, None, 1000000000 + rng.randrange(1000)])}


def shadow(ws, rng):
    """A header in one of the folders that are searched, perhaps the first there."""
    folder, name = layered(rng)
    if rng.random() < 0.15:
        folder, name = rng.choice([("optional", "one.h"), ("optional", "two.h"), ("core", rng.choice(generated.HEADERS)),
                                   ("inc/two", "absent/" + rng.choice(generated.HEADERS)),
                                   (rng.choice(["inc/one", "core"]), rng.choice(generated.HEADERS) + ".local")])
        folder = "inc/two/optional" if folder == "optional" else folder
    text = generated.header_text(rng, name, folder) if name in generated.HEADERS else f"#define OTHER {generated.number(rng)}\n"
    return {"kind": "add", "path": f"{folder}/{name}", "text": text, "how": rng.choice(["write", "replace"])}


def twin(ws, rng):
    """The same text in two places: #pragma once may take the two for one."""
    name = rng.choice(generated.HEADERS)
    if rng.random() < 0.5:
        return {"kind": "add", "path": f"{rng.choice(TWIN_LAYERS)}/{name}", "text": generated.twin_text(rng, name)}
    path = some_header(ws, rng)
    return path and {"kind": "copy", "path": path, "to": f"{rng.choice(TWIN_LAYERS)}/{os.path.basename(path)}",
                     "times": rng.random() < 0.5}


def delete(ws, rng):
    """Seldom what the project cannot be built without."""
    missing = [name for name in generated.HEADERS if not ws.is_file(f"{generated.BASE}/{name}")]
    if missing and rng.random() < 0.7:
        return {"kind": "add", "path": f"{generated.BASE}/{missing[0]}",
                "text": generated.header_text(rng, missing[0], generated.BASE)}
    folders = ("inc/three", "core", "pre") if rng.random() < 0.08 else ("inc/one", "inc/two", "inc/late", "inc/spare", "sys",
                                                                        "inc/after", "inc/quote", "inc/environment")
    path = some_header(ws, rng, folders)
    return path and {"kind": "delete", "path": path}


def move(ws, rng):
    shape = rng.random()
    if shape < 0.5:  # a folder goes and comes back
        folder = rng.choice(["inc/one", "inc/two", "inc/late", "inc/spare", "sys", "inc/environment"])
        away = folder + ".away"
        there = ws.exists(folder)
        return {"kind": "move", "path": folder if there else away, "to": away if there else folder}
    if shape < 0.65:
        return {"kind": "folder", "path": rng.choice(["inc/late", "inc/environment", "inc/quote", "inc/three/optional"])}
    path = some_header(ws, rng, ("inc/one", "inc/two", "inc/late", "inc/spare", "sys"))
    folder, _ = layered(rng)
    return path and {"kind": "move", "path": path, "to": f"{folder}/{os.path.basename(path)}"}


def links(ws, rng):
    shape = rng.random()
    if shape < 0.35:
        return {"kind": "link", "path": generated.LINK, "target": rng.choice(generated.LINK_TARGETS)}
    if shape < 0.65:
        folder, name = layered(rng, rng.choice(["inc/one", "inc/late", "inc/two"]))
        up = "../" * (name.count("/") + 1)
        # Not to itself: Ninja ends when it meets such a link in what it learned, and a build from nothing has learned nothing.
        other = rng.choice([name for name in ("spare", "three", "two", "nowhere") if f"inc/{name}" != folder])
        return {"kind": "link", "path": f"{folder}/{name}", "target": f"{up}{other}/{name}"}
    path = some_header(ws, rng)
    twins = [file for file in ws.files((".twin",))]
    if twins and shape < 0.9:  # edited by its other name
        return {"kind": "edit", "path": rng.choice(twins), "what": "number", "index": rng.randrange(20),
                "value": str(generated.number(rng)), "how": rng.choice(["write", "preserve"])}
    return path and {"kind": "hard-link", "path": path, "to": f"twins/{rng.randrange(1000)}.twin"}


def branch(ws, rng):
    saved = [name for name in SNAPSHOTS if os.path.isdir(os.path.join(ws.snapshots, name))]
    if not saved or rng.random() < 0.35:
        return {"kind": "save", "name": rng.choice(SNAPSHOTS)}
    return {"kind": "restore", "name": rng.choice(saved), "how": rng.choice(["checkout", "checkout", "old", "swap"])}


def settings(ws, rng, compilers):
    shape = rng.random()
    if shape < 0.4:
        target = rng.choice(list(generated.TARGETS))
        return {"kind": "model", "at": ["flags", target], "value": rng.sample(generated.FLAGS, rng.randrange(0, 4))}
    if shape < 0.5:
        return {"kind": "model", "at": ["cfg"], "value": rng.randrange(4)}
    if shape < 0.65:
        order = list(generated.LAYERS)
        rng.shuffle(order)
        return {"kind": "model", "at": ["include"], "value": order[:rng.choice([4, 5, 5, 5])] + ["inc/three"] * (rng.random() < 0.9)}
    if shape < 0.7:
        return {"kind": "model", "at": ["std"], "value": rng.choice([14, 17, 20])}
    if shape < 0.75:
        return {"kind": "model", "at": ["system"], "value": rng.choice([["sys"], ["sys", "inc/environment"], ["inc/two", "sys"], []])}
    if shape < 0.85:
        name = rng.choice(list(generated.ENVIRONMENT))
        value = None if name in ws.model["env"] else rng.choice(generated.ENVIRONMENT[name])
        return {"kind": "model", "at": ["env", name], "value": value}
    if shape < 0.93:
        return {"kind": "model", "at": ["type"], "value": rng.choice(["Debug", "Release", ""])}
    return {"kind": "model", "at": ["compiler"], "value": rng.choice(compilers)}


def sources(ws, rng):
    target = rng.choice(list(generated.TARGETS))
    path = f"{target}/extra{rng.randrange(3)}{generated.TARGETS[target]}"
    if rng.random() < 0.3:  # one that is in another target, too
        other = rng.choice([name for name in generated.TARGETS if generated.TARGETS[name] == generated.TARGETS[target]])
        path = rng.choice(ws.model["sources"][other])
    if path == "app/main.cpp":
        return None
    names = ws.model["sources"][target]
    if path in names and rng.random() < 0.7:
        path = rng.choice([name for name in names if name != "app/main.cpp"] or names)
    return {"kind": "source", "target": target, "path": path, "there": path not in names,
            "text": generated.source_text(rng, path)}


CHANGES = [(edit, 40), (rewrite, 8), (touch, 6), (shadow, 14), (twin, 4), (delete, 10), (move, 7), (links, 9), (branch, 12),
           (settings, 10), (sources, 4)]


def change(ws, rng, compilers):
    """A step that changes the source tree."""
    while True:
        kind = rng.choices([kind for kind, _ in CHANGES], [weight for _, weight in CHANGES])[0]
        step = kind(ws, rng, compilers) if kind is settings else kind(ws, rng)
        if step and step.get("path", "") is not None:
            return step
