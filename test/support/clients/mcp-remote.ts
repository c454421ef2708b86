import { isDeepStrictEqual } from "node:util";

import { callTool, textOf } from "../connect.ts";
import { installedVersion } from "../installed-version.ts";
import { startMcpRemote } from "../mcp-remote.ts";
import { signInAtOpenedPage } from "../opened-page.ts";
import { openShell } from "../shell.ts";
import { freePort } from "../stack.ts";
import type { ClientRow } from "./client-row.ts";

interface Road {
  readonly road: string;
  readonly path: string;
  readonly options: readonly string[];
  /** How many desktop clients start it at once, for one person. */
  readonly instances?: number;
}

const ROADS: readonly Road[] = [
  { road: "/mcp as it comes", path: "/mcp", options: [] },
  { road: "/mcp --transport http-only", path: "/mcp", options: ["--transport", "http-only"] },
  { road: "/sse --transport sse-only", path: "/sse", options: ["--transport", "sse-only"] },
  { road: "/mcp --protocol auto", path: "/mcp", options: ["--protocol", "auto"] },
  { road: "/mcp, two at once", path: "/mcp", options: [], instances: 2 },
];

/** What all instances answer alike. */
async function agreed<Answer>(answers: Promise<Answer>[]): Promise<Answer> {
  const [first, ...others] = await Promise.all(answers);
  for (const other of others) {
    if (!isDeepStrictEqual(other, first))
      throw new Error(`Instances differ: ${JSON.stringify([first, other])}`);
  }
  return first as Answer;
}

function rowOf({ road, path, options, instances = 1 }: Road): ClientRow {
  return {
    program: "mcp-remote",
    version: installedVersion("mcp-remote"),
    road,
    signsIn: "in the browser",
    async connect(stack, login) {
      const shell = await openShell();
      const args = [`${stack.url}${path}`, String(await freePort()), ...options];
      const remotes = Array.from({ length: instances }, () => startMcpRemote(shell, args));
      const close = async () => {
        await Promise.all(remotes.map((remote) => remote.close()));
        await shell.remove();
      };
      const connected = Promise.all(remotes.map((remote) => remote.connected));
      try {
        await signInAtOpenedPage(stack, shell, connected, { login });
        await connected;
      } catch (error) {
        await close();
        throw error;
      }
      return {
        tools: () =>
          agreed(
            remotes.map(async ({ client }) =>
              (await client.listTools()).tools.map(({ name }) => name),
            ),
          ),
        call: (tool, input) =>
          agreed(
            remotes.map(async ({ client }) => {
              const answer = await callTool(client, tool, input);
              return { text: textOf(answer), isError: answer.isError ?? false };
            }),
          ),
        signIns: () => shell.opened().length,
        close,
      };
    },
  };
}

/** A desktop client that starts `mcp-remote` from its settings, and speaks to it. */
export const mcpRemoteRows: readonly ClientRow[] = ROADS.map(rowOf);
