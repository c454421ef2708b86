import { refusalOf } from "../http/refusal.ts";
import type { Outcome, Problem } from "./chart.ts";
import type { FirstAnswer } from "./first-answer.ts";
import { frontDoorOf, wrongSource } from "./front-door.ts";
import type { Patient } from "./patient.ts";

/** How the server wants clients to come. */
export type Demand =
  | { readonly kind: "nothing" }
  | { readonly kind: "google" }
  | {
      readonly kind: "token";
      readonly metadataUrl: URL | undefined;
      readonly scope: string | undefined;
    };

function problemsOf(response: Response): Problem[] {
  const challenge = response.headers.get("www-authenticate");
  if (response.status === 403) {
    return [
      {
        what: "The server answers 403 to a request without a token.",
        advice: "It should answer 401 with a challenge, or the way to it is blocked.",
      },
    ];
  }
  if (challenge === null) {
    return [
      {
        what: "The refusal has no WWW-Authenticate header.",
        advice:
          'Have the server send one with resource_metadata="…" (RFC 9110, section 11.6.1; RFC 9728, section 5.1).',
      },
    ];
  }
  if (/\bbearer\b/i.test(challenge)) return [];
  return [
    {
      what: "The challenge is of another kind than Bearer.",
      advice: "MCP knows no other; use --header for what this server takes.",
    },
  ];
}

/** What the server's first answer asks of a client (RFC 6750, section 3; RFC 9728, section 5.1). */
export async function readChallenge(
  { url, options }: Patient,
  { response }: FirstAnswer,
): Promise<Outcome<Demand>> {
  const door = frontDoorOf(response, url);
  if (door) {
    const problems = wrongSource(door, options.tokenSource);
    return {
      says: `${door.name} stands in front and asks for an ID token of Google.`,
      facts: { door: door.name },
      problems,
      value: problems.length === 0 ? { kind: "google" } : undefined,
    };
  }
  const refusal = refusalOf(response, undefined);
  if (!refusal) return { says: "The server asks for no sign-in.", value: { kind: "nothing" } };
  const { resourceMetadataUrl: metadataUrl, scope } = refusal;
  return {
    says: metadataUrl
      ? `A token, described at ${metadataUrl.href}.`
      : "A token; where it is described is not said.",
    facts: { metadataUrl: metadataUrl?.href, scope },
    problems: problemsOf(response),
    value: { kind: "token", metadataUrl, scope },
  };
}
