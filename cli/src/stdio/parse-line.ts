import type { JSONRPCMessage } from "@modelcontextprotocol/client";

import { isId, isRecord, RPC_ERROR, type RpcId } from "../relay/json-rpc.ts";

/** Why a line is no message, as JSON-RPC 2.0, section 5, wants it answered. */
interface Malformed {
  readonly code: number;
  readonly message: string;
  /** Null when the line does not say it. */
  readonly id: RpcId | null;
}

export type Parsed = { readonly message: JSONRPCMessage } | { readonly malformed: Malformed };

function isMessage(value: Record<string, unknown>): boolean {
  if (value.jsonrpc !== "2.0" || ("id" in value && !isId(value.id))) return false;
  if ("method" in value) return typeof value.method === "string";
  return "id" in value && "result" in value !== "error" in value;
}

function parsed(value: unknown): Parsed {
  const record = isRecord(value) ? value : {};
  // What else a message holds is for the other side to judge.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  if (isMessage(record)) return { message: record as unknown as JSONRPCMessage };
  const id = isId(record.id) ? record.id : null;
  const message = "The line is no JSON-RPC 2.0 message.";
  return { malformed: { code: RPC_ERROR.invalidRequest, message, id } };
}

/** The messages of a line. There are several in a batch (MCP 2025-03-26 only). */
export function parseLine(line: string): readonly Parsed[] {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    const message = "The line is no JSON.";
    return [{ malformed: { code: RPC_ERROR.parse, message, id: null } }];
  }
  return Array.isArray(value) && value.length > 0 ? value.map(parsed) : [parsed(value)];
}
