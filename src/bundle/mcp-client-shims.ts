/**
 * What the MCP client that `agents` brings takes from its runtime, which is the same as in its own
 * `shimsWorkerd.mjs`, but for two things: it does not build the client's schemas at start-up, since no
 * client ever starts here, and its validator is the server's, whose copy is the same.
 */
export { CfWorkerJsonSchemaValidator as DefaultJsonSchemaValidator } from "@modelcontextprotocol/server/validators/cf-worker";

/** Workers have no CORS. */
export const CORS_IS_POSSIBLE = false;
