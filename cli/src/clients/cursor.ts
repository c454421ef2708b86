import { homedir } from "node:os";
import { join } from "node:path";

import type { ClientProgram } from "./client-program.ts";

/** https://cursor.com/docs/context/mcp */
export const cursor: ClientProgram = {
  title: "Cursor",
  configFile: () => join(homedir(), ".cursor", "mcp.json"),
  servers: "mcpServers",
  direct: (url) => ({ url }),
  launch: (program) => ({ ...program }),
  afterwards: "Restart Cursor.",
};
