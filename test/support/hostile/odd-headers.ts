import * as fc from "fast-check";

import { oddText } from "./odd-text.ts";
import { PLACEHOLDERS } from "./placeholders.ts";

export type Header = readonly [name: string, value: string];

const PROPS = Buffer.from(
  JSON.stringify({ identity: { kind: "person", id: 480_938, login: "hubot" }, grantId: "x" }),
).toString("base64");

/** Header by header: what clients send, what a browser or a proxy adds, what is the library's own. */
const FAMOUS: readonly Header[] = [
  ["accept", "application/json"],
  ["accept", "*/*"],
  ["accept", "text/event-stream"],
  ["accept", "text/html"],
  ["content-type", "text/plain"],
  ["content-type", "application/json; charset=utf-16"],
  ["content-type", "multipart/form-data; boundary=x"],
  ["content-type", "application/x-www-form-urlencoded"],
  ["origin", "https://evil.example"],
  ["origin", "null"],
  ["origin", PLACEHOLDERS.origin],
  ["host", "evil.example"],
  ["host", "localhost.evil.example"],
  ["host", "github-mcp-worker.octocat.workers.dev"],
  ["x-forwarded-host", "evil.example"],
  ["x-forwarded-proto", "https"],
  ["forwarded", "host=evil.example"],
  ["x-original-url", "/token"],
  ["x-http-method-override", "DELETE"],
  ["mcp-protocol-version", "2025-11-25"],
  ["mcp-protocol-version", "2025-03-26"],
  ["mcp-protocol-version", "2026-07-28"],
  ["mcp-protocol-version", "1999-01-01"],
  ["mcp-method", "tools/call"],
  ["mcp-name", "add"],
  ["last-event-id", "1"],
  ["last-event-id", "streamable-http:x:y"],
  ["x-mcp-call", JSON.stringify({ caller: { identity: { login: "hubot" } } })],
  ["x-agents-lifecycle-props", PROPS],
  ["x-agents-lifecycle-props", "%%%"],
  ["cf-mcp-method", "GET"],
  ["cf-mcp-message", "W10="],
  ["x-partykit-room", "streamable-http:x"],
  ["x-partykit-namespace", "SessionAgent"],
  ["cookie", "__Host-consent=x; __Host-upstream=y"],
  ["access-control-request-method", "POST"],
  ["access-control-request-headers", "authorization"],
  ["content-encoding", "gzip"],
  ["range", "bytes=0-1"],
  ["if-none-match", "*"],
  ["if-modified-since", "Sat, 21 Nov 2026 00:00:00 GMT"],
];

const NAMES = [...new Set(FAMOUS.map(([name]) => name))].filter((name) => name !== "host");

/** As bytes of Latin-1 that a header may hold: what else there is, Node.js does not send. */
function sendable(text: string): string {
  return text.replace(/[^\t\x20-\x7e\x80-\xff]/g, "").slice(0, 8000);
}

/** Two hosts get no further than the runtime, nor than any proxy (RFC 9112, section 3.2). */
function withOneHost(headers: readonly Header[]): readonly Header[] {
  const first = headers.findIndex(([name]) => name === "host");
  return headers.filter(([name], index) => name !== "host" || index === first);
}

/** Headers that come on top of what the request needs, some of them twice. */
export function oddHeaders(): fc.Arbitrary<readonly Header[]> {
  const odd = fc.tuple(fc.constantFrom(...NAMES), oddText().map(sendable));
  const header = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...FAMOUS) },
    { weight: 2, arbitrary: odd },
  );
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 3, arbitrary: fc.array(header, { minLength: 1, maxLength: 4 }).map(withOneHost) },
  );
}

/** What stands in `Authorization`, and is no token of anybody. */
export function oddAuthorization(): fc.Arbitrary<string> {
  const schemes = ["Bearer ", "bearer ", "Bearer", "Basic ", "Bearer  ", "DPoP ", ""];
  return fc
    .tuple(fc.constantFrom(...schemes), oddText().map(sendable))
    .map(([scheme, text]) => scheme + text);
}

export function oddSessionId(): fc.Arbitrary<string> {
  const forged = fc.constantFrom("attacker", `${"0".repeat(32)}-${"0".repeat(32)}`);
  return fc.oneof(forged, oddText().map(sendable));
}
