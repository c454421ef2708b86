import { checkResourceAllowed } from "@modelcontextprotocol/client";

import type { Outcome, Problem } from "./chart.ts";
import {
  type Fields,
  findDocument,
  isSafe,
  listIn,
  type MetadataDocument,
  textIn,
} from "./metadata-document.ts";
import type { Patient } from "./patient.ts";

const WELL_KNOWN = "/.well-known/oauth-protected-resource";

/** Where clients look, in their order (RFC 9728, section 3.1; MCP 2025-11-25, authorization). */
function candidates(url: URL, named: URL | undefined): URL[] {
  if (named) return [named];
  const path = url.pathname === "/" ? "" : url.pathname;
  return [...new Set([`${WELL_KNOWN}${path}`, WELL_KNOWN])].map((at) => new URL(at, url.origin));
}

function resourceProblems(fields: Fields, url: URL): Problem[] {
  const resource = textIn(fields, "resource");
  const advice = `Have the server name ${url.href} (RFC 9728, section 3.3).`;
  if (resource === undefined || !URL.canParse(resource))
    return [{ what: "resource is missing, or no address.", advice }];
  if (new URL(resource).hash) return [{ what: "resource has a fragment.", advice }];
  const fits = checkResourceAllowed({ requestedResource: url, configuredResource: resource });
  return fits ? [] : [{ what: `resource is ${resource}, which is not this address.`, advice }];
}

function serverProblems(servers: readonly string[]): Problem[] {
  if (servers.length === 0) {
    return [
      {
        what: "authorization_servers is missing or empty.",
        advice: "Have the server name who issues its tokens (MCP 2025-11-25, authorization).",
      },
    ];
  }
  return servers
    .filter((server) => !URL.canParse(server) || !isSafe(new URL(server)))
    .map((server) => ({
      what: `authorization_servers names ${server}, which is not https.`,
      advice: "Name an https address.",
    }));
}

function methodProblems(fields: Fields): Problem[] {
  const methods = listIn(fields, "bearer_methods_supported");
  if (!methods || methods.includes("header")) return [];
  return [
    {
      what: 'bearer_methods_supported lacks "header".',
      advice: "MCP sends tokens in the Authorization header alone.",
    },
  ];
}

const MISSING: Outcome<URL[]> = {
  says: "There is none.",
  problems: [
    {
      what: "The server says nowhere who issues its tokens.",
      advice: `Have it serve its metadata under ${WELL_KNOWN} (RFC 9728), or use --token-source env.`,
    },
  ],
  value: [],
};

function read({ at, fields }: MetadataDocument, url: URL): Outcome<URL[]> {
  const servers = listIn(fields, "authorization_servers") ?? [];
  return {
    says: `Found at ${at.href}.`,
    facts: {
      at: at.href,
      resource: textIn(fields, "resource"),
      authorizationServers: servers,
      scopes: listIn(fields, "scopes_supported"),
    },
    problems: [
      ...resourceProblems(fields, url),
      ...serverProblems(servers),
      ...methodProblems(fields),
    ],
    value: servers
      .filter((server) => URL.canParse(server) && isSafe(new URL(server)))
      .map((server) => new URL(server)),
  };
}

/** Who issues the server's tokens, as its metadata says (RFC 9728). */
export async function readResourceMetadata(
  { url, send }: Patient,
  named: URL | undefined,
): Promise<Outcome<URL[]>> {
  const document = await findDocument(candidates(url, named), send);
  return document ? read(document, url) : MISSING;
}
