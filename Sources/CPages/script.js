// What pages do beyond showing what is there: search, keys, pictures as they are made. Everything that is there can be read
// without it. Texts become texts of the page, never HTML.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const one = (selector, root = document) => root.querySelector(selector);
const root = document.body.dataset.root;
const isServed = location.protocol.startsWith("http") && !document.body.hasAttribute("data-static");

function element(name, attributes = {}, ...children) {
  const result = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) result.setAttribute(key, value);
  result.append(...children);
  return result;
}

const gone = "the program has gone, or refused this";

/// Listens to events until they end; what it returns stops that.
///
/// Where nothing comes of it, `say` is called with the reason; a handler of `failure` is for what goes on all the same.
function listen(address, handlers, say = () => {}) {
  const source = new EventSource(address);
  const give = reason => {
    source.close();
    say(reason);
  };
  for (const [name, handler] of Object.entries({ failure: ({ reason }) => give(reason), ...handlers })) {
    source.addEventListener(name, event => handler(JSON.parse(event.data)));
  }
  for (const last of ["done", "end"]) source.addEventListener(last, () => source.close());
  source.onerror = () => give(gone);
  return () => source.close();
}

let shown = location.search;

/// Makes the page's state its address, so that a link, a reload and the way back lead to it.
///
/// What is asked for is a step, to which "back" leads; how a grid lies is none.
function remember(state, isStep = true) {
  const text = state.toString();
  const search = text ? `?${text}` : "";
  if (search === shown) return;
  shown = search;
  history[isStep ? "pushState" : "replaceState"](null, "", search || location.pathname);
}

// The page as it is made for another address; a place within the page is no other address.
addEventListener("popstate", () => {
  if (location.search !== shown) location.reload();
});

// MARK: Search

const find = one(".find");
if (find) {
  find.hidden = false;
  const input = find.words;
  const list = one("#found");
  let index = null;
  let chosen = -1;

  const plain = text => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  async function load() {
    // A page in a folder may read no other file, but may run one.
    index ??= location.protocol === "file:"
      ? new Promise((found, failed) => {
        const script = element("script", { src: root + "search.js" });
        script.onload = () => found(globalThis.searchIndex);
        script.onerror = failed;
        document.head.append(script);
      })
      : fetch(root + "search.json").then(answer => answer.json());
    return index;
  }

  async function search() {
    const words = plain(input.value.trim());
    const { classes, layers, pictures = [] } = await load();
    const found = [];
    const unit = words.match(/^(.+):(\d+)$/);
    for (const layer of layers) {
      const name = plain(layer.name);
      if (unit && name === unit[1] && Number(unit[2]) < layer.channels) {
        found.push([`${layer.name}:${Number(unit[2])}`, "channel", `units/${layer.address}/${Number(unit[2])}.html`]);
      }
    }
    classes.forEach((label, number) => {
      if (words && (plain(label).includes(words) || String(number) === words)) {
        found.push([label, `class ${number}`, `classes/${number}.html`]);
      }
    });
    for (const layer of layers) {
      if (words && plain(layer.name).includes(unit ? unit[1] : words)) {
        found.push([layer.name, `${layer.channels} channels`, `layers/${layer.address}.html`]);
      }
    }
    for (const { title, kind, address } of pictures) {
      if (words && plain(title).includes(words)) found.push([title, kind, address]);
    }
    chosen = -1;
    list.replaceChildren(...found.slice(0, 30).map(([title, kind, address], number) => {
      const link = element("a", { href: root + address, tabindex: "-1" }, title, element("small", {}, kind));
      return element("li", { role: "option", id: `found-${number}`, "aria-selected": "false" }, link);
    }));
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
  }

  function choose(step) {
    const items = all("li", list);
    if (items.length === 0) return;
    items[chosen]?.setAttribute("aria-selected", "false");
    chosen = (chosen + step + items.length) % items.length;
    items[chosen].setAttribute("aria-selected", "true");
    items[chosen].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", items[chosen].id);
  }

  input.addEventListener("input", search);
  find.addEventListener("submit", event => {
    event.preventDefault();
    one("a", all("li", list)[Math.max(chosen, 0)] ?? list)?.click();
  });
  input.addEventListener("keydown", event => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") {
      list.hidden = true;
      input.value = "";
      input.blur();
    }
  });
  document.addEventListener("click", event => {
    if (!find.contains(event.target)) list.hidden = true;
  });
  document.addEventListener("keydown", event => {
    const isTyping = event.target.closest("input, select, textarea");
    if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      input.select();
    }
  });
}

// MARK: Keys

document.addEventListener("keydown", event => {
  if (event.target.closest("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
  const grid = one("[data-keys]");
  const links = grid ? all(".icon:not([hidden]) > a", grid) : [];
  const here = links.indexOf(document.activeElement);
  const isArrow = event.key.startsWith("Arrow");
  if (isArrow && links.length > 0) {
    const top = link => link.getBoundingClientRect().top;
    const columns = links.filter(link => top(link) === top(links[0])).length || 1;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
    const next = links[here < 0 ? 0 : here + step];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  } else if (event.key === "ArrowLeft") {
    one(".neighbours [rel=prev]")?.click();
  } else if (event.key === "ArrowRight") {
    one(".neighbours [rel=next]")?.click();
  } else if (event.key === "Escape") {
    all(".top nav a").at(-1)?.click();
  }
});

// MARK: A grid's order and size

const tools = one(".tools");
if (tools) {
  tools.hidden = false;
  const grid = one(".grid");
  const number = figure => Number(figure.dataset.icon.split("/").at(-1));
  const orders = {
    "": (a, b) => number(a) - number(b),
    excitement: (a, b) => Number(b.dataset.excitement) - Number(a.dataset.excitement),
    likeness: (a, b) => Number(a.dataset.likeness) - Number(b.dataset.likeness),
  };
  const state = new URLSearchParams(location.search);
  if (orders[state.get("order")]) tools.order.value = state.get("order");
  if (state.get("size")) tools.size.value = state.get("size");
  const arrange = () => {
    grid.append(...all(".icon", grid).sort(orders[tools.order.value]));
    grid.style.setProperty("--cell", `${tools.size.value}px`);
    const query = new URLSearchParams();
    if (tools.order.value) query.set("order", tools.order.value);
    if (tools.size.value !== tools.size.defaultValue) query.set("size", tools.size.value);
    remember(query, false);
  };
  tools.addEventListener("input", arrange);
  tools.addEventListener("submit", event => event.preventDefault());
  if (location.search) arrange();
}

// MARK: Small pictures, those on the screen first

const missing = figures => figures.filter(figure => one(".blank", figure) && !figure.dataset.failed);
const visible = new Set();
let stopIcons = null;
let asked = "";

/// The root of the network that a part of the page is about: pages of several have it say so.
const baseOf = part => part.dataset.base ?? root;

function fill(figures) {
  const lacking = missing(figures);
  const base = lacking.length > 0 ? baseOf(lacking[0]) : root;
  // Of pairs, some of one and then some of the other.
  const wanted = lacking.filter(figure => baseOf(figure) === base).slice(0, base === root ? 64 : 8);
  const units = wanted.map(figure => figure.dataset.icon).join(",");
  if (base + units === asked || !units) return;
  stopIcons?.();
  asked = base + units;
  for (const figure of all(".icon.busy")) figure.classList.remove("busy");
  for (const figure of wanted) figure.classList.add("busy");
  const places = new Map(wanted.map(figure => [figure.dataset.icon, figure]));
  stopIcons = listen(`${base}icons?units=${encodeURIComponent(units)}`, {
    icon({ unit, picture, words }) {
      for (const figure of all(`[data-icon="${CSS.escape(unit)}"]`)) {
        if (baseOf(figure) === base) show(figure, picture, words);
      }
    },
    failure({ unit, words }) {
      const figure = places.get(unit);
      if (!figure) return;
      figure.dataset.failed = "";
      figure.classList.remove("busy");
      const blank = one(".blank", figure);
      blank.title = words;
      blank.setAttribute("aria-label", words);
    },
    end() {
      asked = "";
      schedule();
    },
  }, () => {
    asked = "";
    for (const figure of wanted) figure.classList.remove("busy");
  });
}

function show(figure, picture, words) {
  const blank = one(".blank", figure);
  if (!blank) return;
  figure.classList.remove("busy");
  const title = one("a", figure).title;
  one("a", figure).title = words ? `${title}, ${words}` : title;
  blank.replaceWith(element("img", { src: baseOf(figure) + picture, alt: `What excites ${title}`, decoding: "async" }));
}

let timer = 0;
function schedule() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const order = all(".icon").filter(figure => visible.has(figure));
    if (missing(order).length > 0) fill(order);
  }, 120);
}

if (isServed && one(".icon .blank")) {
  const watcher = new IntersectionObserver(entries => {
    for (const entry of entries) entry.isIntersecting ? visible.add(entry.target) : visible.delete(entry.target);
    schedule();
  }, { rootMargin: "120px" });
  // While a picture of its own is made, a page's small ones wait.
  const start = () => all(".icon").forEach(figure => watcher.observe(figure));
  document.body.dataset.unit ? addEventListener("made", start, { once: true }) : start();
}
addEventListener("pagehide", () => stopIcons?.());

// MARK: The folder's pictures, while they are looked at

for (const part of all(".looking")) {
  if (!isServed) break;
  part.hidden = false;
  const show = element("button", { type: "button" }, "Show what they excite");
  show.addEventListener("click", () => location.reload());
  const stop = listen(`${part.dataset.base}looking`, {
    share({ share }) { one("progress", part).value = share; },
    end() { part.replaceChildren("The pictures have been looked at. ", show); },
  }, reason => { one("output", part).value = reason; });
  addEventListener("pagehide", stop);
  // The way back may lead to the page as it was left, which hears nothing any more.
  addEventListener("pageshow", event => {
    if (event.persisted) location.reload();
  });
}

