"""The picture: bars of a hit and of warm builds, as plain SVG that can be read on light and on dark."""

WIDTH, ROW, LABEL, VALUE, TOP = 760, 20, 170, 130, 34
COLORS = {"none": "#8b949e", "ours": "#2f81f7", "ccache": "#d29922", "sccache": "#db6d28", "floor": "#57ab5a"}
LEGEND = {"none": "no cache", "ours": "CompilerCache"}
# Text takes the reader's colours where they are known.
STYLE = """<style>
text { font: 12px system-ui, "DejaVu Sans", sans-serif; fill: #24292f; }
.head { font-weight: bold; }
.back { fill: #ffffff; }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3; } .back { fill: #0d1117; } }
</style>"""


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


def time_text(seconds):
    return f"{seconds * 1000:.2g} ms" if seconds < 0.01 else f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def groups(results):
    """(title, [(name, seconds)]): each group has a scale of its own, so that ratios can be seen."""
    found = []
    for headers, size in ((242, "250 kB"), (2420, "250 kB")):
        times = results.hits.get((headers, size), {})
        if times:
            found.append((f"one hit, {headers:,} headers, object of {size}",
                          [(name, median / 1e6) for name, (median, _, _) in times.items() if name in COLORS]))
    for build in results.builds:
        warm = build.medians("warm")
        if "none" in build.medians("cold"):
            warm = {"none": build.medians("cold")["none"], **warm}
        found.append((f"everything built anew: {build.project.name} ({build.project.about})",
                      [(name, wall) for name, (wall, _) in warm.items()]))
    return found


def group_rows(title, values, y):
    """SVG of one group, and the y below it. A bar that would dwarf the others is cut."""
    others = [seconds for name, seconds in values if name != "none"]
    scale = max(others or [values[0][1]])
    lines = [f'<text class="head" x="10" y="{y + 14}">{escape(title)}</text>']
    y += ROW + 2
    room = WIDTH - LABEL - VALUE
    for name, seconds in values:
        cut = seconds > scale * 1.001
        width = room if cut else max(2, room * seconds / scale)
        color = COLORS[name]
        lines.append(f'<text x="{LABEL - 8}" y="{y + 14}" text-anchor="end">{escape(LEGEND.get(name, name))}</text>')
        lines.append(f'<rect x="{LABEL}" y="{y + 3}" width="{width:.1f}" height="{ROW - 6}" rx="2" fill="{color}"/>')
        if cut:  # two strokes say that the bar goes on
            for x in (LABEL + width - 26, LABEL + width - 20):
                lines.append(f'<path class="back" d="M{x:.0f} {y + ROW - 2} l6 {4 - ROW} h3 l-6 {ROW - 4} z"/>')
        lines.append(f'<text x="{LABEL + width + 6:.1f}" y="{y + 14}">{time_text(seconds)}</text>')
        y += ROW
    return lines, y + 12


def svg(results):
    lines, y = [], TOP
    for title, values in groups(results):
        more, y = group_rows(title, values, y)
        lines += more
    head = f'<text class="head" x="10" y="20" style="font-size:14px">Answered from the cache: shorter is better (medians)</text>'
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" viewBox="0 0 {WIDTH} {y}">', STYLE,
                      f'<rect class="back" width="{WIDTH}" height="{y}" rx="6"/>', head, *lines, "</svg>", ""])
