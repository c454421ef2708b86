import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { openEvents } from "../support/events.ts";
import { messageOf, openSession, send, toolCall } from "../support/rpc.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { signIn } from "../support/sign-in.ts";

let server: TestServer;
let token: string;
beforeAll(async () => {
  // Its tool `test_reconnection` lets its client go before it answers.
  server = await startServer({ main: "test/support/entries/referee.ts" });
  ({ access_token: token } = await signIn(server, "octocat"));
});
afterAll(() => server.close());

const ANSWER: unknown = expect.stringContaining("Reconnected.");

describe("a call that lets its client go", () => {
  it("ends its stream after the id, and answers when the client is back", async () => {
    const session = { token, sessionId: await openSession(server, token) };
    const headers = { "mcp-protocol-version": "2025-11-25" };
    const message = toolCall("test_reconnection");
    const stream = await openEvents(server, { ...session, headers, message });
    const events = await stream.rest();

    const back = await openEvents(server, {
      ...session,
      method: "GET",
      headers: { ...headers, "last-event-id": events[0]?.id ?? "" },
    });

    expect(events.map(({ data }) => data)).toEqual([""]);
    expect(await back.rest()).toEqual([{ id: expect.any(String), data: ANSWER }]);
  });

  it("answers at once under 2025-06-18, whose clients got no id to come back with", async () => {
    const response = await send(server, {
      token,
      sessionId: await openSession(server, token),
      headers: { "mcp-protocol-version": "2025-06-18" },
      message: toolCall("test_reconnection"),
    });

    expect((await messageOf(response)).result).toEqual({
      content: [{ type: "text", text: "Reconnected." }],
    });
  });
});
