/** The one style sheet: light and dark, from 320 px on. Colour is never the only sign of anything. */
export const style = `
:root {
  color-scheme: light dark;
  --sans: Inter, -apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif;
  --bg: #fbfaf7; --panel: #ffffff; --line: #e3dfd6; --control: #857f71;
  --ink: #1b1a17; --muted: #5c574c; --accent: #14506b; --on-accent: #ffffff; --bad: #a32f0c; --bad-bg: #fdf1ec;
}
@media (prefers-color-scheme: dark) {
  :root {
    --bg: #12151a; --panel: #191d23; --line: #2b313a; --control: #7c8695;
    --ink: #eceef0; --muted: #aab1bb; --accent: #8ccbe8; --on-accent: #0c1a22; --bad: #ff9a78; --bad-bg: #2a1b16;
  }
}
*, ::before, ::after { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--ink); font: 400 1rem/1.5 var(--sans); }
h1, h2, p, ul { margin: 0; padding: 0; }
ul { list-style: none; }
h1 { margin-bottom: 1.25rem; font-size: 1.75rem; line-height: 1.2; font-weight: 650; letter-spacing: -.02em; overflow-wrap: anywhere; }
h2 { font-size: 1.0625rem; font-weight: 600; overflow-wrap: anywhere; }
a { color: var(--accent); text-underline-offset: 3px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
main:focus { outline: none; }
header, main, footer { max-width: 60rem; margin: 0 auto; padding: 1rem 1.25rem; }
header { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .5rem 1.5rem; border-bottom: 1px solid var(--line); }
header a { display: inline-block; padding: .5rem 0; color: inherit; text-decoration: none; }
header a:hover { text-decoration: underline; }
nav { display: flex; gap: 1.5rem; }
.brand { font-weight: 700; letter-spacing: -.01em; overflow-wrap: anywhere; }
.count { display: inline-block; min-width: 1.5rem; padding: 0 .4rem; border-radius: 1rem; background: var(--accent); color: var(--on-accent); font-size: .875rem; text-align: center; }
main { padding-top: 2rem; padding-bottom: 3rem; }
footer { border-top: 1px solid var(--line); color: var(--muted); font-size: .875rem; }
.skip { position: absolute; left: 1rem; top: -4rem; z-index: 1; padding: .5rem 1rem; background: var(--panel); }
.skip:focus { top: .5rem; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.sandbox { padding: .375rem 1.25rem; border-bottom: 2px dashed var(--control); font-size: .875rem; text-align: center; }
.lead { color: var(--muted); font-size: 1.125rem; }
.muted { color: var(--muted); font-size: .9375rem; }
.price { font-variant-numeric: tabular-nums; }
.price.big { font-size: 1.375rem; }
.items { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(14rem, 100%), 1fr)); gap: 1rem; }
.items li { position: relative; display: grid; gap: .25rem; padding: 1.25rem; border: 1px solid var(--line); border-radius: 10px; background: var(--panel); }
.items li:hover { border-color: var(--control); }
.items h2 a { color: inherit; text-decoration: none; }
.items h2 a::after { content: ''; position: absolute; inset: 0; border-radius: 10px; }
.items h2 a:focus-visible { outline: none; }
.items h2 a:focus-visible::after { outline: 3px solid var(--accent); outline-offset: 2px; }
.more { margin-top: 1.5rem; }
.row { display: flex; flex-wrap: wrap; align-items: center; gap: .625rem; margin-top: 1rem; }
.stack { display: grid; gap: 1.25rem; max-width: 26rem; margin-top: 1.5rem; }
.field { display: grid; gap: .25rem; }
label { font-weight: 550; }
input, button, .button { min-height: 2.75rem; padding: .5rem .875rem; border: 1px solid var(--control); border-radius: 8px; background: var(--panel); color: inherit; font: inherit; }
input { width: 100%; }
input[type='number'] { width: 5.5rem; }
input[aria-invalid] { border: 2px solid var(--bad); }
button, .button { display: inline-block; font-weight: 550; text-decoration: none; cursor: pointer; }
button:hover, .button:hover { border-color: var(--ink); }
button.main, .button.main { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
button.main + a { margin-left: 1rem; }
.lines { border-top: 1px solid var(--line); }
.lines li { display: grid; grid-template-columns: minmax(0, 1fr) auto 6.5rem; align-items: center; gap: .5rem 1rem; padding: 1rem 0; border-bottom: 1px solid var(--line); }
.lines.short li { grid-template-columns: minmax(0, 1fr) auto; }
.lines .row { margin: 0; flex-wrap: nowrap; }
.what { overflow-wrap: anywhere; }
.sum, .total strong { text-align: right; font-variant-numeric: tabular-nums; }
.total { display: flex; justify-content: space-between; margin: 1rem 0 1.5rem; font-size: 1.125rem; }
.notice { margin: 1rem 0; padding: 1rem 1.25rem; border: 1px solid var(--line); border-left: 4px solid var(--control); border-radius: 6px; background: var(--panel); }
.notice.bad { border-left-color: var(--bad); background: var(--bad-bg); }
.obstacle { color: var(--bad); font-size: .9375rem; font-weight: 550; }
@media (max-width: 40rem) {
  .lines:not(.short) li { grid-template-columns: minmax(0, 1fr) auto; }
  .lines .row { grid-column: 1 / -1; grid-row: 2; flex-wrap: wrap; }
}
`
