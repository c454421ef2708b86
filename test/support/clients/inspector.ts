import { textOf, type ToolResult } from "../connect.ts";
import { callOf, inspect, INSPECTOR_ROADS, type InspectorRoad } from "../inspector.ts";
import { installedVersion } from "../installed-version.ts";
import { signInAtOpenedPage } from "../opened-page.ts";
import { openShell } from "../shell.ts";
import { freePort } from "../stack.ts";
import type { ClientRow } from "./client-row.ts";

function rowOf(road: InspectorRoad): ClientRow {
  return {
    program: "MCP Inspector --cli",
    version: installedVersion("@modelcontextprotocol/inspector"),
    road: road.road,
    signsIn: "in the browser",
    async connect(stack, login) {
      const shell = await openShell();
      const back = `http://127.0.0.1:${await freePort()}/oauth/callback`;
      // Each thing that it is asked for is a process of its own, which finds what the first one kept.
      const run = (...args: string[]) =>
        inspect(shell, stack.url, road, [...args, "--callback-url", back]);
      const list = () => run("--method", "tools/list");
      const listing = list();
      await signInAtOpenedPage(stack, shell, listing, { login });
      await listing;
      return {
        tools: async () => ((await list()).result.tools ?? []).map(({ name }) => name),
        async call(tool, args) {
          const result = (await run(...callOf(tool, args))).result as ToolResult;
          return { text: textOf(result), isError: result.isError ?? false };
        },
        signIns: () => shell.opened().length,
        close: shell.remove,
      };
    },
  };
}

/** Runs of the Inspector's command line, by one person, one after the other. */
export const inspectorRows: readonly ClientRow[] = INSPECTOR_ROADS.map(rowOf);
