import { Octokit } from "octokit";

import { toToolError, tooSlow } from "./errors.ts";
import { GITHUB_TIMEOUT_MS } from "./fetch.ts";
import type { GitHubServer } from "./server.ts";
import { authorizedFetch, type TokenSource } from "./token-source.ts";

export type GitHubClient = InstanceType<typeof Octokit>;

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * What every Octokit here is made with. Throttling and retry stay off: octokit's limiter shares
 * promises between instances, workerd cancels a request that waits on another request's promise, and
 * both plugins turn a clear fault into a long wait.
 */
export function octokitOptions({ api }: GitHubServer) {
  return {
    baseUrl: api,
    userAgent: "github-mcp-worker",
    throttle: { enabled: false },
    retry: { enabled: false },
    log: silent,
  };
}

/**
 * Builds the only kind of GitHub client that tools get: for one caller and one tool call, with
 * one deadline for all its requests. Its requests fail with `ToolError` only.
 */
export function githubClient(
  server: GitHubServer,
  tokens: TokenSource,
  timeoutMs = GITHUB_TIMEOUT_MS,
): GitHubClient {
  const signal = AbortSignal.timeout(timeoutMs);
  const client = new Octokit({
    ...octokitOptions(server),
    request: { fetch: authorizedFetch(tokens), signal, log: silent },
  });
  client.hook.wrap("request", async (request, options) => {
    try {
      const response = await request(options);
      // Octokit reads an aborted body as an empty one.
      if (signal.aborted) throw tooSlow();
      return response;
    } catch (error) {
      throw toToolError(error, server);
    }
  });
  return client;
}
