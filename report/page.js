// Puts the page together.

function showTheme() {
  const choice = document.getElementById("theme");
  const apply = (theme) => {
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    redrawCharts();
  };
  // Where pages from disk may store nothing, the choice holds as long as the page is open.
  const stored = (what) => { try { return what(localStorage); } catch { return null; } };
  const before = stored((storage) => storage.getItem("compiler-cache-theme"));
  if (before === "light" || before === "dark") choice.value = before;
  apply(choice.value);
  choice.addEventListener("change", () => {
    stored((storage) => storage.setItem("compiler-cache-theme", choice.value));
    apply(choice.value);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redrawCharts);
  // Paper is white, and shows what is folded up.
  const unfolded = [];
  addEventListener("beforeprint", () => {
    apply("light");
    for (const details of document.querySelectorAll("details:not([open])")) {
      details.open = true;
      unfolded.push(details);
    }
  });
  addEventListener("afterprint", () => {
    apply(choice.value);
    for (const details of unfolded.splice(0)) details.open = false;
  });
}

function showHead(model) {
  const { data, shown } = model;
  const root = data.source_root || data.build_root;
  document.getElementById("project").textContent = root.slice(root.lastIndexOf("/") + 1);
  document.title = `CompilerCache report: ${root.slice(root.lastIndexOf("/") + 1)}`;
  const about = document.getElementById("about");
  about.replaceChildren(pathElement(data.build_root));
  if (shown !== null) about.append(` · build ${shown.number}, ${moment(shown.started_us / 1e6)}`, shown.asked === "" ? "" : " · ",
    element("bdi", {}, shown.asked));
  document.getElementById("made").textContent = `Written ${moment(data.made)} by compiler-cache-helper ${data.version}. ` +
    "Charts: uPlot, MIT licence.";
  const notes = [...data.notes];
  if (shown !== null && shown.left_out > 0) notes.push(`${count(shown.left_out)} steps of this build are not in the history; they are in its figures`);
  put("notes", ...notes.map((note) => element("p", { class: "note" }, note)));
}

{
  const model = new Model(JSON.parse(document.getElementById("data").textContent));
  showHead(model);
  showOverview(model);
  showSteps(model);
  showCauses(model);
  showTimeline(model, (step) => showSteps.filter({ search: step.output || step.source }));
  showHeaders(model);
  showBuilds(model);
  showStore(model);
  showTheme();
  document.documentElement.dataset.ready = "true";
}
