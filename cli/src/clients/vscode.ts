import { type ClientProgram, settingsFolder } from "./client-program.ts";

/** https://code.visualstudio.com/docs/copilot/reference/mcp-configuration: the file for all workspaces. */
export const vscode: ClientProgram = {
  title: "VS Code",
  configFile: () => settingsFolder("Code", "User", "mcp.json"),
  servers: "servers",
  direct: (url) => ({ type: "http", url }),
  launch: (program) => ({ type: "stdio", ...program }),
  afterwards: "VS Code shows the server under MCP: List Servers; start it there.",
};
