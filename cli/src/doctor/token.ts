import { BridgeError } from "../bridge-error.ts";
import { refusalOf } from "../http/refusal.ts";
import type { TokenFacts, TokenSource } from "../tokens/token-source.ts";
import type { Outcome } from "./chart.ts";
import type { FirstAnswer } from "./first-answer.ts";

function sentence({ source, account, audience, scopes, expiresAt }: TokenFacts): string {
  const parts = [
    `From ${source}`,
    account && `of ${account}`,
    audience && `for ${audience}`,
    scopes && scopes.length > 0 && `with ${scopes.join(" ")}`,
    expiresAt !== undefined && `until ${new Date(expiresAt).toISOString()}`,
  ];
  return `${parts.filter(Boolean).join(", ")}.`;
}

/** Gets a token, by a sign-in if there has to be one, and tells what is known of it: never the token. */
export async function obtainToken(
  source: TokenSource,
  { response }: FirstAnswer,
): Promise<Outcome<TokenSource>> {
  const refusal = refusalOf(response, undefined);
  if ((await source.token()) === undefined && refusal && source.concerns(refusal))
    await source.refused(refusal);
  const isThere = (await source.token()) !== undefined;
  const facts = await source.describe();
  if (isThere && facts) return { says: sentence(facts), facts: { ...facts }, value: source };
  if (!refusal) return { says: "None, and the server asks for none.", value: source };
  throw new BridgeError("There is no token, and the server asks for one.", {
    advice: source.advice(refusal),
  });
}
