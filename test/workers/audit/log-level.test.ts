import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { callTool, ERAS } from "../../support/connect.ts";
import { untilRefused } from "../../support/flood.ts";
import { logLines } from "../../support/log-lines.ts";
import { send } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { signIn } from "../../support/sign-in.ts";

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer({ settings: { LOG_LEVEL: "warn" }, limits: { limit: 60 } });
  token = (await signIn(server, "octocat")).access_token;
});
afterAll(() => server.close());

describe("a server whose LOG_LEVEL is warn", () => {
  it("writes what is amiss, and no line for sign-ins and calls of any era", async () => {
    for (const { connect } of ERAS) {
      const client = await connect(server.url, token);
      await callTool(client, "add", { a: 1, b: 2 });
      await client.close();
    }
    await send(server, { token: "not-a-token" });
    await untilRefused(() => send(server, { token }));

    await expect.poll(() => logLines(server, "limit.reached")).not.toEqual([]);
    for (const event of ["sign_in.done", "tool.called", "token.refused"]) {
      expect(logLines(server, event)).toEqual([]);
    }
  });
});
