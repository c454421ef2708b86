import type { Caller } from "../auth/caller.ts";
import { identityKey } from "../auth/identity.ts";
import { ToolError } from "../errors.ts";
import { log, logCrash } from "../log.ts";
import type { Tool, ToolAnswer, ToolContext } from "../tools/define-tool.ts";

/** What is remembered of a call: never what was asked or answered. */
interface FinishedCall {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly tool: string;
  /** `ok`, `crashed`, or the code of the tool's error. */
  readonly outcome: string;
  readonly durationMs: number;
}

/** One call's surroundings: who calls, what the tool may use, and what to do when GitHub says 401. */
export interface CallContext {
  readonly caller: Caller;
  readonly tools: ToolContext;
  onSignedOut(): Promise<void>;
  /** Told of every call when it is over. Must not throw. */
  onFinished(call: FinishedCall): void;
}

type Content = { type: "text"; text: string } | { type: "image"; data: string; mimeType: string };

/** A tool result as both SDK generations take it. */
export interface CallResult {
  [key: string]: unknown;
  content: Content[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
}

function toResult({ data, text, image }: ToolAnswer<Record<string, unknown>>): CallResult {
  const content: Content[] = [{ type: "text", text }];
  if (image) content.push({ type: "image", ...image });
  return { content, structuredContent: data };
}

function toError(error: unknown, tool: Tool): CallResult {
  if (error instanceof ToolError) {
    return { isError: true, content: [{ type: "text", text: error.message }] };
  }
  const reference = logCrash("tool.crashed", error, { tool: tool.name });
  const text = `Something went wrong on this server (reference ${reference}). Try again; if it stays, tell its operator.`;
  return { isError: true, content: [{ type: "text", text }] };
}

/** Runs one tool for one caller. Never throws: only words written here reach the model. */
export async function callTool(
  tool: Tool,
  input: Record<string, unknown>,
  call: CallContext,
): Promise<CallResult> {
  const startedAt = Date.now();
  let outcome = "ok";
  try {
    return toResult(await tool.run(input, call.tools));
  } catch (error) {
    outcome = error instanceof ToolError ? error.code : "crashed";
    if (outcome === "signed_out") await call.onSignedOut();
    return toError(error, tool);
  } finally {
    const caller = identityKey(call.caller.identity);
    const durationMs = Date.now() - startedAt;
    log("info", "tool.called", { tool: tool.name, caller, outcome, ms: durationMs });
    call.onFinished({ at: startedAt, tool: tool.name, outcome, durationMs });
  }
}
