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

  function run(isAsked) {
    stop?.();
    const query = new URLSearchParams(changed());
    remember(query, isAsked);
    query.set("unit", document.body.dataset.unit);
    // Who joins late hears a later step first.
    let begin = null;
    halt.disabled = false;
    words.value = "waiting for a free core";
    bar.value = 0;
    words.ariaLive = "polite";
    stop = listen(`${root}ascents?${query}`, {
      step({ step, steps, value, picture: address }) {
        // Who listens is told of the beginning and of the end.
        words.ariaLive = "off";
        bar.value = step / steps;
        begin ??= { step, time: performance.now() };
        const made = step - begin.step;
        const left = made > 0 ? (performance.now() - begin.time) / made * (steps - step) / 1000 : 0;
        const time = made > 0 ? `, ${left < 10 ? left.toFixed(1) : Math.round(left)} s left` : "";
        words.value = `step ${step} of ${steps}, value ${Number(value).toFixed(2)}${time}`;
        if (address) picture.src = address;
      },
      done({ picture: address, command, facts }) {
        picture.src = root + address;
        picture.alt = `What excites ${document.title}`;
        bar.value = 1;
        words.ariaLive = "polite";
        words.value = "made";
        one(".command code").textContent = command;
        const rows = facts.map(([name, text]) => element("div", {}, element("dt", {}, name), element("dd", {}, text)));
        one(".about .facts").replaceChildren(...rows);
        end();
      },
    }, reason => {
      words.ariaLive = "polite";
      words.value = reason;
      end();
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
    run(true);
  });
  halt.addEventListener("click", () => {
    words.value = "stopped";
    end();
  });
  addEventListener("pagehide", () => stop?.());
  if (picture.src.startsWith("data:") || changed().length > 0) run(false);
  else dispatchEvent(new Event("made"));
}

// MARK: Two units side by side

const sides = all(".side[data-unit]");
if (sides.length > 0 && isServed) {
  let stop = null;
  addEventListener("pagehide", () => stop?.());
  const measure = () => {
    const values = sides.map(side => Number(one("meter", side).dataset.value)).map(value => Number.isFinite(value) ? value : 0);
    for (const [index, side] of sides.entries()) {
      one("meter", side).max = Math.max(...values, Number.MIN_VALUE);
      one("meter", side).value = Math.max(values[index], 0);
    }
  };
  // One after the other: each has all cores.
  const make = async side => {
    const picture = one(".main", side);
    if (!picture.src.startsWith("data:")) return;
    const words = one("output", side);
    const name = one("h2 a", side).textContent;
    words.value = "waiting for a free core";
    await new Promise(finished => {
      stop = listen(`${side.dataset.base}ascents?unit=${encodeURIComponent(side.dataset.unit)}`, {
        step({ step, steps, picture: address }) {
          if (step % 16 === 0) words.value = `step ${step} of ${steps}`;
          if (address) picture.src = address;
        },
        done({ picture: address, facts, value }) {
          picture.src = side.dataset.base + address;
          picture.alt = `What excites ${name}`;
          words.value = "made";
          one("meter", side).dataset.value = value;
          one(".facts", side).replaceChildren(...facts.map(
            ([title, text]) => element("div", {}, element("dt", {}, title), element("dd", {}, text))));
          measure();
          finished();
        },
      }, reason => {
        words.value = reason;
        finished();
      });
    });
  };
  (async () => {
    for (const side of sides) await make(side);
  })();
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

