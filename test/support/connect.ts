import {
  Client as StatelessClient,
  StreamableHTTPClientTransport as StatelessTransport,
} from "@modelcontextprotocol/client";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const INFO = { name: "test", version: "1.0.0" };

/** What tests need of a connected client, whichever SDK it comes from. */
export interface Connected {
  listTools(): Promise<{ tools: { name: string }[] }>;
  callTool(call: { name: string; arguments?: Record<string, unknown> }): Promise<unknown>;
  getServerVersion(): { name: string } | undefined;
  getInstructions(): string | undefined;
  getServerCapabilities(): { tools?: object } | undefined;
  close(): Promise<void>;
}

type Connect = (url: string, token: string) => Promise<Connected>;

const authorized = (token: string) => ({
  requestInit: { headers: { authorization: `Bearer ${token}` } },
});

async function connectSse(url: string, token: string): Promise<Connected> {
  const client = new Client(INFO);
  await client.connect(new SSEClientTransport(new URL("/sse", url), authorized(token)));
  return client;
}

async function connectSession(url: string, token: string): Promise<Connected> {
  const client = new Client(INFO);
  await client.connect(new StreamableHTTPClientTransport(new URL("/mcp", url), authorized(token)));
  return client;
}

async function connectStateless(url: string, token: string): Promise<Connected> {
  const client = new StatelessClient(INFO, { versionNegotiation: { mode: { pin: "2026-07-28" } } });
  await client.connect(new StatelessTransport(new URL("/mcp", url), authorized(token)));
  return client;
}

async function connectAtRoot(url: string, token: string): Promise<Connected> {
  const client = new StatelessClient(INFO, { versionNegotiation: { mode: { pin: "2026-07-28" } } });
  await client.connect(new StatelessTransport(new URL("/", url), authorized(token)));
  return client;
}

/** The ways in, by protocol era, each through the real SDK client of its generation. */
export const ERAS: readonly { era: string; connect: Connect }[] = [
  { era: "HTTP+SSE of 2024-11-05", connect: connectSse },
  { era: "sessions of 2025-11-25", connect: connectSession },
  { era: "stateless 2026-07-28", connect: connectStateless },
];

/**
 * A list dealt out among the eras, one item to each in turn: for what does not depend on the era,
 * which would otherwise be proved three times.
 */
export function dealtToEras<Item>(items: readonly Item[]) {
  return ERAS.map((era, nth) => ({
    ...era,
    dealt: items.filter((_, index) => index % ERAS.length === nth),
  }));
}

/** Beside them, the address without a path, which leads to the same. */
export const ERAS_AND_ROOT: typeof ERAS = [
  ...ERAS,
  { era: "stateless at the root", connect: connectAtRoot },
];

/** A tool result, as all SDK generations return it. */
export interface ToolResult {
  content: { type: string; text?: string; data?: string; mimeType?: string }[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
}

export async function callTool(
  client: Connected,
  name: string,
  args: Record<string, unknown> = {},
): Promise<ToolResult> {
  return (await client.callTool({ name, arguments: args })) as ToolResult;
}

export function textOf({ content }: ToolResult): string {
  return content.map(({ text }) => text ?? "").join("\n");
}
