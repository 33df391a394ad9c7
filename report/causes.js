// What is dear: causes of misses, refusals, headers; and what the store holds.

function groupTable(title, groups, filter, costly) {
  const figure = (group) => (costly ? group.compile_us : group.steps);
  const most = Math.max(1, ...groups.map(figure));
  const columns = [{ title, wide: true }, { title: "Steps", number: true },
    ...(costly ? [{ title: "Compile time", number: true }] : []), { title: "Share" }, { title: "Steps" }];
  const limit = 50;
  const rows = groups.slice(0, limit).map((group) => [
    element("span", { "data-group": group.index }, element("bdi", {}, group.title),
      group.hint === "" ? null : element("span", { class: "hint" }, group.hint)),
    element("span", { "data-value": group.steps }, count(group.steps)),
    ...(costly ? [element("span", { "data-value": group.compile_us }, duration(group.compile_us))] : []), barElement(figure(group) / most, filter),
    element("button", { type: "button", class: "quiet", "aria-label": `Show the steps: ${group.title}`,
      onclick: () => showSteps.filter({ group }) }, "show")]);
  const left = groups.length - limit;
  const table = tableElement(title, columns, rows, { unseenCaption: true });
  return left > 0 ? element("div", {}, table, element("p", { class: "muted" }, `and ${count(left)} more`)) : table;
}

function showCauses(model) {
  const parts = [];
  const misses = model.groups("miss");
  if (misses.length > 0) parts.push(groupTable("Cause of misses", misses, "miss", true));
  for (const [outcome, title] of [["uncacheable", "Not cacheable"], ["error", "Errors"]]) {
    const groups = model.groups(outcome);
    if (groups.length > 0) parts.push(element("h3", {}, title), groupTable(title, groups, outcome, false));
  }
  if (parts.length === 0) parts.push(element("p", {}, model.steps.length === 0 ? "No steps are kept of this build." : "Nothing missed."));
  put("causes-body", ...parts);
}

function showHeaders(model) {
  const { units, rows, left_out: leftOut, compile_us: all } = model.data.headers;
  if (rows.length === 0) {
    put("headers-body", element("p", {}, "Nothing is recorded of headers yet."));
    return;
  }
  let shown = 15;
  const list = element("div");
  const search = element("input", { type: "search", id: "header-search", autocomplete: "off" });
  const system = element("input", { type: "checkbox", id: "header-system" });
  const more = element("button", { type: "button", onclick: () => { shown += 50; draw(); } }, "Show more");
  const draw = () => {
    const wanted = search.value.toLowerCase();
    const found = rows.filter(([path]) => (system.checked || model.isOfProject(path)) && path.toLowerCase().includes(wanted));
    const most = found.length > 0 ? found[0][2] : 1;
    const columns = [{ title: "Header", wide: true }, { title: "Read by", number: true }, { title: "Touching it costs", number: true },
      { title: "Share" }];
    list.replaceChildren(tableElement("Headers, costliest first", columns, found.slice(0, shown).map(([path, readers, cost]) =>
      [pathElement(model.shorten(path), path), count(readers), element("span", { "data-header": path, "data-cost-us": cost }, duration(cost)),
        barElement(cost / most)]), { unseenCaption: true }));
    more.hidden = found.length <= shown;
    announce(`${count(found.length)} headers`);
  };
  search.addEventListener("input", draw);
  system.addEventListener("change", draw);
  put("headers-body",
    element("p", { class: "muted" }, `For each header the compile times of all units that read it, added up: ${count(units)} units, ` +
      `${duration(all)} in all${leftOut > 0 ? `; the costliest ${count(rows.length)} of ${count(rows.length + leftOut)} headers` : ""}.`),
    element("div", { class: "controls" }, element("label", { for: "header-search" }, "Find ", search),
      element("label", { for: "header-system" }, system, " also headers from outside of the project")),
    list, more);
  draw();
}

function ageText(seconds, before) {
  const name = (s) => (s < 86400 ? `${s / 3600} hours` : s === 86400 ? "a day" : `${s / 86400} days`);
  return seconds === 0 ? `more than ${name(before)} ago` : `within ${name(seconds)}`;
}

function showStore(model) {
  const parts = model.data.stores.flatMap((store) => {
    const total = store.ages.reduce((sum, age) => sum + age.bytes, 0);
    const most = Math.max(1, ...store.ages.map((age) => age.bytes));
    const rows = store.ages.map((age, at) => [ageText(age.within_s, at > 0 ? store.ages[at - 1].within_s : 0), count(age.blobs),
      bytes(age.bytes), barElement(age.bytes / most)]);
    const columns = [{ title: "Last used" }, { title: "Blobs", number: true }, { title: "Size", number: true }, { title: "Share" }];
    const title = store.name === "tree" ? "Of this build tree" : "Shared by all trees";
    const limit = store.limit === 0 ? "no limit" : `limit ${bytes(store.limit)}`;
    return [element("div", {}, element("h3", {}, title), element("p", { class: "muted" }, `${bytes(total)}, ${limit} · `, pathElement(store.path)),
      rows.length === 0 ? element("p", {}, "Empty.") : tableElement(`${title}, by age`, columns, rows, { unseenCaption: true }))];
  });
  put("store-body", element("div", { class: "pair" }, ...parts));
}
