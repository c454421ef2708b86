import {
  ClientRequestSchema,
  isJSONRPCRequest,
  type JSONRPCMessage,
} from "@modelcontextprotocol/sdk/types.js";

const REQUESTS = new Map<string, (typeof ClientRequestSchema.options)[number]>(
  ClientRequestSchema.options.map((schema) => [schema.shape.method.value, schema]),
);

/**
 * The method of a request whose params it does not take. The library of sessions would call that an
 * error of its own, -32603, and recite its schema.
 */
export function methodWithWrongParams(messages: readonly JSONRPCMessage[]): string | undefined {
  const wrong = messages
    .filter((message) => isJSONRPCRequest(message))
    .find((request) => REQUESTS.get(request.method)?.safeParse(request).success === false);
  return wrong?.method;
}
