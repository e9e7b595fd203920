// The overview and what is told about the run. Counts here are of the whole
// run, also where the page does not hold every finding.

// stack draws counts by level as one bar, critical first; most is the length
// of the longest bar beside it.
function stack(levels, most) {
  const total = levels[1] + levels[2] + levels[3] + levels[4];
  const bar = svg("svg", { class: "stack", viewBox: "0 0 " + Math.max(1, most || total) + " 10", preserveAspectRatio: "none", role: "img", "aria-label": levelsText(levels) });
  let x = 0;
  for (let level = 4; level > 0; level--) {
    if (!levels[level]) continue;
    bar.append(svg("rect", { x: x, y: 0, width: levels[level], height: 10, class: "f" + level, "stroke-width": 0 }));
    x += levels[level];
  }
  bar.append(svg("title", {}, levelsText(levels)));
  return bar;
}

function levelsText(levels) {
  const parts = [];
  for (let level = 4; level > 0; level--) if (levels[level]) parts.push(levelName(level) + " " + count(levels[level]));
  return parts.join(", ");
}

function flagged(g) { return g.levels[1] + g.levels[2] + g.levels[3] + g.levels[4]; }

function key() {
  const box = el("div", { class: "key" });
  for (let level = 4; level > 0; level--) box.append(el("span", {}, el("i", { class: "s" + level }), levelName(level)));
  return box;
}

function card(title, full) {
  const box = el("section", { class: full ? "card full" : "card" }, el("h2", {}, title));
  for (let i = 2; i < arguments.length; i++) if (arguments[i]) box.append(arguments[i]);
  return box;
}

// pick shows the fix list with one filter set.
function pick(facet, value) {
  for (const f of FACETS) STATE.picks[f.id].clear();
  STATE.picks[facet].add(value);
  show("fix");
}

function barRow(box, label, levels, most, value, onPick) {
  box.append(el("button", { type: "button", title: label, onclick: onPick }, own(label)), stack(levels, most), el("span", { class: "value" }, value));
}

function barChart(title, groups, label, facet, value) {
  const top = groups.filter(function (g) { return flagged(g) > 0; }).slice(0, 10);
  if (!top.length) return null;
  const most = Math.max.apply(null, top.map(flagged));
  const box = el("div", { class: "bars" });
  for (const g of top) barRow(box, label(g), g.levels, most, value(g), function () { pick(facet, g.key); });
  return card(title, false, box, key());
}

function levelChart() {
  const box = el("div", { class: "bars" }), levels = DATA.counts.levels;
  const most = Math.max(1, levels[1], levels[2], levels[3], levels[4]);
  for (let level = 4; level > 0; level--) {
    const one = [0, 0, 0, 0, 0];
    one[level] = levels[level];
    barRow(box, levelName(level), one, most, count(levels[level]), function () { pick("level", LEVELS[level]); });
  }
  return card(say("chart_levels"), false, box);
}

// spread moves labels apart to at least gap, none below the lowest line: down
// from the top first, then up again from the bottom.
function spread(ends, gap, lowest) {
  ends.sort(function (a, b) { return a.y - b.y || b.level - a.level; });
  for (let i = 1; i < ends.length; i++) ends[i].y = Math.max(ends[i].y, ends[i - 1].y + gap);
  let limit = lowest;
  for (let i = ends.length - 1; i >= 0; i--) {
    ends[i].y = Math.min(ends[i].y, limit);
    limit = ends[i].y - gap;
  }
}

// miniTrend draws the latest scans of one supplier as columns, stacked by level.
function miniTrend(trend) {
  const W = 12 * trend.length - 4, H = 26, total = function (t) { return t.levels[1] + t.levels[2] + t.levels[3] + t.levels[4]; };
  const most = Math.max(1, ...trend.map(total));
  const said = trend.map(function (t) { return t.date + ": " + (levelsText(t.levels) || "0"); });
  const pic = svg("svg", { class: "mini", viewBox: "0 0 " + W + " " + (H + 1), width: W, height: H + 1, role: "img", "aria-label": say("chart_trend") + ": " + said.join("; ") });
  trend.forEach(function (t, i) {
    let at = H;
    pic.append(svg("rect", { class: "base", x: 12 * i, y: H, width: 8, height: 1 }));
    for (let level = 4; level > 0; level--) {
      const tall = H * t.levels[level] / most;
      at -= tall;
      if (tall) pic.append(svg("rect", { class: "f" + level, x: 12 * i, y: at, width: 8, height: tall, "stroke-width": 0 }));
    }
  });
  pic.append(svg("title", {}, said.join("\n")));
  return pic;
}

// rollupTable counts changes by store, supplier or mark: the first ten in the
// order of the heading chosen.
function rollupTable(r) {
  const body = el("tbody"), head = el("tr");
  function fill(rows) {
    body.replaceChildren();
    for (const row of rows.slice(0, 10)) {
      const line = el("tr");
      row.forEach(function (v, i) { line.append(i ? el("td", { class: "n" }, count(v)) : el("td", {}, own(v))); });
      body.append(line);
    }
  }
  r.heads.forEach(function (h, i) {
    const cell = el("th", { scope: "col", class: i ? "n" : null }, el("button", { type: "button", class: "sort", onclick: function () {
      for (const other of head.children) other.removeAttribute("aria-sort");
      cell.setAttribute("aria-sort", i ? "descending" : "ascending");
      fill(r.rows.slice().sort(function (a, b) { return i ? b[i] - a[i] : a[0].localeCompare(b[0]); }));
    } }, h));
    head.append(cell);
  });
  fill(r.rows);
  const more = r.more + Math.max(0, r.rows.length - 10);
  return card(r.heads[0], true, el("div", { class: "scroll" }, el("table", { class: "grid-table" }, el("thead", {}, head), body)),
    more > 0 ? el("p", { class: "soft" }, say("more_elsewhere", { count: count(more) })) : null);
}

function trendChart(trend) {
  const W = 640, H = 230, left = 34, bottom = 24, top = 10, right = 84;
  const most = Math.max(1, ...trend.map(function (t) { return Math.max(...t.levels.slice(1)); }));
  const x = function (i) { return left + (W - left - right) * (trend.length > 1 ? i / (trend.length - 1) : 0.5); };
  const y = function (n) { return top + (H - top - bottom) * (1 - n / most); };
  const pic = svg("svg", { class: "trend", viewBox: "0 0 " + W + " " + H, role: "img", "aria-label": say("chart_trend") });
  for (const part of [0, 0.5, 1]) {
    const n = Math.round(most * part);
    pic.append(svg("line", { class: "grid", x1: left, x2: W - right, y1: y(n), y2: y(n) }), svg("text", { x: left - 6, y: y(n) + 4, "text-anchor": "end" }, count(n)));
  }
  const every = Math.ceil(trend.length / 7);
  trend.forEach(function (t, i) { if (i % every === 0) pic.append(svg("text", { x: x(i), y: H - 6, "text-anchor": "middle" }, t.date)); });
  const ends = [];
  for (let level = 1; level <= 4; level++) {
    const at = trend.map(function (t, i) { return x(i).toFixed(1) + " " + y(t.levels[level]).toFixed(1); });
    pic.append(svg("path", { class: "f" + level, d: "M" + at.join("L"), "fill-opacity": 0 }));
    trend.forEach(function (t, i) { pic.append(svg("circle", { class: "f" + level, cx: x(i), cy: y(t.levels[level]), r: 3 }, svg("title", {}, t.date + ": " + levelName(level) + " " + count(t.levels[level])))); });
    ends.push({ level: level, y: y(trend[trend.length - 1].levels[level]), n: trend[trend.length - 1].levels[level] });
  }
  spread(ends, 13, y(0));
  ends.forEach(function (e) {
    pic.append(svg("text", { x: W - right + 8, y: e.y + 4 }, levelName(e.level) + " " + count(e.n)));
  });
  return pic;
}

function plainList(lines) {
  const list = el("ul", { class: "plain" });
  for (const line of lines) list.append(el("li", {}, own(line)));
  return list;
}

function overView() {
  const box = el("div", { class: "cards" }), g = DATA.groups;
  const ofScreened = function (one) { return say("flagged_of", { flagged: count(flagged(one)), screened: count(one.screened) }); };
  const total = function (one) { return count(flagged(one)); };
  if (DATA.standing.length) box.append(card(say("standing"), true, plainList(DATA.standing)));
  box.append(levelChart());
  for (const c of [
    barChart(say("chart_marks"), g.marks, function (m) { return m.key; }, "mark", total),
    barChart(say("chart_suppliers"), g.suppliers, function (s) { return s.key || say("not_named"); }, "supplier", ofScreened),
    barChart(say("chart_markets"), g.markets, function (m) { return m.key ? named("platform", m.key) : say("not_named"); }, "marketplace", ofScreened),
    barChart(say("chart_kinds"), g.kinds, function (k) { return named("kind", k.key); }, "kind", total),
  ]) if (c) box.append(c);
  if (DATA.history && DATA.history.trend.length) box.append(card(say("chart_trend"), false, trendChart(DATA.history.trend)));
  if (DATA.not_checked.length) box.append(card(say("not_checked"), false, plainList(DATA.not_checked)));
  MAIN.append(box);
}

function historyView() {
  const h = DATA.history, box = el("div", { class: "cards" });
  if (h.trend.length) box.append(card(say("chart_trend"), true, trendChart(h.trend)));
  for (const r of h.rollups) box.append(rollupTable(r));
  for (const part of h.parts) {
    const body = el("tbody");
    for (const c of part.changes) {
      body.append(el("tr", {}, el("td", {}, badge(c[0])), el("td", {}, own(c[1])), el("td", {}, own(c[3] + " " + c[4])), el("td", {}, own(c[5])),
        el("td", {}, c[6]), el("td", {}, say("days", { count: count(c[7]) }))));
    }
    const head = el("tr");
    for (const t of [say("level"), say("mark"), say("listing"), say("supplier"), say("first_seen"), say("open_for")]) head.append(el("th", { scope: "col" }, t));
    const more = part.count - part.changes.length;
    box.append(card(part.label + ": " + count(part.count), true,
      part.count ? el("details", { open: part.name === "new" || part.name === "back" }, el("summary", {}, say("show_changes")), el("div", { class: "scroll" }, el("table", { class: "grid-table" }, el("thead", {}, head), body))) : null,
      more > 0 ? el("p", { class: "soft" }, say("more_elsewhere", { count: count(more) })) : null));
  }
  MAIN.append(box);
}

function factList(pairs) {
  const list = el("dl", { class: "facts" });
  for (const p of pairs) list.append(el("dt", {}, p[0]), el("dd", {}, own(p[1])));
  return list;
}

function runView() {
  const box = el("div", { class: "cards" });
  box.append(card(say("not_checked"), false, DATA.not_checked.length ? plainList(DATA.not_checked) : el("p", { class: "soft" }, say("nothing_left_out"))));
  box.append(card(say("run_facts"), false, factList(DATA.run.facts)));
  const body = el("tbody");
  for (const p of DATA.run.packs) body.append(el("tr", {}, el("td", {}, own(p[0])), el("td", {}, own(p[1])), el("td", {}, p[2]), el("td", {}, el("code", {}, p[3]))));
  const head = el("tr");
  for (const t of [say("pack"), say("version"), say("rules"), "SHA-256"]) head.append(el("th", { scope: "col" }, t));
  box.append(card(say("packs"), true, el("div", { class: "scroll" }, el("table", { class: "grid-table" }, el("thead", {}, head), body))));
  for (const f of DATA.files) box.append(card(f.name + " · " + f.platform, false, factList(f.facts || [])));
  if (DATA.unread.length) box.append(card(say("unread"), true, plainList(DATA.unread)));
  if (DATA.notes.length) box.append(card(say("notes"), true, plainList(DATA.notes)));
  box.append(card(say("how_scored"), true, el("p", {}, say("how_scored_text"))));
  MAIN.append(box);
}
