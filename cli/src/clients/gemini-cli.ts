import { homedir } from "node:os";
import { join } from "node:path";

import type { ClientProgram } from "./client-program.ts";

/** https://geminicli.com/docs/tools/mcp-server */
export const geminiCli: ClientProgram = {
  title: "Gemini CLI",
  configFile: () => join(process.env["GEMINI_CLI_HOME"] || homedir(), ".gemini", "settings.json"),
  servers: "mcpServers",
  direct: (url) => ({ type: "http", url }),
  launch: (program) => ({ ...program }),
  afterwards: "Start gemini again; /mcp lists the server.",
};
