import { callTool, textOf } from "../connect.ts";
import { installedVersion } from "../installed-version.ts";
import { connectFromNothing, SDK_ROADS, type SdkRoad } from "../sdk-roads.ts";
import type { ClientRow } from "./client-row.ts";

const PACKAGES = {
  "SDK v1": "@modelcontextprotocol/sdk",
  "SDK v2": "@modelcontextprotocol/client",
} as const;

function rowOf(program: keyof typeof PACKAGES, road: SdkRoad): ClientRow {
  return {
    program,
    version: installedVersion(PACKAGES[program]),
    road: `${road.path || "/"}, ${road.road.replace(`${program} `, "")}`,
    signsIn: "in the browser",
    async connect(stack, login) {
      const { client, memory } = await connectFromNothing(stack, road, { login });
      return {
        tools: async () => (await client.listTools()).tools.map(({ name }) => name),
        async call(tool, args) {
          const answer = await callTool(client, tool, args);
          return { text: textOf(answer), isError: answer.isError ?? false };
        },
        signIns: () => memory.opened.length,
        close: () => client.close(),
      };
    },
  };
}

/** The client libraries of both generations, in a program of ours. */
export const sdkRows = (program: keyof typeof PACKAGES): ClientRow[] =>
  SDK_ROADS.filter(({ road }) => road.startsWith(program)).map((road) => rowOf(program, road));
