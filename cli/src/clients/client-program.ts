import { homedir } from "node:os";
import { join } from "node:path";

/** What a client's configuration says of one server. */
export type ServerEntry = Readonly<Record<string, unknown>>;

/** A program that a client starts, and speaks to by stdin and stdout. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** An MCP client and where its own configuration is. */
export interface ClientProgram {
  /** As people call it. */
  readonly title: string;
  /** The file that holds its servers, for this person on this system. */
  configFile(): string;
  /** The property that holds them, by name. */
  readonly servers: string;
  /** How it is told to speak to a server's address itself; undefined where its file cannot say so. */
  readonly direct?: (url: string) => ServerEntry;
  /** How it is told to start a program. */
  launch(program: Launch): ServerEntry;
  /** What the person does so that the client reads its file again. */
  readonly afterwards: string;
}

/** Where programs keep the settings of a person: `~/.config`, `~/Library/Application Support`, `%APPDATA%`. */
export function settingsFolder(...path: string[]): string {
  const { APPDATA, XDG_CONFIG_HOME } = process.env;
  const home = homedir();
  if (process.platform === "darwin") return join(home, "Library/Application Support", ...path);
  if (process.platform === "win32") return join(APPDATA ?? join(home, "AppData/Roaming"), ...path);
  return join(XDG_CONFIG_HOME || join(home, ".config"), ...path);
}
