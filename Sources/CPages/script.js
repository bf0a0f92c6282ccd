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

/// Listens to events until they end; what it returns stops that.
function listen(address, handlers) {
  const source = new EventSource(address);
  for (const [name, handler] of Object.entries(handlers)) {
    if (name !== "lost") source.addEventListener(name, event => handler(JSON.parse(event.data)));
  }
  for (const last of ["done", "end", "failure-of-all"]) source.addEventListener(last, () => source.close());
  source.onerror = () => {
    source.close();
    handlers.lost?.();
  };
  return () => source.close();
}

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
    index ??= fetch(root + "search.json").then(answer => answer.json());
    return index;
  }

  async function search() {
    const words = plain(input.value.trim());
    const { classes, layers } = await load();
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
    const text = query.toString();
    history.replaceState(null, "", text ? `?${text}` : location.pathname);
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

function fill(figures) {
  const wanted = missing(figures).slice(0, 64);
  const units = wanted.map(figure => figure.dataset.icon).join(",");
  if (units === asked || !units) return;
  stopIcons?.();
  asked = units;
  for (const figure of all(".icon.busy")) figure.classList.remove("busy");
  for (const figure of wanted) figure.classList.add("busy");
  const places = new Map(wanted.map(figure => [figure.dataset.icon, figure]));
  stopIcons = listen(`${root}icons?units=${encodeURIComponent(units)}`, {
    icon({ unit, picture, words }) {
      for (const figure of all(`[data-icon="${CSS.escape(unit)}"]`)) show(figure, picture, words);
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
    lost() {
      asked = "";
      for (const figure of wanted) figure.classList.remove("busy");
    },
  });
}

function show(figure, picture, words) {
  const blank = one(".blank", figure);
  if (!blank) return;
  figure.classList.remove("busy");
  const title = one("a", figure).title;
  one("a", figure).title = words ? `${title}, ${words}` : title;
  blank.replaceWith(element("img", { src: root + picture, alt: `What excites ${title}`, decoding: "async" }));
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

// MARK: A unit's picture as it is made

const form = one(".ascent");
if (form && isServed) {
  form.hidden = false;
  const picture = one(".main");
  const bar = one("progress", form);
  const words = one("output", form);
  const halt = one(".halt", form);
  const initial = new Map(new FormData(form));
  let stop = null;

  for (const [name, value] of new URLSearchParams(location.search)) {
    if (form.elements[name]) form.elements[name].value = value;
  }

  const changed = () => [...new FormData(form)].filter(([name, value]) => value !== (initial.get(name) ?? ""));

  function run() {
    stop?.();
    const query = new URLSearchParams(changed());
    const text = query.toString();
    history.replaceState(null, "", text ? `?${text}` : location.pathname);
    query.set("unit", document.body.dataset.unit);
    const begin = performance.now();
    halt.disabled = false;
    words.value = "waiting for a free core";
    bar.value = 0;
    stop = listen(`${root}ascents?${query}`, {
      step({ step, steps, value, picture: address }) {
        bar.value = step / steps;
        const left = step > 0 ? (performance.now() - begin) / step * (steps - step) / 1000 : 0;
        const time = step > 0 ? `, ${left < 10 ? left.toFixed(1) : Math.round(left)} s left` : "";
        words.value = `step ${step} of ${steps}, value ${Number(value).toFixed(2)}${time}`;
        if (address) picture.src = address;
      },
      done({ picture: address, command, facts }) {
        picture.src = root + address;
        picture.alt = `What excites ${document.title}`;
        bar.value = 1;
        words.value = "made";
        one(".command code").textContent = command;
        const rows = facts.map(([name, text]) => element("div", {}, element("dt", {}, name), element("dd", {}, text)));
        one(".about .facts").replaceChildren(...rows);
        end();
      },
      failure({ reason }) {
        words.value = reason;
        end();
      },
      lost() {
        words.value = "the program has gone, or refused this";
        end();
      },
    });
  }

  function end() {
    stop?.();
    stop = null;
    halt.disabled = true;
    dispatchEvent(new Event("made"));
  }

  form.addEventListener("submit", event => {
    event.preventDefault();
    run();
  });
  halt.addEventListener("click", () => {
    words.value = "stopped";
    end();
  });
  addEventListener("pagehide", () => stop?.());
  if (picture.src.startsWith("data:") || changed().length > 0) run();
  else dispatchEvent(new Event("made"));
}

for (const code of all(".command code")) {
  if (!navigator.clipboard) break;
  const button = element("button", { type: "button" }, "Copy");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
  code.after(button);
}

// MARK: A photograph dropped in

const drop = one(".drop");
if (drop && isServed) {
  drop.hidden = false;
  const send = async file => {
    if (!file) return;
    const words = one("output", drop);
    words.value = `reading ${file.name}`;
    try {
      const answer = await fetch(`${root}photographs`, { method: "POST", body: file });
      if (!answer.ok) {
        words.value = await answer.text();
        return;
      }
      location.href = root + (await answer.json()).address;
    } catch {
      words.value = "the program has gone, or refused this";
    }
  };
  drop.photograph.addEventListener("change", () => send(drop.photograph.files[0]));
  addEventListener("dragover", event => {
    event.preventDefault();
    drop.classList.add("over");
  });
  addEventListener("dragleave", () => drop.classList.remove("over"));
  addEventListener("drop", event => {
    event.preventDefault();
    drop.classList.remove("over");
    send(event.dataTransfer.files[0]);
  });
}

// MARK: A photograph's page

const photograph = document.body.dataset.photograph;
if (photograph && isServed) {
  const address = (what, query) => `${root}photographs/${photograph}/${what}?${new URLSearchParams(query)}`;

  // Why
  const methods = one(".methods");
  const maps = one(".maps");
  const state = new URLSearchParams(location.search);
  methods.hidden = false;
  if (state.has("unit")) methods.unit.value = state.get("unit");
  if (state.has("methods")) {
    const names = state.get("methods").split(",");
    for (const box of all("[name=method]", methods)) box.checked = names.includes(box.value);
  }
  let stopMaps = null;
  const explain = isAsked => {
    stopMaps?.();
    const names = all("[name=method]:checked", methods).map(box => box.value);
    const words = one("output", methods);
    maps.replaceChildren();
    if (isAsked) {
      const query = new URLSearchParams({ unit: methods.unit.value, methods: names.join(",") });
      history.replaceState(null, "", `?${query}`);
    }
    words.value = "working";
    let count = 0;
    stopMaps = listen(address("maps", { unit: methods.unit.value, methods: names.join(",") }), {
      map({ method, picture, words: text }) {
        count += 1;
        words.value = `${count} of ${names.length}`;
        const shown = picture ? element("img", { src: picture, alt: `${method}: ${text}` }) : element("p", { class: "note" }, text);
        maps.append(element("figure", {}, shown, element("figcaption", {}, picture ? `${method} · ${text}` : method)));
      },
      end() { words.value = ""; },
      failure({ reason }) {
        words.value = reason;
        stopMaps?.();
      },
      lost() { words.value = "the program has gone, or refused this"; },
    });
  };
  methods.addEventListener("submit", event => {
    event.preventDefault();
    explain(true);
  });
  for (const button of all(".why")) {
    button.addEventListener("click", () => {
      methods.unit.value = button.dataset.unit;
      explain(true);
      one(".explained").scrollIntoView({ behavior: "smooth" });
    });
  }
  if (one(".classes") || state.has("unit")) explain(false);

  // What a layer sees
  const layers = one(".layers");
  if (layers) {
    layers.hidden = false;
    const bar = one("progress", layers);
    const words = one("output", layers);
    let stopGrid = null;
    layers.addEventListener("submit", event => {
      event.preventDefault();
      stopGrid?.();
      const layer = layers.layer.value;
      words.value = "working";
      stopGrid = listen(address("grid", { layer }), {
        share({ share }) { bar.value = share; },
        grid({ picture, width, height }) {
          bar.value = 1;
          words.value = `${width}×${height} positions; click on one`;
          const image = element("img", { src: picture, alt: `The photograph as ${layer} sees it` });
          image.addEventListener("click", click => {
            const box = image.getBoundingClientRect();
            look(layer, (click.clientX - box.left) / box.width, (click.clientY - box.top) / box.height);
          });
          one(".seen").replaceChildren(image);
          one(".position").replaceChildren();
        },
        end() {},
        failure({ reason }) {
          words.value = reason;
          stopGrid?.();
        },
        lost() { words.value = "the program has gone, or refused this"; },
      });
    });

    const look = (layer, x, y) => {
      const place = one(".position");
      place.replaceChildren(element("p", { class: "note" }, "working"));
      const stop = listen(address("position", { layer, x: Math.min(x, .999999), y: Math.min(y, .999999) }), {
        position({ words: title, channels, picture }) {
          const icons = channels.map(({ unit, words: text, picture: icon, address: page }) => {
            const inside = icon ? element("img", { src: root + icon, alt: text })
              : element("span", { class: "blank", role: "img", "aria-label": text });
            return element("figure", { class: "icon", "data-icon": unit },
              element("a", { href: root + page, title: text }, inside), element("figcaption", {}, text));
          });
          place.replaceChildren(
            element("h2", {}, "The strongest channels there"), element("div", { class: "strip" }, ...icons),
            element("h2", {}, title), element("img", { src: picture, alt: title }));
          fill(icons);
        },
        failure({ reason }) {
          place.replaceChildren(element("p", { class: "note" }, reason));
          stop();
        },
        end() {},
      });
    };
  }

  // Without a part
  const frame = one(".photograph");
  const part = one(".part");
  let start = null;
  const at = event => {
    const box = frame.getBoundingClientRect();
    const inside = share => Math.min(Math.max(share, 0), 1);
    return [inside((event.clientX - box.left) / box.width), inside((event.clientY - box.top) / box.height)];
  };
  const rectangle = (a, b) => ({
    left: Math.min(a[0], b[0]), top: Math.min(a[1], b[1]), right: Math.max(a[0], b[0]), bottom: Math.max(a[1], b[1]),
  });
  frame.addEventListener("pointerdown", event => {
    start = at(event);
    frame.setPointerCapture(event.pointerId);
  });
  frame.addEventListener("pointermove", event => {
    if (!start) return;
    const { left, top, right, bottom } = rectangle(start, at(event));
    part.hidden = false;
    part.style.left = `${left * 100}%`;
    part.style.top = `${top * 100}%`;
    part.style.width = `${(right - left) * 100}%`;
    part.style.height = `${(bottom - top) * 100}%`;
  });
  frame.addEventListener("pointerup", event => {
    if (!start) return;
    const sides = rectangle(start, at(event));
    start = null;
    if (sides.right - sides.left < .02 || sides.bottom - sides.top < .02) {
      part.hidden = true;
      return;
    }
    const place = one(".changed");
    place.replaceChildren(element("p", { class: "note" }, "working"));
    const stop = listen(address("masked", sides), {
      masked({ before, after }) {
        const old = new Map(before.map(([title, value]) => [title, value]));
        const rows = after.map(([title, value]) => element("tr", {},
          element("td", {}, title), element("td", {}, old.get(title) ?? ""), element("td", {}, value)));
        const head = element("tr", {}, ...["class", "whole", "without that part"].map(text => element("th", { scope: "col" }, text)));
        place.replaceChildren(element("table", { class: "classes" }, head, ...rows));
      },
      failure({ reason }) {
        place.replaceChildren(element("p", { class: "note" }, reason));
        stop();
      },
      end() {},
    });
  });
}
