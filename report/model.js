"use strict";
// The data of the page as the other scripts want it, and how figures are written. Texts of names are data: they only ever
// become text nodes (elements.js).

const OUTCOME_WORDS = { hit: "hit", miss: "miss", uncacheable: "not cacheable", error: "error", bypassed: "bypassed" };

function count(number) { return number.toLocaleString("en"); }

// As `stats` writes them (helper/stats_view.cc).
function duration(us) {
  if (us === 0) return "0 ms";
  if (us < 1000) return `${Math.round(us)} µs`;
  if (us < 10000) return `${(us / 1000).toFixed(1)} ms`;
  if (us < 1e6) return `${Math.floor(us / 1000)} ms`;
  const seconds = Math.floor(us / 1e6);
  if (seconds < 60) return `${(Math.floor(us / 1e5) / 10).toFixed(1)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds / 60) % 60} min`;
}

function bytes(number) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let unit = 0;
  while (number >= 1023.95 && unit + 1 < units.length) {
    number /= 1024;
    ++unit;
  }
  return unit === 0 ? `${number} B` : `${number.toFixed(1)} ${units[unit]}`;
}

// Of what could have been a hit; never rounded up. Null where there was nothing of the kind.
function hitRate(counters) {
  const cacheable = counters.hits + counters.misses;
  return cacheable === 0 ? null : Math.floor((1000 * counters.hits) / cacheable) / 10;
}

function percent(rate) { return rate === null ? "–" : `${rate.toFixed(1)} %`; }

function moment(seconds) {
  const date = new Date(seconds * 1000);
  const two = (number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ` +
    `${two(date.getHours())}:${two(date.getMinutes())}`;
}

class Model {
  constructor(data) {
    this.data = data;
    this.builds = data.builds;
    this.shown = data.builds.find((build) => build.number === data.shown) || null;
    const place = Object.fromEntries(data.columns.map((name, index) => [name, index]));
    this.steps = data.steps.map((row, index) => this.step(row, place, index));
    this.lanes = data.lanes;
  }

  text(id) { return id < 0 ? "" : this.data.texts[id]; }

  step(row, place, index) {
    const source = this.text(row[place.source]);
    const output = this.text(row[place.output]);
    const step = {
      index, source, output,
      kind: this.data.kinds[row[place.kind]],
      outcome: this.data.outcomes[row[place.outcome]],
      tier: this.data.tiers[row[place.tier]],
      reason: this.text(row[place.reason]),
      detail: this.text(row[place.detail]),
      start: row[place.start],
      end: Math.max(row[place.end], row[place.start]),
      compile: row[place.compile],
      lane: row[place.lane],
      phases: row[place.phases],
      why: this.text(row[place.why]),
      group: row[place.group],
      also: row[place.also].map((text) => this.text(text)),
      file: this.shorten(source || output),
    };
    step.took = step.end - step.start;
    return step;
  }

  // Paths of the project without the folders that all of them are in.
  shorten(spelled) {
    const path = spelled.replaceAll("/./", "/");
    for (const root of [this.data.build_root, this.data.source_root]) {
      if (root !== "" && path.startsWith(`${root}/`)) return path.slice(root.length + 1);
    }
    return path;
  }

  isOfProject(path) {
    return [this.data.build_root, this.data.source_root].some((root) => root !== "" && path.startsWith(`${root}/`));
  }

  // Groups of this outcome, as explain has them: [{index, title, hint, steps, compile_us}], dearest first.
  groups(outcome) {
    return this.data.groups.map((group, index) => ({ ...group, index })).filter((group) => group.outcome === outcome);
  }
}
