import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import { type AuthInfo, createMcpHandler, McpServer } from "@modelcontextprotocol/server";

import { describeError, log } from "../log.ts";
import type { CallContext } from "./call-tool.ts";
import { answerPlainCall } from "./plain-call.ts";
import type { PostedBody } from "./read-message.ts";
import type { RegisterStateless } from "./register-tools.ts";
import { SERVER_INFO, SERVER_OPTIONS } from "./server-info.ts";

interface Asked {
  readonly call: CallContext;
  readonly message: JSONRPCMessage | undefined;
}

/**
 * The stateless protocol (2026-07-28): a fresh server a request, no Durable Object. The SDK's own
 * handler: the one of `agents` looks at Host, Origin and path once more, which are decided in front of
 * both eras, and makes a stream of each answer.
 */
export function statelessHandler(register: RegisterStateless) {
  const asked = new WeakMap<AuthInfo, Asked>();
  const handler = createMcpHandler(
    ({ authInfo }) => {
      const { requestState } = register;
      const server = new McpServer(SERVER_INFO, { ...SERVER_OPTIONS, requestState });
      const { call, message } = (authInfo && asked.get(authInfo)) ?? {};
      if (!call) throw new TypeError("A stateless request reached its server without a caller.");
      register(server, call, message);
      return server;
    },
    {
      legacy: "reject",
      onerror: (error) => log("warn", "stateless.error", { error: describeError(error) }),
    },
  );
  return async (request: Request, posted: PostedBody, call: CallContext): Promise<Response> => {
    const answer = await answerPlainCall(request, posted, call);
    if (answer) return answer;
    // The bearer token stays outside: nothing behind this line has a use for it.
    const authInfo = { token: "", clientId: "", scopes: call.verified.caller.scopes };
    asked.set(authInfo, { call, message: posted.messages[0] });
    return handler.fetch(request, { parsedBody: posted.json, authInfo });
  };
}
