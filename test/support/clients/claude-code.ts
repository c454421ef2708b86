import { signInAtOpenedPage } from "../opened-page.ts";
import { type Dialect, eventOf, type ModelCall, runWithModel } from "../scripted-model.ts";
import { openShell } from "../shell.ts";
import { registerClient } from "../sign-in.ts";
import { freePort } from "../stack.ts";
import type { ClientRow } from "./client-row.ts";
import { installedProgram } from "./installed-program.ts";
import { runProgram } from "./run-program.ts";

const CLAUDE_CODE = { name: "@anthropic-ai/claude-code", version: "2.1.330", bin: "claude" };

const ENV = {
  ANTHROPIC_API_KEY: "none",
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  DISABLE_AUTOUPDATER: "1",
  // Otherwise the model must first search for tools.
  ENABLE_TOOL_SEARCH: "false",
};

/** What it puts before the names of the tools of a server that is called `github`. */
const PREFIX = "mcp__github__";

interface Block {
  type: string;
  content?: string | { text?: string }[];
  is_error?: boolean;
}

interface MessagesRequest {
  tools?: { name: string }[];
  messages: { content: string | Block[] }[];
}

/** The Messages API of Anthropic. */
const MESSAGES: Dialect<MessagesRequest> = {
  offered: ({ tools = [] }) =>
    tools
      .filter(({ name }) => name.startsWith(PREFIX))
      .map(({ name }) => name.slice(PREFIX.length)),
  answer({ messages }) {
    const blocks = messages.flatMap(({ content }) => (typeof content === "string" ? [] : content));
    const result = blocks.find(({ type }) => type === "tool_result");
    if (!result) return undefined;
    const { content = "", is_error = false } = result;
    const text =
      typeof content === "string" ? content : content.map((part) => part.text ?? "").join("\n");
    return { text, isError: is_error };
  },
  says(what) {
    const isDone = what === "Done.";
    const block = isDone
      ? { type: "text", text: "" }
      : { type: "tool_use", id: "toolu_1", name: `${PREFIX}${what.tool}`, input: {} };
    const delta = isDone
      ? { type: "text_delta", text: what }
      : { type: "input_json_delta", partial_json: JSON.stringify(what.args) };
    const usage = { input_tokens: 1, output_tokens: 1 };
    const message = { id: "msg_1", type: "message", role: "assistant", content: [], usage };
    return [
      { type: "message_start", message: { ...message, model: "script", stop_reason: null } },
      { type: "content_block_start", index: 0, content_block: block },
      { type: "content_block_delta", index: 0, delta },
      { type: "content_block_stop", index: 0 },
      { type: "message_delta", delta: { stop_reason: isDone ? "end_turn" : "tool_use" }, usage },
      { type: "message_stop" },
    ]
      .map(eventOf)
      .join("");
  },
};

/**
 * `claude mcp add` and `claude mcp login`, then runs of `claude --print` with a model that is a
 * script. Its own description as a client is at claude.ai, which no test reaches; so it is given a
 * client id, as it is for a server that knows no such descriptions.
 */
export const claudeCodeRows: readonly ClientRow[] = [
  {
    program: "Claude Code",
    version: CLAUDE_CODE.version,
    road: "/mcp, --client-id",
    signsIn: "in the browser",
    async connect(stack, login) {
      const claude = await installedProgram(CLAUDE_CODE);
      const shell = await openShell();
      const run = (...args: string[]) => runProgram(shell, claude, args, { more: ENV });
      const port = String(await freePort());
      const { client_id } = await registerClient(stack, {
        redirect_uris: [`http://localhost:${port}/callback`],
      });
      const client = ["--client-id", client_id, "--callback-port", port];
      const server = ["github", `${stack.url}/mcp`];
      await run("mcp", "add", "--scope", "user", "--transport", "http", ...client, ...server);
      // It signs nobody in without a terminal, and `script` of util-linux is one.
      const terminal = ["--command", `'${claude}' mcp login github`, "/dev/null"];
      const entering = runProgram(shell, "script", ["--quiet", "--return", ...terminal], {
        more: ENV,
        stdin: "pipe",
      });
      await signInAtOpenedPage(stack, shell, entering, { login });
      await entering;
      const prompt = (call?: ModelCall) =>
        runWithModel(MESSAGES, call, (url) => {
          const args = ["--print", "hello", "--model", "claude-sonnet-4-5"];
          return runProgram(shell, claude, [...args, "--allowedTools", "mcp__github"], {
            more: { ...ENV, ANTHROPIC_BASE_URL: url },
          });
        });
      return {
        tools: async () => [...(await prompt()).offered],
        call: async (tool, args = {}) => (await prompt({ tool, args })).answer!,
        signIns: () => shell.opened().length,
        close: shell.remove,
      };
    },
  },
];
