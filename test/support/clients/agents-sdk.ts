import { fileURLToPath } from "node:url";

import { createTestHarness } from "wrangler";

import { textOf, type ToolResult } from "../connect.ts";
import { installedVersion } from "../installed-version.ts";
import { allow } from "../sign-in.ts";
import type { ClientRow } from "./client-row.ts";

interface AgentsRoad {
  readonly path: string;
  readonly road: string;
  /** What `addMcpServer` is given beside name and address: by itself, it finds out what a server speaks. */
  readonly options?: object;
}

const http = (mode: unknown) => ({
  transport: { type: "streamable-http" },
  client: { versionNegotiation: { mode } },
});

const ROADS: readonly AgentsRoad[] = [
  { path: "/mcp", road: "as it comes" },
  { path: "/mcp", road: "streamable-http, sessions only", options: http("legacy") },
  {
    path: "/mcp",
    road: "streamable-http, pinned to 2026-07-28",
    options: http({ pin: "2026-07-28" }),
  },
  // It tries Streamable HTTP there, signs in by it, and then takes SSE.
  { path: "/sse", road: "as it comes" },
];

/** Another Worker than ours, in a workerd of its own, with an agent that answers questions. */
async function startGuest() {
  const harness = createTestHarness({
    root: fileURLToPath(new URL("../../..", import.meta.url)),
    workers: [
      {
        config: {
          name: "guest",
          main: "test/support/entries/agents-client.ts",
          tsconfig: "tsconfig.worker.json",
          compatibility_date: "2026-11-17",
          compatibility_flags: ["nodejs_compat"],
          durable_objects: { bindings: [{ name: "GuestAgent", class_name: "GuestAgent" }] },
          migrations: [{ tag: "v1", new_sqlite_classes: ["GuestAgent"] }],
        },
      },
    ],
  });
  // Otherwise it asks the internet for a sample of Cloudflare's request metadata.
  process.env["CLOUDFLARE_CF_FETCH_ENABLED"] = "false";
  const { url } = await harness.listen();
  let signIns = 0;
  return {
    signIns: () => signIns,
    close: () => harness.close(),
    async ask<Answer>(question: object): Promise<Answer> {
      const address = new URL("/agents/guest-agent/octocat", url);
      const response = await fetch(address, { method: "POST", body: JSON.stringify(question) });
      const said = (await response.json()) as { answer: Answer; error?: string; signIns: number };
      ({ signIns } = said);
      if (said.error !== undefined) throw new Error(said.error);
      return said.answer;
    },
  };
}

function rowOf({ path, road, options }: AgentsRoad): ClientRow {
  return {
    program: "Agents SDK in a Worker",
    version: installedVersion("agents"),
    road: `${path}, ${road}`,
    signsIn: "in the browser",
    async connect(stack, login) {
      const guest = await startGuest();
      const tools = () => guest.ask<string[]>({ do: "list tools" });
      try {
        const server = { url: `${stack.url}${path}`, options };
        const { authUrl } = await guest.ask<{ authUrl?: string }>({ do: "add server", ...server });
        if (authUrl === undefined) throw new Error("It connected without signing in.");
        await fetch(await allow(stack, authUrl, { login }), { redirect: "manual" });
        await tools();
      } catch (error) {
        await guest.close();
        throw error;
      }
      return {
        tools,
        async call(name, args = {}) {
          const answer = await guest.ask<ToolResult>({ do: "call tool", name, args });
          return { text: textOf(answer), isError: answer.isError ?? false };
        },
        signIns: guest.signIns,
        close: guest.close,
      };
    },
  };
}

/** The client and the OAuth callback of agents on Workers: what the Workers AI Playground runs. */
export const agentsSdkRows: ClientRow[] = ROADS.map(rowOf);
