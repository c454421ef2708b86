import { never, off } from "./guards.ts";
import type { SecurityCase } from "./security-case.ts";

const MCP = "src/mcp";
const LIMITS = "src/limits";
const OAUTH_LIBRARY = "node_modules/@cloudflare/workers-oauth-provider/dist/oauth-provider.js";
const SESSION_LIBRARY = "node_modules/agents/dist/mcp/index.js";
const STATELESS_SDK = "node_modules/@modelcontextprotocol/server/dist/index.mjs";

const inInput = (file: string, name: string) => ({ file: `workers/mcp-input/${file}`, name });

/** What a request to an MCP endpoint can be before anybody reads its message. */
export const mcpRequestCases: readonly SecurityCase[] = [
  {
    id: "B1",
    threat:
      "A call without a token, or with one that is forged, doubled, misplaced or far too long",
    answer:
      "401 with a challenge that names the metadata; storage is asked for plausible tokens only",
    tests: [inInput("bearer", "answers 401"), inInput("bearer", "is accepted with the scheme")],
    guards: [
      [
        off(
          "src/auth/oauth-token.ts",
          "isCredential(token) && ACCESS_TOKEN.test(token)",
          "ACCESS_TOKEN.test(token)",
        ),
      ],
      [
        off(
          OAUTH_LIBRARY,
          "return /^Bearer[\\t ]+([^\\s,]+)$/i",
          "return /^Bearer[\\t ]+([^\\s,]+)/i",
        ),
      ],
      [
        off(
          OAUTH_LIBRARY,
          "return /^Bearer[\\t ]+([^\\s,]+)$/i",
          "return /^Bearer[\\t ]+([^\\s,]+)$/",
        ),
      ],
      [
        off(
          OAUTH_LIBRARY,
          "createBearerChallenge(url, validated, false)",
          "createBearerChallenge(url, validated, true)",
        ),
      ],
    ],
  },
  {
    id: "B6",
    threat: "A web page calls the server from a person's browser",
    answer: "403 for pages of foreign, opaque and malformed origins, before the token is looked at",
    tests: [inInput("page-origin", "gets 403 on every endpoint")],
    guards: [
      never(
        `${MCP}/protected-resource.ts`,
        "!isAllowedOrigin(pageOrigin, origin, options.allowedOrigins)",
      ),
      never(`${LIMITS}/origin.ts`, "url.origin !== header.toLowerCase()"),
      never(`${LIMITS}/origin.ts`, "!URL.canParse(header)"),
    ],
  },
  {
    id: "B7",
    threat: "A forged Host chooses issuer and audience",
    answer: "421 for hosts that are not served",
    tests: [{ file: "workers/hosts", name: "answers 421" }],
    guards: [
      [
        off(
          `${LIMITS}/served-origin.ts`,
          "return url.host === new URL(publicUrl).host ? publicUrl : undefined;",
          "return publicUrl;",
        ),
      ],
      [
        off(
          `${LIMITS}/served-origin.ts`,
          "return isWorkersDev ? `https://${url.host}` : undefined;",
          "return `https://${url.host}`;",
        ),
      ],
    ],
  },
  {
    id: "B8",
    threat: "A body that is huge, or that never ends",
    answer: "413 past 1 MiB of real bytes, 408 after 15 seconds; what is too much is dropped",
    tests: [inInput("body", "gets 413 when it has"), inInput("body", "gets 408 after")],
    guards: [
      [off(`${LIMITS}/read-body.ts`, "if (seen > bytes)", "if (seen > 1e9)")],
      [off(`${LIMITS}/read-body.ts`, "work(found), milliseconds", "work(found), 1e9")],
    ],
  },
  {
    id: "B13",
    threat: "A session id that is far too long, or no id at all",
    answer: "404 by its form, before an object is looked up",
    tests: [inInput("headers", "a session id of")],
    guards: [
      [off(`${MCP}/session-id.ts`, "if (!random || !tag) return false", "if (!tag) return true")],
    ],
  },
  {
    id: "B14",
    threat: "A request in a form that no client uses, such as a page's form or another method",
    answer: "415 for anything but JSON, 406 without both types of answers, 405 with Allow",
    tests: [
      inInput("headers", "gets 415"),
      inInput("headers", "gets 406"),
      inInput("headers", "is refused with 406"),
      inInput("headers", "answers 405"),
    ],
    guards: [
      never(`${MCP}/read-message.ts`, '!isJsonContentType(request.headers.get("content-type"))'),
      never(`${MCP}/mcp-service.ts`, "!takesEveryAnswer(request)"),
      never(SESSION_LIBRARY, '!request.headers.get("accept")?.includes("text/event-stream")'),
      [
        off(
          `${MCP}/mcp-service.ts`,
          'methodNotAllowed("POST, GET, DELETE")',
          "guard.streamable(toSession(incoming))",
        ),
      ],
      never(`${MCP}/mcp-service.ts`, "request.method !== method"),
    ],
  },
  {
    id: "B15",
    threat: "A session speaks a protocol version that does not exist",
    answer: "400 that names the versions there are; another version that exists changes nothing",
    tests: [inInput("headers", "MCP-Protocol-Version in a session gets 400")],
    guards: [
      [
        off(
          `${MCP}/session-guard.ts`,
          "return version === null || SUPPORTED_PROTOCOL_VERSIONS.includes(version);",
          "return version === null || SUPPORTED_PROTOCOL_VERSIONS.length > 0;",
        ),
      ],
    ],
  },
  {
    id: "B16",
    threat: "A stateless request whose headers tell a proxy something else than its body tells us",
    answer: "400 with -32020, -32022 or -32602, 404 for unknown methods, 405 for GET and DELETE",
    tests: [{ file: "workers/mcp-input/stateless-headers" }],
    guards: [
      never(STATELESS_SDK, "stdHeaderRejection !== void 0"),
      never(
        STATELESS_SDK,
        "claimedRevision === void 0 || !SUPPORTED_MODERN_PROTOCOL_VERSIONS.includes(claimedRevision)",
      ),
      never(
        `${MCP}/plain-call.ts`,
        'headers.get("mcp-method") !== message.method || headers.get("mcp-name") !== name',
      ),
      never(`${MCP}/plain-call.ts`, "!saysStateless(version, posted)"),
      [
        off(
          `${MCP}/plain-call.ts`,
          "return hasRightEnvelope(message, version) ? message : undefined;",
          "return message;",
        ),
      ],
      never(`${MCP}/mcp-service.ts`, "await isStatelessRequest(request)"),
      [
        off(
          `${MCP}/mcp-service.ts`,
          "(await isStatelessRequest(request, posted))",
          '(await isStatelessRequest(request, posted)) && !request.headers.has("mcp-session-id")',
        ),
      ],
    ],
  },
];
