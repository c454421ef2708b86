import { claudeDesktop } from "./claude-desktop.ts";
import type { ClientProgram } from "./client-program.ts";
import { cursor } from "./cursor.ts";
import { geminiCli } from "./gemini-cli.ts";
import { vscode } from "./vscode.ts";

export const CLIENT_NAMES = ["cursor", "claude", "vscode", "gemini"] as const;

export type ClientName = (typeof CLIENT_NAMES)[number];

/** The clients whose configuration `install` writes. All others are told by hand. */
export const KNOWN_CLIENTS: Readonly<Record<ClientName, ClientProgram>> = {
  cursor,
  claude: claudeDesktop,
  vscode,
  gemini: geminiCli,
};
