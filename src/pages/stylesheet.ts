export function serveStylesheet(): Response {
  return new Response(stylesheet, {
    headers: {
      "content-type": "text/css; charset=utf-8",
      "cache-control": "public, max-age=300",
      "x-content-type-options": "nosniff",
    },
  });
}

const stylesheet = `
:root {
  color-scheme: light dark;
  --measure: 43rem;
  --paper: #faf8f3;
  --raised: #ffffff;
  --ink: #1c211f;
  --quiet: #565e59;
  --line: #dedacf;
  --edge: #7f867f;
  --accent: #0b5c53;
  --accent-deep: #07443d;
  --on-accent: #ffffff;
  --wash: #f1eee5;
  --caution: #6b4204;
  --caution-wash: #fcf0d9;
  --caution-line: #c58a2b;
  --grave: #93291a;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L", Georgia, serif;
  --mono: ui-monospace, "SF Mono", SFMono-Regular, Menlo, Consolas, monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #131615;
    --raised: #1a1e1c;
    --ink: #e9e7e0;
    --quiet: #a7aea9;
    --line: #313734;
    --edge: #7c857f;
    --accent: #86d0c4;
    --accent-deep: #a9e2d8;
    --on-accent: #0a211d;
    --wash: #212624;
    --caution: #f2d7a2;
    --caution-wash: #31260f;
    --caution-line: #9a7126;
    --grave: #f0a394;
  }
}

*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body:has(.card) { --measure: 36rem; }
body {
  margin: 0;
  padding: 0 1.25rem;
  background: var(--paper);
  color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  overflow-wrap: break-word;
}
main, .masthead, footer { max-width: var(--measure); margin-inline: auto; }
.masthead { padding-block: 1.5rem; }
.masthead a {
  display: inline-flex;
  align-items: center;
  gap: 0.75rem;
  padding-block: 0.25rem;
  color: var(--ink);
  font-size: 0.9375rem;
  font-weight: 600;
  text-decoration: none;
}
.masthead a:hover { text-decoration: underline; }
.mark { flex: none; fill: none; stroke: var(--accent); stroke-width: 2.5; }
.mark .dot { fill: var(--accent); stroke: none; }
footer {
  margin-top: 4rem;
  padding-block: 1.25rem 2rem;
  border-top: 1px solid var(--line);
  color: var(--quiet);
  font-size: 0.875rem;
}

h1, h2, legend { font-family: var(--serif); font-weight: 600; line-height: 1.2; text-wrap: balance; }
h1 { margin: 0 0 1rem; font-size: clamp(1.75rem, 1.3rem + 2.2vw, 2.5rem); letter-spacing: -0.01em; }
h2, legend { margin: 3rem 0 0.75rem; font-size: 1.375rem; }
h3 { display: inline; margin: 0; font-size: 1rem; font-weight: 600; }
p { margin: 0 0 1rem; }
.lead { font-size: 1.125rem; }
.quiet { color: var(--quiet); font-size: 0.875rem; }
a { color: var(--accent); text-underline-offset: 0.15em; }
a:hover { color: var(--accent-deep); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: 3px; }
code { font-family: var(--mono); font-size: 0.875em; overflow-wrap: anywhere; }
li > code { padding: 0.1em 0.3em; border-radius: 3px; background: var(--wash); }
/* Without a script there is no copy button, so one click selects the whole. */
.whole { -webkit-user-select: all; user-select: all; }

.endpoint {
  margin-top: 2rem;
  padding: 1.25rem 1.5rem 1rem;
  border: 1px solid var(--line);
  border-left: 4px solid var(--accent);
  border-radius: 4px;
  background: var(--raised);
}
.endpoint h2 { margin: 0 0 0.25rem; color: var(--quiet); font: inherit; font-size: 0.875rem; font-weight: 600; }
.endpoint code { display: block; font-size: clamp(1.0625rem, 0.9rem + 0.8vw, 1.25rem); line-height: 1.4; }
.endpoint p { margin: 0.5rem 0 0; }

details { border-top: 1px solid var(--line); }
details:last-child { border-bottom: 1px solid var(--line); }
summary { padding: 0.8rem 0.25rem 0.8rem 1.4rem; text-indent: -1.15rem; cursor: pointer; }
summary::marker { color: var(--accent); }
summary:hover h3 { color: var(--accent); text-decoration: underline; text-underline-offset: 0.2em; }
details ol { margin: 0 0 1rem; padding-left: 1.5rem; }
details li { margin-bottom: 0.25rem; padding-left: 0.25rem; }
figure { margin: 0 0 1.5rem; border: 1px solid var(--line); border-radius: 4px; background: var(--wash); }
figcaption { padding: 0.4rem 1rem; border-bottom: 1px solid var(--line); color: var(--quiet); font-size: 0.9375rem; }
pre { margin: 0; padding: 0.9rem 1rem; overflow-x: auto; line-height: 1.5; }
pre code { overflow-wrap: normal; }

table { width: 100%; border-collapse: collapse; table-layout: fixed; }
th, td { padding: 0.75rem 0.75rem 0.75rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { padding-block: 0.25rem; color: var(--quiet); font-size: 0.875rem; font-weight: 600; }
thead th:first-child { width: 43%; }
tbody th { font-weight: 600; }
tbody th code { display: block; color: var(--quiet); font-size: 0.8125rem; font-weight: 400; }
td:last-child { padding-right: 0; }

.card {
  padding: clamp(1.25rem, 5vw, 2.5rem);
  border: 1px solid var(--line);
  border-top: 4px solid var(--accent);
  border-radius: 4px;
  background: var(--raised);
}
.card h1 { font-size: clamp(1.5rem, 1.2rem + 1.6vw, 2rem); overflow-wrap: anywhere; }
.card h2, legend { margin: 1.75rem 0 0.5rem; font-size: 1.125rem; }
.card > :last-child { margin-bottom: 0; }
.facts { margin: 1.5rem 0; border-top: 1px solid var(--line); }
.facts dt { padding-top: 0.75rem; color: var(--quiet); font-size: 0.875rem; }
.facts dd { margin: 0; padding-bottom: 0.75rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
.facts strong { font-size: 1.125rem; }
.facts p, .scopes p { margin: 0; color: var(--quiet); font-size: 0.9375rem; }
.badge { padding: 0.05rem 0.5rem; border: 1px solid; border-radius: 1rem; font-size: 0.8125rem; font-weight: 600; white-space: nowrap; }
.verified { color: var(--accent); }
.unverified, .caution { background: var(--caution-wash); color: var(--caution); }
.caution { padding: 0.75rem 1rem; border-left: 4px solid var(--caution-line); border-radius: 4px; }

fieldset { min-width: 0; margin: 0; padding: 0; border: 0; }
legend { padding: 0; }
.scopes { margin: 0 0 1.75rem; padding: 0; list-style: none; }
.scopes li { display: flex; gap: 0.75rem; margin-top: 0.75rem; }
.scopes li > div { min-width: 0; }
.tick { flex: none; width: 1.25rem; height: 1.25rem; margin-top: 0.2rem; fill: none; stroke: var(--accent); stroke-width: 2; }
.choice { position: relative; padding: 0.75rem; border: 1px solid var(--edge); border-radius: 4px; }
.choice:has(:checked) { border-color: var(--accent); background: var(--wash); }
.choice input { z-index: 1; flex: none; width: 1.25rem; height: 1.25rem; margin: 0.2rem 0 0; accent-color: var(--accent); }
.choice label { font-weight: 600; }
/* The whole row is the target for a finger. */
.choice label::after { content: ""; position: absolute; inset: 0; cursor: pointer; }

.decision { display: flex; flex-wrap: wrap; gap: 0.75rem; margin-top: 1.5rem; }
button {
  flex: 1 1 7rem;
  min-height: 3rem;
  padding: 0.6rem 1.25rem;
  border: 1px solid var(--edge);
  border-radius: 4px;
  background: var(--raised);
  color: var(--ink);
  font: inherit;
  font-weight: 600;
  cursor: pointer;
}
button:hover { border-color: var(--ink); }
.primary { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
.primary:hover { border-color: var(--accent-deep); background: var(--accent-deep); }
.grave { border-color: var(--grave); color: var(--grave); }
.grave:hover { border-color: var(--grave); text-decoration: underline; }

.whoami { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0.5rem 1rem; }
.whoami p { min-width: 0; margin: 0; }
.whoami button, .connections button { flex: none; min-height: 2.75rem; padding-block: 0.35rem; }
.notice { display: block; margin-top: 1.5rem; padding: 0.75rem 1rem; border-left: 4px solid var(--accent); border-radius: 4px; background: var(--wash); }
.connections { margin: 0; padding: 0; border-top: 1px solid var(--line); list-style: none; }
.connections li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 1.5rem; padding-block: 1.25rem; border-bottom: 1px solid var(--line); }
.connections li > * { grid-column: 1; }
.connections li > form { grid-column: 2; grid-row: 1 / span 3; align-self: start; }
.connections h3 { display: block; font-size: 1.125rem; line-height: 1.4; overflow-wrap: anywhere; }
.connections p { margin: 0; overflow-wrap: anywhere; }
.connections dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.125rem 1rem; margin: 0.75rem 0 0; font-size: 0.9375rem; }
.connections dt { grid-column: 1; color: var(--quiet); }
.connections dd { grid-column: 2; margin: 0; }
.all { border-top: 0; }
.all p { padding-left: 1.4rem; }
.all form { padding: 0 0 1.25rem 1.4rem; }

.events { font-size: 0.9375rem; }
.events th, .events td { padding-block: 0.4rem; }
.events thead th:first-child { width: 6.5rem; }
.events thead th:nth-child(2) { width: 10rem; }
.events thead th:nth-child(4) { width: 10rem; }
.events thead th:last-child { width: 4rem; }
.events tbody th { padding-top: 1.25rem; }
.events td:first-child, .events td:last-child { font-variant-numeric: tabular-nums; white-space: nowrap; }
.events bdi { overflow-wrap: anywhere; }
/* No room for columns: each row becomes a time, and beside it what happened. */
@media (max-width: 40rem) {
  .connections li { grid-template-columns: minmax(0, 1fr); }
  .connections li > form { grid-column: 1; grid-row: auto; margin-top: 1rem; }
  .events thead { position: absolute; clip-path: inset(50%); }
  .events, .events tbody, .events td { display: block; }
  .events tr { display: flex; flex-wrap: wrap; gap: 0 0.75rem; padding: 0.5rem 0 0.5rem 3.75rem; border-bottom: 1px solid var(--line); }
  .events tr:has(th) { padding-left: 0; }
  .events th, .events td { padding: 0; border: 0; }
  .events td:first-child { width: 3rem; margin-left: -3.75rem; color: var(--quiet); }
  .events td:nth-child(2) { flex: 1; }
  .events td:nth-child(3) { width: 100%; }
  .events td:nth-child(n + 4) { color: var(--quiet); }
}
`.trimStart();
