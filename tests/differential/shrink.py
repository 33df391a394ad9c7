"""Leaves steps out of a list for as long as what remains still shows the difference (delta debugging)."""


def shrink(items, shows, budget):
    """The shortest list found. shows(list) is asked at most `budget` times, and is true for `items`."""
    asked = 0

    def ask(candidate):
        nonlocal asked
        asked += 1
        return shows(candidate)

    # What led to it is often near: the last few alone, first.
    size = 1
    while size < len(items) and asked < budget:
        if ask(items[-size:]):
            items = items[-size:]
            break
        size *= 4
    chunk = max(1, len(items) // 2)
    while asked < budget:
        at, shorter = 0, False
        while at < len(items) and asked < budget:
            candidate = items[:at] + items[at + chunk:]
            if candidate and ask(candidate):
                items, shorter = candidate, True
            else:
                at += chunk
        if chunk == 1 and not shorter:
            break
        chunk = max(1, chunk // 2)
    return items
