import { type Config, loadConfig } from "./config.ts";
import { servedOrigin } from "./limits/served-origin.ts";
import { describeError, log, logCrash } from "./log.ts";
import { callContexts } from "./mcp/call-context.ts";
import { mcpService } from "./mcp/mcp-service.ts";
import { protectedResource } from "./mcp/protected-resource.ts";
import { type RegisterStateless, registerStatelessTools } from "./mcp/register-tools.ts";
import { authorizationServer, resourcesOf, tokenValidator } from "./oauth/authorization-server.ts";
import { registrationEndpoint } from "./oauth/registration-endpoint.ts";
import { signInPages } from "./oauth/sign-in-pages.tsx";
import { tokenEndpoint } from "./oauth/token-endpoint.ts";
import { accountPages } from "./pages/account/account-pages.tsx";
import { isAccountState } from "./pages/account/account-sign-in.ts";
import {
  landing,
  methodNotAllowed,
  misconfigured,
  notFound,
  serverError,
  wrongHost,
} from "./pages/answers.tsx";
import { serveIcon } from "./pages/icon.ts";
import { serveStylesheet } from "./pages/stylesheet.ts";
import { tools } from "./tools/index.ts";

type Service = (request: Request, env: Env, ctx: ExecutionContext) => Response | Promise<Response>;

/** Enough for a preview or two beside the real address; each is small, and hosts are few. */
const MAX_SITES = 16;

const RESOURCE_METADATA = "/.well-known/oauth-protected-resource";

export interface WorkerParts {
  readonly registerStateless: RegisterStateless;
}

/** A service that answers 405 to all methods but its own, before it sees the request. */
function only(allow: string, service: Service): Service {
  const methods = new Set(allow.split(", "));
  return (request, env, ctx) =>
    methods.has(request.method) ? service(request, env, ctx) : methodNotAllowed(allow);
}

const READ = "GET, HEAD";

const health = only(READ, () => Response.json({ status: "ok" }));

/** GET on `/` is a page for people, unless an MCP client opens or ends a session there. */
function isForMcp(request: Request): boolean {
  if (request.method === "GET" || request.method === "HEAD") {
    const accepts = request.headers.get("accept") ?? "";
    return accepts.includes("text/event-stream") || request.headers.has("mcp-session-id");
  }
  return true;
}

/** Everything that is served under one origin, as a table from path to service. */
function createSite(
  config: Config,
  env: Env,
  origin: string,
  parts: WorkerParts,
): Map<string, Service> {
  const server = authorizationServer(origin);
  const oauth = (request: Request, env: Env, ctx: ExecutionContext) =>
    server.fetch(request, env, ctx);
  const pages = signInPages({ config, origin, server });
  const signIn: Service = (request, env) => pages.fetch(request, env);
  const accounts = accountPages({ config, origin });
  const account: Service = (request, env, ctx) => accounts.fetch(request, env, ctx);
  const callback: Service = (request, env, ctx) =>
    isAccountState(request) ? account(request, env, ctx) : signIn(request, env, ctx);
  const mcp = mcpService({
    register: parts.registerStateless,
    contexts: callContexts(config, env),
    sessions: env.MCP_OBJECT,
    secrets: config.serverSecrets,
  });

  const listed = tools.filter(({ isOffered }) => isOffered === undefined);

  const [mcpUrl, sseUrl, rootUrl] = resourcesOf(origin);
  const shared = {
    origin,
    allowedOrigins: config.allowedOrigins,
    validateToken: tokenValidator(server, origin),
  };
  const streamable = protectedResource({ ...shared, resource: mcpUrl, serve: mcp.streamable });
  const sse = protectedResource({ ...shared, resource: sseUrl, serve: mcp.sse });
  const root = protectedResource({ ...shared, resource: rootUrl, serve: mcp.streamable });

  return new Map<string, Service>([
    ["/mcp", streamable.fetch],
    ["/sse", sse.fetch],
    ["/sse/message", sse.fetch],
    [
      "/",
      (request, env, ctx) =>
        isForMcp(request)
          ? root.fetch(request, env, ctx)
          : landing({ origin, githubUrl: config.github.url, tools: listed }),
    ],
    [`${RESOURCE_METADATA}/mcp`, streamable.metadata],
    [`${RESOURCE_METADATA}/sse`, sse.metadata],
    [RESOURCE_METADATA, root.metadata],
    ["/.well-known/oauth-authorization-server", oauth],
    ["/token", tokenEndpoint(oauth)],
    ["/register", registrationEndpoint(oauth)],
    ["/authorize", only(`${READ}, POST`, signIn)],
    ["/callback", only(READ, callback)],
    ["/account", only(READ, account)],
    ["/account/sign-in", only("POST", account)],
    ["/account/revoke", only("POST", account)],
    ["/account/sign-out", only("POST", account)],
    ["/style.css", only(READ, () => serveStylesheet())],
    ["/icon.svg", only(READ, () => serveIcon())],
  ]);
}

/** Builds the Worker once an isolate. Throws `ConfigError`. */
function assemble(env: Env, parts: WorkerParts): Service {
  const config = loadConfig(env);
  const sites = new Map<string, Map<string, Service>>();

  function siteOf(origin: string): Map<string, Service> {
    const known = sites.get(origin);
    if (known) return known;
    if (sites.size >= MAX_SITES) sites.clear();
    const site = createSite(config, env, origin, parts);
    sites.set(origin, site);
    return site;
  }

  return (request, env, ctx) => {
    const origin = servedOrigin(request, config.publicUrl);
    if (origin === undefined) return wrongHost();
    const url = new URL(request.url);
    if (url.origin !== origin) return Response.redirect(origin + url.pathname + url.search, 308);
    const service = siteOf(origin).get(url.pathname);
    return service ? service(request, env, ctx) : notFound();
  };
}

/** The Worker's fetch handler: settings first, then the host, then the route table. */
export function createWorker(parts: WorkerParts = { registerStateless: registerStatelessTools }) {
  let service: Service | undefined;
  return {
    async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
      try {
        service ??= assemble(env, parts);
      } catch (error) {
        log("error", "misconfigured", { error: describeError(error) });
        return misconfigured();
      }
      try {
        if (new URL(request.url).pathname === "/health") return await health(request, env, ctx);
        return await service(request, env, ctx);
      } catch (error) {
        return serverError(logCrash("crashed", error));
      }
    },
  } satisfies ExportedHandler<Env>;
}
