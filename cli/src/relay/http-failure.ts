import { SdkHttpError } from "@modelcontextprotocol/client";

import { BridgeError } from "../bridge-error.ts";
import { networkFailure } from "../http/network-failure.ts";
import type { Exchange } from "./exchange.ts";
import { isRecord } from "./json-rpc.ts";

/** The error of JSON-RPC in a refusing HTTP answer. */
export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** What to do about a status, where it says more than that the server failed. */
const ADVICE: Readonly<Record<number, string>> = {
  401: "It wants a sign-in: choose where tokens come from with --token-source.",
  403: "It forbids this: check the account, its rights and the token's scopes.",
  404: "Check the path of --url.",
  405: "Check the path of --url.",
  413: "The message is larger than the server takes.",
  429: "It gets too many requests: wait before the next.",
};

/** The body of the HTTP answer that refused a message, if it holds an error of JSON-RPC. */
export function rpcErrorIn(error: unknown): RpcError | undefined {
  if (!(error instanceof SdkHttpError) || typeof error.data.text !== "string") return undefined;
  try {
    const body: unknown = JSON.parse(error.data.text);
    if (!isRecord(body) || !isRecord(body.error)) return undefined;
    const { code, message, data } = body.error;
    if (typeof code !== "number" || typeof message !== "string") return undefined;
    return { code, message, ...(data === undefined ? {} : { data }) };
  } catch {
    return undefined;
  }
}

/** What went wrong with a message, in our words. */
export function failureOf(error: unknown, { status }: Exchange): BridgeError {
  if (error instanceof BridgeError) return error;
  if (status === undefined) return networkFailure(error);
  if (status >= 200 && status < 300) {
    // What `fetch` throws when the body breaks off.
    if (error instanceof TypeError) return networkFailure(error);
    return new BridgeError("The server's answer is no JSON-RPC message.", {
      advice: "Check that --url is the address of an MCP server.",
      cause: error,
    });
  }
  const redirected = status >= 300 && status < 400;
  return new BridgeError(`The server answered HTTP ${status}.`, {
    advice: redirected
      ? "It points elsewhere: give the address it points to as --url."
      : (ADVICE[status] ?? "See the server's log, then try again."),
    cause: error,
  });
}
