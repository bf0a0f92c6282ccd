extension Page {
  /// Search, the choice of a section, and keys; everything else works without it.
  ///
  /// Texts come from the page and go back to it as texts, never as HTML.
  static let script = """
    const all = selector => [...document.querySelectorAll(selector)];
    const plain = text => text.normalize("NFKD").replace(/\\p{M}/gu, "").toLowerCase();
    const form = document.querySelector(".find");
    const figures = all(".grid figure").map(figure => ({
      figure, section: figure.closest("section"),
      text: plain([...figure.querySelectorAll("b, .caption, img")]
        .map(part => part.alt ?? part.textContent).join(" "))
    }));

    function find() {
      const words = plain(form.words.value).split(/\\s+/).filter(word => word);
      const section = form.section?.value ?? "";
      for (const item of figures) {
        item.figure.hidden = !words.every(word => item.text.includes(word))
          || section !== "" && item.section.id !== section;
      }
      for (const part of all("main section")) {
        part.hidden = !part.querySelector("figure:not([hidden])");
      }
      const count = figures.filter(item => !item.figure.hidden).length;
      const isAsked = words.length > 0 || section !== "";
      form.querySelector("output").value = isAsked ? `${count} of ${figures.length}` : "";
    }

    if (form) {
      form.hidden = false;
      form.addEventListener("input", find);
      form.addEventListener("submit", event => event.preventDefault());
      find();
    }

    const enlarged = () => document.querySelector(".large:target");

    function turn(step) {
      const shown = [...new Set(all(".grid figure:not([hidden]) > a").map(link => link.hash))];
      const next = shown[shown.indexOf(location.hash) + step];
      if (next) location.hash = next;
    }

    let last = "";
    function focus() {
      const open = enlarged();
      for (const part of all("header, main, footer")) part.inert = open !== null;
      if (open) {
        last = location.hash;
        open.focus({ preventScroll: true });
      } else if (last) {
        all(".grid a").find(link => link.hash === last)?.focus();
        last = "";
      }
      const place = document.getElementById(location.hash.slice(1));
      if (place?.hidden) {
        form.reset();
        find();
        place.scrollIntoView();
      }
    }
    addEventListener("hashchange", focus);
    focus();

    document.addEventListener("click", event => {
      const arrow = event.target.closest(".previous, .next");
      if (!arrow) return;
      event.preventDefault();
      turn(arrow.matches(".next") ? 1 : -1);
    });

    document.addEventListener("keydown", event => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const open = enlarged();
      if (open && event.key === "Escape") {
        event.preventDefault();
        open.querySelector(".close").click();
      } else if (open && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
        event.preventDefault();
        turn(event.key === "ArrowRight" ? 1 : -1);
      } else if (!open && form && event.key === "/" && !event.target.closest("input, select")) {
        event.preventDefault();
        form.words.select();
      } else if (!open && event.key === "Escape" && event.target === form?.words) {
        event.preventDefault();
        form.words.value = "";
        find();
      }
    });
    """
}
