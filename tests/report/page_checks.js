// Run inside of the page: what a reader, a keyboard or a screen reader would stumble over. A list of sentences.
(() => {
  const wrong = [];
  const say = (what, it) => wrong.push(`${what}: ${it.outerHTML.slice(0, 160)}`);
  const seen = (it) => it.checkVisibility({ visibilityProperty: true });
  const name = (it) => (it.getAttribute("aria-label") || (it.labels && it.labels.length ? it.labels[0].textContent : "") || it.textContent).trim();

  if (document.documentElement.lang === "") wrong.push("no language");
  if (document.title.trim() === "") wrong.push("no title");
  for (const landmark of ["header", "nav", "main", "footer"]) {
    if (document.querySelectorAll(landmark).length !== 1) wrong.push(`not one ${landmark}`);
  }
  const headings = [...document.querySelectorAll("h1,h2,h3,h4")].filter(seen);
  if (headings.filter((it) => it.tagName === "H1").length !== 1) wrong.push("not one h1");
  headings.reduce((before, it) => {
    const level = Number(it.tagName[1]);
    if (level > before + 1) say("a level of headings is left out", it);
    if (it.textContent.trim() === "") say("empty heading", it);
    return level;
  }, 0);
  const ids = [...document.querySelectorAll("[id]")].map((it) => it.id);
  for (const id of new Set(ids.filter((one, at) => ids.indexOf(one) !== at))) wrong.push(`twice: #${id}`);
  for (const it of document.querySelectorAll("button,a,summary")) if (name(it) === "") say("no name", it);
  for (const it of document.querySelectorAll("input,select")) if (!it.labels.length || name(it) === "") say("no label", it);
  for (const it of document.querySelectorAll("[role=img],[role=region],[role=group],[role=search],nav")) {
    if ((it.getAttribute("aria-label") || "").trim() === "") say("no label", it);
  }
  for (const it of document.querySelectorAll("[aria-labelledby],[aria-controls],[aria-describedby]")) {
    for (const attribute of ["aria-labelledby", "aria-controls", "aria-describedby"]) {
      const id = it.getAttribute(attribute);
      if (id && !document.getElementById(id)) say(`${attribute} leads nowhere`, it);
    }
  }
  for (const it of document.querySelectorAll("*")) {
    if (["auto", "scroll"].includes(getComputedStyle(it).overflowX) && it.tabIndex !== 0 && it.tagName !== "TEXTAREA") say("scrolls, but not by keyboard", it);
  }
  for (const it of document.querySelectorAll("[aria-expanded]")) {
    if (!["true", "false"].includes(it.getAttribute("aria-expanded"))) say("neither true nor false", it);
  }
  for (const table of document.querySelectorAll("table")) {
    if (!table.caption || table.caption.textContent.trim() === "") say("no caption", table);
    for (const head of table.querySelectorAll("thead th")) {
      if (head.scope !== "col") say("no scope", head);
      if (head.textContent.trim() === "" && head !== head.parentNode.firstElementChild) say("empty heading of a column", head);
    }
    for (const row of table.querySelectorAll("tbody tr:not(.details)")) if (!row.querySelector("th[scope=row]")) say("a row without a heading", row);
  }
  for (const canvas of document.querySelectorAll("canvas")) {
    if (!canvas.closest("[aria-label]")) say("a chart without a text", canvas);
    if (!canvas.closest("section").querySelector("details table")) say("a chart without a table", canvas);
  }

  // Contrast as WCAG computes it. Colours come in as the browser spells them.
  const channels = (text) => text.match(/[\d.]+/g).map(Number);
  const luminance = (text) => {
    const [r, g, b] = channels(text).map((value) => value / 255).map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [low, high] = [luminance(colour(a)), luminance(colour(b))].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  const least = (a, b, wanted) => {
    const found = contrast(a, b);
    if (!(found >= wanted)) wrong.push(`contrast of ${a} on ${b} is ${found.toFixed(2)}, not ${wanted}`);
  };
  for (const text of ["text", "muted", "link"]) for (const ground of ["surface", "page", "track"]) least(text, ground, 4.5);
  for (const mark of ["hit", "miss", "uncacheable", "error", "bypassed"]) least("on-bar", mark, 4.5);
  for (const mark of ["hit", "miss", "uncacheable", "error", "bypassed", "plain", "saved", "edge", "focus"]) least(mark, "surface", 3);
  // And no text that is seen has another colour than those.
  const allowed = new Set(["text", "muted", "link"].map(colour));
  for (const it of document.querySelectorAll("main *, header *, nav *, footer *")) {
    const own = [...it.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== "");
    if (own && seen(it) && !it.closest(".uplot") && !allowed.has(getComputedStyle(it).color)) say(`text in ${getComputedStyle(it).color}`, it);
  }
  return wrong;
})()
