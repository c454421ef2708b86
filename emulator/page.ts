const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d1d9e0, #3d444d); --soft: light-dark(#59636e, #9198a1);
  --back: light-dark(#f6f8fa, #010409); --card: light-dark(#fff, #0d1117); --ink: light-dark(#1f2328, #f0f6fc); }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem;
  background: var(--back); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { width: min(100%, 26rem); background: var(--card); border: 1px solid var(--line);
  border-radius: 12px; padding: 1.75rem; }
h1 { margin: 0 0 .5rem; font-size: 1.25rem; }
p { margin: 0 0 1rem; color: var(--soft); overflow-wrap: anywhere; }
form { display: grid; gap: .5rem; }
button { font: inherit; color: inherit; text-align: left; background: transparent; cursor: pointer;
  border: 1px solid var(--line); border-radius: 8px; padding: .65rem .9rem; }
button:hover { border-color: var(--soft); }
button:focus-visible { outline: 2px solid #0969da; outline-offset: 2px; }
button small { color: var(--soft); }
button[name=cancel] { text-align: center; color: var(--soft); margin-top: .5rem; }
footer { margin-top: 1.25rem; font-size: .8rem; color: var(--soft); }
`;

/** `content` is HTML. */
export function pageOf(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${content}
<footer>A local GitHub for development. No password, no account, nothing leaves this machine.</footer>
</main>
</body>
</html>
`;
}
