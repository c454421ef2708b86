/** Where one GitHub is: the site that people sign in on, and its REST API. */
export interface GitHubServer {
  /** Origin of the site, such as https://github.com. */
  readonly web: string;
  /** Base URL of the REST API, without a slash at the end. */
  readonly api: string;
  /** What people call it: github.com, or the enterprise host. */
  readonly host: string;
}

/**
 * github.com and ghe.com tenants have an API host of their own; GitHub Enterprise Server, and the
 * emulator that imitates one, serve it below /api/v3.
 */
export function githubServer(url: string): GitHubServer {
  const { origin: web, host, hostname, protocol } = new URL(url);
  const hasApiHost = hostname === "github.com" || hostname.endsWith(".ghe.com");
  return { web, host, api: hasApiHost ? `${protocol}//api.${host}` : `${web}/api/v3` };
}
