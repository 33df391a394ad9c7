"""Steps that do not change the sources, or not only: what happens to the cache and during builds. Common to all projects."""

import time

import steps

DISTURBANCES = ["kill", "kill", "freeze", "end", "stop", "clear"]
DAMAGES = ["delete", "truncate", "folder", "shared"]
WEIGHTS = [("during", 7), ("disturb", 6), ("damage", 6), ("interrupt", 4), ("at-once", 2), ("fresh", 2), ("again", 5)]


def choose(rng, change):
    """An event; change() draws a step for the sources, for those that happen while a build runs."""
    kind = rng.choices([name for name, _ in WEIGHTS], [weight for _, weight in WEIGHTS])[0]
    step = {"kind": kind}
    if kind == "during":  # the sources change while they are built
        step |= {"changes": [change() for _ in range(rng.choice([1, 1, 2, 3]))], "edge": rng.randrange(1, 20),
                 "wait_ms": rng.choice([0, 0, 5, 20, 60]), "clean": rng.random() < 0.7}
    elif kind == "disturb":
        step |= {"what": rng.choice(DISTURBANCES), "edge": rng.randrange(0, 20)}
    elif kind == "damage":
        step |= {"how": rng.choice(DAMAGES), "seed": rng.randrange(1 << 30), "edge": rng.randrange(0, 20),
                 "kill": rng.random() < 0.4}
    elif kind == "interrupt":
        step |= {"signal": rng.choice(["SIGINT", "SIGTERM", "SIGHUP"]), "edge": rng.randrange(1, 20),
                 "wait_ms": rng.choice([0, 0, 5, 20, 60]), "clean": rng.random() < 0.7}
    elif kind == "at-once":
        step |= {"targets": [["core", "clib", "pre"], ["objs", "cpre"]]}
    return step


def at(edge, action, wait_ms=0):
    """For Tree.ninja: action once, when that many edges are finished."""
    def called(count, process):
        if count == edge:
            time.sleep(wait_ms / 1000)  # into the middle of the next compile; nothing depends on where exactly
            action(process)
    return called


def changes_during(ws, step):
    def action(_):
        for inner in step["changes"]:
            if inner["kind"] not in ("model", "source", "restore"):  # those need a configure
                steps.change(ws, inner)
    return at(step["edge"], action, step["wait_ms"])
