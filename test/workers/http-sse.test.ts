import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { INITIALIZE, send, toolCall } from "../support/rpc.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { signIn } from "../support/sign-in.ts";

/** MCP 2024-11-05, transports, HTTP with SSE, sentence by sentence: no referee knows it. */

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer();
  ({ access_token: token } = await signIn(server, "octocat"));
});
afterAll(() => server.close());

interface Stream {
  readonly response: Response;
  /** The lines of the next event, or of the next comment, in the order in which they came. */
  next(): Promise<string[]>;
  close(): Promise<void>;
}

async function openStream(headers: Record<string, string> = {}): Promise<Stream> {
  const response = await send(server, { token, method: "GET", path: "/sse", headers });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let buffered = "";
  return {
    response,
    async next() {
      while (!buffered.includes("\n\n")) {
        const { done, value } = await reader.read();
        if (done) throw new Error("The stream ended.");
        buffered += value;
      }
      const [event = "", ...rest] = buffered.split("\n\n");
      buffered = rest.join("\n\n");
      return event.split("\n");
    },
    close: () => reader.cancel(),
  };
}

async function endpointOf(stream: Stream): Promise<string> {
  const [, data = ""] = await stream.next();
  return data.replace("data: ", "");
}

async function post(path: string, message: unknown): Promise<number> {
  const response = await send(server, { token, path, message });
  await response.text();
  return response.status;
}

/** The lines of an event that carries this message, with its members in the order in which they come. */
function messageEvent(message: object): string[] {
  return ["event: message", `data: ${JSON.stringify(message)}`];
}

describe("a stream of 2024-11-05", () => {
  it("begins with an endpoint event, which holds a URI on the same origin", async () => {
    const stream = await openStream();

    const [event, data, ...more] = await stream.next();

    expect(stream.response.headers.get("content-type")).toBe("text/event-stream");
    expect(event).toBe("event: endpoint");
    expect(more).toEqual([]);
    const endpoint = new URL(data!.replace(/^data: /, ""), server.url);
    expect(endpoint.origin).toBe(server.url);
    expect(endpoint.pathname).toBe("/sse/message");
    await stream.close();
  });

  it("agrees on its own revision with a client that asks for it", async () => {
    const stream = await openStream();
    const params = { ...INITIALIZE.params, protocolVersion: "2024-11-05" };

    await post(await endpointOf(stream), { ...INITIALIZE, params });

    const [event, data] = await stream.next();
    expect(event).toBe("event: message");
    expect(JSON.parse(data!.replace(/^data: /, ""))).toMatchObject({
      id: 1,
      result: { protocolVersion: "2024-11-05" },
    });
    await stream.close();
  });

  it("carries each answer as a message event, and nothing that its clients do not know", async () => {
    const stream = await openStream();
    const endpoint = await endpointOf(stream);

    const statuses = [
      await post(endpoint, { jsonrpc: "2.0", id: "ping", method: "ping" }),
      await post(endpoint, { jsonrpc: "2.0", method: "notifications/initialized" }),
      await post(endpoint, { jsonrpc: "2.0", id: 7, method: "nope" }),
    ];

    expect(statuses).toEqual([202, 202, 202]);
    expect(await stream.next()).toEqual(messageEvent({ jsonrpc: "2.0", id: "ping", result: {} }));
    const error = { code: -32_601, message: "Method not found" };
    expect(await stream.next()).toEqual(messageEvent({ jsonrpc: "2.0", id: 7, error }));
    await stream.close();
  });

  it("carries the answers of its own endpoint only", async () => {
    const [one, other] = [await openStream(), await openStream()];
    const endpoints = [await endpointOf(one), await endpointOf(other)];

    await post(endpoints[0]!, { jsonrpc: "2.0", id: "one", method: "ping" });
    await post(endpoints[1]!, { jsonrpc: "2.0", id: "other", method: "ping" });

    expect((await one.next()).join()).toContain('"id":"one"');
    expect((await other.next()).join()).toContain('"id":"other"');
    await one.close();
    await other.close();
  });

  it("is a new one for a client that comes back with the id of an event", async () => {
    const first = await openStream();
    const endpoint = await endpointOf(first);
    await first.close();

    const second = await openStream({ "last-event-id": "_GET_stream:00000000000000" });

    const [event, data] = await second.next();
    expect(event).toBe("event: endpoint");
    expect(data).not.toContain(endpoint);
    await second.close();
  });
});

describe("the endpoint of a stream of 2024-11-05", () => {
  it("takes messages until its client closes the stream, and answers 404 from then on", async () => {
    const stream = await openStream();
    const endpoint = await endpointOf(stream);
    const before = await post(endpoint, toolCall("add", { a: 1, b: 2 }));

    await stream.close();

    expect(before).toBe(202);
    await expect.poll(() => post(endpoint, toolCall("add", { a: 1, b: 2 }))).toBe(404);
  });

  it.each(["", "?sessionId=", "?sessionid=x"])(
    "answers 404 when it names no session: /sse/message%s",
    async (query) => {
      expect(await post(`/sse/message${query}`, toolCall("add"))).toBe(404);
    },
  );
});
