// The builds of the tree side by side: hit rate, outcomes and time.

function barPaths() { return uPlot.paths.bars({ size: [0.7, 40] }); }

function buildAxis(builds) {
  return axis({
    grid: { show: false }, size: 30,
    splits: (chart, index, min, max) => {
      const every = Math.max(1, Math.ceil(builds.length / Math.max(4, Math.floor(chart.width / 60))));
      return builds.map((_, at) => at).filter((at) => at % every === 0 && at >= min && at <= max);
    },
    values: (_, splits) => splits.map((at) => (builds[at] ? `#${builds[at].number}` : "")),
  });
}

function buildChart(box, builds, series, data, axes, scales, label) {
  box.setAttribute("role", "img");
  box.setAttribute("aria-label", label);
  const height = 200;
  const chart = new uPlot({
    width: Math.max(300, box.clientWidth), height, legend: { show: false }, cursor: { show: false }, padding: [8, 8, 0, 0],
    scales: { x: { time: false, range: [-0.6, builds.length - 0.4] }, ...scales },
    series: [{}, ...series], axes: [buildAxis(builds), ...axes],
  }, [builds.map((_, at) => at), ...data], box);
  keepCharted(box, chart, height);
}

function zeroBased(_, min, max) { return [0, max > 0 ? max * 1.05 : 1]; }

// Bars that stand on one another are drawn from the highest to the lowest.
function showOutcomeChart(box, builds) {
  const of = (build, ...keys) => keys.reduce((sum, key) => sum + build.counters[key], 0);
  const stacked = [["hits", "misses", "uncacheable", "errors", "bypassed"], ["hits", "misses", "uncacheable"], ["hits", "misses"], ["hits"]];
  const kinds = ["bypassed", "uncacheable", "miss", "hit"];
  buildChart(box, builds,
    [...kinds.map((kind) => ({ scale: "y", paths: barPaths(), fill: () => colour(kind), stroke: () => colour(kind), width: 0, points: { show: false } })),
      { scale: "rate", stroke: () => colour("text"), width: 1.5, spanGaps: true, points: { show: true, size: 5, fill: () => colour("surface") } }],
    [...stacked.map((keys) => builds.map((build) => of(build, ...keys))), builds.map((build) => hitRate(build.counters))],
    [axis({ scale: "y", size: 54, values: (_, splits) => splits.map((value) => (Number.isInteger(value) ? count(value) : "")) }),
      axis({ scale: "rate", side: 1, size: 50, grid: { show: false }, values: (_, splits) => splits.map((value) => `${value} %`) })],
    { y: { range: zeroBased }, rate: { range: [0, 105] } },
    `Hits, misses and compiles that cannot be cached of ${builds.length} builds as bars, hit rate as a line; the table below has the figures`);
}

function showTimeChart(box, builds) {
  const seconds = (us) => us / 1e6;
  buildChart(box, builds,
    [{ scale: "y", paths: barPaths(), fill: () => colour("plain"), stroke: () => colour("plain"), width: 0, points: { show: false } },
      { scale: "y", stroke: () => colour("saved"), width: 1.5, points: { show: true, size: 5, fill: () => colour("surface") } }],
    [builds.map((build) => seconds(build.ended_us - build.started_us)), builds.map((build) => build.counters.time_saved_ms / 1000)],
    [axis({ scale: "y", size: 54, values: (_, splits) => splits.map((value) => `${value} s`) })],
    { y: { range: zeroBased } },
    `Time that ${builds.length} builds took as bars, time saved as a line; the table below has the figures`);
}

function showBuilds(model) {
  if (model.builds.length === 0) {
    put("builds-body", element("p", {}, "None yet."));
    return;
  }
  const builds = [...model.builds].reverse();
  const outcomes = element("div", { class: "chart" });
  const times = element("div", { class: "chart" });
  const rows = model.builds.map((build) => [`#${build.number}`, moment(build.started_us / 1e6), build.asked || build.tool,
    percent(hitRate(build.counters)), count(build.counters.hits), count(build.counters.misses), count(build.counters.uncacheable),
    duration(build.ended_us - build.started_us), duration(build.counters.time_saved_ms * 1000)]);
  const columns = [{ title: "Build" }, { title: "Began" }, { title: "Command", wide: true }, { title: "Hit rate", number: true },
    { title: "Hits", number: true }, { title: "Misses", number: true }, { title: "Not cacheable", number: true },
    { title: "Took", number: true }, { title: "Saved", number: true }];
  const table = folded(builds.length === 1 ? "The build as a table" : `The ${builds.length} builds as a table`,
    tableElement("Builds, newest first", columns, rows, { unseenCaption: true }));
  put("builds-body", element("div", { class: "pair" },
    element("div", {}, element("h3", {}, "Outcomes and hit rate"),
      legendElement([["hit", "hits"], ["miss", "misses"], ["uncacheable", "not cacheable"], ["bypassed", "without the cache"],
        ["line", "hit rate"]]), outcomes),
    element("div", {}, element("h3", {}, "Time"), legendElement([["plain", "the build took"], ["saved", "saved by hits"]]), times)),
  table);
  showOutcomeChart(outcomes, builds);
  showTimeChart(times, builds);
}
