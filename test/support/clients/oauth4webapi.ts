import { textOf } from "../connect.ts";
import { installedVersion } from "../installed-version.ts";
import { statelessHeaders, statelessMessage } from "../mcp-roads.ts";
import { messageOf } from "../rpc.ts";
import type { ClientRow } from "./client-row.ts";
import { StrictClient } from "./strict-client.ts";

function rowOf(path: "/mcp" | "/"): ClientRow {
  return {
    program: "oauth4webapi",
    version: installedVersion("oauth4webapi"),
    road: `${path}, JSON-RPC of 2026-07-28 without an MCP library`,
    signsIn: "in the browser",
    async connect(stack, login) {
      const client = await StrictClient.of(new URL(path, stack.url));
      await client.signIn(stack, login);
      const ask = async (method: string, params: { name?: string; arguments?: object } = {}) => {
        const message = statelessMessage(method, params);
        const response = await client.post(message, statelessHeaders(method, params.name));
        const { result, error } = await messageOf(response);
        if (error) throw new Error(error.message);
        return result;
      };
      return {
        async tools() {
          const { tools } = await ask("tools/list");
          return tools.map(({ name }: { name: string }) => name);
        },
        async call(name, args = {}) {
          const answer = await ask("tools/call", { name, arguments: args });
          return { text: textOf(answer), isError: answer.isError ?? false };
        },
        signIns: () => client.signIns,
        close: () => client.revoke(),
      };
    },
  };
}

/** A strict OAuth client, with requests of our own in the place of an MCP library. */
export const oauth4webapiRows: ClientRow[] = [rowOf("/mcp"), rowOf("/")];
