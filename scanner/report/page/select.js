// What is looked at: the search, the filters, the order.
const STATE = { view: "fix", query: "", sort: "risk", picks: {}, at: -1 };

const FACETS = [
  { id: "level", label: say("level"), of: function (f) { return LEVELS[f.level]; }, name: levelLabel, open: true },
  { id: "kind", label: say("kind"), of: function (f) { return f.kind; }, name: function (v) { return named("kind", v); }, open: true },
  { id: "use", label: say("use"), of: function (f) { return f.use; }, name: function (v) { return named("use", v); }, open: true },
  { id: "form", label: say("form"), of: function (f) { return f.form; }, name: function (v) { return named("form", v); } },
  { id: "marketplace", label: say("marketplace"), of: function (f) { return f.listing.marketplace; }, name: function (v) { return v ? named("platform", v) : say("not_named"); } },
  { id: "supplier", label: say("supplier"), of: function (f) { return f.listing.supplier; }, name: function (v) { return v || say("not_named"); } },
  { id: "mark", label: say("mark"), of: function (f) { return f.mark; }, name: function (v) { return v; } },
];
FACETS.forEach(function (facet) { STATE.picks[facet.id] = new Set(); });

function levelLabel(value) { return value === "none" ? say("excused") : named("level", value); }

// passes tells whether f is picked by every facet but the one named skip.
// Excused findings show only when asked for.
function passes(f, skip) {
  for (const facet of FACETS) {
    if (facet.id === skip) continue;
    const picks = STATE.picks[facet.id];
    if (picks.size > 0 && !picks.has(facet.of(f))) return false;
    if (facet.id === "level" && picks.size === 0 && f.level === 0) return false;
  }
  return true;
}

function found(f, words) {
  const hay = haystack(f);
  return words.every(function (w) { return hay.includes(w); });
}

const ORDERS = {
  risk: null,
  listing: function (f) { return f.listing.id; },
  mark: function (f) { return f.mark; },
  supplier: function (f) { return f.listing.supplier; },
  place: function (f) { return f.listing.file + "\u0000" + f.listing.sheet + "\u0000" + String(f.row).padStart(9, "0"); },
};

// select gives the findings to show, in order, and what each filter would hold.
function select() {
  const words = STATE.query.toLowerCase().split(/\s+/).filter(Boolean);
  const searched = words.length ? FINDINGS.filter(function (f) { return found(f, words); }) : FINDINGS;
  const shown = searched.filter(function (f) { return passes(f, ""); });
  const counts = {};
  for (const facet of FACETS) {
    const held = new Map();
    for (const f of searched) {
      if (passes(f, facet.id)) held.set(facet.of(f), (held.get(facet.of(f)) || 0) + 1);
    }
    counts[facet.id] = held;
  }
  const key = ORDERS[STATE.sort];
  if (key) {
    const keyed = shown.map(function (f) { return { f: f, key: key(f) }; });
    keyed.sort(function (a, b) { return a.key < b.key ? -1 : a.key > b.key ? 1 : a.f.index - b.f.index; });
    return { shown: keyed.map(function (k) { return k.f; }), counts: counts };
  }
  return { shown: shown, counts: counts };
}

// groupBy gathers findings under a key, the worst group first.
function groupBy(list, key, label) {
  const groups = new Map();
  for (const f of list) {
    const k = key(f);
    let g = groups.get(k);
    if (!g) groups.set(k, g = { key: k, label: label(f), items: [], levels: [0, 0, 0, 0, 0], listings: new Set(), first: f });
    g.items.push(f);
    g.levels[f.level]++;
    g.listings.add(f.listing.index);
  }
  return Array.from(groups.values()).sort(function (a, b) {
    for (let level = 4; level > 0; level--) if (a.levels[level] !== b.levels[level]) return b.levels[level] - a.levels[level];
    return a.first.index - b.first.index;
  });
}

function worstOf(levels) {
  for (let level = 4; level > 0; level--) if (levels[level]) return level;
  return 0;
}

function listingsIn(list) {
  const seen = new Set();
  for (const f of list) seen.add(f.listing.index);
  return seen.size;
}
