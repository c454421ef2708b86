import { buildDiscoveryUrls } from "@modelcontextprotocol/client";

import { BridgeError } from "../bridge-error.ts";
import type { Outcome, Problem } from "./chart.ts";
import {
  endpointProblems,
  type Fields,
  findDocument,
  listIn,
  textIn,
} from "./metadata-document.ts";
import type { Patient } from "./patient.ts";

function issuerProblems(fields: Fields, issuer: URL): Problem[] {
  const named = textIn(fields, "issuer");
  // An origin may be written with a slash at its end, and without.
  const isSame = named === issuer.href || `${named}/` === issuer.href;
  if (isSame) return [];
  return [
    {
      what: `issuer is ${named ?? "missing"}, where ${issuer.href} was asked.`,
      advice: "Clients break off here: both must be the same (RFC 8414, section 3.3).",
    },
  ];
}

/** A list that has to hold a value, or to be there at all. */
function listProblems(fields: Fields, name: string, value: string): Problem[] {
  const list = listIn(fields, name);
  if (list?.includes(value)) return [];
  return [
    { what: `${name} ${list ? `lacks "${value}"` : "is missing"}.`, advice: `Add "${value}".` },
  ];
}

/** Absent, it stands for what RFC 8414, section 2, says: authorization_code among others. */
function grantProblems(fields: Fields): Problem[] {
  return fields["grant_types_supported"] === undefined
    ? []
    : listProblems(fields, "grant_types_supported", "authorization_code");
}

function problemsOf(fields: Fields, issuer: URL): Problem[] {
  return [
    ...issuerProblems(fields, issuer),
    ...endpointProblems(fields, "authorization_endpoint", { needed: true }),
    ...endpointProblems(fields, "token_endpoint", { needed: true }),
    ...endpointProblems(fields, "registration_endpoint", { needed: false }),
    ...endpointProblems(fields, "revocation_endpoint", { needed: false }),
    ...listProblems(fields, "response_types_supported", "code"),
    ...listProblems(fields, "code_challenge_methods_supported", "S256"),
    ...grantProblems(fields),
  ];
}

/** What the authorization server says of itself (RFC 8414; OpenID Connect Discovery). */
export async function readServerMetadata({ send }: Patient, issuer: URL): Promise<Outcome<Fields>> {
  const candidates = buildDiscoveryUrls(issuer).map(({ url }) => url);
  const document = await findDocument(candidates, send);
  if (!document) {
    throw new BridgeError(`The authorization server ${issuer.href} has no metadata.`, {
      advice: `Have it serve them at ${candidates[0]?.href ?? issuer.href} (RFC 8414).`,
    });
  }
  const { at, fields } = document;
  return {
    says: `Found at ${at.href}.`,
    facts: { at: at.href, issuer: textIn(fields, "issuer") },
    problems: problemsOf(fields, issuer),
    value: fields,
  };
}
