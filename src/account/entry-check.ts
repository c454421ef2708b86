import { admissionOf, mayEnter } from "../auth/access-policy.ts";
import type { Person } from "../auth/identity.ts";
import { sealer } from "../auth/seal.ts";
import type { Config } from "../config.ts";
import { githubClient } from "../github/client.ts";
import { GITHUB_TIMEOUT_MS } from "../github/fetch.ts";
import { githubServer } from "../github/server.ts";
import { onlyToken } from "../github/token-source.ts";
import { describeError, log } from "../log.ts";
import { SharedWork } from "./shared-work.ts";
import type { SharedToken, TokenAnswer } from "./upstream-tokens.ts";

export type RenewalAnswer =
  | TokenAnswer
  /** The person may use this server no longer. */
  | { readonly status: "refused" }
  /** It takes GitHub's word to know, and GitHub gives none. */
  | { readonly status: "undecided" };

/** A token of the time before this server asked for memberships; a GitHub App's names no scopes. */
function mayAskForMemberships({ tokenSet }: SharedToken): boolean {
  return tokenSet === "" || /(?:^| )(?:read|write|admin):org(?: |$)/.test(tokenSet);
}

/** Whether one person may still use this server: asked anew when one of their clients refreshes. */
export class EntryCheck {
  readonly #config: Config;
  readonly #owner: string;
  readonly #work = new SharedWork<boolean>();

  constructor(config: Config, owner: string) {
    this.#config = config;
    this.#owner = owner;
  }

  /** Adds to what is known of the person's token whether they may enter. Never trusts silence. */
  async answer(identity: Person, renewed: () => Promise<TokenAnswer>): Promise<RenewalAnswer> {
    const admission = admissionOf(this.#config, identity);
    if (admission === "refused") return { status: "refused" };
    // The client waits for all of it: GitHub's check of the token, and its word on memberships.
    const endsAt = Date.now() + GITHUB_TIMEOUT_MS;
    const answer = await renewed();
    if (admission === "admitted" || answer.status === "signed_out") return answer;
    if (answer.status === "unavailable") return { status: "undecided" };
    if (!mayAskForMemberships(answer.token)) return { status: "signed_out" };
    try {
      return (await this.#isMember(identity, answer.token, endsAt))
        ? answer
        : { status: "refused" };
    } catch (error) {
      log("warn", "entry.not_checked", { caller: this.#owner, error: describeError(error) });
      return { status: "undecided" };
    }
  }

  /** Asks once for all clients that refresh at the same moment. */
  #isMember(identity: Person, { tokenSet, sealed }: SharedToken, endsAt: number) {
    const { github, serverSecrets } = this.#config;
    return this.#work.once(tokenSet, async () => {
      const token = await sealer(serverSecrets).open(sealed, this.#owner);
      const timeLeft = Math.max(0, endsAt - Date.now());
      const client = githubClient(githubServer(github.url), onlyToken(token), timeLeft);
      return mayEnter(this.#config, identity, client);
    });
  }
}
