import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";

import { McpServer as OldServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { SSEServerTransport } from "@modelcontextprotocol/sdk/server/sse.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import {
  acceptedContent,
  createMcpHandler,
  inputRequired,
  McpServer,
} from "@modelcontextprotocol/server";
import { z } from "zod";

/** A server made of the SDK's own parts. */
export interface StockServer {
  readonly url: string;
  close(): Promise<void>;
}

const INFO = { name: "stock", version: "1.0.0" };
const numbers = { a: z.number(), b: z.number() };
const text = (value: string) => ({ content: [{ type: "text" as const, text: value }] });
const NAME = { type: "object" as const, properties: { name: { type: "string" as const } } };

/** Tools that need all a connection has: an answer, progress, and requests to the client. */
function oldServer(): OldServer {
  const server = new OldServer(INFO, { capabilities: { logging: {} } });
  server.registerTool("add", { inputSchema: numbers }, ({ a, b }) => text(String(a + b)));
  server.registerTool("count", {}, async ({ _meta, sendNotification }) => {
    for (const progress of [1, 2]) {
      const params = { progressToken: _meta!.progressToken!, progress };
      await sendNotification({ method: "notifications/progress", params });
    }
    // The SDK's client forgets who wants the progress when it reads the answer in the same piece.
    await server.server.ping();
    return text("counted");
  });
  server.registerTool("ask", {}, async () => {
    const messages = [{ role: "user" as const, content: { type: "text" as const, text: "Hi" } }];
    const [sampled, elicited, { roots }] = await Promise.all([
      server.server.createMessage({ messages, maxTokens: 5 }),
      server.server.elicitInput({ message: "Who?", requestedSchema: NAME }),
      server.server.listRoots(),
    ]);
    return text(JSON.stringify([sampled.content, elicited.content, roots]));
  });
  server.registerTool("hang", {}, async ({ signal }) => {
    started.push("hang");
    await once(signal, "abort");
    cancelled.push("hang");
    return text("too late");
  });
  return server;
}

/** The calls of `hang` that a server has begun. */
export const started: string[] = [];

/** The calls of `hang` that a server was told to end. */
export const cancelled: string[] = [];

async function listen(server: Server): Promise<StockServer> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** HTTP with SSE, the transport of MCP 2024-11-05. */
export function startSseServer(): Promise<StockServer> {
  const transports = new Map<string, SSEServerTransport>();
  return listen(
    createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url!, "http://localhost");
      if (request.method === "GET" && pathname === "/mcp") {
        const transport = new SSEServerTransport("/messages", response);
        transports.set(transport.sessionId, transport);
        void oldServer().connect(transport);
        return;
      }
      const transport = transports.get(searchParams.get("sessionId") ?? "");
      if (request.method === "POST" && transport)
        void transport.handlePostMessage(request, response);
      else response.writeHead(404).end();
    }),
  );
}

/** Streamable HTTP with sessions, as in MCP 2025-03-26 to 2025-11-25. */
export function startSessionServer(): Promise<StockServer> {
  const transports = new Map<string, StreamableHTTPServerTransport>();
  return listen(
    createServer((request, response) => {
      const known = transports.get(String(request.headers["mcp-session-id"]));
      const transport =
        known ??
        new StreamableHTTPServerTransport({
          sessionIdGenerator: randomUUID,
          onsessioninitialized: (id) => void transports.set(id, transport),
        });
      const connected = known ? Promise.resolve() : oldServer().connect(transport);
      void connected.then(() => transport.handleRequest(request, response));
    }),
  );
}

function newServer(): McpServer {
  const server = new McpServer(INFO);
  const inputSchema = z.object(numbers);
  server.registerTool("add", { inputSchema }, ({ a, b }) => text(String(a + b)));
  server.registerTool("count", {}, async ({ mcpReq }) => {
    for (const progress of [1, 2]) {
      const params = { progressToken: mcpReq._meta!.progressToken!, progress };
      await mcpReq.notify({ method: "notifications/progress", params });
    }
    return text("counted");
  });
  server.registerTool("ask", {}, ({ mcpReq }) => {
    const answer = acceptedContent(mcpReq.inputResponses, "who");
    if (answer) return text(JSON.stringify(answer));
    const who = inputRequired.elicit({ message: "Who?", requestedSchema: NAME });
    return inputRequired({ inputRequests: { who } });
  });
  server.registerTool("hang", {}, async ({ mcpReq }) => {
    started.push("hang");
    await once(mcpReq.signal, "abort");
    cancelled.push("hang");
    return text("too late");
  });
  return server;
}

async function answer(
  response: ServerResponse,
  { status, headers, body }: Response,
): Promise<void> {
  response.writeHead(status, Object.fromEntries(headers));
  response.flushHeaders();
  if (body) Readable.fromWeb(body as ReadableStream).pipe(response);
  else response.end();
}

/** Without sessions, as in MCP 2026-07-28. It checks each header that the revision asks for. */
export function startStatelessServer(): Promise<StockServer> {
  const handler = createMcpHandler(newServer, { legacy: "reject" });
  const onRequest = async (request: IncomingMessage, response: ServerResponse) => {
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
    const hasBody = request.method === "POST";
    const body = hasBody ? Readable.toWeb(request) : undefined;
    const init = { method: request.method!, signal: gone.signal, duplex: "half" as const };
    const url = new URL(request.url!, `http://${request.headers.host}`);
    const asked = new Request(url, {
      ...init,
      headers: headers as [string, string][],
      ...(body && { body: body as BodyInit }),
    });
    await answer(response, await handler.fetch(asked));
  };
  return listen(createServer((request, response) => void onRequest(request, response)));
}
