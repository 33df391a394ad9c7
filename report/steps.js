// The table of all steps: searched, filtered, sorted, and one page of rows at a time, so that a hundred thousand of them do not
// make a hundred thousand elements.

const STEP_COLUMNS = [
  { key: "file", title: "File", wide: true, cell: (step) => pathElement(step.file, step.source || step.output) },
  { key: "kind", title: "Kind", cell: (step) => step.kind },
  { key: "outcome", title: "Outcome", cell: (step) => element("span", { class: `outcome ${step.outcome}` }, OUTCOME_WORDS[step.outcome]) },
  { key: "why", title: "Reason", wide: true, cell: (step) => element("bdi", {}, step.outcome === "hit" ? `from ${step.tier}` : step.why) },
  { key: "took", title: "Took", number: true, cell: (step) => duration(step.took) },
  { key: "compile", title: "Compile", number: true, cell: (step) => (step.compile === 0 ? "–" : duration(step.compile)) },
  { key: "start", title: "Began at", number: true, cell: (step) => duration(step.start) },
];

class StepTable {
  constructor(model) {
    this.model = model;
    this.sort = { key: "start", falling: false };
    this.page = 0;
    this.group = null;
    this.open = new Set();
    this.make();
    this.select();
  }

  make() {
    const options = (values) => values.map(([value, text]) => element("option", { value }, text));
    const changed = () => { this.page = 0; this.select(); };
    this.search = element("input", { type: "search", id: "step-search", autocomplete: "off", oninput: changed });
    this.outcome = element("select", { id: "step-outcome", onchange: changed },
      ...options([["", "all"], ...Object.entries(OUTCOME_WORDS).filter(([name]) => this.model.steps.some((step) => step.outcome === name))]));
    this.kind = element("select", { id: "step-kind", onchange: changed }, ...options([["", "all"], ...this.model.data.kinds.map((kind) => [kind, kind])]));
    this.size = element("select", { id: "step-size", onchange: changed }, ...options([["25", "25"], ["100", "100"], ["500", "500"]]));
    this.reason = element("button", { type: "button", class: "chip", hidden: true,
      onclick: () => { this.group = null; changed(); this.search.focus(); } });
    this.head = element("tr");
    this.body = element("tbody");
    this.found = element("span", { class: "muted", id: "step-found" });
    const turn = (text, by) => element("button", { type: "button", onclick: () => { this.page += by; this.draw(); } }, text);
    this.back = turn("Previous", -1);
    this.next = turn("Next", 1);
    const label = (text, input) => element("label", { for: input.id }, `${text} `, input);
    put("steps-body",
      element("div", { class: "controls", role: "search", "aria-label": "Steps" }, label("Find", this.search), label("Outcome", this.outcome),
        label("Kind", this.kind), this.reason),
      scroller("All steps", element("table", { id: "step-table" }, element("caption", { class: "unseen" }, "Steps of the build"),
        element("thead", {}, this.head), this.body)),
      element("div", { class: "controls" }, this.found, element("span", { class: "buttons" }, this.back, this.next), label("Rows", this.size)));
    this.makeHead();
  }

  makeHead() {
    this.heads = STEP_COLUMNS.map((column) => {
      const button = element("button", { type: "button", class: "sort", onclick: () => this.sortBy(column.key) }, column.title);
      const head = element("th", { scope: "col", class: [column.number ? "number" : "", column.wide ? "wide" : ""].join(" ").trim() || null }, button);
      head.dataset.key = column.key;
      return head;
    });
    this.head.replaceChildren(element("th", { scope: "col" }, element("span", { class: "unseen" }, "Details")), ...this.heads);
  }

  sortBy(key) {
    const numeric = STEP_COLUMNS.find((column) => column.key === key).number === true && key !== "start";
    this.sort = this.sort.key === key ? { key, falling: !this.sort.falling } : { key, falling: numeric };
    this.page = 0;
    this.select();
  }

  // From outside: other filters are dropped.
  filter({ outcome = "", group = null, search = "" }) {
    this.search.value = search;
    this.outcome.value = outcome;
    this.kind.value = "";
    this.group = group;
    this.page = 0;
    this.select();
    document.getElementById("steps").scrollIntoView();
    this.search.focus({ preventScroll: true });
  }

  matches(step, words) {
    if (this.outcome.value !== "" && step.outcome !== this.outcome.value) return false;
    if (this.kind.value !== "" && step.kind !== this.kind.value) return false;
    if (this.group !== null && step.group !== this.group.index) return false;
    if (words.length === 0) return true;
    const text = `${step.source}\n${step.output}\n${step.why}\n${step.reason}\n${step.detail}`.toLowerCase();
    return words.every((word) => text.includes(word));
  }

  select() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter((word) => word !== "");
    const { key, falling } = this.sort;
    const way = falling ? -1 : 1;
    this.rows = this.model.steps.filter((step) => this.matches(step, words)).sort((a, b) =>
      (a[key] < b[key] ? -way : a[key] > b[key] ? way : a.index - b.index));
    for (const head of this.heads) {
      const order = falling ? "descending" : "ascending";
      if (head.dataset.key === key) head.setAttribute("aria-sort", order);
      else head.removeAttribute("aria-sort");
    }
    this.reason.hidden = this.group === null;
    const title = this.group === null ? "" : this.group.title;
    this.reason.replaceChildren(element("bdi", {}, title), element("span", { "aria-hidden": "true" }, " ×"));
    this.reason.setAttribute("aria-label", `Show all reasons again, not only: ${title}`);
    this.draw();
  }

  draw() {
    const size = Number(this.size.value);
    const pages = Math.max(1, Math.ceil(this.rows.length / size));
    this.page = Math.max(0, Math.min(this.page, pages - 1));
    const from = this.page * size;
    const rows = this.rows.slice(from, from + size);
    this.body.replaceChildren(...rows.flatMap((step) => this.rowsOf(step)));
    this.back.disabled = this.page === 0;
    this.next.disabled = this.page + 1 >= pages;
    const range = rows.length === 0 ? "no step" : `${count(from + 1)}–${count(from + rows.length)} of ${count(this.rows.length)} steps`;
    this.found.textContent = range;
    this.found.dataset.found = String(this.rows.length);
    announce(range);
  }

  rowsOf(step) {
    const open = this.open.has(step.index);
    const name = `details-${step.index}`;
    const button = element("button", { type: "button", class: "quiet", "aria-expanded": open, "aria-controls": open ? name : null,
      "aria-label": `Details of ${step.file}`, onclick: () => {
        if (open) this.open.delete(step.index);
        else this.open.add(step.index);
        this.draw();
        const again = this.body.querySelector(`[data-step="${step.index}"] button`);
        if (again !== null) again.focus();
      } }, open ? "▾" : "▸");
    const cells = STEP_COLUMNS.map((column, index) => element(index === 0 ? "th" : "td", { scope: index === 0 ? "row" : null,
      class: [column.number ? "number" : "", column.wide ? "wide" : ""].join(" ").trim() || null }, column.cell(step)));
    const row = element("tr", { "data-step": step.index }, element("td", {}, button), ...cells);
    if (!open) return [row];
    return [row, element("tr", { id: name, class: "details" }, element("td"), element("td", { colspan: STEP_COLUMNS.length }, this.details(step)))];
  }

  details(step) {
    const phases = this.model.data.phases.map((phase, index) => [phase, step.phases[index] || 0]).filter(([, us]) => us > 0);
    const entries = [["output", pathElement(step.output)], ["source", pathElement(step.source)], ["detail", element("bdi", {}, step.detail)],
      ["reason", step.reason], ["also changed", element("bdi", {}, step.also.join("; "))],
      ["worker", String(step.lane + 1)], ["phases", phases.map(([phase, us]) => `${phase} ${duration(us)}`).join(", ")]];
    return element("dl", { class: "facts" }, ...entries.filter(([, text]) => (text.textContent ?? text) !== "")
      .flatMap(([label, text]) => [element("dt", {}, label), element("dd", {}, text)]));
  }
}

function showSteps(model) {
  const table = new StepTable(model);
  showSteps.filter = (wanted) => table.filter(wanted);
}
