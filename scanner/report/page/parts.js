// Small pieces of the page. Text from the run enters the document only as text.

// el makes an element; attributes starting with "on" are listeners, children
// are elements or strings.
function el(tag, attrs) {
  const node = document.createElement(tag);
  for (const key in attrs || {}) {
    const value = attrs[key];
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  for (let i = 2; i < arguments.length; i++) if (arguments[i] !== null) node.append(arguments[i]);
  return node;
}

function svg(tag, attrs) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const key in attrs || {}) node.setAttribute(key, String(attrs[key]));
  for (let i = 2; i < arguments.length; i++) node.append(arguments[i]);
  return node;
}

// own shows text of a file, kept apart from the direction of what stands around it.
function own(text) { return el("bdi", { dir: "auto" }, text); }

// tagline sets short texts side by side; files' texts come as elements of own.
function tagline() {
  const line = el("div", { class: "meta tagline" });
  for (const part of arguments) if (part) line.append(typeof part === "string" ? el("span", {}, part) : part);
  return line;
}

function badge(level) { return el("span", { class: "level l" + level }, level ? levelName(level) : say("excused")); }

// quote shows the words found inside their sentence.
function quote(f) {
  return el("p", { class: "quote", dir: "auto" }, f.before, el("mark", {}, f.hit), f.after);
}

function copyButton(text, label) {
  const button = el("button", { type: "button", class: "copy", title: text, onclick: function (event) {
    event.stopPropagation();
    copy(text).then(function (ok) {
      button.textContent = ok ? say("copied") : say("copy_failed");
      button.classList.toggle("done", ok);
      announce(button.textContent);
      setTimeout(function () { button.textContent = label; button.classList.remove("done"); }, 1400);
    });
  } }, label);
  return button;
}

// copy puts text on the clipboard; the old way serves where a page opened from
// a file may not use the new one.
function copy(text) {
  if (navigator.clipboard && window.isSecureContext) {
    return navigator.clipboard.writeText(text).then(function () { return true; }, function () { return copyOld(text); });
  }
  return Promise.resolve(copyOld(text));
}

function copyOld(text) {
  const area = el("textarea", { class: "unseen" });
  area.value = text;
  document.body.append(area);
  area.select();
  let ok = false;
  try { ok = document.execCommand("copy"); } catch (e) { ok = false; }
  area.remove();
  return ok;
}

// instead shows what to write in place of the words found, with its button.
function instead(f) {
  const box = el("div", { class: "instead" });
  if (f.preferred) {
    box.append(el("div", {}, el("b", {}, own(f.preferred)), f.others.length ? el("div", { class: "meta" }, own(f.others.join(" / "))) : null),
      copyButton(f.preferred, say("copy")));
  } else if (f.others.length) {
    box.append(el("div", {}, el("b", {}, own(f.others.join(" / ")))), copyButton(f.others[0], say("copy")));
  } else {
    box.append(own(f.advice), copyButton(f.advice, say("copy")));
  }
  return box;
}

// place says where f stands; in short without the folders of the file.
function place(f, short) {
  const l = f.listing, file = short ? l.file.split(/[\\/]/).pop() || l.file : l.file;
  return file + (l.sheet ? " / " + l.sheet : "") + ", " + say("row", { row: f.row });
}

function link(l) {
  if (!/^https?:\/\//.test(l.url)) return null;
  return el("a", { href: l.url, target: "_blank", rel: "noopener noreferrer" }, say("open_listing"));
}

// chunked fills a list as it is scrolled to, so that ten thousand rows cost no
// more than the ones seen. ensure(n) makes the rows up to n.
function chunked(holder, items, make) {
  const step = 60, end = el("li", { class: "unseen", "aria-hidden": "true" });
  let made = 0;
  function more(upTo) {
    if (made >= items.length || upTo <= made) return;
    const part = document.createDocumentFragment();
    const stop = Math.min(items.length, upTo);
    for (; made < stop; made++) part.append(make(items[made], made));
    holder.insertBefore(part, end);
    if (made >= items.length) { watch.disconnect(); end.remove(); }
  }
  const watch = new IntersectionObserver(function (seen) {
    if (seen.some(function (s) { return s.isIntersecting; })) {
      more(made + step);
      if (end.isConnected) { watch.unobserve(end); watch.observe(end); }
    }
  }, { rootMargin: "1200px" });
  holder.append(end);
  more(step);
  if (!items.length) end.remove();
  if (end.isConnected) watch.observe(end);
  return { ensure: more, stop: function () { watch.disconnect(); } };
}

const LIVE = el("div", { class: "unseen", role: "status", "aria-live": "polite" });
function announce(text) { LIVE.textContent = text; }
