import * as fc from "fast-check";

import { type Json, mutatedFrom } from "./odd-json.ts";
import { oddText } from "./odd-text.ts";
import { PLACEHOLDERS } from "./placeholders.ts";

const ENVELOPE = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "hostile", version: "1.0.0" },
  "io.modelcontextprotocol/clientCapabilities": {},
};

const call = (method: string, params?: Json): Json => ({
  jsonrpc: "2.0",
  id: 7,
  method,
  ...(params !== undefined && { params }),
});

const initialize = (protocolVersion: string): Json =>
  call("initialize", {
    protocolVersion,
    capabilities: {},
    clientInfo: { name: "hostile", version: "1.0.0" },
  });

const toolCall = (name: string, args: Json): Json => call("tools/call", { name, arguments: args });

const stateless = (method: string, params: Record<string, Json> = {}): Json =>
  call(method, { ...params, _meta: ENVELOPE });

const IN_SESSIONS: readonly Json[] = [
  call("ping"),
  call("tools/list", {}),
  toolCall("add", { a: 1, b: 2 }),
  toolCall("add", { a: 1e308, b: 1e308 }),
  toolCall("nothing", {}),
  toolCall("generateImage", { prompt: "x", steps: 4 }),
  call("resources/list"),
  call("resources/read", { uri: "file:///etc/passwd" }),
  call("prompts/get", { name: "x" }),
  call("logging/setLevel", { level: "debug" }),
  call("completion/complete", { ref: { type: "ref/prompt", name: "x" }, argument: {} }),
  { jsonrpc: "2.0", method: "notifications/initialized" },
  { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 7, reason: "x" } },
  { jsonrpc: "2.0", method: "notifications/progress", params: { progressToken: 1, progress: 1 } },
  { jsonrpc: "2.0", id: 7, result: {} },
  { jsonrpc: "2.0", id: 7, error: { code: -1, message: "x" } },
];

/** These open something, or ask GitHub: rarer, because they cost more than an answer. */
const EXPENSIVE: readonly Json[] = [
  initialize("2025-11-25"),
  initialize("2025-03-26"),
  initialize("2024-11-05"),
  toolCall("userInfoOctokit", {}),
  toolCall("getGithubReadme", { repositoryUrl: "octocat/hello-world" }),
  stateless("tools/call", { name: "userInfoOctokit", arguments: {} }),
  stateless("subscriptions/listen", { notifications: { toolsListChanged: true } }),
];

const STATELESS: readonly Json[] = [
  stateless("server/discover"),
  stateless("tools/list"),
  stateless("tools/call", { name: "add", arguments: { a: 1, b: 2 } }),
  stateless("ping"),
];

/** JSON-RPC as MCP clients send it, and as they do not. */
export function rpcMessage(): fc.Arbitrary<Json> {
  const readme = oddText().map((url) => toolCall("getGithubReadme", { repositoryUrl: url }));
  const valid = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...IN_SESSIONS) },
    { weight: 6, arbitrary: fc.constantFrom(...STATELESS) },
    { weight: 1, arbitrary: fc.constantFrom(...EXPENSIVE) },
    { weight: 1, arbitrary: readme },
  );
  const message = mutatedFrom(valid);
  return fc.oneof(
    { weight: 9, arbitrary: message },
    { weight: 1, arbitrary: fc.array(message, { maxLength: 5 }) },
  );
}

const REGISTRATION: Json = {
  client_name: "Hostile client",
  redirect_uris: [PLACEHOLDERS.redirectUri],
  token_endpoint_auth_method: "none",
  grant_types: ["authorization_code", "refresh_token"],
  response_types: ["code"],
  client_uri: "https://client.example/",
  logo_uri: "https://client.example/logo.png",
  scope: "mcp:tools",
};

/** Client metadata for `/register`. */
export function registration(): fc.Arbitrary<Json> {
  return mutatedFrom(fc.constant(REGISTRATION));
}
