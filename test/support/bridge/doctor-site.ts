import type { RequestListener } from "node:http";

import { type LoopbackSite, startSite } from "./loopback-site.ts";

type Fields = Record<string, unknown>;

export interface DoctorSiteOptions {
  /** Answers at /mcp; if absent, with 401 and a challenge that names the metadata. */
  readonly mcp?: RequestListener;
  /** What is other than usual in the document of RFC 9728; null for none. */
  readonly resource?: Fields | null;
  /** What is other than usual in the document of RFC 8414; null for none. */
  readonly server?: Fields | null;
}

/** A server with the two metadata documents as they should be, but for what a test wants wrong. */
export async function startDoctorSite(options: DoctorSiteOptions = {}): Promise<LoopbackSite> {
  const documents = () => ({
    "/.well-known/oauth-protected-resource/mcp": options.resource !== null && {
      resource: `${site.url}/mcp`,
      authorization_servers: [site.url],
      bearer_methods_supported: ["header"],
      ...options.resource,
    },
    "/.well-known/oauth-authorization-server": options.server !== null && {
      issuer: site.url,
      authorization_endpoint: `${site.url}/authorize`,
      token_endpoint: `${site.url}/token`,
      registration_endpoint: `${site.url}/register`,
      response_types_supported: ["code"],
      code_challenge_methods_supported: ["S256"],
      ...options.server,
    },
  });
  const challenge: RequestListener = (_request, response) => {
    const metadata = `${site.url}/.well-known/oauth-protected-resource/mcp`;
    const header = `Bearer resource_metadata="${metadata}", scope="mcp:tools"`;
    response.writeHead(401, { "www-authenticate": header }).end();
  };
  const site = await startSite((request, response) => {
    const { pathname } = new URL(request.url ?? "/", site.url);
    const document = Object.entries(documents()).find(([path]) => path === pathname)?.[1];
    if (pathname === "/mcp") (options.mcp ?? challenge)(request, response);
    else if (document)
      response.setHeader("content-type", "application/json").end(JSON.stringify(document));
    else response.writeHead(404).end();
  });
  return site;
}
