import { allow, registerClient } from "../support/sign-in.ts";
import { freePort } from "../support/stack.ts";
import { conformance } from "./conformance.ts";
import type { RefereeSite } from "./referee-site.ts";
import type { Scenario } from "./scenario.ts";

/** The authorization server of one revision: the referee is the client, and we are its person's browser. */
export async function judgeSignIn({ server }: RefereeSite, revision: string): Promise<Scenario[]> {
  const port = await freePort();
  const redirect = `http://127.0.0.1:${port}/callback`;
  const { client_id } = await registerClient(server, { redirect_uris: [redirect] });
  const version = ["--spec-version", revision];
  const resource = `${server.url}/mcp`;
  const client = ["--client-id", client_id, "--port", String(port), "--resource", resource];
  const stuck = new AbortController();

  async function visit(authorizeUrl: string): Promise<void> {
    const back = await allow(server, authorizeUrl, { login: "octocat" });
    await (await fetch(back)).text();
  }

  return conformance({
    list: ["--authorization", ...version],
    run: ["authorization", "--url", server.url, ...client, ...version],
    signal: stuck.signal,
    onLine(line) {
      if (!line.startsWith(`${server.url}/authorize?`)) return;
      visit(line).catch((error: unknown) => stuck.abort(error));
    },
  });
}
