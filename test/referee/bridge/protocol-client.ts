import { type OnRequest, type Params, RpcError, StdioRpc } from "../../support/stdio-rpc.ts";

const STATELESS = "2026-07-28";
const UNSUPPORTED_VERSION = -32_022;
const INFO = { name: "bridge-driver", version: "1.0.0" };
const CAPABILITIES = { elicitation: {}, sampling: {}, roots: {} };

/** What an elicitation's schema says of one field. */
interface Field {
  readonly default?: unknown;
}

/** A person who accepts whatever is asked, with the defaults that the form came with. */
const onRequest: OnRequest = (method, params) => {
  if (method !== "elicitation/create") return {};
  const { properties = {} } = (params["requestedSchema"] ?? {}) as {
    properties?: Record<string, Field>;
  };
  const defaults = Object.entries(properties).filter(([, field]) => "default" in field);
  const content = Object.fromEntries(defaults.map(([name, field]) => [name, field.default]));
  return { action: "accept", content };
};

/** An MCP client of one revision, as thin as can be: what the referee sees is the bridge's doing. */
export class ProtocolClient {
  readonly #rpc: StdioRpc;
  #version: string;

  constructor(command: readonly string[], env: NodeJS.ProcessEnv, version: string) {
    this.#rpc = new StdioRpc({ command, env, onRequest });
    this.#version = version;
  }

  get #isStateless(): boolean {
    return this.#version >= STATELESS;
  }

  /** Opens a session, or asks who is there. */
  async open(): Promise<void> {
    if (this.#isStateless) {
      await this.request("server/discover");
      return;
    }
    await this.#rpc.request("initialize", {
      protocolVersion: this.#version,
      capabilities: CAPABILITIES,
      clientInfo: INFO,
    });
    this.#rpc.notify("notifications/initialized");
  }

  /** One request of the revision. In the stateless one it takes the version that both sides speak. */
  async request(method: string, params: Params = {}): Promise<Record<string, unknown>> {
    if (!this.#isStateless) return this.#rpc.request(method, params);
    try {
      return await this.#rpc.request(method, this.#enveloped(params));
    } catch (error) {
      if (!(error instanceof RpcError) || error.fault.code !== UNSUPPORTED_VERSION) throw error;
      const version = error.fault.data?.supported?.find((supported) => supported >= STATELESS);
      if (version === undefined) throw error;
      this.#version = version;
      return this.#rpc.request(method, this.#enveloped(params));
    }
  }

  close(): Promise<number | null> {
    return this.#rpc.close();
  }

  #enveloped(params: Params): Params {
    return {
      ...params,
      _meta: {
        "io.modelcontextprotocol/protocolVersion": this.#version,
        "io.modelcontextprotocol/clientInfo": INFO,
        "io.modelcontextprotocol/clientCapabilities": CAPABILITIES,
      },
    };
  }
}
