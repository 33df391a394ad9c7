#!/usr/bin/env python3
"""run.py PART --root FOLDER --launcher PROGRAM --helper PROGRAM

figures        what page and trace say is what stats and explain say
page           it loads from disk without a complaint or a request; filters, sorting, details, timeline and colours work
accessibility  landmarks, headings, labels, tables, contrast; everything is reached by keyboard; it prints
size           a hundred thousand steps
Exit status 77: no browser here."""

import argparse
import json
import os
import pathlib
import re
import sys

import browser
import project

HERE = pathlib.Path(__file__).parent


def expect(found, wanted, what):
    if found != wanted:
        raise browser.Failed(f"{what}: {found!r}, not {wanted!r}")


def true(condition, what):
    if not condition:
        raise browser.Failed(what)


def data_in(page):
    return re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S).group(1)


def step_rows(data):
    return [dict(zip(data["columns"], row)) for row in data["steps"]]


def url_of(made):
    return made.run("report").strip()


# ---- figures


def check_trace(made, explained):
    path = os.path.join(made.root, "trace.json")
    made.run("report", "--trace", path)
    events = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))["traceEvents"]
    steps = [event for event in events if event["ph"] == "X" and "outcome" in event["args"]]
    key = lambda it: (it["output"], it["outcome"], it["reason"])
    expect(sorted(key({"reason": "", **event["args"]}) for event in steps), sorted(map(key, explained["steps"])), "steps of the trace")
    for event in steps:
        inside = [one for one in events if one["ph"] == "X" and one["pid"] == event["pid"] and one["tid"] == event["tid"] and one is not event
                  and event["ts"] <= one["ts"] < event["ts"] + event["dur"]]
        true(inside and all(one["ts"] + one["dur"] <= event["ts"] + event["dur"] for one in inside), f"phases of {event}")


def figures(made):
    made.run("report", "--output", os.path.join(made.root, "a report.html"))
    page = pathlib.Path(made.root, "a report.html").read_text(encoding="utf-8")
    true("onerror=window" in page and "<img" not in page.split("<script nonce")[0], "the name is there, and no markup")
    data, stats, explained = json.loads(data_in(page)), made.json("stats"), made.json("explain")
    same = [name for name in stats["total"] if name in data["total"]]
    true(len(same) > 10, "figures in common")
    for name in same:
        if name in ("archives", "links"):
            continue
        expect(data["total"][name], stats["total"][name], f"total {name}")
        expect(data["builds"][0]["counters"][name], stats["last_build"][name], f"last build {name}")
    expect(stats["last_build"]["misses"], 3, "misses of the last build")
    expect([(group["title"], group["steps"], group["compile_us"]) for group in data["groups"]],
           [(group["title"], group["count"], group["compile_us"]) for group in explained["causes"]], "groups of causes")
    texts = data["texts"]
    expect([(texts[row["output"]], texts[row["why"]] if row["why"] >= 0 else "") for row in step_rows(data)],
           [(step["output"], step["why"]) for step in explained["steps"]], "steps")
    costs = {path: (units, cost) for path, units, cost in data["headers"]["rows"]}
    cached = {step["output"]: step["compile_us"] for step in explained["steps"] if step["outcome"] in ("hit", "miss")}
    expect(costs[made.source + "/shared.h"], (len(cached), sum(cached.values())), "what touching shared.h costs")
    expect(costs[made.source + "/some.h"][0], 3, "units that read some.h")
    check_stores(data["stores"], {store["name"]: store for store in made.json("status")["stores"]})
    check_trace(made, explained)


def check_stores(shown, stores):
    expect([store["name"] for store in shown], ["tree", "shared"], "stores")
    for store in shown:
        of_all = stores[store["name"]]
        true(of_all["objects"] > 10 and of_all["path"].startswith(store["path"] + "/"), f"store {of_all}")
        expect((sum(age["blobs"] for age in store["ages"]), sum(age["bytes"] for age in store["ages"]), store["limit"]),
               (of_all["objects"], of_all["bytes"], of_all["limit"]), f"what the store {store['name']} has, of any age")
        expect(store["ages"][0]["blobs"], of_all["objects"], "what was used a moment ago")


# ---- page


def loads(tab, made):
    url = url_of(made)
    true(url.startswith("file:///") and " " not in url, url)
    tab.open(url)
    expect(tab.requests, [url], "requests")
    expect(tab.js("typeof window.hacked"), "undefined", "names of files are run")
    expect(tab.js("document.querySelectorAll('img,iframe,object,embed,link').length"), 0, "foreign elements")
    true("�" in tab.js("document.getElementById('step-table').textContent"), "bytes that are no text are shown as such")
    tab.js("fetch('file:///etc/hostname').catch(() => 0)")
    true(any("Content Security Policy" in one for one in tab.complaints), "the policy lets the page load things")
    tab.complaints.clear()


def shows_figures(tab, made):
    stats, explained = made.json("stats"), made.json("explain")
    for whose, part in (("build", stats["last_build"]), ("total", stats["total"])):
        for name in ("requests", "hits", "misses", "uncacheable", "errors", "bypassed", "time_saved_ms", "bytes_restored", "bytes_stored"):
            shown = tab.js(f"document.querySelector('[data-figure=\"{whose}.compiles.{name}\"]').dataset.value")
            expect(int(shown), part[name], f"{whose} {name} on the page")
    groups = tab.js("[...document.querySelectorAll('[data-group]')].map(it => [it.firstChild.textContent, "
                    "Number(it.closest('tr').querySelector('[data-value]').dataset.value)])")
    expect(sorted(map(tuple, groups)), sorted((group["title"], group["count"]) for group in explained["causes"]), "causes on the page")
    expect(tab.js("document.getElementById('step-found').dataset.found"), str(len(explained["steps"])), "rows")


def cells(tab, caption):
    return tab.js("[...document.querySelectorAll('table')].filter(it => it.caption.textContent.startsWith(" + json.dumps(caption) + "))"
                  ".map(it => [...it.querySelectorAll('tbody tr')].map(row => [...row.cells].map(cell => cell.textContent)))[0]")


def shows_builds_headers_and_stores(tab, made):
    stats = made.json("stats")["last_build"]
    builds = cells(tab, "Builds")
    expect([row[0] for row in builds], ["#3", "#2", "#1"], "builds")
    expect(builds[0][4:7], [str(stats[name]) for name in ("hits", "misses", "uncacheable")], "figures of the newest")
    expect(tab.js("[...document.querySelectorAll('#builds-body .chart canvas')].map(it => it.width > 100 && "
                  "new Uint32Array(it.getContext('2d').getImageData(0, 0, it.width, it.height).data.buffer).some(pixel => pixel !== 0))"),
           [True, True], "charts of the builds have something in them")
    costs = {row[0]: row[1] for row in cells(tab, "Headers")}
    expect(costs.get("some.h"), "3", "units that read some.h")
    for store, caption in zip(made.json("status")["stores"][1:], ("Of this build tree", "Shared by all trees")):
        ages = cells(tab, caption)
        expect((ages[0][:2], len(ages)), (["within 2 hours", str(store["objects"])], 5), caption)


def found(tab):
    return int(tab.js("document.getElementById('step-found').dataset.found"))


def choose(tab, selector, value):
    tab.js(f"(() => {{ const it = document.querySelector('{selector}'); it.value = {json.dumps(value)}; "
           "it.dispatchEvent(new Event('input')); it.dispatchEvent(new Event('change')); })()")


def filters_work(tab, made):
    steps = made.json("explain")["steps"]
    for outcome in ("hit", "miss", "uncacheable"):
        choose(tab, "#step-outcome", outcome)
        expect(found(tab), sum(step["outcome"] == outcome for step in steps), f"steps that are {outcome}")
    choose(tab, "#step-outcome", "")
    choose(tab, "#step-search", "UNIT3 source")
    expect(found(tab), 1, "steps that are found by name")
    choose(tab, "#step-search", "no such thing")
    expect((found(tab), tab.js("document.querySelectorAll('#step-table tbody tr').length")), (0, 0), "nothing is found")
    choose(tab, "#step-search", "")
    tab.click("section [data-group] bdi")  # nothing happens
    tab.js("document.querySelector('#causes-body button.quiet').click()")
    title = tab.js("document.querySelector('[data-group] bdi').textContent")
    expect(found(tab), sum(step["why"] == title for step in steps), f"steps of the first cause, {title}")
    tab.click(".chip")
    expect(found(tab), len(steps), "steps when the cause is dropped")


def sorting_works(tab):
    files = "[...document.querySelectorAll('#step-table tbody th')].map(it => it.textContent)"
    orders = "[...document.querySelectorAll('#step-table [aria-sort]')].map(it => [it.dataset.key, it.getAttribute('aria-sort')])"
    tab.click("#step-table [data-key=file] button")
    up = tab.js(files)
    expect((up, tab.js(orders)), (sorted(up), [["file", "ascending"]]), "sorted by file")
    tab.click("#step-table [data-key=file] button")
    expect((tab.js(files), tab.js(orders)), (up[::-1], [["file", "descending"]]), "sorted the other way")
    tab.js("document.querySelector('#step-table [data-step] button').focus()")
    tab.key("Enter")
    true(tab.js("document.activeElement.getAttribute('aria-expanded') === 'true' && document.querySelector('.details').textContent.includes('phases')"),
         "details open by keyboard, and keep the focus")


def timeline_works(tab):
    said = "document.querySelector('#timeline-body [role=status]').textContent"
    true(tab.js(said).startswith("whole build"), tab.js(said))
    tab.js("document.querySelector('.timeline').focus()")
    tab.key("+", "Equal")
    true(" to " in tab.js(said), "+ zooms")
    before = tab.js(said)
    tab.key("ArrowRight")
    true(tab.js(said) != before, "an arrow moves")
    tab.key("0", "Digit0")
    true(tab.js(said).startswith("whole build"), "0 shows all")
    inked = ("(() => { const it = document.querySelector('.timeline canvas'); const copy = document.createElement('canvas');"
             "copy.width = it.width; copy.height = it.height; const ink = copy.getContext('2d', {willReadFrequently: true}); ink.drawImage(it, 0, 0);"
             "const bytes = ink.getImageData(0, 0, it.width, it.height).data;"
             "const wanted = colour('NAME').match(/\\d+/g).map(Number); let sum = 0;"
             "for (let i = 0; i < bytes.length; i += 4) sum += wanted.every((value, k) => value === bytes[i + k]) ? 1 : 0; return sum; })()")
    for name in ("hit", "miss", "uncacheable"):
        true(tab.js(inked.replace("NAME", name)) > 20, f"the timeline has something in the colour of {name}")


def colours_work(tab):
    ground = "getComputedStyle(document.body).backgroundColor"
    brightness = lambda: sum(map(int, re.findall(r"\d+", tab.js(ground))[:3]))
    tab.prefer("light")
    true(brightness() > 600, "light where the system is")
    tab.prefer("dark")
    true(brightness() < 150, "dark where the system is")
    choose(tab, "#theme", "light")
    true(brightness() > 600, "light where it is chosen")
    choose(tab, "#theme", "dark")
    tab.prefer("light")
    true(brightness() < 150, "dark where it is chosen")
    choose(tab, "#theme", "system")


def page(made, tab):
    tab.size(1280, 900)
    loads(tab, made)
    shows_figures(tab, made)
    shows_builds_headers_and_stores(tab, made)
    filters_work(tab, made)
    sorting_works(tab)
    timeline_works(tab)
    colours_work(tab)
    tab.size(400, 800)
    true(tab.js("document.documentElement.scrollWidth <= 400"), "a narrow window needs no scrolling to the side")
    expect(tab.complaints, [], "complaints in the console")


# ---- accessibility

REACHABLE = ("[...document.querySelectorAll('a[href],button,input,select,summary,[tabindex=\"0\"]')]"
             ".filter(it => !it.disabled && it.checkVisibility({visibilityProperty: true}))")


def keyboard_reaches_everything(tab):
    wanted = tab.js(f"{REACHABLE}.forEach((it, at) => {{ it.dataset.stop = at; }}), {REACHABLE}.length")
    tab.js("document.activeElement.blur(), scrollTo(0, 0)")
    reached = set()
    for _ in range(wanted + 5):
        tab.key("Tab")
        stop, outline = tab.js("[document.activeElement.dataset.stop ?? '', getComputedStyle(document.activeElement).outlineStyle]")
        if stop != "":
            true(outline != "none", f"the focus on {tab.js('document.activeElement.outerHTML.slice(0, 120)')} is not seen")
            reached.add(int(stop))
    missing = [tab.js(f"document.querySelector('[data-stop=\"{stop}\"]').outerHTML.slice(0, 120)") for stop in set(range(wanted)) - reached]
    expect(missing, [], "not reached by keyboard")


def accessibility(made, tab):
    tab.size(1280, 900)
    tab.open(url_of(made))
    checks = (HERE / "page_checks.js").read_text(encoding="utf-8")
    for scheme in ("light", "dark"):
        tab.prefer(scheme)
        expect(tab.js(checks), [], scheme)
    tab.js("document.querySelectorAll('details').forEach(it => { it.open = true; })")
    tab.js("document.querySelector('#step-table [data-step] button').click()")
    expect(tab.js(checks), [], "unfolded")
    keyboard_reaches_everything(tab)
    tab.prefer("dark", media="print")
    true(tab.js("!document.querySelector('nav').checkVisibility() && getComputedStyle(document.body).color === 'rgb(28, 33, 40)'"),
         "paper is white and has no navigation")
    true(len(tab.call("Page.printToPDF")["data"]) > 10000, "it prints")
    expect(tab.complaints, [], "complaints in the console")


# ---- size


def enlarge(text, steps):
    data = json.loads(text)
    place = {name: at for at, name in enumerate(data["columns"])}
    one, data["texts"], data["steps"], data["lanes"] = data["steps"][0], data["texts"][:], [], 64
    for number in range(steps):
        row = list(one)
        row[place["source"]] = len(data["texts"])
        data["texts"].append(f"/src/folder{number % 100}/unit{number}.cpp")
        row[place["lane"]], row[place["outcome"]] = number % 64, number % 3
        row[place["start"]] = number // 64 * 1000
        row[place["end"]] = row[place["start"]] + 900
        data["steps"].append(row)
    return json.dumps(data).replace("<", "\\u003c")


def size(made, tab):
    for steps in (5000, 100_000):
        source = pathlib.Path(made.root, "report.html")
        made.run("report", "--output", str(source))
        text = source.read_text(encoding="utf-8")
        old = data_in(text)
        source.write_text(text.replace(old, enlarge(old, steps)), encoding="utf-8")
        tab.size(1280, 900)
        tab.open(source.as_uri())
        expect(found(tab), steps, "steps")
        true(tab.js("document.querySelectorAll('*').length") < 5000, "as many elements as rows")
        took = tab.js("(() => { const began = performance.now(); const it = document.getElementById('step-search'); it.value = 'unit4711';"
                      "it.dispatchEvent(new Event('input')); return performance.now() - began; })()")
        drawn = tab.js("new Promise(done => { const began = performance.now(); [...document.querySelectorAll('#timeline-body button')][0].click();"
                       "requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began))); })")
        opened = tab.js("Math.round(performance.getEntriesByType('navigation')[0].loadEventEnd)")
        print(f"{steps} steps: opened in {opened} ms, searched in {took:.0f} ms, zoomed in {drawn:.0f} ms")
        expect(found(tab), 1 + (steps > 47110) * 10, "found among them")
    expect(tab.complaints, [], "complaints in the console")


PARTS = {"page": page, "accessibility": accessibility, "size": size}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("part", choices=["figures", *PARTS])
    parser.add_argument("--root", required=True)
    parser.add_argument("--launcher", required=True)
    parser.add_argument("--helper", required=True)
    options = parser.parse_args()
    program = browser.find()
    if options.part != "figures" and program is None:
        print("SKIPPED: no Chromium here (scripts/install-dependencies browser)")
        return 77
    made = project.Project(options.root, options.launcher, options.helper)
    try:
        made.make_history()
        if options.part == "figures":
            figures(made)
        else:
            with browser.Browser(program) as tab:
                PARTS[options.part](made, tab)
    except browser.Failed as failure:
        print(f"FAILED: {failure}", file=sys.stderr)
        return 1
    finally:
        made.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
