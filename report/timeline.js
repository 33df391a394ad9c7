// The steps of the shown build, a lane for each worker. Drawn by hand into uPlot's canvas, which does axes, zoom and cursor:
// a hundred thousand rectangles take less time than as many elements.

class Timeline {
  constructor(model, box, tip, shownRange, choose) {
    this.model = model;
    this.tip = tip;
    this.shownRange = shownRange;
    this.end = model.steps.reduce((end, step) => Math.max(end, step.end), 1);
    this.byLane = Array.from({ length: model.lanes }, () => []);
    for (const step of model.steps) this.byLane[step.lane].push(step);
    for (const lane of this.byLane) lane.sort((a, b) => a.start - b.start);
    this.height = Math.max(110, Math.min(520, model.lanes * 26 + 60));
    this.chart = new uPlot(this.options(box), [[0, this.end], [null, null]], box);
    this.chart.over.addEventListener("mousemove", () => this.showTip());
    this.chart.over.addEventListener("mouseleave", () => { this.tip.hidden = true; });
    this.chart.over.addEventListener("click", () => {
      const step = this.stepAtCursor();
      if (step !== null && this.chart.select.width === 0) choose(step);
    });
    keepCharted(box, this.chart, this.height);
  }

  options(box) {
    const lanes = Math.max(1, this.model.lanes);
    const every = Math.ceil(lanes / 20);
    return {
      width: Math.max(300, box.clientWidth), height: this.height, legend: { show: false }, padding: [6, 8, 0, 0],
      scales: { x: { time: false, range: (_, min, max) => this.clamp(min, max) }, y: { range: [0, lanes] } },
      series: [{}, { show: true }],
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: true } },
      axes: [
        axis({ size: 30, values: (_, splits) => splits.map((us) => this.label(us, splits)) }),
        axis({ size: 34, grid: { show: false },
          splits: () => this.byLane.map((_, lane) => lanes - lane - 0.5).filter((_, lane) => lane % every === 0),
          values: (_, splits) => splits.map((at) => String(lanes - at + 0.5)) }),
      ],
      hooks: { draw: [(chart) => this.draw(chart)], setScale: [(chart, key) => { if (key === "x") this.tellRange(chart); }] },
    };
  }

  clamp(min, max) {
    const width = Math.min(Math.max(max - min, 20), this.end);
    const from = Math.max(0, Math.min(min, this.end - width));
    return [from, from + width];
  }

  // As many digits as the distance between two of them needs.
  label(us, splits) {
    const step = splits.length > 1 ? splits[1] - splits[0] : this.end;
    if (step >= 1e6) return `${Math.round(us / 1e6)} s`;
    if (step >= 1000) return this.end >= 1e6 ? `${(us / 1e6).toFixed(step >= 1e5 ? 1 : step >= 1e4 ? 2 : 3)} s` : `${Math.round(us / 1000)} ms`;
    return `${(us / 1000).toFixed(step >= 100 ? 1 : 3)} ms`;
  }

  draw(chart) {
    const { min, max } = chart.scales.x;
    const { left, top, width, height } = chart.bbox;
    const scale = width / (max - min);
    const row = height / Math.max(1, this.model.lanes);
    const gap = row > 8 ? Math.min(4, row * 0.16) : 0;
    const colours = Object.fromEntries(Object.keys(OUTCOME_WORDS).map((outcome) => [outcome, colour(outcome)]));
    const { ctx } = chart;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, top, width, height);
    ctx.clip();
    this.byLane.forEach((steps, lane) => {
      const y = top + lane * row + gap;
      let drawn = -1;  // nothing is drawn twice into the same column of pixels
      for (const step of steps) {
        if (step.start > max) break;
        if (step.end < min) continue;
        const from = left + (step.start - min) * scale;
        const to = Math.max(from + devicePixelRatio, left + (step.end - min) * scale - (step.took * scale > 6 ? 1 : 0));
        if (to - drawn < 0.5) continue;
        ctx.fillStyle = colours[step.outcome];
        ctx.fillRect(from, y, to - from, row - 2 * gap);
        this.drawName(ctx, step, from, to, y, row - 2 * gap);
        drawn = to;
      }
    });
    ctx.restore();
  }

  drawName(ctx, step, from, to, y, height) {
    const space = (to - from) / devicePixelRatio;
    if (space < 46 || height / devicePixelRatio < 14) return;
    const name = step.file.slice(step.file.lastIndexOf("/") + 1);
    const letters = Math.floor((space - 8) / 6.6);
    ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
    ctx.textBaseline = "middle";
    ctx.textAlign = "left";
    ctx.fillStyle = colour("on-bar");
    ctx.fillText(name.length > letters ? `${name.slice(0, Math.max(1, letters - 1))}…` : name, from + 4 * devicePixelRatio, y + height / 2);
  }

  stepAtCursor() {
    const { left, top } = this.chart.cursor;
    if (left === undefined || left < 0) return null;
    const lane = Math.floor(top / (this.chart.over.clientHeight / Math.max(1, this.model.lanes)));
    const at = this.chart.posToVal(left, "x");
    const slack = 3 * (this.chart.scales.x.max - this.chart.scales.x.min) / this.chart.over.clientWidth;
    const steps = this.byLane[lane] || [];
    let low = 0;
    let high = steps.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (steps[middle].start <= at + slack) low = middle + 1;
      else high = middle;
    }
    const step = steps[low - 1];
    return step !== undefined && step.end + slack >= at ? step : null;
  }

  showTip() {
    const step = this.stepAtCursor();
    this.tip.hidden = step === null;
    if (step === null) return;
    this.tip.replaceChildren(element("strong", {}, pathElement(step.file)),
      element("span", {}, `${step.kind}, ${OUTCOME_WORDS[step.outcome]}, ${duration(step.took)}`),
      ...(step.why === "" ? [] : [element("span", {}, element("bdi", {}, step.why))]));
    const space = this.chart.root.clientWidth - this.tip.offsetWidth;
    this.tip.style.left = `${Math.max(0, Math.min(this.chart.cursor.left + 46, space))}px`;
    this.tip.style.top = `${this.chart.cursor.top + 24}px`;
  }

  tellRange(chart) {
    const { min, max } = chart.scales.x;
    const whole = max - min >= this.end;
    this.shownRange.textContent = whole ? `whole build, ${duration(this.end)}` : `${duration(min)} to ${duration(max)} of ${duration(this.end)}`;
  }

  zoom(factor) {
    const { min, max } = this.chart.scales.x;
    const middle = (min + max) / 2;
    this.show(middle - ((max - min) * factor) / 2, middle + ((max - min) * factor) / 2);
  }
  move(share) {
    const { min, max } = this.chart.scales.x;
    this.show(min + (max - min) * share, max + (max - min) * share);
  }
  show(min, max) {
    const [from, to] = this.clamp(min, max);
    this.chart.setScale("x", { min: from, max: to });
  }
}

function laneTable(model, timeline) {
  const columns = [{ title: "Worker" }, { title: "Steps", number: true }, { title: "Hits", number: true }, { title: "Misses", number: true },
    { title: "Not cacheable", number: true }, { title: "Busy", number: true }, { title: "of the time", number: true }];
  const rows = timeline.byLane.map((steps, lane) => {
    const of = (outcome) => count(steps.filter((step) => step.outcome === outcome).length);
    const busy = steps.reduce((sum, step) => sum + step.took, 0);
    return [String(lane + 1), count(steps.length), of("hit"), of("miss"), of("uncacheable"), duration(busy), percent((100 * busy) / timeline.end)];
  });
  return folded("The workers as a table", tableElement("Workers of the build", columns, rows, { unseenCaption: true }));
}

const TIMELINE_KEYS = {
  ArrowLeft: (timeline) => timeline.move(-0.2), ArrowRight: (timeline) => timeline.move(0.2), "+": (timeline) => timeline.zoom(0.5),
  "=": (timeline) => timeline.zoom(0.5), "-": (timeline) => timeline.zoom(2), 0: (timeline) => timeline.show(0, timeline.end),
};

function showTimeline(model, choose) {
  if (model.steps.length === 0) {
    put("timeline-body", element("p", {}, "No steps are kept of this build."));
    return null;
  }
  const tip = element("div", { class: "tip", hidden: true });
  const range = element("span", { class: "muted", role: "status" });
  const box = element("div", { class: "chart timeline", role: "group", tabindex: "0", "aria-describedby": "timeline-help",
    "aria-label": `Timeline of ${count(model.steps.length)} steps by worker; the table of all steps has the same` });
  const used = ["hit", "miss", "uncacheable", "error", "bypassed"].filter((outcome) => model.steps.some((step) => step.outcome === outcome));
  let timeline = null;
  const button = (text, what) => element("button", { type: "button", onclick: () => what(timeline) }, text);
  put("timeline-body",
    element("div", { class: "controls" }, legendElement(used.map((outcome) => [outcome, OUTCOME_WORDS[outcome]])),
      element("span", { class: "buttons", role: "group", "aria-label": "Part of the timeline" },
        button("Zoom in", (it) => it.zoom(0.5)), button("Zoom out", (it) => it.zoom(2)), button("Earlier", (it) => it.move(-0.5)),
        button("Later", (it) => it.move(0.5)), button("Whole build", (it) => it.show(0, it.end))), range),
    box,
    element("p", { class: "muted small", id: "timeline-help" },
      "Drag to zoom, click a step to find it in the table below. With the chart focused: arrows move, + and − zoom, 0 shows all."));
  box.append(tip);
  timeline = new Timeline(model, box, tip, range, choose);
  box.addEventListener("keydown", (event) => {
    const action = TIMELINE_KEYS[event.key];
    if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action(timeline);
  });
  document.getElementById("timeline-body").append(laneTable(model, timeline));
  return timeline;
}
