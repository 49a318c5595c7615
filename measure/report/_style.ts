/** The report's style sheet: system fonts, light and dark by the reader's preference, from 320 pixels up. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --font: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  --page: #ffffff; --raised: #f5f7f9; --line: #dde3e9; --text: #1b2127; --muted: #56616c;
  --pass: #12713a; --fail: #b3261e; --warn: #7d5700; --pass-tint: #e6f4ea; --fail-tint: #fdecea; --warn-tint: #fdf3dc;
  --cpu: #0b66c3; --vulkan: #b8430a; --upload: #7a4fb5; --download: #0f7b72; --step: #5b7fa6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f1418; --raised: #171d23; --line: #2c353e; --text: #e4e9ee; --muted: #9caab7;
    --pass: #56c87f; --fail: #ff8a80; --warn: #e0b050; --pass-tint: #12291b; --fail-tint: #351a19; --warn-tint: #2d2410;
    --cpu: #6db3f8; --vulkan: #ff9b63; --upload: #bb9af0; --download: #52c7bb; --step: #7fa3ca;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 var(--font); font-variant-numeric: tabular-nums; }
main, header, footer { max-width: 1128px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 40px; }
h1 { font-size: 28px; line-height: 1.25; margin: 12px 0 8px; letter-spacing: -.01em; text-wrap: balance; overflow-wrap: anywhere; }
h2 { font-size: 19px; margin: 36px 0 4px; padding-top: 16px; border-top: 1px solid var(--line); }
h3 { font-size: 15px; margin: 24px 0 8px; }
p { margin: 8px 0; max-width: 76ch; }
a { color: inherit; text-underline-offset: 3px; }
code, .mono { font-family: var(--mono); font-size: .92em; overflow-wrap: anywhere; }
.kicker { color: var(--muted); font-size: 13px; margin: 0; }
.verdict { display: inline-block; padding: 3px 12px; border-radius: 99px; font-weight: 650; font-size: 14px; letter-spacing: .03em; }
.pass, .fail { white-space: nowrap; }
.pass { color: var(--pass); } .fail { color: var(--fail); } .skip { color: var(--muted); }
.verdict.pass { background: var(--pass-tint); } .verdict.fail { background: var(--fail-tint); }
.muted, .lead { color: var(--muted); }
nav { margin: 20px 0 0; display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 14px; color: var(--muted); }
.notice { border-left: 4px solid var(--warn); background: var(--warn-tint); padding: 10px 16px; margin: 20px 0 0; border-radius: 0 6px 6px 0; }
.notice.bad { border-color: var(--fail); background: var(--fail-tint); }
.notice p, .notice ul { margin: 2px 0; } .notice ul { padding-left: 20px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(200px, 1fr)); gap: 12px; margin: 24px 0 0; }
.tile { background: var(--raised); border-radius: 8px; padding: 14px 16px; }
.tile dt { color: var(--muted); font-size: 13px; } .tile dd { margin: 0; }
.tile .figure { font-size: 24px; font-weight: 600; letter-spacing: -.01em; line-height: 1.35; overflow-wrap: anywhere; }
.tile small { color: var(--muted); font-size: 13px; }
.scroll { overflow-x: auto; margin: 12px 0; }
.scroll:focus-visible { outline: 2px solid var(--cpu); outline-offset: 2px; }
table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: 14px; }
caption { text-align: left; color: var(--muted); padding-bottom: 6px; }
th, td { text-align: left; padding: 7px 14px 7px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 500; color: var(--muted); white-space: nowrap; } tbody th { color: var(--text); }
th:last-child, td:last-child { padding-right: 0; }
.num { text-align: right; white-space: nowrap; }
.reasons div { position: sticky; left: 0; width: max-content; max-width: min(76ch, calc(100vw - 32px)); }
.reasons td { color: var(--fail); border-top: 0; padding-top: 0; } tr:has(+ .reasons) > * { border-bottom: 0; }
tbody th { position: sticky; left: 0; background: var(--page); }
.hash { font-family: var(--mono); font-size: 12.5px; overflow-wrap: anywhere; min-width: 17em; }
.checks { display: flex; flex-wrap: wrap; gap: 2px 14px; padding: 0; margin: 2px 0 0; list-style: none; font-size: 13px; }
td summary { color: inherit; } .checks li { white-space: nowrap; }
.facts { display: grid; align-content: start; grid-template-columns: fit-content(60%) minmax(0, 1fr); gap: 5px 24px; margin: 12px 0; font-size: 14px; }
.facts dt { color: var(--muted); overflow-wrap: anywhere; } .facts dd { margin: 0; overflow-wrap: anywhere; }
details { font-size: 14px; } summary { cursor: pointer; color: var(--muted); }
.columns { display: grid; grid-template-columns: 1fr 1fr; gap: 0 48px; }
.tolerance { display: block; width: 190px; height: 22px; overflow: visible; }
.overview { display: grid; grid-template-columns: minmax(0, 1fr) 344px; gap: 8px 24px; align-items: start; }
.overview > :only-child { grid-column: 1 / -1; }
.arm { display: grid; grid-template-columns: repeat(3, 344px); justify-content: space-between; gap: 4px 24px; margin: 20px 0 28px; align-items: start; }
.arm > div { grid-column: 1 / -1; } .arm p { margin: 2px 0; max-width: none; }
.arm h4 { margin: 0; font-size: 15px; } .arm h4 .dot { display: inline-block; width: 10px; height: 10px; border-radius: 50%; margin-right: 7px; }
.arm .big { font-size: 27px; font-weight: 600; letter-spacing: -.01em; line-height: 1.3; margin-right: 6px; }
.arm h4 .muted { font-weight: 400; }
.facts > div { display: contents; }
.arm .facts { display: flex; flex-wrap: wrap; gap: 2px 22px; font-size: 13.5px; margin: 2px 0 10px; } .arm .facts > div { display: flex; gap: 6px; }
.arm .samples { font-size: 13.5px; margin: 0 0 10px; }
figure { margin: 0; min-width: 0; } figcaption { font-size: 13px; color: var(--muted); padding-left: 4px; }
.chart { display: block; max-width: 100%; height: auto; font: 11.5px var(--font); overflow: visible; }
.chart text { fill: var(--muted); }
.forest { font-size: 14px; margin: 12px 0; }
.forest > div { display: grid; grid-template-columns: 10.5em minmax(0, 1fr) 11.5em 19em; gap: 0 20px; padding: 8px 0; border-bottom: 1px solid var(--line); align-items: center; }
.forest > div:first-child { color: var(--muted); padding-bottom: 4px; } .forest > div:first-child > :nth-child(3) { text-align: right; }
.forest [role=rowheader] { overflow-wrap: anywhere; }
.forest .axis { position: relative; height: 20px; font-size: 12px; } .forest .axis span { position: absolute; transform: translateX(-50%); }
.forest .lane { position: relative; height: 20px; display: block; } .forest .lane i { position: absolute; }
.forest .band { top: -8px; bottom: -8px; background: var(--raised); min-width: 2px; } .forest .one { top: -8px; bottom: -8px; border-left: 1px solid var(--muted); }
.forest .interval { top: 8.5px; height: 3px; background: var(--vulkan); border-radius: 2px; min-width: 2px; }
.forest .point { top: 5px; width: 10px; height: 10px; margin-left: -5px; border-radius: 50%; background: var(--vulkan); }
.forest .invalid .point { background: var(--page); border: 2px solid var(--vulkan); }
.stack { display: flex; height: 20px; border-radius: 3px; overflow: hidden; gap: 1px; min-width: 3px; }
.stack span { display: block; height: 100%; min-width: 1px; }
.phases { display: grid; grid-template-columns: max-content 1fr max-content; gap: 8px 14px; align-items: center; font-size: 14px; margin: 10px 0; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 18px; font-size: 13px; color: var(--muted); padding: 0; margin: 6px 0; list-style: none; }
.legend i { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin-right: 6px; }
.steps td, .steps th { padding-top: 4px; padding-bottom: 4px; vertical-align: middle; }
.steps .track { width: 52%; } .track div { position: relative; height: 15px; background: linear-gradient(90deg, var(--line) 1px, transparent 1px) 0 0 / var(--tick) 100%; }
.track i { position: absolute; top: 1px; bottom: 1px; min-width: 3px; border-radius: 2px; background: var(--step); }
.track i.measure { background: var(--vulkan); } .track i.failed { background: var(--fail); }
.track i.hit { background: var(--page); border: 1.5px solid var(--step); min-width: 9px; }
.scale { display: block; position: relative; height: 18px; font-weight: 400; font-size: 12px; }
.scale span { position: absolute; } .scale span + span { transform: translateX(-50%); }
.gpu { margin: 4px 0 28px; } .gpu h4 { margin: 0; font-size: 15px; } .gpu h4 .muted { font-weight: 400; } .gpu p { font-size: 14px; margin: 4px 0; max-width: none; }
.bars { margin: 14px 0 8px; table-layout: fixed; } .bars caption { font-size: 13px; padding-bottom: 2px; }
.bars th, .bars td { padding-top: 4px; padding-bottom: 4px; vertical-align: middle; border-bottom-color: var(--raised); white-space: normal; }
.bars thead > tr > * { font-size: 13px; width: 9%; vertical-align: bottom; } .bars thead th:first-child { width: 31%; } .bars thead .bar { width: 33%; } .bars td.num, .shapes span { white-space: nowrap; }
.bar div { position: relative; height: 16px; } .bar i { position: absolute; left: 0; top: 3px; bottom: 3px; min-width: 2px; border-radius: 2px; background: var(--vulkan); }
.bar .wall { top: 0; bottom: 0; border: 1.5px solid var(--muted); border-radius: 3px; background: none; min-width: 4px; }
.bars .rest th { color: var(--muted); } .rest .bar i { background: none; border: 1.5px solid var(--vulkan); }
.notes { font-size: 14px; padding-left: 20px; max-width: 82ch; } .notes li { margin: 5px 0; }
footer { color: var(--muted); font-size: 13px; padding-top: 36px; padding-bottom: 48px; }
@media (max-width: 1100px) {
  .arm { grid-template-columns: repeat(auto-fit, minmax(min(344px, 100%), 1fr)); }
  .forest > div { grid-template-columns: 9em minmax(0, 1fr) 10.5em; } .forest > div > :nth-child(4) { grid-column: 2 / -1; }
  .forest > div:first-child > :nth-child(4) { display: none; }
  .bars thead > tr > * { width: 11.5%; } .bars thead th:first-child { width: 28%; } .bars thead .bar { width: 26%; }
}
@media (max-width: 720px) {
  main, header, footer { padding-left: 16px; padding-right: 16px; }
  header { padding-top: 24px; } h1 { font-size: 22px; }
  .columns, .overview { grid-template-columns: minmax(0, 1fr); }
  .forest > div { grid-template-columns: minmax(0, 1fr) max-content; gap: 2px 12px; padding: 12px 0; }
  .forest > div > :nth-child(2) { grid-row: 2; grid-column: 1 / -1; } .forest > div > :nth-child(4) { grid-column: 1 / -1; }
  .forest .band, .forest .one { top: -2px; bottom: -2px; }
  .tiles { grid-template-columns: 1fr 1fr; gap: 8px; } .tile { padding: 10px 12px; } .tile .figure { font-size: 19px; }
  .facts { gap: 3px 14px; }
  .tile:last-child:nth-child(odd) { grid-column: 1 / -1; }
  .models, .models tbody, .models tr, .models th, .models td { display: block; padding: 0; border: 0; text-align: left; white-space: normal; }
  .models thead, .models .reasons td:empty { display: none; }
  .models tbody tr:not(.reasons) { border-top: 1px solid var(--line); padding: 10px 0 4px; }
  .models th { font-weight: 600; } .models th .muted { font-weight: 400; } .models [data-head]::before { content: attr(data-head); color: var(--muted); display: inline-block; width: 9em; }
  .models .reasons { padding-bottom: 8px; }
  .steps, .steps tbody, .steps tr, .steps td, .steps th { display: block; border: 0; padding: 0; }
  .steps thead { display: none; }
  .steps tr { display: grid; grid-template-columns: 1fr max-content max-content; gap: 0 12px; padding: 5px 0; border-bottom: 1px solid var(--line); }
  .steps .track { grid-column: 1 / -1; width: auto; grid-row: 2; padding: 3px 0; } .steps .start { display: none; }
  .bars, .bars tbody, .bars th, .bars td, .bars caption { display: block; border: 0; padding: 0; }
  .bars thead { display: none; } .bars caption { padding-bottom: 4px; }
  .bars tr { display: flex; flex-wrap: wrap; gap: 0 14px; padding: 6px 0; border-bottom: 1px solid var(--line); align-items: baseline; }
  .bars th { flex: 1 1 0; min-width: 4.6em; }
  .bars .bar { order: 1; flex: 0 0 100%; padding: 3px 0; } .bars .more { order: 2; font-size: 13px; color: var(--muted); }
  .bars [data-head]::before { content: attr(data-head) " "; color: var(--muted); }
}
@media print { .scroll { overflow: visible; } h2 { break-after: avoid; } .arm, .tile, tr { break-inside: avoid; } nav { display: none; } }
`;
