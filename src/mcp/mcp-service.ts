import { isInitializeRequest, isJSONRPCRequest } from "@modelcontextprotocol/sdk/types.js";

import type { Caller } from "../auth/caller.ts";
import { identityKey } from "../auth/identity.ts";
import type { Secrets } from "../config.ts";
import type { RateLimits } from "../limits/rate-limits.ts";
import { currentRequest } from "../request-context.ts";
import type { Tool } from "../tools/define-tool.ts";
import type { CallContexts } from "./call-context.ts";
import type { VerifiedCall } from "./call-header.ts";
import { type Era, isStatelessRequest } from "./era.ts";
import { liveStream, type TokenLife } from "./live-stream.ts";
import { type PostedBody, readMessage } from "./read-message.ts";
import type { RegisterStateless } from "./register-tools.ts";
import { methodWithWrongParams } from "./request-params.ts";
import { missingScopes } from "./required-scopes.ts";
import {
  answerNotAcceptable,
  invalidParams,
  methodNotAllowed,
  tooManyRequests,
} from "./rpc-errors.ts";
import { mayBatch } from "./rpc-messages.ts";
import { type SessionGuard, sessionGuard } from "./session-guard.ts";
import type { SessionNamespace } from "./session-objects.ts";
import { type SessionRequest, SSE_MESSAGES } from "./session-request.ts";
import { statelessHandler } from "./stateless-handler.ts";

export interface McpParts {
  readonly register: RegisterStateless;
  readonly contexts: CallContexts;
  readonly sessions: SessionNamespace;
  readonly secrets: Secrets;
  readonly limits: RateLimits;
}

/** One verified request on its way to an era. */
export interface McpRequest {
  readonly request: Request;
  readonly caller: Caller;
  /** The origin that the Worker is served under, whatever the request's own spelling. */
  readonly origin: string;
  readonly token: TokenLife;
  readonly ctx: ExecutionContext;
  /** Answers with the scopes that the call needs and the token lacks. */
  refuse(scopes: readonly string[]): Response;
}

export interface McpService {
  /** `/mcp`, and MCP posted to `/`: sessions and the stateless protocol on one URL. */
  streamable(incoming: McpRequest): Promise<Response>;
  /** `/sse` and `/sse/message`. */
  sse(incoming: McpRequest): Promise<Response>;
}

/** Whether the client takes both forms of an answer, as both SDKs ask of it. */
function takesEveryAnswer({ headers }: Request): boolean {
  const accept = headers.get("accept") ?? "";
  return accept.includes("application/json") && accept.includes("text/event-stream");
}

/** The message that was posted, if this caller may send it; else why not. */
async function receive(
  { request, caller, refuse }: McpRequest,
  tools: readonly Tool[],
  isBatchAllowed = false,
): Promise<PostedBody | Response> {
  const posted = await readMessage(request, isBatchAllowed);
  if (posted instanceof Response) return posted;
  const missing = missingScopes(tools, posted.messages, caller.scopes);
  return missing ? refuse(missing) : posted;
}

/**
 * MCP 2025-11-25, Streamable HTTP, sending messages: what asks for nothing gets 202. After an error
 * response of a client, the library opens a stream instead, on which nothing would ever come.
 */
async function accepted(response: Response): Promise<Response> {
  if (response.status !== 200) return response;
  await response.body?.cancel();
  return new Response(null, { status: 202 });
}

function verified({ caller, origin, token }: McpRequest, era: Era): VerifiedCall {
  const { requestId } = currentRequest();
  return { caller, origin, era, tokenEndsAt: token.endsAt, requestId };
}

function toSession(
  incoming: McpRequest,
  era: keyof SessionGuard,
  posted?: Pick<SessionRequest, "body" | "opens">,
): SessionRequest {
  const { request, token, ctx } = incoming;
  const { body, opens = false } = posted ?? {};
  return { request, call: verified(incoming, era), body, opens, token, ctx };
}

/** Whether the caller may open one more session now. */
function mayOpen({ limits }: McpParts, { caller }: McpRequest): Promise<boolean> {
  return limits.session.admits(identityKey(caller.identity));
}

export function mcpService(parts: McpParts): McpService {
  const guard = sessionGuard(parts.sessions, parts.secrets);
  const stateless = statelessHandler(parts.register);

  async function postToSession(
    era: keyof SessionGuard,
    incoming: McpRequest,
    { text, messages }: PostedBody,
  ): Promise<Response> {
    const method = methodWithWrongParams(messages);
    if (method !== undefined) return invalidParams(method);
    const opens = era === "session" && messages.some((message) => isInitializeRequest(message));
    if (opens && !(await mayOpen(parts, incoming))) return tooManyRequests("new sessions");
    const response = await guard[era](toSession(incoming, era, { body: text, opens }));
    return messages.some((message) => isJSONRPCRequest(message)) ? response : accepted(response);
  }

  async function toStateless(incoming: McpRequest, posted: PostedBody): Promise<Response> {
    const { request, token, ctx } = incoming;
    const response = await stateless(
      request,
      posted,
      parts.contexts.contextFor(verified(incoming, "stateless"), ctx),
    );
    return liveStream(response, token);
  }

  return {
    async streamable(incoming) {
      const { request } = incoming;
      if (request.method !== "POST") {
        if (await isStatelessRequest(request)) return methodNotAllowed("POST");
        const isSessionMethod = request.method === "GET" || request.method === "DELETE";
        return isSessionMethod
          ? guard.session(toSession(incoming, "session"))
          : methodNotAllowed("POST, GET, DELETE");
      }
      const posted = await receive(incoming, parts.contexts.tools, mayBatch(request));
      if (posted instanceof Response) return posted;
      if (!takesEveryAnswer(request)) return answerNotAcceptable();
      return (await isStatelessRequest(request, posted))
        ? toStateless(incoming, posted)
        : postToSession("session", incoming, posted);
    },

    async sse(incoming) {
      const { request } = incoming;
      const isMessage = new URL(request.url).pathname === SSE_MESSAGES;
      const method = isMessage ? "POST" : "GET";
      if (request.method !== method) return methodNotAllowed(method);
      if (!isMessage) {
        if (!(await mayOpen(parts, incoming))) return tooManyRequests("new sessions");
        return guard.sse(toSession(incoming, "sse"));
      }
      const posted = await receive(incoming, parts.contexts.tools);
      return posted instanceof Response ? posted : postToSession("sse", incoming, posted);
    },
  };
}
