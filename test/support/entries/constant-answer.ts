import { createWorker } from "../../../src/worker.ts";

export { AccountObject, GrantObject, OnceObject, SessionAgent } from "../../../src/index.ts";

/**
 * The Worker with all that stands in front of the protocol, and a constant behind it: what the
 * checks cost by themselves.
 */
const answer = async () => Response.json({ jsonrpc: "2.0", id: 0, result: {} });

export default createWorker({ mcp: () => ({ streamable: answer, sse: answer }) });
