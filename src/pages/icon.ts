/** The mark of the pages, alone: an app, this server, GitHub. */
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 44 44">
<style>
path, .ring { fill: none; stroke: #1d6b64; stroke-width: 4 }
.dot { fill: #1d6b64 }
@media (prefers-color-scheme: dark) { path, .ring { stroke: #7cc7be } .dot { fill: #7cc7be } }
</style>
<path d="M8 22h6M30 22h6"/>
<circle class="ring" cx="22" cy="22" r="8"/>
<circle class="dot" cx="5" cy="22" r="4"/>
<circle class="dot" cx="39" cy="22" r="4"/>
</svg>
`;

export function serveIcon(): Response {
  return new Response(ICON, {
    headers: { "content-type": "image/svg+xml", "cache-control": "public, max-age=86400" },
  });
}
