extension EvaluationPage {
  /// The looks: a quiet table whose first row and column stay in sight.
  static let style = """
    :root { --paper: #fff; --ink: #1d1d1f; --soft: #6b6f76; --line: #e6e6e8; --best: #e3f0e6;
      --fails: #a33; }
    @media (prefers-color-scheme: dark) {
      :root { --paper: #131416; --ink: #e8e8ea; --soft: #9b9fa8; --line: #2a2c30; --best: #1e3a27;
        --fails: #e88; }
    }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--paper); color: var(--ink);
      font: 15px/1.5 -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue",
      Arial, "Liberation Sans", sans-serif; }
    header, main { padding: 0 clamp(1rem, 4vw, 3rem); }
    header { padding-top: 3rem; padding-bottom: 1.5rem; }
    h1 { margin: 0 0 .6rem; font-size: 2rem; letter-spacing: -.02em; line-height: 1.15; }
    h2 { margin: 2.5rem 0 .8rem; font-size: 1.15rem; }
    header p, .legend, dl { max-width: 46em; }
    header p, .legend { color: var(--soft); margin: 0 0 .5em; }
    .wide { overflow: auto; max-height: 88vh; border: 1px solid var(--line); border-radius: 6px; }
    table { border-collapse: separate; border-spacing: 0; font-variant-numeric: tabular-nums; }
    th, td { padding: .45rem .6rem; border-bottom: 1px solid var(--line); text-align: right;
      vertical-align: middle; font-weight: 400; white-space: nowrap; background: var(--paper); }
    thead th { position: sticky; top: 0; z-index: 1; vertical-align: bottom; font-weight: 600;
      font-size: .85rem; }
    .name { position: sticky; left: 0; z-index: 1; text-align: left; font-weight: 600;
      border-right: 1px solid var(--line); }
    thead .name { z-index: 2; }
    .name b { display: inline-block; min-width: 1.4em; color: var(--soft); font-weight: 400; }
    span { display: block; color: var(--soft); font-size: .75rem; font-weight: 400; }
    thead .map span { max-width: 112px; overflow: hidden; text-overflow: ellipsis; }
    .map { padding: 3px; text-align: center; }
    .map img { display: block; width: 112px; height: auto; border-radius: 3px; }
    td i, .name i { font-style: normal; }
    td.best { background: var(--best); }
    td.fails i, .blind .name i { color: var(--fails); text-decoration: line-through; }
    svg { display: block; width: 60px; height: 24px; margin: .2rem 0 0 auto; }
    polyline { fill: none; stroke: var(--soft); stroke-width: 1.3; }
    dt { float: left; clear: left; width: 13em; font-weight: 600; font-size: .875rem; }
    dd { margin: 0 0 .35rem 13.5em; }
    pre { overflow: auto; padding: .8rem 1rem; border: 1px solid var(--line); border-radius: 6px;
      font-size: .8125rem; }
    main { padding-bottom: 4rem; }
    @media (max-width: 40rem) { dt { float: none; } dd { margin-left: 0; } }
    """
}
