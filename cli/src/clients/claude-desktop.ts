import { type ClientProgram, settingsFolder } from "./client-program.ts";

/** https://modelcontextprotocol.io/docs/develop/connect-local-servers. Its file knows programs only. */
export const claudeDesktop: ClientProgram = {
  title: "Claude Desktop",
  configFile: () => settingsFolder("Claude", "claude_desktop_config.json"),
  servers: "mcpServers",
  launch: (program) => ({ ...program }),
  afterwards: "Quit Claude Desktop, from its menu, and start it again.",
};
