// Tiles and the table of all figures: the shown build beside all builds.

const PARTS = [["compiles", (counters) => counters], ["archives", (counters) => counters.archives], ["links", (counters) => counters.links]];

// [key, label, how it is written, the figure]
const FIGURES = [
  ["requests", "requests", count, (part) => part.requests],
  ["hits", "hits", count, (part) => part.hits],
  ["misses", "misses", count, (part) => part.misses],
  ["uncacheable", "not cacheable", count, (part) => part.uncacheable],
  ["errors", "errors", count, (part) => part.errors],
  ["bypassed", "without the cache", count, (part) => part.bypassed],
  ["hit_rate", "hit rate of what can be cached", percent, hitRate],
  ["time_saved_ms", "time saved", (ms) => duration(ms * 1000), (part) => part.time_saved_ms],
  ["bytes_restored", "restored", bytes, (part) => part.bytes_restored],
  ["bytes_stored", "stored", bytes, (part) => part.bytes_stored],
];

function figureCell(whose, part, key, written, value) {
  return element("span", { "data-figure": `${whose}.${part}.${key}`, "data-value": value }, written(value));
}

function tile(label, value, note) {
  return element("div", { class: "tile" }, element("dt", {}, label), element("dd", {}, element("strong", {}, value),
    element("span", { class: "muted" }, note)));
}

function outcomeShares(counters) {
  const kinds = [["hit", "hits"], ["miss", "misses"], ["uncacheable", "uncacheable"], ["error", "errors"], ["bypassed", "bypassed"]];
  const bar = element("div", { class: "shares", "aria-hidden": "true" });
  for (const [kind, key] of kinds) {
    if (counters[key] === 0) continue;
    const part = element("span", { class: kind });
    part.style.flexGrow = String(counters[key]);
    bar.append(part);
  }
  return [bar, legendElement(kinds.filter(([, key]) => counters[key] > 0)
    .map(([kind, key]) => [kind, `${count(counters[key])} ${kind === "hit" || kind === "miss" ? key : OUTCOME_WORDS[kind]}`]))];
}

function showOverview(model) {
  const { shown } = model;
  const total = model.data.total;
  const columns = [{ title: "" }];
  const groups = shown === null ? [["total", "all builds", total]]
    : [["build", `build ${shown.number}`, shown.counters], ["total", "all builds", total]];
  for (const [, title] of groups) for (const [part] of PARTS) columns.push({ title: `${part}, ${title}`, number: true });
  const rows = FIGURES.map(([key, label, written, figure]) => [label, ...groups.flatMap(([whose, , counters]) =>
    PARTS.map(([part, of]) => figureCell(whose, part, key, written, figure(of(counters)))))]);
  const table = tableElement("All figures", columns, rows, { unseenCaption: true });
  if (shown === null) {
    put("overview-body", element("p", {}, "No build is recorded yet: build the project, and write this report again."), table);
    return;
  }
  const took = shown.ended_us - shown.started_us;
  const { counters } = shown;
  put("overview-body",
    element("dl", { class: "tiles" },
      tile("Hit rate", percent(hitRate(counters)), `${count(counters.hits)} of ${count(counters.hits + counters.misses)} that can be cached`),
      tile("Compiles", count(counters.requests), `${count(shown.steps)} steps with archives and links`),
      tile("Build took", duration(took), shown.ended ? `ended ${moment(shown.ended_us / 1e6)}` : "still running when this was written"),
      tile("Time saved", duration(counters.time_saved_ms * 1000), `${duration(total.time_saved_ms * 1000)} in all builds`)),
    ...outcomeShares(counters),
    folded("All figures, also of archives, links and all builds", table));
}
