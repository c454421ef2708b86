import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { getAgentByName } from "agents";
import { McpAgent } from "agents/mcp";

export { AccountObject, GrantObject, OnceObject } from "../../../src/index.ts";

/** An agent that makes its tables itself, as the Agents library has it. Any request starts one. */
export class SessionAgent extends McpAgent<Env> {
  override server = new McpServer({ name: "bare", version: "1.0.0" });

  override async init(): Promise<void> {
    await this.schedule(3600, "rest");
  }

  async rest(): Promise<void> {}
}

export default {
  async fetch(_request, env) {
    const agents = env.MCP_OBJECT as unknown as DurableObjectNamespace<SessionAgent>;
    const agent = await getAgentByName(agents, "sse:bare");
    await agent.getInitializeRequest();
    return new Response();
  },
} satisfies ExportedHandler<Env>;
