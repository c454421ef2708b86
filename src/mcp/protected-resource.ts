import { insufficientScope, OAuthResourceServer } from "@cloudflare/workers-oauth-provider";

import { identityKey } from "../auth/identity.ts";
import type { WayIn } from "../auth/way-in.ts";
import { clientAddress } from "../limits/client-address.ts";
import { isAllowedOrigin } from "../limits/origin.ts";
import type { RateLimits } from "../limits/rate-limits.ts";
import { log, logCrash } from "../log.ts";
import { ownResponse } from "../own-response.ts";
import type { McpRequest } from "./mcp-service.ts";
import { originNotAllowed, serverFault, tooManyRequests, unavailable } from "./rpc-errors.ts";
import { isVerified, tokenLife, verifyToken } from "./verify-token.ts";

export interface ProtectedResourceOptions {
  /** The resource's identifier, which is the URL that clients are given (RFC 9728, RFC 8707). */
  readonly resource: string;
  readonly origin: string;
  readonly allowedOrigins: ReadonlySet<string>;
  readonly limits: RateLimits;
  /** How callers may prove who they are, in the order in which their tokens are recognised. */
  readonly waysIn: readonly WayIn[];
  serve(incoming: McpRequest): Promise<Response>;
}

export interface ProtectedResource {
  /** The MCP endpoint itself. */
  fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response>;
  /** Its RFC 9728 metadata, which any page may read. */
  metadata(request: Request, env: Env, ctx: ExecutionContext): Promise<Response>;
}

/** What any use of MCP needs. The library advertises it; the handler checks it. */
const BASELINE = ["mcp:tools"];

const CORS = {
  "Access-Control-Allow-Methods": "GET, POST, DELETE, OPTIONS",
  "Access-Control-Allow-Headers":
    "Authorization, Content-Type, Accept, Last-Event-ID, Mcp-Session-Id, MCP-Protocol-Version, Mcp-Method, Mcp-Name",
  "Access-Control-Expose-Headers": "Mcp-Session-Id, WWW-Authenticate, Retry-After, X-Request-Id",
  "Access-Control-Max-Age": "86400",
};

/** One CORS answer for all eras, for the one origin that asked and was allowed. */
function withCors(response: Response, origin: string | null): Response {
  const answer = ownResponse(response);
  // The libraries allow with this header, or not at all.
  if (answer.headers.has("access-control-allow-origin")) {
    for (const name of Array.from(answer.headers.keys())) {
      if (name.startsWith("access-control-")) answer.headers.delete(name);
    }
  }
  answer.headers.append("Vary", "Origin");
  if (origin === null) return answer;
  answer.headers.set("Access-Control-Allow-Origin", origin);
  for (const [name, value] of Object.entries(CORS)) answer.headers.set(name, value);
  return answer;
}

/** An MCP endpoint behind OAuth: page origins first, then the token, then the protocol. */
export function protectedResource(options: ProtectedResourceOptions): ProtectedResource {
  const { resource, origin } = options;
  const server = new OAuthResourceServer<Env>({
    resourceMetadata: {
      resource,
      authorization_servers: [origin],
      resource_name: "GitHub MCP Worker",
    },
    requiredScopes: BASELINE,
    validateToken: (env, request) => async (resource, token) => {
      const mayAsk = () => options.limits.address.admits(clientAddress(request));
      const caller = await verifyToken(options.waysIn, { token, env, mayAsk });
      return caller && { audience: resource, scope: caller.scopes, props: caller };
    },
    handler: {
      async fetch(request, env, ctx) {
        const caller = ctx.props;
        if (!isVerified(caller)) throw new TypeError("A request came through without a caller.");
        const person = identityKey(caller.identity);
        if (!(await options.limits.call.admits(person))) return tooManyRequests("calls");
        const refuse = (scopes: readonly string[]) => {
          log("info", "call.refused", { caller: person, grant: caller.grantId, missing: scopes });
          return insufficientScope(ctx.auth, [...scopes], "This needs more permissions.");
        };
        if (!BASELINE.every((scope) => ctx.auth.scope.includes(scope))) return refuse(BASELINE);
        const presented = { token: ctx.auth.token, env };
        const token = tokenLife(options.waysIn, presented, caller);
        return options.serve({ request, origin, token, ctx, caller, refuse });
      },
    },
  });

  /**
   * Counts refused tokens by address: whoever guesses, or cannot stop trying, is told to wait. The
   * challenge for a request without a token costs nothing, and always stays one.
   */
  async function afterRefusal(request: Request, challenge: Response): Promise<Response> {
    if (await options.limits.address.admits(clientAddress(request))) return challenge;
    await challenge.body?.cancel();
    return tooManyRequests("requests with a token that is not valid");
  }

  async function answer(...incoming: Parameters<ProtectedResource["fetch"]>): Promise<Response> {
    try {
      const response = await server.fetch(...incoming);
      // So the library answers when a token could not be looked up.
      return response.status === 503 && !response.body ? unavailable() : response;
    } catch (error) {
      logCrash("mcp.crashed", error);
      return serverFault(error);
    }
  }

  return {
    async fetch(request, env, ctx) {
      const pageOrigin = request.headers.get("origin");
      if (!isAllowedOrigin(pageOrigin, origin, options.allowedOrigins)) {
        log("info", "origin.refused", { origin: pageOrigin });
        return originNotAllowed();
      }
      const response = await answer(request, env, ctx);
      const isRefusal = response.status === 401 && request.headers.has("authorization");
      return withCors(isRefusal ? await afterRefusal(request, response) : response, pageOrigin);
    },
    metadata: (request, env, ctx) => server.fetch(request, env, ctx),
  };
}
