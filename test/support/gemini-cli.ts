import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import {
  type Dialect,
  eventOf,
  type ModelCall,
  runWithModel,
  type ToldAnswer,
  type Turn,
} from "./scripted-model.ts";
import { NODE, type Shell } from "./shell.ts";

const GEMINI = fileURLToPath(
  new URL("../../node_modules/@google/gemini-cli/bundle/gemini.js", import.meta.url),
);
const RUN_TIMEOUT_MS = 75_000;

/** A model that is named is not chosen by asking another one. */
const MODEL = ["--model", "gemini-2.5-flash"];

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
   * A prompt to a model that is a script, and calls this tool if it is told to. Says yes to whatever
   * the program asks before it connects.
   */
  prompt(call?: ModelCall): Promise<Turn>;
  /** What a tool answers when the model calls it. */
  call(tool: string, args?: Record<string, unknown>): Promise<ToldAnswer>;
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
  await mkdir(folder);
  const patient = Object.entries(mcpServers).map(([name, server]) => {
    return [name, { timeout: CONNECT_TIMEOUT_MS, ...server }] as const;
  });
  const settings = {
    general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
    privacy: { usageStatisticsEnabled: false },
    // With another address of the API in the environment, it would take a way that it then refuses.
    security: { auth: { selectedType: "gemini-api-key" } },
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

  async function run(args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<string> {
    const child = spawn(NODE, [GEMINI, ...args], {
      cwd: shell.home,
      env: { ...env, ...more },
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

  const prompt = (call?: ModelCall) =>
    runWithModel(GEMINI_API, call, (url) =>
      run(["--prompt", "hello", ...MODEL], { GOOGLE_GEMINI_BASE_URL: url }),
    );

  return {
    async list() {
      const printed = await run(["mcp", "list"]);
      return printed.split("\n").filter((line) => / - \w+$/.test(line));
    },
    prompt,
    async call(tool, args = {}) {
      const { answer } = await prompt({ tool, args });
      return answer!;
    },
    async credentials() {
      return JSON.parse(await readFile(tokens, "utf8")) as GeminiCredentials[];
    },
    keep: (credentials) => writeFile(tokens, JSON.stringify(credentials), { mode: 0o600 }),
  };
}

interface Part {
  functionResponse?: { response: { output?: string; error?: string } };
}

interface GenerateContentRequest {
  tools?: { functionDeclarations?: { name: string }[] }[];
  contents: { parts: Part[] }[];
}

/** What it puts before the names of the tools of a server that is called `github`. */
const PREFIX = "mcp_github_";

/** `streamGenerateContent` of the Gemini API. */
const GEMINI_API: Dialect<GenerateContentRequest> = {
  offered: ({ tools = [] }) =>
    tools
      .flatMap(({ functionDeclarations = [] }) => functionDeclarations)
      .filter(({ name }) => name.startsWith(PREFIX))
      .map(({ name }) => name.slice(PREFIX.length)),
  answer({ contents }) {
    const parts = contents.at(-1)?.parts ?? [];
    const response = parts.find((part) => part.functionResponse)?.functionResponse?.response;
    if (!response) return undefined;
    const { output = "", error } = response;
    return { text: error ?? output, isError: error !== undefined };
  },
  says(what) {
    const part =
      what === "Done."
        ? { text: what }
        : { functionCall: { name: `${PREFIX}${what.tool}`, args: what.args } };
    const content = { role: "model", parts: [part] };
    return eventOf({ candidates: [{ content, finishReason: "STOP" }] } as object);
  },
};
