import { bytesOf } from "./bodies.ts";
import type { WireRequest } from "./exchange.ts";
import type { HostileRequest } from "./hostile-request.ts";
import type { LiveCaller } from "./live-caller.ts";
import type { Header } from "./odd-headers.ts";
import { fillIn } from "./placeholders.ts";
import type { TargetServer } from "./target-server.ts";

/** Above this, a body goes out as it is. */
const MAX_FILLED_BYTES = 64 * 1024;

export function callerOf(target: TargetServer, { credential }: HostileRequest): LiveCaller {
  const number = credential.kind === "live" ? credential.caller : 0;
  return callerNumber(target, number);
}

function callerNumber({ callers }: TargetServer, number: number): LiveCaller {
  const caller = callers[number % callers.length];
  if (!caller) throw new Error("Nobody is signed in.");
  return caller;
}

/** The session id that a request names. Without a token of its own, it tries the first caller's. */
export function sessionIdOf(target: TargetServer, request: HostileRequest): string | undefined {
  const { session, credential } = request;
  if (session.kind === "none") return undefined;
  if (session.kind === "odd") return session.value;
  const number = credential.kind === "live" ? credential.caller : 0;
  const owner = callerNumber(target, session.kind === "own" ? number : number + 1);
  return isSseMessage(request) ? owner.streamSession() : owner.session(session.number);
}

const isSseMessage = ({ path }: HostileRequest) => path === "/sse/message";

export function toWire(target: TargetServer, request: HostileRequest): WireRequest {
  const sessionId = sessionIdOf(target, request);
  const whole = bodyOf(target, request);
  let query = fillIn(request.query, target.known);
  if (sessionId !== undefined && isSseMessage(request)) {
    query = `${query || "?"}&sessionId=${encodeURIComponent(sessionId)}`;
  }
  const address = latin1(request.path + query);
  // Such an address the runtime refuses before it reads the body, which can break the connection.
  const body = /^[\x21-\x7e]*$/.test(address) ? whole : whole.subarray(0, 1024);
  const headers: Header[] = [
    ...request.headers.map(([name, value]): Header => [name, fillIn(value, target.known)]),
    ...ownHeaders(target, request, sessionId),
    ...lengthHeaders(request, body.byteLength),
  ];
  const listens = body.byteLength < MAX_FILLED_BYTES && body.includes("subscriptions/listen");
  return {
    method: request.method,
    target: address,
    headers,
    body,
    mayStream: request.method === "GET" || listens,
  };
}

function ownHeaders(
  target: TargetServer,
  request: HostileRequest,
  sessionId: string | undefined,
): Header[] {
  const { credential, contentType, method } = request;
  const names = new Set(request.headers.map(([name]) => name));
  const accept = method === "GET" ? "text/event-stream" : "application/json, text/event-stream";
  const headers: Header[] = [];
  if (!names.has("host")) headers.push(["host", new URL(target.origin).host]);
  if (!names.has("accept")) headers.push(["accept", accept]);
  if (credential.kind === "odd") headers.push(["authorization", credential.value]);
  if (credential.kind === "live") {
    headers.push(["authorization", `Bearer ${callerOf(target, request).token}`]);
  }
  if (contentType !== undefined) headers.push(["content-type", contentType]);
  if (sessionId !== undefined && !isSseMessage(request)) {
    headers.push(["mcp-session-id", sessionId]);
  }
  return headers;
}

function bodyOf(target: TargetServer, { body }: HostileRequest): Buffer {
  const bytes = bytesOf(body);
  if (body.kind === "bytes" || bytes.byteLength > MAX_FILLED_BYTES) return bytes;
  return Buffer.from(fillIn(bytes.toString("utf8"), target.known));
}

function lengthHeaders({ isChunked }: HostileRequest, length: number): Header[] {
  if (length === 0) return [["content-length", "0"]];
  return isChunked ? [["transfer-encoding", "chunked"]] : [["content-length", String(length)]];
}

/** Node.js sends a target of these characters only. */
function latin1(target: string): string {
  return target.replace(/[^\x21-\xff]/g, "");
}
