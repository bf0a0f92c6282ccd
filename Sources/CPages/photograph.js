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
      const { address } = await answer.json();
      const first = drop.dataset.with;
      location.href = root + (first ? `photographs/${first}/with/${address.split("/").at(-1)}` : address);
    } catch {
      words.value = gone;
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

  const note = text => element("p", { class: "note" }, text);

  // Why
  const methods = one(".methods");
  const maps = one(".maps");
  const state = new URLSearchParams(location.search);
  const change = changes => {
    for (const [name, value] of Object.entries(changes)) value === null ? state.delete(name) : state.set(name, value);
    remember(state);
  };
  methods.hidden = false;
  if (state.has("unit")) methods.unit.value = state.get("unit");
  if (state.has("methods")) {
    const names = state.get("methods").split(",");
    for (const box of all("[name=method]", methods)) box.checked = names.includes(box.value);
  }
  let stopMaps = null;
  // The layer that the address names waits for them: it takes longest.
  let showLayer = null;
  const showLayerOnce = () => {
    showLayer?.();
    showLayer = null;
  };
  const explain = isAsked => {
    stopMaps?.();
    const names = all("[name=method]:checked", methods).map(box => box.value);
    const words = one("output", methods);
    maps.replaceChildren();
    if (isAsked) change({ unit: methods.unit.value, methods: names.join(",") });
    words.value = "working";
    let count = 0;
    const other = document.body.dataset.with;
    stopMaps = listen(address("maps", { unit: methods.unit.value, methods: names.join(","), ...(other ? { with: other } : {}) }), {
      map({ method, pictures, words: texts, scale }) {
        count += 1;
        words.value = `${count} of ${names.length}`;
        const figures = texts.map((text, index) => {
          const picture = pictures[index];
          const shown = picture ? element("img", { src: picture, alt: `${method}: ${text}` }) : element("p", { class: "note" }, text);
          return element("figure", {}, shown, element("figcaption", {}, picture ? `${method} · ${text}` : method));
        });
        if (!other) maps.append(...figures);
        else maps.append(element("h3", {}, scale ? `${method}, ${scale}` : method), element("div", { class: "pair" }, ...figures));
      },
      end() {
        words.value = "";
        showLayerOnce();
      },
    }, reason => {
      words.value = reason;
      showLayerOnce();
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
      const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      one(".explained").scrollIntoView({ behavior: isCalm ? "auto" : "smooth" });
    });
  }

  // What a layer sees
  const layers = one(".layers");
  if (layers) {
    layers.hidden = false;
    const bar = one("progress", layers);
    const words = one("output", layers);
    let stopGrid = null;
    let stopLook = null;
    // What an address says that no layer of the list is called is nothing.
    const isLayer = name => [...layers.layer.options].some(option => option.value === name);
    const see = layer => {
      stopGrid?.();
      stopLook?.();
      one(".position").replaceChildren();
      words.value = "working";
      stopGrid = listen(address("grid", { layer }), {
        share({ share }) { bar.value = share; },
        grid({ picture, width, height }) {
          bar.value = 1;
          words.value = `${width}×${height} positions; click on one, or name it`;
          const at = one(".at");
          at.hidden = false;
          [at.column.max, at.row.max] = [width - 1, height - 1];
          at.onsubmit = event => {
            event.preventDefault();
            choose(layer, (Number(at.column.value) + .5) / width, (Number(at.row.value) + .5) / height);
          };
          const name = (x, y) => {
            const place = [x * width, y * height].map(Math.floor);
            if (place.every(Number.isFinite)) [at.column.value, at.row.value] = place;
          };
          const image = element("img", { src: root + picture, alt: `The photograph as ${layer} sees it` });
          image.addEventListener("click", click => {
            const box = image.getBoundingClientRect();
            const [x, y] = [(click.clientX - box.left) / box.width, (click.clientY - box.top) / box.height];
            name(x, y);
            choose(layer, x, y);
          });
          one(".seen").replaceChildren(image);
          one(".position").replaceChildren();
          if (!state.has("at")) return;
          const [x, y] = state.get("at").split(",").map(Number);
          name(x, y);
          look(layer, x, y);
        },
      }, reason => { words.value = reason; });
    };
    layers.addEventListener("submit", event => {
      event.preventDefault();
      showLayer = null;
      change({ layer: layers.layer.value, at: null });
      see(layers.layer.value);
    });
    if (isLayer(state.get("layer"))) {
      layers.layer.value = state.get("layer");
      showLayer = () => see(state.get("layer"));
    }
    const choose = (layer, x, y) => {
      // The address has the numbers that are asked with.
      [x, y] = [x, y].map(share => Math.min(Math.max(share, 0), .9999).toFixed(4));
      change({ layer, at: `${x},${y}` });
      look(layer, x, y);
    };

    const look = (layer, x, y) => {
      const place = one(".position");
      place.replaceChildren(note("working"));
      stopLook?.();
      stopLook = listen(address("position", { layer, x, y }), {
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
      }, reason => place.replaceChildren(note(reason)));
    };
  }

  // Without a part
  const frame = one(".photograph") ?? element("div");
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
    outline(rectangle(start, at(event)));
  });
  function outline({ left, top, right, bottom }) {
    part.hidden = false;
    part.style.left = `${left * 100}%`;
    part.style.top = `${top * 100}%`;
    part.style.width = `${(right - left) * 100}%`;
    part.style.height = `${(bottom - top) * 100}%`;
  }
  frame.addEventListener("pointerup", event => {
    if (!start) return;
    const sides = rectangle(start, at(event));
    start = null;
    if (sides.right - sides.left < .02 || sides.bottom - sides.top < .02) takeAway(null);
    else takeAway(Object.values(sides).map(side => side.toFixed(4)).join(","));
  });
  const parts = one(".parts");
  if (parts) {
    parts.hidden = false;
    parts.addEventListener("submit", event => {
      event.preventDefault();
      takeAway(parts.part.value);
    });
  }
  // A part is left, top, right and bottom; null: none.
  function takeAway(text) {
    stopCover?.();
    change({ part: text });
    if (text === null) part.hidden = true;
    one(".changed").replaceChildren();
    if (text !== null) cover(text);
  }
  let stopCover = null;
  function cover(text) {
    const [left, top, right, bottom] = text.split(",");
    const place = one(".changed");
    place.replaceChildren(note("working"));
    stopCover?.();
    stopCover = listen(address("masked", { left, top, right, bottom }), {
      masked({ before, after }) {
        outline({ left, top, right, bottom });
        // By their numbers: two classes may have one title.
        const old = new Map(before.map(([, value, number]) => [number, value]));
        const rows = after.map(([title, value, number]) => element("tr", {},
          element("td", {}, title), element("td", {}, old.get(number) ?? ""), element("td", {}, value)));
        const head = element("tr", {}, ...["class", "whole", "without that part"].map(text => element("th", { scope: "col" }, text)));
        place.replaceChildren(element("table", { class: "classes", "aria-label": "Classes without that part" }, head, ...rows));
      },
    }, reason => place.replaceChildren(note(reason)));
  }

  // What the address says
  if (parts && state.has("part")) cover(state.get("part"));
  if (one(".classes") || document.body.dataset.with || state.has("unit")) explain(false);
  else showLayerOnce();
}
