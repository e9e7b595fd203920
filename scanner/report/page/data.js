"use strict";
// What the run found, unpacked once: lists of numbers that name texts become
// objects. The order of the fields is that of html.go.
const DATA = JSON.parse(document.getElementById("data").textContent);
const TEXTS = DATA.texts;
const LEVELS = ["none", "low", "medium", "high", "critical"];

// say gives the sentence id with each {name} replaced.
function say(id, values) {
  let text = DATA.say[id] || id;
  for (const key in values || {}) text = text.split("{" + key + "}").join(String(values[key]));
  return text;
}

// named gives the word for a value of a group such as kind or use.
function named(group, value) {
  const words = DATA.names[group] || {};
  return Object.prototype.hasOwnProperty.call(words, value) ? words[value] : value;
}

function levelName(level) { return named("level", LEVELS[level]); }

const NUMBER = new Intl.NumberFormat("en");
function count(n) { return NUMBER.format(n); }

const LISTINGS = DATA.listings.map(function (v, index) {
  return {
    index: index, id: TEXTS[v[0]], title: TEXTS[v[1]], supplier: TEXTS[v[2]], marketplace: TEXTS[v[3]], store: TEXTS[v[4]],
    category: TEXTS[v[5]], file: TEXTS[v[6]], sheet: TEXTS[v[7]], rows: TEXTS[v[8]], url: TEXTS[v[9]], level: v[10],
  };
});

function unpackPoints(list) {
  const out = [];
  for (let i = 0; i + 1 < list.length; i += 2) out.push({ name: TEXTS[list[i]], points: list[i + 1] });
  return out;
}

function texts(list) { return list.map(function (i) { return TEXTS[i]; }); }

const FINDINGS = DATA.findings.map(function (v, index) {
  return {
    index: index, listing: LISTINGS[v[0]], level: v[1], rule: TEXTS[v[2]], mark: TEXTS[v[3]], kind: TEXTS[v[4]], right: TEXTS[v[5]],
    owner: TEXTS[v[6]], form: TEXTS[v[7]], use: TEXTS[v[8]], role: TEXTS[v[9]], column: TEXTS[v[10]], row: v[11],
    before: TEXTS[v[12]], hit: TEXTS[v[13]], after: TEXTS[v[14]],
    rights: v[15], platform: v[16], certainty: v[17], useRisk: v[18],
    why: TEXTS[v[19]], advice: TEXTS[v[20]], preferred: TEXTS[v[21]], others: texts(v[22]), steps: texts(v[23]), also: texts(v[24]),
    excused: TEXTS[v[25]], points: v[26], source: TEXTS[v[27]], hay: "",
  };
});

// haystack is everything the search looks at, in small letters, made on first use.
function haystack(f) {
  if (!f.hay) {
    const l = f.listing;
    f.hay = [l.id, l.title, l.supplier, l.store, l.category, l.file, f.mark, f.owner, f.before + f.hit + f.after,
      f.why, f.advice, f.preferred, f.others.join(" "), f.rule, f.excused].join("\n").toLowerCase();
  }
  return f.hay;
}
