import { createWorker } from "../../../src/worker.ts";

export { AccountObject, GrantObject, OnceObject, SessionAgent } from "../../../src/index.ts";

/** As the Worker answers `add`, to the byte, but for whose sum it is. */
const SUM = 1_000_000;
const ANSWER = {
  result: {
    content: [{ type: "text", text: String(SUM) }],
    structuredContent: { sum: SUM },
    resultType: "complete",
    _meta: {
      "io.modelcontextprotocol/serverInfo": {
        name: "github-mcp-worker",
        title: "GitHub MCP Worker",
        version: "0.1.0",
      },
    },
  },
  jsonrpc: "2.0",
  id: 1,
};

/**
 * The Worker with all that stands in front of the protocol, and a constant behind it: what the
 * checks cost by themselves.
 */
const answer = async () => Response.json(ANSWER);

export default createWorker({ mcp: () => ({ streamable: answer, sse: answer }) });
