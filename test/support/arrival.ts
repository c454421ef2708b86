import { Browser, handleOf, locationOf } from "./browser.ts";
import type { TestServer } from "./server.ts";
import { authorizeUrl, pkce, registerClient } from "./sign-in.ts";

type Site = Pick<TestServer, "url" | "github">;

interface ArrivalOptions {
  readonly ticks?: readonly string[];
  /** Where the client is called back, beside what it always registers. */
  readonly redirectUri?: string;
}

export interface Arrival {
  /** The scopes that GitHub was asked for. */
  readonly asked: string | null;
  /** What the browser gets when it comes back from GitHub. */
  readonly response: Response;
  readonly page: string;
}

/** Signs a person in up to the way back from GitHub, where it is decided whether they may enter. */
export async function arrive(
  site: Site,
  login: string,
  { ticks = [], redirectUri }: ArrivalOptions = {},
): Promise<Arrival> {
  const browser = new Browser();
  const more = redirectUri && { redirect_uris: ["http://127.0.0.1:9/callback", redirectUri] };
  const { client_id } = await registerClient(site, { ...more });
  const { challenge } = pkce();
  const url = authorizeUrl(site, {
    client_id,
    code_challenge: challenge,
    ...(redirectUri && { redirect_uri: redirectUri }),
  });
  const handle = handleOf(await (await browser.fetch(url)).text());
  const submitted = await browser.submit(`${site.url}/authorize`, [
    ["handle", handle],
    ["decision", "allow"],
    ...ticks.map((scope): [string, string] => ["scope", scope]),
  ]);
  const atGitHub = locationOf(submitted);
  const back = await site.github.pickAccount(atGitHub.href, login);
  const response = await browser.fetch(back);
  return {
    asked: atGitHub.searchParams.get("scope"),
    response,
    page: await response.clone().text(),
  };
}

/** Where a client's browser lands with a code, if anywhere. */
export function codeOf({ response }: Arrival): string | null {
  const location = response.headers.get("location");
  return location && new URL(location).searchParams.get("code");
}
