import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import * as tls from "node:tls";

import { trustedAuthorities } from "../http/trusted-authorities.ts";
import type { Outcome, Problem } from "./chart.ts";
import { PATIENCE_MS, type Patient } from "./patient.ts";

const UNKNOWN_AUTHORITY: Problem = {
  what: "The certificate is of an authority that this machine does not know.",
  advice: "Name the authority's certificate in --ca, or have the server send its whole chain.",
};

const SELF_SIGNED: Problem = {
  what: "The certificate is signed by itself.",
  advice: "If it is yours, name it in --ca; else somebody may be in between.",
};

/** OpenSSL's verdicts, and Node's on names. */
const PROBLEMS: Readonly<Record<string, Problem>> = {
  CERT_HAS_EXPIRED: {
    what: "The certificate has expired.",
    advice: "Renew the server's certificate, or set this machine's clock.",
  },
  CERT_NOT_YET_VALID: {
    what: "The certificate is not valid yet.",
    advice: "Set this machine's clock, or the server's.",
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: SELF_SIGNED,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  ERR_TLS_CERT_ALTNAME_INVALID: {
    what: "The certificate is for another name.",
    advice: "Check the name in --url, or have the server's certificate made out to it.",
  },
};

/** All that Node trusts by itself, and the file that --ca names. */
async function trusted(file: string | undefined): Promise<string[] | undefined> {
  if (file === undefined) return undefined;
  const usual = trustedAuthorities();
  return [...usual, await readFile(file, "utf8")];
}

function problemsOf({ authorized, authorizationError }: tls.TLSSocket): Problem[] {
  if (authorized) return [];
  const code = String(authorizationError);
  return [PROBLEMS[code] ?? { what: "The certificate is not valid.", advice: `Look up ${code}.` }];
}

function factsOf(socket: tls.TLSSocket) {
  const { issuer, valid_to: validTo } = socket.getPeerCertificate();
  const by = issuer?.O ?? issuer?.CN;
  return {
    protocol: socket.getProtocol() ?? "unknown",
    issuer: Array.isArray(by) ? by.join(" ") : (by ?? "unknown"),
    validUntil: validTo ? new Date(validTo).toISOString() : "unknown",
  };
}

/** Whom the server's certificate is from, and whether it holds. */
export async function checkCertificate({ url, options }: Patient): Promise<Outcome<true>> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const ca = await trusted(options.ca);
  const socket = tls.connect({
    host,
    port: Number(url.port || 443),
    ...(isIP(host) === 0 && { servername: host }),
    ...(ca && { ca }),
    // Looked at, and nothing is sent.
    rejectUnauthorized: false,
  });
  try {
    await once(socket, "secureConnect", { signal: AbortSignal.timeout(PATIENCE_MS) });
    const facts = factsOf(socket);
    const says = `${facts.protocol}, issued by ${facts.issuer}, valid until ${facts.validUntil}.`;
    const problems = problemsOf(socket);
    return { says, facts, problems, value: problems.length === 0 ? true : undefined };
  } finally {
    socket.destroy();
  }
}
