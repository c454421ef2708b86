import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Json = Record<string, unknown>;

/** What a server answers, in place of what it would. */
interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface SignInServerOptions {
  /** Changes the documents: RFC 9728 and RFC 8414. */
  resourceMetadata?: (document: Json) => Json;
  metadata?: (document: Json) => Json;
  /** Seconds. */
  lifetime?: number;
  /** Whether grants come with refresh tokens. */
  refreshTokens?: boolean;
  /** The parameters that the browser brings back, given those that are right. */
  callback?: (parameters: Record<string, string>) => Record<string, string>;
  /** What the page answers, in place of sending the browser back. */
  page?: () => Answer | undefined;
  /** What these endpoints answer, in place of what is right. */
  token?: (form: URLSearchParams) => Answer | undefined;
  register?: (client: Json) => Answer | undefined;
  /** The scope that a method needs, where the token has no other. */
  scopeFor?: (method: string) => string | undefined;
  /** The scopes that are granted of those asked for. */
  granted?: (scopes: string[]) => string[];
  /** The scope that a 401 names. */
  challengeScope?: string;
}

interface Grant {
  scopes: string[];
  challenge?: string;
  redirectUri?: string;
}

/** An MCP server on loopback that is its own authorization server, and notes what it was asked. */
export interface SignInServer {
  readonly url: string;
  readonly origin: string;
  options: SignInServerOptions;
  readonly registrations: Json[];
  readonly authorizations: URLSearchParams[];
  /** The forms that came to the token endpoint, and to the one for revocation. */
  readonly tokenCalls: URLSearchParams[];
  readonly revocations: URLSearchParams[];
  /** Everything else that was asked for: method and path. */
  readonly seen: string[];
  /** What a token endpoint saw in `Authorization`. */
  readonly tokenAuthorizations: (string | undefined)[];
  /** Every secret that was given out. */
  readonly secrets: string[];
  /** The access tokens of requests. */
  readonly presented: (string | undefined)[];
  /** From here on no access token so far is good. */
  endTokens(): void;
  /** From here on no refresh token so far is good. */
  endRefreshTokens(): void;
  forgetClients(): void;
  grants(kind: string): number;
  close(): Promise<void>;
}

export async function startSignInServer(options: SignInServerOptions = {}): Promise<SignInServer> {
  const clients = new Map<string, Json>();
  const codes = new Map<string, Grant>();
  const access = new Map<string, { scopes: string[]; end: number }>();
  const refresh = new Map<string, string[]>();
  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const made: SignInServer = {
    url: `${origin}/mcp`,
    origin,
    options,
    registrations: [],
    authorizations: [],
    tokenCalls: [],
    revocations: [],
    seen: [],
    tokenAuthorizations: [],
    secrets: [],
    presented: [],
    endTokens: () => access.clear(),
    endRefreshTokens: () => refresh.clear(),
    forgetClients: () => clients.clear(),
    grants: (kind) => made.tokenCalls.filter((form) => form.get("grant_type") === kind).length,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };

  const secret = (kind: string): string => {
    const text = `${kind}-${randomUUID()}`;
    made.secrets.push(text);
    return text;
  };

  const resourceMetadata = (): Json => ({
    resource: made.url,
    authorization_servers: [origin],
  });

  const metadata = (): Json => ({
    issuer: origin,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    registration_endpoint: `${origin}/register`,
    revocation_endpoint: `${origin}/revoke`,
    response_types_supported: ["code"],
    code_challenge_methods_supported: ["S256"],
    token_endpoint_auth_methods_supported: ["none", "client_secret_basic"],
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: true,
  });

  function register(client: Json): Answer {
    made.registrations.push(client);
    const instead = made.options.register?.(client);
    if (instead) return instead;
    const id = `client-${randomUUID()}`;
    clients.set(id, client);
    return { status: 201, body: { ...client, client_id: id } };
  }

  function authorize(query: URLSearchParams): Answer {
    made.authorizations.push(query);
    const instead = made.options.page?.();
    if (instead) return instead;
    const id = query.get("client_id") ?? "";
    const redirectUri = query.get("redirect_uri") ?? "";
    const client = clients.get(id);
    const isRegistered = client && (client["redirect_uris"] as string[]).includes(redirectUri);
    if (!isRegistered && !id.startsWith("https:") && !id.startsWith("given"))
      return { status: 400, body: "This client is not known here." };
    const code = secret("code");
    const asked = (query.get("scope") ?? "").split(" ").filter(Boolean);
    const challenge = query.get("code_challenge");
    codes.set(code, {
      scopes: made.options.granted?.(asked) ?? asked,
      ...(challenge !== null && { challenge }),
      redirectUri,
    });
    const right = { code, state: query.get("state") ?? "", iss: origin };
    const back = new URL(redirectUri);
    for (const [name, value] of Object.entries(made.options.callback?.(right) ?? right))
      back.searchParams.set(name, value);
    return { status: 302, headers: { location: back.href } };
  }

  function token(form: URLSearchParams): Answer {
    made.tokenCalls.push(form);
    const instead = made.options.token?.(form);
    if (instead) return instead;
    const scopes = form.get("grant_type") === "refresh_token" ? byRefreshToken(form) : byCode(form);
    if (!scopes) return { status: 400, body: { error: "invalid_grant" } };
    const accessToken = secret("access");
    const { lifetime = 3600, refreshTokens = true } = made.options;
    access.set(accessToken, { scopes, end: Date.now() + lifetime * 1000 });
    const body: Json = {
      access_token: accessToken,
      token_type: "Bearer",
      expires_in: lifetime,
      scope: scopes.join(" "),
    };
    if (refreshTokens) {
      const next = secret("refresh");
      refresh.set(next, scopes);
      body["refresh_token"] = next;
    }
    return { status: 200, body };
  }

  function byCode(form: URLSearchParams): string[] | undefined {
    const code = form.get("code") ?? "";
    const grant = codes.get(code);
    codes.delete(code);
    const verifier = form.get("code_verifier") ?? "";
    const isProven =
      grant?.challenge === createHash("sha256").update(verifier).digest("base64url") &&
      grant.redirectUri === form.get("redirect_uri");
    return isProven ? grant.scopes : undefined;
  }

  /** Each refresh token is good once. */
  function byRefreshToken(form: URLSearchParams): string[] | undefined {
    const old = form.get("refresh_token") ?? "";
    const scopes = refresh.get(old);
    refresh.delete(old);
    return scopes;
  }

  function revoke(form: URLSearchParams): Answer {
    made.revocations.push(form);
    access.delete(form.get("token") ?? "");
    refresh.delete(form.get("token") ?? "");
    return { status: 200 };
  }

  function mcp(authorization: string | undefined, message: Json): Answer {
    const given = authorization?.replace(/^Bearer /, "");
    made.presented.push(given);
    const grant = access.get(given ?? "");
    const { challengeScope, scopeFor } = made.options;
    const where = `resource_metadata="${origin}/.well-known/oauth-protected-resource/mcp"`;
    const scope = challengeScope === undefined ? "" : `, scope="${challengeScope}"`;
    if (!grant || grant.end <= Date.now())
      return { status: 401, headers: { "www-authenticate": `Bearer ${where}${scope}` } };
    const needed = scopeFor?.(String(message["method"]));
    if (needed !== undefined && !grant.scopes.includes(needed)) {
      const challenge = `Bearer error="insufficient_scope", scope="${needed}", ${where}`;
      return { status: 403, headers: { "www-authenticate": challenge } };
    }
    if (message["id"] === undefined) return { status: 202 };
    return { status: 200, body: { jsonrpc: "2.0", id: message["id"], result: resultOf(message) } };
  }

  async function answer(request: IncomingMessage): Promise<Answer> {
    const { pathname, searchParams } = new URL(request.url ?? "/", origin);
    const { authorization } = request.headers;
    let text = "";
    for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
    if (request.method === "GET") {
      if (pathname === "/.well-known/oauth-protected-resource/mcp")
        return { status: 200, body: (made.options.resourceMetadata ?? same)(resourceMetadata()) };
      if (pathname === "/.well-known/oauth-authorization-server")
        return { status: 200, body: (made.options.metadata ?? same)(metadata()) };
      if (pathname === "/authorize") return authorize(searchParams);
    }
    if (request.method === "POST") {
      if (pathname === "/mcp") return mcp(authorization, JSON.parse(text) as Json);
      if (pathname === "/register") return register(JSON.parse(text) as Json);
      if (pathname === "/token") {
        made.tokenAuthorizations.push(authorization);
        return token(new URLSearchParams(text));
      }
      if (pathname === "/revoke") return revoke(new URLSearchParams(text));
    }
    made.seen.push(`${request.method} ${pathname}`);
    return { status: pathname === "/mcp" ? 405 : 404 };
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body, headers } = await answer(request);
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : body && JSON.stringify(body));
  }

  return made;
}

const same = (document: Json): Json => document;

function resultOf({ method }: Json): Json {
  if (method === "initialize") {
    return {
      protocolVersion: "2025-11-25",
      capabilities: { tools: {} },
      serverInfo: { name: "sign-in", version: "1.0.0" },
    };
  }
  return method === "tools/list" ? { tools: [] } : {};
}
