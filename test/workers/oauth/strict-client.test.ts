import * as oauth from "oauth4webapi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { StrictClient } from "../../support/clients/strict-client.ts";
import { statelessHeaders, statelessMessage } from "../../support/mcp-roads.ts";
import { startServer, type TestServer } from "../../support/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

describe.each(["/", "/mcp", "/sse"])("the metadata of %s", (path) => {
  it("stands where RFC 9728 looks for it, and names the resource to the letter", async () => {
    const resource = new URL(path, server.url);

    const metadata = await oauth.processResourceDiscoveryResponse(
      resource,
      await oauth.resourceDiscoveryRequest(resource, { [oauth.allowInsecureRequests]: true }),
    );

    expect(metadata.authorization_servers).toEqual([server.url]);
  });
});

describe("a strict OAuth client", () => {
  it("signs in, calls, refreshes and signs out, and cannot come back", async () => {
    const client = await StrictClient.of(new URL("/mcp", server.url));
    const call = () => client.post(statelessMessage("tools/list"), statelessHeaders("tools/list"));

    await client.signIn(server, "octocat");
    const first = await call();
    await client.refresh();
    const second = await call();
    await client.revoke();

    expect([first.status, second.status]).toEqual([200, 200]);
    await expect(call()).rejects.toMatchObject({ error: "invalid_grant" });
  });
});
