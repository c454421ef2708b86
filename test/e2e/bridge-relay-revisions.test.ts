import { Client as NewClient } from "@modelcontextprotocol/client";
import { StdioClientTransport as NewTransport } from "@modelcontextprotocol/client/stdio";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { beforeEach, describe, expect, it } from "vitest";

import type { Call } from "../support/bridge/fixture-server.ts";
import { setting } from "../support/bridge/fixture-setting.ts";
import {
  cancelled,
  started,
  startSessionServer,
  startSseServer,
  startStatelessServer,
} from "../support/bridge/fixture-stock.ts";
import { bridgeCommand, cleanEnv } from "../support/bridge/start-bridge.ts";

const { serve, bridgeTo, atEnd } = setting();

const INFO = { name: "client", version: "1.0.0" };
const CAPABILITIES = { sampling: {}, elicitation: {}, roots: {} };
const SAMPLED = {
  model: "m",
  role: "assistant" as const,
  content: { type: "text" as const, text: "Hello" },
};
const ROOTS = { roots: [{ uri: "file:///home" }] };
const ELICITED = { action: "accept" as const, content: { name: "Ada" } };

const textOf = ({ content }: any): string => content[0].text;

const stdio = (url: string, args: readonly string[]) => {
  const { command, args: all } = bridgeCommand(url, args);
  return { command, args: all, env: cleanEnv(), stderr: "ignore" as const };
};

async function oldClient(url: string, args: readonly string[]): Promise<OldClient> {
  const client = new OldClient(INFO, { capabilities: CAPABILITIES });
  client.setRequestHandler(CreateMessageRequestSchema, () => SAMPLED);
  client.setRequestHandler(ListRootsRequestSchema, () => ROOTS);
  client.setRequestHandler(ElicitRequestSchema, () => ELICITED);
  atEnd(() => client.close());
  await client.connect(new OldTransport(stdio(url, args)));
  return client;
}

async function newClient(url: string, mode: "auto" | "legacy"): Promise<NewClient> {
  const client = new NewClient(INFO, { capabilities: CAPABILITIES, versionNegotiation: { mode } });
  client.setRequestHandler("sampling/createMessage", () => SAMPLED);
  client.setRequestHandler("roots/list", () => ROOTS);
  client.setRequestHandler("elicitation/create", () => ELICITED);
  atEnd(() => client.close());
  await client.connect(new NewTransport(stdio(url, [])));
  return client;
}

const OLD_WAYS = [
  ["2024-11-05 over SSE, found by itself", startSseServer, "auto"],
  ["2024-11-05 over SSE, asked for", startSseServer, "sse"],
  ["2025-11-25 with sessions", startSessionServer, "auto"],
  ["2025-11-25 with sessions, asked for", startSessionServer, "http"],
] as const;

beforeEach(() => {
  cancelled.length = 0;
  started.length = 0;
});

describe("the SDK's client on stdio, through the bridge", () => {
  it.for(OLD_WAYS)(
    "calls tools, sees progress and serves the server's own requests of %s",
    async ([, start, transport]) => {
      const server = await start();
      atEnd(server.close);
      const client = await oldClient(server.url, ["--transport", transport]);

      const { tools } = await client.listTools();
      const sum = await client.callTool({ name: "add", arguments: { a: 2, b: 3 } });
      const seen: number[] = [];
      const onprogress = ({ progress }: { progress: number }) => void seen.push(progress);
      await client.callTool({ name: "count" }, undefined, { onprogress });
      const asked = await client.callTool({ name: "ask" });

      expect(tools.map(({ name }) => name)).toEqual(["add", "count", "ask", "hang"]);
      expect(textOf(sum)).toBe("5");
      expect(seen).toEqual([1, 2]);
      const parts = [SAMPLED.content, ELICITED.content, ROOTS.roots];
      expect(JSON.parse(textOf(asked))).toEqual(parts);
    },
  );

  it.for(OLD_WAYS)("cancels a call of %s", async ([, start, transport]) => {
    const server = await start();
    atEnd(server.close);
    const client = await oldClient(server.url, ["--transport", transport]);

    const stop = new AbortController();
    const call = client.callTool({ name: "hang" }, undefined, { signal: stop.signal });
    await expect.poll(() => started).toEqual(["hang"]);
    stop.abort("enough");

    await expect(call).rejects.toThrow("enough");
    await expect.poll(() => cancelled).toEqual(["hang"]);
  });

  it.for([
    ["2024-11-05", startSseServer, "2025-11-25"],
    ["2025-11-25", startSessionServer, "2025-11-25"],
    ["2026-07-28", startStatelessServer, "2026-07-28"],
  ] as const)(
    "agrees with a server of %s on a revision when it negotiates",
    async ([, start, revision]) => {
      const server = await start();
      atEnd(server.close);
      const client = await newClient(server.url, "auto");

      const { tools } = await client.listTools();
      const sum = await client.callTool({ name: "add", arguments: { a: 2, b: 3 } });

      expect(client.getNegotiatedProtocolVersion()).toBe(revision);
      expect(tools).toHaveLength(4);
      expect(textOf(sum)).toBe("5");
    },
  );

  it("is asked for input, and cancels a call, without a session in 2026-07-28", async () => {
    const server = await startStatelessServer();
    atEnd(server.close);
    const client = await newClient(server.url, "auto");

    const asked = await client.callTool({ name: "ask", arguments: {} });
    const stop = new AbortController();
    const call = client.callTool({ name: "hang", arguments: {} }, { signal: stop.signal });
    await expect.poll(() => started).toEqual(["hang"]);
    stop.abort("enough");

    expect(textOf(asked)).toContain("Ada");
    await expect(call).rejects.toThrow("enough");
    await expect.poll(() => cancelled).toEqual(["hang"]);
  });
});

/** What every request of MCP 2026-07-28 carries. */
const META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": INFO,
  "io.modelcontextprotocol/clientCapabilities": {},
};

const schema = (properties: Record<string, unknown>, more = {}) => ({
  type: "object",
  properties,
  ...more,
});
const header = (name: unknown, type = "string") => ({ type, "x-mcp-header": name });

const TOOLS = [
  {
    name: "good",
    inputSchema: schema({
      region: header("Region"),
      count: header("Count", "integer"),
      sure: header("Sure", "boolean"),
      plain: { type: "string", default: { "x-mcp-header": "no annotation" } },
      nested: schema({ name: header("Nested") }),
    }),
  },
  { name: "empty", inputSchema: schema({ a: header("") }) },
  { name: "spaced", inputSchema: schema({ a: header("a b") }) },
  { name: "object", inputSchema: schema({ a: header("A", "object") }) },
  { name: "number", inputSchema: schema({ a: header("A", "number") }) },
  { name: "twice", inputSchema: schema({ a: header("Same"), b: header("sAME") }) },
  { name: "listed", inputSchema: schema({ a: { type: "array", items: header("A") } }) },
  { name: "alternative", inputSchema: schema({}, { oneOf: [schema({ a: header("A") })] }) },
  { name: "plain", inputSchema: schema({}), annotations: { unknown: ["field"] } },
];

describe("MCP 2026-07-28", () => {
  const answer = (call: Call): void => {
    const { method } = call.message!;
    if (method === "tools/list") call.result({ resultType: "complete", tools: TOOLS, ttlMs: 0 });
    else if (method === "hang") call.stream();
    else call.result({ resultType: "complete" });
  };

  it("has its headers taken from each request, and no session", async () => {
    const server = await serve(answer);
    const bridge = bridgeTo(server.url);

    await bridge.ask("resources/read", { uri: "file:///ä", _meta: META });

    const [{ headers }] = server.seen as [(typeof server.seen)[0]];
    expect(headers).toMatchObject({
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": "resources/read",
      "mcp-name": `=?base64?${Buffer.from("file:///ä").toString("base64")}?=`,
    });
    expect(headers).not.toHaveProperty("mcp-session-id");
  });

  it("has progress passed on before the answer", async () => {
    const server = await startStatelessServer();
    atEnd(server.close);
    const bridge = bridgeTo(server.url);

    const _meta = { ...META, progressToken: "p" };
    await bridge.ask("tools/call", { name: "count", arguments: {}, _meta }, 1);

    const [one, two, counted] = bridge.lines.map((line) => JSON.parse(line));
    expect([one.params, two.params]).toMatchObject([
      { progressToken: "p", progress: 1 },
      { progressToken: "p", progress: 2 },
    ]);
    expect(textOf(counted.result)).toBe("counted");
  });

  it("has a tool's parameters repeated in headers, encoded where they must be", async () => {
    const server = await serve(answer);
    const bridge = bridgeTo(server.url);
    await bridge.ask("tools/list", { _meta: META });

    const given = { region: " ü", count: 42, sure: false, plain: "p", nested: { name: "n" } };
    await bridge.ask("tools/call", { name: "good", arguments: given, _meta: META });
    const none = { region: null, count: 2 ** 60, nested: "x" };
    await bridge.ask("tools/call", { name: "good", arguments: none, _meta: META });

    const [full, empty] = server.seen
      .filter(({ message }) => message?.method === "tools/call")
      .map(({ headers }) =>
        Object.fromEntries(
          Object.entries(headers).filter(([name]) => name.startsWith("mcp-param")),
        ),
      );
    expect(full).toEqual({
      "mcp-param-region": "=?base64?IMO8?=",
      "mcp-param-count": "42",
      "mcp-param-sure": "false",
      "mcp-param-nested": "n",
    });
    expect(empty).toEqual({});
  });

  it("has tools with invalid headers left out of the list, which is told, and all else as it is", async () => {
    const server = await serve(answer);
    const bridge = bridgeTo(server.url);

    const { result } = await bridge.ask("tools/list", { _meta: META });

    expect(result.tools).toEqual([TOOLS[0], TOOLS.at(-1)]);
    expect(result.ttlMs).toBe(0);
    expect(bridge.stderr()).toContain("The tool twice is left out");
  });

  it("has a call cancelled by the end of its stream, and nothing posted", async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const server = await serve((call) => {
      if (call.message!.method === "hang") call.response.once("close", resolve);
      answer(call);
    });
    const bridge = bridgeTo(server.url);

    bridge.send({ id: 1, method: "hang", params: { _meta: META } });
    await server.arrived(({ message }) => message?.method === "hang");
    bridge.send({ method: "notifications/cancelled", params: { requestId: 1 } });
    await closed;
    await bridge.ask("x", { _meta: META });

    expect(server.seen.map(({ message }) => message!.method)).toEqual(["hang", "x"]);
    expect(bridge.lines).toHaveLength(1);
  });
});

describe("a session's list of tools", () => {
  it("is passed on whole: headers for parameters came with a later revision", async () => {
    const server = await serve((call) => {
      if (call.message?.method === "tools/list") call.result({ tools: TOOLS });
      else if (call.message?.id === undefined) call.status(202);
      else call.result({ protocolVersion: "2025-11-25", capabilities: {}, serverInfo: INFO });
    });
    const bridge = bridgeTo(server.url);
    await bridge.initialize();

    const { result } = await bridge.ask("tools/list");

    expect(result.tools).toEqual(TOOLS);
  });
});
