import type { OAuthAuthorizationServer } from "@cloudflare/workers-oauth-provider";

import { githubTokens } from "./auth/github-token.ts";
import { googleIdTokens } from "./auth/google-id-token.ts";
import { oauthTokens } from "./auth/oauth-token.ts";
import { serviceTokens } from "./auth/service-token.ts";
import type { Config } from "./config.ts";
import { clientAddress } from "./limits/client-address.ts";
import { type Limit, type RateLimits, rateLimits } from "./limits/rate-limits.ts";
import type { CallContexts } from "./mcp/call-context.ts";
import type { McpParts, McpService } from "./mcp/mcp-service.ts";
import { protectedResource } from "./mcp/protected-resource.ts";
import type { RegisterStateless } from "./mcp/register-tools.ts";
import { answeringFaults } from "./oauth/answer-faults.ts";
import {
  authorizationServer,
  type OAuthEndpoint,
  resourcesOf,
  tokenValidator,
} from "./oauth/authorization-server.ts";
import { tooManyOAuthRequests } from "./oauth/oauth-refusal.ts";
import { registerOnce } from "./oauth/register-once.ts";
import { registrationEndpoint } from "./oauth/registration-endpoint.ts";
import { signInPages } from "./oauth/sign-in-pages.tsx";
import { tokenEndpoint } from "./oauth/token-endpoint.ts";
import { accountPages } from "./pages/account/account-pages.tsx";
import { isAccountState } from "./pages/account/account-sign-in.ts";
import { landing, methodNotAllowed, tooManyRequests } from "./pages/answers.tsx";
import { serveIcon } from "./pages/icon.ts";
import { serveStylesheet } from "./pages/stylesheet.ts";

export type Service = (
  request: Request,
  env: Env,
  ctx: ExecutionContext,
) => Response | Promise<Response>;

/** A path and what answers there. */
type Route = readonly [path: string, service: Service];

const RESOURCE_METADATA = "/.well-known/oauth-protected-resource";

/** What everything under one origin is made of. */
export interface Site {
  readonly config: Config;
  readonly env: Env;
  readonly origin: string;
  readonly contexts: CallContexts;
  readonly registerStateless: RegisterStateless;
  /** What answers verified requests to MCP. */
  mcp(parts: McpParts): McpService;
}

/** A site with what its routes share. */
interface OpenSite extends Site {
  readonly server: OAuthAuthorizationServer<Env>;
  readonly limits: RateLimits;
}

/** A service that answers 405 to all methods but its own, before it sees the request. */
function only(allow: string, service: Service): Service {
  const methods = new Set(allow.split(", "));
  return (request, env, ctx) =>
    methods.has(request.method) ? service(request, env, ctx) : methodNotAllowed(allow);
}

/** A service that refuses whoever asks too often from one address. */
function limited(limit: Limit, refuse: (request: Request) => Response, service: Service) {
  return async (...[request, env, ctx]: Parameters<Service>): Promise<Response> =>
    (await limit.admits(clientAddress(request))) ? service(request, env, ctx) : refuse(request);
}

const READ = "GET, HEAD";

/** GET on `/` is a page for people, unless an MCP client opens or ends a session there. */
function isForMcp(request: Request): boolean {
  if (request.method === "GET" || request.method === "HEAD") {
    const accepts = request.headers.get("accept") ?? "";
    return accepts.includes("text/event-stream") || request.headers.has("mcp-session-id");
  }
  return true;
}

/** Three addresses of MCP for clients of every era, each with its metadata; the start page for people. */
function mcpRoutes(site: OpenSite): Route[] {
  const { config, env, origin, contexts, registerStateless, server, limits } = site;
  const mcp = site.mcp({
    register: registerStateless,
    contexts,
    sessions: env.MCP_OBJECT,
    secrets: config.serverSecrets,
    limits,
  });
  const shared = {
    origin,
    allowedOrigins: config.allowedOrigins,
    limits,
    waysIn: [
      oauthTokens(tokenValidator(server, origin, config)),
      serviceTokens(),
      githubTokens(config),
      googleIdTokens(config),
    ],
  };
  const [mcpUrl, sseUrl, rootUrl] = resourcesOf(origin);
  const streamable = protectedResource({ ...shared, resource: mcpUrl, serve: mcp.streamable });
  const sse = protectedResource({ ...shared, resource: sseUrl, serve: mcp.sse });
  const root = protectedResource({ ...shared, resource: rootUrl, serve: mcp.streamable });
  const tools = contexts.tools.filter(({ isOffered }) => isOffered === undefined);
  const startPage = { origin, githubUrl: config.github.url, tools };

  return [
    ["/mcp", streamable.fetch],
    ["/sse", sse.fetch],
    ["/sse/message", sse.fetch],
    [
      "/",
      (request, env, ctx) =>
        isForMcp(request) ? root.fetch(request, env, ctx) : landing(startPage),
    ],
    [`${RESOURCE_METADATA}/mcp`, streamable.metadata],
    [`${RESOURCE_METADATA}/sse`, sse.metadata],
    [RESOURCE_METADATA, root.metadata],
  ];
}

/** The authorization server, and the account page. */
function signInRoutes({ config, origin, server, limits }: OpenSite): Route[] {
  const page = (service: Service) => limited(limits.address, tooManyRequests, service);
  const endpoint = (service: Service) =>
    answeringFaults(limited(limits.address, tooManyOAuthRequests, service));

  const oauth: OAuthEndpoint = (request, env, ctx) => server.fetch(request, env, ctx);
  const pages = signInPages({ config, origin, server });
  const signIn: Service = (request, env, ctx) => pages.fetch(request, env, ctx);
  const accounts = accountPages({ config, origin });
  const account: Service = (request, env, ctx) => accounts.fetch(request, env, ctx);

  const consent = page(signIn);
  const newConsent = limited(limits.authorization, tooManyRequests, signIn);
  const authorize: Service = (request, env, ctx) =>
    request.method === "POST" ? consent(request, env, ctx) : newConsent(request, env, ctx);
  const callback: Service = (request, env, ctx) =>
    isAccountState(request) ? account(request, env, ctx) : signIn(request, env, ctx);

  return [
    ["/.well-known/oauth-authorization-server", oauth],
    ["/token", endpoint(tokenEndpoint(oauth, limits))],
    ["/register", endpoint(registrationEndpoint(registerOnce(oauth, limits)))],
    ["/authorize", only(`${READ}, POST`, authorize)],
    ["/callback", only(READ, page(callback))],
    ["/account", only(READ, page(account))],
    ["/account/sign-in", only("POST", page(account))],
    ["/account/revoke", only("POST", page(account))],
    ["/account/sign-out", only("POST", page(account))],
  ];
}

const FILES: readonly Route[] = [
  ["/style.css", only(READ, () => serveStylesheet())],
  ["/icon.svg", only(READ, () => serveIcon())],
];

/** Monitors ask here: it needs no settings, no host name and no storage. */
export const health = only(READ, () => Response.json({ status: "ok" }));

/** Everything that is served under one origin, as a table from path to service. */
export function routesOf(site: Site): ReadonlyMap<string, Service> {
  const server = authorizationServer(site.origin, site.config);
  const open = { ...site, server, limits: rateLimits(site.env) };
  return new Map([...mcpRoutes(open), ...signInRoutes(open), ...FILES]);
}
