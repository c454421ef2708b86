import type { ConnectionOptions } from "../options.ts";
import type { Outcome, Problem } from "./chart.ts";
import { type Fields, textIn } from "./metadata-document.ts";

const BY_DOCUMENT = "client metadata documents";

function problemsOf(ways: readonly string[], clientMetadataUrl: string | undefined): Problem[] {
  if (ways.length === 0) {
    return [
      {
        what: "There is no way to register a client.",
        advice: "Register one by hand, and give it with --client-id.",
      },
    ];
  }
  if (clientMetadataUrl === undefined || ways.includes(BY_DOCUMENT)) return [];
  return [
    {
      what: "The server reads no client metadata documents.",
      advice: "Leave out --client-metadata-url, or give --client-id.",
    },
  ];
}

/** How clients make themselves known here, in the order in which MCP 2025-11-25 has them tried. */
export async function findRegistration(
  fields: Fields,
  { clientId, clientMetadataUrl }: ConnectionOptions,
): Promise<Outcome<true>> {
  const ways = [
    ...(fields["client_id_metadata_document_supported"] === true ? [BY_DOCUMENT] : []),
    ...(textIn(fields, "registration_endpoint") === undefined ? [] : ["dynamic registration"]),
  ];
  const isGiven = clientId !== undefined;
  const problems = isGiven ? [] : problemsOf(ways, clientMetadataUrl);
  const given = isGiven ? " The client that --client-id names is used." : "";
  return {
    says: `The server takes ${ways.length > 0 ? ways.join(" and ") : "no newcomers"}.${given}`,
    facts: { ways, ...(isGiven && { clientId }) },
    problems,
    value: problems.length === 0 ? true : undefined,
  };
}
