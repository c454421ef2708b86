import {
  Client as ProbingClient,
  StreamableHTTPClientTransport as ProbingTransport,
  UnauthorizedError as ProbingUnauthorizedError,
} from "@modelcontextprotocol/client";
import { UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

import type { Connected } from "./connect.ts";
import { OAuthMemory } from "./oauth-memory.ts";
import type { TestServer } from "./server.ts";
import { allow, type Allowance } from "./sign-in.ts";

type Site = Pick<TestServer, "url" | "github">;

const INFO = { name: "sdk-client", version: "1.0.0" };

/** A client that is about to connect, and its way of ending a sign-in. */
interface Attempt {
  readonly client: Connected;
  connect(): Promise<void>;
  finishAuth(back: URL): Promise<void>;
  /** The protocol revision that both sides agreed on, where the SDK tells. */
  revision(): string | undefined;
  sessionId(): string | undefined;
}

type Prepare = (url: URL, memory: OAuthMemory) => Attempt;

/** One SDK client, on one transport, at one path. */
export interface SdkRoad {
  readonly road: string;
  readonly path: string;
  readonly revision: string | undefined;
  readonly prepare: Prepare;
}

const streamable: Prepare = (url, authProvider) => {
  const client = new Client(INFO);
  const transport = new StreamableHTTPClientTransport(url, { authProvider });
  return {
    client,
    connect: () => client.connect(transport),
    finishAuth: (back) => transport.finishAuth(back.searchParams.get("code") ?? ""),
    revision: () => transport.protocolVersion,
    sessionId: () => transport.sessionId,
  };
};

const sse: Prepare = (url, authProvider) => {
  const client = new Client(INFO);
  const transport = new SSEClientTransport(url, { authProvider });
  return {
    client,
    connect: () => client.connect(transport),
    finishAuth: (back) => transport.finishAuth(back.searchParams.get("code") ?? ""),
    revision: () => undefined,
    sessionId: () => undefined,
  };
};

const probing =
  (mode: "legacy" | "auto" | { pin: string }): Prepare =>
  (url, authProvider) => {
    const client = new ProbingClient(INFO, { versionNegotiation: { mode } });
    const transport = new ProbingTransport(url, { authProvider });
    return {
      client,
      connect: () => client.connect(transport),
      finishAuth: (back) => transport.finishAuth(back.searchParams),
      revision: () => client.getNegotiatedProtocolVersion(),
      sessionId: () => transport.sessionId,
    };
  };

const SESSIONS = "2025-11-25";
const STATELESS = "2026-07-28";

export const SDK_ROADS: readonly SdkRoad[] = [
  { road: "SDK v1 over HTTP+SSE", path: "/sse", revision: undefined, prepare: sse },
  { road: "SDK v1 over Streamable HTTP", path: "/mcp", revision: SESSIONS, prepare: streamable },
  { road: "SDK v1 at the bare origin", path: "", revision: SESSIONS, prepare: streamable },
  { road: "SDK v2 as it comes", path: "/mcp", revision: SESSIONS, prepare: probing("legacy") },
  { road: "SDK v2 that negotiates", path: "/mcp", revision: STATELESS, prepare: probing("auto") },
  {
    road: "SDK v2 that negotiates at the bare origin",
    path: "",
    revision: STATELESS,
    prepare: probing("auto"),
  },
  {
    road: "SDK v2 pinned to 2026-07-28",
    path: "/mcp",
    revision: STATELESS,
    prepare: probing({ pin: STATELESS }),
  },
  {
    road: "SDK v2 pinned to 2026-07-28 at the bare origin",
    path: "",
    revision: STATELESS,
    prepare: probing({ pin: STATELESS }),
  },
];

/** A client that holds a connection, and what it remembers. */
export interface SdkConnection extends Omit<Attempt, "connect"> {
  readonly memory: OAuthMemory;
}

/** Connects a client that has signed in before. */
export async function reconnect(
  site: Site,
  { path, prepare }: SdkRoad,
  memory: OAuthMemory,
): Promise<SdkConnection> {
  const attempt = prepare(new URL(`${site.url}${path}`), memory);
  await attempt.connect();
  return { ...attempt, memory };
}

/**
 * Connects a client that knows nothing but the URL: it is turned away, finds the way to sign in by
 * itself, sends the person there, spends the code that comes back, and connects again.
 */
export async function connectFromNothing(
  site: Site,
  road: SdkRoad,
  allowance: Allowance,
  memory = new OAuthMemory(`${road.road} of ${allowance.login}`),
): Promise<SdkConnection> {
  const first = road.prepare(new URL(`${site.url}${road.path}`), memory);
  await first.connect().then(
    () => Promise.reject(new Error("The client connected without signing in.")),
    (error: unknown) => {
      if (!isUnauthorized(error)) throw error;
    },
  );
  const [page, ...more] = memory.opened;
  if (!page || more.length > 0) throw new Error(`The client opened ${memory.opened.length} pages.`);
  const back = await allow(site, page.href, allowance);
  if (!memory.expectsState(back.searchParams.get("state"))) {
    throw new Error(`The client was called back with a foreign state: ${back.href}`);
  }
  await first.finishAuth(back);
  return reconnect(site, road, memory);
}

/** What an SDK client throws when it has opened a page and waits for the person. */
export function isUnauthorized(error: unknown): boolean {
  return error instanceof UnauthorizedError || error instanceof ProbingUnauthorizedError;
}
