import type { TestServer } from "./server.ts";

type Site = Pick<TestServer, "url">;

export const INITIALIZE = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "raw", version: "1.0.0" },
  },
};

export function toolCall(
  name: string,
  args: Record<string, unknown> = {},
  id: number | string = 2,
) {
  return { jsonrpc: "2.0", id, method: "tools/call", params: { name, arguments: args } };
}

export interface RawRequest {
  token?: string;
  method?: string;
  path?: string;
  sessionId?: string;
  message?: unknown;
  body?: BodyInit;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** One raw HTTP request to an MCP endpoint, as no SDK would let a test send it. */
export function send(site: Site, request: RawRequest): Promise<Response> {
  const { token, path = "/mcp", sessionId, message } = request;
  const method = request.method ?? "POST";
  return fetch(new URL(path, site.url), {
    method,
    redirect: "manual",
    ...(request.signal && { signal: request.signal }),
    headers: {
      accept: method === "GET" ? "text/event-stream" : "application/json, text/event-stream",
      ...(method === "POST" && { "content-type": "application/json" }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(sessionId !== undefined && { "mcp-session-id": sessionId }),
      ...request.headers,
    },
    ...(request.body !== undefined && { body: request.body }),
    ...(message !== undefined && { body: JSON.stringify(message) }),
  });
}

/** The JSON-RPC message of an answer, whether it came as JSON or as a stream of one event. */
export async function messageOf(
  response: Response,
): Promise<{ result?: any; error?: { code: number; message: string } }> {
  const text = await response.text();
  const data = /^data: (.*)$/m.exec(text)?.[1];
  return JSON.parse(data ?? text);
}

/** Opens a session and returns its id. */
export async function openSession(site: Site, token: string, path = "/mcp"): Promise<string> {
  const response = await send(site, { token, path, message: INITIALIZE });
  const id = response.headers.get("mcp-session-id");
  await response.text();
  if (!id) throw new Error(`initialize answered ${response.status} without a session id.`);
  const initialized = { jsonrpc: "2.0", method: "notifications/initialized" };
  await (await send(site, { token, path, sessionId: id, message: initialized })).text();
  return id;
}

export interface SseStream {
  /** What the server names as the place to post to, such as /sse/message?sessionId=…. */
  readonly endpoint: string;
  /** The next message of the stream. */
  next(): Promise<unknown>;
  close(): Promise<void>;
}

/** Opens a stream of the 2024-11-05 revision. */
export async function openSse(site: Site, token: string): Promise<SseStream> {
  const abort = new AbortController();
  const response = await fetch(new URL("/sse", site.url), {
    headers: { accept: "text/event-stream", authorization: `Bearer ${token}` },
    signal: abort.signal,
  });
  if (!response.ok || !response.body) throw new Error(`/sse answered ${response.status}.`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffered = "";
  async function nextData(): Promise<string> {
    for (;;) {
      const end = buffered.indexOf("\n\n");
      if (end >= 0) {
        const event = buffered.slice(0, end);
        buffered = buffered.slice(end + 2);
        const data = /^data: (.*)$/m.exec(event)?.[1];
        if (data !== undefined) return data;
        continue;
      }
      const { done, value } = await reader.read();
      if (done) throw new Error("The stream ended.");
      buffered += value;
    }
  }
  const endpoint = await nextData();
  return {
    endpoint,
    next: async () => JSON.parse(await nextData()) as unknown,
    async close() {
      abort.abort();
      await reader.cancel().catch(() => undefined);
    },
  };
}

/** 200 for an access token that opens the MCP endpoint, 401 for one that does not. */
export async function entranceOf(site: { url: string }, token: string): Promise<number> {
  const response = await send(site, { token, message: INITIALIZE });
  await response.body?.cancel();
  return response.status;
}
