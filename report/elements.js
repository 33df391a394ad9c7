// Elements of the page. Whatever comes from the data becomes a text node or an attribute's value, never markup.

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name.startsWith("aria-") && typeof value === "boolean") made.setAttribute(name, String(value));
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, String(value));
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

function put(id, ...children) { document.getElementById(id).replaceChildren(...children.filter((child) => child !== null)); }

function announce(text) { document.getElementById("announcer").textContent = text; }

// A file name: readable in its own direction whatever is in it, whole in its title.
function pathElement(text, whole = text) { return element("bdi", { class: "path", title: whole === text ? null : whole }, text); }

// A share as a bar. The figure stands beside it, so readers of the page's text need none of it.
function barElement(share, kind = "plain") {
  const bar = element("span", { class: `bar ${kind}`, "aria-hidden": "true" }, element("span"));
  bar.firstChild.style.width = `${Math.max(0, Math.min(1, share)) * 100}%`;
  return bar;
}

// columns: [{title, number, wide}]; rows: arrays of text or elements, the first of each being its heading.
function tableElement(caption, columns, rows, { unseenCaption = false } = {}) {
  const head = element("tr", {}, ...columns.map(({ title, number, wide }) =>
    element("th", { scope: "col", class: [number ? "number" : "", wide ? "wide" : ""].join(" ").trim() || null }, title)));
  const body = rows.map((cells) => element("tr", {}, ...cells.map((cell, index) => {
    const column = columns[index];
    const type = [column.number ? "number" : "", column.wide ? "wide" : ""].join(" ").trim() || null;
    return index === 0 ? element("th", { scope: "row", class: type }, cell) : element("td", { class: type }, cell);
  })));
  return scroller(caption, element("table", {},
    element("caption", { class: unseenCaption ? "unseen" : null }, caption),
    element("thead", {}, head), element("tbody", {}, ...body)));
}

// What may be wider than the page, reachable by keyboard.
function scroller(name, content) {
  return element("div", { class: "scroller", role: "region", "aria-label": name, tabindex: "0" }, content);
}

function folded(title, ...content) {
  return element("details", {}, element("summary", {}, title), ...content);
}

function legendElement(entries) {
  return element("ul", { class: "legend" }, ...entries.map(([kind, text]) =>
    element("li", {}, element("span", { class: `swatch ${kind}`, "aria-hidden": "true" }), text)));
}

// A colour of page.css as the canvas wants it.
function colour(name) {
  const probe = colour.probe || (colour.probe = document.body.appendChild(element("span", { class: "unseen", "aria-hidden": "true" })));
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}

// Charts follow the width of their box and the colours of the page.
const allCharts = [];
function keepCharted(box, chart, height) {
  allCharts.push(chart);
  new ResizeObserver(() => {
    const width = Math.floor(box.clientWidth);
    if (width > 0 && width !== chart.width) chart.setSize({ width, height });
  }).observe(box);
}
function redrawCharts() { for (const chart of allCharts) chart.redraw(false, true); }

function axis(options = {}) {
  return {
    stroke: () => colour("muted"), grid: { stroke: () => colour("line"), width: 1 }, ticks: { show: false },
    font: "12px system-ui, sans-serif", ...options,
  };
}
