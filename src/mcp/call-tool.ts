import { identityKey } from "../auth/identity.ts";
import { ToolError } from "../errors.ts";
import { log, logCrash } from "../log.ts";
import { currentRequest, inRequest } from "../request-context.ts";
import type { Tool, ToolAnswer, ToolContext } from "../tools/define-tool.ts";
import type { VerifiedCall } from "./call-header.ts";
import { traceOf } from "./trace-context.ts";

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
  readonly verified: VerifiedCall;
  /** The tools that the caller sees. */
  readonly offered: readonly Tool[];
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
  _meta?: { requestId: string };
}

/** MCP 2026-07-28, tools, output schema: what does not conform to it must not be sent. */
async function checked(
  { name, output }: Tool,
  answer: ToolAnswer<Record<string, unknown>>,
): Promise<ToolAnswer<Record<string, unknown>>> {
  const { issues } = await output["~standard"].validate(answer.data);
  if (issues) throw new TypeError(`${name} answered what its output schema does not allow.`);
  return answer;
}

function toResult({ data, text, image }: ToolAnswer<Record<string, unknown>>): CallResult {
  const content: Content[] = [{ type: "text", text }];
  if (image) content.push({ type: "image", ...image });
  return { content, structuredContent: data };
}

function toError(error: unknown, tool: Tool): CallResult {
  const { requestId } = currentRequest();
  let text = `Something went wrong on this server (reference ${requestId}). Try again; if it stays, tell its operator.`;
  if (error instanceof ToolError) text = error.message;
  else logCrash("tool.crashed", error, { tool: tool.name });
  return { isError: true, content: [{ type: "text", text }], _meta: { requestId } };
}

async function run(
  tool: Tool,
  input: Record<string, unknown>,
  { verified, tools, onSignedOut, onFinished }: CallContext,
): Promise<CallResult> {
  const startedAt = Date.now();
  let outcome = "ok";
  try {
    return toResult(await checked(tool, await tool.run(input, tools)));
  } catch (error) {
    outcome = error instanceof ToolError ? error.code : "crashed";
    if (outcome === "signed_out") await onSignedOut();
    return toError(error, tool);
  } finally {
    const { caller, era } = verified;
    const durationMs = Date.now() - startedAt;
    log("info", "tool.called", {
      tool: tool.name,
      caller: identityKey(caller.identity),
      way: caller.way,
      grant: caller.grantId,
      client: caller.client.name,
      era,
      outcome,
      ms: durationMs,
    });
    onFinished({ at: startedAt, tool: tool.name, outcome, durationMs });
  }
}

/**
 * Runs one tool for one caller, as a part of the request that asked for it and of the trace that
 * its `_meta` names. Never throws: only words written here reach the model.
 */
export function callTool(
  tool: Tool,
  input: Record<string, unknown>,
  context: CallContext,
  meta: Record<string, unknown> | undefined,
): Promise<CallResult> {
  const { requestId } = context.verified;
  return inRequest({ requestId, trace: traceOf(meta) }, () => run(tool, input, context));
}
