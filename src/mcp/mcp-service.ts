import type { Caller } from "../auth/caller.ts";
import { MAX_BODY_BYTES, readBody } from "../limits/read-body.ts";
import type { ToolContexts } from "../tools/tool-context.ts";
import { isStatelessRequest } from "./era.ts";
import type { RegisterStateless } from "./register-tools.ts";
import { missingScopes } from "./required-scopes.ts";
import { bodyTooLarge, methodNotAllowed, parseError } from "./rpc-errors.ts";
import { sessionGuard } from "./session-guard.ts";
import type { SessionNamespace } from "./session-objects.ts";
import type { SessionRequest } from "./session-request.ts";
import { statelessHandler } from "./stateless-handler.ts";

export interface McpParts {
  readonly register: RegisterStateless;
  readonly contexts: ToolContexts;
  readonly sessions: SessionNamespace;
  readonly secret: string;
  onSignedOut(caller: Caller): Promise<void>;
}

/** One verified request on its way to an era. */
export interface McpRequest {
  readonly request: Request;
  readonly caller: Caller;
  /** The origin that the Worker is served under, whatever the request's own spelling. */
  readonly origin: string;
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

type Read = { body: string; message: unknown } | Response;

async function readMessage(request: Request): Promise<Read> {
  const body = await readBody(request);
  if (body === undefined) return bodyTooLarge(MAX_BODY_BYTES);
  try {
    return { body, message: JSON.parse(body) as unknown };
  } catch {
    return parseError();
  }
}

export function mcpService(parts: McpParts): McpService {
  const guard = sessionGuard(parts.sessions, parts.secret);
  const stateless = statelessHandler(parts.register);

  function toSession({ request, caller, origin, ctx }: McpRequest, body?: string): SessionRequest {
    return { request, call: { caller, origin }, body, ctx };
  }

  function toStateless(
    { request, caller, origin }: McpRequest,
    message: unknown,
  ): Promise<Response> {
    return stateless(
      new Request(`${origin}/mcp`, { method: request.method, headers: request.headers }),
      message,
      {
        caller,
        tools: parts.contexts.contextFor(caller),
        onSignedOut: () => parts.onSignedOut(caller),
      },
    );
  }

  return {
    async streamable(incoming) {
      const { request, caller } = incoming;
      if (request.method !== "POST") {
        if (await isStatelessRequest(request, undefined)) return methodNotAllowed("POST");
        const isSessionMethod = request.method === "GET" || request.method === "DELETE";
        return isSessionMethod
          ? guard.streamable(toSession(incoming))
          : methodNotAllowed("POST, GET, DELETE");
      }
      const read = await readMessage(request);
      if (read instanceof Response) return read;
      const missing = missingScopes(read.message, caller.scopes);
      if (missing) return incoming.refuse(missing);
      return (await isStatelessRequest(request, read.message))
        ? toStateless(incoming, read.message)
        : guard.streamable(toSession(incoming, read.body));
    },

    async sse(incoming) {
      const { request, caller } = incoming;
      const isMessage = new URL(request.url).pathname === "/sse/message";
      const method = isMessage ? "POST" : "GET";
      if (request.method !== method) return methodNotAllowed(method);
      if (!isMessage) return guard.sse(toSession(incoming));
      const read = await readMessage(request);
      if (read instanceof Response) return read;
      const missing = missingScopes(read.message, caller.scopes);
      return missing ? incoming.refuse(missing) : guard.sse(toSession(incoming, read.body));
    },
  };
}
