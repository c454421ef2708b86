import { checkPrincipals } from "./auth/google-principals.ts";
import { loadConfig } from "./config.ts";
import { shareTimer } from "./deadline.ts";
import { servedOrigin } from "./limits/served-origin.ts";
import { describeError, log, logCrash } from "./log.ts";
import { callContexts } from "./mcp/call-context.ts";
import { mcpService } from "./mcp/mcp-service.ts";
import { registerStatelessTools } from "./mcp/register-tools.ts";
import { ownResponse } from "./own-response.ts";
import {
  misconfigured,
  notFound,
  serverError,
  storageOutage,
  wrongHost,
} from "./pages/answers.tsx";
import {
  inRequest,
  newRequest,
  REQUEST_ID_HEADER,
  type RequestContext,
} from "./request-context.ts";
import { health, routesOf, type Service, type Site as SiteParts } from "./routes.ts";
import { isStorageFault, steadyEnv } from "./storage.ts";

/** Enough for a preview or two beside the real address; each is small, and hosts are few. */
const MAX_SITES = 16;

/** What a Worker may have of its own: other tools, or something else behind the token. */
export type WorkerParts = Pick<SiteParts, "registerStateless" | "mcp">;

const PARTS: WorkerParts = { registerStateless: registerStatelessTools, mcp: mcpService };

/** What answers a request to this address. */
type Site = (url: URL, ...request: Parameters<Service>) => ReturnType<Service>;

/** Builds the Worker once an isolate. Throws `ConfigError`. */
function assemble(env: Env, parts: WorkerParts): Site {
  const config = loadConfig(env);
  checkPrincipals(config.google.principals);
  const contexts = callContexts(config, env);
  const sites = new Map<string, ReadonlyMap<string, Service>>();

  function routesAt(origin: string): ReadonlyMap<string, Service> {
    const known = sites.get(origin);
    if (known) return known;
    if (sites.size >= MAX_SITES) sites.clear();
    const routes = routesOf({ config, env, origin, contexts, ...parts });
    sites.set(origin, routes);
    return routes;
  }

  return (url, request, env, ctx) => {
    const origin = servedOrigin(url, config.publicUrl);
    if (origin === undefined) return wrongHost();
    if (url.origin !== origin) return Response.redirect(origin + url.pathname + url.search, 308);
    const service = routesAt(origin).get(url.pathname);
    return service ? service(request, env, ctx) : notFound();
  };
}

/** Every answer names its request, as the log lines about it do. */
function withRequestId(response: Response, { requestId }: RequestContext): Response {
  const answer = ownResponse(response);
  answer.headers.set(REQUEST_ID_HEADER, requestId);
  return answer;
}

/** The Worker's fetch handler: settings first, then the host, then the route table. */
export function createWorker(own: Partial<WorkerParts> = {}) {
  const parts = { ...PARTS, ...own };
  let site: Site | undefined;

  async function answer(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    try {
      site ??= assemble(env, parts);
    } catch (error) {
      log("error", "misconfigured", { error: describeError(error) });
      return misconfigured();
    }
    try {
      const url = new URL(request.url);
      if (url.pathname === "/health") return await health(request, env, ctx);
      return await site(url, request, steadyEnv(env), ctx);
    } catch (error) {
      logCrash("crashed", error);
      return isStorageFault(error) ? storageOutage() : serverError();
    }
  }

  return {
    fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
      const context = newRequest();
      shareTimer(context);
      return inRequest(context, async () =>
        withRequestId(await answer(request, env, ctx), context),
      );
    },
  } satisfies ExportedHandler<Env>;
}
