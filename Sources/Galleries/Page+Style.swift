extension Page {
  /// The looks: a page of an article, with paper and ink of the reader's choice.
  static let style = """
    :root {
      --paper: #fff; --ink: #1d1d1f; --soft: #6b6f76; --line: #e6e6e8; --place: #f3f3f4;
      --link: #0b5cad;
      --sans: -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue", Helvetica,
        Arial, "Liberation Sans", sans-serif;
      --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #131416; --ink: #e8e8ea; --soft: #9b9fa8; --line: #2a2c30; --place: #1c1d20;
        --link: #7db8f5;
      }
    }
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
    body { margin: 0; background: var(--paper); color: var(--ink);
      font: 1.0625rem/1.6 var(--sans); }
    header, main, footer { max-width: 112rem; margin: 0 auto; padding: 0 clamp(1.1rem, 4vw, 3rem); }
    header { padding-top: clamp(2.5rem, 8vw, 6rem); }
    h1 { margin: 0 0 1rem; max-width: 20em; font-size: clamp(2rem, 5.5vw, 3.4rem); font-weight: 700;
      line-height: 1.1; letter-spacing: -.025em; text-wrap: balance; }
    header p { max-width: 40em; margin: 0 0 .8em; color: var(--soft); font-size: 1.2rem;
      line-height: 1.55; text-wrap: pretty; }
    a { color: var(--link); text-decoration: none; }
    a:hover { text-decoration: underline; }
    dl { display: flex; flex-wrap: wrap; gap: .9rem 3rem; margin: 0; }
    dt { color: var(--soft); font-size: .75rem; letter-spacing: .02em; }
    dd { margin: 0; font-size: .9375rem; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
    header dl { margin: 2.2rem 0 0; padding: 1.1rem 0; border: solid var(--line);
      border-width: 1px 0; }
    nav { display: flex; flex-wrap: wrap; gap: .25rem 1.4rem; margin-top: 1.1rem;
      font-size: .9375rem; }
    .find { display: flex; flex-wrap: wrap; gap: .6rem 1.4rem; align-items: center;
      padding-top: 1.6rem; color: var(--soft); font-size: .9375rem; }
    .find label { display: flex; gap: .5rem; align-items: center; }
    .find input, .find select { max-width: 100%; padding: .4rem .6rem; border: 1px solid var(--soft);
      border-radius: 4px; background: var(--paper); color: var(--ink); font: inherit; }
    .find input { width: 15rem; } .find select { max-width: 15rem; }
    section { padding-top: 3rem; }
    .about { max-width: 40em; margin: -.4rem 0 1.2rem; color: var(--soft); }
    h2 { display: flex; align-items: baseline; gap: .6em; margin: 0 0 1.2rem; font-size: 1.35rem;
      font-weight: 600; letter-spacing: -.01em; }
    h2.code { font-family: var(--mono); font-size: 1.15rem; overflow-wrap: anywhere; }
    h2 small { color: var(--soft); font: 400 .9rem var(--sans); }
    figure { margin: 0; min-width: 0; }
    .sheet { margin-bottom: 2.4rem; }
    .sheet img { display: block; width: 100%; height: auto; border-radius: 3px; background: #fff; }
    .grid { display: grid; gap: 1.8rem clamp(.8rem, 1.8vw, 1.4rem);
      grid-template-columns: repeat(auto-fill, minmax(min(clamp(10.5rem, 10vw, 13rem), 42%), 1fr)); }
    .grid img, .absent div { display: block; width: 100%; height: auto; border-radius: 3px;
      background: var(--place); }
    .absent div { aspect-ratio: 1; }
    .grid a { display: block; border-radius: 3px; cursor: zoom-in; transition: transform .2s ease; }
    .grid a:hover { transform: scale(1.03); }
    a:focus-visible, input:focus-visible, select:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 3px; }
    figcaption { margin-top: .55rem; line-height: 1.4; }
    .grid b { display: block; overflow: hidden; font-size: .9375rem; font-weight: 500;
      text-overflow: ellipsis; white-space: nowrap; }
    .caption { margin: 0 0 .2rem; font-size: .875rem; overflow-wrap: anywhere; }
    .grid span { display: block; color: var(--soft); font-size: .8125rem;
      font-variant-numeric: tabular-nums; }
    .large .caption { margin-bottom: 1rem; font-size: 1rem; }
    .large p { margin: 1rem 0 0; font-size: .875rem; }
    .large { display: none; position: fixed; inset: 0; z-index: 1; align-items: center;
      justify-content: center; padding: 1.25rem; overflow: auto; background: var(--paper); }
    .large:target { display: flex; animation: appear .18s ease; }
    @keyframes appear { from { opacity: 0; } }
    .large:focus { outline: none; }
    .large .close { position: fixed; inset: 0; cursor: zoom-out; }
    .large .close::after { position: absolute; top: .3rem; right: 1.1rem; color: var(--soft);
      font-size: 2.2rem; line-height: 1; content: "×"; }
    .large .close:hover { text-decoration: none; }
    .large figure { display: flex; gap: clamp(1.2rem, 3vw, 3rem); align-items: center;
      max-width: 70rem; max-height: 100%; pointer-events: none; position: relative; }
    .large img { width: min(74vmin, 42rem); height: auto; border-radius: 4px;
      background: var(--place); }
    .large figcaption { width: 18rem; margin: 0; pointer-events: auto; }
    .large h3 { margin: 0 0 1.1rem; font-size: 1.35rem; line-height: 1.25; letter-spacing: -.01em;
      overflow-wrap: anywhere; }
    .large dl { display: grid; grid-template-columns: 1fr 1fr; gap: .8rem 1rem; }
    .large code { display: block; margin-top: 1.3rem; padding-top: 1.1rem;
      border-top: 1px solid var(--line); color: var(--soft); font: .75rem/1.6 var(--mono);
      overflow-wrap: anywhere; user-select: all; }
    .previous, .next { position: fixed; top: 50%; padding: 1rem 1.1rem; color: var(--soft);
      font-size: 2.2rem; line-height: 1; transform: translateY(-50%); }
    .previous { left: 0; } .next { right: 0; }
    .previous:hover, .next:hover { color: var(--ink); text-decoration: none; }
    footer { margin-top: 5rem; padding-top: 2.2rem; padding-bottom: 4rem;
      color: var(--soft); font-size: .875rem; }
    footer::before { display: block; height: 1px; margin-bottom: 2.2rem; background: var(--line);
      content: ""; }
    footer h2 { margin: 2rem 0 .7rem; color: var(--ink); font-size: 1rem; }
    footer h2:first-child { margin-top: 0; }
    footer p, footer ul { max-width: 46em; margin: 0 0 1.2rem; }
    footer ul { padding-left: 1.2em; }
    th { padding: .2rem 1.6rem .2rem 0; font-weight: 400; text-align: left; vertical-align: top;
      white-space: nowrap; }
    td { padding: .2rem 0; color: var(--ink); overflow-wrap: anywhere; }
    footer code, pre { font: .8125rem/1.55 var(--mono); }
    details { margin-top: 1.4rem; }
    summary { cursor: pointer; color: var(--link); }
    pre { margin: .8rem 0 0; padding: 1rem 1.2rem; overflow: auto; border-radius: 4px;
      background: var(--place); color: var(--ink); }
    @media (max-width: 46rem), (orientation: portrait) {
      .large { align-items: flex-start; padding-bottom: 4.5rem; }
      .large figure { flex-direction: column; align-items: stretch; margin: auto; max-height: none; }
      .large img { width: min(100%, 60vh); margin: 0 auto; }
      .large figcaption { width: auto; }
      .large dl { grid-template-columns: repeat(4, auto); }
      .previous, .next { top: auto; bottom: .3rem; transform: none; }
    }
    @media (prefers-reduced-motion: reduce) {
      * { animation: none !important; transition: none !important; scroll-behavior: auto !important; }
    }
    @media print { .large, nav, .find { display: none !important; } .grid figure { break-inside: avoid; } }
    """
}
