import { Agent, type AgentMcpOAuthProvider, routeAgentRequest } from "agents";
import { DurableObjectOAuthClientProvider } from "agents/mcp/do-oauth-client-provider";

/** What a test asks the agent to do. */
type Question =
  | { do: "add server"; url: string; options: Parameters<GuestAgent["addMcpServer"]>[2] }
  | { do: "list tools" }
  | { do: "call tool"; name: string; args: Record<string, unknown> };

class CountingProvider extends DurableObjectOAuthClientProvider {
  override async redirectToAuthorization(url: URL): Promise<void> {
    const before = (await this.storage.get<number>("sign-ins")) ?? 0;
    await this.storage.put("sign-ins", before + 1);
    return super.redirectToAuthorization(url);
  }
}

/**
 * An agent that is a guest of one MCP server, with the client and the OAuth callback that the Agents
 * SDK gives to all its agents. It answers questions that are posted to it, and says with each answer
 * how often it has sent the person to sign in.
 */
export class GuestAgent extends Agent<Env> {
  override createMcpOAuthProvider(callbackUrl: string): AgentMcpOAuthProvider {
    return new CountingProvider(this.ctx.storage, this.name, callbackUrl);
  }

  override async onRequest(request: Request): Promise<Response> {
    const outcome = await this.#answer(await request.json()).then(
      (answer) => ({ answer }),
      (error: unknown) => ({ error: String(error) }),
    );
    const signIns = (await this.ctx.storage.get<number>("sign-ins")) ?? 0;
    return Response.json({ ...outcome, signIns });
  }

  async #answer(question: Question): Promise<unknown> {
    if (question.do === "add server") {
      return this.addMcpServer("github", question.url, question.options);
    }
    await this.mcp.waitForConnections();
    const { servers, tools } = this.getMcpServers();
    const [found] = Object.entries(servers);
    if (!found) throw new Error("It has no server.");
    const [serverId, { state, error }] = found;
    if (state !== "ready") throw new Error(`Its server is ${state}: ${error}`);
    return question.do === "list tools"
      ? tools.map(({ name }) => name)
      : this.mcp.callTool({ serverId, name: question.name, arguments: question.args });
  }
}

export default {
  async fetch(request, env) {
    const answer = await routeAgentRequest(request, env);
    return answer ?? new Response("No agent is there.", { status: 404 });
  },
} satisfies ExportedHandler<Env>;
