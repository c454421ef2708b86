/**
 * A browser reduced to what sign-in needs: it keeps cookies per host and follows no redirect by
 * itself. Secure cookies are sent to loopback over http, as browsers do.
 */
export class Browser {
  readonly #cookies = new Map<string, Map<string, string>>();

  async fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const { host } = new URL(url);
    const jar = this.#cookies.get(host) ?? new Map<string, string>();
    this.#cookies.set(host, jar);
    const headers = new Headers(init.headers);
    if (jar.size > 0)
      headers.set("cookie", [...jar].map(([name, value]) => `${name}=${value}`).join("; "));
    const response = await fetch(url, { ...init, headers, redirect: "manual" });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = "", ...attributes] = cookie.split(";").map((part) => part.trim());
      const [name = "", value = ""] = pair.split(/=(.*)/s);
      if (attributes.some((attribute) => attribute.toLowerCase() === "max-age=0")) jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  }

  /** The names of the cookies that it keeps for the host of an address. */
  cookiesOf(url: string): string[] {
    return Array.from(this.#cookies.get(new URL(url).host)?.keys() ?? []);
  }

  submit(url: string, fields: [name: string, value: string][]): Promise<Response> {
    return this.fetch(url, { method: "POST", body: new URLSearchParams(fields) });
  }
}

export function locationOf(response: Response): URL {
  const location = response.headers.get("location");
  if (!location) throw new Error(`Expected a redirect, got ${response.status}.`);
  return new URL(location);
}

/** The hidden handle of a consent page. */
export function handleOf(page: string): string {
  const handle = /name="handle" value="([^"]+)"/.exec(page)?.[1];
  if (!handle) throw new Error(`The page has no consent form: ${page.slice(0, 2000)}`);
  return handle;
}
