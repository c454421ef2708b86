import { never, off } from "./guards.ts";
import type { SecurityCase } from "./security-case.ts";

const MCP = "src/mcp";
const LIMITS = "src/limits";
const SESSION_SDK = "node_modules/@modelcontextprotocol/sdk/dist/esm/server/mcp.js";

const inInput = (file: string, name: string) => ({ file: `workers/mcp-input/${file}`, name });

/** What a posted message can be. */
export const mcpMessageCases: readonly SecurityCase[] = [
  {
    id: "B9",
    threat: "A body that is not JSON, or JSON that is no message",
    answer: "400 with -32700 or -32600 on every road, before a session or a server sees it",
    tests: [inInput("json-rpc", "gets 400 and -32700"), inInput("json-rpc", "gets 400 and -32600")],
    guards: [
      [off(`${LIMITS}/read-body.ts`, "fatal: true", "fatal: false")],
      [
        off(
          `${MCP}/read-message.ts`,
          "if (!parsed) return parseError();",
          "if (!parsed) throw null;",
        ),
      ],
      [off(`${MCP}/rpc-messages.ts`, "if (!data) {", "if (!data) continue;\n    if (!data) {")],
    ],
  },
  {
    id: "B10",
    threat: "A batch carries more than was agreed on or checked",
    answer:
      "Only sessions of 2025-03-26, which must, take batches: of 20 messages at most, each checked for scopes",
    tests: [
      inInput("batch", "gets 400 and -32600"),
      inInput("batch", "gets 403, and runs nothing"),
      inInput("batch", "is answered message by message"),
    ],
    guards: [
      never(`${MCP}/rpc-messages.ts`, "isBatch && !isBatchAllowed"),
      never(`${MCP}/rpc-messages.ts`, "candidates.length > MAX_BATCH"),
      [off(`${MCP}/rpc-messages.ts`, "size < requests.length", "size < 0")],
      [off(`${MCP}/rpc-messages.ts`, "return version === BATCH_REVISION;", "return true;")],
      [off(`${MCP}/required-scopes.ts`, "messages.flatMap", "messages.slice(0, 1).flatMap")],
    ],
  },
  {
    id: "B11",
    threat: "A message nests so deep that whatever walks it by recursion crashes",
    answer: "400 past 64 levels, found in the text before it is parsed",
    tests: [inInput("json-rpc", "nest")],
    guards: [never(`${MCP}/read-message.ts`, "isNestedDeeperThan(MAX_JSON_DEPTH, text)")],
  },
  {
    id: "B18",
    threat: "Calls with the same id, under way at once in one session, get each other's answers",
    answer: "Each answer goes to the stream of the call that it answers",
    tests: [inInput("names-and-ids", "three calls with one id")],
    guards: [
      [
        off(
          `${MCP}/posting-agent.ts`,
          "if (own?.isWaitingFor(requestId) && this.#answers.has(own.id)) return own;",
          "",
        ),
      ],
    ],
  },
  {
    id: "B19",
    threat: "A tool, a method or an argument is named after something that every object has",
    answer: "A plain error, or an argument that is ignored",
    tests: [
      { file: "workers/mcp-input/names-and-ids", name: "__proto__" },
      inInput("names-and-ids", "toString"),
    ],
    guards: [never(SESSION_SDK, "!tool.enabled")],
  },
  {
    id: "B24",
    threat: "A client answers a request with an error, and waits for ever for what comes back",
    answer: "202, and the stream that the library opened is closed",
    tests: [
      inInput("json-rpc", "gets 202, and no stream"),
      inInput("batch", "gets 202 when it asks"),
    ],
    guards: [
      [off(`${MCP}/mcp-service.ts`, "? response : accepted(response)", "? response : response")],
    ],
  },
  {
    id: "B25",
    threat: "A request's id is too long for the session to remember, so that its stream never ends",
    answer: "400 for ids of more than 128 characters",
    tests: [inInput("json-rpc", "when its id has 200,000 characters")],
    guards: [[off(`${MCP}/rpc-messages.ts`, "id.length > MAX_ID_CHARACTERS", "id.length > 1e9")]],
  },
  {
    id: "B26",
    threat:
      "Params that a method does not take look like a fault of the server and recite its schema",
    answer: "400 with -32602, in our own words",
    tests: [inInput("json-rpc", "gets 400 and -32602")],
    guards: [never(`${MCP}/mcp-service.ts`, "method !== undefined")],
  },
];
