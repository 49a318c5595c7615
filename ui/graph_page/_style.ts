/** The page's style sheet: system fonts, light and dark by the reader's preference, from 320 pixels up. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --font: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  --page: #ffffff; --raised: #f5f7f9; --card: #ffffff; --line: #d5dce3; --text: #1b2127; --muted: #56616c;
  --hit: #12713a; --hit-tint: #e6f4ea; --run: #0b66c3; --run-tint: #e4effb; --idle: #56616c; --idle-tint: #eceff2;
  --critical: #b8430a; --critical-tint: #fdeee5; --edge: #9aa6b2; --shadow: 0 1px 2px rgb(20 30 40 / .07);
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f1418; --raised: #151b21; --card: #1a2128; --line: #303a44; --text: #e4e9ee; --muted: #9caab7;
    --hit: #56c87f; --hit-tint: #12291b; --run: #6db3f8; --run-tint: #12263a; --idle: #9caab7; --idle-tint: #232b33;
    --critical: #ff9b63; --critical-tint: #351f12; --edge: #5c6874; --shadow: none;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 16px; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } .card, .edge { transition: none !important; } }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 var(--font); font-variant-numeric: tabular-nums; }
main { max-width: 1180px; margin: 0 auto; padding: 36px 24px 56px; }
a { color: inherit; text-underline-offset: 3px; }
h1 { font-size: 28px; line-height: 1.25; margin: 8px 0 0; letter-spacing: -.01em; text-wrap: balance; overflow-wrap: anywhere; }
h2 { font-size: 19px; margin: 40px 0 2px; }
h3 { font-size: 15px; margin: 0; overflow-wrap: anywhere; }
p { margin: 6px 0; max-width: 80ch; }
code { font-family: var(--mono); font-size: .92em; overflow-wrap: anywhere; }
.kicker, .muted { color: var(--muted); } .kicker { font-size: 13px; margin: 0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 22px 0 0; }
.tile { background: var(--raised); border-radius: 8px; padding: 12px 16px; }
.tile dt { color: var(--muted); font-size: 13px; } .tile dd { margin: 0; font-size: 22px; font-weight: 600; letter-spacing: -.01em; line-height: 1.35; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 13px; color: var(--muted); padding: 0; margin: 24px 0 8px; list-style: none; }
.legend i { display: inline-block; width: 10px; height: 10px; border-radius: 3px; margin-right: 7px; border: 1.5px solid; }
.legend i.hit { color: var(--hit); background: var(--hit-tint); } .legend i.run { color: var(--run); background: var(--run-tint); }
.legend i.idle { color: var(--idle); border-style: dashed; } .legend i.critical { color: var(--critical); width: 18px; height: 0; border-width: 0 0 2.5px; border-radius: 0; vertical-align: 4px; }
.scroll { width: max-content; min-width: 100%; max-width: calc(100vw - 48px); position: relative; left: 50%; translate: -50%; overflow-x: auto; background: var(--raised); border-radius: 12px; padding: 20px; }
.scroll:focus-visible, .card:focus-visible { outline: 2px solid var(--run); outline-offset: 2px; }
.picture { position: relative; margin: 0 auto; } .picture svg { position: absolute; inset: 0; }
.edge { fill: none; stroke: var(--edge); stroke-width: 1.5; transition: opacity .15s; }
.edge.critical { stroke: var(--critical); stroke-width: 2.5; }
.arrow path { fill: var(--edge); } .arrow-critical path { fill: var(--critical); }
.card { display: grid; grid-template: auto auto 1fr / minmax(0, 1fr) max-content; gap: 1px 8px; padding: 10px 12px; text-decoration: none;
  background: var(--card); border: 1px solid var(--line); border-radius: 9px; box-shadow: var(--shadow); transition: opacity .15s, border-color .15s; overflow: hidden; }
.picture .card { position: absolute; }
.card:hover { border-color: var(--text); }
.card.idle { border-style: dashed; } .card.run { border-color: var(--run); }
.card.critical { border-left: 4px solid var(--critical); padding-left: 9px; }
.card .name { grid-column: 1 / -1; font-weight: 600; line-height: 1.3; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
.state { align-self: start; font-size: 12px; line-height: 1.5; font-weight: 600; padding: 0 8px; border-radius: 99px; white-space: nowrap; }
.state.hit { color: var(--hit); background: var(--hit-tint); } .state.run { color: var(--run); background: var(--run-tint); }
.state.idle { color: var(--idle); background: var(--idle-tint); }
.card .figures { font-size: 13px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.card .reason { align-self: start; grid-column: 1 / -1; font-size: 12.5px; line-height: 1.35; color: var(--muted); display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; overflow-wrap: anywhere; }
.rail { position: relative; padding-left: 56px; } .rail svg { position: absolute; left: 0; top: 0; }
.rail ol { list-style: none; margin: 0; padding: 0; } .rail li { height: 92px; padding: 4px 0; } .rail .card { height: 84px; }
.rail .reason { -webkit-line-clamp: 1; }
.dot { fill: var(--page); stroke-width: 2.5; stroke: var(--idle); } .dot.hit { stroke: var(--hit); fill: var(--hit-tint); } .dot.run { stroke: var(--run); fill: var(--run-tint); }
.narrow { display: none; }
.path { display: flex; gap: 2px; margin: 10px 0 0; } .path div { min-width: 3px; }
.path i { display: block; height: 14px; background: var(--critical); border-radius: 2px; }
.path-names { display: flex; flex-wrap: wrap; gap: 2px 8px; font-size: 14px; margin: 8px 0 0; padding: 0; list-style: none; }
.path-names li + li::before { content: "→"; color: var(--critical); margin-right: 8px; }
.step { border-top: 1px solid var(--line); padding: 16px 0 14px; margin-top: 10px; }
.step:target { background: var(--raised); border-radius: 10px; padding-left: 14px; padding-right: 14px; margin-left: -14px; margin-right: -14px; }
.step .state { align-self: center; }
.step header { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 10px; }
.tag { font-size: 12px; color: var(--muted); border: 1px solid var(--line); border-radius: 99px; padding: 0 8px; } .tag.critical { color: var(--critical); border-color: currentColor; }
.bar { height: 4px; margin: 9px 0 10px; background: var(--idle-tint); border-radius: 2px; } .bar i { display: block; height: 100%; min-width: 2px; border-radius: 2px; background: var(--edge); }
.bar.critical i { background: var(--critical); }
.why { color: var(--run); font-size: 14px; overflow-wrap: anywhere; }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 3px 20px; margin: 0; font-size: 14px; }
.facts dt { color: var(--muted); } .facts dd { margin: 0; overflow-wrap: anywhere; }
.hash { font-size: 12.5px; color: var(--muted); }
footer { color: var(--muted); font-size: 13px; border-top: 1px solid var(--line); margin-top: 28px; padding-top: 14px; }
@media (max-width: 720px) {
  main { padding: 22px 16px 40px; } h1 { font-size: 22px; }
  .wide { display: none; } .narrow { display: block; }
  .tiles { grid-template-columns: 1fr 1fr; gap: 8px; } .tile { padding: 9px 12px; } .tile dd { font-size: 18px; }
  .tile:last-child:nth-child(odd) { grid-column: 1 / -1; }
  .facts { grid-template-columns: minmax(0, 1fr); gap: 0; } .facts dd { margin-bottom: 5px; } .facts dt { font-size: 13px; }
}
@media print { .scroll { overflow: visible; background: none; padding: 0; } .step, .card { break-inside: avoid; } .rail { display: none; } }
`;
