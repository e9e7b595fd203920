// The views. Each fills the main region from the findings selected.
const MAIN = el("div", { id: "view" });
let ROWS = null; // the chunked list of the view, when it has one
let SHOWN = [];  // the findings selected

function row(f, n) {
  const open = el("button", { type: "button", class: "open", "aria-expanded": "false" }, own(f.listing.title || f.listing.id));
  const item = el("li", { class: "row", "data-n": n },
    el("div", { class: "line" },
      el("div", { class: "risk" }, badge(f.level), el("span", { class: "small soft" }, f.excused ? "" : say("risk_of", { risk: Math.max(f.rights, f.platform) }))),
      el("div", {}, open, tagline(own(f.listing.id), f.listing.supplier && own(f.listing.supplier), own(place(f, true)))),
      el("div", {}, quote(f), tagline(own(f.mark), named("role", f.role), named("use", f.use), f.form !== "exact" && named("form", f.form))),
      el("div", { class: "why" }, own(f.excused ? say("excused_because", { reason: f.excused }) : f.why)),
      el("div", { class: "fix" }, instead(f))));
  function toggle() {
    const was = item.querySelector(".detail");
    if (was) was.remove(); else item.append(detail(f));
    open.setAttribute("aria-expanded", String(!was));
  }
  open.addEventListener("click", function () { point(n, false); toggle(); });
  item.toggle = toggle;
  return item;
}

function scoreBox(title, total, points) {
  const list = el("ul", { class: "points" });
  for (const p of points) {
    const wide = Math.min(100, Math.abs(p.points));
    list.append(el("li", {}, own(p.name), el("span", {}, (p.points < 0 ? "−" : "+") + Math.abs(p.points)),
      svg("svg", { viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" },
        svg("rect", { width: wide, height: 8, class: p.points < 0 ? "f1" : "f3" }))));
  }
  return el("section", {}, el("h3", {}, title), el("div", { class: "sum" }, String(total)), points.length ? list : el("p", { class: "soft" }, say("no_points")));
}

function detail(f) {
  const l = f.listing, box = el("div", { class: "detail" });
  box.append(
    scoreBox(say("certainty"), f.certainty, unpackPoints(f.points[0])),
    scoreBox(say("use_risk"), f.useRisk, unpackPoints(f.points[1])),
    scoreBox(say("platform_risk"), f.platform, unpackPoints(f.points[2])),
    el("p", { class: "all" }, say("rights_sum", { certainty: f.certainty, use: f.useRisk, rights: f.rights })));
  if (f.steps.length) {
    const chain = el("div", { class: "steps" });
    f.steps.forEach(function (s, i) { if (i) chain.append("→"); chain.append(el("code", {}, own(s))); });
    box.append(el("section", { class: "all" }, el("h3", {}, say("steps")), chain));
  }
  const facts = el("dl", { class: "facts" });
  function fact(label, value) { if (value) facts.append(el("dt", {}, label), el("dd", {}, typeof value === "string" ? own(value) : value)); }
  fact(say("advice"), f.advice);
  fact(say("mark"), f.mark + (f.owner ? ", " + f.owner : ""));
  fact(say("kind"), named("kind", f.kind) + (f.right ? " / " + named("right", f.right) : ""));
  fact(say("form"), named("form", f.form));
  fact(say("use"), named("use", f.use));
  fact(say("also"), f.also.join(", "));
  fact(say("found_in"), place(f) + ", " + f.column);
  fact(say("category"), l.category);
  fact(say("marketplace"), l.marketplace ? named("platform", l.marketplace) : "");
  fact(say("store"), l.store);
  fact(say("rule"), f.rule);
  fact(say("source"), f.source);
  fact(say("link"), link(l));
  box.append(el("section", { class: "all" }, facts));
  if (f.others.length) {
    const list = el("div", { class: "steps" });
    for (const o of f.others) list.append(own(o), copyButton(o, say("copy")));
    box.append(el("section", { class: "all" }, el("h3", {}, say("others")), list));
  }
  return box;
}

function empty() { return el("p", { class: "empty" }, FINDINGS.length ? say("nothing_matches") : say("nothing_found")); }

function fixView() {
  if (!SHOWN.length) return MAIN.append(empty());
  const list = el("ol", { class: "rows", "aria-label": say("tab_fix") });
  const heads = el("div", { class: "heads", "aria-hidden": "true" });
  for (const h of [say("level"), say("listing"), say("words"), say("why"), say("instead")]) heads.append(el("div", {}, h));
  MAIN.append(el("div", { class: "list" }, heads, list));
  ROWS = chunked(list, SHOWN, row);
}

// inside shows the findings of one group, a page at a time.
function inside(items, withListing) {
  const box = el("div", { class: "inner" });
  let made = 0;
  const more = el("button", { type: "button", class: "more", onclick: add }, "");
  const foot = el("div", { class: "pad" }, more);
  function add() {
    for (const f of items.slice(made, made + 40)) {
      box.insertBefore(el("div", { class: "line" }, el("div", { class: "risk" }, badge(f.level)),
        el("div", {}, withListing ? own(f.listing.title || f.listing.id) : own(f.mark), tagline(withListing ? own(f.listing.id) : named("role", f.role), own(place(f, true)))),
        quote(f), el("div", { class: "fix" }, instead(f))), foot);
    }
    made = Math.min(items.length, made + 40);
    if (made < items.length) more.textContent = say("more", { count: count(items.length - made) });
    else more.remove();
  }
  box.append(foot);
  add();
  return box;
}

// sheetText is a group as plain text, to paste into a letter.
function sheetText(g) {
  const lines = [g.label];
  for (const f of g.items) {
    lines.push(f.listing.id + "\t" + f.listing.title + "\t" + levelName(f.level) + "\t" + f.hit + "\t" + (f.preferred || f.others.join(" / ") || f.advice));
  }
  return lines.join("\n");
}

function groupRow(g, name, meta, end, withListing, chart) {
  const open = el("button", { type: "button", class: "open", "aria-expanded": "false" }, own(name));
  const item = el("li", { class: "group" }, el("div", { class: "group-line" }, badge(worstOf(g.levels)),
    el("div", {}, open, tagline(own(meta))), el("div", { class: "drawn" }, stack(g.levels), chart || null), el("div", { class: "end" }, end)));
  open.addEventListener("click", function () {
    const was = item.querySelector(".inner");
    if (was) was.remove();
    else {
      const box = inside(g.items, withListing);
      box.lastChild.append(copyButton(sheetText(g), say("copy_list")));
      item.append(box);
    }
    open.setAttribute("aria-expanded", String(!was));
  });
  return item;
}

function groupView(label, groups, make) {
  if (!groups.length) return MAIN.append(empty());
  const list = el("ol", { "aria-label": label });
  MAIN.append(el("div", { class: "list" }, list));
  ROWS = chunked(list, groups, make);
}

function listingView() {
  groupView(say("tab_listings"), groupBy(SHOWN, function (f) { return f.listing.index; }, function (f) { return f.listing.id + " " + f.listing.title; }), function (g) {
    const l = g.first.listing;
    const marks = Array.from(new Set(g.items.map(function (f) { return f.mark; }))).join(", ");
    return groupRow(g, l.title || l.id, [l.id, l.supplier, marks].filter(Boolean).join(" · "), say("findings_n", { count: count(g.items.length) }), false);
  });
}

function markView() {
  groupView(say("tab_marks"), groupBy(SHOWN, function (f) { return f.mark + "\u0000" + f.kind; }, function (f) { return f.mark; }), function (g) {
    const f = g.first;
    return groupRow(g, f.mark, [named("kind", f.kind), f.owner, f.preferred ? say("write", { word: f.preferred }) : ""].filter(Boolean).join(" · "),
      say("findings_listings", { findings: count(g.items.length), listings: count(g.listings.size) }), true);
  });
}

const SCREENED = new Map(DATA.groups.suppliers.map(function (g) { return [g.key, g]; }));

const TRENDS = new Map((DATA.history ? DATA.history.suppliers : []).map(function (s) { return [s.key, s.trend]; }));

function supplierView() {
  groupView(say("tab_suppliers"), groupBy(SHOWN, function (f) { return f.listing.supplier; }, function (f) { return f.listing.supplier || say("not_named"); }), function (g) {
    const all = SCREENED.get(g.key);
    const marks = Array.from(new Set(g.items.map(function (f) { return f.mark; })));
    const end = all ? say("listings_of", { listings: count(g.listings.size), screened: count(all.screened) }) : say("listings_n", { count: count(g.listings.size) });
    return groupRow(g, g.label, marks.slice(0, 8).join(", ") + (marks.length > 8 ? " …" : ""), end, true, TRENDS.has(g.key) ? miniTrend(TRENDS.get(g.key)) : null);
  });
}
