// The frame around the views, the filters at the side, and the keyboard.
const VIEWS = [
  { id: "fix", label: say("tab_fix"), fill: fixView, filters: true },
  { id: "over", label: say("tab_over"), fill: overView },
  { id: "listings", label: say("tab_listings"), fill: listingView, filters: true },
  { id: "marks", label: say("tab_marks"), fill: markView, filters: true },
  { id: "suppliers", label: say("tab_suppliers"), fill: supplierView, filters: true },
  DATA.history ? { id: "history", label: say("tab_history", { date: DATA.history.since }), fill: historyView } : null,
  { id: "run", label: say("tab_run"), fill: runView },
].filter(Boolean);

const SEARCH = el("input", { type: "search", class: "search", id: "search", placeholder: say("search"), "aria-label": say("search"), autocomplete: "off", spellcheck: "false",
  oninput: function () { STATE.query = SEARCH.value; refresh(); } });
const SORT = el("select", { class: "sort", "aria-label": say("sort"), onchange: function () { STATE.sort = SORT.value; refresh(); } });
const COUNT = el("span", { class: "count", id: "count" });
const SIDE = el("aside", { class: "side", "aria-label": say("filters") });
const CHIPS = el("div", { class: "chips" });
const BAR = el("div", { class: "bar", role: "search" });
const BODY = el("div", { class: "body" });
const TABS = el("div", { class: "tabs", role: "tablist", "aria-label": say("views") });
const TALLIES = el("div", { class: "tallies", role: "group", "aria-label": say("chart_levels") });

function toggle(facet, value) {
  const picks = STATE.picks[facet];
  if (picks.has(value)) picks.delete(value); else picks.add(value);
  refresh();
}

const LONG = {}; // facets shown in full

function facetBox(facet, held) {
  const picks = STATE.picks[facet.id];
  let values = Array.from(new Set([...held.keys(), ...picks]));
  if (facet.id === "level") values = LEVELS.slice().reverse().filter(function (v) { return held.has(v) || picks.has(v); });
  else values.sort(function (a, b) { return (held.get(b) || 0) - (held.get(a) || 0) || (a < b ? -1 : 1); });
  const box = el("details", { class: "facet", open: facet.opened !== undefined ? facet.opened : Boolean(facet.open), ontoggle: function () { facet.opened = box.open; } },
    el("summary", {}, facet.label + (picks.size ? " (" + picks.size + ")" : "")));
  const limit = LONG[facet.id] ? values.length : 8;
  for (const v of values.filter(function (v, i) { return i < limit || picks.has(v); })) {
    const n = held.get(v) || 0;
    box.append(el("label", { class: n ? "" : "zero" },
      el("input", { type: "checkbox", checked: picks.has(v), "data-facet": facet.id, "data-value": v, onchange: function () { toggle(facet.id, v); } }),
      el("span", {}, own(facet.name(v))), el("span", { class: "soft small" }, count(n))));
  }
  if (values.length > limit) {
    box.append(el("button", { type: "button", class: "more", onclick: function () { LONG[facet.id] = true; refresh(); } }, say("more", { count: count(values.length - limit) })));
  }
  return box;
}

// facets draws the filters again, keeping the focus where it was.
function facets(counts) {
  const held = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset : {};
  SIDE.replaceChildren(el("h2", { class: "unseen" }, say("filters")), ...FACETS.map(function (f) { return facetBox(f, counts[f.id]); }));
  if (!held.facet) return;
  for (const box of SIDE.querySelectorAll("input")) if (box.dataset.facet === held.facet && box.dataset.value === held.value) box.focus();
}

function chips() {
  CHIPS.replaceChildren();
  let any = false;
  for (const facet of FACETS) {
    for (const v of STATE.picks[facet.id]) {
      any = true;
      CHIPS.append(el("button", { type: "button", class: "chip", "aria-label": say("remove_filter", { name: facet.name(v) }), onclick: function () { toggle(facet.id, v); } }, own(facet.name(v)), " ×"));
    }
  }
  if (any) CHIPS.append(el("button", { type: "button", class: "more", onclick: clear }, say("clear")));
}

function clear() {
  for (const facet of FACETS) STATE.picks[facet.id].clear();
  STATE.query = SEARCH.value = "";
  refresh();
}

function tallies() {
  TALLIES.replaceChildren(el("span", { class: "soft small" }, say("listings")));
  for (let level = 4; level > 0; level--) {
    const value = LEVELS[level];
    TALLIES.append(el("button", { type: "button", class: "tally", "aria-pressed": String(STATE.picks.level.has(value)), onclick: function () {
      if (!view().filters) STATE.view = "fix";
      toggle("level", value);
    } }, el("i", { class: "s" + level }), el("b", {}, count(DATA.counts.levels[level])), el("span", { class: "soft" }, levelName(level))));
  }
}

function view() { return VIEWS.find(function (v) { return v.id === STATE.view; }); }

// show changes to another view.
function show(id) {
  STATE.view = id;
  try { history.replaceState(null, "", "#" + id); } catch (e) { /* a page inside a frame may not */ }
  refresh();
  SIDE.classList.remove("shown");
  window.scrollTo(0, 0);
}

// refresh draws everything that depends on the search and the filters.
function refresh() {
  const now = view();
  if (ROWS) ROWS.stop();
  ROWS = null;
  STATE.at = -1;
  MAIN.replaceChildren();
  BODY.classList.toggle("wide", !now.filters);
  SIDE.hidden = BAR.hidden = CHIPS.hidden = !now.filters;
  SIDE.style.display = now.filters ? "" : "none";
  BAR.style.display = CHIPS.style.display = now.filters ? "" : "none";
  const got = select();
  SHOWN = got.shown;
  if (now.filters) {
    facets(got.counts);
    chips();
    COUNT.textContent = say("shown", { findings: count(SHOWN.length), listings: count(listingsIn(SHOWN)) });
    announce(COUNT.textContent);
    if (DATA.left_out > 0) MAIN.append(el("p", { class: "notice" }, say("left_out", { count: count(DATA.left_out), kept: count(FINDINGS.length) })));
  }
  tallies();
  for (const tab of TABS.children) {
    const on = tab.dataset.view === now.id;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
  }
  MAIN.setAttribute("aria-labelledby", "tab-" + now.id);
  now.fill();
}

// point moves the mark to row n and brings it into sight.
function point(n, scroll) {
  if (!ROWS || STATE.view !== "fix" || !SHOWN.length) return;
  n = Math.max(0, Math.min(SHOWN.length - 1, n));
  ROWS.ensure(n + 10);
  const was = MAIN.querySelector(".row.at");
  if (was) was.classList.remove("at");
  const row = MAIN.querySelector('.row[data-n="' + n + '"]');
  row.classList.add("at");
  STATE.at = n;
  if (scroll) {
    row.querySelector(".open").focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
    // Rows take their true height when they come into sight: look again.
    requestAnimationFrame(function () { if (STATE.at === n) row.scrollIntoView({ block: "nearest" }); });
  }
}

const HELP = el("dialog", { "aria-label": say("keys") });

function helpBox() {
  const list = el("dl");
  for (const k of [["/", say("key_search")], ["j ↓", say("key_next")], ["k ↑", say("key_previous")], ["Enter", say("key_open")], ["c", say("key_copy")], ["Esc", say("key_leave")], ["1–" + VIEWS.length, say("key_views")], ["?", say("keys")]]) {
    list.append(el("dt", {}, el("kbd", {}, k[0])), el("dd", {}, k[1]));
  }
  HELP.append(el("h2", {}, say("keys")), list, el("button", { type: "button", class: "button", onclick: function () { HELP.close(); } }, say("close")));
}

function leave() {
  if (document.activeElement === SEARCH) {
    if (SEARCH.value) { STATE.query = SEARCH.value = ""; refresh(); } else SEARCH.blur();
    return;
  }
  const open = MAIN.querySelector(".row.at .detail");
  if (open) open.parentNode.toggle();
  else if (CHIPS.childNodes.length || STATE.query) clear();
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || HELP.open) return;
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== "checkbox";
  if (event.key === "Escape") return leave();
  if (typing) {
    if (event.target === SEARCH && (event.key === "ArrowDown" || event.key === "Enter")) { event.preventDefault(); point(0, true); }
    return;
  }
  const moves = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
  const onTab = event.target.getAttribute && event.target.getAttribute("role") === "tab";
  if (event.key === "/") { event.preventDefault(); if (!view().filters) show("fix"); SEARCH.focus(); SEARCH.select(); }
  else if (event.key === "?") HELP.showModal();
  else if (moves[event.key] && STATE.view === "fix" && !onTab) { event.preventDefault(); point(STATE.at + moves[event.key], true); }
  else if (event.key === "Enter" && STATE.at >= 0 && event.target === document.body) MAIN.querySelector(".row.at").toggle();
  else if (event.key === "c" && STATE.at >= 0) { const b = MAIN.querySelector(".row.at .copy"); if (b) b.click(); }
  else if (/^[1-9]$/.test(event.key) && VIEWS[event.key - 1]) show(VIEWS[event.key - 1].id);
}

function onTabKey(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const at = VIEWS.findIndex(function (v) { return v.id === STATE.view; });
  const next = VIEWS[(at + step + VIEWS.length) % VIEWS.length];
  show(next.id);
  document.getElementById("tab-" + next.id).focus();
}

function theme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
}

function build() {
  for (const v of VIEWS) {
    TABS.append(el("button", { type: "button", role: "tab", id: "tab-" + v.id, "data-view": v.id, "aria-controls": "view", onclick: function () { show(v.id); } }, v.label));
  }
  TABS.addEventListener("keydown", onTabKey);
  for (const o of [["risk", say("sort_risk")], ["listing", say("sort_listing")], ["mark", say("sort_mark")], ["supplier", say("sort_supplier")], ["place", say("sort_place")]]) {
    SORT.append(el("option", { value: o[0] }, o[1]));
  }
  BAR.append(SEARCH, SORT, el("button", { type: "button", class: "button filters-toggle", onclick: function () { SIDE.classList.toggle("shown"); } }, say("filters")), COUNT);
  const c = DATA.counts;
  const sub = say("counts", { listings: count(c.listings), rows: count(c.rows), flagged: count(c.flagged), findings: count(c.findings) }) +
    (c.excused ? " " + say("counts_excused", { count: count(c.excused) }) : "") + (c.unread ? " " + say("counts_unread", { count: count(c.unread) }) : "");
  const tools = el("div", { class: "tools" },
    el("button", { type: "button", class: "button keys-button", onclick: function () { HELP.showModal(); } }, say("keys")),
    el("button", { type: "button", class: "button", onclick: theme }, say("theme")),
    el("button", { type: "button", class: "button", onclick: function () { window.print(); } }, say("print")));
  MAIN.setAttribute("role", "tabpanel");
  BODY.append(SIDE, el("main", { id: "main" }, BAR, CHIPS, MAIN));
  document.getElementById("app").append(el("a", { class: "skip", href: "#main" }, say("skip")),
    el("header", { class: "top" }, el("div", { class: "top-in" }, el("div", { class: "top-line" },
      el("div", { class: "top-text" }, el("h1", {}, DATA.heading), el("p", { class: "soft" }, sub)), tools), TALLIES, el("nav", { "aria-label": say("views") }, TABS))),
    BODY, LIVE, HELP);
  helpBox();
  const asked = location.hash.slice(1);
  if (VIEWS.some(function (v) { return v.id === asked; })) STATE.view = asked;
  document.addEventListener("keydown", onKey);
  window.addEventListener("beforeprint", function () { if (ROWS) ROWS.ensure(2000); });
  refresh();
}

build();
