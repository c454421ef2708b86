import { vi } from "vitest";

/** The internet beyond GitHub, as far as the Worker can see it. */
export interface Internet {
  /** What the Worker asked for, in the order of arrival. */
  readonly visits: string[];
  /** Answers every request. `ended` says that the test is over. */
  answer: (url: string, ended: AbortSignal) => Response | Promise<Response>;
  close(): void;
}

/**
 * Stands in for the internet. The harness carries the Worker's own requests over this process's
 * fetch; servers of the tests speak http, so whatever goes to https is meant for the internet.
 */
export function emulateInternet(): Internet {
  const real = globalThis.fetch;
  const end = new AbortController();
  const internet: Internet = {
    visits: [],
    answer: () => new Response("Nothing here.", { status: 404 }),
    close() {
      end.abort();
      vi.unstubAllGlobals();
    },
  };
  vi.stubGlobal("fetch", (input: string | URL | Request, init?: RequestInit) => {
    const url = input instanceof Request ? input.url : String(input);
    if (!url.startsWith("https:")) return real(input, init);
    internet.visits.push(url);
    return Promise.resolve(internet.answer(url, end.signal));
  });
  return internet;
}

export function published(document: object, type = "application/json"): Response {
  return new Response(JSON.stringify(document), {
    headers: { "content-type": type, "cache-control": "no-store" },
  });
}
