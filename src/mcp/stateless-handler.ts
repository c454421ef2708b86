import { type AuthInfo, createMcpHandler, McpServer } from "@modelcontextprotocol/server";

import { describeError, log } from "../log.ts";
import type { CallContext } from "./call-tool.ts";
import type { PostedBody } from "./read-message.ts";
import type { RegisterStateless } from "./register-tools.ts";
import { calledTool } from "./required-scopes.ts";
import { SERVER_INFO, SERVER_OPTIONS } from "./server-info.ts";

/** Whoever calls one tool needs no others, each of which costs as it is registered. */
function narrowed(call: CallContext, [message, another]: PostedBody["messages"]): CallContext {
  const name = another ? undefined : calledTool(message);
  if (name === undefined) return call;
  return { ...call, offered: call.offered.filter((tool) => tool.name === name) };
}

/**
 * The stateless protocol (2026-07-28): a fresh server a request, no Durable Object. The SDK's own
 * handler: the one of `agents` looks at Host, Origin and path once more, which are decided in front of
 * both eras, and makes a stream of each answer.
 */
export function statelessHandler(register: RegisterStateless) {
  const calls = new WeakMap<AuthInfo, CallContext>();
  const handler = createMcpHandler(
    ({ authInfo }) => {
      const { requestState } = register;
      const server = new McpServer(SERVER_INFO, { ...SERVER_OPTIONS, requestState });
      const call = authInfo && calls.get(authInfo);
      if (!call) throw new TypeError("A stateless request reached its server without a caller.");
      register(server, call);
      return server;
    },
    {
      legacy: "reject",
      onerror: (error) => log("warn", "stateless.error", { error: describeError(error) }),
    },
  );
  return (request: Request, posted: PostedBody, call: CallContext): Promise<Response> => {
    // The bearer token stays outside: nothing behind this line has a use for it.
    const authInfo = { token: "", clientId: "", scopes: call.verified.caller.scopes };
    calls.set(authInfo, narrowed(call, posted.messages));
    return handler.fetch(request, { parsedBody: posted.json, authInfo });
  };
}
