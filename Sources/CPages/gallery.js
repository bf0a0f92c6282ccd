
// MARK: A gallery's pictures, by words and section

const filter = one(".filter");
if (filter) {
  const plain = text => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const figures = all(".pictures .icon").map(figure => ({
    figure, section: figure.closest("section"),
    text: plain(all("b, .caption, img", figure).map(part => part.alt ?? part.textContent).join(" ")),
  }));

  const leaveOut = () => {
    const words = plain(filter.words.value).split(/\s+/).filter(word => word);
    const section = filter.section?.value ?? "";
    for (const item of figures) {
      item.figure.hidden = !words.every(word => item.text.includes(word))
        || section !== "" && item.section.id !== section;
    }
    for (const part of new Set(figures.map(item => item.section))) {
      part.hidden = !one(".icon:not([hidden])", part);
    }
    const count = figures.filter(item => !item.figure.hidden).length;
    filter.querySelector("output").value = words.length > 0 || section !== "" ? `${count} of ${figures.length}` : "";
  };

  // A link to a section that is left out shows it.
  const lead = () => {
    const place = document.getElementById(location.hash.slice(1));
    if (!place?.hidden) return;
    filter.reset();
    leaveOut();
    place.scrollIntoView();
  };

  filter.hidden = false;
  filter.addEventListener("input", leaveOut);
  filter.addEventListener("submit", event => event.preventDefault());
  addEventListener("hashchange", lead);
  leaveOut();
}
