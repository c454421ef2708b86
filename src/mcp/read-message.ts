import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import { isJsonContentType } from "@modelcontextprotocol/server";

import { isNestedDeeperThan, MAX_JSON_DEPTH } from "../limits/json-depth.ts";
import { type BodyFault, MAX_BODY_BYTES, receiveBody } from "../limits/read-body.ts";
import {
  bodyTooLarge,
  bodyTooSlow,
  contentTypeNotJson,
  invalidRequest,
  parseError,
} from "./rpc-errors.ts";
import { rpcMessages } from "./rpc-messages.ts";

/** A posted body that holds JSON-RPC. */
export interface PostedBody {
  /** As it came, and parsed. */
  readonly text: string;
  readonly json: unknown;
  /** One, unless it is a batch. */
  readonly messages: readonly JSONRPCMessage[];
}

const REFUSALS: Record<BodyFault, () => Response> = {
  "too large": () => bodyTooLarge(MAX_BODY_BYTES),
  "too slow": bodyTooSlow,
  "not UTF-8": parseError,
};

function parse(text: string): { json: unknown } | undefined {
  try {
    return { json: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/**
 * Reads what was posted, on any road, or answers why it is refused: after the body, since one that is
 * left unread can break the connection before the client has seen the answer.
 */
export async function readMessage(
  request: Request,
  isBatchAllowed: boolean,
): Promise<PostedBody | Response> {
  const { text, fault } = await receiveBody(request);
  if (!isJsonContentType(request.headers.get("content-type"))) return contentTypeNotJson();
  if (fault) return REFUSALS[fault]();
  if (isNestedDeeperThan(MAX_JSON_DEPTH, text)) {
    return invalidRequest(`Nest objects and arrays at most ${MAX_JSON_DEPTH} deep.`);
  }
  const parsed = parse(text);
  if (!parsed) return parseError();
  const rpc = rpcMessages(parsed.json, isBatchAllowed);
  return rpc.fault === undefined
    ? { text, json: parsed.json, messages: rpc.messages }
    : invalidRequest(rpc.fault);
}
