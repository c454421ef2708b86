import { auth, createMCPClient, type MCPClient, UnauthorizedError } from "@ai-sdk/mcp";

import { textOf, type ToolResult } from "../connect.ts";
import { installedVersion } from "../installed-version.ts";
import { OAuthMemory } from "../oauth-memory.ts";
import { allow } from "../sign-in.ts";
import type { ClientRow } from "./client-row.ts";

interface AiSdkRoad {
  readonly path: string;
  readonly road: string;
  readonly type: "http" | "sse";
  /** Whether it asks for the protocol of 2026-07-28 before it begins a session. */
  readonly discovers: boolean;
}

const ROADS: readonly AiSdkRoad[] = [
  { path: "/mcp", road: "http, as it comes", type: "http", discovers: true },
  { path: "/mcp", road: "http, sessions only", type: "http", discovers: false },
  { path: "/sse", road: "sse", type: "sse", discovers: false },
];

function rowOf({ path, road, type, discovers }: AiSdkRoad): ClientRow {
  return {
    program: "AI SDK",
    version: installedVersion("@ai-sdk/mcp"),
    road: `${path}, ${road}`,
    signsIn: "in the browser",
    async connect(stack, login) {
      const url = `${stack.url}${path}`;
      const memory = new OAuthMemory(`AI SDK of ${login}`);
      const open = () =>
        createMCPClient({
          transport: { type, url, authProvider: memory },
          protocolVersionDiscovery: discovers,
        });
      await open().then(
        () => Promise.reject(new Error("The client connected without signing in.")),
        (error: unknown) => {
          if (!(error instanceof UnauthorizedError)) throw error;
        },
      );
      const back = await allow(stack, memory.opened[0]?.href ?? "", { login });
      const { code, state, iss } = Object.fromEntries(back.searchParams);
      if (!memory.expectsState(state ?? null)) throw new Error(`A foreign state: ${back.href}`);
      await auth(memory, {
        serverUrl: url,
        authorizationCode: code,
        callbackState: state,
        callbackIssuer: iss,
      });

      let client: MCPClient | undefined = await open();
      /**
       * It does not open a stream again that broke: its programs make another client, with the same
       * memory. The lost one is not closed, for that rejects a promise which nobody in it handles.
       */
      const using = async <Answer>(use: (client: MCPClient) => Promise<Answer>) => {
        client ??= await open();
        try {
          return await use(client);
        } catch (error) {
          client = undefined;
          throw error;
        }
      };
      return {
        tools: () => using(async (it) => (await it.listTools()).tools.map(({ name }) => name)),
        call: (name, args = {}) =>
          using(async (it) => {
            const answer = (await it.callTool({ name, arguments: args })) as ToolResult;
            return { text: textOf(answer), isError: answer.isError ?? false };
          }),
        signIns: () => memory.opened.length,
        close: async () => client?.close(),
      };
    },
  };
}

/** An implementation of the protocol that shares no code with the MCP SDKs. */
export const aiSdkRows: ClientRow[] = ROADS.map(rowOf);
