import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { NODE, type Shell } from "./shell.ts";

const GEMINI = fileURLToPath(
  new URL("../../node_modules/@google/gemini-cli/bundle/gemini.js", import.meta.url),
);
const RUN_TIMEOUT_MS = 75_000;

/** `gemini mcp list` gives a server five seconds unless it is told otherwise: too few on a busy machine. */
const CONNECT_TIMEOUT_MS = 30_000;

/** What `~/.gemini/settings.json` has of one server below `mcpServers`, as a person writes it. */
export type GeminiServer = Readonly<Record<string, unknown>>;

/** What `~/.gemini/mcp-oauth-tokens.json` has of one server. */
interface GeminiCredentials {
  serverName: string;
  clientId: string;
  token: { accessToken: string; refreshToken?: string; expiresAt?: number };
}

/** The real Gemini CLI in a home of its own. */
export interface GeminiCli {
  /** What `gemini mcp list` says of each server, such as `✓ github: http://… (http) - Connected`. */
  list(): Promise<string[]>;
  /**
   * What a tool answers when the model calls it. The model is a script, and says yes to whatever
   * the program asks before it connects.
   */
  call(tool: string): Promise<string>;
  /** What servers gave it to keep. */
  credentials(): Promise<GeminiCredentials[]>;
  keep(credentials: readonly GeminiCredentials[]): Promise<void>;
}

/** Sets Gemini CLI up in a shell's home. */
export async function geminiCli(
  shell: Shell,
  mcpServers: Readonly<Record<string, GeminiServer>>,
  moreEnv: Readonly<Record<string, string>> = {},
): Promise<GeminiCli> {
  const folder = join(shell.home, ".gemini");
  const tokens = join(folder, "mcp-oauth-tokens.json");
  const script = join(folder, "model.jsonl");
  await mkdir(folder);
  const patient = Object.entries(mcpServers).map(([name, server]) => {
    return [name, { timeout: CONNECT_TIMEOUT_MS, ...server }] as const;
  });
  const settings = {
    general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
    privacy: { usageStatisticsEnabled: false },
    mcpServers: Object.fromEntries(patient),
  };
  await writeFile(join(folder, "settings.json"), JSON.stringify(settings));
  const env = {
    ...shell.env,
    NO_COLOR: "1",
    // Otherwise it starts itself again, and the second process outlives a signal to the first.
    GEMINI_CLI_NO_RELAUNCH: "true",
    // It leaves servers alone in a folder that nobody has said to trust.
    GEMINI_CLI_TRUST_WORKSPACE: "true",
    // It asks for one, and never uses it: the model is a script.
    GEMINI_API_KEY: "none",
    ...moreEnv,
  };

  async function run(args: readonly string[]): Promise<string> {
    const child = spawn(NODE, [GEMINI, ...args], {
      cwd: shell.home,
      env,
      timeout: RUN_TIMEOUT_MS,
      killSignal: "SIGKILL",
    });
    let printed = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (printed += text));
    }
    child.stdin.end("y\n");
    const [code] = (await once(child, "close")) as [number | null];
    if (code !== 0) throw new Error(`gemini ${args[0]} ended with ${code}: ${printed}`);
    return printed;
  }

  return {
    async list() {
      const printed = await run(["mcp", "list"]);
      return printed.split("\n").filter((line) => / - \w+$/.test(line));
    },
    async call(tool) {
      await writeFile(script, scriptOf(tool));
      // A model that is named is not chosen by asking another one.
      const model = ["--model", "gemini-2.5-flash", "--fake-responses-non-strict", script];
      const printed = await run(["--prompt", "hello", "--output-format", "stream-json", ...model]);
      const events = printed.split("\n").filter((line) => line.startsWith("{"));
      const answer = events.find((line) => line.includes('"tool_result"'));
      if (answer === undefined) throw new Error(`No tool was called: ${printed}`);
      return answer;
    },
    async credentials() {
      return JSON.parse(await readFile(tokens, "utf8")) as GeminiCredentials[];
    },
    keep: (credentials) => writeFile(tokens, JSON.stringify(credentials), { mode: 0o600 }),
  };
}

/** What the model says, in the order in which it is asked. */
function scriptOf(tool: string): string {
  const says = (parts: object[]) => ({
    method: "generateContentStream",
    response: [{ candidates: [{ content: { role: "model", parts }, finishReason: "STOP" }] }],
  });
  const turns = [says([{ functionCall: { name: tool, args: {} } }]), says([{ text: "Done." }])];
  return turns.map((turn) => `${JSON.stringify(turn)}\n`).join("");
}
