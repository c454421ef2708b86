import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { signInAtOpenedPage } from "../opened-page.ts";
import { type Dialect, eventOf, type ModelCall, runWithModel } from "../scripted-model.ts";
import { openShell } from "../shell.ts";
import type { ClientRow } from "./client-row.ts";
import { installedProgram } from "./installed-program.ts";
import { runProgram } from "./run-program.ts";

const CODEX = { name: "@openai/codex", version: "0.169.0", bin: "codex" };

/** `~/.codex/config.toml`: the model is a script, and nobody is told of anything. */
const CONFIG = `
model = "script"
approval_policy = "never"
check_for_update_on_startup = false
mcp_oauth_credentials_store = "file"

[analytics]
enabled = false
`;

/** The namespace of the tools of a server that is called `github`. */
const NAMESPACE = "mcp__github";

interface ResponsesRequest {
  tools?: { name?: string; tools?: { name: string }[] }[];
  input: { type: string; output?: string | { text?: string }[] }[];
}

/** The Responses API of OpenAI. */
const RESPONSES: Dialect<ResponsesRequest> = {
  offered: ({ tools = [] }) =>
    tools
      .filter(({ name }) => name === NAMESPACE)
      .flatMap((namespace) => namespace.tools ?? [])
      .map(({ name }) => name),
  answer({ input }) {
    const item = input.find(({ type }) => type === "function_call_output");
    if (!item) return undefined;
    const { output = "" } = item;
    const text =
      typeof output === "string" ? output : output.map((part) => part.text ?? "").join("\n");
    // Codex tells its model no more than the text.
    return { text, isError: false };
  },
  says(what) {
    const item =
      what === "Done."
        ? {
            type: "message",
            role: "assistant",
            id: "msg_1",
            content: [{ type: "output_text", text: what }],
          }
        : {
            type: "function_call",
            call_id: "call_1",
            namespace: NAMESPACE,
            name: what.tool,
            arguments: JSON.stringify(what.args),
          };
    const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 };
    return [
      { type: "response.created", response: { id: "resp_1" } },
      { type: "response.output_item.done", output_index: 0, item },
      { type: "response.completed", response: { id: "resp_1", usage } },
    ]
      .map(eventOf)
      .join("");
  },
};

/** The options that say where the model is. */
const modelAt = (url: string) => [
  "-c",
  'model_provider="script"',
  "-c",
  `model_providers.script={name="script",base_url="${url}/v1",wire_api="responses"}`,
];

/**
 * `codex mcp add`, which signs in, then runs of `codex exec` with a model that is a script. Its own
 * description as a client is at chatgpt.com, which no test reaches; so it is told to register.
 */
export const codexRows: readonly ClientRow[] = [
  {
    program: "Codex",
    version: CODEX.version,
    road: "/mcp, --oauth-client-registration dcr",
    signsIn: "in the browser",
    async connect(stack, login) {
      const codex = await installedProgram(CODEX);
      const shell = await openShell();
      await mkdir(join(shell.home, ".codex"));
      await writeFile(join(shell.home, ".codex", "config.toml"), CONFIG);
      const server = ["github", "--url", `${stack.url}/mcp`];
      const registering = ["--oauth-client-registration", "dcr"];
      const adding = runProgram(shell, codex, ["mcp", "add", ...registering, ...server]);
      await signInAtOpenedPage(stack, shell, adding, { login });
      await adding;
      const prompt = (call?: ModelCall) =>
        runWithModel(RESPONSES, call, (url) =>
          runProgram(shell, codex, ["exec", "--skip-git-repo-check", ...modelAt(url), "hello"]),
        );
      return {
        tools: async () => [...(await prompt()).offered],
        call: async (tool, args = {}) => (await prompt({ tool, args })).answer!,
        signIns: () => shell.opened().length,
        close: shell.remove,
      };
    },
  },
];
