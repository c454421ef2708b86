import type { PropsWithChildren } from "hono/jsx";

const SITE_NAME = "GitHub MCP Worker";

/** The one document frame. `renderPage` puts the doctype in front, which JSX has no syntax for. */
export function Layout({ title, children }: PropsWithChildren<{ title: string }>) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title === SITE_NAME ? title : `${title} · ${SITE_NAME}`}</title>
        <link rel="stylesheet" href="/style.css" />
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
      </head>
      <body>
        <header class="masthead">
          <a href="/">
            <Mark />
            {SITE_NAME}
          </a>
        </header>
        <main>{children}</main>
        <footer>
          <p>Run by whoever gave you this address. Not made or endorsed by GitHub.</p>
        </footer>
      </body>
    </html>
  );
}

/** An app, this server, GitHub: the ring in the middle is what stands between the two. */
function Mark() {
  return (
    <svg class="mark" viewBox="0 0 44 16" width="44" height="16" aria-hidden="true">
      <path d="M6 8h9M29 8h9" />
      <circle cx="22" cy="8" r="6" />
      <circle class="dot" cx="4" cy="8" r="3" />
      <circle class="dot" cx="40" cy="8" r="3" />
    </svg>
  );
}
