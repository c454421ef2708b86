import { openSession, openSse, type RawRequest, send } from "./rpc.ts";
import type { TestServer } from "./server.ts";

type Site = Pick<TestServer, "url">;

/** Every way to post a message. */
export const ROADS = [
  "/mcp in a session",
  "/ in a session",
  "/mcp stateless",
  "/ stateless",
  "/sse/message",
] as const;

export type Road = (typeof ROADS)[number];

/** Posts as its road does, with whatever the request brings instead. */
type Post = (request: RawRequest) => Promise<Response>;

export interface OpenRoads {
  readonly post: Readonly<Record<Road, Post>>;
  close(): Promise<void>;
}

export const STATELESS_META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "raw", version: "1.0.0" },
  "io.modelcontextprotocol/clientCapabilities": {},
};

/** The headers that the stateless revision asks for beside the body. */
export function statelessHeaders(method: string, name?: string): Record<string, string> {
  return {
    "mcp-protocol-version": "2026-07-28",
    "mcp-method": method,
    ...(name !== undefined && { "mcp-name": name }),
  };
}

export function statelessMessage(method: string, params: Record<string, unknown> = {}) {
  return { jsonrpc: "2.0", id: 1, method, params: { ...params, _meta: STATELESS_META } };
}

/** Opens a session of each kind, and gives each road its way to post under this token. */
export async function openRoads(site: Site, token: string): Promise<OpenRoads> {
  const sessionId = await openSession(site, token);
  const rootSessionId = await openSession(site, token, "/");
  const stream = await openSse(site, token);
  const through =
    (defaults: RawRequest): Post =>
    (request) =>
      send(site, {
        ...defaults,
        token,
        ...request,
        headers: { ...defaults.headers, ...request.headers },
      });
  const headers = statelessHeaders("tools/list");
  return {
    post: {
      "/mcp in a session": through({ path: "/mcp", sessionId }),
      "/ in a session": through({ path: "/", sessionId: rootSessionId }),
      "/mcp stateless": through({ path: "/mcp", headers }),
      "/ stateless": through({ path: "/", headers }),
      "/sse/message": through({ path: stream.endpoint }),
    },
    close: () => stream.close(),
  };
}

/**
 * What a refusal says to programs: HTTP's status and JSON-RPC's code. An answer that is no refusal
 * has no code, and is not read: it may be a stream.
 */
export async function refusalCodes(response: Response): Promise<{ status: number; code?: number }> {
  const { status, body, ok } = response;
  if (ok) {
    await body?.cancel();
    return { status };
  }
  const code = /"code":(-?\d+)/.exec(await response.text())?.[1];
  return code === undefined ? { status } : { status, code: Number(code) };
}
