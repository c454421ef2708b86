/** What a person reads when the browser comes back. */
const PAGES = {
  done: [200, "You are signed in", "You can close this window."],
  failed: [400, "The sign-in failed", "You can close this window. Your MCP client says why."],
  waiting: [400, "This is not the answer to the sign-in", "Go on in the window where it began."],
  unknown: [404, "There is nothing here", "You can close this window."],
} as const;

export type CallbackPage = keyof typeof PAGES;

export interface RenderedPage {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A page of fixed words: nothing of what was asked for is in it. */
export function callbackPage(name: CallbackPage): RenderedPage {
  const [status, title, text] = PAGES[name];
  return {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      connection: "close",
    },
    body:
      `<!doctype html><html lang="en"><meta charset="utf-8">` +
      `<meta name="color-scheme" content="light dark"><title>${title}</title>` +
      `<h1>${title}</h1><p>${text}</p></html>\n`,
  };
}
