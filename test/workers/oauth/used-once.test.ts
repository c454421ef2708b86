import { createHash } from "node:crypto";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { handleOf, locationOf } from "../../support/browser.ts";
import { kvOf } from "../../support/kv.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { authorizeUrl, pkce, registerClient } from "../../support/sign-in.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

/** A page's handle, or a state at GitHub, with the cookie of the browser that may use it. */
interface Begun {
  readonly handle: string;
  readonly cookie: string;
}

const cookiesOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");

async function openPage(): Promise<Begun> {
  const { client_id } = await registerClient(server);
  const response = await fetch(
    authorizeUrl(server, { client_id, code_challenge: pkce().challenge }),
  );
  return { cookie: cookiesOf(response), handle: handleOf(await response.text()) };
}

function decide({ handle, cookie }: Begun, decision: string): Promise<Response> {
  return fetch(`${server.url}/authorize`, {
    method: "POST",
    redirect: "manual",
    headers: { cookie },
    body: new URLSearchParams({ handle, decision }),
  });
}

async function leave(): Promise<Begun & { back: string }> {
  const sent = await decide(await openPage(), "allow");
  const back = await server.github.cancelSignIn(locationOf(sent).href);
  const handle = new URL(back).searchParams.get("state") ?? "";
  return { handle, cookie: cookiesOf(sent), back };
}

/** Uses a handle twice; between the two KV shows it as it was, as it may elsewhere for a minute. */
async function useTwice({ handle }: Begun, use: () => Promise<Response>): Promise<Response[]> {
  const kv = await kvOf(server);
  const key = `transaction:${createHash("sha256").update(handle).digest("hex")}`;
  const unused = await kv.get(key);
  const first = await use();
  await kv.put(key, unused ?? "");
  return [first, await use()];
}

describe("what was used, where KV still shows it as new", () => {
  it.each(["allow", "deny"])("is refused when it is a consent form to %s", async (decision) => {
    const page = await openPage();

    const [first, second] = await useTwice(page, () => decide(page, decision));

    expect(first?.status).toBe(302);
    expect(second?.status).toBe(400);
    expect(await second?.text()).toContain("was already used");
  });

  it("is refused when it is the way back from GitHub", async () => {
    const { back, ...begun } = await leave();
    const { cookie } = begun;

    const [first, second] = await useTwice(begun, () =>
      fetch(back, { headers: { cookie }, redirect: "manual" }),
    );

    expect(first?.status).toBe(302);
    expect(second?.status).toBe(400);
    expect(await second?.text()).toContain("was already used");
  });
});
